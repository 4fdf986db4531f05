//! Which letters there are. A letter in the outbox is its kind and ids; it is rendered when it
//! is sent, in the recipient's language.

use crate::stored_enum;

stored_enum! {
    pub enum Letter {
        // To guests.
        Confirmation = "confirmation",
        Change = "change",
        Cancellation = "cancellation",
        Reminder = "reminder",
        Thanks = "thanks",
        /// The manage link, asked for again.
        ManageLink = "manage_link",
        /// Payload of both: `{"waitlist_id": …}`.
        WaitlistJoined = "waitlist_joined",
        WaitlistOffer = "waitlist_offer",
        /// The departure that was waited for is off. Payload: `{"waitlist_id": …, "text": …}`.
        WaitlistCancelled = "waitlist_cancelled",
        /// Payload of the enquiry's letters: `{"enquiry_id": …}`.
        EnquiryReceived = "enquiry_received",
        EnquiryOffer = "enquiry_offer",
        EnquiryDeclined = "enquiry_declined",
        /// The departure of an open offer is off. Payload: `{"enquiry_id": …, "text": …}`.
        EnquiryOff = "enquiry_off",
        /// Come to a sister workshop? Payload: `{"overflow_id": …}`.
        OverflowOffer = "overflow_offer",
        /// The host's words to the guests of a slot. Payload: `{"text": …}`.
        HostMessage = "host_message",
        /// One session of a course was moved or cancelled.
        /// Payload: `{"event": "moved" | "cancelled", "session": …, "from": …, "reason": …}`.
        SessionChange = "session_change",
        /// A participant was certified. Payload: `{"certificate_id": …}`.
        Certificate = "certificate",
        /// A slot below its minimum: the guest may move, cancel or wait.
        BelowMinimum = "below_minimum",
        /// A bad day: the guest chooses another departure or the money. Payload of both:
        /// `{"case_id": …}`.
        Disruption = "disruption",
        /// The day turned out well: the visit takes place after all.
        DisruptionOver = "disruption_over",
        /// Of a pass, with the whole itinerary. Payload of the three: `{"pass_booking_id": …}`.
        PassConfirmation = "pass_confirmation",
        PassChanged = "pass_changed",
        PassCancelled = "pass_cancelled",
        /// What is to be paid beforehand, how and by when; then again before it is due.
        PaymentRequest = "payment_request",
        PaymentReminder = "payment_reminder",
        /// The time to pay ran out; the seats were given back.
        PaymentExpired = "payment_expired",
        /// A receipt, and money back. Payload of both: `{"move_id": …}`.
        PaymentReceived = "payment_received",
        RefundMade = "refund_made",
        /// A gift card is to be paid: how, and by when. Payload of the first three: `{"card_id": …}`.
        GiftCardRequest = "gift_card_request",
        /// To its buyer, with the card.
        GiftCardReceipt = "gift_card_receipt",
        /// To whoever gets the card, bought or given.
        GiftCard = "gift_card",
        /// Something was used of it, or came back.
        /// Payload: `{"card_id": …, "move_id": …, "left": …}`.
        GiftCardUsed = "gift_card_used",
        /// Of what is made to order, to its customer. Payload of both: `{"commission_id": …, "news": …,
        /// "entry_id": …, "amount": …}` (see [`crate::commission::News`]).
        Commission = "commission",
        /// What the party made is registered. Payload of the six: `{"party_id": …, "pieces":
        /// [[what, id], …], "fired": …}` (see [`crate::craft::PieceNews`]).
        PieceRegistered = "piece_registered",
        /// Out of the kiln, whole.
        PieceFired = "piece_fired",
        /// Cracked or lost: the guest chooses what follows.
        PieceCracked = "piece_cracked",
        PieceReady = "piece_ready",
        PiecePosted = "piece_posted",
        /// A promise could not be kept; the new day.
        PieceLate = "piece_late",
        /// What the office decided of a guest's review. Payload: `{"review_id": …, "event": "hidden" |
        /// "stays" | "shown"}`.
        ReviewDecided = "review_decided",
        /// The link to what is held under an address. Payload: `{"token": …}`, forgotten once the
        /// letter is sent.
        MyData = "my_data",
        /// An application for a placement or a study has arrived. Payload of the three: `{"applicant_id": …,
        /// "state": …}`.
        ApplicationReceived = "application_received",
        /// The workshop invites, accepts or declines.
        ApplicationAnswered = "application_answered",
        /// Of an order of the shop. Payload: `{"order_id": …, "event": …}` (see
        /// [`crate::shop::OrderEvent`]).
        OrderNews = "order_news",
        // To hosts.
        HostNew = "host_new",
        HostChange = "host_change",
        HostCancellation = "host_cancellation",
        /// Payload: `{"date": "2026-12-01"}`.
        HostTomorrow = "host_tomorrow",
        /// Payload: `{"enquiry_id": …, "event": "asked" | "withdrawn" | "lapsed"}`.
        HostEnquiry = "host_enquiry",
        /// To either workshop. Payload: `{"overflow_id": …, "event": "kept" | "accepted" |
        /// "declined" | "lapsed" | "withdrawn" | "gone"}`.
        HostOverflow = "host_overflow",
        HostCommission = "host_commission",
        /// Guests of cracked pieces have not chosen. Payload: `{"pieces": […]}`.
        HostPieceChoice = "host_piece_choice",
        /// An order came, was called off or is given back. Payload as of `OrderNews`.
        HostOrder = "host_order",
        /// A guest wrote a review. Payload: `{"review_id": …}`.
        HostReview = "host_review",
        /// A slot below its minimum at its deadline: run it or not? Payload: `{"slot_id": …}`.
        HostBelowMinimum = "host_below_minimum",
        /// Payload: `{"token": …}`, forgotten once the letter is sent.
        SignIn = "sign_in",
        /// Asks a person to a workshop's team. Payload: `{"token": …, "role": …}`.
        Invitation = "invitation",
        /// Asks a workshop to a co-op. Payload of both: `{"member_id": …, "event": …}`.
        CoopInvitation = "coop_invitation",
        /// A workshop joined, declined, left or was parted from.
        CoopNews = "coop_news",
        /// Asks a workshop to be a stop of a pass. Payload: `{"pass_id": …}`.
        PassAsked = "pass_asked",
        /// An event concerns the workshop. Payload: `{"event_id": …, "event": "published" |
        /// "changed" | "withdrawn"}`.
        EventNews = "event_news",
        /// A calendar of others can't be read any more. Payload: `{"calendar_id": …}`.
        CalendarStale = "calendar_stale",
        /// A system could not be told for days; also to travel companies. Payload:
        /// `{"webhook_id": …}`.
        WebhookFailing = "webhook_failing",
        /// The office verified, refused or withdrew a credential. Payload: `{"credential_id": …,
        /// "state": …}`.
        CredentialDecided = "credential_decided",
        /// One ends soon. Payload: `{"credential_id": …, "until": …}`.
        CredentialExpiring = "credential_expiring",
        /// Somebody applied, or wants it no longer.
        HostApplication = "host_application",
        /// A partner agreed, declined or parted. Payload: `{"partner_id": …, "state": …}`.
        HostPartner = "host_partner",
        // To schools, designers and institutes.
        /// A house names one as its partner: does it agree? Payload: `{"partner_id": …}`.
        PartnerAsked = "partner_asked",
        // To travel companies.
        /// A workshop agreed a contract. Payload: `{"contract_id": …}`.
        ResellerInvited = "reseller_invited",
        // To guides.
        /// Payload: `{"guide_id": …, "slot_id": …, "event": "assigned" | "moved" | "off", "from": …}`.
        GuideNews = "guide_news",
    }
}

impl Letter {
    /// What the guest of a pass gets where the guest of a single visit would get this.
    pub const fn of_pass(self) -> Option<Letter> {
        match self {
            Letter::Confirmation => Some(Letter::PassConfirmation),
            Letter::Change => Some(Letter::PassChanged),
            Letter::Cancellation => Some(Letter::PassCancelled),
            _ => None,
        }
    }
}

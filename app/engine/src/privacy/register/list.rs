//! The lists themselves.

use super::Ends::{InTime, WhenAsked};
use super::Fate::{Blank, ByVerb, EmptyMap, Kept, Null, Row, Unnamed};
use super::Kind::{Bool, Date, Instant, Json, Number, Text};
use super::Reason::{Books, Expires, Impersonal, InUse, Law, Published};
use super::Root::{
    Address, Applicant, Booking, Bought, Commission, Enquiry, Ordered, Pass, Received, Waiting,
};
use super::{Column, Ends, Fate, Kind, Of, Reason, Root, Table, Who};

/// A column that its guest gets in the download.
const fn own(name: &'static str, kind: Kind, fate: Fate) -> Column {
    Column { name, kind, fate, exported: true }
}

/// A column that tells of the same, but is no data of the guest's own.
const fn inner(name: &'static str, fate: Fate) -> Column {
    Column { name, kind: Text, fate, exported: false }
}

const fn guests(
    name: &'static str,
    (root, key, rows): (Root, &'static str, &'static str),
    ends: Ends,
    columns: &'static [Column],
) -> Table {
    Table { name, of: Of::Guests { root, key, rows, ends }, columns, also: None }
}

const fn others(name: &'static str, who: Who, columns: &'static [Column]) -> Table {
    Table { name, of: Of::Others(who), columns, also: None }
}

const fn kept(name: &'static str, reason: Reason) -> Column {
    Column { name, kind: Text, fate: Kept(reason), exported: false }
}

pub const TABLES: &[Table] = &[
    // Shown with their consent, by their workshop, which takes them off when they ask.
    others(
        "artisan",
        Who::Workshops,
        &[
            kept("name", Published),
            kept("title", Published),
            kept("born_year", Published),
            kept("since_year", Published),
            kept("learned_from", Published),
            kept("words", Published),
            kept("quote", Published),
        ],
    ),
    Table {
        // Whoever is forgotten by time while the question is open asks no longer.
        also: Some(
            "state = CASE WHEN state IN ('new', 'invited') THEN 'withdrawn' ELSE state END, \
             version = version + 1",
        ),
        ..guests(
            "applicant",
            (Applicant, "id", "id IN ({})"),
            InTime,
            &[
                own("kind", Text, Kept(Impersonal)),
                own("state", Text, Kept(Impersonal)),
                own("locale", Text, Kept(Impersonal)),
                own("name", Text, Unnamed),
                own("email", Text, Blank),
                own("organisation", Text, Blank),
                own("topic", Text, Blank),
                own("words", Text, Blank),
                own("reply", Text, Blank),
                own("privacy_version", Text, Kept(Impersonal)),
                own("created_at", Instant, Kept(Impersonal)),
            ],
        )
    },
    guests(
        "applicant_day",
        (Applicant, "id", "applicant_id IN ({})"),
        InTime,
        &[own("on_date", Date, Kept(Impersonal)), own("minutes", Number, Kept(Impersonal))],
    ),
    // Emptied by the codes of what it tells of; its lines go by time.
    others("audit", Who::Staff, &[inner("detail", ByVerb)]),
    others("bank_account", Who::Workshops, &[kept("number", InUse), kept("holder", InUse)]),
    guests(
        "booking",
        (Booking, "id", "id IN ({})"),
        InTime,
        &[
            own("code", Text, Kept(Books)),
            own("state", Text, Kept(Books)),
            own("locale", Text, Kept(Impersonal)),
            own("name", Text, Unnamed),
            own("email", Text, Blank),
            own("phone", Text, Blank),
            own("notes", Text, Blank),
            own("host_notes", Text, Blank),
            own("end_reason", Text, Blank),
            own("answers", Json, EmptyMap),
            own("people", Number, Kept(Books)),
            own("total", Number, Kept(Books)),
            own("country", Text, Kept(Impersonal)),
            own("phone_country", Text, Kept(Impersonal)),
            own("waiver_at", Instant, Kept(Impersonal)),
            own("confirmed_at", Instant, Kept(Books)),
            own("checked_in_at", Instant, Kept(Books)),
            own("created_at", Instant, Kept(Books)),
        ],
    ),
    others("busy_calendar", Who::Calendars, &[kept("name", InUse), kept("url", InUse)]),
    others("busy_span", Who::Calendars, &[kept("summary", Expires)]),
    guests(
        "certificate",
        (Booking, "id", "booking_id IN ({})"),
        WhenAsked,
        &[
            own("code", Text, Kept(Impersonal)),
            own("name", Text, Unnamed),
            own("born", Number, Null),
            own("course", Text, Kept(Impersonal)),
            own("issued_on", Date, Kept(Impersonal)),
            kept("issued_by", InUse),
        ],
    ),
    guests(
        "commission",
        (Commission, "id", "id IN ({})"),
        InTime,
        &[
            own("code", Text, Kept(Books)),
            own("state", Text, Kept(Books)),
            own("locale", Text, Kept(Impersonal)),
            own("name", Text, Unnamed),
            own("email", Text, Blank),
            own("phone", Text, Blank),
            own("what", Text, Blank),
            own("size", Text, Blank),
            own("colours", Text, Blank),
            own("pieces", Number, Kept(Impersonal)),
            own("wished_on", Date, Kept(Impersonal)),
            own("budget", Number, Kept(Impersonal)),
            own("details", Text, Blank),
            own("reason", Text, Blank),
            own("refund_bank", Text, Blank),
            own("refund_number", Text, Blank),
            own("refund_holder", Text, Blank),
            own("created_at", Instant, Kept(Books)),
        ],
    ),
    guests(
        "commission_entry",
        (Commission, "id", "commission_id IN ({})"),
        InTime,
        &[
            own("mark", Text, Kept(Impersonal)),
            own("side", Text, Kept(Impersonal)),
            own("words", Text, Blank),
            own("amount", Number, Kept(Books)),
            own("at", Instant, Kept(Impersonal)),
        ],
    ),
    guests(
        "commission_move",
        (Commission, "id", "commission_id IN ({})"),
        InTime,
        &[
            own("kind", Text, Kept(Books)),
            own("amount", Number, Kept(Books)),
            own("method", Text, Kept(Books)),
            own("on_date", Date, Kept(Books)),
            own("note", Text, Blank),
        ],
    ),
    // The pictures; what is left of them is that there were some.
    guests(
        "commission_photo_file",
        (
            Commission,
            "photo_id",
            "photo_id IN (SELECT id FROM commission_photo WHERE commission_id IN ({}))",
        ),
        InTime,
        &[inner("content", Row)],
    ),
    others(
        "coop",
        Who::Workshops,
        &[kept("name", Published), kept("phone", Published), kept("email", Published)],
    ),
    others("course_session", Who::HostsWords, &[kept("reason", InUse)]),
    others("credential_paper", Who::Workshops, &[kept("name", InUse)]),
    guests("data_link", (Address, "token_hash", "email = {}"), InTime, &[inner("email", Row)]),
    others(
        "design",
        Who::Companies,
        &[kept("designer", Published), kept("licence_words", Published)],
    ),
    others("disruption", Who::HostsWords, &[kept("words", InUse)]),
    guests(
        "enquiry",
        (Enquiry, "id", "id IN ({})"),
        InTime,
        &[
            own("state", Text, Kept(Impersonal)),
            own("locale", Text, Kept(Impersonal)),
            own("name", Text, Unnamed),
            own("email", Text, Blank),
            own("phone", Text, Blank),
            own("organisation", Text, Blank),
            own("people", Number, Kept(Impersonal)),
            own("wished_date", Date, Kept(Impersonal)),
            own("message", Text, Blank),
            own("reply", Text, Blank),
            own("created_at", Instant, Kept(Impersonal)),
        ],
    ),
    guests(
        "gift_card",
        (Bought, "id", "id IN ({})"),
        InTime,
        &[
            own("buyer_name", Text, Unnamed),
            own("buyer_email", Text, Blank),
            own("words", Text, Blank),
            own("value", Number, Kept(Books)),
            own("remaining", Number, Kept(Books)),
            own("valid_until", Date, Kept(Books)),
            own("note", Text, Blank),
            own("created_at", Instant, Kept(Books)),
        ],
    ),
    guests(
        "gift_card",
        (Received, "id", "id IN ({})"),
        InTime,
        &[
            own("recipient_name", Text, Unnamed),
            own("recipient_email", Text, Blank),
            own("words", Text, Blank),
            // Of a voucher what happened.
            own("reason", Text, Blank),
            own("value", Number, Kept(Books)),
            own("valid_until", Date, Kept(Books)),
        ],
    ),
    guests(
        "gift_card_move",
        (Bought, "id", "card_id IN ({})"),
        InTime,
        &[
            own("kind", Text, Kept(Books)),
            own("amount", Number, Kept(Books)),
            own("on_date", Date, Kept(Books)),
            own("note", Text, Blank),
        ],
    ),
    // What a workshop tells of itself, with who entered it.
    others(
        "green_entry",
        Who::HostsWords,
        &[kept("practice", Published), kept("source", Published), kept("entered_by", InUse)],
    ),
    guests(
        "guest",
        (Booking, "id", "booking_id IN ({})"),
        InTime,
        &[
            own("name", Text, Unnamed),
            own("answers", Json, EmptyMap),
            own("born", Number, Null),
            own("waiver_at", Instant, Kept(Impersonal)),
            own("by_companion", Bool, Kept(Impersonal)),
        ],
    ),
    others(
        "guide",
        Who::Guides,
        &[kept("languages", InUse), kept("phone", InUse), kept("email", InUse)],
    ),
    others("firing", Who::HostsWords, &[kept("note", InUse)]),
    others("guide_leave", Who::Guides, &[kept("note", InUse)]),
    // Kept for the time that the books are, whoever asks.
    guests(
        "invoice_wish",
        (Booking, "booking_id", "booking_id IN ({})"),
        WhenAsked,
        &[
            own("company", Text, Kept(Law)),
            own("tax_code", Text, Kept(Law)),
            own("address", Text, Kept(Law)),
        ],
    ),
    others("ledger_entry", Who::HostsWords, &[kept("reason", Books)]),
    // Workshops, funds, guides, travel companies; guests are one party without a name.
    others("ledger_party", Who::Companies, &[kept("name", Books)]),
    Table {
        also: Some("state = CASE WHEN state = 'sent' THEN 'sent' ELSE 'superseded' END"),
        ..guests(
            "outbox",
            (Address, "id", "LOWER(recipient) = {}"),
            WhenAsked,
            &[
                own("kind", Text, Kept(Impersonal)),
                own("recipient", Text, Blank),
                own("recipient_name", Text, Blank),
                own("created_at", Instant, Kept(Impersonal)),
                own("sent_at", Instant, Kept(Impersonal)),
                inner("payload", EmptyMap),
                inner("last_error", Blank),
            ],
        )
    },
    others("overflow", Who::HostsWords, &[kept("words", InUse)]),
    // Its address is forgotten 90 days after it arrived, whoever asks.
    guests("parcel", (Booking, "id", PARCELS), InTime, PARCEL),
    guests("parcel", (Commission, "id", COMMISSIONED), InTime, PARCEL),
    guests("parcel", (Ordered, "id", POSTED), InTime, PARCEL),
    // Its contact goes when the two part.
    others(
        "partner",
        Who::Companies,
        &[kept("name", Published), kept("contact", InUse), kept("email", InUse)],
    ),
    guests(
        "pass_booking",
        (Pass, "id", "id IN ({})"),
        InTime,
        &[
            own("code", Text, Kept(Books)),
            own("locale", Text, Kept(Impersonal)),
            own("name", Text, Unnamed),
            own("email", Text, Blank),
            own("created_at", Instant, Kept(Books)),
        ],
    ),
    guests(
        "payment_move",
        (Booking, "id", "booking_id IN ({})"),
        InTime,
        &[
            own("kind", Text, Kept(Books)),
            own("amount", Number, Kept(Books)),
            own("method", Text, Kept(Books)),
            own("on_date", Date, Kept(Books)),
            own("note", Text, Blank),
        ],
    ),
    others(
        "person",
        Who::Staff,
        &[kept("email", InUse), kept("name", InUse), kept("password_hash", InUse)],
    ),
    guests(
        "piece",
        (Booking, "id", "party_id IN (SELECT id FROM piece_party WHERE booking_id IN ({}))"),
        InTime,
        &[
            own("label", Text, Kept(Impersonal)),
            own("name", Text, Blank),
            own("state", Text, Kept(Impersonal)),
            own("promised_on", Date, Kept(Impersonal)),
            own("created_at", Instant, Kept(Impersonal)),
        ],
    ),
    guests("piece_step", (Booking, "id", PIECE_STEPS), InTime, &[inner("note", Blank)]),
    // Makers agreed to be named; erasing leaves the chain whole.
    others("provenance_name", Who::Workshops, &[kept("name", Published)]),
    guests(
        "refund_account",
        (Booking, "booking_id", "booking_id IN ({})"),
        InTime,
        &[own("bank", Text, Row), own("number", Text, Row), own("holder", Text, Row)],
    ),
    guests(
        "resale",
        (Booking, "booking_id", "booking_id IN ({})"),
        InTime,
        &[
            own("reference", Text, Kept(Books)),
            own("contact", Json, ByVerb),
            own("items", Json, ByVerb),
        ],
    ),
    others(
        "reseller",
        Who::Companies,
        &[kept("name", InUse), kept("email", InUse), kept("phone", InUse), kept("tax_code", InUse)],
    ),
    others("reseller_payment", Who::Companies, &[kept("note", Books)]),
    others("resource", Who::Guides, &[kept("name", InUse), kept("note", InUse)]),
    others("resource_use", Who::HostsWords, &[kept("note", InUse)]),
    guests(
        "review",
        (Booking, "id", "booking_id IN ({})"),
        WhenAsked,
        &[
            own("state", Text, ByVerb),
            own("stars", Number, Kept(Impersonal)),
            own("language", Text, Kept(Impersonal)),
            own("words", Text, Blank),
            own("name", Text, Blank),
            own("reply", Text, Blank),
            own("created_at", Instant, Kept(Impersonal)),
        ],
    ),
    guests(
        "review_report",
        (Booking, "id", "review_id IN (SELECT id FROM review WHERE booking_id IN ({}))"),
        WhenAsked,
        &[own("kind", Text, Kept(Impersonal)), own("words", Text, Blank)],
    ),
    guests(
        "school_group",
        (Booking, "booking_id", "booking_id IN ({})"),
        InTime,
        &[own("organisation", Text, Blank), own("teacher", Text, Blank)],
    ),
    others("schedule_rule", Who::Guides, &[kept("guide", InUse)]),
    others("session", Who::Staff, &[kept("user_agent", Expires)]),
    guests(
        "shop_move",
        (Ordered, "id", "order_id IN ({})"),
        InTime,
        &[
            own("kind", Text, Kept(Books)),
            own("amount", Number, Kept(Books)),
            own("method", Text, Kept(Books)),
            own("on_date", Date, Kept(Books)),
            own("note", Text, Blank),
        ],
    ),
    guests(
        "shop_order",
        (Ordered, "id", "id IN ({})"),
        InTime,
        &[
            own("code", Text, Kept(Books)),
            own("state", Text, Kept(Books)),
            own("name", Text, Unnamed),
            own("email", Text, Blank),
            own("phone", Text, Blank),
            own("note", Text, Blank),
            own("reason", Text, Blank),
            own("reply", Text, Blank),
            own("goods", Number, Kept(Books)),
            own("postage", Number, Kept(Books)),
            own("refund_bank", Text, Blank),
            own("refund_number", Text, Blank),
            own("refund_holder", Text, Blank),
            own("created_at", Instant, Kept(Books)),
        ],
    ),
    others("slot", Who::Guides, &[kept("guide", InUse), kept("note", InUse)]),
    guests("transfer", (Booking, "id", "booking_id IN ({})"), InTime, TRANSFER),
    guests("transfer", (Bought, "id", "card_id IN ({})"), InTime, TRANSFER),
    guests("transfer", (Commission, "id", "commission_id IN ({})"), InTime, TRANSFER),
    guests("transfer", (Ordered, "id", "order_id IN ({})"), InTime, TRANSFER),
    others("visit_entered", Who::Guides, &[kept("guide", Books)]),
    guests(
        "waitlist",
        (Waiting, "id", "id IN ({})"),
        InTime,
        &[
            own("state", Text, Kept(Impersonal)),
            own("locale", Text, Kept(Impersonal)),
            own("name", Text, Unnamed),
            own("email", Text, Blank),
            own("phone", Text, Blank),
            own("created_at", Instant, Kept(Impersonal)),
        ],
    ),
    others(
        "workshop",
        Who::Workshops,
        &[
            kept("name", Published),
            kept("address", Published),
            kept("phone", Published),
            kept("email", Published),
            kept("legal_name", Published),
            kept("tax_code", Published),
        ],
    ),
];

const PARCELS: &str = "id IN (SELECT piece.parcel_id FROM piece \
    JOIN piece_party ON piece_party.id = piece.party_id WHERE piece_party.booking_id IN ({}))";

const POSTED: &str = "id IN (SELECT parcel_id FROM shop_order WHERE shop_order.id IN ({}))";
const COMMISSIONED: &str = "id IN (SELECT parcel_id FROM commission WHERE id IN ({}))";

const PARCEL: &[Column] = &[
    own("what", Text, Kept(Impersonal)),
    own("recipient", Text, Unnamed),
    own("phone", Text, Blank),
    own("address", Text, Blank),
    own("cost", Number, Kept(Books)),
    own("state", Text, Kept(Impersonal)),
    own("tracking", Text, Blank),
    own("created_at", Instant, Kept(Impersonal)),
];

const PIECE_STEPS: &str = "piece_id IN (SELECT piece.id FROM piece \
    JOIN piece_party ON piece_party.id = piece.party_id WHERE piece_party.booking_id IN ({}))";

const TRANSFER: &[Column] = &[
    own("amount", Number, Kept(Books)),
    own("message", Text, Blank),
    own("reference", Text, Kept(Books)),
    own("payer", Text, Blank),
    own("at", Instant, Kept(Books)),
    own("note", Text, Blank),
    inner("raw", Blank),
];

/// Columns that sound as if they held somebody's data and don't, as "table.column".
pub const IMPERSONAL: &[&str] = &[
    // Names and texts of places and things.
    "event.name",
    "trade_event.name",
    "village.name",
    "village.craft_name",
    "village.old_address",
    "unit.min_age",
    "unit.max_age",
    // Which booking, by an id.
    "webhook_delivery.answer",
];

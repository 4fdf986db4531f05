//! One newtype for each kind of id, so that mixing them up does not compile.

use chrono::{DateTime, Utc};
use uuid::{ContextV7, Timestamp, Uuid};

use crate::store::{Bind, Param};

/// A UUIDv7 (RFC 9562) whose time part is `at`.
pub(crate) fn uuid_at(at: DateTime<Utc>) -> Uuid {
    thread_local!(static CONTEXT: ContextV7 = const { ContextV7::new() });
    let seconds = u64::try_from(at.timestamp()).unwrap_or(0);
    CONTEXT.with(|context| {
        Uuid::new_v7(Timestamp::from_unix(context, seconds, at.timestamp_subsec_nanos()))
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize, sqlx::Type,
        )]
        #[sqlx(transparent)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, sortable by the time it was made.
            pub fn new(at: DateTime<Utc>) -> Self {
                Self(uuid_at(at))
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl Bind for $name {
            fn bind(&self) -> Param {
                Param::Uuid(Some(self.0))
            }
            fn null() -> Param {
                Param::Uuid(None)
            }
        }
    )+};
}

ids! {
    VillageId,
    CoopId,
    /// One membership of a workshop in a co-op, from invitation to leaving.
    MemberId,
    WorkshopId,
    TourId,
    /// A bookable variant of a tour ("wheel, 90 minutes").
    OptionId,
    /// A unit type of an option: adult, child …
    UnitId,
    PhotoId,
    /// An opening rule.
    RuleId,
    ClosureId,
    /// A calendar of others that says when somebody is busy.
    CalendarId,
    /// A time at which it is.
    SpanId,
    /// A system that is told by HTTP.
    WebhookId,
    /// What it was told, once.
    DeliveryId,
    /// A festival or another day of a village.
    EventId,
    /// One departure of one option.
    SlotId,
    BookingId,
    /// A full day of several workshops, as it is sold.
    PassId,
    PassStopId,
    /// A pass that a guest booked.
    PassBookingId,
    /// One session of a run of a course.
    SessionId,
    CertificateId,
    GuestId,
    WaitlistId,
    EnquiryId,
    /// Guests who go from one workshop to its sister, or are asked to.
    OverflowId,
    /// A bad day.
    DisruptionId,
    /// One booking that a bad day hit.
    CaseId,
    LetterId,
    ResourceId,
    /// The workshops that draw on the same resources: the id of a co-op, or of a workshop alone.
    PoolId,
    /// What an option needs of resources.
    NeedId,
    /// One taking of a resource, from one instant to another.
    UseId,
    /// Days off that a guide asks for.
    LeaveId,
    SplitRuleId,
    /// Somebody with a share of the takings.
    PartyId,
    /// An entry of the ledger.
    EntryId,
    /// A bank account of a workshop or co-op.
    BankAccountId,
    /// Money that came into one.
    TransferId,
    /// Money of a booking that came in or went back.
    MoveId,
    /// A travel company that sells our tours.
    ResellerId,
    /// What a workshop and a travel company agreed on.
    ContractId,
    ResellerKeyId,
    AllotmentId,
    GiftCardId,
    /// Money of a gift card that is no booking's.
    CardMoveId,
    /// A green measure that a workshop told.
    GreenEntryId,
    /// A piece that is made to order.
    CommissionId,
    CommissionOfferId,
    /// Something said or done about one.
    CommissionEntryId,
    CommissionPhotoId,
    /// Money of a commission that came in or went back.
    CommissionMoveId,
    /// Money that a travel company paid a workshop.
    ResellerPaymentId,
    /// A thing to have with a tour.
    ExtraId,
    PromoCodeId,
    /// Stars, a mark, a title, a recognition or a check.
    CredentialId,
    /// A paper that proves one.
    CredentialPaperId,
    /// What is on record about where a product comes from.
    RecordId,
    /// Something that a visitor made.
    PieceId,
    /// All that one booking's party made.
    PiecePartyId,
    PieceStepId,
    PiecePhotoId,
    /// A load of a kiln.
    FiringId,
    /// Something that is posted, or waits to be collected.
    ParcelId,
    ReviewId,
    /// What the office is asked about a review.
    ReportId,
    /// Whose data somebody looked at, on a day.
    ViewId,
    ConsentId,
    /// A fair or another event at which workshops trade.
    TradeEventId,
    /// A person of a workshop who is shown to everybody.
    ArtisanId,
    /// A part of a story.
    ChapterId,
    /// A picture of a chapter, or a portrait.
    StoryPictureId,
    /// A school, a designer or an institute that a workshop or a co-op works with.
    PartnerId,
    DesignId,
    /// A place where students learn by working.
    PlacementId,
    /// Who asks for a placement or a study.
    ApplicantId,
    /// A day that a student spent at a workshop.
    PlacementDayId,
    /// A piece on a shelf, for sale.
    ProductId,
    ProductPhotoId,
    BasketId,
    ShopOrderId,
    PersonId,
    AuditId,
}

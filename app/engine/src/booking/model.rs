//! A booking and its states.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::party::Party;
use crate::catalogue::Policy;
use crate::price::{Promo, Taken};
use crate::schedule::slots::Seats;
use crate::{
    BookingId, ContractId, Dong, Locale, OptionId, PassBookingId, SlotId, TourId, WorkshopId,
    json_column, stored_enum,
};

stored_enum! {
    /// Where a booking came from.
    pub enum Source {
        Web = "web",
        Phone = "phone",
        Enquiry = "enquiry",
        Waitlist = "waitlist",
        /// A sister workshop asked its guests to come here.
        Overflow = "overflow",
        /// A travel company sold it.
        Reseller = "reseller",
    }
}

stored_enum! {
    /// Who ended a booking; a travel company ends it for its guest.
    pub enum EndedBy { Guest = "guest", Host = "host", System = "system" }
}

stored_enum! {
    /// The state's word in the database; [`State`] is the state with its data.
    pub enum StateKind {
        Held = "held",
        AwaitingPayment = "awaiting_payment",
        Confirmed = "confirmed",
        CheckedIn = "checked_in",
        NoShow = "no_show",
        Cancelled = "cancelled",
        Expired = "expired",
    }
}

/// The state of a booking, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Seats are kept while the guest fills in the form.
    Held {
        until: DateTime<Utc>,
    },
    /// Seats are kept until the money is due.
    AwaitingPayment {
        until: DateTime<Utc>,
    },
    Confirmed {
        at: DateTime<Utc>,
    },
    /// `arrived` people of the party are there, the first of them since `at`.
    CheckedIn {
        arrived: i32,
        at: DateTime<Utc>,
    },
    NoShow,
    Cancelled {
        by: EndedBy,
        at: DateTime<Utc>,
        reason: String,
        refund_percent: u8,
    },
    /// The hold or the payment ran out; seats were given back.
    Expired {
        at: DateTime<Utc>,
    },
}

/// What can happen to a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    Confirm,
    Change,
    Cancel,
    CheckIn,
    MarkNoShow,
    /// A check-in or no-show was a slip of the finger.
    UndoAttendance,
    Expire,
}

impl State {
    pub const fn kind(&self) -> StateKind {
        match self {
            State::Held { .. } => StateKind::Held,
            State::AwaitingPayment { .. } => StateKind::AwaitingPayment,
            State::Confirmed { .. } => StateKind::Confirmed,
            State::CheckedIn { .. } => StateKind::CheckedIn,
            State::NoShow => StateKind::NoShow,
            State::Cancelled { .. } => StateKind::Cancelled,
            State::Expired { .. } => StateKind::Expired,
        }
    }
}

impl StateKind {
    /// Whether a booking in this state keeps its seats.
    pub const fn holds_seats(self) -> bool {
        !matches!(self, StateKind::Cancelled | StateKind::Expired)
    }

    /// Whether the event may happen in this state: the whole machine in one table.
    pub const fn allows(self, event: Event) -> bool {
        use StateKind as S;
        match event {
            Event::Confirm => matches!(self, S::Held | S::AwaitingPayment | S::Expired),
            Event::Change => matches!(self, S::Held | S::AwaitingPayment | S::Confirmed),
            Event::Cancel => matches!(self, S::Held | S::AwaitingPayment | S::Confirmed),
            Event::CheckIn => matches!(self, S::Confirmed | S::CheckedIn | S::NoShow),
            Event::MarkNoShow => matches!(self, S::Confirmed),
            Event::UndoAttendance => matches!(self, S::CheckedIn | S::NoShow),
            Event::Expire => matches!(self, S::Held | S::AwaitingPayment),
        }
    }
}

/// Answers to the tour's questions, by question key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnswerMap(pub BTreeMap<String, String>);

json_column!(AnswerMap);

/// One party's place in one slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    pub id: BookingId,
    /// What people read to each other: six characters without look-alikes.
    pub code: String,
    /// What the link in the mail carries; whoever has it may manage the booking.
    pub secret: String,
    pub slot_id: SlotId,
    pub option_id: OptionId,
    pub tour_id: TourId,
    pub workshop_id: WorkshopId,
    /// The pass of which it is a leg.
    pub pass_booking_id: Option<PassBookingId>,
    /// The contract of the travel company that made it; its prices are net.
    pub contract_id: Option<ContractId>,
    /// A travel company tries its connection out: no seats are taken, no host sees it.
    pub test: bool,
    pub state: State,
    pub source: Source,
    pub locale: Locale,
    pub name: String,
    pub email: String,
    pub phone: String,
    pub notes: String,
    pub host_notes: String,
    pub party: Party,
    /// What they have with it, and the code that takes something off.
    pub extras: Taken,
    pub promo: Option<Promo>,
    pub people: i32,
    /// Seats of the slot that are taken, those over the capacity included.
    pub seats: i32,
    pub over_capacity: i32,
    pub total: Dong,
    /// What cancelling costs, as it was promised when the seats were taken.
    pub policy: Policy,
    pub answers: AnswerMap,
    pub waiver_at: Option<DateTime<Utc>>,
    /// When attendance was last marked (check-in, no-show or undo).
    pub attendance_at: Option<DateTime<Utc>>,
    /// RFC 5545 SEQUENCE of the guest's calendar entry.
    pub sequence: i32,
    pub version: i32,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
}

impl Booking {
    /// The seats that it holds now, as they go back when it ends or moves.
    pub(crate) fn kept_seats(&self) -> Seats {
        let heads = if self.test { 0 } else { self.party.seats() };
        Seats { taken: self.seats, heads, beyond: self.over_capacity }
    }

    /// Whether its guest changes it: a leg changes with its pass, and what a travel company sold the
    /// company changes.
    pub const fn stands_alone(&self) -> bool {
        self.pass_booking_id.is_none() && self.contract_id.is_none()
    }

    /// Whether its time is over, also while no worker has ended it yet.
    pub fn ran_out(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            State::Held { until } | State::AwaitingPayment { until } => until <= now,
            State::Expired { .. } => true,
            _ => false,
        }
    }

    /// UID of the calendar entry (RFC 5545), stable for life.
    pub fn calendar_uid(&self, domain: &str) -> String {
        format!("booking-{}@{domain}", self.id)
    }
}

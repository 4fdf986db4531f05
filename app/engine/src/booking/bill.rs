//! What a booking costs, line by line, and what makes it more or less beside who comes.

use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;

use super::error::BookingError;
use super::model::{Booking, Event, StateKind};
use super::party::{Party, PartyLine};
use super::store;
use crate::accounts::Actor;
use crate::catalogue::Catalogue;
use crate::payment;
use crate::price::{Code, ExtraLine, Extras, For, PriceStep, Promo, PromoError, Taken, take_code};
use crate::schedule::slots;
use crate::store::Tx;
use crate::words::price as text;
use crate::{BookingId, Dong, ExtraId, Locale};

/// One line of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BillLine {
    /// So many of a unit type, at the usual price.
    People(PartyLine),
    /// What one reason makes of it, for all of them together.
    Step(PriceStep),
    Extra(ExtraLine),
    Promo {
        code: Code,
        off: Dong,
    },
}

/// A price with its explanation: the lines add up to the total.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bill {
    pub lines: Vec<(BillLine, Dong)>,
    pub total: Dong,
}

impl Bill {
    pub fn of_party(party: &Party) -> Bill {
        Bill::new(party, &Taken::default(), None)
    }

    /// The rule: people at their usual prices, what each reason makes of them, what is had beside,
    /// and last what a code takes off the people's price.
    pub fn new(party: &Party, extras: &Taken, promo: Option<&Promo>) -> Bill {
        let mut lines: Vec<(BillLine, Dong)> = Vec::new();
        let mut steps: Vec<(PriceStep, Dong)> = Vec::new();
        for line in party.lines() {
            let by: Dong = line
                .steps
                .iter()
                .map(|step| step.each.times(line.quantity).unwrap_or_default())
                .sum();
            lines.push((BillLine::People(line.clone()), line.amount() - by));
            for step in &line.steps {
                let amount = step.each.times(line.quantity).unwrap_or_default();
                let same = |(other, _): &&mut (PriceStep, Dong)| {
                    other.why == step.why && other.change == step.change
                };
                match steps.iter_mut().find(same) {
                    Some((_, sum)) => *sum += amount,
                    None => steps.push((step.clone(), amount)),
                }
            }
        }
        lines.extend(steps.into_iter().map(|(step, sum)| (BillLine::Step(step), sum)));
        let extra = |line: &ExtraLine| (BillLine::Extra(line.clone()), line.amount());
        lines.extend(extras.lines().iter().map(extra));
        if let Some(promo) = promo {
            let off = promo.off(party.total(), party.people());
            if off > Dong::ZERO {
                let code = promo.code.clone();
                lines.push((BillLine::Promo { code, off }, Dong::ZERO - off));
            }
        }
        let total = lines.iter().map(|(_, amount)| *amount).sum();
        Bill { lines, total }
    }

    /// Whether it says more than who comes.
    pub fn explains(&self) -> bool {
        self.lines.iter().any(|(line, _)| !matches!(line, BillLine::People(_)))
    }
}

impl BillLine {
    /// "2 người lớn", "Cuối tuần +10%", "Cơm trưa × 2", "Mã TET2027".
    pub fn words(&self, locale: Locale) -> String {
        match self {
            BillLine::People(line) => line.words(locale),
            BillLine::Step(step) => step.words(locale),
            BillLine::Extra(line) => line.words(locale),
            BillLine::Promo { code, .. } => text::promo(locale, code.to_string()),
        }
    }
}

impl Booking {
    pub fn bill(&self) -> Bill {
        Bill::new(&self.party, &self.extras, self.promo.as_ref())
    }

    /// The same booking with other people: what each of them was to have goes with who stays away.
    #[must_use]
    pub fn with_party(mut self, party: Party, offered: &Extras) -> Booking {
        self.extras = self.extras.for_people(offered, party.people());
        self.party = party;
        self.count();
        self
    }

    /// A code is for visits of certain days: on another day the price is without it.
    pub fn keep_code_on(&mut self, day: NaiveDate) {
        self.promo = self.promo.take().filter(|promo| promo.covers(day));
    }

    /// Counts people and price again after anything of it has changed.
    pub(super) fn count(&mut self) {
        self.people = self.party.people();
        self.total = self.bill().total;
    }
}

/// What somebody wants with the visit.
#[derive(Debug, Clone)]
pub struct ChooseExtras {
    pub catalogue: Arc<Catalogue>,
    pub actor: Actor,
    pub booking: BookingId,
    pub wanted: Vec<(ExtraId, u32)>,
}

/// Takes things with the visit, or gives them back, until the slot closes; who serves there, any time.
pub async fn choose_extras(tx: &mut Tx, command: ChooseExtras) -> Result<Booking, BookingError> {
    let ChooseExtras { catalogue, actor, booking: id, wanted } = command;
    store::must_stand_alone(tx, &actor, id).await?;
    let mut booking = store::load(tx, &actor, id).await?;
    let kind = booking.state.kind();
    // What was typed is kept when the clock ran out, as names and answers are.
    if !kind.allows(Event::Change) && kind != StateKind::Expired {
        return Err(BookingError::State(kind));
    }
    let slot = super::change::open_slot(tx, &booking, &actor).await?;
    let tour = catalogue.tour(booking.tour_id).ok_or(BookingError::NotOnSale)?;
    let extras = Taken::choose(&tour.extras, &booking.extras, &wanted, booking.party.people())?;
    if extras == booking.extras {
        return Ok(booking);
    }
    booking.extras = extras;
    booking.count();
    let counts = kind == StateKind::Confirmed;
    let paid = payment::follow(tx, &mut booking, &slot).await?;
    let detail = json!({ "extras": booking.extras, "total": booking.total });
    if counts || kind == StateKind::AwaitingPayment {
        let booking = super::change::finish(tx, booking, &actor, "booking.extras", detail).await?;
        return super::change::count_if(tx, &catalogue, booking, paid).await;
    }
    store::update(tx, &mut booking).await?;
    Ok(booking)
}

/// A guest types a code.
#[derive(Debug, Clone)]
pub struct UseCode {
    pub booking: BookingId,
    pub code: Code,
}

/// Takes the code for a booking that is not confirmed yet, instead of the one it may have.
pub async fn use_code(tx: &mut Tx, command: UseCode) -> Result<Booking, BookingError> {
    let mut booking = for_code(tx, command.booking).await?;
    if booking.promo.as_ref().is_some_and(|promo| promo.code == command.code) {
        return Ok(booking);
    }
    let slot = slots::find(tx, booking.slot_id).await?.ok_or(BookingError::Unknown)?;
    let of = For {
        workshop: booking.workshop_id,
        tour: booking.tour_id,
        day: slot.local_date,
        people: booking.people,
    };
    booking.promo = Some(take_code(tx, &command.code, of).await?);
    booking.count();
    store::update(tx, &mut booking).await?;
    Ok(booking)
}

/// Leaves the code to others.
pub async fn drop_code(tx: &mut Tx, booking: BookingId) -> Result<Booking, BookingError> {
    let mut booking = for_code(tx, booking).await?;
    booking.promo = None;
    booking.count();
    store::update(tx, &mut booking).await?;
    Ok(booking)
}

/// Codes are for those who book one visit at the guests' price.
async fn for_code(tx: &mut Tx, id: BookingId) -> Result<Booking, BookingError> {
    store::must_stand_alone(tx, &Actor::Guest, id).await?;
    let booking = store::load(tx, &Actor::Guest, id).await?;
    match booking.state.kind() {
        StateKind::Held if booking.party.is_group() => Err(PromoError::Tour.into()),
        StateKind::Held => Ok(booking),
        other => Err(BookingError::State(other)),
    }
}

//! The guest's side of the beginning: asking.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use serde_json::json;

use super::super::confirm::Contact;
use super::super::error::BookingError;
use super::super::letters::{self, To};
use super::{Enquiry, EnquiryError};
use crate::accounts::{Actor, audit};
use crate::catalogue::Catalogue;
use crate::mail::{Letter, outbox};
use crate::privacy;
use crate::store::{Conn, StoreError, Tx};
use crate::{EnquiryId, Locale, OptionId, TourId, params};

/// People in the largest group, days ahead, and characters of a group's name that are taken.
const MOST_PEOPLE: i32 = 999;
const DAYS_AHEAD: u64 = 550;
const MAX_ORGANISATION: usize = 120;

/// A field of the wish that was not filled in as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WishField {
    People,
    /// No date, one that is past, or one too far away.
    Date,
    Organisation,
}

/// How many would come, when, and who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub people: i32,
    pub date: NaiveDate,
    pub organisation: String,
}

impl Wish {
    /// Parses what a guest typed; names every field that is wrong.
    pub fn parse(
        people: &str,
        date: &str,
        organisation: &str,
        today: NaiveDate,
    ) -> Result<Self, Vec<WishField>> {
        let mut wrong = Vec::new();
        let people = people.trim().parse().ok().filter(|n| (1..=MOST_PEOPLE).contains(n));
        if people.is_none() {
            wrong.push(WishField::People);
        }
        let date = date.trim().parse().ok();
        let date = date.filter(|date| today < *date && *date <= today + Days::new(DAYS_AHEAD));
        if date.is_none() {
            wrong.push(WishField::Date);
        }
        let organisation = organisation.split_whitespace().collect::<Vec<_>>().join(" ");
        if organisation.chars().count() > MAX_ORGANISATION {
            wrong.push(WishField::Organisation);
        }
        match (people, date) {
            (Some(people), Some(date)) if wrong.is_empty() => {
                Ok(Self { people, date, organisation })
            }
            _ => Err(wrong),
        }
    }
}

/// A group asks a workshop.
#[derive(Debug, Clone)]
pub struct Ask {
    pub catalogue: Arc<Catalogue>,
    pub tour: TourId,
    pub option: Option<OptionId>,
    pub wish: Wish,
    /// Who asks; the notes are the group's words.
    pub contact: Contact,
    pub locale: Locale,
    /// Made with the form; the same key gives the same enquiry.
    pub form_key: String,
}

/// Keeps the enquiry and tells both sides. The same form sent again is the same enquiry.
pub async fn ask(tx: &mut Tx, command: Ask) -> Result<Enquiry, EnquiryError> {
    let tour = command.catalogue.tour(command.tour).ok_or(BookingError::NotOnSale)?;
    let option = command.option.filter(|id| tour.option(*id).is_some_and(|option| option.active));
    if !tour.published {
        return Err(BookingError::NotOnSale.into());
    }
    let id = EnquiryId::new(tx.now());
    let secret = tx.draw_token();
    let now = tx.now();
    let Contact { name, email, phone, notes } = command.contact;
    let written = tx
        .execute(
            "INSERT INTO enquiry (id, tour_id, option_id, workshop_id, form_key, secret, state, \
             locale, name, email, phone, organisation, people, wished_date, message, reply, \
             version, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'new', $7, $8, $9, $10, $11, \
             $12, $13, $14, '', 1, $15) ON CONFLICT (form_key) DO NOTHING",
            params![
                id,
                tour.id,
                option,
                tour.workshop_id,
                command.form_key,
                secret,
                command.locale,
                name,
                email.to_string(),
                phone.map(|phone| phone.to_string()).unwrap_or_default(),
                command.wish.organisation,
                command.wish.people,
                command.wish.date,
                notes,
                now,
            ],
        )
        .await?;
    let enquiry = by_form_key(tx, &command.form_key).await?.ok_or(EnquiryError::Unknown)?;
    if written == 1 {
        let given = privacy::Given {
            subject: privacy::Subject::Enquiry,
            id: enquiry.id.into(),
            workshop: enquiry.workshop_id,
            locale: enquiry.locale,
            waiver: None,
        };
        privacy::record_consent(tx, given).await?;
        to_guest(tx, &enquiry, Letter::EnquiryReceived).await?;
        to_host(tx, &enquiry, "asked").await?;
        let workshop = Some(enquiry.workshop_id);
        let detail = json!({ "people": enquiry.people });
        audit::record(tx, &Actor::Guest, "enquiry.ask", enquiry.id, workshop, detail).await?;
    }
    Ok(enquiry)
}

async fn by_form_key(conn: &mut Conn, key: &str) -> Result<Option<Enquiry>, StoreError> {
    conn.fetch_optional("SELECT * FROM enquiry WHERE form_key = $1", params![*key]).await
}

/// A letter to who asked; the enquiry's version makes a further offer a further event.
pub(super) async fn to_guest(
    tx: &mut Tx,
    enquiry: &Enquiry,
    letter: Letter,
) -> Result<(), StoreError> {
    let to = To { email: &enquiry.email, name: &enquiry.name, locale: enquiry.locale };
    let key = format!("{letter}:{}:{}", enquiry.id, enquiry.version);
    let about = (enquiry.booking_id, Some(enquiry.workshop_id));
    let payload = json!({ "enquiry_id": enquiry.id });
    letters::to_person(tx, to, letter, key, payload, about).await?;
    Ok(())
}

/// Tells the workshop what happened: "asked", "withdrawn" or "lapsed".
pub(super) async fn to_host(
    tx: &mut Tx,
    enquiry: &Enquiry,
    event: &'static str,
) -> Result<(), StoreError> {
    let letter = Letter::HostEnquiry;
    let key = format!("{letter}:{}:{}:{event}", enquiry.id, enquiry.version);
    let payload = json!({ "enquiry_id": enquiry.id, "event": event });
    outbox::to_workshop(tx, enquiry.workshop_id, letter, key, payload).await
}

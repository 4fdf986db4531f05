//! Entering, reading and changing one credential: the same pages for a host and for the office, each
//! in its own frame.

pub mod edit;
pub mod enter;
mod form;
pub mod one;
pub mod papers;

use chrono::NaiveDate;
use engine::Locale;
use engine::catalogue::Catalogue;
use engine::coop;
use engine::credential::{
    self, Credential, CredentialError, CredentialState, Field, PaperError, Wrong, Wrongs, words,
};
use leptos::prelude::*;

use crate::api::form::Problems;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame as host_frame};
use crate::pages::office::frame::{Part, admitted, frame as office_frame};
use crate::t::credential as t;

/// Where somebody works on credentials.
#[derive(Debug, Clone)]
pub enum Room {
    House(Box<Desk>),
    Office,
}

impl Room {
    pub async fn house(app: &App, visit: &Visit, slug: &str) -> Result<Room, PageError> {
        Ok(Room::House(Box::new(Desk::open_as_owner(app, visit, slug).await?)))
    }

    pub fn office(visit: &Visit) -> Result<Room, PageError> {
        admitted(visit)?;
        Ok(Room::Office)
    }

    /// The address of one of its pages: `room.at(visit, "/new")`.
    pub fn at(&self, visit: &Visit, sub: &str) -> String {
        match self {
            Room::House(desk) => desk
                .workshop()
                .map(|shop| at(visit, shop, &format!("/credentials{sub}")))
                .unwrap_or_default(),
            Room::Office => visit.link(&format!("/office/credentials{sub}")),
        }
    }

    pub fn frame<V: IntoView + 'static>(&self, visit: &Visit, body: V) -> AnyView {
        match self {
            Room::House(desk) => {
                host_frame(visit, desk.workshop().ok(), Tab::More, body).into_any()
            }
            Room::Office => office_frame(visit, Part::Credentials, body).into_any(),
        }
    }

    /// A credential of this room: another's is not found.
    pub async fn found(&self, app: &App, visit: &Visit, id: &str) -> Result<Credential, PageError> {
        let id = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let it = credential::find(&mut conn, &visit.actor, id).await.map_err(closed)?;
        if let Room::House(desk) = self
            && it.workshop_id != Some(desk.id())
        {
            let coop = coop::of_workshop(&mut conn, desk.id()).await?.map(|coop| coop.id);
            let ours = coop.is_some() && (it.coop_id == coop || it.mark_coop_id == coop);
            return if ours { Ok(it) } else { Err(PageError::NotFound) };
        }
        Ok(it)
    }
}

/// What is none of the visitor's is not found.
pub fn closed(error: CredentialError) -> PageError {
    match error {
        CredentialError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// The name (and id) of a field's control.
const fn name_of(field: Field) -> &'static str {
    match field {
        Field::Seat => "seat",
        Field::Of => "of",
        Field::Subject => "subject",
        Field::Owner => "owner",
        Field::Mark => "mark",
        Field::Stars => "stars",
        Field::Level => "level",
        Field::Number => "number",
        Field::Decision => "decision",
        Field::Issuer => "issuer",
        Field::Year => "year",
        Field::FiledOn => "filed_on",
        Field::IssuedOn => "issued_on",
        Field::Renewals => "renewals",
        Field::Until => "until",
        Field::Papers => "papers",
        Field::Reason => "reason",
    }
}

fn words_of(locale: Locale, wrong: Wrong) -> String {
    match wrong {
        Wrong::Missing => t::e_missing(locale).to_owned(),
        Wrong::TooLong { max } => t::e_too_long(locale, i64::try_from(max).unwrap_or(i64::MAX)),
        Wrong::Choice => t::e_choice(locale).to_owned(),
        Wrong::Date => t::e_date(locale).to_owned(),
        Wrong::Year => t::e_year(locale).to_owned(),
        Wrong::Number { min, max } => t::e_number(locale, max, min),
        Wrong::BeforeFrom => t::e_before_from(locale).to_owned(),
        Wrong::BeforeFiled => t::e_before_filed(locale).to_owned(),
        Wrong::Level => t::e_level(locale).to_owned(),
        Wrong::NoMember => t::e_no_member(locale).to_owned(),
    }
}

fn problems(locale: Locale, wrongs: Wrongs) -> Problems {
    let mut problems = Problems::default();
    for (field, wrong) in wrongs {
        problems.add(name_of(field), words_of(locale, wrong));
    }
    problems
}

/// What a verb says no to, beside the field it is about; `otherwise` where it is about none.
fn refused(
    locale: Locale,
    error: CredentialError,
    otherwise: &'static str,
) -> Result<Problems, PageError> {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut problems = Problems::default();
    match error {
        CredentialError::Fields(wrongs) => return Ok(self::problems(locale, wrongs)),
        CredentialError::Paper(PaperError::Missing) => {
            problems.add("papers", t::e_no_paper(locale));
        }
        CredentialError::Paper(_) => {
            problems.add("papers", t::e_too_many(locale, count(credential::MAX_PAPERS)));
        }
        CredentialError::Changed => problems.add(otherwise, t::e_changed(locale)),
        CredentialError::State => problems.add(otherwise, t::e_state(locale)),
        CredentialError::Incomplete => problems.add(otherwise, t::e_incomplete(locale)),
        CredentialError::Expired => problems.add(otherwise, t::e_expired(locale)),
        error => return Err(closed(error)),
    }
    Ok(problems)
}

/// Whose it is, by name.
pub fn holder_name(locale: Locale, catalogue: &Catalogue, it: &Credential) -> String {
    if let Some(shop) = it.workshop_id.and_then(|id| catalogue.workshop(id)) {
        return shop.name.clone();
    }
    if let Some(village) = it.village_id.and_then(|id| catalogue.village(id)) {
        let name = village.name.text(locale);
        return if it.owner.is_empty() {
            name.to_owned()
        } else {
            format!("{} · {name}", it.owner)
        };
    }
    it.mark_owner().to_owned()
}

/// The tone and words of its state on a day: what expired says so.
pub fn standing(locale: Locale, it: &Credential, today: NaiveDate) -> (&'static str, &'static str) {
    let tone = match it.state {
        CredentialState::Claimed => "silk",
        CredentialState::Verified if it.shows(today) => "celadon",
        CredentialState::Verified if it.is_expired(today) => {
            return ("lacquer", t::expired(locale));
        }
        CredentialState::Verified if it.issued_on.is_some_and(|from| from > today) => {
            return ("silk", t::not_begun(locale));
        }
        CredentialState::Verified => return ("lacquer", t::mark_gone(locale)),
        CredentialState::Refused => "lacquer",
        CredentialState::Withdrawn => "",
    };
    (tone, words::state(locale, it.state))
}

/// "đến hết 20/3/2027"; "không thời hạn".
pub fn until(locale: Locale, it: &Credential) -> String {
    match it.until() {
        Some(day) => t::until(locale, words::day(locale, day)),
        None => t::for_good(locale).to_owned(),
    }
}

/// An entry of a list: what it is, whose, until when, and how it stands.
pub fn entry(
    visit: &Visit,
    room: &Room,
    it: &Credential,
    holder: &str,
    today: NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let href = room.at(visit, &format!("/{}", it.id));
    let (tone, state) = standing(locale, it, today);
    let mut about = vec![holder.to_owned(), it.number.clone(), until(locale, it)];
    about.retain(|words| !words.is_empty());
    let reason =
        (!it.reason.is_empty()).then(|| view! { <p class="entry-text">{it.reason.clone()}</p> });
    view! {
        <li class="entry">
            <div>
                <h3 class="entry-title"><a class="card-link" href=href>{words::title(locale, it)}</a></h3>
                <p class="entry-text">{about.join(" · ")}</p>
                {reason}
            </div>
            <span class="badge" data-tone=tone>{state}</span>
        </li>
    }
}

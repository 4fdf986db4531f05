//! What is made to order, as pages show it: words, the brief, the offer, the conversation with its
//! pictures, the money; and what forms share.

use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::commission::{
    By, Commission, CommissionError, Entry, Field, MAX_PHOTOS, Mark, Offer, Photo, Reckoning,
    StateKind, Waits, Wrong,
};
use engine::{CommissionPhotoId, Dong, Locale};
use leptos::prelude::*;

use super::field::FieldError;
use super::{format, money, parcel};
use crate::api::form::Problems;
use crate::context::Visit;
use crate::error::PageError;
use crate::t::commission as t;

/// Address of the customer's page, or of one below it.
pub fn address(visit: &Visit, commission: &Commission, sub: &str) -> String {
    visit.link(&format!("/commission/{}/{}{sub}", commission.id, commission.secret))
}

/// Tone and words of a state.
pub fn badge(locale: Locale, kind: StateKind) -> impl IntoView + use<> {
    let (tone, words) = match kind {
        StateKind::Asked => ("silk", t::state_asked(locale)),
        StateKind::Offered => ("indigo", t::state_offered(locale)),
        StateKind::Accepted => ("silk", t::state_accepted(locale)),
        StateKind::Making => ("celadon", t::state_making(locale)),
        StateKind::Ready => ("celadon", t::state_ready(locale)),
        StateKind::Posted => ("indigo", t::state_posted(locale)),
        StateKind::Delivered => ("celadon", t::state_delivered(locale)),
        StateKind::Lapsed => ("lacquer", t::state_lapsed(locale)),
        StateKind::Ended => ("terracotta", t::state_ended(locale)),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

/// Whom it waits for, as the workshop reads it.
pub fn waits(locale: Locale, waits: Waits) -> &'static str {
    match waits {
        Waits::Workshop => t::waits_workshop(locale),
        Waits::Customer => t::waits_customer(locale),
        Waits::Nobody => t::waits_nobody(locale),
    }
}

/// "Ấm trà, 7 món", the heading of lists.
pub fn heading(locale: Locale, commission: &Commission) -> String {
    let pieces = t::n_pieces(locale, i64::from(commission.brief.pieces));
    format::commas(locale, &[commission.brief.what.clone(), pieces])
}

fn pairs(rows: Vec<(&'static str, String)>) -> impl IntoView + use<> {
    let rows = rows
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <div><dt>{name}</dt><dd class="said">{value}</dd></div> })
        .collect_view();
    view! { <dl class="pairs">{rows}</dl> }
}

/// What the customer wants.
pub fn brief(locale: Locale, commission: &Commission) -> impl IntoView + use<> {
    let brief = &commission.brief;
    let wished = brief.wished_on.map(|on| format::sentence(&format::date(locale, on)));
    let budget = brief.budget.map(|sum| sum.display(locale));
    pairs(vec![
        (t::what(locale), brief.what.clone()),
        (t::pieces(locale), brief.pieces.to_string()),
        (t::size(locale), brief.size.clone()),
        (t::colours(locale), brief.colours.clone()),
        (t::wished_on(locale), wished.unwrap_or_default()),
        (t::budget(locale), budget.unwrap_or_default()),
        (t::details(locale), brief.details.clone()),
    ])
}

/// What an offer says of an end after the deposit.
pub fn kept_words(locale: Locale, percent: i32) -> String {
    match percent {
        0 => t::kept_nothing(locale).to_owned(),
        100 => t::kept_all(locale).to_owned(),
        percent => t::kept_part(locale, percent),
    }
}

/// Price, time and terms.
pub fn offer(locale: Locale, offer: &Offer) -> impl IntoView + use<> {
    let day = |on| format::sentence(&format::date(locale, on));
    let deposit = match offer.deposit() {
        Dong::ZERO => t::no_deposit(locale).to_owned(),
        deposit => t::deposit_of(locale, deposit.display(locale), offer.deposit_percent),
    };
    let bound = offer.deposit() > Dong::ZERO;
    let terms =
        bound.then(|| view! { <p class="small soft">{kept_words(locale, offer.kept_percent)}</p> });
    view! {
        <p class="price commission-price">{offer.price.display(locale)}</p>
        {pairs(vec![
            (t::deposit(locale), deposit),
            (t::ready_on(locale), day(offer.ready_on)),
            (t::valid_until(locale), day(offer.valid_until)),
        ])}
        {terms}
    }
}

/// What is paid, what is due.
pub fn money_lines(
    locale: Locale,
    offer: Option<&Offer>,
    money: Reckoning,
) -> impl IntoView + use<> {
    let price = offer.map_or(Dong::ZERO, |offer| offer.price);
    let lines = [
        (t::price(locale), price),
        (t::paid(locale), money.held),
        (t::due_now(locale), money.now),
        (t::open(locale), money.open),
        (t::due_back(locale), money.due),
    ]
    .into_iter()
    .filter(|(_, amount)| *amount > Dong::ZERO)
    .map(|(words, amount)| {
        view! { <div><dt>{words}</dt><dd><strong>{amount.display(locale)}</strong></dd></div> }
    })
    .collect_view();
    view! { <dl class="pairs">{lines}</dl> }
}

/// The address of a copy of a picture.
pub fn photo_url(photo: CommissionPhotoId, width: i32) -> String {
    format!("/commission-photos/{photo}/{width}")
}

fn pictures(locale: Locale, entry: &Entry, photos: &[Photo]) -> Option<AnyView> {
    let mark = name_of_mark(locale, entry.mark);
    let all: Vec<_> = photos
        .iter()
        .filter(|photo| photo.entry_id == entry.id)
        .enumerate()
        .map(|(at, photo)| {
            let alt = t::picture_of(locale, at + 1, mark);
            let (small, large) = (photo_url(photo.id, 480), photo_url(photo.id, 1600));
            view! {
                <li>
                    <a href=large>
                        <img src=small alt=alt width=photo.width height=photo.height loading="lazy"/>
                    </a>
                </li>
            }
        })
        .collect();
    (!all.is_empty()).then(|| view! { <ul class="commission-photos">{all}</ul> }.into_any())
}

/// What an entry is.
pub fn name_of_mark(locale: Locale, mark: Mark) -> &'static str {
    match mark {
        Mark::Brief => t::mark_brief(locale),
        Mark::Message => t::mark_message(locale),
        Mark::Offer => t::mark_offer(locale),
        Mark::Accepted => t::mark_accepted(locale),
        Mark::Paid => t::mark_paid(locale),
        Mark::Milestone => t::mark_milestone(locale),
        Mark::Ready => t::mark_ready(locale),
        Mark::Posted => t::mark_posted(locale),
        Mark::Delivered => t::mark_delivered(locale),
        Mark::Lapsed => t::mark_lapsed(locale),
        Mark::Ended => t::mark_ended(locale),
        Mark::Returned => t::mark_returned(locale),
    }
}

/// The conversation and the history, in order.
pub fn conversation(
    locale: Locale,
    (commission, shop): (&Commission, &Workshop),
    (entries, offers, photos): (&[Entry], &[Offer], &[Photo]),
) -> impl IntoView + use<> {
    let items: Vec<_> = entries
        .iter()
        .map(|entry| {
            let who = match entry.by {
                By::Customer => commission.name.clone(),
                By::Workshop => shop.name.clone(),
                By::System => String::new(),
            };
            let name = name_of_mark(locale, entry.mark);
            let title = match entry.mark {
                Mark::Message => who,
                _ if who.is_empty() => name.to_owned(),
                _ => format!("{name} · {who}"),
            };
            let words = (!entry.words.is_empty())
                .then(|| view! { <p class="said">{entry.words.clone()}</p> });
            let offered = entry.offer_id.filter(|_| entry.mark == Mark::Offer);
            let offered = offers.iter().find(|offer| Some(offer.id) == offered);
            let offered = offered.map(|offer| {
                let day = format::date(locale, offer.ready_on);
                let words = t::offered(locale, day, offer.price.display(locale));
                view! { <p><strong>{words}</strong></p> }
            });
            let amount = entry
                .amount
                .map(|amount| view! { <p><strong>{amount.display(locale)}</strong></p> });
            let at = entry.at.to_rfc3339();
            view! {
                <li class="commission-entry" data-by=entry.by.word() data-mark=entry.mark.word()>
                    <p class="commission-head">
                        <strong>{title}</strong>
                        <time class="soft small" datetime=at>{format::date_time(locale, entry.at)}</time>
                    </p>
                    {offered} {amount} {words}
                    {pictures(locale, entry, photos)}
                </li>
            }
        })
        .collect();
    view! { <ol class="commission-entries">{items}</ol> }
}

/// The names of a form's fields for pictures.
pub const PHOTOS: [&str; MAX_PHOTOS] = ["photo1", "photo2", "photo3"];

/// Fields for up to three pictures.
pub fn photo_fields(
    locale: Locale,
    legend: &'static str,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let fields: Vec<_> = (1_i64..)
        .zip(PHOTOS)
        .map(|(number, name)| {
            let error = wrong.of(name);
            let described = (!error.is_empty()).then(|| format!("{name}-error"));
            let invalid = (!error.is_empty()).then_some("true");
            view! {
                <div class="field">
                    <label for=name>{t::picture_number(locale, number)}</label>
                    <input class="input" type="file" id=name name=name
                        accept="image/jpeg,image/png,image/webp" aria-invalid=invalid
                        aria-describedby=described/>
                    <FieldError id=name text=error/>
                </div>
            }
        })
        .collect();
    let again = (!wrong.is_empty())
        .then(|| view! { <p class="field-hint">{t::pictures_again(locale)}</p> });
    view! {
        <fieldset class="fieldset" id="photos">
            <legend>{legend} " " <span class="optional">{crate::t::form::optional(locale)}</span></legend>
            <p class="field-hint">{t::pictures_hint(locale)}</p>
            {again}
            {fields}
        </fieldset>
    }
}

/// The name (and id) of a field's control.
fn control(field: Field) -> String {
    match field {
        Field::What => "what",
        Field::Size => "size",
        Field::Colours => "colours",
        Field::Pieces => "pieces",
        Field::WishedOn => "wished_on",
        Field::Budget => "budget",
        Field::Details => "details",
        Field::Name => "name",
        Field::Email => "email",
        Field::Phone => "phone",
        Field::Photos => "photos",
        Field::Words => "words",
        Field::Price => "price",
        Field::Deposit => "deposit",
        Field::Kept => "kept",
        Field::ReadyOn => "ready_on",
        Field::ValidUntil => "valid_until",
        Field::Grams => "grams",
        Field::Reason => "reason",
        Field::Amount => "amount",
        Field::About(language) => return format!("about_{language}"),
    }
    .to_owned()
}

fn said(locale: Locale, wrong: Wrong) -> String {
    match wrong {
        Wrong::Missing => t::wrong_missing(locale).to_owned(),
        Wrong::TooLong { max } => t::wrong_long(locale, max),
        Wrong::Number { min, max } => t::wrong_number(locale, max, min),
        Wrong::Amount => t::wrong_amount(locale).to_owned(),
        Wrong::Above { most } => t::wrong_above(locale, most.display(locale)),
        Wrong::Date => t::wrong_date(locale).to_owned(),
        Wrong::AfterReady => t::wrong_after_ready(locale).to_owned(),
        Wrong::Email => t::wrong_email(locale).to_owned(),
        Wrong::Phone => t::wrong_phone(locale).to_owned(),
        Wrong::TooMany { max } => t::wrong_too_many(locale, max),
    }
}

/// What stands against it, beside its fields; an error that is none of the person's ends the request.
pub fn problems(locale: Locale, error: CommissionError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    let main = match error {
        CommissionError::Fields(wrongs) => {
            for (field, wrong) in wrongs {
                problems.add(control(field), said(locale, wrong));
            }
            return Ok(problems);
        }
        CommissionError::Parcel(error) => return parcel::problems(locale, error),
        CommissionError::Payment(error) => return money::problems(locale, error),
        CommissionError::Store(error) => return Err(error.into()),
        CommissionError::Forbidden(_) | CommissionError::Unknown | CommissionError::NotTaken => {
            return Err(PageError::NotFound);
        }
        CommissionError::State(_) => t::wrong_state(locale),
        CommissionError::NotPaid => t::wrong_not_paid(locale),
        CommissionError::NoAddress => t::wrong_no_address(locale),
        CommissionError::PostNotPaid => t::wrong_post_not_paid(locale),
        CommissionError::Full => t::wrong_full(locale),
    };
    problems.add("main", main);
    Ok(problems)
}

/// The same where there is no form.
pub fn refused(error: CommissionError) -> PageError {
    match error {
        CommissionError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// "Hỏi ngày thứ Bảy 28/11".
pub fn asked_on(locale: Locale, commission: &Commission) -> String {
    t::asked_on(locale, format::date(locale, local_date(commission.created_at)))
}

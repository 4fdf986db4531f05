//! A gift card as it is given: one leaf of A5, lying. And what forms about cards share.

use engine::Locale;
use engine::catalogue::{Catalogue, Village, Workshop};
use engine::giftcard::{CardError, Field, GiftCard, Origin, Refused, Standing, Wrong};
use leptos::prelude::*;

use super::format;
use super::money::problems as of_payment;
use super::picture::Picture;
use crate::api::form::Problems;
use crate::context::Visit;
use crate::error::PageError;
use crate::t::gift as t;

/// Address of one of a card's pages: `sub` is "" or "/pay".
pub fn address(visit: &Visit, card: &GiftCard, sub: &str) -> String {
    visit.link(&format!("/gift/{}/{}{sub}", card.id, card.secret))
}

/// Where a card is honoured, and what it looks like.
#[derive(Debug, Clone)]
pub struct House {
    pub workshop: Workshop,
    village: Village,
    picture: Picture,
}

impl House {
    pub fn of(catalogue: &Catalogue, card: &GiftCard) -> Option<House> {
        let workshop = catalogue.workshop(card.workshop_id)?.clone();
        let village = catalogue.village(workshop.village_id)?.clone();
        let tour = catalogue.tours_of(workshop.id).next();
        // The drawing of the craft, also where there are photographs: paper is drawn on.
        let picture = tour.map_or_else(
            || Picture::of_village(&village),
            |tour| Picture::illustration(&tour.illustration),
        );
        Some(House { workshop, village, picture })
    }
}

/// A band of the four-petalled flower that is cut into screens and woven into mats.
const ORNAMENT: &str = r##"<svg aria-hidden="true" focusable="false" viewBox="0 0 240 16" preserveAspectRatio="xMidYMid slice"><defs><g id="gift-petals" fill="none" stroke="currentColor" stroke-width="1.1"><path d="M8 1c3 3 3 4 0 7c-3-3-3-4 0-7zM8 15c3-3 3-4 0-7c-3 3-3 4 0 7zM1 8c3-3 4-3 7 0c-3 3-4 3-7 0zM15 8c-3-3-4-3-7 0c3 3 4 3 7 0z"/><circle cx="8" cy="8" r="1.1" fill="currentColor" stroke="none"/><path d="M0 0l3 3M16 0l-3 3M0 16l3-3M16 16l-3-3"/></g></defs><use href="#gift-petals" x="0"/><use href="#gift-petals" x="16"/><use href="#gift-petals" x="32"/><use href="#gift-petals" x="48"/><use href="#gift-petals" x="64"/><use href="#gift-petals" x="80"/><use href="#gift-petals" x="96"/><use href="#gift-petals" x="112"/><use href="#gift-petals" x="128"/><use href="#gift-petals" x="144"/><use href="#gift-petals" x="160"/><use href="#gift-petals" x="176"/><use href="#gift-petals" x="192"/><use href="#gift-petals" x="208"/><use href="#gift-petals" x="224"/></svg>"##;

pub fn leaf(visit: &Visit, card: &GiftCard, house: &House) -> impl IntoView + use<> {
    let locale = visit.locale;
    let page = visit.absolute(&format!("/gift/{}/{}", card.id, card.secret));
    let qr = engine::qr::svg(&page, "qr-code", t::qr_says(locale)).ok();
    let qr = qr.map(|svg| view! { <div class="gift-qr" inner_html=svg></div> });
    let kicker = match card.origin {
        Origin::Bought => t::kicker_card(locale),
        Origin::Given => t::kicker_voucher(locale),
    };
    let to = (!card.recipient_name.is_empty())
        .then(|| view! { <p class="gift-to">{t::for_whom(locale, &card.recipient_name)}</p> });
    let words = (!card.words.is_empty()).then(|| {
        let lines = card.words.lines().map(|line| view! { <span>{line.to_owned()}</span><br/> });
        view! { <p class="gift-words">{lines.collect_view()}</p> }
    });
    let from = (!card.buyer_name.is_empty())
        .then(|| view! { <p class="gift-from">{t::from_whom(locale, &card.buyer_name)}</p> });
    let left = (card.remaining != card.value).then(|| {
        view! { <p class="gift-left">{t::left_of(locale, card.remaining.display(locale))}</p> }
    });
    let until = t::until(locale, format::date_of_paper(locale, card.valid_until));
    let place = format!("{}, {}", house.workshop.name, house.village.name.text(locale));
    view! {
        <article class="gift" lang=locale.tag() aria-label=kicker>
            <div class="gift-picture">{house.picture.view(false)}</div>
            <div class="gift-body">
                <div class="gift-band" inner_html=ORNAMENT></div>
                <p class="gift-kicker">{kicker}</p>
                <p class="gift-value">{card.value.display(locale)}</p>
                {left}
                {to}
                {words}
                {from}
                <div class="gift-foot">
                    <div>
                        <p class="gift-place">{place}</p>
                        <p class="gift-code code">{card.code.spoken()}</p>
                        <p class="small">{format::sentence(&until)}</p>
                    </div>
                    {qr}
                </div>
            </div>
        </article>
    }
}

/// Tone of the badge, and words.
pub fn standing(locale: Locale, standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Awaiting => ("silk", t::state_awaiting(locale)),
        Standing::Active => ("celadon", t::state_active(locale)),
        Standing::UsedUp => ("indigo", t::state_used_up(locale)),
        Standing::Expired => ("terracotta", t::state_expired(locale)),
        Standing::Blocked => ("lacquer", t::state_blocked(locale)),
        Standing::Cancelled => ("lacquer", t::state_cancelled(locale)),
    }
}

pub fn badge(locale: Locale, of: Standing) -> impl IntoView {
    let (tone, words) = standing(locale, of);
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

/// Why a card does not pay.
pub fn refusal(locale: Locale, refused: Refused) -> &'static str {
    match refused {
        Refused::Unknown => t::refused_unknown(locale),
        Refused::Elsewhere => t::refused_elsewhere(locale),
        Refused::NotPaid => t::refused_not_paid(locale),
        Refused::Empty => t::refused_empty(locale),
        Refused::Expired => t::refused_expired(locale),
        Refused::Blocked => t::refused_blocked(locale),
        Refused::Cancelled => t::refused_cancelled(locale),
        Refused::NothingOpen => t::refused_nothing_open(locale),
    }
}

/// The name (and id) of a field's control.
const fn control(field: Field) -> &'static str {
    match field {
        Field::Value => "value",
        Field::Own => "own",
        Field::Name => "name",
        Field::Email => "email",
        Field::RecipientName => "recipient_name",
        Field::RecipientEmail => "recipient_email",
        Field::Words => "words",
        Field::Reason => "reason",
        Field::Offered => "offered",
        Field::Months => "months",
        Field::Amount => "amount",
    }
}

fn words(locale: Locale, wrong: Wrong) -> String {
    match wrong {
        Wrong::Missing => t::wrong_missing(locale).to_owned(),
        Wrong::TooLong { max } => t::wrong_long(locale, max),
        Wrong::Choice => t::wrong_choice(locale).to_owned(),
        Wrong::Email => t::wrong_email(locale).to_owned(),
        Wrong::Amount => t::wrong_amount(locale).to_owned(),
        Wrong::Between { least, most } => {
            t::wrong_between(locale, least.display(locale), most.display(locale))
        }
        Wrong::Above { most } => t::wrong_above(locale, most.display(locale)),
        Wrong::Months => t::wrong_months(locale).to_owned(),
        Wrong::Offered => t::wrong_offered(locale).to_owned(),
    }
}

/// What is wrong with a form; what is no matter of a form ends the request.
pub fn problems(locale: Locale, error: CardError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        CardError::Fields(wrongs) => {
            for (field, wrong) in wrongs {
                problems.add(control(field), words(locale, wrong));
            }
        }
        CardError::Refused(refused) => problems.add(CODE, refusal(locale, refused)),
        CardError::State => problems.add("main", t::changed_meanwhile(locale)),
        CardError::Payment(error) => return of_payment(locale, error),
        CardError::Store(error) => return Err(error.into()),
        CardError::Forbidden(_)
        | CardError::Unknown
        | CardError::NotOnSale
        | CardError::Booking(_) => return Err(PageError::NotFound),
    }
    Ok(problems)
}

/// What somebody may not see does not exist.
pub fn refused(error: CardError) -> PageError {
    match error {
        CardError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

/// Name of the field into which a card's code is typed.
pub const CODE: &str = "gift_code";

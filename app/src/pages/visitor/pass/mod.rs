//! Full-day passes: the list, a pass with the days that work, booking it, and what a guest does
//! with it by the secret link.

pub mod book;
pub mod cancel;
mod itinerary;
pub mod list;
pub mod manage;
pub mod move_;
pub mod offer;
pub mod party;

use engine::Locale;
use engine::booking::BookingError;
use engine::catalogue::{Catalogue, UnitKind};
use engine::pass::{Booked, Offer, PassError, Place, manage_path};
use leptos::prelude::*;

use super::booking::trouble as booking_trouble;
use crate::api::form::{Form, Problems};
use crate::context::Visit;
use crate::error::PageError;
use crate::t;
use crate::t::pass as tp;
use crate::ui::field::TextField;
use crate::ui::format;
use crate::ui::notice::{Notice, Tone};
use crate::ui::party::party_error;
use crate::ui::prose::foreign;

/// Days ahead that are looked at.
pub const DAYS: u64 = 60;

/// The address of a pass.
pub fn path(slug: &str) -> String {
    format!("/passes/{slug}")
}

/// Who comes to every stop, by fields named after the kinds; nothing typed is nobody.
pub fn wish(
    locale: Locale,
    kinds: &[UnitKind],
    form: &Form,
) -> Result<Vec<(UnitKind, u32)>, Problems> {
    let mut problems = Problems::default();
    let mut wish = Vec::new();
    for kind in kinds {
        match form.text(kind.word()).trim() {
            "" => {}
            typed => match typed.parse::<u32>() {
                Ok(count) => wish.push((*kind, count)),
                Err(_) => problems.add(kind.word(), t::book::not_a_count(locale)),
            },
        }
    }
    if problems.is_empty() { Ok(wish) } else { Err(problems) }
}

/// The same party as a query: "adult=2&child=1".
pub fn party_query(wish: &[(UnitKind, u32)]) -> String {
    let counts = wish.iter().filter(|(_, count)| *count > 0);
    counts.map(|(kind, count)| format!("{kind}={count}")).collect::<Vec<_>>().join("&")
}

/// A number for each kind of guest.
pub fn party_fields<F: Fn(UnitKind) -> Option<String>>(
    locale: Locale,
    kinds: &[UnitKind],
    price: F,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<F> {
    kinds
        .iter()
        .map(|kind| {
            let name = kind.word();
            let label = format::unit_kind(locale, *kind);
            let value = form.text(name).to_owned();
            let (hint, error) = (price(*kind).unwrap_or_default(), problems.of(name));
            view! {
                <TextField locale name label value hint error kind="number" inputmode="numeric"
                    min="0" max="99" short=true/>
            }
        })
        .collect_view()
}

/// What stands against booking or changing a pass, in words; what is none ends the request.
/// `places` are the stops that were asked for.
pub fn trouble(
    locale: Locale,
    catalogue: &Catalogue,
    options: &[engine::OptionId],
    error: PassError,
) -> Result<String, PageError> {
    Ok(match error {
        PassError::Store(error) | PassError::Leg(_, BookingError::Store(error)) => {
            return Err(error.into());
        }
        PassError::Forbidden(_) | PassError::Unknown => return Err(PageError::NotFound),
        PassError::Fields(_) => return Err(PageError::Invalid),
        PassError::NotOnSale => tp::not_on_sale(locale).to_owned(),
        PassError::Party(error) => party_error(locale, error),
        PassError::NoChain => tp::no_chain(locale).to_owned(),
        PassError::Begun => tp::begun(locale).to_owned(),
        PassError::Cancelled => tp::is_cancelled(locale).to_owned(),
        PassError::Leg(at, error) => {
            let words = booking_trouble(locale, error)?;
            let place = options.get(at).and_then(|option| Place::of(catalogue, *option));
            match place {
                Some(place) => tp::trouble_at(locale, words, &place.workshop.name),
                None => words,
            }
        }
    })
}

/// Passes as a list of links, for the pages of villages, co-ops and tours.
pub fn links(visit: &Visit, offers: &[Offer<'_>]) -> impl IntoView + use<> {
    let locale = visit.locale;
    offers
        .iter()
        .map(|offer| {
            let href = visit.link(&path(&offer.pass.slug));
            let title = &offer.pass.title;
            let summary = &offer.pass.summary;
            view! {
                <li>
                    <a href=href lang=foreign(title, locale)>{title.text(locale).to_owned()}</a>
                    <br/><span lang=foreign(summary, locale)>{summary.text(locale).to_owned()}</span>
                </li>
            }
        })
        .collect_view()
}

/// A panel with the passes that have to do with a page; nothing where there are none.
pub fn panel(
    visit: &Visit,
    offers: &[Offer<'_>],
    title: &'static str,
    text: &'static str,
) -> Option<AnyView> {
    if offers.is_empty() {
        return None;
    }
    let text = (!text.is_empty()).then(|| view! { <p>{text}</p> });
    let links = links(visit, offers);
    let panel = view! {
        <section class="panel stack-s" aria-labelledby="passes-title">
            <h2 class="panel-title" id="passes-title">{title}</h2>
            {text}
            <ul class="stack">{links}</ul>
        </section>
    };
    Some(panel.into_any())
}

/// The way from a leg to its pass.
pub fn of_leg(visit: &Visit, booked: &Booked) -> AnyView {
    let locale = visit.locale;
    let href = visit.link(&manage_path(&booked.booking));
    let text = tp::leg_of_text(locale, booked.pass.title.text(locale));
    view! {
        <Notice tone=Tone::Info title=tp::leg_of(locale)>
            <p>{text}</p>
            <p><a href=href>{tp::leg_of_link(locale)}</a></p>
        </Notice>
    }
    .into_any()
}

//! What sister workshops of the co-op have where a departure is full.

use chrono::{DateTime, Utc};
use engine::booking::overflow::{self, Sister};
use engine::catalogue::{Catalogue, UnitKind};
use engine::schedule::Slot;
use engine::store::{Conn, StoreError};
use engine::{Dong, Locale, Localized, SlotId};
use leptos::prelude::*;

use crate::context::Visit;
use crate::t::overflow as t;
use crate::ui::format;

/// A sister's departure with the names that the page says.
#[derive(Debug, Clone)]
pub struct Neighbour {
    full: SlotId,
    sister: Sister,
    house: String,
    tour: Localized,
    option: Localized,
}

/// Those that could take the party instead of a full departure.
pub async fn neighbours(
    conn: &mut Conn,
    catalogue: &Catalogue,
    full: &Slot,
    wish: &[(UnitKind, u32)],
    now: DateTime<Utc>,
) -> Result<Vec<Neighbour>, StoreError> {
    let sisters = overflow::suggest(conn, catalogue, full, wish, now).await?;
    let named = sisters.into_iter().filter_map(|sister| {
        let (tour, option) = catalogue.option(sister.slot.option_id)?;
        Some(Neighbour {
            full: full.id,
            house: catalogue.workshop(sister.workshop)?.name.clone(),
            tour: tour.title.clone(),
            option: option.title.clone(),
            sister,
        })
    });
    Ok(named.collect())
}

impl Neighbour {
    /// The full departure that it stands for.
    pub const fn full(&self) -> SlotId {
        self.full
    }

    /// Where it is booked, with the party and where the guest comes from.
    fn href(&self, visit: &Visit) -> String {
        let mut query: Vec<(String, String)> = vec![("from".into(), self.full.to_string())];
        let wanted = self.sister.wanted.iter();
        query.extend(wanted.map(|(unit, count)| (unit.to_string(), count.to_string())));
        let query = serde_html_form::to_string(query).unwrap_or_default();
        format!("{}?{query}", visit.link(&format!("/book/{}", self.sister.slot.id)))
    }

    /// "Paint a bowl · 12 minutes' walk · same price".
    fn notes(&self, locale: Locale) -> String {
        let title = format!("{} · {}", self.tour.text(locale), self.option.text(locale));
        [title, way(locale, &self.sister), price(locale, self.sister.dearer)].join(" · ")
    }

    /// `target` as of any link: another window where it stands in a frame.
    pub fn view(&self, visit: &Visit, target: Option<&'static str>) -> AnyView {
        let locale = visit.locale;
        let slot = &self.sister.slot;
        let time = format::time_range(locale, slot.starts_at, slot.ends_at);
        let day = format::sentence(&format::day(locale, slot.local_date));
        view! {
            <a
                class="slot slot-sister"
                data-state="open"
                href=self.href(visit)
                target=target
                rel=target.map(|_| "noopener")
            >
                <span class="slot-time">
                    <span class="visually-hidden">{day} " "</span>
                    {time} " · " {self.house.clone()}
                    <span class="slot-note">{self.notes(locale)}</span>
                </span>
                <span class="slot-left">{t::book_there(locale)}</span>
            </a>
        }
        .into_any()
    }
}

/// "12 minutes' walk", "3.2 km away".
pub fn way(locale: Locale, sister: &Sister) -> String {
    sister.walk_minutes().map_or_else(
        || {
            let km = format!("{:.1}", sister.metres / 1000.0);
            t::away(locale, locale.writing().decimal(&km))
        },
        |minutes| t::walk(locale, minutes),
    )
}

/// "same price", "20,000 ₫ more".
pub fn price(locale: Locale, dearer: i64) -> String {
    let amount = Dong(dearer.abs()).display(locale);
    match dearer {
        0 => t::same_price(locale).to_owned(),
        1.. => t::dearer(locale, amount),
        _ => t::cheaper(locale, amount),
    }
}

/// The list with its heading; nothing where there is none.
pub fn section(visit: &Visit, neighbours: &[Neighbour]) -> Option<AnyView> {
    let locale = visit.locale;
    let items: Vec<_> =
        neighbours.iter().map(|one| view! { <li>{one.view(visit, None)}</li> }).collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="sisters">
                <h2 class="panel-title" id="sisters">{t::sisters(locale)}</h2>
                <p class="soft">{t::sisters_lead(locale)}</p>
                <ul class="slot-list">{items}</ul>
            </section>
        }
        .into_any()
    })
}

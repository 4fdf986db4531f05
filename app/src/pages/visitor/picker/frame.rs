//! The picker in a frame of somebody else's page: the month first, the party folded, and departures
//! that lead out of the frame, because whoever books needs a window of ours with its address in sight.

use engine::Locale;
use engine::booking::counted;
use engine::catalogue::{Catalogue, Tour};
use engine::schedule::{Slot, availability};
use engine::store::{Conn, StoreError};
use leptos::prelude::*;

use super::Picker;
use crate::context::Visit;
use crate::pages::visitor::embed::in_frame;
use crate::t;
use crate::ui::field::Hidden;
use crate::ui::format;
use crate::ui::icon::icon;

impl Picker {
    /// The month of the next departure; this one where there is none.
    pub(super) async fn first_month(
        &self,
        conn: &mut Conn,
        catalogue: &Catalogue,
        tour: &Tour,
        months: &[(i32, u32)],
    ) -> Result<Option<(i32, u32)>, StoreError> {
        let option = Some(self.option.id);
        let now = self.now;
        let next =
            availability::next_departures(conn, catalogue, tour.id, option, now, 1, now).await?;
        let next = next.first().map(|slot| super::month_of(slot.local_date));
        Ok(next.filter(|month| months.contains(month)).or_else(|| months.first().copied()))
    }

    pub fn in_frame(&self, visit: &Visit) -> impl IntoView + use<> {
        let locale = visit.locale;
        view! {
            <section class="stack" aria-labelledby="book-title">
                <h2 class="visually-hidden" id="book-title">{t::tour::choose(locale)}</h2>
                {self.option_links(visit)}
                {self.folded_party(visit)}
                {self.warning(visit)}
                <h3 class="visually-hidden">{t::tour::when(locale)}</h3>
                {self.calendar.as_ref().map(|calendar| self.month(visit, calendar))}
                <div class="picker" id="day">{self.days(visit)}</div>
                <p class="price-note">{t::tour::price_note(locale, self.hold_minutes)}</p>
                {self.groups(visit)}
            </section>
        }
    }

    /// Who comes, in a line; opened, the form of the tour's page.
    fn folded_party(&self, visit: &Visit) -> Option<impl IntoView + use<>> {
        let frame = self.frame.as_ref()?;
        let locale = visit.locale;
        let words: Vec<String> = self
            .party
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(unit, count)| counted(locale, unit.kind, *count))
            .collect();
        let look: Vec<_> = frame
            .pairs()
            .into_iter()
            .map(|(name, value)| view! { <Hidden name=name value=value/> })
            .collect();
        Some(view! {
            <details class="embed-party">
                <summary>
                    {icon("people")} <span>{format::commas(locale, &words)}</span>
                    <span class="embed-change">{t::embed::change(locale)}</span>
                </summary>
                <form class="form" action=visit.link(&in_frame(&self.path)) method="get">
                    <Hidden name="option" value=self.option.slug.clone()/>
                    {look}
                    {self.shown_part()}
                    {self.party_fields(locale)}
                </form>
            </details>
        })
    }

    /// A departure: a link to the booking's first step, with the party, in a window of its own.
    pub(super) fn way_out(
        &self,
        locale: Locale,
        slot: &Slot,
        state: &'static str,
        book: &str,
        inside: AnyView,
    ) -> AnyView {
        let query = serde_html_form::to_string(self.pairs(&self.option, &[])).unwrap_or_default();
        let href = format!("{book}?{query}");
        view! {
            <a class="slot" data-state=state href=href target="_blank" rel="noopener">
                {inside}
                <span class="slot-book">
                    {t::embed::book(locale, format::time(locale, slot.starts_at))}
                    <span class="visually-hidden">" " {t::embed::new_tab(locale)}</span>
                </span>
            </a>
        }
        .into_any()
    }
}

//! The slot picker of a tour's page: option, party, days, departures. One GET form whose slots are
//! buttons, so that the party travels along as typed, without script.
//!
//! In a frame of somebody else's page it is a month whose departures lead out of the frame.

mod choice;
mod days;
mod frame;
mod month;
mod party;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use engine::catalogue::{Catalogue, Sharing, Tour, TourOption};
use engine::clock::local_date;
use engine::schedule::availability::{self, Day, DayState};
use engine::schedule::{Slot, slots};
use engine::store::{Conn, StoreError};
use leptos::prelude::*;

pub use self::choice::Choice;
use self::choice::{Party, party, seats};
use self::month::{Calendar, month_word};
use super::embed::{Framed, in_frame};
use super::sisters::{self, Neighbour};
use crate::context::Visit;
use crate::t;
use crate::ui::icon::icon;

/// Departures read for the list, and days shown of them.
const LIMIT: u32 = 24;
const DAYS: usize = 4;
/// Full departures for which sister workshops are looked at.
const NEXT_DOOR: usize = 6;

/// Everything the picker shows, read and counted.
#[derive(Debug)]
pub struct Picker {
    /// Of the tour's page, without the language.
    path: String,
    tour: Tour,
    frame: Option<Framed>,
    options: Vec<(TourOption, bool)>,
    option: TourOption,
    party: Party,
    people: i32,
    sharing: Sharing,
    max_party: i32,
    min_to_run: i32,
    calendar: Option<Calendar>,
    slots: Vec<Slot>,
    /// What sister workshops have where these are full: the first of each.
    sisters: Vec<Neighbour>,
    after: Option<NaiveDate>,
    later: Option<NaiveDate>,
    today: NaiveDate,
    now: DateTime<Utc>,
    hold_minutes: i64,
}

impl Picker {
    /// None when the tour has no option that can be booked.
    pub async fn load(
        conn: &mut Conn,
        catalogue: &Catalogue,
        tour: &Tour,
        choice: &Choice,
        now: DateTime<Utc>,
        hold_minutes: i64,
    ) -> Result<Option<Self>, StoreError> {
        let wanted = |option: &&TourOption| Some(&option.slug) == choice.option.as_ref();
        let chosen = tour.open_options().find(wanted).or_else(|| tour.open_options().next());
        let Some(option) = chosen.cloned() else {
            return Ok(None);
        };
        let party = party(tour, &option, choice);
        let seats = party.iter().map(|(unit, count)| seats(unit, *count)).sum::<i32>().max(1);
        let today = local_date(now);
        let mut picker = Self {
            path: format!("/tours/{}", tour.slug),
            tour: tour.clone(),
            frame: choice.frame.clone(),
            options: tour
                .open_options()
                .map(|other| (other.clone(), other.id == option.id))
                .collect(),
            people: seats,
            party,
            sharing: tour.sharing,
            max_party: tour.max_party,
            min_to_run: tour.min_to_run,
            calendar: None,
            slots: Vec::new(),
            sisters: Vec::new(),
            after: choice.after.filter(|after| *after > today),
            later: None,
            today,
            now,
            hold_minutes,
            option,
        };
        let months: Vec<(i32, u32)> = availability::months(now).collect();
        let asked = choice.month.or_else(|| choice.date.map(month_of));
        let asked = asked.filter(|month| months.contains(month));
        let shown = match asked {
            None if picker.frame.is_some() => {
                picker.first_month(conn, catalogue, tour, &months).await?
            }
            asked => asked,
        };
        match shown {
            Some(month) => {
                picker.load_month(conn, catalogue, tour, &months, month, choice.date).await?;
            }
            None => picker.load_list(conn, catalogue, tour).await?,
        }
        picker.load_sisters(conn, catalogue).await?;
        Ok(Some(picker))
    }

    /// Looks next door for the first departures shown that are full.
    async fn load_sisters(
        &mut self,
        conn: &mut Conn,
        catalogue: &Catalogue,
    ) -> Result<(), StoreError> {
        let wish: Vec<_> = self.party.iter().filter(|(_, count)| *count > 0).collect();
        let wish: Vec<_> = wish.into_iter().map(|(unit, count)| (unit.kind, *count)).collect();
        let full = |slot: &&Slot| {
            let open = slot.is_open(self.now);
            open && slot.left_for(self.sharing, self.now) < self.people
        };
        let mut found = Vec::new();
        for slot in self.slots.iter().filter(full).take(NEXT_DOOR) {
            let all = sisters::neighbours(conn, catalogue, slot, &wish, self.now).await?;
            found.extend(all.into_iter().take(1));
        }
        self.sisters = found;
        Ok(())
    }

    async fn load_month(
        &mut self,
        conn: &mut Conn,
        catalogue: &Catalogue,
        tour: &Tour,
        months: &[(i32, u32)],
        month: (i32, u32),
        date: Option<NaiveDate>,
    ) -> Result<(), StoreError> {
        let option = Some(self.option.id);
        let days =
            availability::month(conn, catalogue, tour.id, option, month, self.people, self.now)
                .await?;
        let at = months.iter().position(|other| *other == month).unwrap_or(0);
        let first = |month: Option<&(i32, u32)>| {
            month.and_then(|(year, month)| NaiveDate::from_ymd_opt(*year, *month, 1))
        };
        let bookable = |day: &&Day| matches!(day.state, DayState::Free | DayState::Few);
        let chosen = date
            .filter(|date| days.iter().any(|day| day.date == *date))
            .or_else(|| days.iter().find(bookable).map(|day| day.date));
        if let Some(chosen) = chosen {
            self.slots = slots::of_tour(conn, tour.id, chosen, chosen)
                .await?
                .into_iter()
                .filter(|slot| slot.option_id == self.option.id && slot.starts_at > self.now)
                .collect();
        }
        self.calendar = Some(Calendar {
            first: first(Some(&month)).unwrap_or(self.today),
            before: first(at.checked_sub(1).and_then(|at| months.get(at))),
            next: first(months.get(at + 1)),
            days,
            chosen,
        });
        Ok(())
    }

    async fn load_list(
        &mut self,
        conn: &mut Conn,
        catalogue: &Catalogue,
        tour: &Tour,
    ) -> Result<(), StoreError> {
        let midnight = |date| engine::clock::venue_instant(date, chrono::NaiveTime::MIN);
        let after = self.after.and_then(midnight).unwrap_or(self.now);
        let option = Some(self.option.id);
        let found =
            availability::next_departures(conn, catalogue, tour.id, option, after, LIMIT, self.now)
                .await?;
        let mut days: Vec<NaiveDate> = found.iter().map(|slot| slot.local_date).collect();
        days.dedup();
        self.later = days.get(DAYS).copied();
        let last = days.get(..DAYS).unwrap_or(&days).last().copied();
        self.slots = found.into_iter().filter(|slot| Some(slot.local_date) <= last).collect();
        Ok(())
    }

    /// Whether some departure shown has places, for structured data.
    pub fn available(&self) -> bool {
        let free_day = |day: &Day| matches!(day.state, DayState::Free | DayState::Few);
        let free_slot = |slot: &Slot| slot.left_for(self.sharing, self.now) > 0;
        self.calendar.as_ref().is_some_and(|calendar| calendar.days.iter().any(free_day))
            || self.slots.iter().any(free_slot)
    }

    fn too_large(&self) -> bool {
        self.people > self.max_party
    }

    /// The address of this page with another part of the choice.
    fn link(&self, visit: &Visit, option: &TourOption, more: &[(&str, String)]) -> String {
        let mut pairs = self.pairs(option, more);
        let (path, part) = match &self.frame {
            None => (self.path.clone(), "#book"),
            Some(frame) => {
                pairs.extend(frame.pairs());
                // Departures stand below the month.
                let day = more.iter().any(|(key, _)| *key == "date");
                (in_frame(&self.path), if day { "#day" } else { "" })
            }
        };
        let query = serde_html_form::to_string(pairs).unwrap_or_default();
        format!("{}?{query}{part}", visit.link(&path))
    }

    /// `target` of links to other pages: out of a frame, the whole window is theirs.
    fn target(&self) -> Option<&'static str> {
        self.frame.as_ref().map(|_| "_blank")
    }

    /// Where a group asks the workshop, with what was chosen here.
    fn enquiry(&self, visit: &Visit) -> String {
        let day = self.calendar.as_ref().and_then(|calendar| calendar.chosen).or(self.after);
        let day = day.map(|day| ("date", day.to_string()));
        let pairs = self.pairs(&self.option, day.as_slice());
        let query = serde_html_form::to_string(pairs).unwrap_or_default();
        format!("{}?{query}", visit.link(&format!("{}/enquiry", self.path)))
    }

    /// What was chosen, with this option.
    fn pairs(&self, option: &TourOption, more: &[(&str, String)]) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> = vec![("option".into(), option.slug.clone())];
        for (unit, count) in &self.party {
            // The same kind of guest in the other option.
            let id = option.open_units().find(|other| other.kind == unit.kind).map(|unit| unit.id);
            if let Some(id) = id {
                pairs.push((id.to_string(), count.to_string()));
            }
        }
        pairs.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        pairs
    }

    pub fn view(&self, visit: &Visit) -> impl IntoView + use<> {
        let locale = visit.locale;
        view! {
            <aside class="split-aside panel" aria-labelledby="book-title" id="book">
                <h2 class="panel-title" id="book-title">{t::tour::choose(locale)}</h2>
                {self.option_links(visit)}
                <form class="form" action=format!("{}#book", visit.link(&self.path)) method="get">
                    <input type="hidden" name="option" value=self.option.slug.clone()/>
                    {self.shown_part()}
                    {self.party_fields(locale)}
                    {self.warning(visit)}
                    <div class="picker">
                        {self.picker_head(visit)}
                        {self.calendar.as_ref().map(|calendar| self.month(visit, calendar))}
                        {self.days(visit)}
                        {self.pages(visit)}
                    </div>
                    <p class="price-note">{t::tour::price_note(locale, self.hold_minutes)}</p>
                </form>
                {self.groups(visit)}
            </aside>
        }
    }

    /// Said where the party is larger than the tour takes.
    fn warning(&self, visit: &Visit) -> Option<impl IntoView + use<>> {
        let locale = visit.locale;
        let words = t::tour::too_large(locale, i64::from(self.max_party));
        self.too_large().then(|| {
            view! { <div class="notice" data-tone="info"><p>{words} " " {self.ask(visit)}</p></div> }
        })
    }

    /// The way of groups to the workshop.
    fn groups(&self, visit: &Visit) -> impl IntoView + use<> {
        let words = t::tour::large(visit.locale, i64::from(self.max_party));
        view! { <p class="small">{words} " " {self.ask(visit)}</p> }
    }

    fn ask(&self, visit: &Visit) -> impl IntoView + use<> {
        let (href, target) = (self.enquiry(visit), self.target());
        let rel = target.map(|_| "noopener");
        view! { <a href=href target=target rel=rel>{t::tour::large_link(visit.locale)}</a> }
    }

    /// Keeps month or day when the party is sent again.
    fn shown_part(&self) -> Option<impl IntoView + use<>> {
        let calendar = self.calendar.as_ref()?;
        let day = calendar
            .chosen
            .map_or_else(|| ("month", month_word(calendar.first)), |day| ("date", day.to_string()));
        Some(view! { <input type="hidden" name=day.0 value=day.1/> })
    }

    fn picker_head(&self, visit: &Visit) -> impl IntoView + use<> {
        let locale = visit.locale;
        let monthly = self.calendar.is_some();
        let day = self.slots.first().map_or(self.today, |slot| slot.local_date);
        let list = self.link(visit, &self.option, &[]);
        let month = self.link(visit, &self.option, &[("month", month_word(day))]);
        view! {
            <div class="picker-head">
                <h3 class="panel-title">{t::tour::when(locale)}</h3>
                <nav class="segments" aria-label=t::tour::views(locale)>
                    <a href=list aria-current=(!monthly).then_some("true")>
                        {icon("list")}
                        {t::tour::list(locale)}
                    </a>
                    <a href=month aria-current=monthly.then_some("true")>
                        {icon("calendar")}
                        {t::tour::month(locale)}
                    </a>
                </nav>
            </div>
        }
    }
}

fn month_of(date: NaiveDate) -> (i32, u32) {
    (date.year(), date.month())
}

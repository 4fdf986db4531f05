//! The slot picker of a tour's page: option, party, days, departures. One GET form whose slots are
//! buttons, so that the party travels along as typed, without script.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use engine::catalogue::{Catalogue, Sharing, Tour, TourOption, Unit, UnitKind};
use engine::clock::local_date;
use engine::schedule::availability::{self, Day, DayState, FEW};
use engine::schedule::{RunState, Slot, slots};
use engine::store::{Conn, StoreError};
use engine::{Dong, Locale, UnitId};
use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::format;
use crate::ui::icon::icon;

/// Departures read for the list, and days shown of them.
const LIMIT: u32 = 24;
const DAYS: usize = 4;

/// What the address says of the picker.
#[derive(Debug, Default)]
pub struct Choice {
    option: Option<String>,
    month: Option<(i32, u32)>,
    date: Option<NaiveDate>,
    after: Option<NaiveDate>,
    adults: Option<u32>,
    children: Option<u32>,
    units: HashMap<UnitId, u32>,
}

impl Choice {
    /// Reads the query; what does not fit is passed over.
    pub fn parse(query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_html_form::from_str(query).unwrap_or_default();
        let mut choice = Self::default();
        for (key, value) in pairs {
            match key.as_str() {
                "option" => choice.option = Some(value),
                "month" => choice.month = parse_month(&value),
                "date" => choice.date = value.parse().ok(),
                "after" => choice.after = value.parse().ok(),
                "adults" => choice.adults = value.parse().ok(),
                "children" => choice.children = value.parse().ok(),
                _ => {
                    if let (Ok(id), Ok(count)) = (key.parse(), value.parse()) {
                        choice.units.insert(id, count);
                    }
                }
            }
        }
        choice
    }
}

fn parse_month(text: &str) -> Option<(i32, u32)> {
    let first: NaiveDate = format!("{text}-01").parse().ok()?;
    Some((first.year(), first.month()))
}

/// How many of a unit.
type Party = Vec<(Unit, u32)>;

/// Everything the picker shows, read and counted.
#[derive(Debug)]
pub struct Picker {
    path: String,
    options: Vec<(TourOption, bool)>,
    option: TourOption,
    party: Party,
    people: i32,
    sharing: Sharing,
    max_party: i32,
    min_to_run: i32,
    calendar: Option<Calendar>,
    slots: Vec<Slot>,
    after: Option<NaiveDate>,
    later: Option<NaiveDate>,
    today: NaiveDate,
    now: DateTime<Utc>,
    hold_minutes: i64,
}

#[derive(Debug)]
struct Calendar {
    first: NaiveDate,
    before: Option<NaiveDate>,
    next: Option<NaiveDate>,
    days: Vec<Day>,
    chosen: Option<NaiveDate>,
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
            after: choice.after.filter(|after| *after > today),
            later: None,
            today,
            now,
            hold_minutes,
            option,
        };
        let months: Vec<(i32, u32)> = availability::months(now).collect();
        let asked = choice.month.or_else(|| choice.date.map(|date| (date.year(), date.month())));
        match asked.filter(|month| months.contains(month)) {
            Some(month) => {
                picker.load_month(conn, catalogue, tour, &months, month, choice.date).await?;
            }
            None => picker.load_list(conn, catalogue, tour).await?,
        }
        Ok(Some(picker))
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
        let mut pairs: Vec<(String, String)> = vec![("option".into(), option.slug.clone())];
        for (unit, count) in &self.party {
            // The same kind of guest in the other option.
            let id = option.open_units().find(|other| other.kind == unit.kind).map(|unit| unit.id);
            if let Some(id) = id {
                pairs.push((id.to_string(), count.to_string()));
            }
        }
        pairs.extend(more.iter().map(|(key, value)| ((*key).to_owned(), value.clone())));
        let query = serde_html_form::to_string(pairs).unwrap_or_default();
        format!("{}?{query}#book", visit.link(&self.path))
    }

    pub fn view(&self, visit: &Visit) -> impl IntoView + use<> {
        let locale = visit.locale;
        let enquiry = "#seller-title";
        let warning = self.too_large().then(|| {
            let words = t::tour::too_large(locale, i64::from(self.max_party));
            view! {
                <div class="notice" data-tone="info">
                    <p>{words} " " <a href=enquiry>{t::tour::large_link(locale)}</a></p>
                </div>
            }
        });
        view! {
            <aside class="split-aside panel" aria-labelledby="book-title" id="book">
                <h2 class="panel-title" id="book-title">{t::tour::choose(locale)}</h2>
                {self.option_links(visit)}
                <form class="form" action=format!("{}#book", visit.link(&self.path)) method="get">
                    <input type="hidden" name="option" value=self.option.slug.clone()/>
                    {self.shown_part()}
                    {self.party_fields(locale)}
                    {warning}
                    <div class="picker">
                        {self.picker_head(visit)}
                        {self.calendar.as_ref().map(|calendar| self.month(visit, calendar))}
                        {self.days(visit)}
                        {self.pages(visit)}
                    </div>
                    <p class="price-note">{t::tour::price_note(locale, self.hold_minutes)}</p>
                </form>
                <p class="small">
                    {t::tour::large(locale, i64::from(self.max_party))} " "
                    <a href=enquiry>{t::tour::large_link(locale)}</a>
                </p>
            </aside>
        }
    }

    /// Keeps month or day when the party is sent again.
    fn shown_part(&self) -> Option<impl IntoView + use<>> {
        let calendar = self.calendar.as_ref()?;
        let day = calendar
            .chosen
            .map_or_else(|| ("month", month_word(calendar.first)), |day| ("date", day.to_string()));
        Some(view! { <input type="hidden" name=day.0 value=day.1/> })
    }

    fn option_links(&self, visit: &Visit) -> Option<impl IntoView + use<>> {
        if self.options.len() < 2 {
            return None;
        }
        let locale = visit.locale;
        let month = self.calendar.as_ref().map(|calendar| ("month", month_word(calendar.first)));
        let links = self
            .options
            .iter()
            .map(|(option, chosen)| {
                let href = self.link(visit, option, month.as_slice());
                let price = lead_price(option).map(|price| price.display(locale));
                view! {
                    <li>
                        <a class="choice" href=href aria-current=chosen.then_some("true")>
                            <span class="choice-title">{option.title.text(locale).to_owned()}</span>
                            <span class="choice-price">{price}</span>
                            <span class="choice-note">
                                {format::duration(locale, option.duration_minutes)}
                            </span>
                        </a>
                    </li>
                }
            })
            .collect_view();
        Some(view! {
            <nav aria-label=t::tour::option(locale)>
                <ul class="choice-list choice-links">{links}</ul>
            </nav>
        })
    }

    fn party_fields(&self, locale: Locale) -> impl IntoView + use<> {
        let rows = self
            .party
            .iter()
            .map(|(unit, count)| {
                let id = unit.id.to_string();
                let note = [format::unit_note(locale, unit), Some(unit.price.display(locale))]
                    .into_iter()
                    .flatten()
                    .collect::<Vec<_>>()
                    .join(" · ");
                view! {
                    <div class="party-row">
                        <label class="party-label" for=id.clone()>
                            {format::unit_kind(locale, unit.kind)}
                            <span class="party-note">{note}</span>
                        </label>
                        <div class="stepper">
                            <input
                                class="stepper-input"
                                id=id.clone()
                                name=id
                                type="number"
                                inputmode="numeric"
                                min="0"
                                max="200"
                                value=count.to_string()
                            />
                        </div>
                    </div>
                }
            })
            .collect_view();
        view! {
            <fieldset class="fieldset">
                <legend>{t::tour::your_party(locale)}</legend>
                <div class="party">{rows}</div>
                {self.price_lines(locale)}
                <button class="btn btn-small" type="submit">{t::tour::update(locale)}</button>
            </fieldset>
        }
    }

    fn price_lines(&self, locale: Locale) -> impl IntoView + use<> {
        let mut total = Dong::ZERO;
        let lines = self
            .party
            .iter()
            .filter(|(_, count)| *count > 0)
            .map(|(unit, count)| {
                let price = unit.price.times(*count).unwrap_or_default();
                total += price;
                let what = format::unit_kind(locale, unit.kind);
                let words = t::tour::times(locale, i64::from(*count), what);
                view! { <div><dt>{words}</dt><dd>{price.display(locale)}</dd></div> }
            })
            .collect_view();
        view! {
            <dl class="price-lines">
                {lines}
                <div class="price-total">
                    <dt>{t::tour::total(locale)}</dt>
                    <dd>{total.display(locale)}</dd>
                </div>
            </dl>
        }
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

    fn days(&self, visit: &Visit) -> AnyView {
        let locale = visit.locale;
        if self.slots.is_empty() {
            return view! { <p class="soft">{t::tour::none(locale)}</p> }.into_any();
        }
        self.slots
            .chunk_by(|a, b| a.local_date == b.local_date)
            .filter_map(|slots| Some((slots.first()?.local_date, slots)))
            .map(|(date, slots)| {
                let slots = slots
                    .iter()
                    .map(|slot| view! { <li>{self.slot(visit, slot)}</li> })
                    .collect_view();
                view! {
                    <div class="day-group">
                        <h4 class="day-head">
                            <time datetime=date.to_string()>
                                {format::relative_day(locale, date, self.today)}
                            </time>
                            " " <span class="lunar">{format::lunar(locale, date)}</span>
                        </h4>
                        <ul class="slot-list">{slots}</ul>
                    </div>
                }
            })
            .collect_view()
            .into_any()
    }

    fn slot(&self, visit: &Visit, slot: &Slot) -> AnyView {
        let locale = visit.locale;
        let time = format::time_range(slot.starts_at, slot.ends_at);
        let name = format!("{}, {time}", format::day(locale, slot.local_date));
        let open = slot.status == engine::schedule::SlotStatus::Open && self.now < slot.closes_at;
        let left = slot.left_for(self.sharing, self.now);
        if !open {
            return view! {
                <div class="slot" data-state="closed">
                    <span class="slot-time">{time}</span>
                    <span class="slot-left">{t::tour::closed(locale)}</span>
                </div>
            }
            .into_any();
        }
        if left < self.people {
            let why = if left == 0 {
                t::tour::full(locale).to_owned()
            } else {
                let why = t::tour::too_few(locale, i64::from(self.people));
                format!("{}, {why}", format::sentence(&format::seats_left(locale, left)))
            };
            let href = visit.link(&format!("/waitlist/{}", slot.id));
            return view! {
                <div class="slot" data-state="full">
                    <span class="slot-time">{time}</span>
                    <span class="slot-left">
                        {why} " · "
                        <a href=href aria-label=t::tour::waitlist_label(locale, name)>
                            {t::tour::waitlist(locale)}
                        </a>
                    </span>
                </div>
            }
            .into_any();
        }
        let day = format::day(locale, slot.local_date);
        let words = match self.sharing {
            Sharing::Shared => format::seats_left(locale, left),
            Sharing::Private => t::catalogue::private_group(locale).to_owned(),
        };
        let missing = self.min_to_run - slot.taken - self.people;
        let note = (slot.run_state != RunState::Runs && missing > 0).then(
            || view! { <span class="slot-note">{t::tour::low(locale, i64::from(missing))}</span> },
        );
        let state = match () {
            () if note.is_some() => "low",
            () if left <= FEW && self.sharing == Sharing::Shared => "few",
            () => "open",
        };
        view! {
            <button
                class="slot"
                data-state=state
                type="submit"
                formaction=visit.link(&format!("/book/{}", slot.id))
            >
                <span class="slot-time">
                    <span class="visually-hidden">{t::tour::book_label(locale, day)} " "</span>
                    {time}
                    {note}
                </span>
                <span class="slot-left">{words}</span>
            </button>
        }
        .into_any()
    }

    fn pages(&self, visit: &Visit) -> AnyView {
        let locale = visit.locale;
        let earlier = self.after.filter(|_| self.calendar.is_none()).map(|_| {
            let href = self.link(visit, &self.option, &[]);
            view! { <a class="btn btn-small picker-more" href=href>{t::tour::earlier(locale)}</a> }
        });
        let later = self.later.map(|date| {
            let href = self.link(visit, &self.option, &[("after", date.to_string())]);
            view! { <a class="btn btn-small picker-more" href=href>{t::tour::later(locale)}</a> }
        });
        view! { {earlier} {later} }.into_any()
    }

    fn month(&self, visit: &Visit, calendar: &Calendar) -> impl IntoView + use<> {
        let locale = visit.locale;
        let title = format::month(locale, calendar.first);
        let turn = |month: Option<NaiveDate>, arrow: &'static str| {
            month.map_or_else(
                || view! { <span class="btn-icon"></span> }.into_any(),
                |month| {
                    let href = self.link(visit, &self.option, &[("month", month_word(month))]);
                    let label = format::month(locale, month);
                    view! { <a class="btn btn-icon" href=href aria-label=label>{icon(arrow)}</a> }
                        .into_any()
                },
            )
        };
        let week = engine::clock::week_start(self.today);
        let heads = (0..7)
            .map(|ahead| (week + TimeDelta::days(ahead)).weekday())
            .map(|day| {
                let full = format::sentence(format::weekday(locale, day));
                view! {
                    <th scope="col"><abbr title=full>{format::weekday_short(locale, day)}</abbr></th>
                }
            })
            .collect_view();
        let lead = calendar.first.weekday().num_days_from_monday() as usize;
        let mut cells: Vec<AnyView> = (0..lead).map(|_| view! { <td></td> }.into_any()).collect();
        cells.extend(calendar.days.iter().map(|day| self.cell(visit, calendar, day)));
        while !cells.len().is_multiple_of(7) {
            cells.push(view! { <td></td> }.into_any());
        }
        let mut rows = Vec::new();
        let mut cells = cells.into_iter().peekable();
        while cells.peek().is_some() {
            let week: Vec<AnyView> = cells.by_ref().take(7).collect();
            rows.push(view! { <tr>{week}</tr> });
        }
        view! {
            <div class="cal-wrap">
                <div class="cal-head">
                    {turn(calendar.before, "chevron-left")} <h4 class="cal-title">{title.clone()}</h4>
                    {turn(calendar.next, "chevron-right")}
                </div>
                <table class="cal">
                    <caption>{t::tour::cal_caption(locale, title)}</caption>
                    <thead>
                        <tr>{heads}</tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                <ul class="cal-key">
                    <li data-state="open">{t::tour::key_open(locale)}</li>
                    <li data-state="few">{t::tour::key_few(locale)}</li>
                    <li data-state="full">{t::tour::key_full(locale)}</li>
                </ul>
            </div>
        }
    }

    fn cell(&self, visit: &Visit, calendar: &Calendar, day: &Day) -> AnyView {
        let locale = visit.locale;
        let name = format::sentence(&format::day(locale, day.date));
        let left = match self.sharing {
            Sharing::Shared => format::seats_left(locale, day.left),
            Sharing::Private => t::catalogue::private_group(locale).to_owned(),
        };
        let (state, words, label) = match day.state {
            DayState::Closed if day.date < self.today => ("past", String::new(), String::new()),
            DayState::Closed => ("closed", t::tour::day_off(locale).to_owned(), String::new()),
            DayState::Full => {
                ("full", t::tour::full_short(locale).to_owned(), t::tour::cal_full(locale, name))
            }
            DayState::Few | DayState::Free => {
                let label = t::tour::cal_day(locale, name, day.departures, left);
                let words = match self.sharing {
                    Sharing::Shared => t::tour::left_short(locale, i64::from(day.left)),
                    Sharing::Private => String::new(),
                };
                (if day.state == DayState::Few { "few" } else { "open" }, words, label)
            }
        };
        let first = day.date == calendar.first;
        let spoken = (!label.is_empty()).then_some("true");
        let inside = view! {
            <span class="cal-num" aria-hidden=spoken>{day.date.day().to_string()}</span>
            <span class="cal-lunar" aria-hidden=spoken>
                {format::lunar_brief(locale, day.date, first)}
            </span>
            {(!words.is_empty())
                .then(|| view! { <span class="cal-left" aria-hidden=spoken>{words}</span> })}
        };
        let today = (day.date == self.today).then_some("");
        if label.is_empty() {
            return view! {
                <td><span class="cal-day" data-state=state data-today=today>{inside}</span></td>
            }
            .into_any();
        }
        let href = self.link(visit, &self.option, &[("date", day.date.to_string())]);
        let chosen = (calendar.chosen == Some(day.date)).then_some("date");
        view! {
            <td>
                <a class="cal-day" data-state=state data-today=today href=href aria-current=chosen>
                    <span class="visually-hidden">{label}</span>
                    {inside}
                </a>
            </td>
        }
        .into_any()
    }
}

fn month_word(date: NaiveDate) -> String {
    date.format("%Y-%m").to_string()
}

fn seats(unit: &Unit, count: u32) -> i32 {
    unit.seats.saturating_mul(i32::try_from(count).unwrap_or(i32::MAX))
}

/// The price an option leads with: the adult's, or the first.
fn lead_price(option: &TourOption) -> Option<Dong> {
    let adult = option.open_units().find(|unit| unit.kind == UnitKind::Adult);
    adult.or_else(|| option.open_units().next()).map(|unit| unit.price)
}

/// The party that the address names, by unit or by adults and children; else two adults, or as
/// many as the tour asks for.
fn party(tour: &Tour, option: &TourOption, choice: &Choice) -> Party {
    const MOST: u32 = 200;
    let named = |unit: &Unit| {
        // The count may have been given for the same kind of guest in another option.
        let same = tour.open_options().flat_map(TourOption::open_units);
        let mut same = same.filter(|other| other.kind == unit.kind);
        let by_kind = match unit.kind {
            UnitKind::Adult => choice.adults,
            UnitKind::Child => choice.children,
            _ => None,
        };
        let exact = choice.units.get(&unit.id).copied();
        exact.or_else(|| same.find_map(|other| choice.units.get(&other.id).copied())).or(by_kind)
    };
    let mut party: Party = option
        .open_units()
        .map(|unit| (unit.clone(), named(unit).unwrap_or(0).min(MOST)))
        .collect();
    if party.iter().all(|(_, count)| *count == 0)
        && let Some((_, count)) = party.first_mut()
    {
        let usual = 2.clamp(tour.min_party, tour.max_party.max(tour.min_party));
        *count = u32::try_from(usual).unwrap_or(1);
    }
    party
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_choice_is_read_leniently() {
        let choice = Choice::parse("option=nan&month=2026-13&date=2026-12-05&adults=2&x=y");
        assert_eq!(choice.option.as_deref(), Some("nan"));
        assert_eq!(choice.month, None);
        assert_eq!(choice.date, NaiveDate::from_ymd_opt(2026, 12, 5));
        assert_eq!((choice.adults, choice.children), (Some(2), None));
        assert_eq!(parse_month("2026-12"), Some((2026, 12)));
    }
}

//! One opening rule: added, changed, ended.

use axum::extract::{Path, State};
use axum::response::Response;
use chrono::Weekday;
use engine::OptionId;
use engine::schedule::{
    Closure, LunarDays, Opening, Rule, ScheduleChange, Season, Times, Weekdays, closures_of,
    rules_of,
};
use engine::store::TimeOfDay;
use leptos::prelude::*;

use super::editor;
use super::hits::{self, Ended, Outlook};
use super::{venue_now, words};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::weekday_toggles;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::pages::host::words as host_words;
use crate::render::Page;
use crate::t::host;
use crate::t::schedule as t;
use crate::ui::field::{ErrorSummary, FieldError, Select, TextField};
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String)>;

/// The rule that `?id=` names, if any; one of another workshop is not found.
async fn edited(app: &App, desk: &Desk, visit: &Visit) -> Result<Option<Rule>, PageError> {
    let Some(id) = editor::edited(visit)? else { return Ok(None) };
    let rules = rules_of(&mut app.store.read().await?, desk.id()).await?;
    rules.into_iter().find(|rule| rule.id == id).map(Some).ok_or(PageError::NotFound)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let rule = edited(&app, &desk, &visit).await?;
    let form = rule.as_ref().map_or_else(|| blank(&desk, &visit), filled);
    answer(&app, &visit, desk, rule, form, Problems::default(), None).await
}

/// A new rule begins with the option's own number of seats.
fn blank(desk: &Desk, visit: &Visit) -> Form {
    let option = Form::of_query(&visit.query).text("option").to_owned();
    let known = option.parse::<OptionId>().ok().and_then(|id| desk.catalogue.option(id));
    let capacity = known.map_or_else(String::new, |(_, option)| option.capacity.to_string());
    Form::of_pairs(vec![("option".into(), option), ("capacity".into(), capacity)])
}

fn filled(rule: &Rule) -> Form {
    let opening = &rule.opening;
    let list = |items: Vec<String>| items.join(", ");
    let mut pairs: Vec<(String, String)> = opening
        .weekdays
        .0
        .iter()
        .map(|day| ("wd".to_owned(), day.to_string().to_lowercase()))
        .collect();
    let (season_from, season_to) = opening.season.map(Season::words).unwrap_or_default();
    let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string());
    let fields = [
        ("option", rule.option_id.to_string()),
        ("lunar", list(opening.lunar_days.0.iter().map(ToString::to_string).collect())),
        ("times", list(opening.times.0.iter().map(ToString::to_string).collect())),
        ("season_from", words::day_month(&season_from)),
        ("season_to", words::day_month(&season_to)),
        ("from", date(opening.valid_from).unwrap_or_default()),
        ("to", date(opening.valid_to).unwrap_or_default()),
        ("capacity", opening.capacity.to_string()),
        ("guide", opening.guide.clone()),
    ];
    pairs.extend(fields.map(|(name, value)| (name.to_owned(), value)));
    Form::of_pairs(pairs)
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let rule = edited(&app, &desk, &visit).await?;
    let mut problems = Problems::default();
    let ending = editor::ends(&form);
    let change = match (&rule, ending) {
        (Some(rule), true) => Some(ScheduleChange::DeleteRule(rule.id)),
        (None, true) => return Err(PageError::NotFound),
        (rule, false) => {
            let id = rule.as_ref().map(|rule| rule.id);
            parse(&desk, &visit, &form, &mut problems)
                .map(|(option, opening)| ScheduleChange::SaveRule { id, option, opening })
        }
    };
    let outlook = match hits::carry_out(&app, &visit, &desk, change, &form, &mut problems).await? {
        Ended::Saved(back) => return Ok(back),
        Ended::Again(outlook) => outlook,
    };
    let form = match (&rule, ending) {
        (Some(rule), true) => editor::refilled(&filled(rule), &form),
        _ => form,
    };
    answer(&app, &visit, desk, rule, form, problems, outlook).await
}

/// "4, 10 14" as numbers; None where a part is none.
pub fn lunar_numbers(text: &str) -> Option<Vec<u8>> {
    parts(text).map(|part| part.parse().ok()).collect()
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    // "1 và 15" is how the page itself writes days.
    let parts = text.split([',', ';', ' ']).map(str::trim);
    parts.filter(|part| !part.is_empty() && !matches!(*part, "và" | "and"))
}

/// "9:00", "09:00", "9h", "9h30".
pub fn time_of_day(text: &str) -> Option<TimeOfDay> {
    let text = text.trim().replace(['h', 'H', '.'], ":");
    let (hour, minute) = text.split_once(':').unwrap_or((&text, ""));
    let minute = if minute.is_empty() { "0" } else { minute };
    TimeOfDay::new(hour.parse().ok()?, minute.parse().ok()?)
}

/// "15/11" as "11-15".
fn month_day(text: &str) -> Option<String> {
    let (day, month) = text.trim().split_once(['/', '-', '.'])?;
    let (day, month): (u32, u32) = (day.trim().parse().ok()?, month.trim().parse().ok()?);
    Some(format!("{month:02}-{day:02}"))
}

/// A date that may be left out. None when it is there and none.
pub fn optional_date(text: &str) -> Option<Option<chrono::NaiveDate>> {
    if text.trim().is_empty() { Some(None) } else { host_words::date(text).map(Some) }
}

fn parse(
    desk: &Desk,
    visit: &Visit,
    form: &Form,
    problems: &mut Problems,
) -> Option<(OptionId, Opening)> {
    let locale = visit.locale;
    let option = form.text("option").parse::<OptionId>().ok().filter(|id| {
        desk.catalogue.option(*id).is_some_and(|(tour, _)| tour.workshop_id == desk.id())
    });
    if option.is_none() {
        problems.add("option", host::error_option(locale));
    }
    let weekdays: Vec<Weekday> =
        form.all("wd").filter_map(|day| day.parse::<Weekday>().ok()).collect();
    let lunar = lunar_numbers(form.text("lunar"));
    if lunar.is_none() {
        problems.add("lunar", t::error_lunar(locale));
    }
    let times: Option<Vec<TimeOfDay>> = parts(form.text("times")).map(time_of_day).collect();
    let times = times.filter(|times| !times.is_empty());
    if times.is_none() {
        problems.add("times", t::error_times(locale));
    }
    let (from, to) = (form.text("season_from"), form.text("season_to"));
    let season = if from.trim().is_empty() && to.trim().is_empty() {
        Some(None)
    } else {
        Season::parse(month_day(from).as_deref(), month_day(to).as_deref()).map(Some)
    };
    if season.is_none() {
        problems.add("season_from", t::error_season(locale));
    }
    let (valid_from, valid_to) = (optional_date(form.text("from")), optional_date(form.text("to")));
    if valid_from.is_none() {
        problems.add("from", host::error_date(locale));
    }
    if valid_to.is_none() {
        problems.add("to", host::error_date(locale));
    }
    let capacity = form.text("capacity").trim().parse::<i32>().ok();
    if capacity.is_none() {
        problems.add("capacity", t::error_capacity(locale));
    }
    let opening = Opening {
        weekdays: Weekdays(weekdays),
        lunar_days: LunarDays(lunar?),
        times: Times(times?),
        season: season?,
        valid_from: valid_from?,
        valid_to: valid_to?,
        capacity: capacity?,
        guide: form.text("guide").trim().chars().take(120).collect(),
    };
    option.map(|option| (option, opening))
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    rule: Option<Rule>,
    form: Form,
    problems: Problems,
    outlook: Option<Box<Outlook>>,
) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let closures = closures_of(&mut conn, desk.id()).await?;
    drop(conn);
    let locale = visit.locale;
    let now = venue_now(app);
    let title = if rule.is_some() { t::edit_rule(locale) } else { t::add_rule(locale) };
    let shop = desk.workshop()?.clone();
    let status = editor::status(outlook.as_deref(), &form, &problems);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let visit = &inner;
        let id = rule.as_ref().map(|rule| format!("?id={}", rule.id)).unwrap_or_default();
        let action = format!("{}{id}", at(visit, &shop, "/schedule/rule"));
        let back = at(visit, &shop, "/schedule");
        // What is typed in words, as soon as it makes sense.
        let meaning = parse(&desk, visit, &form, &mut Problems::default());
        let meaning = meaning.filter(|_| outlook.is_some()).map(|(option, opening)| {
            let tour = desk.catalogue.option(option).map(|(tour, _)| tour.id);
            let shut: Vec<&Closure> = closures
                .iter()
                .filter(|each| tour.is_some_and(|tour| each.concerns(tour)))
                .collect();
            view! {
                <section class="panel stack-s" aria-labelledby="meaning">
                    <h2 class="panel-title" id="meaning">{words::opening(locale, &opening)}</h2>
                    <p>{words::opening_details(locale, &opening)}</p>
                    <p>{words::next_departures(locale, &opening, &shut, now)}</p>
                </section>
            }
        });
        let look = outlook.map(|look| hits::panel(visit, &desk, &look, &action, &form, &problems));
        let end = rule
            .is_some()
            .then(|| editor::end(&action, t::end_rule(locale), t::end_rule_hint(locale)));
        let body = view! {
            {breadcrumb(locale, vec![(back.clone(), t::title(locale).to_owned())])}
            <h1>{title}</h1>
            <ErrorSummary locale problems=problems.clone()/>
            {look} {meaning}
            {fields(visit, &desk, &form, &problems, &action, &back)}
            {end}
        };
        frame(visit, Some(&shop), Tab::Schedule, body)
    }))
}

fn fields(
    visit: &Visit,
    desk: &Desk,
    form: &Form,
    problems: &Problems,
    action: &str,
    back: &str,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let options = desk.option_choices(locale, |option| !desk.is_course(option.id));
    let ticked: Vec<String> = form.all("wd").map(str::to_owned).collect();
    view! {
        <form class="form panel" method="post" action=action.to_owned() novalidate>
            <Select locale name="option" label=host::tour(locale) options value=value("option") error=error("option")/>
            <fieldset class="fieldset" aria-describedby="days-error">
                <legend>{t::weekdays(locale)}</legend>
                {weekday_toggles(locale, "wd", "days", &ticked)}
                <FieldError id="days" text=error("days")/>
            </fieldset>
            <TextField locale name="lunar" label=t::lunar_field(locale) hint=t::lunar_hint(locale)
                value=value("lunar") error=error("lunar") optional=true/>
            <TextField locale name="times" label=t::times(locale) hint=t::times_hint(locale)
                value=value("times") error=error("times")/>
            <div class="field-row">
                <TextField locale name="capacity" label=host::capacity(locale) kind="number" inputmode="numeric"
                    min="1" value=value("capacity") error=error("capacity")/>
                <TextField locale name="guide" label=host::guide(locale) value=value("guide") optional=true/>
            </div>
            <fieldset class="fieldset">
                <legend>{t::season(locale)} " " <span class="optional">{crate::t::form::optional(locale)}</span></legend>
                <p class="field-hint">{t::season_hint(locale)}</p>
                <div class="field-row">
                    <TextField locale name="season_from" label=t::season_from(locale) value=value("season_from") error=error("season_from") optional=true/>
                    <TextField locale name="season_to" label=t::season_to(locale) value=value("season_to") error=error("season_to") optional=true/>
                </div>
            </fieldset>
            <div class="field-row">
                <TextField locale name="from" label=t::valid_from(locale) kind="date" value=value("from") error=error("from") optional=true/>
                <TextField locale name="to" label=t::valid_to(locale) kind="date" value=value("to") error=error("to") optional=true/>
            </div>
            {editor::buttons(locale, back)}
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_days_are_read_as_people_write_them() {
        let at = |hour, minute| TimeOfDay::new(hour, minute);
        assert_eq!(time_of_day("9:00"), at(9, 0));
        assert_eq!(time_of_day("9h30"), at(9, 30));
        assert_eq!(time_of_day("14h"), at(14, 0));
        assert_eq!((time_of_day("25:00"), time_of_day("x")), (None, None));
        assert_eq!(month_day("15/11").as_deref(), Some("11-15"));
        assert_eq!(month_day("1.3").as_deref(), Some("03-01"));
        assert_eq!(lunar_numbers("4, 10;14"), Some(vec![4, 10, 14]));
        assert_eq!(lunar_numbers("rằm"), None);
        assert_eq!(optional_date(""), Some(None));
        assert_eq!(optional_date("2026-02-30"), None);
    }
}

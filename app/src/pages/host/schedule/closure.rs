//! One closure: by dates, by a lunar range of each year, or by days of each lunar month; whole
//! days or hours.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::schedule::lunar::LunarDay;
use engine::schedule::{Closure, DayRule, Hours, LunarDays, ScheduleChange, closures_of};
use engine::{Localized, TourId};
use leptos::prelude::*;

use super::editor;
use super::hits::{self, Ended, Outlook};
use super::rule::{lunar_numbers, time_of_day};
use super::{venue_now, words};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::pages::host::words as host_words;
use crate::render::Page;
use crate::t::host;
use crate::t::schedule as t;
use crate::ui::day_rule;
use crate::ui::field::{ErrorSummary, Hidden, Select, TextField};
use crate::ui::layout::{Head, breadcrumb};

type At = Path<(String, String)>;

/// Kinds of closures, as forms name them.
const DATES: &str = "dates";
const LUNAR: &str = "lunar";
const MONTHLY: &str = "monthly";

/// Longest reason kept, in characters.
const MAX_REASON: usize = 200;

/// The closure that `?id=` names, if any; one of another workshop is not found.
async fn edited(app: &App, desk: &Desk, visit: &Visit) -> Result<Option<Closure>, PageError> {
    let Some(id) = editor::edited(visit)? else { return Ok(None) };
    let closures = closures_of(&mut app.store.read().await?, desk.id()).await?;
    closures.into_iter().find(|closure| closure.id == id).map(Some).ok_or(PageError::NotFound)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let closure = edited(&app, &desk, &visit).await?;
    let form = closure.as_ref().map_or_else(|| Form::of_query(&visit.query), filled);
    answer(&app, &visit, &desk, closure.as_ref(), form, Problems::default(), None)
}

fn filled(closure: &Closure) -> Form {
    let mut fields = vec![
        ("reason_vi", closure.reason.vi.clone()),
        ("reason_en", closure.reason.en.clone()),
        ("tour", closure.tour_id.map(|tour| tour.to_string()).unwrap_or_default()),
    ];
    match &closure.rule {
        DayRule::Dates { from, to } => fields.extend([
            ("kind", DATES.to_owned()),
            ("from", from.to_string()),
            ("to", to.to_string()),
        ]),
        DayRule::LunarRange { from, to } => fields.extend([
            ("kind", LUNAR.to_owned()),
            ("from", from.to_string()),
            ("to", to.to_string()),
        ]),
        DayRule::LunarDays(days) => {
            let days: Vec<String> = days.0.iter().map(ToString::to_string).collect();
            fields.extend([("kind", MONTHLY.to_owned()), ("days", days.join(", "))]);
        }
    }
    if let Some(hours) = closure.hours {
        fields.extend([("time_from", hours.from.to_string()), ("time_to", hours.to.to_string())]);
    }
    Form::of_pairs(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let closure = edited(&app, &desk, &visit).await?;
    let mut problems = Problems::default();
    let ending = editor::ends(&form);
    let change = match (&closure, ending) {
        (Some(closure), true) => Some(ScheduleChange::DeleteClosure(closure.id)),
        (None, true) => return Err(PageError::NotFound),
        (closure, false) => {
            parse(&desk, &visit, &form, &mut problems).map(|typed| ScheduleChange::SaveClosure {
                id: closure.as_ref().map(|closure| closure.id),
                tour: typed.tour,
                reason: typed.reason,
                rule: typed.rule,
                hours: typed.hours,
            })
        }
    };
    let outlook = match hits::carry_out(&app, &visit, &desk, change, &form, &mut problems).await? {
        Ended::Saved(back) => return Ok(back),
        Ended::Again(outlook) => outlook,
    };
    let form = match (&closure, ending) {
        (Some(closure), true) => editor::refilled(&filled(closure), &form),
        _ => form,
    };
    answer(&app, &visit, &desk, closure.as_ref(), form, problems, outlook)
}

/// A closure as it was typed.
struct Typed {
    tour: Option<TourId>,
    reason: Localized,
    rule: DayRule,
    hours: Option<Hours>,
}

fn parse(desk: &Desk, visit: &Visit, form: &Form, problems: &mut Problems) -> Option<Typed> {
    let locale = visit.locale;
    let tour = match form.text("tour") {
        "" => Some(None),
        id => id
            .parse::<TourId>()
            .ok()
            .filter(|id| desk.catalogue.tour(*id).is_some_and(|tour| tour.workshop_id == desk.id()))
            .map(Some),
    };
    if tour.is_none() {
        problems.add("tour", host::error_option(locale));
    }
    let rule = days(visit, form, problems);
    let (from, to) = (form.text("time_from"), form.text("time_to"));
    let hours = if from.trim().is_empty() && to.trim().is_empty() {
        Some(None)
    } else {
        let hours = time_of_day(from).zip(time_of_day(to));
        hours.map(|(from, to)| Some(Hours { from, to }))
    };
    if hours.is_none() {
        problems.add("time_to", t::error_hours(locale));
    }
    let cut = |text: &str| text.trim().chars().take(MAX_REASON).collect::<String>();
    let reason = Localized { vi: cut(form.text("reason_vi")), en: cut(form.text("reason_en")) };
    if reason.vi.is_empty() && reason.en.is_empty() {
        problems.add("reason_vi", t::error_reason(locale));
    }
    let (tour, rule, hours) = (tour?, rule?, hours?);
    problems.is_empty().then_some(Typed { tour, reason, rule, hours })
}

fn days(visit: &Visit, form: &Form, problems: &mut Problems) -> Option<DayRule> {
    let locale = visit.locale;
    // One day is a range that ends where it begins.
    let end = |from: &str| match form.text("to").trim() {
        "" => from.to_owned(),
        to => to.to_owned(),
    };
    let from = form.text("from").trim().to_owned();
    match form.text("kind") {
        LUNAR => {
            let (first, last) = (from.parse::<LunarDay>(), end(&from).parse::<LunarDay>());
            if first.is_err() {
                problems.add("from", t::error_lunar_day(locale));
            } else if last.is_err() {
                problems.add("to", t::error_lunar_day(locale));
            }
            Some(DayRule::LunarRange { from: first.ok()?, to: last.ok()? })
        }
        MONTHLY => {
            let days = lunar_numbers(form.text("days")).filter(|days| !days.is_empty());
            if days.is_none() {
                problems.add("days", t::error_lunar(locale));
            }
            Some(DayRule::LunarDays(LunarDays(days?)))
        }
        _ => {
            let (first, last) = (host_words::date(&from), host_words::date(&end(&from)));
            if first.is_none() {
                problems.add("from", host::error_date(locale));
            } else if last.is_none() {
                problems.add("to", host::error_date(locale));
            }
            Some(DayRule::Dates { from: first?, to: last? })
        }
    }
}

fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    closure: Option<&Closure>,
    form: Form,
    problems: Problems,
    outlook: Option<Box<Outlook>>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let (today, _) = venue_now(app);
    let title = if closure.is_some() { t::edit_closure(locale) } else { t::add_closure(locale) };
    let shop = desk.workshop()?.clone();
    let status = editor::status(outlook.as_deref(), &form, &problems);
    let (inner, desk) = (visit.clone(), desk.clone());
    let id = closure.map(|closure| closure.id);
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let visit = &inner;
        let query = id.map(|id| format!("?id={id}")).unwrap_or_default();
        let address = at(visit, &shop, "/schedule/closure");
        let action = format!("{address}{query}");
        let back = at(visit, &shop, "/schedule");
        let meaning = parse(&desk, visit, &form, &mut Problems::default());
        let meaning = meaning.filter(|_| outlook.is_some()).map(|typed| {
            view! {
                <section class="panel stack-s" aria-labelledby="meaning">
                    <h2 class="panel-title" id="meaning">{words::closure(locale, &typed.rule, typed.hours)}</h2>
                    <p>{day_rule::details(locale, &typed.rule, today)}</p>
                </section>
            }
        });
        let look = outlook.map(|look| hits::panel(visit, &desk, &look, &action, &form, &problems));
        let now = match form.text("kind") {
            LUNAR => LUNAR,
            MONTHLY => MONTHLY,
            _ => DATES,
        };
        let kinds = id.is_none().then(|| {
            let kinds = [
                (DATES, t::kind_dates(locale)),
                (LUNAR, t::kind_lunar(locale)),
                (MONTHLY, t::kind_monthly(locale)),
            ];
            let links: Vec<_> = kinds
                .into_iter()
                .map(|(kind, words)| {
                    let here = (kind == now).then_some("true");
                    view! { <a href=format!("{address}?kind={kind}") aria-current=here>{words}</a> }
                })
                .collect();
            view! { <nav class="segments" aria-label=t::kinds(locale)>{links}</nav> }
        });
        let end = id
            .map(|_| editor::end(&action, t::end_closure(locale), t::end_closure_hint(locale)));
        let body = view! {
            {breadcrumb(locale, vec![(back.clone(), t::title(locale).to_owned())])}
            <h1>{title}</h1>
            <ErrorSummary locale problems=problems.clone()/>
            {look} {meaning} {kinds}
            {fields(visit, &desk, &form, &problems, now, &action, &back)}
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
    kind: &'static str,
    action: &str,
    back: &str,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let mut tours = vec![(String::new(), t::all_tours(locale).to_owned())];
    tours.extend(
        desk.catalogue
            .all_tours_of(desk.id())
            .map(|tour| (tour.id.to_string(), tour.title.text(locale).to_owned())),
    );
    let days = match kind {
        MONTHLY => view! {
            <TextField locale name="days" label=t::monthly_days(locale) hint=t::lunar_hint(locale)
                value=value("days") error=error("days")/>
        }
        .into_any(),
        LUNAR => view! {
            <div class="field-row">
                <TextField locale name="from" label=t::lunar_from(locale) hint=t::lunar_day_hint(locale)
                    value=value("from") error=error("from")/>
                <TextField locale name="to" label=t::lunar_to(locale) hint=t::same_day_hint(locale)
                    value=value("to") error=error("to") optional=true/>
            </div>
        }
        .into_any(),
        _ => view! {
            <div class="field-row">
                <TextField locale name="from" label=t::closed_from(locale) kind="date" value=value("from") error=error("from")/>
                <TextField locale name="to" label=t::closed_to(locale) kind="date"
                    value=value("to") error=error("to") optional=true/>
            </div>
        }
        .into_any(),
    };
    view! {
        <form class="form panel" method="post" action=action.to_owned() novalidate>
            <Hidden name="kind" value=kind/>
            {days}
            <fieldset class="fieldset">
                <legend>{t::hours(locale)} " " <span class="optional">{crate::t::form::optional(locale)}</span></legend>
                <p class="field-hint">{t::hours_hint(locale)}</p>
                <div class="field-row">
                    <TextField locale name="time_from" label=t::hours_from(locale) kind="time" value=value("time_from") error=error("time_from") optional=true/>
                    <TextField locale name="time_to" label=t::hours_to(locale) kind="time" value=value("time_to") error=error("time_to") optional=true/>
                </div>
            </fieldset>
            <Select locale name="tour" label=t::which_tours(locale) options=tours value=value("tour") error=error("tour") optional=true/>
            <div class="two-languages">
                <TextField locale name="reason_vi" label=t::reason_vi(locale) value=value("reason_vi") error=error("reason_vi")/>
                <TextField locale name="reason_en" label=t::reason_en(locale) value=value("reason_en") optional=true/>
            </div>
            {editor::buttons(locale, back)}
        </form>
    }
}

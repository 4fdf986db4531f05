//! What a tour's options need of machines, kilns and rooms. A section of the tour's editor.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::{Tour, TourOption};
use engine::resource::{
    Basis, Need, NeedEntry, Resource, ResourceError, SetNeeds, Short, Timing, needs_of_option,
    set_needs, usable_by,
};
use engine::{Locale, NeedId, OptionId, ResourceId};
use leptos::prelude::*;

use super::{of_resource, short, words};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::enter_saves;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::question::forced;
use crate::pages::host::tours::head::{Section, head, to};
use crate::pages::host::tours::open;
use crate::render::Page;
use crate::t::host;
use crate::t::resource as t;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type At = Path<(String, String, String)>;

/// Needs of one option that a form can hold.
const MAX_ROWS: usize = 12;

/// One need as it was typed.
#[derive(Debug, Clone, Default)]
struct Row {
    id: String,
    basis: String,
    amount: String,
    timing: String,
    /// from_minute, to_minute, from_day, to_day
    times: [String; 4],
    choices: Vec<String>,
}

const TIMES: [&str; 4] = ["from_minute", "to_minute", "from_day", "to_day"];

impl Row {
    fn blank(option: &TourOption) -> Self {
        let minutes = option.duration_minutes.to_string();
        Self {
            basis: Basis::Person.to_string(),
            amount: "1".into(),
            timing: "during".into(),
            times: ["0".into(), minutes, "1".into(), "10".into()],
            ..Self::default()
        }
    }

    fn of(need: &Need, option: &TourOption) -> Self {
        let mut row = Self::blank(option);
        row.id = need.id.to_string();
        row.basis = need.basis.to_string();
        row.amount = need.amount.to_string();
        match need.timing {
            Timing::During { from, to } => {
                row.times[0] = from.to_string();
                row.times[1] = to.to_string();
            }
            Timing::After { from_day, to_day } => {
                row.timing = "after".into();
                row.times[2] = from_day.to_string();
                row.times[3] = to_day.to_string();
            }
        }
        row.choices = need.choices.iter().map(ToString::to_string).collect();
        row
    }

    fn read(form: &Form, name: &str) -> Option<Self> {
        let text = |part: &str| form.text(&format!("{name}.{part}")).to_owned();
        form.has(&format!("{name}.basis")).then(|| Self {
            id: text("id"),
            basis: text("basis"),
            amount: text("amount"),
            timing: text("timing"),
            times: TIMES.map(text),
            choices: form.all(&format!("{name}.choices")).map(str::to_owned).collect(),
        })
    }

    /// None when something is no number or names nothing.
    fn entry(&self) -> Option<NeedEntry> {
        let number = |text: &str| text.trim().parse::<i32>().ok();
        let [from, to, from_day, to_day] = &self.times;
        let timing = if self.timing == "after" {
            Timing::After { from_day: number(from_day)?, to_day: number(to_day)? }
        } else {
            Timing::During { from: number(from)?, to: number(to)? }
        };
        let choices: Option<Vec<ResourceId>> =
            self.choices.iter().map(|id| id.parse().ok()).collect();
        Some(NeedEntry {
            id: self.id.parse::<NeedId>().ok(),
            basis: Basis::parse(&self.basis)?,
            amount: number(&self.amount)?,
            timing,
            choices: choices?,
        })
    }
}

type Rows = Vec<(OptionId, Vec<Row>)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let mut conn = app.store.read().await?;
    let mut rows = Vec::new();
    for option in tour.open_options() {
        let needs = needs_of_option(&mut conn, option.id).await?;
        rows.push((option.id, needs.iter().map(|need| Row::of(need, option)).collect()));
    }
    drop(conn);
    answer(&app, &visit, &desk, &tour, rows, Answer::default()).await
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let mut rows: Rows = tour
        .open_options()
        .enumerate()
        .map(|(at, option)| {
            let of_option = (0..MAX_ROWS).map_while(|n| Row::read(&form, &format!("o{at}.n{n}")));
            (option.id, of_option.collect())
        })
        .collect();
    if change_rows(&tour, &mut rows, form.text("do")) {
        return answer(&app, &visit, &desk, &tour, rows, Answer::default()).await;
    }
    let (entries, problems) = entries(visit.locale, &rows);
    if !problems.is_empty() {
        let answered = Answer { problems, ..Answer::default() };
        return answer(&app, &visit, &desk, &tour, rows, answered).await;
    }
    let command = (visit.actor.clone(), entries, forced(&form));
    let saved = app
        .store
        .write("save needs", command, |tx, (actor, entries, force)| {
            Box::pin(async move {
                for (at, (option, needs)) in entries.into_iter().enumerate() {
                    let set = SetNeeds { actor: actor.clone(), option, needs, force };
                    set_needs(tx, set).await.map_err(|error| Failed { at, error })?;
                }
                Ok::<_, Failed>(())
            })
        })
        .await;
    match saved {
        Ok(()) => {
            let back = to(&visit, desk.workshop()?, &tour, Section::Needs);
            Ok(see(&format!("{back}?saved=1")))
        }
        Err(Failed { error: ResourceError::Short(hit), .. }) => {
            let answered = Answer { hit, form: Some(form), ..Answer::default() };
            answer(&app, &visit, &desk, &tour, rows, answered).await
        }
        Err(Failed { at, error: ResourceError::Fields(fields) }) => {
            let mut problems = Problems::default();
            for field in fields {
                if let engine::resource::ResourceField::Need(row) = field {
                    problems.add(format!("o{at}.n{row}.amount"), t::error_need(visit.locale));
                }
            }
            let answered = Answer { problems, ..Answer::default() };
            answer(&app, &visit, &desk, &tour, rows, answered).await
        }
        Err(Failed { error, .. }) => Err(of_resource(error)),
    }
}

/// An error and the option, counted from 0, whose needs it is about.
struct Failed {
    at: usize,
    error: ResourceError,
}

impl From<engine::store::StoreError> for Failed {
    fn from(error: engine::store::StoreError) -> Self {
        Self { at: 0, error: error.into() }
    }
}

fn entries(locale: Locale, rows: &Rows) -> (Vec<(OptionId, Vec<NeedEntry>)>, Problems) {
    let mut problems = Problems::default();
    let entries = rows
        .iter()
        .enumerate()
        .map(|(at, (option, rows))| {
            let of_option = rows.iter().enumerate().filter_map(|(n, row)| {
                let entry = row.entry();
                if entry.is_none() {
                    problems.add(format!("o{at}.n{n}.amount"), t::error_need(locale));
                }
                entry
            });
            (*option, of_option.collect())
        })
        .collect();
    (entries, problems)
}

/// Does what a button asks of the rows; false when it asks to save.
fn change_rows(tour: &Tour, rows: &mut Rows, act: &str) -> bool {
    let numbers: Vec<usize> = act.split('-').filter_map(|part| part.parse().ok()).collect();
    match (act.split('-').next(), numbers.as_slice()) {
        (Some("add"), [at]) => {
            let Some((id, rows)) = rows.get_mut(*at) else { return true };
            rows.extend(tour.option(*id).map(Row::blank));
        }
        (Some("drop"), [at, row]) => {
            if let Some((_, rows)) = rows.get_mut(*at).filter(|(_, rows)| *row < rows.len()) {
                rows.remove(*row);
            }
        }
        _ => return false,
    }
    true
}

/// What the page tells besides the rows.
#[derive(Default)]
struct Answer {
    problems: Problems,
    hit: Vec<Short>,
    /// As it was sent, where the page asks back.
    form: Option<Form>,
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    tour: &Tour,
    rows: Rows,
    answered: Answer,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let usable = usable_by(&mut app.store.read().await?, desk.id()).await?;
    let Answer { problems, hit, form } = answered;
    let shop = desk.workshop()?.clone();
    let status = match () {
        () if !problems.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        () if !hit.is_empty() => StatusCode::CONFLICT,
        () => StatusCode::OK,
    };
    let page = to(visit, &shop, tour, Section::Needs);
    let question =
        form.map(|form| short::question(locale, desk, &hit, &form, &page, &page).into_any());
    let (tour, inner, unopened) = (tour.clone(), visit.clone(), desk.unopened);
    let title = format!("{} · {}", t::needs(locale), tour.title.text(locale));
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let options: Vec<_> = rows
            .iter()
            .enumerate()
            .filter_map(|(at, (id, rows))| {
                let option = tour.option(*id)?;
                Some(option_panel(locale, &page, (at, option), rows, &usable, &problems))
            })
            .collect();
        let board = at(&inner, &shop, "/resources");
        let form = if usable.is_empty() {
            view! {
                <p>{t::needs_no_resources(locale)} " " <a href=board>{t::title(locale)}</a></p>
            }
            .into_any()
        } else {
            view! {
                <form class="form" method="post" action=page.clone() novalidate>
                    {enter_saves(locale)}
                    <p class="field-hint">{t::needs_text(locale)}</p>
                    {options}
                    <div class="actions"><button class="btn btn-primary" name="save" value="1">{host::save(locale)}</button></div>
                </form>
            }
            .into_any()
        };
        let body = view! {
            {head(&inner, &shop, &tour, Section::Needs, unopened)}
            <ErrorSummary locale problems=problems.clone()/>
            {question} {form}
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}

fn option_panel(
    locale: Locale,
    page: &str,
    (at, option): (usize, &TourOption),
    rows: &[Row],
    usable: &[Resource],
    problems: &Problems,
) -> impl IntoView + use<> {
    let needs: Vec<_> = rows
        .iter()
        .enumerate()
        .map(|(n, row)| need(locale, page, (at, n), row, usable, problems))
        .collect();
    let none = rows.is_empty().then(|| view! { <p class="soft">{t::needs_none(locale)}</p> });
    let next = format!("{page}#o{at}.n{}.amount", rows.len());
    view! {
        <fieldset class="fieldset panel option-edit" id=format!("o{at}")>
            <legend>{option.title.text(locale).to_owned()}</legend>
            {none} {needs}
            <div>
                <button class="btn btn-small" name="do" value=format!("add-{at}") formaction=next>
                    {icon("plus")}{t::add_need(locale)}
                </button>
            </div>
        </fieldset>
    }
}

fn need(
    locale: Locale,
    page: &str,
    (option, at): (usize, usize),
    row: &Row,
    usable: &[Resource],
    problems: &Problems,
) -> impl IntoView + use<> {
    let name = |part: &str| format!("o{option}.n{at}.{part}");
    let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
    let bases = vec![
        (Basis::Person.to_string(), t::basis_person(locale).to_owned()),
        (Basis::Departure.to_string(), t::basis_departure(locale).to_owned()),
    ];
    let timings = vec![
        ("during".to_owned(), t::during(locale).to_owned()),
        ("after".to_owned(), t::after(locale).to_owned()),
    ];
    let labels =
        [t::from_minute(locale), t::to_minute(locale), t::from_day(locale), t::to_day(locale)];
    let time = |n: usize| {
        view! {
            <TextField locale name=name(TIMES[n]) label=labels[n] inputmode="numeric" value=row.times[n].clone()/>
        }
    };
    let choices: Vec<_> = usable
        .iter()
        .filter(|it| it.active || row.choices.contains(&it.id.to_string()))
        .map(|it| {
            let id = it.id.to_string();
            let checked = row.choices.contains(&id);
            let words = format!(
                "{} ({})",
                words::name(locale, it),
                words::amount(locale, it.kind, it.quantity)
            );
            view! {
                <label class="toggle">
                    <input type="checkbox" name=name("choices") value=id checked=checked/>
                    <span>{format::sentence(&words)}</span>
                </label>
            }
        })
        .collect();
    let error = problems.of(&name("amount"));
    view! {
        <fieldset class="need-edit">
            <legend class="panel-title">{t::need_number(locale, number)}</legend>
            <Hidden name=name("id") value=row.id.clone()/>
            <div class="field-row">
                <Select locale name=name("basis") label=t::basis(locale) options=bases value=row.basis.clone()/>
                <TextField locale name=name("amount") label=t::amount(locale) inputmode="numeric" value=row.amount.clone() error=error/>
            </div>
            <fieldset class="field">
                <legend class="field-label">{t::choices(locale)}</legend>
                <p class="field-hint">{t::choices_hint(locale)}</p>
                <div class="toggles">{choices}</div>
                <FieldError id=name("choices") text=problems.of(&name("choices"))/>
            </fieldset>
            <Select locale name=name("timing") label=t::timing(locale) options=timings value=row.timing.clone()/>
            <div class="field-row" data-when="during">{time(0)}{time(1)}</div>
            <div class="field-row" data-when="after">{time(2)}{time(3)}</div>
            <div>
                <button class="btn btn-small btn-danger" name="do" value=format!("drop-{option}-{at}")
                    formaction=format!("{page}#o{option}")>{icon("trash")}{t::drop_need(locale)}
                    <span class="visually-hidden">" "{number}</span></button>
            </div>
        </fieldset>
    }
}

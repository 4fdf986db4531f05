//! What can be booked of a tour and what it costs. Rows are added and removed by buttons that
//! send the form: all that was typed comes back with one row more or less.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::edit::{OptionInput, Options, SaveOptions, UnitInput, save_options};
use engine::catalogue::{Tour, TourOption, Unit, UnitKind};
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::head::{Section, head, to};
use super::intro::save_bar;
use super::{open, preview};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, enter_saves, in_both, of_edit, problems, texts};
use crate::pages::host::frame::{Desk, Tab, frame, see};
use crate::render::Page;
use crate::t::edit as t;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type At = Path<(String, String, String)>;

/// Rows read of a form; the engine refuses far fewer.
const MAX_ROWS: usize = 40;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let mut rows: Vec<OptionInput> =
        tour.open_options().map(|option| as_input(visit.locale, option)).collect();
    if rows.is_empty() {
        rows.push(blank());
    }
    answer(&visit, &desk, &tour, rows, Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let mut rows = read(&form);
    if change_rows(&mut rows, form.text("do")) {
        return answer(&visit, &desk, &tour, rows, Problems::default());
    }
    let options = match Options::parse(&rows) {
        Ok(options) => options,
        Err(wrongs) => {
            return answer(&visit, &desk, &tour, rows, problems(visit.locale, wrongs));
        }
    };
    if let Some(locale) = preview::asked(&form) {
        let mut shown = tour;
        options.shown_on(&mut shown);
        return preview::page(&app, &visit, &desk, shown, locale).await;
    }
    let command = SaveOptions { actor: visit.actor.clone(), tour: tour.id, options };
    let saved =
        app.store.write("save options", command, |tx, c| Box::pin(save_options(tx, c))).await;
    match saved {
        Ok(saved) => {
            let back = to(&visit, desk.workshop()?, &tour, Section::Prices);
            Ok(see(&format!("{back}?saved=1&kept={}", saved.kept)))
        }
        Err(error) => answer(&visit, &desk, &tour, rows, of_edit(visit.locale, error)?),
    }
}

fn as_input(locale: Locale, option: &TourOption) -> OptionInput {
    OptionInput {
        slug: option.slug.clone(),
        title: option.title.clone(),
        minutes: option.duration_minutes.to_string(),
        capacity: option.capacity.to_string(),
        units: option.open_units().map(|unit| unit_input(locale, unit)).collect(),
    }
}

fn unit_input(locale: Locale, unit: &Unit) -> UnitInput {
    let age = |age: Option<i32>| age.map(|age| age.to_string()).unwrap_or_default();
    UnitInput {
        kind: unit.kind.to_string(),
        min_age: age(unit.min_age),
        max_age: age(unit.max_age),
        // The label names the currency.
        price: unit.price.display(locale).trim_end_matches(['\u{a0}', '₫']).to_owned(),
        seats: unit.seats.to_string(),
    }
}

fn blank() -> OptionInput {
    OptionInput {
        units: vec![UnitInput { kind: UnitKind::Adult.to_string(), ..UnitInput::default() }],
        ..OptionInput::default()
    }
}

fn read(form: &Form) -> Vec<OptionInput> {
    (0..MAX_ROWS)
        .map(|at| format!("o{at}"))
        .take_while(|row| form.has(&format!("{row}.slug")))
        .map(|row| {
            let text = |part: &str| form.text(&format!("{row}.{part}")).to_owned();
            let units = (0..MAX_ROWS)
                .map(|at| format!("u{at}"))
                .take_while(|unit| form.has(&format!("{row}.{unit}.kind")))
                .map(|unit| {
                    let text = |part: &str| text(&format!("{unit}.{part}"));
                    UnitInput {
                        kind: text("kind"),
                        min_age: text("min_age"),
                        max_age: text("max_age"),
                        price: text("price"),
                        seats: text("seats"),
                    }
                })
                .collect();
            OptionInput {
                slug: text("slug"),
                title: texts(form, &format!("{row}.title")),
                minutes: text("minutes"),
                capacity: text("capacity"),
                units,
            }
        })
        .collect()
}

/// Does what a button asks of the rows; false when it asks to save.
fn change_rows(rows: &mut Vec<OptionInput>, act: &str) -> bool {
    let numbers: Vec<usize> = act.split('-').filter_map(|part| part.parse().ok()).collect();
    match (act.trim_end_matches(|c: char| c == '-' || c.is_ascii_digit()), numbers.as_slice()) {
        ("add-option", []) => rows.push(blank()),
        ("drop-option", [at]) if *at < rows.len() => drop(rows.remove(*at)),
        ("up", [at]) if (1..rows.len()).contains(at) => rows.swap(*at, at - 1),
        ("add-unit", [at]) => {
            let Some(row) = rows.get_mut(*at) else { return true };
            let sold = |kind: &&UnitKind| row.units.iter().any(|unit| unit.kind == kind.word());
            let kind = UnitKind::ALL.iter().find(|kind| !sold(kind)).copied();
            let kind = kind.unwrap_or(UnitKind::Adult).to_string();
            row.units.push(UnitInput { kind, ..UnitInput::default() });
        }
        ("drop-unit", [at, unit]) => {
            if let Some(row) = rows.get_mut(*at).filter(|row| *unit < row.units.len()) {
                row.units.remove(*unit);
            }
        }
        _ => return false,
    }
    true
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    tour: &Tour,
    rows: Vec<OptionInput>,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let unopened = desk.unopened;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (tour, inner) = (tour.clone(), visit.clone());
    let title = format!("{} · {}", t::section_prices(locale), tour.title.text(locale));
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let page = to(&inner, &shop, &tour, Section::Prices);
        let options = rows
            .iter()
            .enumerate()
            .map(|(at, row)| option(locale, &page, at, row, &problems))
            .collect_view();
        let next = format!("{page}#o{}.title_vi", rows.len());
        let body = view! {
            {head(&inner, &shop, &tour, Section::Prices, unopened)}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=page.clone() novalidate>
                {enter_saves(locale)}
                <p class="field-hint">{t::prices_hint(locale)}</p>
                <div id="options" class="form">{options}</div>
                <FieldError id="options" text=problems.of("options")/>
                <div>
                    <button class="btn" name="do" value="add-option" formaction=next>
                        {icon("plus")}{t::add_option(locale)}
                    </button>
                </div>
                {save_bar(&inner, &shop, true)}
            </form>
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}

fn option(
    locale: Locale,
    page: &str,
    at: usize,
    row: &OptionInput,
    problems: &Problems,
) -> impl IntoView + use<> {
    let name = |part: &str| format!("o{at}.{part}");
    let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
    let legend = match row.title.text(locale) {
        "" => t::option_number(locale, number),
        title => title.to_owned(),
    };
    let units = row
        .units
        .iter()
        .enumerate()
        .map(|(number, row)| unit(locale, page, (at, number), row, problems))
        .collect_view();
    let up = (at > 0).then(|| {
        let label = t::move_up(locale, &legend);
        view! {
            <button class="btn btn-small btn-icon" name="do" value=format!("up-{at}")
                formaction=format!("{page}#o{}", at - 1) aria-label=label>{icon("chevron-up")}</button>
        }
    });
    let title: Localized = row.title.clone();
    view! {
        <fieldset class="fieldset panel option-edit" id=format!("o{at}")>
            <legend>{legend.clone()}</legend>
            <Hidden name=name("slug") value=row.slug.clone()/>
            {in_both(locale, &name("title"), t::option_title(locale), &title, problems, Look {
                hint: t::option_title_hint(locale), ..Look::default()
            })}
            <div class="field-row">
                <TextField locale name=name("minutes") label=t::minutes(locale) hint=t::minutes_hint(locale) inputmode="numeric" short=true
                    value=row.minutes.clone() error=problems.of(&name("minutes"))/>
                <TextField locale name=name("capacity") label=t::capacity(locale) inputmode="numeric" short=true
                    hint=t::capacity_hint(locale) value=row.capacity.clone() error=problems.of(&name("capacity"))/>
            </div>
            <h3 class="panel-title" id=name("units")>{t::units(locale)}</h3>
            {units}
            <FieldError id=name("units") text=problems.of(&name("units"))/>
            <div class="actions">
                <button class="btn btn-small" name="do" value=format!("add-unit-{at}")
                    formaction=format!("{page}#o{at}.u{}.kind", row.units.len())>
                    {icon("plus")}{t::add_unit(locale)}
                </button>
                {up}
                <button class="btn btn-small btn-danger" name="do" value=format!("drop-option-{at}")
                    formaction=format!("{page}#options")>
                    {icon("trash")}{t::drop_option(locale)}
                    <span class="visually-hidden">{legend}</span>
                </button>
            </div>
        </fieldset>
    }
}

fn unit(
    locale: Locale,
    page: &str,
    (option, at): (usize, usize),
    row: &UnitInput,
    problems: &Problems,
) -> impl IntoView + use<> {
    let name = |part: &str| format!("o{option}.u{at}.{part}");
    let error = |part: &str| problems.of(&name(part));
    let kinds: Vec<(String, String)> = UnitKind::ALL
        .iter()
        .map(|kind| (kind.to_string(), format::unit_kind(locale, *kind).to_owned()))
        .collect();
    let kind = UnitKind::parse(&row.kind).unwrap_or(UnitKind::Adult);
    let drop = t::drop_unit(locale, format::unit_kind(locale, kind));
    view! {
        <div class="price-edit unit-edit">
            <Select locale name=name("kind") label=t::unit_kind(locale) options=kinds
                value=row.kind.clone() error=error("kind")/>
            <TextField locale name=name("price") label=t::price(locale) inputmode="numeric"
                value=row.price.clone() error=error("price")/>
            <TextField locale name=name("min_age") label=t::min_age(locale) inputmode="numeric" optional=true
                value=row.min_age.clone() error=error("min_age")/>
            <TextField locale name=name("max_age") label=t::max_age(locale) inputmode="numeric" optional=true
                value=row.max_age.clone() error=error("max_age")/>
            <TextField locale name=name("seats") label=t::seats(locale) inputmode="numeric" optional=true
                value=row.seats.clone() error=error("seats")/>
            <button class="btn btn-icon btn-danger" name="do" value=format!("drop-unit-{option}-{at}")
                formaction=format!("{page}#o{option}") aria-label=drop>{icon("trash")}</button>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(title: &str) -> OptionInput {
        OptionInput { title: Localized { vi: title.into(), en: String::new() }, ..blank() }
    }

    #[test]
    fn buttons_change_rows_and_nothing_else() {
        let mut rows = vec![row("a"), row("b")];
        let mut act = |name: &str| {
            let changed = change_rows(&mut rows, name);
            let titles: Vec<String> = rows.iter().map(|row| row.title.vi.clone()).collect();
            let units: Vec<usize> = rows.iter().map(|row| row.units.len()).collect();
            (changed, titles.join(""), units)
        };
        assert_eq!(act("add-option"), (true, "ab".into(), vec![1, 1, 1]));
        assert_eq!(act("add-unit-1"), (true, "ab".into(), vec![1, 2, 1]));
        assert_eq!(act("drop-unit-1-0"), (true, "ab".into(), vec![1, 1, 1]));
        assert_eq!(act("up-1"), (true, "ba".into(), vec![1, 1, 1]));
        assert_eq!(act("drop-option-0"), (true, "a".into(), vec![1, 1]));
        for nonsense in ["", "preview-vi", "up-0", "drop-option-9", "drop-option"] {
            assert!(!act(nonsense).0, "{nonsense}");
        }
        assert_eq!(act("drop-unit-7-7"), (true, "a".into(), vec![1, 1]));
    }
}

//! What is made on a tour, and by which steps it is finished. A section of the tour's editor.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::{Tour, TourOption};
use engine::craft::{self, MAX_MATERIALS, Making, MakingInput, SaveMaking, StepInput, StepKind};
use engine::{Locale, OptionId};
use leptos::prelude::*;

use super::head::{Section, head, to};
use super::{open, rows};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, enter_saves, in_both, pairs, texts};
use crate::pages::host::frame::{Desk, Tab, frame, see};
use crate::render::Page;
use crate::t::piece as t;
use crate::t::provenance as tp;
use crate::ui::field::{Checkbox, ErrorSummary, FieldError, Hidden, Radios, Select, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::piece as ui;

type At = Path<(String, String, String)>;

/// Rows read of a form; the engine refuses far fewer.
const MAX_ROWS: usize = 30;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    answer(&app, &visit, &desk, &tour, None, Problems::default()).await
}

/// The form of one option as it was typed.
struct Typed {
    option: OptionId,
    input: MakingInput,
    of_tour: bool,
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let option = form.text("option").parse::<OptionId>().ok();
    let Some(option) = option.filter(|id| tour.option(*id).is_some()) else {
        // Taken off the tour meanwhile.
        return Ok(see(&to(&visit, desk.workshop()?, &tour, Section::Making)));
    };
    let mut typed = Typed { option, input: read(&form), of_tour: form.has("of_tour") };
    let act = form.text("do");
    if act == "open" {
        return answer(&app, &visit, &desk, &tour, Some(typed), Problems::default()).await;
    }
    if let Some(steps) = usual(act) {
        typed.input.way = "steps".into();
        typed.input.steps = steps;
        return answer(&app, &visit, &desk, &tour, Some(typed), Problems::default()).await;
    }
    if rows::change(&mut typed.input.steps, act, || Some(blank())) {
        typed.input.way = "steps".into();
        return answer(&app, &visit, &desk, &tour, Some(typed), Problems::default()).await;
    }
    let making = match typed.input.parse() {
        Ok(making) => making,
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            return answer(&app, &visit, &desk, &tour, Some(typed), wrong).await;
        }
    };
    let command = SaveMaking { actor: visit.actor.clone(), option, making, of_tour: typed.of_tour };
    let done =
        app.store.write("save making", command, |tx, c| Box::pin(craft::save_making(tx, c))).await;
    match done {
        Ok(()) => {
            let back = to(&visit, desk.workshop()?, &tour, Section::Making);
            Ok(see(&format!("{back}?saved=1#o-{option}")))
        }
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            answer(&app, &visit, &desk, &tour, Some(typed), wrong).await
        }
    }
}

fn read(form: &Form) -> MakingInput {
    let steps = (0..MAX_ROWS)
        .map(|at| format!("s{at}"))
        .take_while(|row| form.has(&format!("{row}.kind")))
        .map(|row| StepInput {
            kind: form.text(&format!("{row}.kind")).to_owned(),
            days: form.text(&format!("{row}.days")).to_owned(),
            load: form.has(&format!("{row}.load")),
        })
        .collect();
    MakingInput {
        way: form.text("way").to_owned(),
        steps,
        litres: form.text("litres").to_owned(),
        grams: form.text("grams").to_owned(),
        materials: (0..MAX_MATERIALS)
            .map(|at| (texts(form, &format!("m{at}.name")), texts(form, &format!("m{at}.origin"))))
            .collect(),
    }
}

fn blank() -> StepInput {
    StepInput { kind: StepKind::Finishing.to_string(), days: "1".into(), load: false }
}

/// Steps that most workshops of a craft take, as a beginning.
fn usual(act: &str) -> Option<Vec<StepInput>> {
    let steps: &[(StepKind, i32)] = match act {
        "usual-pottery" => &[
            (StepKind::Drying, 5),
            (StepKind::BisqueFiring, 2),
            (StepKind::Glazing, 1),
            (StepKind::GlazeFiring, 2),
        ],
        "usual-lacquer" => &[
            (StepKind::Drying, 3),
            (StepKind::Priming, 2),
            (StepKind::Lacquering, 5),
            (StepKind::Polishing, 2),
        ],
        _ => return None,
    };
    let row = |(kind, days): &(StepKind, i32)| StepInput {
        kind: kind.to_string(),
        days: days.to_string(),
        load: kind.fires(),
    };
    Some(steps.iter().map(row).collect())
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    tour: &Tour,
    typed: Option<Typed>,
    wrong: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let makings = craft::makings_of(&mut conn, tour.id).await?;
    drop(conn);
    let unopened = desk.unopened;
    let shop = desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (tour, inner) = (tour.clone(), visit.clone());
    let title = format!("{} · {}", t::section_making(locale), tour.title.text(locale));
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let page = to(&inner, &shop, &tour, Section::Making);
        let several = tour.open_options().count() > 1;
        let forms: Vec<_> = tour
            .open_options()
            .map(|option| {
                let making = makings.iter().find(|making| making.option_id == option.id);
                let mine = typed.as_ref().filter(|typed| typed.option == option.id);
                // With several forms on a page only the one that is worked on has names of its own.
                one(locale, &page, option, making, mine, several, &wrong)
            })
            .collect();
        let body = view! {
            {head(&inner, &shop, &tour, Section::Making, unopened)}
            <ErrorSummary locale problems=wrong.clone()/>
            <p class="field-hint">{t::making_lead(locale)}</p>
            {forms}
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}

fn one(
    locale: Locale,
    page: &str,
    option: &TourOption,
    making: Option<&Making>,
    typed: Option<&Typed>,
    several: bool,
    wrong: &Problems,
) -> AnyView {
    let title = option.title.text(locale).to_owned();
    let id = format!("o-{}", option.id);
    // One option at a time is open: names of fields are ids as well.
    if several && typed.is_none() {
        return closed(locale, page, option, making).into_any();
    }
    let own = MakingInput::of(making);
    let input = typed.map_or(&own, |typed| &typed.input);
    let of_tour = typed.is_some_and(|typed| typed.of_tour);
    let ways = vec![
        ("none".to_owned(), t::way_none(locale).to_owned()),
        ("at_once".to_owned(), t::way_at_once(locale).to_owned()),
        ("steps".to_owned(), t::way_steps(locale).to_owned()),
    ];
    let rows: Vec<_> = input
        .steps
        .iter()
        .enumerate()
        .map(|(at, row)| step(locale, page, &id, at, row, wrong))
        .collect();
    let materials: Vec<_> =
        (0..MAX_MATERIALS).map(|at| material(locale, at, input, wrong)).collect();
    let next = format!("{page}#{id}");
    let all = several.then(|| {
        view! { <Checkbox name="of_tour" label=t::of_tour(locale) checked=of_tour/> }
    });
    let error = wrong.of("steps");
    view! {
        <form class="form panel" id=id method="post" action=page.to_owned() novalidate>
            {enter_saves(locale)}
            <Hidden name="option" value=option.id.to_string()/>
            <h2 class="panel-title">{title}</h2>
            <Radios name="way" label=t::what_becomes(locale) options=ways value=input.way.clone()/>
            <fieldset class="fieldset form" id="steps">
                <legend>{t::steps(locale)}</legend>
                {rows}
                <FieldError id="steps" text=error/>
                <div class="actions">
                    <button class="btn" name="do" value="add" formaction=next.clone()>
                        {icon("plus")}{t::add_step(locale)}
                    </button>
                    <button class="btn btn-quiet" name="do" value="usual-pottery" formaction=next.clone()>
                        {t::usual_pottery(locale)}
                    </button>
                    <button class="btn btn-quiet" name="do" value="usual-lacquer" formaction=next>
                        {t::usual_lacquer(locale)}
                    </button>
                </div>
            </fieldset>
            <div class="field-row">
                <TextField locale name="litres" label=t::litres_each(locale) hint=t::litres_hint(locale)
                    short=true inputmode="numeric" value=input.litres.clone() error=wrong.of("litres")/>
                <TextField locale name="grams" label=t::grams_each(locale) hint=t::grams_hint(locale)
                    short=true inputmode="numeric" value=input.grams.clone() error=wrong.of("grams")/>
            </div>
            <section class="stack-s" aria-labelledby="made-of">
                <h3 class="panel-title" id="made-of">{tp::materials_legend(locale)}</h3>
                <p class="field-hint">{t::made_of_hint(locale)}</p>
                {materials}
            </section>
            {all}
            <div><button class="btn btn-primary">{t::save(locale)}</button></div>
        </form>
    }
    .into_any()
}

/// What the pieces are made of, and where it comes from: for their records.
fn material(
    locale: Locale,
    at: usize,
    input: &MakingInput,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let (name, origin) = input.materials.get(at).cloned().unwrap_or_default();
    let look = Look { optional: true, ..Look::default() };
    view! {
        <fieldset class="share-row">
            <legend class="field-label">{tp::material_number(locale, at + 1)}</legend>
            {in_both(locale, &format!("m{at}.name"), tp::material_name(locale), &name, wrong, look)}
            {in_both(locale, &format!("m{at}.origin"), tp::origin(locale), &origin, wrong, look)}
        </fieldset>
    }
}

/// An option in one line, with a button that opens its form.
fn closed(
    locale: Locale,
    page: &str,
    option: &TourOption,
    making: Option<&Making>,
) -> impl IntoView + use<> {
    let title = option.title.text(locale).to_owned();
    let words = match making {
        None => t::way_none(locale).to_owned(),
        Some(making) if making.at_once => t::way_at_once(locale).to_owned(),
        Some(making) => {
            let steps = making.steps.0.iter();
            let steps = steps.map(|step| format!("{} {}", ui::kind(locale, step.kind), step.days));
            steps.collect::<Vec<_>>().join(" → ")
        }
    };
    let input = MakingInput::of(making);
    let fields: Vec<_> = input
        .steps
        .iter()
        .enumerate()
        .map(|(at, step)| {
            let load = step.load.then(|| view! { <Hidden name=format!("s{at}.load") value="on"/> });
            view! {
                <Hidden name=format!("s{at}.kind") value=step.kind.clone()/>
                <Hidden name=format!("s{at}.days") value=step.days.clone()/>
                {load}
            }
        })
        .collect();
    let materials: Vec<_> = input
        .materials
        .iter()
        .enumerate()
        .flat_map(|(at, (name, origin))| {
            let name = pairs(&format!("m{at}.name"), name);
            name.into_iter().chain(pairs(&format!("m{at}.origin"), origin))
        })
        .map(|(name, value)| view! { <Hidden name=name value=value/> })
        .collect();
    let id = format!("o-{}", option.id);
    let next = format!("{page}#{id}");
    view! {
        <form class="panel stack-s" id=id method="post" action=next>
            <Hidden name="option" value=option.id.to_string()/>
            <Hidden name="way" value=input.way/>
            <Hidden name="litres" value=input.litres/>
            <Hidden name="grams" value=input.grams/>
            {fields}
            {materials}
            <h2 class="panel-title">{title.clone()}</h2>
            <p>{words}</p>
            <div>
                <button class="btn btn-small" name="do" value="open">
                    {icon("edit")}{t::edit(locale)} <span class="visually-hidden">{title}</span>
                </button>
            </div>
        </form>
    }
}

fn step(
    locale: Locale,
    page: &str,
    form: &str,
    at: usize,
    row: &StepInput,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let kinds: Vec<(String, String)> = StepKind::ALL
        .iter()
        .map(|kind| (kind.to_string(), ui::kind(locale, *kind).to_owned()))
        .collect();
    let name = |part: &str| format!("s{at}.{part}");
    let number = i64::try_from(at + 1).unwrap_or(1);
    let legend = t::step_number(locale, number);
    let anchor = format!("{page}#{form}");
    let fires = StepKind::parse(&row.kind).is_some_and(StepKind::fires);
    let load = fires.then(|| {
        view! { <Checkbox name=name("load") label=t::needs_load(locale) checked=row.load/> }
    });
    let up = (at > 0).then(|| {
        let label = crate::t::edit::move_up(locale, &legend);
        view! {
            <button class="btn btn-small btn-icon" name="do" value=format!("up-{at}")
                formaction=anchor.clone() aria-label=label>{icon("chevron-up")}</button>
        }
    });
    let drop = t::drop_step(locale, number);
    view! {
        <fieldset class="fieldset field-row making-step">
            <legend>{legend.clone()}</legend>
            <Select locale name=name("kind") label=t::step_kind(locale) options=kinds
                value=row.kind.clone() error=wrong.of(&name("kind"))/>
            <TextField locale name=name("days") label=t::days(locale) short=true inputmode="numeric"
                value=row.days.clone() error=wrong.of(&name("days"))/>
            {load}
            <div class="actions">
                {up}
                <button class="btn btn-small btn-icon" name="do" value=format!("drop-{at}")
                    formaction=anchor.clone() aria-label=drop>{icon("trash")}</button>
            </div>
        </fieldset>
    }
}

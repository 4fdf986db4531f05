//! What can be had with a tour: an apron, more clay, the firing, lunch, posting, a pick-up.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::catalogue::Tour;
use engine::price::{ExtraInput, ExtraKind, ExtraList, Per, SaveExtras, save_extras};
use leptos::prelude::*;

use super::head::{Section, head, to};
use super::intro::save_bar;
use super::{open, rows};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, enter_saves, in_both, of_edit, problems, texts};
use crate::pages::host::frame::{Desk, Tab, frame, see};
use crate::render::Page;
use crate::t::edit as t;
use crate::t::price as tp;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, Select, TextField};
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
    let rows = tour.extras.0.iter().map(ExtraInput::of).collect();
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
    if rows::change(&mut rows, form.text("do"), || Some(blank())) {
        return answer(&visit, &desk, &tour, rows, Problems::default());
    }
    let extras = match ExtraList::parse(&rows) {
        Ok(extras) => extras,
        Err(wrongs) => {
            return answer(&visit, &desk, &tour, rows, problems(visit.locale, wrongs));
        }
    };
    let command = SaveExtras { actor: visit.actor.clone(), tour: tour.id, extras };
    match app.store.write("save extras", command, |tx, c| Box::pin(save_extras(tx, c))).await {
        Ok(()) => {
            let back = to(&visit, desk.workshop()?, &tour, Section::Extras);
            Ok(see(&format!("{back}?saved=1")))
        }
        Err(error) => answer(&visit, &desk, &tour, rows, of_edit(visit.locale, error)?),
    }
}

fn read(form: &Form) -> Vec<ExtraInput> {
    (0..MAX_ROWS)
        .map(|at| format!("x{at}"))
        .take_while(|row| form.has(&format!("{row}.kind")))
        .map(|row| {
            let text = |part: &str| form.text(&format!("{row}.{part}")).to_owned();
            ExtraInput {
                id: text("id"),
                kind: text("kind"),
                title: texts(form, &format!("{row}.title")),
                price: text("price"),
                per: text("per"),
                most: text("most"),
            }
        })
        .collect()
}

fn blank() -> ExtraInput {
    ExtraInput {
        kind: ExtraKind::Meal.to_string(),
        per: Per::Person.to_string(),
        ..ExtraInput::default()
    }
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    tour: &Tour,
    rows: Vec<ExtraInput>,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let unopened = desk.unopened;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (tour, inner) = (tour.clone(), visit.clone());
    let title = format!("{} · {}", tp::section_extras(locale), tour.title.text(locale));
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let page = to(&inner, &shop, &tour, Section::Extras);
        let list = rows
            .iter()
            .enumerate()
            .map(|(at, row)| extra(locale, &page, at, row, &problems))
            .collect_view();
        let next = format!("{page}#x{}.kind", rows.len());
        let body = view! {
            {head(&inner, &shop, &tour, Section::Extras, unopened)}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=page.clone() novalidate>
                {enter_saves(locale)}
                <p class="field-hint">{tp::extras_lead(locale)}</p>
                <div id="extras" class="form">{list}</div>
                <FieldError id="extras" text=problems.of("extras")/>
                <div>
                    <button class="btn" name="do" value="add" formaction=next>
                        {icon("plus")}{tp::add_extra(locale)}
                    </button>
                </div>
                {save_bar(&inner, &shop, false)}
            </form>
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}

fn kind_words(locale: Locale, kind: ExtraKind) -> &'static str {
    match kind {
        ExtraKind::Apron => tp::kind_apron(locale),
        ExtraKind::Material => tp::kind_material(locale),
        ExtraKind::Firing => tp::kind_firing(locale),
        ExtraKind::Posting => tp::kind_posting(locale),
        ExtraKind::Meal => tp::kind_meal(locale),
        ExtraKind::PickUp => tp::kind_pick_up(locale),
        ExtraKind::Other => tp::kind_other(locale),
    }
}

fn per_words(locale: Locale, per: Per) -> &'static str {
    match per {
        Per::Person => tp::for_person(locale),
        Per::Booking => tp::for_booking(locale),
        Per::Piece => tp::for_piece(locale),
    }
}

fn extra(
    locale: Locale,
    page: &str,
    at: usize,
    row: &ExtraInput,
    problems: &Problems,
) -> impl IntoView + use<> {
    let name = |part: &str| format!("x{at}.{part}");
    let error = |part: &str| problems.of(&name(part));
    let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
    let legend = match row.title.text(locale) {
        "" => tp::extra_number(locale, number),
        title => title.to_owned(),
    };
    let kinds = ExtraKind::ALL.iter();
    let kinds =
        kinds.map(|kind| (kind.to_string(), kind_words(locale, *kind).to_owned())).collect();
    let pers = Per::ALL.iter();
    let pers = pers.map(|per| (per.to_string(), per_words(locale, *per).to_owned())).collect();
    let up = (at > 0).then(|| {
        let label = t::move_up(locale, &legend);
        view! {
            <button class="btn btn-small btn-icon" name="do" value=format!("up-{at}")
                formaction=format!("{page}#x{}.kind", at - 1) aria-label=label>{icon("chevron-up")}</button>
        }
    });
    view! {
        <fieldset class="fieldset panel option-edit">
            <legend>{legend.clone()}</legend>
            <Hidden name=name("id") value=row.id.clone()/>
            <div class="field-row">
                <Select locale name=name("kind") label=tp::kind(locale) options=kinds
                    value=row.kind.clone() error=error("kind")/>
                <TextField locale name=name("price") label=t::price(locale) inputmode="numeric" short=true
                    value=row.price.clone() error=error("price")/>
                <Select locale name=name("per") label=tp::price_for(locale) options=pers
                    value=row.per.clone() error=error("per")/>
                <TextField locale name=name("most") label=tp::most(locale) hint=tp::most_hint(locale)
                    inputmode="numeric" short=true optional=true value=row.most.clone() error=error("most")/>
            </div>
            {in_both(locale, &name("title"), tp::extra_title(locale), &row.title, problems, Look {
                hint: tp::extra_title_hint(locale), ..Look::default()
            })}
            <div class="actions">
                {up}
                <button class="btn btn-small btn-danger" name="do" value=format!("drop-{at}")
                    formaction=format!("{page}#extras")>
                    {icon("trash")}{tp::drop_extra(locale)}
                    <span class="visually-hidden">{legend}</span>
                </button>
            </div>
        </fieldset>
    }
}

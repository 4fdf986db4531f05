//! Opening the record of a lot.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::provenance::{LotData, LotInput, MAX_MATERIALS, OpenLot, open_lot};
use leptos::prelude::*;

use super::{certificates, of_lot};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, enter_saves, in_both, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::provenance as t;
use crate::ui::field::{Checkbox, ErrorSummary, FormKey, Hidden, Select, TextArea, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::provenance::problems;

/// Rows that an empty form shows.
const ROWS: usize = 3;

type Shop = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Shop,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let begin = vec![("form_key".to_owned(), fresh_key())];
    answer(&app, &visit, &desk, Form::of_pairs(begin), Problems::default()).await
}

fn rows(form: &Form) -> usize {
    form.text("rows").parse().unwrap_or(ROWS).clamp(1, MAX_MATERIALS)
}

pub async fn open(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Shop,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let now = app.store.now();
    if form.text("do") == "add" {
        let more = (rows(&form) + 1).min(MAX_MATERIALS);
        let rest = form.pairs().filter(|(name, _)| !matches!(*name, "rows" | "do"));
        let mut pairs: Vec<(String, String)> =
            rest.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        pairs.push(("rows".to_owned(), more.to_string()));
        return answer(&app, &visit, &desk, Form::of_pairs(pairs), Problems::default()).await;
    }
    let text = |name: &str| form.text(name).to_owned();
    let input = LotInput {
        title: texts(&form, "title"),
        quantity: text("quantity"),
        unit: texts(&form, "unit"),
        made_from: text("made_from"),
        made_to: text("made_to"),
        materials: (0..rows(&form))
            .map(|at| {
                (texts(&form, &format!("m{at}.name")), texts(&form, &format!("m{at}.origin")))
            })
            .collect(),
        makers: text("makers"),
        consent: form.has("consent"),
        certificate: text("certificate"),
    };
    let opened = match LotData::parse(&input, local_date(now)) {
        Ok(data) => {
            let command = OpenLot {
                actor: visit.actor.clone(),
                workshop: desk.id(),
                data,
                form_key: form.key(),
            };
            app.store.write("open lot", command, |tx, c| Box::pin(open_lot(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match opened {
        Ok(lot) => {
            let page = of_lot(&visit, desk.workshop()?, lot.id, "");
            Ok(see(&format!("{page}?done=opened")))
        }
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            answer(&app, &visit, &desk, form, wrong).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    form: Form,
    wrong: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let today = local_date(app.store.now()).to_string();
    let mut chosen = certificates(app, visit, desk.id(), true).await?;
    let certified = !chosen.is_empty();
    chosen.insert(0, (String::new(), t::stars_none(locale).to_owned()));
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let page = Page::new(Head::host(t::new_title(locale))).status(status);
    Ok(page.render(visit, move || {
        let visit = &inner;
        let value = |name: &str| form.text(name).to_owned();
        let back = vec![(at(visit, &shop, "/lots"), t::host_title(locale).to_owned())];
        let line = Look::default();
        let optional = Look { optional: true, ..line };
        let count = rows(&form);
        let materials: Vec<_> = (0..count)
            .map(|at| {
                let (name, origin) = (format!("m{at}.name"), format!("m{at}.origin"));
                view! {
                    <fieldset class="share-row">
                        <legend class="field-label">{t::material_number(locale, at + 1)}</legend>
                        {in_both(locale, &name, t::material_name(locale), &texts(&form, &name), &wrong, optional)}
                        {in_both(locale, &origin, t::origin(locale), &texts(&form, &origin), &wrong, optional)}
                    </fieldset>
                }
            })
            .collect();
        let more = (count < MAX_MATERIALS).then(|| {
            view! {
                <div><button class="btn btn-small" name="do" value="add">
                    {icon("plus")}{t::add_material(locale)}
                </button></div>
            }
        });
        let choose = certified.then(|| {
            let (options, value) = (chosen.clone(), value("certificate"));
            view! {
                <Select locale name="certificate" label=t::certificate(locale) options optional=true
                    value error=wrong.of("certificate")/>
            }
        });
        let unit_hint = Look { optional: true, hint: t::unit_hint(locale), ..line };
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{t::new_title(locale)}</h1>
            <p class="soft">{t::new_lead(locale)}</p>
            <ErrorSummary locale problems=wrong.clone()/>
            <form class="form panel" method="post" action=at(visit, &shop, "/lots/new") novalidate>
                {enter_saves(locale)}
                <FormKey key=form.key()/>
                <Hidden name="rows" value=count.to_string()/>
                {in_both(locale, "title", t::title(locale), &texts(&form, "title"), &wrong, line)}
                <TextField locale name="quantity" label=t::quantity_label(locale)
                    hint=t::quantity_hint(locale) inputmode="numeric" short=true
                    value=value("quantity") error=wrong.of("quantity")/>
                {in_both(locale, "unit", t::unit(locale), &texts(&form, "unit"), &wrong, unit_hint)}
                <div class="two-languages">
                    <TextField locale name="made_from" label=t::made_from(locale) kind="date" optional=true
                        max=today.clone() value=value("made_from") error=wrong.of("made_from")/>
                    <TextField locale name="made_to" label=t::made_to(locale) kind="date" optional=true
                        max=today value=value("made_to") error=wrong.of("made_to")/>
                </div>
                <section class="stack-s" aria-labelledby="materials">
                    <h2 class="panel-title" id="materials">{t::materials_legend(locale)}</h2>
                    {materials}
                    {more}
                </section>
                <section class="stack-s" aria-labelledby="who">
                    <h2 class="panel-title" id="who">{t::makers_legend(locale)}</h2>
                    <TextArea locale name="makers" label=t::makers_label(locale) hint=t::makers_hint(locale)
                        rows=3 optional=true value=value("makers") error=wrong.of("makers")/>
                    <Checkbox name="consent" label=t::consent(locale) checked=form.has("consent")
                        error=wrong.of("consent")/>
                </section>
                <section class="stack-s" aria-labelledby="credential">
                    <h2 class="panel-title" id="credential">{t::credential_legend(locale)}</h2>
                    {choose}
                    {uncertified(visit, &shop, certified)}
                    <p class="small soft">{t::coop_hint(locale)}</p>
                </section>
                <div><button class="btn btn-primary">{t::open_go(locale)}</button></div>
            </form>
        };
        frame(visit, Some(&shop), Tab::Lots, body)
    }))
}

/// Where stars and other certificates are entered, so that they can be chosen here.
pub(super) fn uncertified(visit: &Visit, shop: &Workshop, some: bool) -> impl IntoView + use<> {
    let locale = visit.locale;
    let words = if some { t::certificates_more(locale) } else { t::certificates_none(locale) };
    let href = at(visit, shop, "/credentials");
    view! { <p>{words} " " <a href=href>{t::certificates_go(locale)}</a></p> }
}

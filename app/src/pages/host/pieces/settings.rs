//! What the workshop promises and offers, and what its post costs; owners only.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::craft::delivery::{self, Pays, Postage, PostageInput, RatesInput, SavePostage, Zone};
use engine::craft::{self, PieceTerms, SavePieceTerms, TermsInput};
use leptos::prelude::*;

use super::{Section, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::parcel as tp;
use crate::t::piece as t;
use crate::ui::field::{ErrorSummary, FieldError, TextArea, TextField};
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::{parcel as ui_parcel, piece as ui};

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let terms = craft::terms_of(&mut conn, desk.id()).await?;
    let postage = delivery::postage_of(&mut conn, desk.id()).await?;
    drop(conn);
    let RatesInput { hanoi, vietnam, asia, world } = RatesInput::of(&postage.rates);
    let mut begin = vec![
        ("prefix".to_owned(), terms.prefix),
        ("margin".to_owned(), terms.margin_days.to_string()),
        ("voucher".to_owned(), terms.voucher.0.to_string()),
        ("rate_hanoi".to_owned(), hanoi),
        ("rate_vietnam".to_owned(), vietnam),
        ("rate_asia".to_owned(), asia),
        ("rate_world".to_owned(), world),
    ];
    begin.extend(postage.pays.0.iter().map(|way| ("pays".to_owned(), way.to_string())));
    answer(&visit, desk, Form::of_pairs(begin), Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let text = |name: &str| form.text(name).to_owned();
    let input =
        TermsInput { prefix: text("prefix"), margin: text("margin"), voucher: text("voucher") };
    let rates = RatesInput {
        hanoi: text("rate_hanoi"),
        vietnam: text("rate_vietnam"),
        asia: text("rate_asia"),
        world: text("rate_world"),
    };
    let pays = form.all("pays").map(str::to_owned).collect();
    let locale = visit.locale;
    let mut wrong = Problems::default();
    let terms = PieceTerms::parse(&input);
    let postage = Postage::parse(&PostageInput { rates, pays });
    let (terms, postage) = match (terms, postage) {
        (Ok(terms), Ok(postage)) => (terms, postage),
        (terms, postage) => {
            if let Err(error) = terms {
                wrong.append(ui::problems(locale, error)?);
            }
            if let Err(error) = postage {
                wrong.append(ui_parcel::problems(locale, error)?);
            }
            return answer(&visit, desk, form, wrong);
        }
    };
    let (actor, workshop) = (visit.actor.clone(), desk.id());
    let both = (
        SavePieceTerms { actor: actor.clone(), workshop, terms },
        SavePostage { actor, workshop, postage },
    );
    let done = app
        .store
        .write("piece terms", both, |tx, (terms, postage)| {
            Box::pin(async move {
                craft::save_terms(tx, terms).await?;
                delivery::save_postage(tx, postage).await?;
                Ok::<_, craft::CraftError>(())
            })
        })
        .await;
    match done {
        Ok(()) => Ok(see(&format!("{}?saved=1", at(&visit, desk.workshop()?, "/pieces/settings")))),
        Err(error) => {
            let wrong = ui::problems(locale, error)?;
            answer(&visit, desk, form, wrong)
        }
    }
}

fn answer(visit: &Visit, desk: Desk, form: Form, wrong: Problems) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::settings_title(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let value = |name: &str| form.text(name).to_owned();
        let saved = Form::of_query(&visit.query).has("saved");
        let news = saved.then(|| view! { <Notice tone=Tone::Good title=t::news_saved(locale)/> });
        let rates: Vec<_> = Zone::ALL
            .iter()
            .map(|zone| {
                let name = format!("rate_{zone}");
                view! {
                    <TextArea locale name=name.clone() label=ui_parcel::zone(locale, *zone) rows=4
                        optional=true value=value(&name) error=wrong.of(&name)/>
                }
            })
            .collect();
        let boxes: Vec<_> = Pays::ALL
            .iter()
            .enumerate()
            .map(|(at, way)| {
                let id = if at == 0 { "pays".to_owned() } else { format!("pays-{at}") };
                let checked = form.all("pays").any(|word| word == way.word());
                view! {
                    <label class="toggle">
                        <input type="checkbox" id=id name="pays" value=way.word() checked=checked/>
                        <span>{ui_parcel::pays(locale, *way)}</span>
                    </label>
                }
            })
            .collect();
        let error = wrong.of("pays");
        let page = at(visit, &shop, "/pieces/settings");
        let body = view! {
            <header class="host-head"><h1>{t::settings_title(locale)}</h1></header>
            {subnav(visit, &desk, Section::Settings)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <form class="form" method="post" action=page novalidate>
                <section class="panel form" aria-labelledby="promise">
                    <h2 class="panel-title" id="promise">{t::promise_title(locale)}</h2>
                    <div class="field-row">
                        <TextField locale name="prefix" label=t::prefix(locale) hint=t::prefix_hint(locale)
                            short=true value=value("prefix") error=wrong.of("prefix")/>
                        <TextField locale name="margin" label=t::margin(locale) hint=t::margin_hint(locale)
                            short=true inputmode="numeric" value=value("margin") error=wrong.of("margin")/>
                    </div>
                    <TextField locale name="voucher" label=t::voucher(locale) hint=t::voucher_hint(locale)
                        short=true inputmode="numeric" value=value("voucher") error=wrong.of("voucher")/>
                </section>
                <section class="panel form" aria-labelledby="postage">
                    <h2 class="panel-title" id="postage">{tp::postage_title(locale)}</h2>
                    <p class="field-hint">{tp::postage_hint(locale)}</p>
                    <div class="field-row rate-fields">{rates}</div>
                    <fieldset class="field">
                        <legend class="field-label">{tp::pays_title(locale)}</legend>
                        <p class="field-hint">{tp::pays_hint(locale)}</p>
                        <div class="toggles">{boxes}</div>
                        <FieldError id="pays" text=error/>
                    </fieldset>
                </section>
                <div><button class="btn btn-primary">{t::save(locale)}</button></div>
            </form>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

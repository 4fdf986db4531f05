//! The co-op's shelf: what stands on it, whose and where; and the co-op's part of what it sells.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::clock::local_date;
use engine::coop::{self, MemberRole};
use engine::shop::{self, SaveSalesPart, Standing};
use leptos::prelude::*;

use super::{Section, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::shop as t;
use crate::ui::field::{ErrorSummary, TextField};
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::shop as ui;

type At = Path<(String, String)>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    answer(&app, &visit, desk, None, Problems::default()).await
}

/// What part the co-op has of a sale, from tomorrow on.
pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let coop = coop::of_workshop(&mut conn, desk.id()).await?.ok_or(PageError::NotFound)?;
    drop(conn);
    let percent = form.text("percent").to_owned();
    let command = SaveSalesPart { actor: visit.actor.clone(), coop: coop.id, percent };
    let done = app
        .store
        .write("sales part", command, |tx, c| Box::pin(shop::save_sales_part(tx, c)))
        .await;
    match done {
        Ok(()) => Ok(see(&format!("{}?done=1", at(&visit, desk.workshop()?, "/shop/shelf")))),
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            answer(&app, &visit, desk, Some(form), wrong).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    desk: Desk,
    form: Option<Form>,
    wrong: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let house = desk.workshop()?.clone();
    let mut conn = app.store.read().await?;
    let coop = coop::of_workshop(&mut conn, house.id).await?;
    let (mut products, mut part, mut manages) = (Vec::new(), 0, false);
    if let Some(coop) = &coop {
        products = shop::of_coop(&mut conn, &visit.actor, coop.id)
            .await
            .map_err(|error| ui::refused(error.into()))?;
        let tomorrow = local_date(app.store.now()) + chrono::Days::new(1);
        part = shop::sales_part(&mut conn, coop.id, tomorrow).await.map_err(ui::refused)?;
        manages =
            coop::standing(&mut conn, &visit.actor, coop.id).await? == Some(MemberRole::Manager);
    }
    drop(conn);
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_shelf(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let done = Form::of_query(&visit.query).has("done") && wrong.is_empty();
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::saved(locale)/> });
        let name = |id| desk.catalogue.workshop(id).map(|it| it.name.clone()).unwrap_or_default();
        let rows: Vec<_> = products
            .iter()
            .map(|product| {
                let words = match product.standing() {
                    Standing::Draft => t::standing_draft(locale),
                    Standing::OnSale => t::standing_on_sale(locale),
                    Standing::SoldOut => t::sold_out(locale),
                };
                view! {
                    <tr>
                        <th scope="row">{product.title.text(locale).to_owned()}</th>
                        <td data-label=t::maker(locale)>{name(product.workshop_id)}</td>
                        <td data-label=t::stands_at(locale)>{name(product.place_id)}</td>
                        <td class="num" data-label=t::stock(locale)>{product.left().to_string()}</td>
                        <td class="num" data-label=t::price(locale)>{product.price.display(locale)}</td>
                        <td data-label=t::standing(locale)>{words}</td>
                    </tr>
                }
            })
            .collect();
        let table = if rows.is_empty() {
            view! { <p class="empty">{t::shelf_none(locale)}</p> }.into_any()
        } else {
            view! {
                <table class="table table-cards">
                    <caption class="visually-hidden">{t::host_shelf(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::piece(locale)}</th>
                        <th scope="col">{t::maker(locale)}</th>
                        <th scope="col">{t::stands_at(locale)}</th>
                        <th scope="col" class="num">{t::stock(locale)}</th>
                        <th scope="col" class="num">{t::price(locale)}</th>
                        <th scope="col">{t::standing(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        };
        let lead = match &coop {
            Some(coop) => t::shelf_lead(locale, &coop.name),
            None => t::shelf_no_coop(locale).to_owned(),
        };
        let percent = format!("{}", part / 100);
        let said = coop.is_some().then(|| view! { <p>{t::shelf_part(locale, &percent)}</p> });
        let editor = manages.then(|| {
            let value = form.as_ref().map_or(percent.clone(), |form| form.text("percent").to_owned());
            view! {
                <form class="form panel" method="post" action=at(visit, &house, "/shop/shelf") novalidate>
                    <TextField locale name="percent" label=t::part_label(locale) hint=t::part_hint(locale)
                        short=true inputmode="numeric" value=value error=wrong.of("percent")/>
                    <div><button class="btn btn-primary">{t::save(locale)}</button></div>
                </form>
            }
        });
        let body = view! {
            <header class="host-head"><h1>{t::host_shelf(locale)}</h1></header>
            {subnav(visit, &desk, Section::Shelf)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <p class="soft">{lead}</p>
            {table}
            {said}
            {editor}
        };
        frame(visit, Some(&house), Tab::More, body)
    }))
}

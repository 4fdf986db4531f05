//! All cards, with the sums above them.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::giftcard::{CardSums, GiftCard, Origin, Terms, cards_of, sums, terms_of};
use engine::payment;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame};
use crate::pages::host::money::names::date;
use crate::pages::host::money::{Books, Section, subnav};
use crate::render::Page;
use crate::t::gift as t;
use crate::ui::format;
use crate::ui::gift_card::{badge, refused};
use crate::ui::icon::icon;
use crate::ui::layout::Head;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let books = Books::open(&app, &visit, &slug).await?;
    let shop = books.shop.id;
    let mut conn = app.store.read().await?;
    let cards = cards_of(&mut conn, &visit.actor, shop).await.map_err(refused)?;
    let sums = sums(&mut conn, &visit.actor, shop).await.map_err(refused)?;
    let terms = terms_of(&mut conn, shop).await?;
    let takes = payment::of_workshop(&mut conn, shop).await?.is_some();
    drop(conn);
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).render(&visit, move || {
        let visit = &inner;
        let (give, change) = (books.at(visit, "/gift-cards/give"), books.at(visit, "/gift-cards/terms"));
        let body = view! {
            <header class="host-head"><h1>{t::title(locale)}</h1></header>
            {subnav(visit, &books, Some(Section::GiftCards))}
            <p class="soft">{on_sale(visit, &terms, takes)} " " <a href=change>{t::change_terms(locale)}</a></p>
            {tally(visit, sums)}
            <p><a class="btn btn-primary" href=give>{icon("plus")}{t::give_voucher(locale)}</a></p>
            {table(visit, &books, &cards)}
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    }))
}

fn on_sale(visit: &Visit, terms: &Terms, takes: bool) -> String {
    let locale = visit.locale;
    if !terms.selling {
        return t::sale_off(locale).to_owned();
    }
    if !takes {
        return t::sale_no_account(locale).to_owned();
    }
    let values = terms.offered.0.iter().map(|value| value.display(locale)).collect::<Vec<_>>();
    t::sale_on(locale, i64::from(terms.months), format::commas(locale, &values))
}

fn tally(visit: &Visit, sums: CardSums) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items = [
        (t::sum_sold(locale), sums.sold),
        (t::sum_given(locale), sums.given),
        (t::sum_used(locale), sums.used),
        (t::sum_left(locale), sums.left),
        (t::sum_expired(locale), sums.expired),
    ]
    .map(|(words, amount)| {
        view! { <div><dt>{words}</dt><dd><strong>{amount.display(locale)}</strong></dd></div> }
    });
    view! { <dl class="pairs panel">{items.into_iter().collect_view()}</dl> }
}

fn table(visit: &Visit, books: &Books, cards: &[GiftCard]) -> AnyView {
    let locale = visit.locale;
    if cards.is_empty() {
        return view! { <p class="empty">{t::none_yet(locale)}</p> }.into_any();
    }
    let rows: Vec<_> = cards
        .iter()
        .map(|card| {
            let href = books.at(visit, &format!("/gift-cards/{}", card.id));
            let origin = match card.origin {
                Origin::Bought => t::origin_bought(locale),
                Origin::Given => t::origin_given(locale),
            };
            let who = if card.recipient_name.is_empty() { &card.buyer_name } else { &card.recipient_name };
            view! {
                <tr>
                    <th scope="row"><a class="code" href=href>{card.hint()}</a><br/><span class="soft small">{who.clone()}</span></th>
                    <td class="num" data-label=t::value(locale)>{card.value.display(locale)}</td>
                    <td class="num" data-label=t::left(locale)>{card.remaining.display(locale)}</td>
                    <td data-label=t::col_origin(locale)>{origin}</td>
                    <td data-label=t::col_state(locale)>{badge(locale, card.standing(books.today))}</td>
                    <td data-label=t::valid_until(locale)>{date(locale, card.valid_until)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="table table-cards">
                <caption class="visually-hidden">{t::title(locale)}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t::col_code(locale)}</th>
                        <th scope="col" class="num">{t::value(locale)}</th>
                        <th scope="col" class="num">{t::left(locale)}</th>
                        <th scope="col">{t::col_origin(locale)}</th>
                        <th scope="col">{t::col_state(locale)}</th>
                        <th scope="col">{t::valid_until(locale)}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
    }
    .into_any()
}

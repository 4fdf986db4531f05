//! Ordering what the basket has of one seller.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use engine::booking::query;
use engine::catalogue::Workshop;
use engine::coop;
use engine::craft::delivery::{AddressInput, Pays as PostPays, Postage, postage_of};
use engine::schedule::Slot;
use engine::shop::{self, Basket, Place, PlaceData, PlaceInput, Quote, Seller, ShopError, quote};
use leptos::prelude::*;

use super::basket_of;
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::pages::visitor::workshop::seller as seller_rows;
use crate::render::Page;
use crate::t::parcel as tp;
use crate::t::shop as t;
use crate::ui::field::{ErrorSummary, FormKey, Radios, TextArea, TextField};
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::parcel as ui_parcel;
use crate::ui::shop as ui;

type At = Path<(String, String)>;

/// What the page shows.
struct Shown {
    basket: Basket,
    seller: Seller,
    quote: Quote,
    house: Workshop,
    /// Of the seller.
    name: String,
    postage: Postage,
    coop: Option<coop::Coop>,
    /// Who booked the visit, to begin with.
    guest: Option<(String, String, String)>,
}

impl Shown {
    /// None where there is nothing to order.
    async fn load(
        app: &App,
        visit: &Visit,
        jar: &CookieJar,
        seller: &str,
    ) -> Result<Option<Shown>, PageError> {
        let seller: Seller = seller.parse().map_err(|_| PageError::NotFound)?;
        let catalogue = app.catalogue().await?;
        let Some(basket) = basket_of(app, jar).await? else { return Ok(None) };
        let mut conn = app.store.read().await?;
        let quote = match quote(&mut conn, &basket, seller, app.store.now()).await {
            Ok(quote) => quote,
            Err(ShopError::Empty) => return Ok(None),
            Err(error) => return Err(ui::refused(error)),
        };
        let house = catalogue.workshop(quote.workshop).ok_or(PageError::NotFound)?.clone();
        let coop = match seller {
            Seller::Coop(id) => coop::by_id(&mut conn, id).await?,
            Seller::Workshop(_) => None,
        };
        let (name, _) = ui::seller_of(visit, &catalogue, seller, coop.as_ref());
        let postage = postage_of(&mut conn, house.id).await?;
        let guest = match &quote.visit {
            Some((booking, _)) => query::by_id(&mut conn, *booking)
                .await?
                .map(|booking| (booking.name, booking.email, booking.phone)),
            None => None,
        };
        Ok(Some(Shown { basket, seller, quote, house, name, postage, coop, guest }))
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    jar: CookieJar,
    Path((_, seller)): At,
) -> Result<Response, PageError> {
    let Some(shown) = Shown::load(&app, &visit, &jar, &seller).await? else {
        return Ok(see(&visit.link("/basket")));
    };
    let (name, email, phone) = shown.guest.clone().unwrap_or_default();
    let mut address = AddressInput::of(None, &phone);
    address.country = "VN".into();
    let mut begin = ui_parcel::pairs(&address);
    let way = if shown.quote.visit.is_some() { "visit" } else { "" };
    begin.extend([
        ("name".to_owned(), name),
        ("email".to_owned(), email),
        ("way".to_owned(), way.to_owned()),
        ("form_key".to_owned(), fresh_key()),
    ]);
    Ok(answer(&visit, shown, Form::of_pairs(begin), Problems::default()))
}

pub async fn place(
    State(app): State<App>,
    visit: Visit,
    jar: CookieJar,
    Path((_, seller)): At,
    form: Form,
) -> Result<Response, PageError> {
    let Some(shown) = Shown::load(&app, &visit, &jar, &seller).await? else {
        return Ok(see(&visit.link("/basket")));
    };
    let text = |name: &str| form.text(name).to_owned();
    // Without an account there is one way to pay.
    let pays = match (shown.quote.account, form.text("way")) {
        (_, "post") => "transfer".to_owned(),
        (None, _) => "counter".to_owned(),
        _ => text("pays"),
    };
    let input = PlaceInput {
        name: text("name"),
        email: text("email"),
        note: text("note"),
        way: text("way"),
        pays,
        address: ui_parcel::typed(&form),
        recipient: text("recipient"),
    };
    let placed = match PlaceData::parse(&input) {
        Ok(data) => {
            let order = Place {
                basket: shown.basket.id,
                seller: shown.seller,
                data,
                locale: visit.locale,
                form_key: form.key(),
            };
            app.store.write("order", order, |tx, c| Box::pin(shop::place(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match placed {
        Ok(order) => {
            let pay = if order.pays == shop::Pays::Transfer { "/pay" } else { "?done=placed" };
            Ok(see(&ui::address(&visit, &order, pay)))
        }
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            Ok(answer(&visit, shown, form, wrong))
        }
    }
}

fn when(visit: &Visit, slot: &Slot) -> String {
    let locale = visit.locale;
    format::day_at(locale, format::day(locale, slot.local_date), slot.starts_at)
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = t::order_at(locale, &shown.name);
    let inner = visit.clone();
    let agreed = crate::ui::consent::agreed(visit);
    let page = Page::new(Head::private(title.clone())).status(status);
    private(page.render(visit, move || {
        let visit = &inner;
        let value = |name: &str| form.text(name).to_owned();
        let back = vec![(visit.link("/basket"), t::basket(locale).to_owned())];
        let lines: Vec<_> = shown
            .quote
            .lines
            .iter()
            .map(|line| {
                let sum = engine::Dong(line.product.price.0.saturating_mul(i64::from(line.quantity)));
                let words = t::n_of(locale, line.quantity, line.product.title.text(locale));
                view! { <div><dt>{words}</dt><dd>{sum.display(locale)}</dd></div> }
            })
            .collect();
        let transfer = shown.quote.account.is_some();
        let mut ways = Vec::new();
        if let Some((_, slot)) = &shown.quote.visit {
            ways.push(("visit".to_owned(), t::way_visit(locale, when(visit, slot))));
        }
        ways.push(("collect".to_owned(), t::way_collect(locale, &shown.house.name)));
        if transfer {
            ways.push(("post".to_owned(), tp::way_post(locale).to_owned()));
        }
        let pays = vec![
            ("transfer".to_owned(), t::pays_transfer(locale).to_owned()),
            ("counter".to_owned(), t::pays_counter(locale).to_owned()),
        ];
        let pays = if transfer {
            view! {
                <Radios name="pays" label=t::pays(locale) options=pays value=value("pays")
                    error=wrong.of("pays")/>
            }
            .into_any()
        } else {
            view! { <p class="soft">{t::counter_only(locale)}</p> }.into_any()
        };
        let places = ui_parcel::places(locale);
        let post = transfer.then(|| {
            view! {
                <fieldset class="stack shop-post">
                    <legend class="panel-title">{t::post_title(locale)}</legend>
                    <p class="field-hint">{t::post_hint(locale)}</p>
                    {rates(visit, &shown)}
                    <TextField locale name="recipient" label=tp::recipient(locale) optional=true
                        hint=t::recipient_hint(locale) value=value("recipient") error=wrong.of("recipient")/>
                    <Radios name="where" label=tp::where_to(locale) options=places value=value("where")/>
                    {ui_parcel::address_fields(locale, &form, &wrong)}
                </fieldset>
            }
        });
        let phone = (!transfer).then(|| {
            view! {
                <TextField locale name="phone" label=tp::phone(locale) kind="tel" autocomplete="tel"
                    optional=true value=value("phone") error=wrong.of("phone")/>
            }
        });
        let coop = shown.coop.as_ref().map(|coop| {
            let name = coop.name.clone();
            view! { <div><dt>{crate::t::catalogue::seller(locale)}</dt><dd>{name}</dd></div> }
        });
        let house = if coop.is_none() {
            Some(seller_rows(locale, &shown.house))
        } else {
            None
        };
        let action = visit.link(&format!("/basket/{}", shown.seller));
        view! {
            <div class="wrap-narrow stack-l section-tight">
                {breadcrumb(locale, back)}
                <header class="page-head"><h1>{title}</h1></header>
                <ErrorSummary locale problems=wrong.clone()/>
                <section class="panel" aria-labelledby="what">
                    <h2 class="panel-title" id="what">{t::pieces(locale)}</h2>
                    <dl class="pairs shop-lines">
                        {lines}
                        <div><dt><strong>{t::goods(locale)}</strong></dt>
                            <dd><strong>{shown.quote.goods.display(locale)}</strong></dd></div>
                    </dl>
                </section>
                <form class="form panel" method="post" action=action novalidate>
                    <FormKey key=form.key()/>
                    <TextField locale name="name" label=t::name(locale) autocomplete="name"
                        maxlength=80 value=value("name") error=wrong.of("name")/>
                    <TextField locale name="email" label=t::email(locale) kind="email" autocomplete="email"
                        inputmode="email" hint=t::email_hint(locale) value=value("email") error=wrong.of("email")/>
                    {phone}
                    <Radios name="way" label=tp::way(locale) options=ways value=value("way") error=wrong.of("way")/>
                    {pays}
                    {post}
                    <TextArea locale name="note" label=t::note(locale) rows=2 maxlength=300 optional=true
                        value=value("note") error=wrong.of("note")/>
                    <p class="small soft">{t::kept_words(locale)}</p>
                    {agreed}
                    <div class="actions">
                        <button class="btn btn-primary btn-large" type="submit">{t::place(locale)}</button>
                    </div>
                </form>
                <section class="panel" aria-labelledby="who">
                    <h2 class="panel-title" id="who">{t::contract(locale)}</h2>
                    <dl class="pairs">{coop} {house}</dl>
                    <p class="small">{t::rights(locale)}</p>
                </section>
            </div>
        }
    }))
}

/// What the post of this order costs, by where it goes: said before anybody types an address.
fn rates(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let free = shown.postage.pays.0.contains(&PostPays::Free);
    let rows: Vec<_> = engine::craft::delivery::Zone::ALL
        .iter()
        .filter_map(|zone| {
            let cost = shown.postage.rates.cost(*zone, shown.quote.grams)?;
            let cost = if free { tp::pays_free(locale).to_owned() } else { cost.display(locale) };
            Some(view! { <div><dt>{ui_parcel::zone(locale, *zone)}</dt><dd>{cost}</dd></div> })
        })
        .collect();
    view! { <dl class="pairs">{rows}</dl> }
}

//! The shop as pages show it: cards of pieces, states of orders, what is wrong with a form.

use engine::catalogue::{Catalogue, Craft, Workshop};
use engine::coop::Coop;
use engine::shop::{
    Field, Found, Line, Order, OrderState, OrderWay, Product, ProductPhoto, Seller, ShopError,
    Standing, Wrong,
};
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::gift_card::refusal;
use super::layout::SharePicture;
use super::money::problems as of_payment;
use super::parcel as ui_parcel;
use super::picture::of_craft;
use super::prose::foreign;
use crate::api::form::Problems;
use crate::assets;
use crate::context::Visit;
use crate::error::PageError;
use crate::t::shop as t;

/// Name of the field into which a gift card's code is typed.
pub const CARD: &str = "gift_code";

pub fn path(product: &Product) -> String {
    format!("/shop/{}", product.slug)
}

/// Address of one of an order's pages: `sub` is "" or "/pay".
pub fn address(visit: &Visit, order: &Order, sub: &str) -> String {
    visit.link(&format!("/order/{}/{}{sub}", order.id, order.secret))
}

/// The address of a copy of a photograph.
pub fn photo_url(photo: &ProductPhoto, width: i32) -> String {
    format!("/shop-photos/{}/{width}", photo.id)
}

/// The drawing of a piece without a photograph: its own, or its craft's.
fn drawing(product: &Product, craft: Option<Craft>) -> String {
    if product.illustration.is_empty() {
        let name = of_craft(craft.unwrap_or(Craft::Pottery), 1);
        assets::url(&format!("illustrations/{name}.svg"))
    } else {
        assets::url(&format!("illustrations/shop/{}.svg", product.illustration))
    }
}

/// A picture of a piece, described by what it shows, or by nothing where words beside it say the same.
pub fn picture(
    locale: Locale,
    product: &Product,
    photo: Option<&ProductPhoto>,
    craft: Option<Craft>,
    (says, lazy): (bool, bool),
) -> impl IntoView + use<> {
    let title = product.title.text(locale);
    let lazy_word = lazy.then_some("lazy");
    let Some(photo) = photo else {
        let alt = if says { title.to_owned() } else { String::new() };
        let src = drawing(product, craft);
        return view! { <img src=src alt=alt width="800" height="600" loading=lazy_word/> }
            .into_any();
    };
    let set: Vec<String> =
        photo.widths().map(|width| format!("{} {width}w", photo_url(photo, width))).collect();
    let alt = match (says, photo.alt.text(locale)) {
        (false, _) => String::new(),
        (true, "") => title.to_owned(),
        (true, words) => words.to_owned(),
    };
    view! {
        <img
            src=photo_url(photo, 960)
            srcset=set.join(", ")
            sizes="(min-width: 48rem) 40rem, 100vw"
            alt=alt
            width=photo.width.to_string()
            height=photo.height.to_string()
            loading=lazy_word
        />
    }
    .into_any()
}

/// The picture that a shared link shows; None where there is no photograph.
pub fn shared(
    locale: Locale,
    product: &Product,
    photo: Option<&ProductPhoto>,
) -> Option<SharePicture> {
    let photo = photo?;
    Some(SharePicture {
        path: photo_url(photo, photo.width),
        width: photo.width,
        height: photo.height,
        alt: product.title.text(locale).to_owned(),
    })
}

pub fn craft_of(catalogue: &Catalogue, workshop: &Workshop) -> Option<Craft> {
    catalogue.village(workshop.village_id).map(|village| village.craft)
}

/// A list of cards.
pub fn cards(visit: &Visit, catalogue: &Catalogue, found: &Found) -> impl IntoView + use<> {
    let items: Vec<_> = found
        .products
        .iter()
        .map(|product| card(visit, catalogue, product, found.photo(product.id)))
        .collect();
    view! { <ul class="grid shop-grid">{items}</ul> }
}

pub fn card(
    visit: &Visit,
    catalogue: &Catalogue,
    product: &Product,
    photo: Option<&ProductPhoto>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let maker = catalogue.workshop(product.workshop_id);
    let craft = maker.and_then(|maker| craft_of(catalogue, maker));
    let kicker = maker.map(|maker| maker.name.clone()).unwrap_or_default();
    let flag = match product.standing() {
        Standing::SoldOut | Standing::Draft => Some(("lacquer", t::sold_out(locale).to_owned())),
        Standing::OnSale if product.one_off => Some(("indigo", t::one_off(locale).to_owned())),
        Standing::OnSale => None,
    };
    let flag = flag.map(|(tone, words)| {
        view! { <div class="card-flag"><span class="badge" data-tone=tone>{words}</span></div> }
    });
    view! {
        <li>
            <article class="card">
                <div class="card-media">{picture(locale, product, photo, craft, (false, true))}{flag}</div>
                <div class="card-body">
                    <p class="card-kicker">{kicker}</p>
                    <h3 class="card-title" lang=foreign(&product.title, locale)>
                        <a class="card-link" href=visit.link(&path(product))>
                            {product.title.text(locale).to_owned()}
                        </a>
                    </h3>
                    <p class="price">{product.price.display(locale)}</p>
                </div>
            </article>
        </li>
    }
}

/// Who sells: the name, and the page's address.
pub fn seller_of(
    visit: &Visit,
    catalogue: &Catalogue,
    seller: Seller,
    coop: Option<&Coop>,
) -> (String, String) {
    match seller {
        Seller::Workshop(id) => catalogue.workshop(id).map_or_else(Default::default, |workshop| {
            (workshop.name.clone(), visit.link(&format!("/workshops/{}/shop", workshop.slug)))
        }),
        Seller::Coop(_) => coop.map_or_else(Default::default, |coop| {
            (coop.name.clone(), visit.link(&format!("/coops/{}/shop", coop.slug)))
        }),
    }
}

/// Tone of the badge, and words.
pub fn state(locale: Locale, order: &Order) -> (&'static str, &'static str) {
    let collect = order.way == OrderWay::Collect;
    match order.state {
        OrderState::Awaiting => ("silk", t::state_awaiting(locale)),
        OrderState::Open => ("silk", t::state_open(locale)),
        OrderState::Packed if collect => ("celadon", t::state_ready(locale)),
        OrderState::Packed => ("silk", t::state_packed(locale)),
        OrderState::Posted => ("indigo", t::state_posted(locale)),
        OrderState::Done => ("celadon", t::state_done(locale)),
        OrderState::Withdrawn => ("terracotta", t::state_withdrawn(locale)),
        OrderState::Returned => ("terracotta", t::state_returned(locale)),
        OrderState::Cancelled => ("lacquer", t::state_cancelled(locale)),
        OrderState::Expired => ("lacquer", t::state_expired(locale)),
    }
}

pub fn badge(locale: Locale, order: &Order) -> impl IntoView + use<> {
    let (tone, words) = state(locale, order);
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

/// What was ordered, with its sum.
pub fn lines(locale: Locale, order: &Order, lines: &[Line]) -> impl IntoView + use<> {
    let row = |words: String, sum: Dong| {
        view! { <div><dt>{words}</dt><dd>{sum.display(locale)}</dd></div> }
    };
    let rows: Vec<_> = lines
        .iter()
        .map(|line| row(t::n_of(locale, line.quantity, line.title.text(locale)), line.sum()))
        .collect();
    let postage =
        (order.postage > Dong::ZERO).then(|| row(t::postage(locale).to_owned(), order.postage));
    view! {
        <dl class="pairs shop-lines">
            {rows} {postage}
            <div><dt><strong>{t::total(locale)}</strong></dt><dd><strong>{order.total().display(locale)}</strong></dd></div>
        </dl>
    }
}

fn control(field: Field) -> String {
    match field {
        Field::Title(locale) => format!("title_{locale}"),
        Field::About(locale) => format!("about_{locale}"),
        Field::Materials(locale) => format!("materials_{locale}"),
        Field::Parcel(field) => ui_parcel::name_of(field).to_owned(),
        plain => match plain {
            Field::Size => "size",
            Field::Price => "price",
            Field::Grams => "grams",
            Field::Stock => "stock",
            Field::Place => "place",
            Field::Lot => "lot",
            Field::Quantity => "quantity",
            Field::Name => "name",
            Field::Email => "email",
            Field::Phone => "phone",
            Field::Note => "note",
            Field::Way => "way",
            Field::Pays => "pays",
            Field::Reason => "reason",
            Field::Reply => "reply",
            Field::Method => "method",
            Field::Percent => "percent",
            Field::Amount => "amount",
            Field::Card => CARD,
            _ => "date",
        }
        .to_owned(),
    }
}

fn words(locale: Locale, field: Field, wrong: Wrong) -> String {
    match wrong {
        Wrong::Missing => t::wrong_missing(locale).to_owned(),
        Wrong::TooLong { max } => t::wrong_long(locale, max),
        Wrong::Choice => t::wrong_choice(locale).to_owned(),
        Wrong::Amount => t::wrong_amount(locale).to_owned(),
        Wrong::Number { min, max } => t::wrong_number(locale, max, min),
        Wrong::Taken { taken } => t::wrong_taken(locale, i64::from(taken)),
        Wrong::OneOff => t::wrong_one_off(locale).to_owned(),
        Wrong::Left { left } => t::wrong_left(locale, i64::from(left)),
        Wrong::Email => t::wrong_email(locale).to_owned(),
        Wrong::Phone => t::wrong_phone(locale).to_owned(),
        Wrong::Lot => t::wrong_lot(locale).to_owned(),
        Wrong::NoTransfer => t::wrong_no_transfer(locale).to_owned(),
        Wrong::PostPaid => t::wrong_post_paid(locale).to_owned(),
        Wrong::Percent => t::wrong_percent(locale).to_owned(),
        Wrong::Above { most } => t::wrong_above(locale, most.display(locale)),
        Wrong::Date => t::wrong_date(locale).to_owned(),
        Wrong::Parcel(wrong) => match field {
            Field::Parcel(field) => ui_parcel::words_of(locale, field, wrong),
            _ => t::wrong_choice(locale).to_owned(),
        },
    }
}

/// What is wrong with a form; what is no matter of a form ends the request.
pub fn problems(locale: Locale, error: ShopError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        ShopError::Fields(wrongs) => {
            for (field, wrong) in wrongs {
                problems.add(control(field), words(locale, field, wrong));
            }
        }
        ShopError::SoldOut { title, left } => {
            problems.add("main", t::quicker(locale, i64::from(left), title.text(locale)));
        }
        ShopError::Empty => problems.add("main", t::basket_empty(locale)),
        ShopError::State => problems.add("main", t::changed_meanwhile(locale)),
        ShopError::NotPaid => problems.add("main", t::not_paid(locale)),
        ShopError::TooLate => problems.add("reason", t::too_late(locale)),
        ShopError::Card(refused) => problems.add(CARD, refusal(locale, refused)),
        ShopError::Photo(error) => {
            problems.add("photo", crate::pages::host::photos::of_photo(locale, error)?);
        }
        ShopError::Payment(error) => return of_payment(locale, error),
        ShopError::Store(error) => return Err(error.into()),
        ShopError::Forbidden(_) | ShopError::Unknown | ShopError::Ledger(_) => {
            return Err(PageError::NotFound);
        }
    }
    Ok(problems)
}

/// What somebody may not see does not exist.
pub fn refused(error: ShopError) -> PageError {
    match error {
        ShopError::Store(error) => error.into(),
        _ => PageError::NotFound,
    }
}

//! A piece: what is said of it, how many there are, its photographs.

use std::sync::Arc;

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::catalogue::photos::prepare_aside;
use engine::coop::{self, Coop};
use engine::provenance;
use engine::shop::{
    self, AddProductPhoto, OnProductPhoto, PhotoDeed, Product, ProductData, ProductInput,
    ProductPhoto, Save, ShopError, Standing,
};
use engine::{Localized, ProductId};
use leptos::prelude::*;

use super::{Section, subnav};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, pairs, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::photos::{broken, read};
use crate::pages::host::shop::money_typed;
use crate::render::Page;
use crate::t::edit as te;
use crate::t::shop as t;
use crate::ui::field::{Checkbox, ErrorSummary, FormKey, Hidden, Select, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::shop as ui;

type At = Path<(String, String)>;
type AtOne = Path<(String, String, String)>;

/// What the editor shows.
struct Shown {
    desk: Desk,
    shop: Workshop,
    product: Option<Product>,
    photos: Vec<ProductPhoto>,
    coop: Option<Coop>,
    /// Of the co-op: where a piece may stand.
    members: Vec<(String, String)>,
    /// Code of the record that it names.
    lot: String,
}

impl Shown {
    async fn open(
        app: &App,
        visit: &Visit,
        slug: &str,
        id: Option<&str>,
    ) -> Result<Shown, PageError> {
        let desk = Desk::open_as_owner(app, visit, slug).await?;
        let shop = desk.workshop()?.clone();
        let mut conn = app.store.read().await?;
        let product = match id {
            Some(id) => {
                let id: ProductId = id.parse().map_err(|_| PageError::NotFound)?;
                let found = shop::product(&mut conn, id).await?;
                let found = found.filter(|product| product.workshop_id == shop.id);
                Some(found.ok_or(PageError::NotFound)?)
            }
            None => None,
        };
        let photos = match &product {
            Some(product) => shop::photos_of(&mut conn, &[product.id]).await?,
            None => Vec::new(),
        };
        let coop = coop::of_workshop(&mut conn, shop.id).await?;
        let mut members = Vec::new();
        if let Some(coop) = &coop {
            for member in coop::members(&mut conn, coop.id).await? {
                let name = desk.catalogue.workshop(member.workshop_id);
                let name = name.map(|house| house.name.clone()).unwrap_or_default();
                members.push((member.workshop_id.to_string(), name));
            }
        }
        let lot = match product.as_ref().and_then(|product| product.record_id) {
            Some(id) => provenance::by_id(&mut conn, id).await?.map(|it| it.spoken_code()),
            None => None,
        };
        let lot = lot.unwrap_or_default();
        Ok(Shown { desk, shop, product, photos, coop, members, lot })
    }

    fn at(&self, visit: &Visit) -> String {
        let sub = self.product.as_ref().map_or_else(|| "new".to_owned(), |it| it.id.to_string());
        at(visit, &self.shop, &format!("/shop/{sub}"))
    }

    /// What the form begins with.
    fn begin(&self, visit: &Visit) -> Form {
        let mut fields = vec![("form_key".to_owned(), fresh_key())];
        let Some(product) = &self.product else {
            fields.push(("stock".to_owned(), "1".to_owned()));
            return Form::of_pairs(fields);
        };
        fields.extend(pairs("title", &product.title));
        fields.extend(pairs("about", &product.about));
        fields.extend(pairs("materials", &product.materials));
        fields.extend([
            ("size".to_owned(), product.size.clone()),
            ("price".to_owned(), money_typed(visit.locale, product.price)),
            ("grams".to_owned(), product.grams.to_string()),
            ("stock".to_owned(), product.stock.to_string()),
            ("place".to_owned(), product.place_id.to_string()),
            ("lot".to_owned(), self.lot.clone()),
        ]);
        if product.one_off {
            fields.push(("one_off".to_owned(), "on".to_owned()));
        }
        if product.coop_id.is_some() {
            fields.push(("shelf".to_owned(), "on".to_owned()));
        }
        Form::of_pairs(fields)
    }
}

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, None).await?;
    let form = shown.begin(&visit);
    Ok(answer(&visit, shown, form, Problems::default()))
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, Some(&id)).await?;
    let form = shown.begin(&visit);
    Ok(answer(&visit, shown, form, Problems::default()))
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, None).await?;
    keep(&app, &visit, shown, form).await
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, Some(&id)).await?;
    match form.text("act") {
        "photo" => photo(&app, &visit, shown, form).await,
        _ => keep(&app, &visit, shown, form).await,
    }
}

async fn keep(app: &App, visit: &Visit, shown: Shown, form: Form) -> Result<Response, PageError> {
    let text = |name: &str| form.text(name).to_owned();
    let input = ProductInput {
        title: texts(&form, "title"),
        about: texts(&form, "about"),
        materials: texts(&form, "materials"),
        size: text("size"),
        price: text("price"),
        grams: text("grams"),
        one_off: form.has("one_off"),
        stock: text("stock"),
        shelf: form.has("shelf"),
        place: text("place"),
        lot: text("lot"),
    };
    let saved = match ProductData::parse(&input) {
        Ok(data) => {
            let save = Save {
                actor: visit.actor.clone(),
                workshop: shown.shop.id,
                product: shown.product.as_ref().map(|product| product.id),
                data,
                form_key: form.key(),
                illustration: String::new(),
            };
            app.store.write("save piece", save, |tx, c| Box::pin(shop::save_product(tx, c))).await
        }
        Err(error) => Err(error),
    };
    match saved {
        Ok(product) => {
            Ok(see(&format!("{}?done=1", at(visit, &shown.shop, &format!("/shop/{}", product.id)))))
        }
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            Ok(answer(visit, shown, form, wrong))
        }
    }
}

/// A photograph is described, made the first, or deleted; `do` says which.
async fn photo(app: &App, visit: &Visit, shown: Shown, form: Form) -> Result<Response, PageError> {
    let product = shown.product.as_ref().ok_or(PageError::NotFound)?.id;
    let photo = form.text("photo").parse().map_err(|_| PageError::NotFound)?;
    let deed = match form.text("do") {
        "" => PhotoDeed::Describe(texts(&form, &format!("alt-{photo}"))),
        "first" => PhotoDeed::First,
        "delete" => PhotoDeed::Delete,
        _ => return Err(PageError::NotFound),
    };
    let change = OnProductPhoto { actor: visit.actor.clone(), product, photo, deed };
    let done =
        app.store.write("piece photo", change, |tx, c| Box::pin(shop::change_photo(tx, c))).await;
    match done {
        Ok(()) => Ok(see(&format!("{}?done=1#photos", shown.at(visit)))),
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            let begin = shown.begin(visit);
            Ok(answer(visit, shown, begin, wrong))
        }
    }
}

/// Takes the files one after another; what is wrong with one does not lose the others.
pub async fn add_photo(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    mut upload: Multipart,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shown = Shown::open(&app, &visit, &slug, Some(&id)).await?;
    let product = shown.product.as_ref().ok_or(PageError::NotFound)?.id;
    let mut wrong = Problems::default();
    let mut added = 0;
    loop {
        let field = match upload.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => break,
            Err(error) => {
                wrong.add("photo", broken(locale, &error));
                break;
            }
        };
        if field.name() != Some("photo") {
            continue;
        }
        let bytes = match read(field).await {
            Ok(bytes) => bytes,
            Err(error) => {
                wrong.add("photo", broken(locale, &error));
                break;
            }
        };
        if bytes.is_empty() {
            continue;
        }
        let kept = match prepare_aside(bytes).await {
            Ok(photo) => {
                let actor = visit.actor.clone();
                let add = AddProductPhoto { actor, product, photo: Arc::new(photo) };
                app.store.write("add photo", add, |tx, c| Box::pin(shop::add_photo(tx, c))).await
            }
            Err(error) => Err(ShopError::from(error)),
        };
        match kept {
            Ok(()) => added += 1,
            Err(error) => wrong.append(ui::problems(locale, error)?),
        }
    }
    if added == 0 && wrong.is_empty() {
        wrong.add("photo", te::no_file(locale));
    }
    if wrong.is_empty() {
        return Ok(see(&format!("{}?done=1#photos", shown.at(&visit))));
    }
    // As they are now: some of the files may be kept.
    let shown = Shown::open(&app, &visit, &slug, Some(&id)).await?;
    let form = shown.begin(&visit);
    Ok(answer(&visit, shown, form, wrong))
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = shown
        .product
        .as_ref()
        .map_or_else(|| t::host_new(locale).to_owned(), |it| it.title.text(locale).to_owned());
    let inner = visit.clone();
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let value = |name: &str| form.text(name).to_owned();
        let done = Form::of_query(&visit.query).has("done") && wrong.is_empty();
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::saved(locale)/> });
        let both = |key: &str, label: &str, look: Look| {
            in_both(locale, key, label, &texts(&form, key), &wrong, look)
        };
        let shelf = shown.coop.as_ref().map(|coop| {
            view! {
                <Checkbox name="shelf" label=t::on_shelf(locale, &coop.name) checked=form.has("shelf")/>
                <Select locale name="place" label=t::stands_at(locale) options=shown.members.clone()
                    optional=true hint=t::stands_hint(locale) value=value("place") error=wrong.of("place")/>
            }
        });
        let publish = shown.product.as_ref().map(|product| {
            let draft = product.standing() == Standing::Draft;
            let act = if draft { "publish" } else { "unpublish" };
            let go = if draft { t::show(locale) } else { t::take_off(locale) };
            let public = visit.link(&ui::path(product));
            view! {
                <form class="cluster" method="post" action=at(visit, &shown.shop, "/shop")>
                    <Hidden name="act" value=act/>
                    <Hidden name="product" value=product.id.to_string()/>
                    <button class="btn">{go}</button>
                    <a href=public>{t::host_see(locale)}</a>
                </form>
            }
        });
        let back = vec![(at(visit, &shown.shop, "/shop"), t::host_title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <header class="host-head"><h1>{title}</h1></header>
            {subnav(visit, &shown.desk, Section::Pieces)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            {publish}
            <form class="form panel" method="post" action=shown.at(visit) novalidate>
                <FormKey key=form.key()/>
                {both("title", t::field_title(locale), Look::default())}
                {both("about", t::about(locale), Look { rows: 6, ..Look::default() })}
                {both("materials", t::materials(locale), Look::default())}
                <TextField locale name="size" label=t::size(locale) hint=t::size_hint(locale)
                    optional=true value=value("size") error=wrong.of("size")/>
                <div class="field-row">
                    <TextField locale name="price" label=t::price(locale) short=true inputmode="numeric"
                        value=value("price") error=wrong.of("price")/>
                    <TextField locale name="grams" label=t::grams(locale) short=true inputmode="numeric"
                        value=value("grams") error=wrong.of("grams")/>
                    <TextField locale name="stock" label=t::stock(locale) short=true inputmode="numeric"
                        value=value("stock") error=wrong.of("stock")/>
                </div>
                <Checkbox name="one_off" label=t::field_one_off(locale) checked=form.has("one_off")/>
                {shelf}
                <TextField locale name="lot" label=t::lot(locale) hint=t::lot_hint(locale) optional=true
                    autocomplete="off" value=value("lot") error=wrong.of("lot")/>
                <div><button class="btn btn-primary">{t::save(locale)}</button></div>
            </form>
            {photos(visit, &shown, &wrong)}
        };
        frame(visit, Some(&shown.shop), Tab::More, body)
    })
}

fn photos(visit: &Visit, shown: &Shown, wrong: &Problems) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let product = shown.product.as_ref()?;
    let page = shown.at(visit);
    let items: Vec<_> = shown
        .photos
        .iter()
        .enumerate()
        .map(|(place, photo)| {
            let id = photo.id.to_string();
            let key = format!("alt-{id}");
            let alt: Localized = photo.alt.clone();
            let button = |what: &'static str, words: &'static str| {
                view! { <button class="btn btn-small" name="do" value=what>{words}</button> }
            };
            let first = (place > 0).then(|| button("first", t::photo_first(locale)));
            view! {
                <li class="panel stack-s">
                    <div class="shop-thumb">{ui::picture(locale, product, Some(photo), None, (true, true))}</div>
                    <form class="form" method="post" action=page.clone()>
                        <Hidden name="act" value="photo"/>
                        <Hidden name="photo" value=id/>
                        {in_both(locale, &key, t::photo_alt(locale), &alt, wrong, Look { optional: true, ..Look::default() })}
                        <div class="cluster">
                            {button("", t::save(locale))} {first} {button("delete", t::photo_delete(locale))}
                        </div>
                    </form>
                </li>
            }
        })
        .collect();
    let error = wrong.of("photo");
    let error = (!error.is_empty())
        .then(|| view! { <p class="field-error" id="photo-error">{icon("warning")}{error}</p> });
    Some(view! {
        <section class="stack" id="photos" aria-labelledby="photos-title">
            <h2 id="photos-title">{t::photos(locale)}</h2>
            <ol class="stack shop-photos">{items}</ol>
            <form class="drop" method="post" action=format!("{page}/photos") enctype="multipart/form-data">
                {icon("camera")}
                <label class="field-label" for="photo">{te::add_photos(locale)}</label>
                {error}
                <input class="input" id="photo" name="photo" type="file" multiple required
                    accept="image/jpeg,image/png,image/webp"/>
                <button class="btn btn-primary">{te::upload(locale)}</button>
            </form>
        </section>
    })
}

//! One commission at the workshop's desk: what is asked, what was said, what is to be done next.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::CommissionId;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::commission::{
    self, Commission, Entry, Offer, Photo, Reckoning, State as Standing, Terms,
};
use engine::craft::delivery::{self, Parcel};
use engine::privacy::What;
use leptos::prelude::*;

use super::forms;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::commission as t;
use crate::ui::commission as ui;
use crate::ui::field::ErrorSummary;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::{format, parcel as ui_parcel};

pub type At = Path<(String, String, String)>;

/// All that the page shows.
pub(super) struct Shown {
    pub desk: Desk,
    pub shop: Workshop,
    pub commission: Commission,
    pub offer: Option<Offer>,
    pub money: Reckoning,
    pub terms: Terms,
    pub today: chrono::NaiveDate,
    pub parcel: Option<Parcel>,
    entries: Vec<Entry>,
    offers: Vec<Offer>,
    photos: Vec<Photo>,
}

impl Shown {
    pub(super) async fn open(
        app: &App,
        visit: &Visit,
        slug: &str,
        id: &str,
    ) -> Result<Shown, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        let shop = desk.workshop()?.clone();
        let id: CommissionId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let found = commission::by_id(&mut conn, id).await?;
        let found = found.filter(|commission| commission.workshop_id == desk.id());
        let commission = found.ok_or(PageError::NotFound)?;
        let (offer, money) = commission::money_of(&mut conn, &commission).await?;
        let terms = commission::terms_of(&mut conn, desk.id()).await?;
        let entries = commission::entries_of(&mut conn, id).await?;
        let offers = commission::offers_of(&mut conn, id).await?;
        let photos = commission::photos_of(&mut conn, id).await?;
        let parcel = match commission.parcel_id {
            Some(id) => delivery::parcel(&mut conn, id).await?,
            None => None,
        };
        let today = local_date(app.store.now());
        Ok(Shown {
            desk,
            shop,
            commission,
            offer,
            money,
            terms,
            today,
            parcel,
            entries,
            offers,
            photos,
        })
    }

    pub(super) fn at(&self, visit: &Visit) -> String {
        at(visit, &self.shop, &format!("/commissions/{}", self.commission.id))
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &id).await?;
    let subject = shown.commission.id.to_string();
    views::note(&app, &visit, shown.desk.id(), What::Commission, subject).await?;
    Ok(answer(&visit, shown, Form::default(), Problems::default()))
}

pub(super) fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = ui::heading(locale, &shown.commission);
    let inner = visit.clone();
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let commission = &shown.commission;
        let news = match Form::of_query(&visit.query).text("done") {
            "" => None,
            "offer" => Some(t::news_offer(locale)),
            _ => Some(t::news_done(locale)),
        }
        .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let back = vec![(at(visit, &shown.shop, "/commissions"), t::host_title(locale).to_owned())];
        let ended = match &commission.state {
            Standing::Ended { reason, .. } if !reason.is_empty() => {
                Some(view! { <blockquote class="said">{reason.clone()}</blockquote> })
            }
            _ => None,
        };
        let offer = shown.offer.as_ref().map(|offer| {
            view! {
                <section class="panel stack-s" aria-labelledby="offer">
                    <h2 class="panel-title" id="offer">{t::offer(locale)}</h2>
                    {ui::offer(locale, offer)}
                    {ui::money_lines(locale, Some(offer), shown.money)}
                </section>
            }
        });
        let body = view! {
            {breadcrumb(locale, back)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <header class="host-head">
                <div><h1>{title}</h1>{contact(locale, commission)}</div>
                {ui::badge(locale, commission.kind())}
            </header>
            <p class="soft">{ui::waits(locale, commission.waits(shown.money))}</p>
            {ended}
            <div class="split">
                <div class="stack">
                    <section class="panel stack-s" aria-labelledby="brief">
                        <h2 class="panel-title" id="brief">{t::brief(locale)}</h2>
                        {ui::brief(locale, commission)}
                    </section>
                    <section class="stack-s" aria-labelledby="talk">
                        <h2 id="talk">{t::conversation(locale)}</h2>
                        {ui::conversation(
                            locale,
                            (commission, &shown.shop),
                            (&shown.entries, &shown.offers, &shown.photos),
                        )}
                    </section>
                    {forms::message(visit, &shown, &form, &wrong)}
                </div>
                <div class="stack">
                    {offer}
                    {forms::next(visit, &shown, &form, &wrong)}
                    {parcel(visit, &shown)}
                    {forms::paid(visit, &shown, &form, &wrong)}
                    {forms::pay_back(visit, &shown, &form, &wrong)}
                    {forms::end(visit, &shown, &form, &wrong)}
                </div>
            </div>
        };
        frame(visit, Some(&shown.shop), Tab::More, body)
    })
}

/// Who asks; with links to call and write.
fn contact(locale: engine::Locale, made: &Commission) -> impl IntoView + use<> {
    let says = format::commas(locale, &[made.code.to_string(), ui::asked_on(locale, made)]);
    let phone = (!made.phone.is_empty()).then(|| {
        view! { <a href=format!("tel:{}", made.phone)>{icon("phone")}" "{format::phone(&made.phone)}</a> }
    });
    let mail = (!made.email.is_empty()).then(|| {
        view! { <a href=format!("mailto:{}", made.email)>{icon("mail")}" "{made.email.clone()}</a> }
    });
    view! {
        <p class="soft">{says}</p>
        <p class="cluster"><span>{made.name.clone()}</span> {phone} {mail}</p>
    }
}

/// Where it goes, with the page on which its cost and cash are dealt with.
fn parcel(visit: &Visit, shown: &Shown) -> Option<AnyView> {
    let locale = visit.locale;
    let parcel = shown.parcel.as_ref()?;
    let href = at(visit, &shown.shop, &format!("/parcels/{}", parcel.id));
    let to = ui_parcel::written(parcel);
    let cost = ui_parcel::cost(locale, parcel);
    Some(
        view! {
            <section class="panel stack-s" aria-labelledby="home">
                <h2 class="panel-title" id="home">{t::home(locale)}</h2>
                <p>{ui_parcel::badge(locale, parcel)}</p>
                {to}
                <p class="soft">{cost}</p>
                <p><a href=href>{t::open_parcel(locale)}</a></p>
            </section>
        }
        .into_any(),
    )
}

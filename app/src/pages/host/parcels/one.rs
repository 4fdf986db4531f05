//! One parcel: its address to write on it, what is in it, and what is to be done next.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::commission::{self, Commission};
use engine::craft::delivery::{
    self, Carrier, Parcel, ParcelState, Pays, PostData, PostInput, TrackData, TrackInput, Way,
};
use engine::craft::{self, HandleParcel, ParcelDeed, Piece, PieceState};
use engine::{Dong, ParcelId};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::pieces::{Section, subnav};
use crate::render::Page;
use crate::t::{parcel as t, piece as tp};
use crate::ui::field::{ErrorSummary, Hidden, Select, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::{parcel as ui, piece as ui_piece};

type At = Path<(String, String, String)>;

struct Shown {
    desk: Desk,
    parcel: Parcel,
    pieces: Vec<Piece>,
    /// What was made to order and is in it.
    made: Option<Commission>,
}

impl Shown {
    async fn open(app: &App, visit: &Visit, slug: &str, id: &str) -> Result<Shown, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        let id: ParcelId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let parcel = delivery::parcel(&mut conn, id).await?;
        // An order's parcel is seen with its order.
        let parcel = parcel.filter(|parcel| parcel.workshop_id == desk.id() && !parcel.of_order);
        let parcel = parcel.ok_or(PageError::NotFound)?;
        let pieces = craft::pieces_of_parcel(&mut conn, id).await?;
        let made = commission::of_parcel(&mut conn, id).await?;
        Ok(Shown { desk, parcel, pieces, made })
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &id).await?;
    answer(&visit, shown, Form::default(), Problems::default())
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &id).await?;
    let text = |name: &str| form.text(name).to_owned();
    let deed = match form.text("act") {
        "pack" => Ok(ParcelDeed::Pack),
        "unpack" => Ok(ParcelDeed::Unpack),
        "arrive" => Ok(ParcelDeed::Arrive),
        "cash" => Ok(ParcelDeed::Cash),
        "post" => {
            let input = TrackInput { carrier: text("carrier"), tracking: text("tracking") };
            TrackData::parse(&input).map(ParcelDeed::Post)
        }
        "price" => {
            let input = PostInput { grams: text("grams"), cost: text("cost") };
            PostData::parse(&input).map(ParcelDeed::Price)
        }
        _ => return Err(PageError::NotFound),
    };
    let done = match deed {
        Ok(deed) => {
            let command =
                HandleParcel { actor: visit.actor.clone(), parcel: shown.parcel.id, deed };
            app.store
                .write("handle parcel", command, |tx, c| Box::pin(craft::handle_parcel(tx, c)))
                .await
        }
        Err(error) => Err(error.into()),
    };
    match done {
        Ok(rest) => {
            let page = at(&visit, shown.desk.workshop()?, &format!("/parcels/{id}"));
            let news = if rest.is_some() { "split" } else { "1" };
            Ok(see(&format!("{page}?done={news}")))
        }
        Err(error) => {
            let wrong = ui_piece::problems(visit.locale, error)?;
            answer(&visit, shown, form, wrong)
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = shown.desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = t::parcel_title(locale, &shown.parcel.what);
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let parcel = &shown.parcel;
        let page = at(visit, &shop, &format!("/parcels/{}", parcel.id));
        let news = match Form::of_query(&visit.query).text("done") {
            "" => None,
            "split" => Some(t::news_split(locale)),
            _ => Some(tp::news_done(locale)),
        }
        .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let pieces: Vec<_> = shown
            .pieces
            .iter()
            .map(|piece| {
                let href = at(visit, &shop, &format!("/pieces/{}", piece.id));
                view! {
                    <li class="piece-row">
                        <a class="piece-number" href=href>{piece.label.clone()}</a>
                        <span class="piece-row-name">{piece.name.clone()}</span>
                        {ui_piece::badge(locale, piece)}
                    </li>
                }
            })
            .collect();
        let made = shown.made.as_ref().map(|made| {
            let href = at(visit, &shop, &format!("/commissions/{}", made.id));
            view! { <p><a href=href>{crate::ui::commission::heading(locale, made)}</a></p> }
        });
        let back_owed = (parcel.too_much() > Dong::ZERO).then(|| {
            let words = t::too_much(locale, parcel.too_much().display(locale));
            view! { <Notice tone=Tone::Warn title=words/> }
        });
        let back = vec![(at(visit, &shop, "/parcels"), tp::parcels_title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <header class="host-head"><div><h1>{title}</h1><p>{ui::badge(locale, parcel)}</p></div></header>
            {subnav(visit, &shown.desk, Section::Parcels)}
            {news} {back_owed}
            <ErrorSummary locale problems=wrong.clone()/>
            <div class="split">
                <div class="panel stack-s">
                    {facts(locale, parcel)}
                    <ul class="piece-rows">{pieces}</ul>
                    {made}
                </div>
                <div class="stack">
                    {next(locale, &shown, &page, &form, &wrong)}
                    {price(locale, parcel, &page, &form, &wrong)}
                </div>
            </div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

fn facts(locale: engine::Locale, parcel: &Parcel) -> impl IntoView + use<> {
    let to = ui::written(parcel).map(|to| {
        view! { <div><dt>{t::to(locale)}</dt><dd>{to}</dd></div> }
    });
    let cleared = parcel
        .cleared_at
        .is_some()
        .then(|| view! { <p class="soft small">{t::cleared(locale)}</p> });
    let post = (parcel.way == Way::Post).then(|| {
        let zone = parcel.zone.map_or("", |zone| ui::zone(locale, zone));
        view! {
            <div><dt>{t::weight(locale)}</dt><dd>{t::grams_of(locale, i64::from(parcel.grams))} " · " {zone}</dd></div>
            <div><dt>{t::cost(locale)}</dt><dd>{ui::cost(locale, parcel)}</dd></div>
        }
    });
    let tracking = parcel.carrier.map(|carrier| {
        let number = parcel.tracking.clone();
        let number = match parcel.track_url() {
            Some(url) => view! { <a href=url rel="external noopener">{number}{icon("external")}</a> }.into_any(),
            None => view! { {number} }.into_any(),
        };
        view! { <div><dt>{t::tracking(locale)}</dt><dd>{ui::carrier(locale, carrier)} " " {number}</dd></div> }
    });
    view! {
        <dl class="pairs">{to} {post} {tracking}</dl>
        {cleared}
    }
}

/// What is to be done next, and what can be taken back.
fn next(
    locale: engine::Locale,
    shown: &Shown,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let parcel = &shown.parcel;
    let ready = shown.pieces.iter().filter(|it| it.state == PieceState::Ready).count();
    let button = |act: &'static str, class: &'static str, words: &'static str| {
        view! {
            <form method="post" action=page.to_owned()>
                <Hidden name="act" value=act/>
                <button class=class>{words}</button>
            </form>
        }
    };
    let step = match (parcel.state, parcel.way) {
        (ParcelState::Open, Way::Collect) => view! { <p>{t::collect_hint(locale)}</p> }.into_any(),
        (ParcelState::Open, Way::Post) if ready > 0 => {
            let all = i64::try_from(shown.pieces.len()).unwrap_or(i64::MAX);
            let ready = i64::try_from(ready).unwrap_or(0);
            let rest =
                (ready < all).then(|| view! { <p class="field-hint">{t::pack_rest(locale)}</p> });
            view! {
                <p>{t::ready_of(locale, all, ready)}</p>
                {rest}
                {button("pack", "btn btn-primary", t::pack(locale))}
            }
            .into_any()
        }
        // It is posted on the page of what was made to order.
        (ParcelState::Open, Way::Post) if shown.made.is_some() => ().into_any(),
        (ParcelState::Open, Way::Post) => view! { <p>{t::not_ready(locale)}</p> }.into_any(),
        (ParcelState::Packed, _) => {
            let mut carriers = vec![(String::new(), t::choose(locale).to_owned())];
            carriers.extend(
                Carrier::ALL.iter().map(|it| (it.to_string(), ui::carrier(locale, *it).to_owned())),
            );
            view! {
                <form class="form" method="post" action=page.to_owned() novalidate>
                    <Hidden name="act" value="post"/>
                    <Select locale name="carrier" label=t::carrier(locale) options=carriers
                        value=form.text("carrier").to_owned() error=wrong.of("carrier")/>
                    <TextField locale name="tracking" label=t::tracking(locale)
                        value=form.text("tracking").to_owned() error=wrong.of("tracking")/>
                    <div><button class="btn btn-primary">{t::post_go(locale)}</button></div>
                </form>
                {button("unpack", "btn btn-quiet", t::unpack(locale))}
            }
            .into_any()
        }
        (ParcelState::Posted, _) => {
            button("arrive", "btn btn-primary", t::arrive(locale)).into_any()
        }
        (ParcelState::Arrived | ParcelState::Cancelled, _) => ().into_any(),
    };
    let owes = parcel.open() > Dong::ZERO && parcel.state != ParcelState::Cancelled;
    let cash = owes.then(|| {
        let words = match parcel.pays {
            Pays::Transfer => t::cash_instead(locale),
            _ => t::cash_taken(locale),
        };
        view! {
            <Notice tone=Tone::Info title=t::owes(locale, parcel.open().display(locale))/>
            {button("cash", "btn", words)}
        }
    });
    view! { <section class="panel stack-s">{step} {cash}</section> }
}

/// Another weight or cost than the table says.
fn price(
    locale: engine::Locale,
    parcel: &Parcel,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> Option<impl IntoView + use<>> {
    let open = matches!(parcel.state, ParcelState::Open | ParcelState::Packed);
    if !open || parcel.way == Way::Collect {
        return None;
    }
    let value = |name: &str, usual: String| match form.text(name) {
        "" => usual,
        typed => typed.to_owned(),
    };
    Some(view! {
        <details class="fold" open=!wrong.of("cost").is_empty() || !wrong.of("grams").is_empty()>
            <summary>{icon("edit")}{t::weigh(locale)}</summary>
            <form class="fold-body form" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="price"/>
                <div class="field-row">
                    <TextField locale name="grams" label=t::weight_grams(locale) short=true inputmode="numeric"
                        value=value("grams", parcel.grams.to_string()) error=wrong.of("grams")/>
                    <TextField locale name="cost" label=t::cost(locale) short=true inputmode="numeric"
                        value=value("cost", parcel.cost.0.to_string()) error=wrong.of("cost")/>
                </div>
                <div><button class="btn">{tp::save(locale)}</button></div>
            </form>
        </details>
    })
}

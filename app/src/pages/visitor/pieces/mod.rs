//! What a party made, by its secret link: each piece's way, the choice when one cracked, the way home.
//! The code on a label opens the way of its one piece, and nothing of whose it is.

pub mod pay;
pub mod photo;
mod send;

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::accounts::Actor;
use engine::booking::{Booking, query};
use engine::catalogue::Workshop;
use engine::craft::delivery::{self, Parcel};
use engine::craft::{
    self, Choice, Choose, Found, Loss, Piece, PieceParty, PieceTerms, StepRow, WishParcel,
};
use engine::giftcard::{self, GiftCard};
use engine::provenance::Record;
use engine::store::Conn;
use engine::{Dong, PieceId};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t::piece as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::{gift_card, parcel as ui_parcel, piece as ui};

/// Language and secret.
pub type Link = Path<(String, String)>;

/// Address of the page, or of one below it.
pub fn address(visit: &Visit, secret: &str, sub: &str) -> String {
    visit.link(&format!("/pieces/{secret}{sub}"))
}

/// All that the page shows.
struct Shown {
    party: PieceParty,
    booking: Booking,
    shop: Workshop,
    pieces: Vec<Piece>,
    history: HashMap<PieceId, Vec<StepRow>>,
    records: HashMap<PieceId, Record>,
    losses: Vec<Loss>,
    cards: Vec<GiftCard>,
    parcels: Vec<Parcel>,
    terms: PieceTerms,
    ways: Vec<delivery::Pays>,
}

impl Shown {
    async fn load(app: &App, party: PieceParty) -> Result<Shown, PageError> {
        let catalogue = app.catalogue().await?;
        let shop = catalogue.workshop(party.workshop_id).ok_or(PageError::NotFound)?.clone();
        let mut conn = app.store.read().await?;
        let booking = query::by_id(&mut conn, party.booking_id).await?;
        let booking = booking.ok_or(PageError::NotFound)?;
        let pieces = craft::pieces_of(&mut conn, party.id).await?;
        let ids: Vec<PieceId> = pieces.iter().map(|piece| piece.id).collect();
        let history = craft::history(&mut conn, &ids).await?;
        let records = craft::records_of(&mut conn, &pieces).await?;
        let losses = craft::losses_of(&mut conn, party.id).await?;
        let mut cards = Vec::new();
        for id in losses.iter().filter_map(|loss| loss.card_id) {
            cards.extend(giftcard::by_id(&mut conn, id).await?);
        }
        let mut parcels: Vec<_> = pieces.iter().filter_map(|piece| piece.parcel_id).collect();
        parcels.sort_unstable();
        parcels.dedup();
        let parcels = delivery::parcels_by_ids(&mut conn, &parcels).await?;
        let terms = craft::terms_of(&mut conn, party.workshop_id).await?;
        let ways = delivery::offered(&mut conn, party.workshop_id, None).await?;
        Ok(Shown {
            party,
            booking,
            shop,
            pieces,
            history,
            records,
            losses,
            cards,
            parcels,
            terms,
            ways,
        })
    }

    /// The parcel that may still be changed.
    fn open(&self) -> Option<&Parcel> {
        self.parcels.iter().rev().find(|it| it.state == delivery::ParcelState::Open)
    }

    fn loss(&self, piece: &Piece) -> Option<&Loss> {
        self.losses.iter().find(|loss| loss.piece_id == piece.id)
    }

    /// Pieces whose way home can be said.
    fn to_send(&self) -> bool {
        let open = self.open().map(|parcel| parcel.id);
        self.pieces.iter().any(|piece| {
            piece.state.in_house() && (piece.parcel_id.is_none() || piece.parcel_id == open)
        })
    }
}

async fn found(conn: &mut Conn, secret: &str) -> Result<Found, PageError> {
    Found::of(conn, secret).await?.ok_or(PageError::NotFound)
}

async fn party(app: &App, secret: &str) -> Result<PieceParty, PageError> {
    let mut conn = app.store.read().await?;
    craft::party_of_secret(&mut conn, secret).await?.ok_or(PageError::NotFound)
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, secret)): Link,
) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let found = found(&mut conn, &secret).await?;
    drop(conn);
    match found {
        Found::Party(party) => {
            let shown = Shown::load(&app, party).await?;
            let form = Form::of_pairs(send::begin(&shown));
            Ok(answer(&visit, shown, form, Problems::default()))
        }
        Found::Piece(piece) => label(&app, &visit, *piece).await,
    }
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, secret)): Link,
    form: Form,
) -> Result<Response, PageError> {
    let party = party(&app, &secret).await?;
    let (actor, store) = (Actor::Guest, &app.store);
    let done = match form.text("act") {
        "choose" => {
            let piece = form.text("piece").parse().map_err(|_| PageError::NotFound)?;
            let Some(choice) = Choice::parse(form.text("choice")) else {
                let mut wrong = Problems::default();
                wrong.add(format!("choice-{piece}"), t::wrong_choice(visit.locale));
                let shown = Shown::load(&app, party).await?;
                return Ok(answer(&visit, shown, form, wrong));
            };
            let choose = Choose { actor, party: party.id, piece, choice };
            let done = store.write("choose", choose, |tx, c| Box::pin(craft::choose(tx, c))).await;
            done.map(|()| "?done=chosen".to_owned())
        }
        "send" => match delivery::WishData::parse(&crate::ui::parcel::wish(&form)) {
            Ok(data) => {
                let wish = WishParcel { actor, party: party.id, data, form_key: form.key() };
                let done = store.write("wish", wish, |tx, c| Box::pin(craft::wish(tx, c))).await;
                done.map(|parcel| {
                    let pay = parcel.pay_code.is_some() && parcel.open() > Dong::ZERO;
                    if pay { "/pay".to_owned() } else { "?done=sent#home".to_owned() }
                })
            }
            Err(error) => Err(error.into()),
        },
        "unsend" => {
            let done = store
                .write("unwish", party.id, |tx, party| {
                    Box::pin(craft::unwish(tx, Actor::Guest, party))
                })
                .await;
            done.map(|()| "?done=unsent#home".to_owned())
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(after) => Ok(see(&address(&visit, &secret, &after))),
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            let shown = Shown::load(&app, party).await?;
            Ok(answer(&visit, shown, form, wrong))
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let n = i64::try_from(shown.pieces.len()).unwrap_or(i64::MAX);
    let title = t::page_title(locale, n, &shown.shop.name);
    let inner = visit.clone();
    let page = Page::new(Head::private(title.clone())).status(status);
    private(page.render(visit, move || {
        let visit = &inner;
        let news = match Form::of_query(&visit.query).text("done") {
            "chosen" => Some(t::news_chosen(locale)),
            "sent" => Some(t::news_sent(locale)),
            "unsent" => Some(t::news_unsent(locale)),
            _ => None,
        }
        .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let pieces: Vec<_> =
            shown.pieces.iter().map(|piece| one(visit, &shown, piece, &wrong).into_any()).collect();
        let phone = shown.shop.phone.clone();
        let booked =
            visit.link(&format!("/booking/{}/{}", shown.booking.code, shown.booking.secret));
        view! {
            <div class="wrap pieces-page stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker">{shown.shop.name.clone()}</p>
                    <h1>{title}</h1>
                    <p class="lead">{t::page_lead(locale)}</p>
                </header>
                {news}
                <ErrorSummary locale problems=wrong.clone()/>
                <div class="piece-list">{pieces}</div>
                {send::section(visit, &shown, &form, &wrong)}
                <p class="small soft">
                    {t::help(locale)} " " <a href=format!("tel:{phone}")>{format::phone(&phone)}</a>
                    " · " <a href=booked>{t::your_booking(locale)}</a>
                </p>
            </div>
        }
    }))
}

fn one(visit: &Visit, shown: &Shown, piece: &Piece, wrong: &Problems) -> impl IntoView + use<> {
    let locale = visit.locale;
    let none = Vec::new();
    let history = shown.history.get(&piece.id).unwrap_or(&none);
    let id = format!("piece-{}", piece.number);
    let name = (!piece.name.is_empty()).then(|| view! { <p class="soft">{piece.name.clone()}</p> });
    let promised = ui::promised(locale, piece)
        .map(|words| view! { <p class="piece-promise">{icon("calendar")}{words}</p> });
    let instead = piece.replaces.and_then(|id| shown.pieces.iter().find(|it| it.id == id));
    let instead =
        instead.map(|old| view! { <p class="small">{t::instead_of(locale, &old.label)}</p> });
    view! {
        <article class="panel piece-card" aria-labelledby=id.clone()>
            {ui::picture(locale, piece)}
            <div class="stack-s">
                <h2 id=id.clone()><span class="piece-number">{piece.label.clone()}</span></h2>
                <p>{ui::badge(locale, piece)}</p>
                {name} {instead} {promised}
                {loss(visit, shown, piece, wrong)}
                {ui::timeline(locale, piece, history)}
                {shown.records.get(&piece.id).map(|record| origin(visit, record))}
            </div>
        </article>
    }
}

/// A link to the record of where a piece comes from.
fn origin(visit: &Visit, record: &Record) -> impl IntoView + use<> {
    let href = visit.link(&format!("/p/{}", record.code));
    view! { <p><a href=href>{icon("check")}{t::origin(visit.locale)}</a></p> }
}

/// What follows a piece that did not come through: the question, or what was chosen.
fn loss(visit: &Visit, shown: &Shown, piece: &Piece, wrong: &Problems) -> Option<AnyView> {
    let locale = visit.locale;
    let loss = shown.loss(piece)?;
    if let Some(choice) = loss.choice {
        let card = shown.cards.iter().find(|card| Some(card.id) == loss.card_id).map(|card| {
            let href = gift_card::address(visit, card, "");
            view! { <a class="btn btn-small" href=href>{icon("star")}{t::open_voucher(locale)}</a> }
        });
        let made = shown.pieces.iter().find(|it| Some(it.id) == loss.replacement_id);
        let made = made.map(|made| {
            view! { <a href=format!("#piece-{}", made.number)>{made.label.clone()}</a> }
        });
        let words = ui::choice(locale, choice);
        return Some(view! { <p class="piece-chosen">{words} " " {made} {card}</p> }.into_any());
    }
    let name = format!("choice-{}", piece.id);
    let value = shown.terms.voucher;
    let options = [
        Some((Choice::New, t::choose_new(locale).to_owned())),
        (value > Dong::ZERO)
            .then(|| (Choice::Voucher, t::choose_voucher(locale, value.display(locale)))),
        Some((Choice::Nothing, t::choose_nothing(locale).to_owned())),
    ];
    let boxes: Vec<_> = options
        .into_iter()
        .flatten()
        .enumerate()
        .map(|(at, (choice, words))| {
            let id = if at == 0 { name.clone() } else { format!("{name}-{at}") };
            view! {
                <label class="check" for=id.clone()>
                    <input type="radio" id=id.clone() name="choice" value=choice.word() required/>
                    <span>{words}</span>
                </label>
            }
        })
        .collect();
    let error = wrong.of(&name);
    let page = address(visit, &shown.party.secret, "");
    Some(
        view! {
            <form class="stack-s piece-choice" method="post" action=page novalidate>
                <Hidden name="act" value="choose"/>
                <Hidden name="piece" value=piece.id.to_string()/>
                <fieldset class="fieldset stack-s">
                    <legend>{t::sorry(locale)}</legend>
                    {boxes}
                    <crate::ui::field::FieldError id=name text=error/>
                </fieldset>
                <div><button class="btn btn-primary">{t::choose_go(locale)}</button></div>
            </form>
        }
        .into_any(),
    )
}

/// What a label's code shows to anybody who scans it.
async fn label(app: &App, visit: &Visit, piece: Piece) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let shop = catalogue.workshop(piece.workshop_id).ok_or(PageError::NotFound)?.clone();
    let mut conn = app.store.read().await?;
    let mut history = craft::history(&mut conn, &[piece.id]).await?;
    let records = craft::records_of(&mut conn, std::slice::from_ref(&piece)).await?;
    drop(conn);
    let rows = history.remove(&piece.id).unwrap_or_default();
    let locale = visit.locale;
    let staff = visit.actor.must_serve(shop.id).is_ok().then(|| {
        let href = visit.link(&format!("/host/{}/pieces/{}", shop.slug, piece.id));
        view! { <p><a class="btn" href=href>{icon("edit")}{t::open_at_desk(locale)}</a></p> }
    });
    let title = t::label_title(locale, &piece.label, &shop.name);
    let page = Page::new(Head::private(title));
    let origin = records.get(&piece.id).map(|record| origin(visit, record));
    Ok(private(page.render(visit, move || {
        let promised = ui::promised(locale, &piece).map(|words| view! { <p>{words}</p> });
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker">{shop.name.clone()}</p>
                    <h1>{piece.label.clone()}</h1>
                    <p>{ui::badge(locale, &piece)}</p>
                </header>
                {staff}
                <div class="panel piece-card">
                    {ui::picture(locale, &piece)}
                    <div class="stack-s">{promised} {ui::timeline(locale, &piece, &rows)} {origin}</div>
                </div>
                <p class="small soft">{t::label_hint(locale)}</p>
            </div>
        }
    })))
}

/// A quiet line on the booking's page that leads to its pieces.
pub async fn offer(
    conn: &mut Conn,
    visit: &Visit,
    booking: &Booking,
) -> Result<Option<AnyView>, PageError> {
    let Some(party) = craft::party_of_booking(conn, booking.id).await? else { return Ok(None) };
    let locale = visit.locale;
    let n = i64::try_from(craft::pieces_of(conn, party.id).await?.len()).unwrap_or(i64::MAX);
    let href = address(visit, &party.secret, "");
    Ok(Some(
        view! {
            <p class="no-print">
                <a class="btn btn-primary" href=href>{icon("pot")}{t::follow(locale, n)}</a>
            </p>
        }
        .into_any(),
    ))
}

/// A parcel's facts, for the guest.
fn facts(locale: engine::Locale, parcel: &Parcel) -> impl IntoView + use<> {
    use crate::t::parcel as tp;
    let tracking = (!parcel.tracking.is_empty()).then(|| {
        let carrier = parcel.carrier.map_or("", |it| ui_parcel::carrier(locale, it));
        let number = parcel.tracking.clone();
        let number = match parcel.track_url() {
            Some(url) => {
                view! { <a href=url rel="external noopener">{number}{icon("external")}</a> }
                    .into_any()
            }
            None => view! { {number} }.into_any(),
        };
        view! { <div><dt>{tp::tracking(locale)}</dt><dd>{carrier} " " {number}</dd></div> }
    });
    let posted = parcel.posted_at.map(|at| {
        let day = format::sentence(&format::day(locale, engine::clock::local_date(at)));
        view! { <div><dt>{tp::posted_on(locale)}</dt><dd>{day}</dd></div> }
    });
    let to = ui_parcel::written(parcel).map(|to| {
        view! { <div><dt>{tp::to(locale)}</dt><dd>{to}</dd></div> }
    });
    let cost = (parcel.way == delivery::Way::Post).then(|| {
        view! { <div><dt>{tp::cost(locale)}</dt><dd>{ui_parcel::cost(locale, parcel)}</dd></div> }
    });
    view! {
        <dl class="pairs">
            <div><dt>{tp::what(locale)}</dt><dd>{parcel.what.clone()}</dd></div>
            {to} {cost} {posted} {tracking}
        </dl>
    }
}

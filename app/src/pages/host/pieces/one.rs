//! One piece at the desk: where it stands, what happened to it, and what can be done.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::{Booking, query};
use engine::craft::{
    self, AddNote, Choice, Choose, Correct, CorrectData, CorrectInput, CraftError, Deed, Lose,
    Loss, MovePieces, Outcome, Piece, PieceState, PieceTerms, StepRow,
};
use engine::{Dong, PieceId};
use leptos::prelude::*;

use super::register::photo_field;
use super::upload::Upload;
use super::{Section, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::piece as t;
use crate::ui::field::{ErrorSummary, Hidden, Radios, TextArea, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::piece as ui;

type At = Path<(String, String, String)>;

struct Shown {
    desk: Desk,
    piece: Piece,
    booking: Booking,
    secret: String,
    history: Vec<StepRow>,
    loss: Option<Loss>,
    terms: PieceTerms,
}

impl Shown {
    async fn load(app: &App, visit: &Visit, slug: &str, id: &str) -> Result<Shown, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        let id: PieceId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let piece = craft::by_id(&mut conn, id).await?;
        let piece = piece.filter(|piece| piece.workshop_id == desk.id());
        let piece = piece.ok_or(PageError::NotFound)?;
        let party = craft::party_of(&mut conn, piece.party_id).await?;
        let party = party.ok_or(PageError::NotFound)?;
        let booking = query::by_id(&mut conn, party.booking_id).await?;
        let booking = booking.ok_or(PageError::NotFound)?;
        let mut history = craft::history(&mut conn, &[id]).await?;
        let losses = craft::losses_of(&mut conn, party.id).await?;
        let terms = craft::terms_of(&mut conn, desk.id()).await?;
        Ok(Shown {
            desk,
            booking,
            secret: party.secret,
            history: history.remove(&id).unwrap_or_default(),
            loss: losses.into_iter().find(|loss| loss.piece_id == id),
            terms,
            piece,
        })
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &id).await?;
    let begin = Form::of_pairs(vec![
        ("name".into(), shown.piece.name.clone()),
        ("litres".into(), shown.piece.litres.to_string()),
        ("grams".into(), shown.piece.grams.to_string()),
    ]);
    answer(&visit, shown, begin, Problems::default())
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
    body: Multipart,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &id).await?;
    let mut wrong = Problems::default();
    let upload = Upload::read(visit.locale, body, &mut wrong).await?;
    if !wrong.is_empty() {
        return answer(&visit, shown, upload.form, wrong);
    }
    match perform(&app, &visit, &shown, &upload).await? {
        Ok(()) => {
            let page = at(&visit, shown.desk.workshop()?, &format!("/pieces/{id}"));
            Ok(see(&format!("{page}?done=1")))
        }
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            answer(&visit, shown, upload.form, wrong)
        }
    }
}

async fn perform(
    app: &App,
    visit: &Visit,
    shown: &Shown,
    upload: &Upload,
) -> Result<Result<(), CraftError>, PageError> {
    let (actor, store, piece) = (visit.actor.clone(), &app.store, shown.piece.id);
    let form = &upload.form;
    let photo = upload.photo("photo");
    let note = form.text("note").to_owned();
    let deed = match form.text("act") {
        "next" => Some(Deed::Next),
        "back" => Some(Deed::Back),
        "collect" => Some(Deed::Collect),
        _ => None,
    };
    if let Some(deed) = deed {
        let command = MovePieces { actor, workshop: shown.desk.id(), pieces: vec![piece], deed };
        let done =
            store.write("move pieces", command, |tx, c| Box::pin(craft::move_pieces(tx, c))).await;
        return Ok(done.map(drop));
    }
    Ok(match form.text("act") {
        "note" => {
            let command = AddNote { actor, piece, photo, note };
            store
                .write("note piece", command, |tx, c| Box::pin(craft::add_note(tx, c)))
                .await
                .map(drop)
        }
        "cracked" | "lost" => {
            let lost = form.text("act") == "lost";
            let outcome = if lost { Outcome::Lost } else { Outcome::Cracked };
            let command = Lose { actor, piece, outcome, photo, note };
            store.write("lose piece", command, |tx, c| Box::pin(craft::lose(tx, c))).await.map(drop)
        }
        "choose" => {
            let Some(choice) = Choice::parse(form.text("choice")) else {
                let wrong = (craft::Field::Choice, craft::Wrong::Choice);
                return Ok(Err(CraftError::Fields(vec![wrong])));
            };
            let command = Choose { actor, party: shown.piece.party_id, piece, choice };
            store.write("choose", command, |tx, c| Box::pin(craft::choose(tx, c))).await
        }
        "correct" => {
            let input = CorrectInput {
                name: form.text("name").to_owned(),
                litres: form.text("litres").to_owned(),
                grams: form.text("grams").to_owned(),
            };
            match CorrectData::parse(&input) {
                Ok(data) => {
                    let command = Correct { actor, piece, data };
                    store.write("correct", command, |tx, c| Box::pin(craft::correct(tx, c))).await
                }
                Err(error) => Err(error),
            }
        }
        _ => return Err(PageError::NotFound),
    })
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = shown.desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = shown.piece.label.clone();
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let piece = &shown.piece;
        let page = at(visit, &shop, &format!("/pieces/{}", piece.id));
        let done = Form::of_query(&visit.query).has("done");
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::news_done(locale)/> });
        let booking = at(visit, &shop, &format!("/bookings/{}", shown.booking.code));
        let firing = piece.firing_id.map(|id| {
            let href = at(visit, &shop, &format!("/firings/{id}"));
            view! { <a class="btn btn-small" href=href>{t::open_load(locale)}</a> }
        });
        let parcel = piece.parcel_id.map(|id| {
            let href = at(visit, &shop, &format!("/parcels/{id}"));
            view! { <a class="btn btn-small" href=href>{icon("mail")}{t::open_parcel(locale)}</a> }
        });
        let record = piece.record_id.map(|id| {
            let href = at(visit, &shop, &format!("/lots/{id}"));
            view! { <a class="btn btn-small" href=href>{icon("check")}{t::open_record(locale)}</a> }
        });
        let guest = visit.link(&format!("/pieces/{}", shown.secret));
        let promised = ui::promised(locale, piece).map(|words| view! { <p>{words}</p> });
        let body = view! {
            <header class="host-head">
                <div>
                    <h1><span class="piece-number">{title}</span></h1>
                    <p class="cluster">{ui::badge(locale, piece)} {piece.name.clone()}</p>
                </div>
                <div class="actions">
                    {firing} {parcel} {record}
                    <a class="btn btn-small" href=booking>{icon("people")}{shown.booking.name.clone()}</a>
                    <a class="btn btn-small" href=guest>{icon("eye")}{t::guest_page(locale)}</a>
                </div>
            </header>
            {subnav(visit, &shown.desk, Section::Pieces)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <div class="split">
                <div class="panel piece-card">
                    {ui::picture(locale, piece)}
                    <div class="stack-s">{promised} {ui::timeline(locale, piece, &shown.history)}</div>
                </div>
                <div class="stack">
                    {steps(locale, piece, &page)}
                    {loss(locale, &shown, &page, &form, &wrong)}
                    {more(locale, piece, &page, &form, &wrong)}
                </div>
            </div>
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

/// One tap, for a piece that is not in a load.
fn steps(locale: engine::Locale, piece: &Piece, page: &str) -> Option<impl IntoView + use<>> {
    if !piece.state.in_house() || piece.firing_id.is_some() {
        return None;
    }
    let (act, words) = if piece.state == PieceState::Ready {
        ("collect", t::hand_over(locale))
    } else {
        ("next", t::move_on(locale))
    };
    let back = (piece.done > 0).then(|| {
        view! { <button class="btn btn-quiet" name="act" value="back">{t::move_back(locale)}</button> }
    });
    Some(view! {
        <form class="actions" method="post" action=page.to_owned() enctype="multipart/form-data">
            <button class="btn btn-primary" name="act" value=act>{words}</button>
            {back}
        </form>
    })
}

/// Of a broken piece what was chosen, or the choice for a guest who said it by telephone.
fn loss(
    locale: engine::Locale,
    shown: &Shown,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> Option<AnyView> {
    let loss = shown.loss.as_ref()?;
    if let Some(choice) = loss.choice {
        let words = ui::choice(locale, choice);
        return Some(view! { <Notice tone=Tone::Info title=words/> }.into_any());
    }
    let value = shown.terms.voucher;
    let mut options = vec![("new".to_owned(), t::choose_new_host(locale).to_owned())];
    if value > Dong::ZERO {
        let words = t::choose_voucher(locale, value.display(locale));
        options.push(("voucher".to_owned(), words));
    }
    options.push(("nothing".to_owned(), t::choose_nothing(locale).to_owned()));
    let (chosen, error) = (form.text("choice").to_owned(), wrong.of("choice"));
    Some(
        view! {
            <form class="form panel" method="post" action=page.to_owned() enctype="multipart/form-data">
                <Hidden name="act" value="choose"/>
                <p>{t::guest_not_chosen(locale)}</p>
                <Radios name="choice" label=t::choose_for_guest(locale) options value=chosen error/>
                <div><button class="btn">{t::choose_go(locale)}</button></div>
            </form>
        }
        .into_any(),
    )
}

fn more(
    locale: engine::Locale,
    piece: &Piece,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let broken = (piece.state.in_house() && piece.firing_id.is_none()).then(|| {
        view! {
            <button class="btn btn-danger" name="act" value="cracked">{t::it_cracked(locale)}</button>
            <button class="btn btn-danger" name="act" value="lost">{t::it_is_lost(locale)}</button>
        }
    });
    view! {
        <form class="form panel" method="post" action=page.to_owned() enctype="multipart/form-data" novalidate>
            <h2 class="panel-title">{t::add_photo(locale)}</h2>
            {photo_field(locale, "photo", wrong)}
            <TextArea locale name="note" label=t::note(locale) hint=t::note_hint(locale) optional=true
                rows=2 value=value("note") error=wrong.of("note")/>
            <div class="actions">
                <button class="btn" name="act" value="note">{t::save_note(locale)}</button>
                {broken}
            </div>
        </form>
        <form class="form panel" method="post" action=page.to_owned() enctype="multipart/form-data" novalidate>
            <h2 class="panel-title">{t::correct(locale)}</h2>
            <Hidden name="act" value="correct"/>
            <TextField locale name="name" label=t::whose(locale) optional=true value=value("name") error=wrong.of("name")/>
            <div class="field-row">
                <TextField locale name="litres" label=t::litres(locale) short=true inputmode="numeric"
                    value=value("litres") error=wrong.of("litres")/>
                <TextField locale name="grams" label=t::grams(locale) short=true inputmode="numeric"
                    value=value("grams") error=wrong.of("grams")/>
            </div>
            <div><button class="btn">{t::save(locale)}</button></div>
        </form>
    }
}

//! What a party made is registered in seconds: by one tap, or with names and photographs.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::guests::{self, Guest};
use engine::booking::{Booking, StateKind, query};
use engine::craft::{self, Making, NewPiece, Piece, PieceInput, PieceParty, Register};
use leptos::prelude::*;

use super::upload::Upload;
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::guest::arrived;
use crate::render::Page;
use crate::t::piece as t;
use crate::ui::field::{ErrorSummary, FieldError, FormKey, Hidden, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::piece as ui;

type At = Path<(String, String, String)>;

/// Rows of the form at once.
const MAX_ROWS: usize = 60;

pub struct Shown {
    pub desk: Desk,
    pub booking: Booking,
    pub party: Option<PieceParty>,
    pub pieces: Vec<Piece>,
    guests: Vec<Guest>,
    making: Option<Making>,
}

impl Shown {
    pub async fn load(
        app: &App,
        visit: &Visit,
        slug: &str,
        code: &str,
    ) -> Result<Shown, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        let mut conn = app.store.read().await?;
        let booking = query::by_code(&mut conn, code).await?;
        let booking = booking.filter(|booking| booking.workshop_id == desk.id());
        let booking = booking.ok_or(PageError::NotFound)?;
        let party = craft::party_of_booking(&mut conn, booking.id).await?;
        let pieces = match &party {
            Some(party) => craft::pieces_of(&mut conn, party.id).await?,
            None => Vec::new(),
        };
        let guests = guests::of_booking(&mut conn, booking.id).await?;
        let making = craft::making_of(&mut conn, booking.option_id).await?;
        Ok(Shown { desk, booking, party, pieces, guests, making })
    }

    /// One piece each, until the host says otherwise.
    fn usual(&self) -> usize {
        let people = arrived(&self.booking).max(1);
        usize::try_from(people).unwrap_or(1).min(MAX_ROWS)
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &code).await?;
    let rows = Form::of_query(&visit.query).text("rows").parse().unwrap_or_else(|_| shown.usual());
    let rows = rows.clamp(1, MAX_ROWS);
    let mut begin = Vec::new();
    for row in 0..rows {
        let name = shown.guests.get(row).filter(|_| shown.pieces.is_empty());
        let name = name.map_or_else(String::new, |guest| guest.name.clone());
        begin.push((format!("p{row}.name"), name));
    }
    answer(&visit, shown, Form::of_pairs(begin), Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, code)): At,
    body: Multipart,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, &code).await?;
    let locale = visit.locale;
    let mut wrong = Problems::default();
    let upload = Upload::read(locale, body, &mut wrong).await?;
    let form = &upload.form;
    let inputs: Vec<PieceInput> = if form.text("act") == "party" {
        let n = form.text("n").parse::<usize>().unwrap_or(0).min(MAX_ROWS + 1);
        vec![PieceInput::default(); n]
    } else {
        (0..MAX_ROWS)
            .take_while(|row| form.has(&format!("p{row}.name")))
            .map(|row| PieceInput {
                name: form.text(&format!("p{row}.name")).to_owned(),
                litres: form.text(&format!("p{row}.litres")).to_owned(),
            })
            .collect()
    };
    let parsed = NewPiece::parse_all(&inputs);
    let mut pieces = match parsed {
        Ok(pieces) => pieces,
        Err(error) => {
            wrong.append(ui::problems(locale, error)?);
            return answer(&visit, shown, upload.form, wrong);
        }
    };
    if !wrong.is_empty() {
        return answer(&visit, shown, upload.form, wrong);
    }
    for (row, piece) in pieces.iter_mut().enumerate() {
        piece.photo = upload.photo(&format!("p{row}.photo"));
    }
    let command = Register {
        actor: visit.actor.clone(),
        booking: shown.booking.id,
        pieces,
        form_key: form.key(),
    };
    let done =
        app.store.write("register pieces", command, |tx, c| Box::pin(craft::register(tx, c))).await;
    match done {
        Ok(made) => {
            let shop = shown.desk.workshop()?;
            let page = at(&visit, shop, &format!("/bookings/{}/pieces", shown.booking.code));
            Ok(see(&format!("{page}?made={}", made.len())))
        }
        Err(error) => {
            let wrong = ui::problems(locale, error)?;
            answer(&visit, shown, upload.form, wrong)
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = shown.desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = t::register_title(locale, &shown.booking.name);
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let of_booking = at(visit, &shop, &format!("/bookings/{}", shown.booking.code));
        let page = format!("{of_booking}/pieces");
        let crumbs = vec![(of_booking, shown.booking.name.clone())];
        let made = Form::of_query(&visit.query).text("made").parse::<i64>().ok();
        let news = made.map(|n| {
            view! { <Notice tone=Tone::Good title=t::news_made(locale, n)><p>{t::write_numbers(locale)}</p></Notice> }
        });
        let body = view! {
            {breadcrumb(locale, crumbs)}
            <header class="host-head"><h1>{title}</h1></header>
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            {known(visit, &shown, &page)}
            {forms(visit, &shown, &page, &form, &wrong)}
        };
        frame(visit, Some(&shop), Tab::Day, body)
    }))
}

/// What is registered: the numbers to write on the clay, large.
fn known(visit: &Visit, shown: &Shown, page: &str) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let party = shown.party.as_ref()?;
    let shop = shown.desk.workshop().ok()?;
    let rows: Vec<_> = shown
        .pieces
        .iter()
        .map(|piece| {
            let href = at(visit, shop, &format!("/pieces/{}", piece.id));
            view! {
                <li class="piece-row">
                    <a class="piece-number piece-number-large" href=href>{piece.label.clone()}</a>
                    <span class="piece-row-name">{piece.name.clone()}</span>
                    {ui::badge(locale, piece)}
                </li>
            }
        })
        .collect();
    let guest = visit.link(&format!("/pieces/{}", party.secret));
    let labels = format!("{page}/labels");
    Some(view! {
        <section class="panel stack-s" aria-labelledby="known">
            <h2 class="panel-title" id="known">{t::known(locale)}</h2>
            <ul class="piece-rows">{rows}</ul>
            <div class="actions">
                <a class="btn" href=labels>{icon("print")}{t::print_labels(locale)}</a>
                <a class="btn btn-quiet" href=guest>{icon("eye")}{t::guest_page(locale)}</a>
            </div>
        </section>
    })
}

fn forms(visit: &Visit, shown: &Shown, page: &str, form: &Form, wrong: &Problems) -> AnyView {
    let locale = visit.locale;
    if shown.making.is_none() {
        return view! { <Notice tone=Tone::Info title=t::wrong_no_making(locale)/> }.into_any();
    }
    if shown.booking.state.kind() != StateKind::CheckedIn {
        return view! { <Notice tone=Tone::Warn title=t::wrong_not_here(locale)/> }.into_any();
    }
    let n = shown.usual();
    let quick = shown.pieces.is_empty().then(|| {
        let count = i64::try_from(n).unwrap_or(1);
        view! {
            <form class="panel" method="post" action=page.to_owned() enctype="multipart/form-data">
                <Hidden name="act" value="party"/>
                <Hidden name="n" value=n.to_string()/>
                <FormKey key=fresh_key()/>
                <button class="btn btn-primary btn-wide">{icon("plus")}{t::register_party(locale, count)}</button>
                <p class="field-hint">{t::register_party_hint(locale)}</p>
            </form>
        }
    });
    let rows = (0..MAX_ROWS).take_while(|row| form.has(&format!("p{row}.name"))).count().max(1);
    let litres = shown.making.as_ref().map_or(0, |making| making.litres);
    let fields: Vec<_> = (0..rows)
        .map(|row| {
            let name = format!("p{row}.name");
            let room = format!("p{row}.litres");
            let photo = format!("p{row}.photo");
            let number = i64::try_from(row + 1).unwrap_or(1);
            view! {
                <fieldset class="fieldset field-row">
                    <legend>{t::piece_number(locale, number)}</legend>
                    <TextField locale name=name.clone() label=t::whose(locale) optional=true
                        value=form.text(&name).to_owned() error=wrong.of(&name)/>
                    <TextField locale name=room.clone() label=t::litres_of(locale, i64::from(litres))
                        optional=true short=true inputmode="numeric"
                        value=form.text(&room).to_owned() error=wrong.of(&room)/>
                    {photo_field(locale, &photo, wrong)}
                </fieldset>
            }
        })
        .collect();
    let more = format!("{page}?rows={}", (rows + 1).min(MAX_ROWS));
    let count = i64::try_from(rows).unwrap_or(1);
    view! {
        {quick}
        <form class="form panel" method="post" action=page.to_owned() enctype="multipart/form-data" novalidate>
            <h2 class="panel-title">{t::register_each(locale)}</h2>
            <FormKey key=fresh_key()/>
            {fields}
            <div class="actions">
                <button class="btn btn-primary">{t::register_go(locale, count)}</button>
                <a class="btn btn-quiet" href=more>{icon("plus")}{t::one_more(locale)}</a>
            </div>
        </form>
    }
    .into_any()
}

/// A field for a photograph; a telephone opens its camera.
pub fn photo_field(locale: engine::Locale, name: &str, wrong: &Problems) -> impl IntoView + use<> {
    let error = wrong.of(name);
    let described = (!error.is_empty()).then(|| format!("{name}-error"));
    view! {
        <div class="field">
            <label for=name.to_owned()>
                {t::photo(locale)} " " <span class="optional">{crate::t::form::optional(locale)}</span>
            </label>
            <input class="input" type="file" id=name.to_owned() name=name.to_owned()
                accept="image/*" capture="environment" aria-describedby=described/>
            <FieldError id=name.to_owned() text=error/>
        </div>
    }
}

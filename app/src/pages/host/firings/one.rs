//! One load: what is in it, what else could be, and what came out.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::FiringId;
use engine::craft::{
    self, CancelLoad, ChangeLoad, Fire, Fired, Firing, FiringState, Mark, Outcome, Piece, StepRow,
};
use engine::resource::{Chance, Resource};
use leptos::prelude::*;

use super::{kiln, room, when};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::pieces::register::photo_field;
use crate::pages::host::pieces::upload::Upload;
use crate::pages::host::pieces::{Section, subnav, ticked};
use crate::render::Page;
use crate::t::piece as t;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, Radios, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::piece as ui;

type At = Path<(String, String, String)>;

struct Shown {
    desk: Desk,
    load: Firing,
    pieces: Vec<Piece>,
    /// Those that wait for the same kind of firing.
    others: Vec<Piece>,
    /// The firing as the kiln's calendar has it.
    chance: Option<Chance>,
    fired: Vec<(Piece, StepRow)>,
    kilns: Vec<Resource>,
}

impl Shown {
    async fn open(app: &App, visit: &Visit, slug: &str, id: &str) -> Result<Shown, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        let id: FiringId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let load = craft::firing(&mut conn, id).await?;
        let load = load.filter(|load| load.workshop_id == desk.id()).ok_or(PageError::NotFound)?;
        let pieces = craft::pieces_of_firing(&mut conn, id).await?;
        let fired = craft::fired_in(&mut conn, id).await?;
        let now = app.store.now();
        let planning = craft::planning(&mut conn, &visit.actor, desk.id(), now).await;
        let planning = planning.map_err(|_| PageError::NotFound)?;
        let kilns = engine::resource::usable_by(&mut conn, desk.id()).await?;
        let others = planning.waiting.into_iter().map(|(piece, _)| piece);
        let others = others.filter(|piece| piece.next_firing() == Some(load.kind)).collect();
        let chance = planning
            .chances
            .into_iter()
            .find(|chance| chance.kiln.id == load.resource_id && chance.stretch == load.stretch());
        Ok(Shown { desk, load, pieces, others, chance, fired, kilns })
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
    body: Multipart,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &id).await?;
    let mut wrong = Problems::default();
    let upload = Upload::read(visit.locale, body, &mut wrong).await?;
    if !wrong.is_empty() {
        return answer(&visit, shown, upload.form, wrong);
    }
    let form = &upload.form;
    let (actor, firing, store) = (visit.actor.clone(), shown.load.id, &app.store);
    let done = match form.text("act") {
        act @ ("add" | "remove") => {
            let pieces = ticked(form);
            let (add, remove) =
                if act == "add" { (pieces, Vec::new()) } else { (Vec::new(), pieces) };
            let command = ChangeLoad { actor, firing, add, remove };
            let done = store
                .write("change load", command, |tx, c| Box::pin(craft::change_load(tx, c)))
                .await;
            done.map(|()| "changed")
        }
        "cancel" => {
            let command = CancelLoad { actor, firing };
            let done = store
                .write("cancel load", command, |tx, c| Box::pin(craft::cancel_load(tx, c)))
                .await;
            done.map(|()| "cancelled")
        }
        "fire" => {
            let pieces = shown
                .pieces
                .iter()
                .filter_map(|piece| {
                    Some(Fired {
                        piece: piece.id,
                        outcome: Outcome::parse(form.text(&format!("outcome-{}", piece.number)))?,
                        photo: upload.photo(&format!("photo-{}", piece.number)),
                        note: form
                            .text(&format!("note-{}", piece.number))
                            .chars()
                            .take(300)
                            .collect(),
                    })
                })
                .collect();
            let command = Fire { actor, firing, pieces };
            let done = store.write("fire", command, |tx, c| Box::pin(craft::fire(tx, c))).await;
            done.map(|()| "fired")
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(news) => {
            let shop = shown.desk.workshop()?;
            let mut conn = app.store.read().await?;
            let now = craft::firing(&mut conn, firing).await?;
            let gone = now.is_none_or(|load| load.state == FiringState::Cancelled);
            Ok(see(&if gone {
                format!("{}?done=cancelled", at(&visit, shop, "/firings"))
            } else {
                format!("{}?done={news}", at(&visit, shop, &format!("/firings/{firing}")))
            }))
        }
        Err(error) => {
            let wrong = ui::problems(visit.locale, error)?;
            let shown = Shown::open(&app, &visit, &slug, &id).await?;
            answer(&visit, shown, upload.form, wrong)
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = shown.desk.workshop()?.clone();
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = t::load_title(locale, when(locale, shown.load.stretch()));
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let page = at(visit, &shop, &format!("/firings/{}", shown.load.id));
        let news = match Form::of_query(&visit.query).text("done") {
            "planned" => Some(t::news_planned(locale)),
            "changed" => Some(t::news_changed(locale)),
            "fired" => Some(t::news_fired(locale)),
            _ => None,
        }
        .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let litres: i32 = shown.pieces.iter().map(|piece| piece.litres).sum();
        let n = i64::try_from(shown.pieces.len()).unwrap_or(i64::MAX);
        let name = kiln(locale, &shown.kilns, shown.load.resource_id);
        let about = format!("{name} · {}", ui::kind(locale, shown.load.kind));
        let planned = shown.load.state == FiringState::Planned;
        let size = planned.then(|| view! { <p>{t::load_of(locale, i64::from(litres), n)}</p> });
        let full = shown.chance.as_ref().filter(|_| planned);
        let full = full.map(|chance| room(locale, chance, 0));
        let forms = if planned {
            view! {
                {came_out(locale, &shown, &page, &form, &wrong)}
                {change(locale, &shown, &page, &form, &wrong)}
            }
            .into_any()
        } else {
            told(visit, &shown).into_any()
        };
        let back = vec![(at(visit, &shop, "/firings"), t::firings_title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, back)}
            <header class="host-head"><div><h1>{title}</h1><p class="soft">{about}</p></div></header>
            {subnav(visit, &shown.desk, Section::Firings)}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            {size} {full} {forms}
        };
        frame(visit, Some(&shop), Tab::More, body)
    }))
}

/// The outcome of each piece, whole unless somebody says otherwise.
fn came_out(
    locale: engine::Locale,
    shown: &Shown,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let rows: Vec<_> = shown
        .pieces
        .iter()
        .map(|piece| {
            let name = format!("outcome-{}", piece.number);
            let note = format!("note-{}", piece.number);
            let chosen = match form.text(&name) {
                "" => Outcome::Whole.word(),
                word => word,
            };
            let options = vec![
                (Outcome::Whole.to_string(), t::outcome_whole(locale).to_owned()),
                (Outcome::Cracked.to_string(), t::state_cracked(locale).to_owned()),
                (Outcome::Lost.to_string(), t::state_lost(locale).to_owned()),
            ];
            let label = format!("{} {}", piece.label, piece.name);
            view! {
                <div class="outcome stack-s">
                    <Radios name=name label=label options value=chosen/>
                    <details class="fold"><summary>{t::photo_and_note(locale)}</summary>
                        <div class="fold-body form">
                            {photo_field(locale, &format!("photo-{}", piece.number), wrong)}
                            <TextField locale name=note.clone() label=t::note(locale) optional=true
                                value=form.text(&note).to_owned()/>
                        </div>
                    </details>
                </div>
            }
        })
        .collect();
    view! {
        <form class="form panel" method="post" action=page.to_owned() enctype="multipart/form-data">
            <h2 class="panel-title">{t::came_out(locale)}</h2>
            <p class="field-hint">{t::came_out_hint(locale)}</p>
            <Hidden name="act" value="fire"/>
            {rows}
            <div><button class="btn btn-primary">{t::fired_go(locale)}</button></div>
        </form>
    }
}

/// Pieces in and out, and the whole load off.
fn change(
    locale: engine::Locale,
    shown: &Shown,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let chosen = ticked(form);
    let rows = |pieces: &[Piece]| {
        pieces
            .iter()
            .map(|piece| {
                let label = t::pick(locale, &piece.label);
                let checked = chosen.contains(&piece.id);
                view! {
                    <li class="piece-row">
                        <input type="checkbox" name="pieces" value=piece.id.to_string() checked=checked aria-label=label/>
                        <span class="piece-number">{piece.label.clone()}</span>
                        <span class="piece-row-name">{piece.name.clone()}</span>
                        <span class="soft">{t::free_litres(locale, i64::from(piece.litres))}</span>
                    </li>
                }
            })
            .collect_view()
    };
    let error = [wrong.of("pieces"), wrong.of("chance")].concat();
    let more = (!shown.others.is_empty()).then(|| {
        view! {
            <form class="form panel" method="post" action=page.to_owned() enctype="multipart/form-data">
                <h2 class="panel-title" id="pieces">{t::add_pieces(locale)}</h2>
                <ul class="piece-rows">{rows(&shown.others)}</ul>
                <FieldError id="pieces" text=error/>
                <div><button class="btn" name="act" value="add">{t::add_go(locale)}</button></div>
            </form>
        }
    });
    view! {
        {more}
        <form class="form panel" method="post" action=page.to_owned() enctype="multipart/form-data">
            <h2 class="panel-title">{t::take_out(locale)}</h2>
            <ul class="piece-rows">{rows(&shown.pieces)}</ul>
            <div class="actions">
                <button class="btn" name="act" value="remove">{t::take_out_go(locale)}</button>
                <button class="btn btn-danger" name="act" value="cancel">{t::call_off(locale)}</button>
            </div>
        </form>
    }
}

/// What came out of a load that was fired.
fn told(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let rows: Vec<_> = shown
        .fired
        .iter()
        .map(|(piece, row)| {
            let (tone, words) = match row.mark {
                Mark::Cracked => ("lacquer", t::state_cracked(locale)),
                Mark::Lost => ("lacquer", t::state_lost(locale)),
                _ => ("celadon", t::outcome_whole(locale)),
            };
            let href =
                shown.desk.workshop().map(|shop| at(visit, shop, &format!("/pieces/{}", piece.id)));
            let href = href.unwrap_or_default();
            view! {
                <li class="piece-row">
                    <a class="piece-number" href=href>{piece.label.clone()}</a>
                    <span class="piece-row-name">{piece.name.clone()} " " {row.note.clone()}</span>
                    <span class="badge" data-tone=tone>{words}</span>
                </li>
            }
        })
        .collect();
    view! {
        <section class="panel stack-s" aria-labelledby="out">
            <h2 class="panel-title" id="out">{t::came_out(locale)}</h2>
            <ul class="piece-rows">{rows}</ul>
        </section>
    }
}

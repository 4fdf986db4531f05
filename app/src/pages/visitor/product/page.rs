//! The page that a label opens: genuine or withdrawn at once, then the story.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Locale;
use engine::clock::local_date;
use engine::provenance::photos::{self, Size};
use engine::provenance::verify::{Finding, own};
use engine::provenance::{self, Entry, EntryKind, Line, Opened, Print, Record, RecordKind, scans};
use leptos::prelude::*;

use super::more::More;
use super::{files, unknown};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t::provenance as t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::provenance::{
    Sign, corrected, day_of, in_short, kind, picture_url, quantity, refused, said, sign, words,
};

/// `/p/{code}`, as labels have it: counted, and led on in the language of who scans. `/p/{code}.json` is
/// the record.
pub async fn scan(
    State(app): State<App>,
    visit: Visit,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    if let Some(code) = file.strip_suffix(".json") {
        return files::record(&app, code).await;
    }
    let wish = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let locale = wish.and_then(Locale::preferred).unwrap_or_default();
    let visit = Visit { locale, ..visit };
    let mut conn = app.store.read().await?;
    let found = match provenance::code_in(&file) {
        Some(code) => provenance::by_code(&mut conn, &code).await?,
        None => None,
    };
    drop(conn);
    let Some(record) = found else { return Ok(unknown(&visit, &file)) };
    let counted = app
        .store
        .write("scan", record.id, |tx, id| Box::pin(async move { scans::count(tx, id).await }));
    if let Err(error) = counted.await {
        // Whoever scans gets the page all the same.
        tracing::error!(?error, "a scan was not counted");
    }
    let to = visit.link(&format!("/p/{}", record.code));
    let about = [(header::LOCATION, to), (header::VARY, "accept-language".to_owned())];
    Ok(private((StatusCode::FOUND, about).into_response()))
}

struct Shown {
    record: Record,
    opened: Opened,
    lines: Vec<Line>,
    sizes: HashMap<Print, Size>,
    /// Whether every entry holds.
    holds: bool,
    more: More,
}

async fn load(app: &App, record: Record) -> Result<Shown, PageError> {
    let mut conn = app.store.read().await?;
    let lines = provenance::story(&mut conn, record.id).await?;
    let hashes: Vec<Print> =
        lines.iter().filter_map(|line| line.entry.picture()).map(|it| it.sha256).collect();
    let sizes = photos::sizes(&mut conn, record.workshop_id, &hashes).await?;
    let findings = own(&mut conn, &record).await.map_err(refused)?;
    let holds = findings.iter().all(|finding| *finding == Finding::Withdrawn);
    let opened = match lines.first().map(|line| &line.entry) {
        Some(Entry::Opened(opened)) => opened.clone(),
        _ => return Err(PageError::NotFound),
    };
    let today = local_date(app.store.now());
    let more = More::load(&mut conn, &record, &opened, &lines, today).await?;
    Ok(Shown { record, opened, lines, sizes, holds, more })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, typed)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let Some(code) = provenance::code_in(&typed) else { return Ok(unknown(&visit, &typed)) };
    let mut conn = app.store.read().await?;
    let found = provenance::by_code(&mut conn, &code).await?;
    drop(conn);
    let Some(record) = found else { return Ok(unknown(&visit, &typed)) };
    if typed != code {
        return Ok(see(&visit.link(&format!("/p/{code}"))));
    }
    let shown = load(&app, record).await?;
    let locale = visit.locale;
    let title = shown.record.title.text(locale).to_owned();
    let head = t::product_of(locale, &title, shown.opened.workshop.name.text(locale));
    let inner = visit.clone();
    Ok(private(Page::new(Head::private(head)).render(&visit, move || {
        view! {
            <div class="wrap-narrow product stack-l section-tight">
                {banner(&inner, &shown)}
                <header class="stack-s">
                    <h1>{said(locale, &shown.record.title)}</h1>
                    <p class="code product-code">{shown.record.spoken_code()}</p>
                </header>
                <div class="panel stack-s">
                    {facts(&inner, &shown)}
                    <p class="small soft">{t::then_names(locale)}</p>
                </div>
                {materials(&inner, &shown)}
                {story(&inner, &shown)}
                {shown.more.follow(&inner, &shown.opened)}
                {shown.more.held(locale)}
                {proof(&inner, &shown)}
            </div>
        }
    })))
}

fn banner(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    if !shown.holds {
        return sign(Sign::Bad, t::broken(locale), t::broken_more(locale).to_owned()).into_any();
    }
    if let Some(at) = shown.record.withdrawn_at {
        let day = format::date(locale, local_date(at));
        let reason = shown.record.withdrawn_reason.text(locale);
        let (title, more) = match shown.record.kind {
            RecordKind::Lot => (t::withdrawn(locale), t::withdrawn_more(locale, day, reason)),
            RecordKind::Piece => (t::piece_gone(locale), t::piece_gone_more(locale, day, reason)),
        };
        sign(Sign::Bad, title, more).into_any()
    } else {
        let workshop = shown.opened.workshop.name.text(locale);
        let (title, more) = match shown.record.kind {
            RecordKind::Lot => (t::genuine(locale), t::genuine_more(locale, workshop)),
            RecordKind::Piece => {
                (t::genuine_piece(locale), t::genuine_piece_more(locale, workshop))
            }
        };
        sign(Sign::Good, title, more).into_any()
    }
}

fn row(name: &'static str, value: AnyView) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}

fn facts(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let opened = &shown.opened;
    let link = |path: String, words: &str| {
        let words = words.to_owned();
        view! { <a href=visit.link(&path)>{words}</a> }.into_any()
    };
    let mut rows = vec![
        row(
            t::made_by(locale),
            link(format!("/workshops/{}", opened.workshop.slug), opened.workshop.name.text(locale)),
        ),
        row(
            t::village(locale),
            link(format!("/villages/{}", opened.village.slug), opened.village.name.text(locale)),
        ),
    ];
    if let Some(coop) = &opened.coop {
        rows.push(row(t::coop(locale), link(format!("/coops/{}", coop.slug), &coop.name)));
        if !coop.trademark.is_empty() {
            let words = match coop.trademark_number.as_str() {
                "" => coop.trademark.clone(),
                number => t::with_number(locale, number, &coop.trademark),
            };
            rows.push(row(t::trademark(locale), words.into_any()));
        }
    }
    for (name, other) in shown.more.links(visit) {
        rows.push(row(name, other));
    }
    if let Some(count) = opened.quantity {
        let words = quantity(locale, count, &opened.unit);
        rows.push(row(t::quantity(locale), words.into_any()));
    }
    let day = |date| format::date(locale, date);
    let made = match (opened.made_from, opened.made_to) {
        (Some(from), Some(to)) if from != to => Some(t::from_to(locale, day(from), day(to))),
        (Some(on), _) | (None, Some(on)) => Some(day(on)),
        (None, None) => None,
    };
    if let Some(made) = made {
        rows.push(row(t::made(locale), format::sentence(&made).into_any()));
    }
    let makers: Vec<String> = of_kind(shown, EntryKind::Maker)
        .map(|line| line.name.clone().unwrap_or_else(|| t::maker_erased(locale).to_owned()))
        .collect();
    if !makers.is_empty() {
        rows.push(row(t::makers(locale), makers.join(", ").into_any()));
    }
    let credentials: Vec<_> = of_kind(shown, EntryKind::Credential)
        .map(|line| {
            let id = format!("entry-{}", line.seq);
            let stands = shown.more.certificate(locale, line.seq);
            view! { <li id=id>{in_short(locale, line)} " " {stands} " " {corrected(locale, line)}</li> }
        })
        .collect();
    if !credentials.is_empty() {
        let list = view! { <ul class="plain-list">{credentials}</ul> }.into_any();
        rows.push(row(t::credentials(locale), list));
    }
    view! { <dl class="pairs">{rows}</dl> }
}

fn of_kind(shown: &Shown, kind: EntryKind) -> impl Iterator<Item = &Line> {
    shown.lines.iter().filter(move |line| line.entry.kind() == kind)
}

fn materials(visit: &Visit, shown: &Shown) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let items: Vec<_> = of_kind(shown, EntryKind::Material)
        .map(|line| {
            let id = format!("entry-{}", line.seq);
            view! { <li id=id>{in_short(locale, line)} " " {corrected(locale, line)}</li> }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack-s" aria-labelledby="materials">
                <h2 id="materials">{t::materials(locale)}</h2>
                <ul class="product-materials">{items}</ul>
            </section>
        }
    })
}

/// What was done, by its days; what was said of it stands where it was written down.
fn story(visit: &Visit, shown: &Shown) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let mut told: Vec<&Line> = shown
        .lines
        .iter()
        .filter(|line| {
            use EntryKind::{Correction, HandedOver, Photo, Remark, Step, Withdrawn};
            matches!(line.entry.kind(), Step | Photo | Remark | Correction | HandedOver | Withdrawn)
        })
        .collect();
    told.sort_by_key(|line| day_of(line));
    let items: Vec<_> = told.into_iter().map(|line| step(visit, shown, line)).collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack-s" aria-labelledby="story">
                <h2 id="story">{t::story(locale)}</h2>
                <ol class="timeline">{items}</ol>
            </section>
        }
    })
}

fn step(visit: &Visit, shown: &Shown, line: &Line) -> impl IntoView + use<> {
    let locale = visit.locale;
    let day = day_of(line);
    let name = match &line.entry {
        Entry::Step(_) => None,
        Entry::Correction(correction) => {
            let href = format!("#entry-{}", correction.of);
            let words = t::correction_of(locale, correction.of);
            Some(view! { <a class="timeline-kind" href=href>{words}</a> }.into_any())
        }
        entry => Some(
            view! { <span class="timeline-kind">{kind(locale, entry.kind())}</span> }.into_any(),
        ),
    };
    let text = words(&line.entry).map(|text| view! { <p>{said(locale, text)}</p> });
    let picture = line.entry.picture().map(|picture| match shown.sizes.get(&picture.sha256) {
        Some(size) => {
            let about = words(&line.entry).map(|text| text.text(locale).to_owned());
            let alt = t::picture_of(locale, about.unwrap_or_default());
            let src = picture_url(&picture.sha256);
            let (width, height) = (size.width.to_string(), size.height.to_string());
            view! { <img class="timeline-picture" src=src alt=alt width=width height=height loading="lazy"/> }
                .into_any()
        }
        None => view! { <p class="small soft">{t::picture_gone(locale)}</p> }.into_any(),
    });
    let written = t::written_down(locale, format::date_time(locale, line.at));
    view! {
        <li id=format!("entry-{}", line.seq)>
            <p class="timeline-head">
                <time datetime=day.to_string()>{format::sentence(&format::date(locale, day))}</time>
                {name}
            </p>
            {text}
            {picture}
            {corrected(locale, line)}
            <p class="small soft">{t::entry_n(locale, line.seq)} ", " {written}</p>
        </li>
    }
}

fn proof(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let code = &shown.record.code;
    let here = visit.link(&format!("/verify?code={code}"));
    let file = format!("/p/{code}.json");
    let count = i64::from(shown.record.head_seq);
    let hash = shown.record.head_hash.map(|hash| hash.to_string()).unwrap_or_default();
    view! {
        <section class="panel stack-s" aria-labelledby="check">
            <h2 class="panel-title" id="check">{t::check_title(locale)}</h2>
            <p>{t::check_lead(locale, count)}</p>
            <p class="small">{t::head_hash(locale)} ": " <code class="print">{hash}</code></p>
            <div class="actions">
                <a class="btn btn-primary" href=here>{icon("check")}{t::check_here(locale)}</a>
                <a class="btn" href=file download=format!("{code}.json")>{icon("download")}{t::download(locale)}</a>
            </div>
        </section>
    }
}

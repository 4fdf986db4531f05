//! One lot: its register, what is added to it, erasing and withdrawing.

use std::collections::HashMap;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use engine::clock::local_date;
use engine::provenance::photos::{self, Size};
use engine::provenance::{
    self, Entry, Erase, Erased, Line, Print, Record, RecordKind, Withdraw, erase, scans, withdraw,
};
use leptos::prelude::*;

use super::chart::chart;
use super::{At, badge, certificates, found, must_be_lot, of_lot};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::provenance as t;
use crate::ui::field::{ErrorSummary, Hidden};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::prose::foreign;
use crate::ui::provenance::{corrected, in_short, kind, picture_url, problems};

/// Days that the chart shows.
const DAYS: i64 = 30;

pub(super) struct Shown {
    pub desk: Desk,
    pub record: Record,
    lines: Vec<Line>,
    sizes: HashMap<Print, Size>,
    scanned: (Vec<(NaiveDate, i32)>, i64),
    pub today: NaiveDate,
    /// What may be named of the workshop, to choose among.
    pub certificates: Vec<(String, String)>,
}

impl Shown {
    pub(super) async fn open(
        app: &App,
        visit: &Visit,
        slug: &str,
        lot: &str,
    ) -> Result<Shown, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        let record = found(app, desk.id(), lot).await?;
        let today = local_date(app.store.now());
        let mut conn = app.store.read().await?;
        let lines = provenance::story(&mut conn, record.id).await?;
        let hashes: Vec<Print> =
            lines.iter().filter_map(|line| line.entry.picture()).map(|it| it.sha256).collect();
        let sizes = photos::sizes(&mut conn, desk.id(), &hashes).await?;
        let scanned = scans::of_record(&mut conn, record.id, today, DAYS).await?;
        drop(conn);
        let certificates = certificates(app, visit, desk.id(), false).await?;
        Ok(Shown { desk, record, lines, sizes, scanned, today, certificates })
    }

    pub(super) fn at(&self, visit: &Visit) -> Result<String, PageError> {
        Ok(of_lot(visit, self.desk.workshop()?, self.record.id, ""))
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, lot)): At,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &lot).await?;
    answer(&visit, shown, Form::default(), Problems::default())
}

/// Withdrawing, and erasing what stands beside the register; adding has a form with a file.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, lot)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &lot).await?;
    let (actor, record) = (visit.actor.clone(), shown.record.id);
    let seq = form.text("seq").parse().unwrap_or(0);
    let what = match form.text("act") {
        "withdraw" => None,
        "erase_name" => Some(Erased::Name(seq)),
        "erase_picture" => Some(Erased::Picture(seq)),
        _ => return Err(PageError::Invalid),
    };
    let (done, news) = if let Some(what) = what {
        let command = Erase { actor, record, what };
        let done = app.store.write("erase", command, |tx, c| Box::pin(erase(tx, c))).await;
        (done, "erased")
    } else {
        must_be_lot(&shown.record)?;
        let command = Withdraw { actor, record, reason: texts(&form, "reason") };
        let done = app.store.write("withdraw", command, |tx, c| Box::pin(withdraw(tx, c)));
        (done.await.map(drop), "withdrawn")
    };
    match done {
        Ok(()) => Ok(see(&format!("{}?done={news}", shown.at(&visit)?))),
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            answer(&visit, shown, form, wrong)
        }
    }
}

pub(super) fn answer(
    visit: &Visit,
    shown: Shown,
    form: Form,
    wrong: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shop = shown.desk.workshop()?.clone();
    let here = shown.at(visit)?;
    let inner = visit.clone();
    let title = shown.record.title.text(locale).to_owned();
    Ok(Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let news = match Form::of_query(&visit.query).text("done") {
            "opened" => Some(t::lot_opened(locale)),
            "added" => Some(t::entry_added(locale)),
            "erased" => Some(t::was_erased(locale)),
            "withdrawn" => Some(t::was_withdrawn(locale)),
            _ => None,
        }
        .filter(|_| wrong.is_empty())
        .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let back = vec![(at(visit, &shop, "/lots"), t::back_to_lots(locale).to_owned())];
        let public = visit.link(&format!("/p/{}", shown.record.code));
        let live = shown.record.is_live() && must_be_lot(&shown.record).is_ok();
        let labels = live.then(|| {
            let href = format!("{here}/labels");
            view! { <a class="btn btn-primary" href=href>{icon("print")}{t::labels(locale)}</a> }
        });
        let add = live.then(|| super::add::forms(visit, &shown, &here, &form, &wrong));
        let withdrawal =
            (live && shown.desk.owner).then(|| withdrawal(visit, &here, &form, &wrong));
        let (days, total) = &shown.scanned;
        let lang = foreign(&shown.record.title, locale);
        let body = view! {
            {breadcrumb(locale, back)}
            <h1 lang=lang>{title}</h1>
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <p class="cluster">
                {badge(locale, shown.record.state)}
                <span class="code product-code">{shown.record.spoken_code()}</span>
            </p>
            <div class="actions">
                {labels}
                <a class="btn" href=public>{icon("eye")}{t::public_page(locale)}</a>
            </div>
            {chart(locale, days, *total)}
            {register(visit, &shown, &here)}
            {add}
            {withdrawal}
        };
        frame(visit, Some(&shop), Tab::Lots, body)
    }))
}

fn register(visit: &Visit, shown: &Shown, here: &str) -> impl IntoView + use<> {
    let locale = visit.locale;
    let rows: Vec<_> = shown
        .lines
        .iter()
        .map(|line| {
            let written = format::date_time(locale, line.at);
            let picture = line.entry.picture().map(|picture| match shown.sizes.get(&picture.sha256) {
                Some(size) => {
                    let src = picture_url(&picture.sha256);
                    let (width, height) = (size.width.to_string(), size.height.to_string());
                    view! { <img class="register-picture" src=src alt="" width=width height=height loading="lazy"/> }
                        .into_any()
                }
                None => view! { <p class="small soft">{t::picture_gone(locale)}</p> }.into_any(),
            });
            view! {
                <li id=format!("entry-{}", line.seq)>
                    <time datetime=line.at.to_rfc3339()>{format::sentence(&written)}</time>
                    <div class="stack-s">
                        <p>
                            <span class="small soft">{t::entry_n(locale, line.seq)} " · "</span>
                            <strong>{kind(locale, line.entry.kind())}</strong>
                            " " {in_short(locale, line)}
                        </p>
                        {picture}
                        {corrected(locale, line)}
                        {erasure(visit, shown, line, here)}
                    </div>
                </li>
            }
        })
        .collect();
    let entries = match shown.record.kind {
        RecordKind::Lot => t::entries(locale),
        RecordKind::Piece => t::entries_piece(locale),
    };
    view! {
        <section class="panel stack-s" aria-labelledby="register">
            <h2 class="panel-title" id="register">{entries}</h2>
            <ol class="log">{rows}</ol>
        </section>
    }
}

/// A button that erases a maker's name or a picture; for owners.
fn erasure(visit: &Visit, shown: &Shown, line: &Line, here: &str) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let (act, words, label) = match &line.entry {
        _ if !shown.desk.owner => return None,
        Entry::Maker(_) => {
            line.name.as_ref()?;
            ("erase_name", t::erase(locale), t::erase_name(locale, line.seq))
        }
        entry => {
            shown.sizes.get(&entry.picture()?.sha256)?;
            ("erase_picture", t::erase_photo(locale), t::erase_picture(locale, line.seq))
        }
    };
    let here = here.to_owned();
    Some(view! {
        <form method="post" action=here>
            <Hidden name="seq" value=line.seq.to_string()/>
            <button class="btn btn-small btn-danger" name="act" value=act aria-label=label>
                {icon("trash")}{words}
            </button>
        </form>
    })
}

fn withdrawal(visit: &Visit, here: &str, form: &Form, wrong: &Problems) -> impl IntoView + use<> {
    let locale = visit.locale;
    let reason = texts(form, "reason");
    let look = Look { rows: 2, ..Look::default() };
    let here = here.to_owned();
    view! {
        <form class="form panel" method="post" action=here novalidate>
            <h2 class="panel-title">{t::withdraw_title(locale)}</h2>
            <p class="soft">{t::withdraw_lead(locale)}</p>
            {in_both(locale, "reason", t::withdraw_reason(locale), &reason, wrong, look)}
            <div>
                <button class="btn btn-danger" name="act" value="withdraw">{t::withdraw_go(locale)}</button>
            </div>
        </form>
    }
}

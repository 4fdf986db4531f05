//! The page that checks a record: by its code, or from a file that somebody holds.

use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use engine::provenance::verify::{Finding, MAX_FILE, Report, Verdict, examine};
use engine::provenance::{self, checkpoint, export};
use leptos::prelude::*;

use super::{code_form, unknown};
use crate::api::form::{Form, Problems};
use crate::api::upload::Upload;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::private;
use crate::render::Page;
use crate::t::provenance as t;
use crate::ui::field::{ErrorSummary, FieldError, TextArea};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::provenance::{finding, refused, sign, verdict};

/// Names of the fields.
const TEXT: &str = "record";
const FILE: &str = "file";
/// Longest text that is shown again after it was checked, characters.
const SHOWN: usize = 100_000;

/// What the page shows besides its forms.
#[derive(Default)]
struct Asked {
    code: String,
    code_wrong: bool,
    text: String,
    wrong: Problems,
    report: Option<Report>,
}

/// With `?code=` it checks what we have ourselves.
pub async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let form = Form::of_query(&visit.query);
    let typed = form.text("code").trim().to_owned();
    if typed.is_empty() {
        return answer(&app, &visit, Asked::default()).await;
    }
    let Some(code) = provenance::code_in(&typed) else {
        return answer(&app, &visit, Asked { code: typed, code_wrong: true, ..Asked::default() })
            .await;
    };
    let mut conn = app.store.read().await?;
    let Some(record) = provenance::by_code(&mut conn, &code).await? else {
        drop(conn);
        return Ok(unknown(&visit, &typed));
    };
    let file = export(&mut conn, &record).await.map_err(refused)?;
    let text = file.text().map_err(refused)?;
    let report = examine(&mut conn, &text).await.map_err(refused)?;
    drop(conn);
    answer(&app, &visit, Asked { code: typed, report: Some(report), ..Asked::default() }).await
}

/// A file that was pasted or sent.
pub async fn check(
    State(app): State<App>,
    visit: Visit,
    parts: Multipart,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut asked = Asked::default();
    let Ok(upload) = Upload::read(parts, FILE, MAX_FILE).await else {
        asked.wrong.add(FILE, t::upload_broken(locale));
        return answer(&app, &visit, asked).await;
    };
    let pasted = upload.form.text(TEXT).to_owned();
    asked.text = pasted.chars().take(SHOWN).collect();
    let text = match upload.file {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => pasted,
    };
    // Some editors begin a file with a mark that is no part of it.
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        asked.wrong.add(TEXT, t::file_missing(locale));
    } else if text.len() > MAX_FILE {
        asked.wrong.add(FILE, t::file_large(locale));
    } else {
        let mut conn = app.store.read().await?;
        asked.report = Some(examine(&mut conn, text).await.map_err(refused)?);
    }
    answer(&app, &visit, asked).await
}

async fn answer(app: &App, visit: &Visit, asked: Asked) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let newest = checkpoint::newest(&mut conn).await?;
    drop(conn);
    let locale = visit.locale;
    let strange = |report: &Report| report.findings.contains(&Finding::Unknown);
    let status = if !asked.wrong.is_empty() || asked.code_wrong {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if asked.report.as_ref().is_some_and(strange) {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    let head = Head::new(t::verify_title(locale), t::verify_lead(locale));
    let inner = visit.clone();
    Ok(private(Page::new(head).status(status).render(visit, move || {
        let Asked { code, code_wrong, text, wrong, report } = asked;
        let action = inner.link("/verify");
        let error = if code_wrong { t::code_wrong(locale) } else { "" };
        let report = report.map(|report| result(&inner, &report));
        let fault = wrong.of(FILE);
        let described = if fault.is_empty() { "file-hint" } else { "file-hint file-error" };
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="stack-s">
                    <h1>{t::verify_title(locale)}</h1>
                    <p class="lead">{t::verify_lead(locale)}</p>
                </header>
                {report}
                <section class="stack-s" aria-labelledby="by-code">
                    <h2 id="by-code">{t::by_code(locale)}</h2>
                    {code_form(locale, action.clone(), code, error)}
                </section>
                <section class="stack-s" aria-labelledby="by-file">
                    <h2 id="by-file">{t::by_file(locale)}</h2>
                    <ErrorSummary locale problems=wrong.clone()/>
                    <form class="form panel" method="post" action=action
                        enctype="multipart/form-data" novalidate>
                        <TextArea locale name=TEXT label=t::file_text(locale) rows=6 optional=true
                            value=text error=wrong.of(TEXT)/>
                        <div class="field">
                            <label for=FILE>{t::file_upload(locale)}</label>
                            <p class="field-hint" id="file-hint">{t::file_hint(locale)}</p>
                            <input class="input" id=FILE name=FILE type="file"
                                accept="application/json,.json" aria-describedby=described/>
                            <FieldError id=FILE text=fault/>
                        </div>
                        <div><button class="btn btn-primary" type="submit">{t::verify(locale)}</button></div>
                    </form>
                </section>
                {how(&inner, newest)}
            </div>
        }
    })))
}

fn result(visit: &Visit, report: &Report) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (state, title, more) = verdict(locale, report.verdict());
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let readable = !report.code.is_empty();
    let looked = readable.then(|| {
        let mut items = vec![t::c_entries(locale, count(report.entries))];
        if report.names > 0 {
            items.push(t::c_names(locale, count(report.names)));
        }
        items.push(match &report.checkpoint {
            Some(day) => t::c_checkpoint(locale, shown_day(visit, day)),
            None => t::c_no_checkpoint(locale).to_owned(),
        });
        items.push(t::c_ours(locale).to_owned());
        let items = items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view();
        view! { <h3>{t::looked_at(locale)}</h3><ul>{items}</ul> }
    });
    let found: Vec<_> = report
        .findings
        .iter()
        .map(|one| view! { <li>{icon("warning")}<span>{finding(locale, *one)}</span></li> })
        .collect();
    let found = if found.is_empty() {
        view! { <p class="finding-good">{icon("check")}{t::all_right(locale)}</p> }.into_any()
    } else {
        view! { <h3>{t::not_right(locale)}</h3><ul class="findings">{found}</ul> }.into_any()
    };
    let known =
        matches!(report.verdict(), Verdict::Genuine | Verdict::Outdated | Verdict::Withdrawn);
    let product = known.then(|| {
        let href = visit.link(&format!("/p/{}", report.code));
        view! { <p><a class="btn" href=href>{t::to_product(locale)}</a></p> }
    });
    view! {
        <section class="stack-s" id="result" aria-labelledby="result-title">
            <h2 id="result-title">{t::result(locale)}</h2>
            {sign(state, title, more.to_owned())}
            <div class="panel stack-s report">{looked} {found} {product}</div>
        </section>
    }
}

/// A day of a file as people write it; what is none stays as it is.
fn shown_day(visit: &Visit, day: &str) -> String {
    day.parse::<NaiveDate>().map_or_else(|_| day.to_owned(), |day| format::date(visit.locale, day))
}

fn how(visit: &Visit, newest: Option<NaiveDate>) -> impl IntoView + use<> {
    let locale = visit.locale;
    let base = &visit.base_url;
    let command = format!("node verify-provenance.mjs {base}/p/CODE.json");
    let keys = "/.well-known/langnghe-provenance.json";
    let from_file = format!("node verify-provenance.mjs CODE.json --keys {base}{keys}");
    let newest = match newest {
        Some(day) => {
            let href = format!("/provenance/checkpoints/{day}.json");
            let words = t::how_checkpoint(locale, format::date(locale, day));
            view! { <a href=href>{words}</a> }.into_any()
        }
        None => view! { <span>{t::how_no_checkpoint(locale)}</span> }.into_any(),
    };
    view! {
        <section class="stack-s" aria-labelledby="how">
            <h2 id="how">{t::how_title(locale)}</h2>
            <p>{t::how_lead(locale)}</p>
            <pre class="command" tabindex="0"><code>{command}"\n"{from_file}</code></pre>
            <p>{t::how_more(locale)}</p>
            <ul>
                <li><a href=keys>{t::how_keys(locale)}</a></li>
                <li>{newest}</li>
            </ul>
        </section>
    }
}

//! The register of credentials: what waits, all by filters, as a page and as a spreadsheet.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use engine::Locale;
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::credential::{self, Credential, CredentialState, Filter, Kind, words};
use leptos::prelude::*;

use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::credential::{
    Room, closed, edit, enter, holder_name, one, papers, standing, until,
};
use crate::pages::host::money::csv::{self, Cell};
use crate::render::Page;
use crate::t::credential as t;
use crate::ui::field::Select;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type AtOne = Path<(String, String)>;
type AtPaper = Path<(String, String, String)>;

/// Rows on one page.
const PAGE: i64 = 50;
/// Rows of a spreadsheet.
const SHEET: i64 = 20_000;
/// Days offered for what ends soon.
const ENDING: [u32; 4] = [7, 30, 90, 365];

pub fn credentials() -> Router<App> {
    let uploads = Router::new()
        .route("/{locale}/office/credentials/new", get(new).post(create))
        .route("/{locale}/office/credentials/{credential}/papers", post(add_paper))
        .layer(DefaultBodyLimit::max(papers::MAX_UPLOAD));
    Router::new()
        .route("/{locale}/office/credentials", get(page))
        .route("/{locale}/office/credentials.csv", get(spreadsheet))
        .route("/{locale}/office/credentials/{credential}", get(shown).post(act))
        .route("/{locale}/office/credentials/{credential}/edit", get(edit_page).post(save))
        .route("/{locale}/office/credentials/{credential}/papers/{paper}", get(paper))
        .merge(uploads)
}

/// The filter that the address names; what it says wrongly is passed over.
fn filter(query: &Form, catalogue: &Catalogue) -> Filter {
    Filter {
        kind: Kind::parse(query.text("kind")),
        village: catalogue.village_by_slug(query.text("village")).map(|village| village.id),
        state: CredentialState::parse(query.text("state")),
        expiring: query.text("expiring").parse().ok().filter(|days| *days <= 3_650),
    }
}

/// The address with the same filter, for the sheet or another page.
fn address(base: &str, query: &Form, page: Option<i64>) -> String {
    let mut fields: Vec<(&str, String)> = ["kind", "village", "state", "expiring"]
        .into_iter()
        .map(|name| (name, query.text(name).to_owned()))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    fields.extend(page.map(|page| ("page", page.to_string())));
    format!("{base}?{}", serde_html_form::to_string(fields).unwrap_or_default())
}

async fn page(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    let locale = visit.locale;
    let query = Form::of_query(&visit.query);
    let catalogue = app.catalogue().await?;
    let nth = query.text("page").parse::<i64>().unwrap_or(1).clamp(1, 10_000);
    let filter = filter(&query, &catalogue);
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let waiting = credential::waiting(&mut conn).await?;
    let rows = (PAGE + 1, (nth - 1) * PAGE);
    let mut found =
        credential::register(&mut conn, &visit.actor, &filter, now, rows).await.map_err(closed)?;
    drop(conn);
    let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    let today = local_date(now);
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::register(locale))).render(&visit, move || {
        let base = room.at(&inner, "");
        let rows: Vec<_> = found
            .iter()
            .map(|it| row(&inner, &room, it, &holder_name(locale, &catalogue, it), today))
            .collect();
        let turn = |to: i64, words: &'static str| {
            view! { <a class="btn" href=address(&base, &query, Some(to))>{words}</a> }
        };
        let newer = (nth > 1).then(|| turn(nth - 1, t::newer(locale)));
        let older = more.then(|| turn(nth + 1, t::older(locale)));
        let waits = if waiting > 0 {
            t::office_waiting(locale, waiting)
        } else {
            t::office_none_waiting(locale).to_owned()
        };
        let table = if rows.is_empty() {
            view! { <p class="empty">{t::empty(locale)}</p> }.into_any()
        } else {
            view! {
                <table class="table table-cards">
                    <caption class="visually-hidden">{t::register(locale)}</caption>
                    <thead><tr>
                        <th scope="col">{t::subject(locale)}</th>
                        <th scope="col">{t::holder(locale)}</th>
                        <th scope="col">{t::number_of_paper(locale)}</th>
                        <th scope="col">{t::csv_until(locale)}</th>
                        <th scope="col">{t::state(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            }
            .into_any()
        };
        let queue = format!("{base}?state=claimed");
        let body = view! {
            <header class="host-head">
                <h1>{t::register(locale)}</h1>
                <div class="actions">
                    <a class="btn btn-primary" href=room.at(&inner, "/new")>{icon("plus")}{t::add(locale)}</a>
                </div>
            </header>
            <p class="lead">{t::office_lead(locale)}</p>
            <p id="waiting"><a href=queue>{waits}</a></p>
            {filters(locale, &base, &query, &catalogue)}
            {table}
            <div class="actions">
                {newer} {older}
                <a class="btn" href=address(&format!("{base}.csv"), &query, None)>
                    {icon("download")}{t::csv(locale)}
                </a>
            </div>
        };
        room.frame(&inner, body)
    }))
}

fn filters(
    locale: Locale,
    action: &str,
    query: &Form,
    catalogue: &Catalogue,
) -> impl IntoView + use<> {
    let value = |name: &str| query.text(name).to_owned();
    let with = |all: &'static str, some: Vec<(String, String)>| {
        let mut options = vec![(String::new(), all.to_owned())];
        options.extend(some);
        options
    };
    let kinds = Kind::all()
        .map(|kind| (kind.word().to_owned(), words::kind(locale, kind).to_owned()))
        .collect();
    let villages = catalogue
        .villages
        .iter()
        .map(|village| (village.slug.clone(), village.name.text(locale).to_owned()))
        .collect();
    let states = CredentialState::ALL
        .iter()
        .map(|state| (state.word().to_owned(), words::state(locale, *state).to_owned()))
        .collect();
    let ending = ENDING
        .iter()
        .map(|days| (days.to_string(), t::within_days(locale, i64::from(*days))))
        .collect();
    view! {
        <form class="panel stack" method="get" action=action.to_owned()>
            <div class="field-row">
                <Select locale name="kind" label=t::kind(locale) options=with(t::all_kinds(locale), kinds) value=value("kind") optional=true/>
                <Select locale name="village" label=t::village(locale) options=with(t::all_villages(locale), villages) value=value("village") optional=true/>
                <Select locale name="state" label=t::state(locale) options=with(t::all_states(locale), states) value=value("state") optional=true/>
                <Select locale name="expiring" label=t::expiring(locale) options=with(t::any_time(locale), ending) value=value("expiring") optional=true/>
            </div>
            <div><button class="btn btn-primary">{icon("filter")}{t::show(locale)}</button></div>
        </form>
    }
}

fn row(
    visit: &Visit,
    room: &Room,
    it: &Credential,
    holder: &str,
    today: chrono::NaiveDate,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let (tone, state) = standing(locale, it, today);
    let href = room.at(visit, &format!("/{}", it.id));
    let since = (it.state == CredentialState::Claimed).then(|| {
        let day = words::day(locale, local_date(it.claimed_at));
        view! { <br/><span class="soft small">{t::claimed_since(locale)} " " {day}</span> }
    });
    view! {
        <tr>
            <th scope="row"><a href=href>{words::title(locale, it)}</a></th>
            <td data-label=t::holder(locale)>{holder.to_owned()}</td>
            <td data-label=t::number_of_paper(locale)>{it.number.clone()}</td>
            <td data-label=t::csv_until(locale)>{until(locale, it)}</td>
            <td data-label=t::state(locale)>
                <span><span class="badge" data-tone=tone>{state}</span>{since}</span>
            </td>
        </tr>
    }
}

/// The same filter as a table for spreadsheets.
async fn spreadsheet(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    Room::office(&visit)?;
    let locale = visit.locale;
    let query = Form::of_query(&visit.query);
    let catalogue = app.catalogue().await?;
    let filter = filter(&query, &catalogue);
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let found = credential::register(&mut conn, &visit.actor, &filter, now, (SHEET, 0))
        .await
        .map_err(closed)?;
    drop(conn);
    let text = |words: &str| Cell::Text(words.to_owned());
    let heads = [
        t::kind(locale),
        t::holder(locale),
        t::subject(locale),
        t::stars(locale),
        t::number_of_paper(locale),
        t::decision(locale),
        t::issuer(locale),
        t::year(locale),
        t::csv_issued(locale),
        t::csv_until(locale),
        t::state(locale),
        t::reason(locale),
    ];
    let mut rows = vec![heads.map(text).to_vec()];
    let today = local_date(now);
    let number = |value: Option<i32>| value.map_or(Cell::Empty, |it| Cell::Number(it.into()));
    let day = |value: Option<chrono::NaiveDate>| value.map_or(Cell::Empty, Cell::Date);
    rows.extend(found.iter().map(|it| {
        vec![
            text(words::kind(locale, it.kind)),
            text(&holder_name(locale, &catalogue, it)),
            text(it.mark_name.as_deref().unwrap_or(&it.subject)),
            number(it.stars),
            text(&it.number),
            text(&it.decision),
            text(&it.issuer),
            number(it.year),
            day(it.issued_on),
            day(it.until()),
            text(standing(locale, it, today).1),
            text(&it.reason),
        ]
    }));
    Ok(csv::file(&format!("credentials-{today}"), &rows))
}

async fn new(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    enter::page(&app, &visit, room).await
}

async fn create(
    State(app): State<App>,
    visit: Visit,
    upload: Multipart,
) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    enter::create(&app, &visit, room, upload).await
}

async fn shown(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): AtOne,
) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    one::page(&app, &visit, room, &id).await
}

async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    one::act(&app, &visit, room, &id, form).await
}

async fn edit_page(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): AtOne,
) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    edit::page(&app, &visit, room, &id).await
}

async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): AtOne,
    form: Form,
) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    edit::save(&app, &visit, room, &id, form).await
}

async fn add_paper(
    State(app): State<App>,
    visit: Visit,
    Path((_, id)): AtOne,
    upload: Multipart,
) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    papers::add(&app, &visit, room, &id, upload).await
}

async fn paper(
    State(app): State<App>,
    visit: Visit,
    Path((_, id, paper)): AtPaper,
) -> Result<Response, PageError> {
    let room = Room::office(&visit)?;
    papers::file(&app, &visit, &room, (&id, &paper)).await
}

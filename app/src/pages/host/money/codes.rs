//! Promo codes: what there are, how often each was used, a new one, an end.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use engine::catalogue::edit::EditError;
use engine::price::{
    CodeData, CodeInput, Cut, EndCode, SaveCode, Used, codes_of, end_code, save_code,
    signed_percent,
};
use engine::{Locale, PromoCodeId};
use leptos::prelude::*;

use super::{Books, Section, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{of_edit, problems};
use crate::pages::host::frame::{Tab, frame, see};
use crate::render::Page;
use crate::t::price as t;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

struct Shown {
    books: Books,
    codes: Vec<Used>,
}

async fn load(app: &App, visit: &Visit, slug: &str) -> Result<Shown, PageError> {
    let books = Books::open(app, visit, slug).await?;
    let codes = codes_of(&mut app.store.read().await?, books.shop.id).await?;
    Ok(Shown { books, codes })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = load(&app, &visit, &slug).await?;
    let asked = Form::of_query(&visit.query).text("code").parse::<PromoCodeId>().ok();
    let edited = shown.codes.iter().find(|used| Some(used.code.id) == asked);
    let input = edited.map_or_else(blank, |used| CodeInput::of(&used.code));
    let id = edited.map(|used| used.code.id);
    Ok(answer(&visit, shown, (id, input), Problems::default()))
}

fn blank() -> CodeInput {
    CodeInput { by: "percent".to_owned(), ..CodeInput::default() }
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = load(&app, &visit, &slug).await?;
    let (actor, workshop) = (visit.actor.clone(), shown.books.shop.id);
    let id = form.text("id").parse::<PromoCodeId>().ok();
    let done: Result<(), EditError> = match form.text("act") {
        "end" => {
            let id = id.ok_or(PageError::NotFound)?;
            let command = EndCode { actor, workshop, id };
            app.store.write("end code", command, |tx, c| Box::pin(end_code(tx, c))).await
        }
        "save" => {
            let input = read(&form);
            match CodeData::parse(&input, &shown.books.desk.catalogue, workshop) {
                Err(wrongs) => {
                    let wrong = problems(visit.locale, wrongs);
                    return Ok(answer(&visit, shown, (id, input), wrong));
                }
                Ok(data) => {
                    let command = SaveCode { actor, workshop, id, data };
                    let saved = app
                        .store
                        .write("save code", command, |tx, c| Box::pin(save_code(tx, c)))
                        .await;
                    saved.map(|_| ())
                }
            }
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(()) => Ok(see(&format!("{}?done=1", shown.books.at(&visit, "/codes")))),
        Err(error) => {
            let wrong = of_edit(visit.locale, error)?;
            Ok(answer(&visit, shown, (id, read(&form)), wrong))
        }
    }
}

fn read(form: &Form) -> CodeInput {
    let text = |name: &str| form.text(name).to_owned();
    CodeInput {
        code: text("code"),
        by: text("cut_by"),
        much: text("cut"),
        tours: form.all("tours").map(str::to_owned).collect(),
        book_from: text("book_from"),
        book_to: text("book_to"),
        visit_from: text("valid_from"),
        visit_to: text("valid_to"),
        min_people: text("min_party"),
        max_uses: text("max_uses"),
    }
}

fn answer(
    visit: &Visit,
    shown: Shown,
    (id, input): (Option<PromoCodeId>, CodeInput),
    wrong: Problems,
) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Page::new(Head::host(t::codes(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let books = &shown.books;
        let page = books.at(visit, "/codes");
        let done = Form::of_query(&visit.query).has("done");
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::code_saved(locale)/> });
        let rows: Vec<_> = shown.codes.iter().map(|used| row(locale, &page, books, used)).collect();
        let list = if rows.is_empty() {
            view! { <p class="empty">{t::codes_none(locale)}</p> }.into_any()
        } else {
            view! { <ul class="entries">{rows}</ul> }.into_any()
        };
        let editing = id.is_some() || !wrong.is_empty();
        let body = view! {
            <header class="host-head"><h1>{t::codes(locale)}</h1></header>
            {subnav(visit, books, Some(Section::Codes))}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            <p class="soft">{t::codes_lead(locale)}</p>
            {list}
            {editor(locale, &page, books, id, &input, &wrong, editing)}
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}

/// "−10%"; "−50.000 ₫ một lần đặt".
fn cut(locale: Locale, cut: Cut) -> String {
    match cut {
        Cut::Percent(percent) => signed_percent(locale, -i32::from(percent)),
        Cut::Amount(amount) => t::off_booking(locale, format!("−{}", amount.display(locale))),
    }
}

fn span(locale: Locale, from: Option<NaiveDate>, to: Option<NaiveDate>) -> Option<String> {
    match (from, to) {
        (None, None) => None,
        (Some(from), Some(to)) => Some((locale.writing().span)(from, to)),
        (Some(from), None) => Some(t::since(locale, format::date(locale, from))),
        (None, Some(to)) => Some(t::until(locale, format::date(locale, to))),
    }
}

fn row(locale: Locale, page: &str, books: &Books, used: &Used) -> impl IntoView + use<> {
    let code = &used.code;
    let live = code.is_live(books.today);
    let (tone, words) =
        if live { ("celadon", t::code_live(locale)) } else { ("terracotta", t::code_past(locale)) };
    let uses = match code.max_uses {
        Some(most) => t::uses_of(locale, i64::from(most), used.uses),
        None => t::uses(locale, used.uses),
    };
    let tours: Vec<String> = code
        .tours
        .0
        .iter()
        .filter_map(|id| books.desk.catalogue.tour(*id))
        .map(|tour| tour.title.text(locale).to_owned())
        .collect();
    let mut about = vec![cut(locale, code.cut)];
    about.extend((!tours.is_empty()).then(|| format::list(locale, &tours)));
    about.extend((code.min_people > 1).then(|| t::from_people(locale, i64::from(code.min_people))));
    about.extend(span(locale, code.book_from, code.book_to).map(|span| t::book_in(locale, span)));
    about
        .extend(span(locale, code.visit_from, code.visit_to).map(|span| t::visit_in(locale, span)));
    let end = live.then(|| {
        view! {
            <form method="post" action=page.to_owned()>
                <Hidden name="act" value="end"/>
                <Hidden name="id" value=code.id.to_string()/>
                <button class="btn btn-small btn-danger">{t::code_end(locale)}
                    <span class="visually-hidden">{code.code.to_string()}</span></button>
            </form>
        }
    });
    let edit = live.then(|| {
        view! {
            <a class="btn btn-small" href=format!("{page}?code={}#editor", code.id)>{icon("edit")}{t::code_edit(locale)}
                <span class="visually-hidden">{code.code.to_string()}</span></a>
        }
    });
    view! {
        <li class="entry">
            <p class="cluster"><span class="code">{code.code.to_string()}</span>
                <span class="badge" data-tone=tone>{words}</span></p>
            <p>{about.join(" · ")}</p>
            <p class="soft small">{uses}</p>
            <div class="actions">{edit} {end}</div>
        </li>
    }
}

fn editor(
    locale: Locale,
    page: &str,
    books: &Books,
    id: Option<PromoCodeId>,
    input: &CodeInput,
    wrong: &Problems,
    open: bool,
) -> impl IntoView + use<> {
    let by = vec![
        ("percent".to_owned(), t::by_percent(locale).to_owned()),
        ("amount".to_owned(), t::by_booking(locale).to_owned()),
    ];
    let tours: Vec<_> = books
        .desk
        .catalogue
        .all_tours_of(books.shop.id)
        .enumerate()
        .map(|(at, tour)| {
            let value = tour.id.to_string();
            let checked = input.tours.contains(&value);
            let id = if at == 0 { "tours".to_owned() } else { format!("tours-{at}") };
            view! {
                <label class="check">
                    <input type="checkbox" id=id name="tours" value=value checked=checked/>
                    <span>{tour.title.text(locale).to_owned()}</span>
                </label>
            }
        })
        .collect();
    let date = |name: &'static str, label: &'static str, value: &str| {
        view! {
            <TextField locale name label kind="date" short=true optional=true
                value=value.to_owned() error=wrong.of(name)/>
        }
    };
    let title = if id.is_some() { t::code_change(locale) } else { t::code_new(locale) };
    let known = id.map(|id| view! { <Hidden name="id" value=id.to_string()/> });
    view! {
        <details class="fold" id="editor" open=open>
            <summary>{icon("plus")}{title}</summary>
            <form class="form fold-body" method="post" action=format!("{page}#editor") novalidate>
                <Hidden name="act" value="save"/>
                {known}
                <TextField locale name="code" label=t::code(locale) hint=t::code_hint(locale) short=true
                    value=input.code.clone() error=wrong.of("code") autocomplete="off" maxlength=40/>
                <div class="field-row">
                    <TextField locale name="cut" label=t::much_off(locale) inputmode="numeric" short=true
                        value=input.much.clone() error=wrong.of("cut")/>
                    <Select locale name="cut_by" label=t::by(locale) options=by
                        value=input.by.clone() error=wrong.of("cut_by")/>
                </div>
                <fieldset class="field">
                    <legend class="field-label">{t::code_tours(locale)}</legend>
                    <p class="field-hint">{t::code_tours_hint(locale)}</p>
                    {tours}
                    <FieldError id="tours" text=wrong.of("tours")/>
                </fieldset>
                <div class="field-row">
                    {date("book_from", t::book_from(locale), &input.book_from)}
                    {date("book_to", t::book_to(locale), &input.book_to)}
                </div>
                <div class="field-row">
                    {date("valid_from", t::visit_from(locale), &input.visit_from)}
                    {date("valid_to", t::visit_to(locale), &input.visit_to)}
                </div>
                <div class="field-row">
                    <TextField locale name="min_party" label=t::least_people(locale) inputmode="numeric" short=true
                        optional=true value=input.min_people.clone() error=wrong.of("min_party")/>
                    <TextField locale name="max_uses" label=t::max_uses(locale) hint=t::max_uses_hint(locale)
                        inputmode="numeric" short=true optional=true
                        value=input.max_uses.clone() error=wrong.of("max_uses")/>
                </div>
                <div><button class="btn btn-primary">{t::code_save(locale)}</button></div>
            </form>
        </details>
    }
}

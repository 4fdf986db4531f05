//! "Put it on your site": how a calendar shall look in the workshop's own pages, a preview, and the
//! line to copy. Nothing is stored: the address of this page is all there is.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::Locale;
use engine::catalogue::Workshop;
use engine::coop::Coop;
use leptos::prelude::*;

use super::coop::may_manage;
use super::frame::{Desk, Tab, at, frame};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::CopyLink;
use crate::pages::visitor::embed::snippet::Snippet;
use crate::pages::visitor::embed::{Kind, Subject};
use crate::render::Page;
use crate::t::embed as t;
use crate::ui::colour::Colour;
use crate::ui::field::{Radios, Select, TextField};
use crate::ui::layout::Head;
use crate::ui::look::{Background, Corners, Look};

/// What can be shown: the value of the form, what it stands for, its name.
type Shown = (String, Subject, String);

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let shop = desk.workshop()?.clone();
    let mut conn = app.store.read().await?;
    let coop = may_manage(&mut conn, &visit, &desk).await?;
    drop(conn);
    let locale = visit.locale;
    let form = Form::of_query(&visit.query);
    let choices = choices(&desk, &shop, coop, locale);
    let asked = choices.iter().position(|(value, ..)| value == form.text("show"));
    let empty = desk.catalogue.tours_of(shop.id).next().is_none();
    let snippet = choices.get(asked.unwrap_or(0)).map(|(_, subject, name)| Snippet {
        locale: Locale::parse(form.text("language")).unwrap_or(locale),
        subject: subject.clone(),
        name: name.clone(),
        look: Look::of(&form),
        button: form.text("shape") == "button",
    });
    let snippet = snippet.ok_or(PageError::NotFound)?;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).with_islands().render(&visit, move || {
        let nothing = empty.then(|| view! { <p class="soft">{t::nothing(locale)}</p> });
        let body = view! {
            <h1>{t::title(locale)}</h1>
            <p>{t::lead(locale)}</p>
            {nothing}
            {look_form(&inner, &shop, &choices, &snippet)}
            {preview(locale, &snippet)}
            {lines(locale, &inner.base_url, &snippet)}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// All tours first, then each tour that guests find, then those of the co-op for who manages it.
fn choices(desk: &Desk, shop: &Workshop, coop: Option<Coop>, locale: Locale) -> Vec<Shown> {
    let all =
        ("all".to_owned(), Subject::new(Kind::Workshop, shop.slug.clone()), shop.name.clone());
    let tours = desk.catalogue.tours_of(shop.id).map(|tour| {
        let title = tour.title.text(locale).to_owned();
        (format!("tour-{}", tour.slug), Subject::new(Kind::Tour, tour.slug.clone()), title)
    });
    let coop = coop.map(|coop| ("coop".to_owned(), Subject::new(Kind::Coop, coop.slug), coop.name));
    std::iter::once(all).chain(tours).chain(coop).collect()
}

fn look_form(
    visit: &Visit,
    shop: &Workshop,
    choices: &[Shown],
    snippet: &Snippet,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let shown = choices.iter().find(|(_, subject, _)| *subject == snippet.subject);
    let shown = shown.map(|(value, ..)| value.clone()).unwrap_or_default();
    let what: Vec<(String, String)> = choices
        .iter()
        .map(|(value, subject, name)| {
            let words =
                if subject.kind == Kind::Tour { name.clone() } else { t::all_of(locale, name) };
            (value.clone(), words)
        })
        .collect();
    let languages =
        Locale::ALL.map(|one| (one.code().to_owned(), one.native_name().to_owned())).to_vec();
    let shapes = vec![
        ("calendar".to_owned(), t::shape_calendar(locale).to_owned()),
        ("button".to_owned(), t::shape_button(locale).to_owned()),
    ];
    let shape = if snippet.button { "button" } else { "calendar" };
    let backgrounds = Background::ALL.map(|one| {
        let words = match one {
            Background::Auto => t::background_auto(locale),
            Background::Light => t::background_light(locale),
            Background::Dark => t::background_dark(locale),
        };
        (one.code().to_owned(), words.to_owned())
    });
    let corners = Corners::ALL.map(|one| {
        let words = match one {
            Corners::Round => t::corners_round(locale),
            Corners::Square => t::corners_square(locale),
        };
        (one.code().to_owned(), words.to_owned())
    });
    let look = snippet.look;
    let colour = look.colour.unwrap_or(Colour::INDIGO).to_string();
    view! {
        <form class="form panel" method="get" action=at(visit, shop, "/embed")>
            <Select locale name="show" label=t::what(locale) options=what value=shown/>
            <Radios name="shape" label=t::shape(locale) options=shapes value=shape/>
            <TextField
                locale
                name="colour"
                kind="color"
                label=t::colour(locale)
                hint=t::colour_hint(locale)
                value=colour
            />
            <Select
                locale
                name="language"
                label=t::language(locale)
                options=languages
                value=snippet.locale.code()
            />
            <Radios
                name="background"
                label=t::background(locale)
                options=backgrounds.to_vec()
                value=look.background.code()
            />
            <Radios
                name="corners"
                label=t::corners(locale)
                options=corners.to_vec()
                value=look.corners.code()
            />
            <div class="actions"><button class="btn btn-primary">{t::show(locale)}</button></div>
        </form>
    }
}

/// The calendar in a frame of ours; for a button the very line that is handed out.
fn preview(locale: Locale, snippet: &Snippet) -> impl IntoView + use<> {
    let shown = if snippet.button {
        let line = format!("{}<noscript>{}</noscript>", snippet.line(""), snippet.link(""));
        view! { <div inner_html=line></div> }.into_any()
    } else {
        let title = t::calendar(snippet.locale, &snippet.name);
        view! { <iframe class="embed-preview" src=snippet.address("") title=title></iframe> }
            .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="preview-title">
            <h2 class="panel-title" id="preview-title">{t::preview(locale)}</h2>
            {shown}
        </section>
    }
}

fn lines(locale: Locale, base: &str, snippet: &Snippet) -> impl IntoView + use<> {
    let field = |id: &str, label: &str, text: String| {
        view! {
            <CopyLink id=id.to_owned() label=label.to_owned() url=text
                copy=t::copy(locale).to_owned() copied=t::copied(locale).to_owned()/>
        }
    };
    view! {
        <section class="panel" aria-labelledby="line-title">
            <h2 class="panel-title" id="line-title">{t::line_title(locale)}</h2>
            {field("line", t::line(locale), snippet.line(base))}
            <details>
                <summary>{t::plain_title(locale)}</summary>
                <div class="stack">
                    <p>{t::plain_text(locale)}</p>
                    {field("frame", t::frame(locale), snippet.frame(base))}
                    {field("link", t::link(locale), snippet.link(base))}
                </div>
            </details>
        </section>
    }
}

//! Above each section of a tour's editor: its name and state, how guests see it, the sections.

use engine::Locale;
use engine::catalogue::{Tour, Workshop};
use leptos::prelude::*;

use crate::api::form::Form;
use crate::context::Visit;
use crate::pages::host::frame::at;
use crate::t::edit as t;
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::notice::{Notice, Tone};

/// The sections of the editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Intro,
    Prices,
    /// What days and parties make of them.
    Rules,
    Extras,
    Terms,
    Course,
    /// Machines, kilns and rooms.
    Needs,
    /// What becomes of the pieces.
    Making,
    Photos,
}

pub fn state(locale: Locale, tour: &Tour) -> impl IntoView + use<> {
    let (tone, words) =
        if tour.published { ("celadon", t::published(locale)) } else { ("silk", t::draft(locale)) };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

/// Said where foreign guests would read Vietnamese.
pub fn english(locale: Locale, tour: &Tour) -> impl IntoView + use<> {
    let options = tour.open_options().map(|option| &option.title);
    let missing = [&tour.title, &tour.summary, &tour.description, &tour.meeting_point]
        .into_iter()
        .chain(options)
        .any(|text| !text.is_translated(Locale::En));
    missing.then(|| view! { <span class="badge">{t::english_missing(locale)}</span> })
}

/// Address of a section.
pub fn to(visit: &Visit, shop: &Workshop, tour: &Tour, section: Section) -> String {
    let sub = match section {
        Section::Intro => "",
        Section::Prices => "/prices",
        Section::Rules => "/rules",
        Section::Extras => "/extras",
        Section::Terms => "/terms",
        Section::Course => "/course",
        Section::Needs => "/needs",
        Section::Making => "/making",
        Section::Photos => "/photos",
    };
    at(visit, shop, &format!("/tours/{}{sub}", tour.slug))
}

/// Title, state, publishing, previews and the way to the other sections.
pub fn head(
    visit: &Visit,
    shop: &Workshop,
    tour: &Tour,
    here: Section,
    unopened: bool,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let sections = [
        (Section::Intro, t::section_intro(locale)),
        (Section::Prices, t::section_prices(locale)),
        (Section::Rules, crate::t::price::section_rules(locale)),
        (Section::Extras, crate::t::price::section_extras(locale)),
        (Section::Terms, t::section_terms(locale)),
        (Section::Course, crate::t::course::section(locale)),
        (Section::Needs, crate::t::resource::needs(locale)),
        (Section::Making, crate::t::piece::section_making(locale)),
        (Section::Photos, t::section_photos(locale)),
    ]
    .map(|(section, words)| {
        let current = (section == here).then_some("page");
        view! { <li><a href=to(visit, shop, tour, section) aria-current=current>{words}</a></li> }
    })
    .collect_view();
    let schedule = at(visit, shop, "/schedule");
    let seen = |language: Locale| {
        let href = format!("/{language}/tours/{}?preview=1", tour.slug);
        view! {
            <a class="btn btn-small" href=href hreflang=language.tag()>
                {icon("eye")}{t::seen_in(locale, language.native_name())}
            </a>
        }
    };
    let (act, words, class) = if tour.published {
        ("unpublish", t::unpublish(locale), "btn btn-small")
    } else {
        ("publish", t::publish(locale), "btn btn-small btn-good")
    };
    let hours = schedule.clone();
    let warning = unopened.then(|| {
        view! {
            <Notice tone=Tone::Warn title=t::unopened(locale)>
                <p><a href=hours>{t::unopened_link(locale)}</a></p>
            </Notice>
        }
    });
    view! {
        <header class="host-head">
            <div>
                <h1>{tour.title.text(locale).to_owned()}</h1>
                <p class="cluster">{state(locale, tour)} {english(locale, tour)}</p>
            </div>
            <form class="cluster" method="post" action=at(visit, shop, "/tours")>
                <Hidden name="tour" value=tour.slug.clone()/>
                <Hidden name="back" value="1"/>
                {Locale::WRITTEN.map(seen).collect_view()}
                <button class=class name="act" value=act>{words}</button>
            </form>
        </header>
        {news(visit)}
        {warning}
        <nav class="subnav" aria-label=t::sections(locale)><ul>
            {sections} <li><a href=schedule>{crate::t::schedule::title(locale)}</a></li>
        </ul></nav>
    }
}

/// What was just done, as the address tells it.
fn news(visit: &Visit) -> impl IntoView + use<> {
    let locale = visit.locale;
    let query = Form::of_query(&visit.query);
    let (tone, title) = if query.has("created") {
        (Tone::Good, t::created(locale))
    } else if query.has("saved") {
        (Tone::Good, t::saved(locale))
    } else if query.has("published") {
        (Tone::Good, t::now_published(locale))
    } else if query.has("unpublished") {
        (Tone::Good, t::now_unpublished(locale))
    } else if query.has("wanted") {
        (Tone::Warn, t::not_ready_options(locale))
    } else {
        return None;
    };
    let kept = query.text("kept").parse::<i64>().ok().filter(|kept| *kept > 0);
    let more = kept.map(|kept| view! { <p>{t::kept_slots(locale, kept)}</p> });
    Some(view! { <Notice tone title=title>{more}</Notice> })
}

//! A person of a workshop: who they are, what they tell, when one may visit them.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::catalogue::{Catalogue, Workshop};
use engine::clock::local_date;
use engine::story::{Artisan, Chapter, Seen, Subject};
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::t::story as ts;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::prose::foreign;
use crate::ui::story::artisan::{path, portrait, quoted};
use crate::ui::story::{
    Told, chapters, contents, entries, hidden, portrait_share, reading_time, text, unsaved,
};
use crate::ui::{next_tours, seo};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let artisan = engine::story::artisan_by_slug(&mut conn, &slug).await?;
    drop(conn);
    let artisan = artisan.ok_or(PageError::NotFound)?;
    // Who is not shown is seen by the owners of the workshop alone.
    if !artisan.published && visit.actor.must_own(artisan.workshop_id).is_err() {
        return Err(PageError::NotFound);
    }
    show(&app, &visit, &catalogue, artisan, Unsaved::Nothing).await
}

/// What of the page is not saved yet.
#[derive(Debug, Clone)]
pub enum Unsaved {
    Nothing,
    /// The person's own words.
    Person,
    Chapter(Box<Chapter>),
}

/// The page of an artisan, who may differ from the one that is stored.
pub async fn show(
    app: &App,
    visit: &Visit,
    catalogue: &Catalogue,
    artisan: Artisan,
    unsaved_part: Unsaved,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = catalogue.workshop(artisan.workshop_id).ok_or(PageError::NotFound)?.clone();
    let village = catalogue.village(shop.village_id).ok_or(PageError::NotFound)?.clone();
    let now = app.store.now();
    let today = local_date(now);
    let there = Search { village: Some(village.slug.clone()), ..Search::default() };
    let mut conn = app.store.read().await?;
    let mut hits = search(&mut conn, catalogue, &there, now).await?;
    let subject = Subject::Artisan(artisan.id);
    let saved = engine::story::chapters(&mut conn, subject, Seen::ByGuests).await?;
    drop(conn);
    hits.retain(|hit| catalogue.tour(hit.tour).is_some_and(|tour| tour.workshop_id == shop.id));
    let preview = !matches!(unsaved_part, Unsaved::Nothing);
    let draft = match unsaved_part {
        Unsaved::Chapter(chapter) => Some(*chapter),
        Unsaved::Nothing | Unsaved::Person => None,
    };
    // A person has no way there of their own: all chapters stand in their order.
    let told = Told::new(saved, draft);
    let mut all = told.chapters.clone();
    all.extend(told.ways.iter().cloned());
    all.sort_by_key(|chapter| chapter.position);
    let village_name = village.name.text(locale).to_owned();
    let crumbs = [
        ("/villages".to_owned(), t::site::villages(locale).to_owned()),
        (format!("/villages/{}", village.slug), village_name.clone()),
        (format!("/workshops/{}", shop.slug), shop.name.clone()),
        (path(&artisan), artisan.name.clone()),
    ];
    let steps: Vec<(String, String)> =
        crumbs[..3].iter().map(|(path, name)| (visit.link(path), name.clone())).collect();
    let summary =
        engine::story::markdown::plain(&engine::story::markdown::read(artisan.words.text(locale)));
    let said = match artisan.title.text(locale) {
        "" => format!("{}, {}. {summary}", artisan.name, shop.name),
        title => format!("{}, {title}, {}. {summary}", artisan.name, shop.name),
    };
    let mut nodes = vec![
        seo::profile_page(visit, &artisan),
        seo::person(visit, &artisan, &shop, &village, &seo::description(&summary)),
    ];
    nodes.extend(seo::artisan_article(visit, &artisan, &told));
    nodes.extend([seo::breadcrumbs(visit, &crumbs), seo::organization(visit)]);
    let mut head = Head::new(format!("{}, {}", artisan.name, shop.name), seo::description(&said))
        .article()
        .structured(seo::graph(nodes));
    let share = portrait_share(artisan.portrait.as_ref(), &all, &artisan.name, locale);
    if let Some(picture) = share {
        head = head.picture(picture);
    }
    if preview || !artisan.published {
        head = head.noindex();
    }
    let mut toc = entries(locale, &all);
    toc.insert(0, ("words-title".into(), ts::about_person(locale).into()));
    let time = reading_time(locale, &all, &[&summary]);
    let all_tours = visit.link(&format!("/workshops/{}#tours", shop.slug));
    let next = next_tours::panel(visit, catalogue, &hits, today, all_tours);
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(visit, move || {
        let visit = &inner;
        let above = if preview {
            Some(unsaved(locale).into_any())
        } else {
            (!artisan.published).then(|| hidden(locale).into_any())
        };
        let title = artisan.title.text(locale).to_owned();
        let kicker = if title.is_empty() {
            village.craft_name.text(locale).to_owned()
        } else {
            title
        };
        view! {
            <article class="wrap story">
                {above}
                {breadcrumb(locale, steps)}
                <header class="artisan-head">
                    <div class="artisan-portrait">
                        {portrait(locale, &artisan, village.craft, "(min-width: 48rem) 22rem, 100vw")}
                    </div>
                    <div class="story-head">
                        <p class="kicker" lang=foreign(&artisan.title, locale)>{kicker}</p>
                        <h1>{artisan.name.clone()}</h1>
                        {facts(visit, &artisan, &shop)}
                        <p class="story-time">{icon("clock")}{time}</p>
                    </div>
                </header>
                <div class="split story-split">
                    <div class="story-main">
                        {quote(visit, &artisan)}
                        {contents(locale, &toc)}
                        <section class="story-part" aria-labelledby="words-title">
                            <h2 id="words-title">{ts::about_person(locale)}</h2>
                            <div class="story-text story-opening" lang=foreign(&artisan.words, locale)>
                                {text(visit, &artisan.words)}
                            </div>
                        </section>
                        {chapters(visit, &all)}
                    </div>
                    <aside class="stack-l">{next} {house(visit, &shop)}</aside>
                </div>
            </article>
        }
    }))
}

fn facts(visit: &Visit, artisan: &Artisan, shop: &Workshop) -> impl IntoView + use<> {
    let locale = visit.locale;
    let fact = |name: &'static str, value: AnyView| {
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let born = artisan.born_year.map(|year| fact(ts::born(locale), year.to_string().into_any()));
    let since = artisan.since_year.map(|year| fact(ts::since(locale), year.to_string().into_any()));
    let from = artisan.learned_from.text(locale).to_owned();
    let from = (!from.is_empty()).then(|| {
        let lang = foreign(&artisan.learned_from, locale);
        fact(ts::learned_from(locale), view! { <span lang=lang>{from}</span> }.into_any())
    });
    let href = visit.link(&format!("/workshops/{}", shop.slug));
    let works = view! { <a href=href>{shop.name.clone()}</a> }.into_any();
    view! {
        <dl class="pairs artisan-facts">
            {fact(ts::works_at(locale), works)} {born} {since} {from}
        </dl>
    }
}

fn quote(visit: &Visit, artisan: &Artisan) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let words = artisan.quote.text(locale).to_owned();
    (!words.is_empty()).then(|| {
        view! {
            <figure class="pull-figure">
                <blockquote class="pull-quote" lang=foreign(&artisan.quote, locale)>
                    <p>{quoted(locale, &words)}</p>
                </blockquote>
                <figcaption>{artisan.name.clone()}</figcaption>
            </figure>
        }
    })
}

fn house(visit: &Visit, shop: &Workshop) -> impl IntoView + use<> {
    let locale = visit.locale;
    let href = visit.link(&format!("/workshops/{}", shop.slug));
    view! {
        <section class="panel" aria-labelledby="house-title">
            <h2 class="panel-title" id="house-title">{ts::the_house(locale)}</h2>
            <p lang=foreign(&shop.summary, locale)>{shop.summary.text(locale).to_owned()}</p>
            <a class="btn" href=href>{shop.name.clone()}</a>
        </section>
    }
}

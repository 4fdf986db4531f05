//! A co-op: its story, its members, what they offer together.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::catalogue::search::{Search, search};
use engine::catalogue::{Catalogue, Workshop};
use engine::clock::local_date;
use engine::coop::{self, Author, Coop, Member, MemberRole};
use engine::credential::Holder;
use engine::event;
use engine::{Locale, WorkshopId};
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t;
use crate::t::coop as tc;
use crate::ui::card::TourCard;
use crate::ui::coop::{date, day_of, form_name, path, role_name};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};
use crate::ui::picture::Picture;
use crate::ui::prose::{foreign, own, own_paragraphs, own_words};
use crate::ui::{credential, format, green, partner as ui_partner, seo};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let catalogue = app.catalogue().await?;
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let coop = coop::by_slug(&mut conn, &slug).await?.ok_or(PageError::NotFound)?;
    let members = coop::members(&mut conn, coop.id).await?;
    let former = coop::former_members(&mut conn, coop.id).await?;
    let hits = search(&mut conn, &catalogue, &Search::default(), now).await?;
    let mut coming = event::upcoming(&mut conn, local_date(now), event::YEAR).await?;
    coming.retain(|(event, ..)| event.author == Author::Coop(coop.id));
    let mut passes = engine::pass::on_sale(&mut conn, &catalogue).await?;
    let shops: Vec<&Workshop> =
        members.iter().filter_map(|member| catalogue.workshop(member.workshop_id)).collect();
    let ids: Vec<WorkshopId> = shops.iter().map(|shop| shop.id).collect();
    let told = engine::green::side_by_side(&mut conn, &ids, local_date(now)).await?;
    let partners = engine::partner::shown_partners(&mut conn, None, Some(coop.id)).await?;
    let mut designs = engine::partner::designs_of(&mut conn, None, Some(coop.id)).await?;
    let shelf = engine::shop::Search { coop: Some(coop.id), ..engine::shop::Search::default() };
    let sells = engine::shop::count(&mut conn, &catalogue, &shelf).await? > 0;
    drop(conn);
    let address =
        |shop: &&Workshop| (visit.link(&format!("/workshops/{}", shop.slug)), shop.name.clone());
    let houses: Vec<(String, String)> = shops.iter().map(address).collect();
    let told = green::side_by_side(locale, &houses, &told);
    designs.retain(|design| !design.retired);
    let partners = ui_partner::partners(&visit, &partners);
    let designs = ui_partner::designs(&visit, t::partner::designs(locale), &designs);
    passes.retain(|offer| offer.pass.coop_id == Some(coop.id));
    let passes = super::pass::panel(&visit, &passes, t::pass::on_page(locale), "");
    let events = super::events::section(&visit, &catalogue, &coming);
    let village = catalogue.village(coop.village_id).ok_or(PageError::NotFound)?.clone();
    let houses: Vec<(Member, Workshop)> = members
        .into_iter()
        .filter_map(|member| {
            let house = catalogue.workshop(member.workshop_id)?.clone();
            Some((member, house))
        })
        .collect();
    let cards: Vec<TourCard> = houses
        .iter()
        .flat_map(|(_, house)| catalogue.tours_of(house.id).map(move |tour| (house, tour)))
        .map(|(house, tour)| {
            let hit = hits.iter().find(|hit| hit.tour == tour.id);
            TourCard::new(&visit, &catalogue, tour, hit, "", false, local_date(now))
                .of_house(house.name.clone())
        })
        .collect();
    let village_name = village.name.text(locale).to_owned();
    let village_path = format!("/villages/{}", village.slug);
    let crumbs = [
        ("/villages".to_owned(), t::site::villages(locale).to_owned()),
        (village_path.clone(), village_name.clone()),
        (path(&coop), coop.name.clone()),
    ];
    let brands = catalogue.credentials.shown(&Holder::Coop(coop.id), local_date(now));
    let shops: Vec<&Workshop> = houses.iter().map(|(_, house)| house).collect();
    let mut head = Head::new(
        format!("{}, {village_name}", coop.name),
        seo::description(coop.summary.text(locale)),
    )
    .structured(seo::graph(vec![
        seo::coop(&visit, &coop, &village, &shops, &brands),
        seo::breadcrumbs(&visit, &crumbs),
        seo::organization(&visit),
    ]));
    let over = houses.is_empty();
    let marks = if over { None } else { credential::panel(locale, &brands) };
    if over {
        head = head.noindex();
    }
    let steps = vec![
        (visit.link("/villages"), t::site::villages(locale).to_owned()),
        (visit.link(&village_path), village_name.clone()),
    ];
    let kicker = format!("{} · {village_name}", form_name(locale, coop.form));
    let shelf = sells.then(|| visit.link(&format!("/coops/{}/shop", coop.slug)));
    let inner = visit.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let ended = over.then(|| {
            let text = tc::public_ended_text(locale);
            view! { <Notice tone=Tone::Info title=tc::public_ended(locale)><p>{text}</p></Notice> }
        });
        let none = (cards.is_empty() && !over)
            .then(|| view! { <p class="soft">{tc::no_tours(locale)}</p> });
        let tours = (!over).then(|| {
            let cards = cards.into_iter().map(|card| card.view(locale, false)).collect_view();
            view! {
                <section class="section-tight" aria-labelledby="tours-title">
                    <div class="section-head"><h2 id="tours-title">{tc::public_tours(locale)}</h2></div>
                    {none}
                    <ul class="grid">{cards}</ul>
                </section>
            }
        });
        view! {
            <div class="wrap">
                {breadcrumb(locale, steps)}
                <div class="banner">{Picture::of_village(&village).view(false)}</div>
                <header class="page-head">
                    <p class="kicker">{kicker}</p>
                    <h1>{coop.name.clone()}</h1>
                    <p class="lead" lang=foreign(&coop.summary, locale)>
                        {coop.summary.text(locale).to_owned()}
                    </p>
                    {own_words(locale, &[&coop.summary, &coop.story])} {ended}
                    {shelf.map(|shelf| view! { <p><a href=shelf>{t::shop::of_coop(locale)}</a></p> })}
                </header>
                <div class="split">
                    <section class="prose" aria-labelledby="story-title">
                        <h2 id="story-title">{tc::public_story(locale)}</h2>
                        {own_paragraphs(&coop.story, locale)}
                    </section>
                    <aside>{members_panel(&inner, &catalogue, &houses)}</aside>
                </div>
                {tours}
                {told}
                {events}
                {passes}
                <div class="stack-l">{designs} {partners}</div>
                <div class="grid-wide">
                    {marks}
                    {contact(locale, &coop, over)}
                    {former_panel(&inner, &catalogue, &former)}
                </div>
                <div class="section-tight"></div>
            </div>
        }
    }))
}

fn members_panel(
    visit: &Visit,
    catalogue: &Catalogue,
    houses: &[(Member, Workshop)],
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let items: Vec<_> = houses
        .iter()
        .map(|(member, house)| {
            let href = visit.link(&format!("/workshops/{}", house.slug));
            let manager = (member.role == MemberRole::Manager).then(|| {
                view! { " " <span class="badge" data-tone="indigo">{role_name(locale, member.role)}</span> }
            });
            let village = catalogue.village(house.village_id).map(|village| village.name.text(locale).to_owned());
            let since = member.joined_at.map(|at| tc::since(locale, day_of(locale, at)));
            let place = [village, since].into_iter().flatten().collect::<Vec<_>>().join(" · ");
            view! {
                <li>
                    <a href=href><b>{house.name.clone()}</b></a> {manager}
                    <br/><span class="small soft">{place}</span>
                    <br/>{own(&house.summary, locale)}
                </li>
            }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="members-title">
                <h2 class="panel-title" id="members-title">{tc::public_members(locale)}</h2>
                <ul class="stack">{items}</ul>
            </section>
        }
    })
}

fn contact(locale: Locale, coop: &Coop, over: bool) -> impl IntoView + use<> {
    let founded = coop.founded_on.map(|day| {
        view! { <div><dt>{tc::founded_label(locale)}</dt><dd>{date(locale, day)}</dd></div> }
    });
    let form = view! {
        <div><dt>{t::catalogue::legal_form(locale)}</dt><dd>{form_name(locale, coop.form)}</dd></div>
    };
    // Nobody answers there any more.
    let phone = (!coop.phone.is_empty() && !over).then(|| {
        let href = format!("tel:{}", coop.phone);
        view! {
            <div><dt>{t::catalogue::phone(locale)}</dt><dd><a href=href>{format::phone(&coop.phone)}</a></dd></div>
        }
    });
    let email = (!coop.email.is_empty() && !over).then(|| {
        let href = format!("mailto:{}", coop.email);
        view! { <div><dt>{t::catalogue::email(locale)}</dt><dd><a href=href>{coop.email.clone()}</a></dd></div> }
    });
    view! {
        <section class="panel" aria-labelledby="contact-title">
            <h2 class="panel-title" id="contact-title">{tc::public_contact(locale)}</h2>
            <dl class="pairs">{form} {founded} {phone} {email}</dl>
        </section>
    }
}

fn former_panel(
    visit: &Visit,
    catalogue: &Catalogue,
    former: &[Member],
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let items: Vec<_> = former
        .iter()
        .filter_map(|member| {
            let house = catalogue.workshop(member.workshop_id)?;
            let (from, to) = (member.joined_at?, member.ended_at?);
            let href = visit.link(&format!("/workshops/{}", house.slug));
            let period = tc::period(locale, day_of(locale, from), day_of(locale, to));
            Some(view! {
                <li><a href=href>{house.name.clone()}</a><br/><span class="small soft">{period}</span></li>
            })
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="panel" aria-labelledby="former-title">
                <h2 class="panel-title" id="former-title">{tc::former(locale)}</h2>
                <ul class="stack">{items}</ul>
            </section>
        }
    })
}

/// The co-ops of a village, or of all villages, as a list of links.
pub fn links(visit: &Visit, coops: &[Coop]) -> impl IntoView + use<> {
    let locale = visit.locale;
    coops
        .iter()
        .map(|coop| {
            let href = visit.link(&path(coop));
            view! {
                <li>
                    <a href=href>{coop.name.clone()}</a>
                    <br/><span lang=foreign(&coop.summary, locale)>{coop.summary.text(locale).to_owned()}</span>
                </li>
            }
        })
        .collect_view()
}

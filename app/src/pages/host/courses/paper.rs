//! The run on paper: the list of its participants, and its certificates.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::course::Certificate;
use engine::privacy::What;
use leptos::prelude::*;

use super::run::{At, People};
use super::{found, of_run, view};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, frame};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::course as t;
use crate::ui::certificate::leaf;
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::summary::run_dates;

pub async fn list(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, run)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (slot, tour) = found(&app, &desk, &run).await?;
    let people = People::load(&app, slot.id).await?;
    views::note(&app, &visit, desk.id(), What::Departure, slot.id.to_string()).await?;
    let (locale, shop) = (visit.locale, desk.workshop()?.clone());
    let title = format!("{} · {}", tour.title.text(locale), shop.name);
    let inner = visit.clone();
    Ok(Page::new(Head::host(title.clone())).render(&visit, move || {
        let live = people.roll.live();
        let heads: Vec<_> = live
            .iter()
            .map(|session| {
                let date = format::day_month(locale, session.local_date);
                view! { <th scope="col" class="roll-mark"><b>{session.position}</b><span>{date}</span></th> }
            })
            .collect();
        let rows: Vec<_> = people
            .roll
            .participants()
            .enumerate()
            .map(|(at, (booking, one))| {
                let marks: Vec<_> =
                    live.iter().map(|session| view::mark(locale, one, session)).collect();
                view! {
                    <tr>
                        <td class="num">{at + 1}</td>
                        <th scope="row">
                            {one.guest.name.clone()}
                            <span class="roll-about">{view::about(&people, booking, one)}</span>
                        </th>
                        {marks}
                    </tr>
                }
            })
            .collect();
        let back = of_run(&inner, &shop, slot.id, "");
        let taught = (!slot.guide.is_empty()).then(|| view! { <p>{t::taught_by(locale, &slot.guide)}</p> });
        let body = view! {
            {breadcrumb(locale, vec![(back, t::back_to_run(locale).to_owned())])}
            <h1>{title}</h1>
            <p>{run_dates(locale, &slot)}</p>
            {taught}
            <p class="no-print soft">{crate::t::host::sheet_hint(locale)}</p>
            <div class="table-wrap" tabindex="0" role="group" aria-label=t::participants(locale)>
                <table class="table roll roll-paper">
                    <thead><tr>
                        <th scope="col" class="num">"#"</th>
                        <th scope="col">{t::name(locale)}</th>
                        {heads}
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

/// All that count, one a page.
pub async fn certificates(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, run)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let (slot, _) = found(&app, &desk, &run).await?;
    let people = People::load(&app, slot.id).await?;
    views::note(&app, &visit, desk.id(), What::Departure, slot.id.to_string()).await?;
    let (locale, shop) = (visit.locale, desk.workshop()?.clone());
    let inner = visit.clone();
    let title = t::certificates(locale);
    Ok(Page::new(Head::host(title)).render(&visit, move || {
        let leaves: Vec<_> = people
            .certificates
            .iter()
            .filter(|certificate| certificate.is_valid())
            .map(|certificate: &Certificate| leaf(&inner, certificate))
            .collect();
        let none =
            leaves.is_empty().then(|| view! { <p class="soft">{t::no_certificates(locale)}</p> });
        let back = of_run(&inner, &shop, slot.id, "");
        let body = view! {
            {breadcrumb(locale, vec![(back, t::back_to_run(locale).to_owned())])}
            <h1 class="no-print">{title}</h1>
            <p class="no-print soft">{t::print_hint(locale)}</p>
            {none}
            <div class="leaves">{leaves}</div>
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

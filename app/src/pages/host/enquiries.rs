//! The groups that asked a workshop.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::booking::enquiry::{Enquiry, EnquiryState, of_workshop};
use engine::catalogue::{Catalogue, Workshop};
use engine::privacy::What;
use leptos::prelude::*;

use super::frame::{Desk, Tab, at, frame};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::views;
use crate::render::Page;
use crate::t::enquiry as t;
use crate::ui::format;
use crate::ui::layout::Head;
use crate::{Locale, assets};

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let mut conn = app.store.read().await?;
    let enquiries = of_workshop(&mut conn, desk.id()).await?;
    drop(conn);
    for enquiry in &enquiries {
        views::note(&app, &visit, desk.id(), What::Enquiry, enquiry.id.to_string()).await?;
    }
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::host_title(locale))).render(&visit, move || {
        let waiting = enquiries.iter().filter(|enquiry| enquiry.state == EnquiryState::New).count();
        let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
        let lead =
            (waiting > 0).then(|| view! { <p class="soft">{t::host_waiting(locale, waiting)}</p> });
        let none = enquiries.is_empty().then(|| {
            let art = assets::url("illustrations/rattan-2.svg");
            view! {
                <div class="empty">
                    <img class="empty-art" src=art alt="" width="800" height="600"/>
                    <p>{t::host_none(locale)}</p>
                </div>
            }
        });
        let items: Vec<_> = enquiries
            .iter()
            .map(|enquiry| entry(&inner, &desk.catalogue, &shop, enquiry))
            .collect();
        let body = view! {
            <header class="host-head"><div><h1>{t::host_title(locale)}</h1>{lead}</div></header>
            {none}
            <ul class="entry-list">{items}</ul>
        };
        frame(&inner, Some(&shop), Tab::Enquiries, body)
    }))
}

/// "THCS Trưng Vương, 45 người": the group by its name, else by the name of who asks.
pub fn heading(locale: Locale, enquiry: &Enquiry) -> String {
    let who = if enquiry.organisation.is_empty() { &enquiry.name } else { &enquiry.organisation };
    t::host_heading(locale, format::people(locale, enquiry.people), who)
}

pub fn badge(locale: Locale, state: EnquiryState) -> impl IntoView + use<> {
    let (tone, words) = match state {
        EnquiryState::New => ("silk", t::host_new(locale)),
        EnquiryState::Offered => ("indigo", t::host_offered(locale)),
        EnquiryState::Accepted => ("celadon", t::host_accepted(locale)),
        EnquiryState::Declined => ("terracotta", t::host_declined(locale)),
        EnquiryState::Withdrawn => ("terracotta", t::host_withdrawn(locale)),
        EnquiryState::Lapsed => ("lacquer", t::host_lapsed(locale)),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

fn entry(
    visit: &Visit,
    catalogue: &Catalogue,
    shop: &Workshop,
    enquiry: &Enquiry,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let page = at(visit, shop, &format!("/enquiries/{}", enquiry.id));
    let tour = catalogue.tour(enquiry.tour_id).map_or("", |tour| tour.title.text(locale));
    let wants = t::host_wants(locale, format::day(locale, enquiry.wished_date));
    let says = format!("{tour} · {wants}");
    let open = enquiry.state == EnquiryState::New;
    let class = if open { "btn btn-small btn-primary" } else { "btn btn-small" };
    let action = if open { t::host_answer(locale) } else { t::host_open(locale) };
    let heading = heading(locale, enquiry);
    view! {
        <li class="entry">
            <div class="stack-s">
                <h2 class="entry-title" id=format!("e-{}", enquiry.id)>{heading}</h2>
                <p class="entry-text">{says}</p>
                <p>{badge(locale, enquiry.state)}</p>
            </div>
            <div class="actions">
                <a class=class href=page aria-describedby=format!("e-{}", enquiry.id)>{action}</a>
            </div>
        </li>
    }
}

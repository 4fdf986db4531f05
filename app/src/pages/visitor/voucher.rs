//! The booking on one leaf, to print or keep as a picture.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use super::booking::{Link, address, open, private, qr, see, spoken_code, ticket_lines};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::prose::own;
use crate::ui::summary::policy_dates;
use crate::{assets, t};

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let locale = visit.locale;
    let opened = open(&app, &link).await?;
    let back = address(&visit, &opened.booking, "");
    if opened.hold_left().is_some() || !opened.booking.state.kind().holds_seats() {
        return Ok(see(&back));
    }
    let code = qr(&visit, &opened.booking);
    let title = t::manage::voucher_title(locale, &opened.booking.code);
    Ok(private(Page::new(Head::private(title)).render(&visit, move || {
        let visited = &opened.visited;
        let policy =
            policy_dates(locale, visited.tour.policy, visited.slot.starts_at, opened.now);
        let policy = locale.writing().sentences(&policy);
        view! {
            <div class="wrap">
                <div class="actions section-tight no-print">
                    <a class="btn btn-quiet" href=back>{icon("arrow-left")}{t::manage::back(locale)}</a>
                </div>
                <article class="voucher" aria-labelledby="v-title">
                    <header class="voucher-head">
                        <p class="brand">
                            <img class="brand-mark" src=assets::url("logo.svg") alt="" width="36" height="36"/>
                            "Làng Nghề"
                        </p>
                        <p class="code">{spoken_code(&opened.booking.code)}</p>
                    </header>
                    <div class="voucher-body">
                        <div class="stack">
                            <h1 class="panel-title" id="v-title">
                                {own(&visited.tour.title, locale)}
                            </h1>
                            <p>{visited.place(locale)}</p>
                            {ticket_lines(locale, &opened)}
                            <p>{t::manage::booking_of(locale, &opened.booking.name)}</p>
                        </div>
                        <div class="stack-s center">
                            {code}
                            <p class="small">{t::manage::show_code(locale)}</p>
                        </div>
                    </div>
                    <footer class="voucher-foot">
                        <p>{policy}</p>
                        <p>{t::manage::help(locale)} " " {format::phone(&visited.workshop.phone)}</p>
                    </footer>
                </article>
                <p class="small soft no-print">{t::manage::print_hint(locale)}</p>
            </div>
        }
    })))
}

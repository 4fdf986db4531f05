//! Cancelling a whole pass, with what each stop costs said before.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::pass::{self, CancelPass};
use engine::{Dong, booking};
use leptos::prelude::*;

use super::manage::{Link, Opened, open};
use super::trouble;
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t;
use crate::t::pass as tp;
use crate::ui::field::TextField;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    if opened.booked.cancellable(opened.now).next().is_none() {
        return Ok(see(&opened.address(&visit, "")));
    }
    answer(&app, &visit, &opened, None).await
}

pub async fn cancel(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let home = opened.address(&visit, "");
    // Pressed twice: it is cancelled already.
    if opened.booked.live().next().is_none() {
        return Ok(see(&home));
    }
    let booking = opened.booked.booking.id;
    let reason = form.text("reason").trim().chars().take(500).collect();
    let command = CancelPass { booking, reason };
    let done = app.store.write("cancel pass", command, |tx, c| Box::pin(pass::cancel(tx, c))).await;
    match done {
        Ok(_) => Ok(see(&format!("{home}?cancelled=1"))),
        Err(error) => {
            let says = trouble(visit.locale, &opened.catalogue, &opened.options(), error)?;
            answer(&app, &visit, &opened, Some(says)).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    opened: &Opened,
    says: Option<String>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let status = if says.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let mut conn = app.store.read().await?;
    let mut all = Dong::ZERO;
    let mut lines = Vec::new();
    let mut count = 0;
    for leg in opened.booked.cancellable(opened.now) {
        let percent = booking::refund_of(&mut conn, &leg.booking, &leg.slot, opened.now).await?;
        let total = leg.booking.total;
        let fee = total - total.percent(percent);
        let house = opened.house(leg);
        let words = if fee.0 == 0 {
            tp::cancel_free(locale, house)
        } else {
            tp::cancel_back(locale, fee.display(locale), percent, house)
        };
        lines.push(view! { <li>{words}</li> });
        all += fee;
        count += 1;
    }
    drop(conn);
    let kept =
        (count < opened.booked.live().count()).then(|| view! { <p>{tp::cancel_kept(locale)}</p> });
    let (tone, cost) = if all.0 == 0 {
        (Tone::Good, tp::cancel_free_all(locale).to_owned())
    } else {
        (Tone::Warn, tp::cancel_fee_all(locale, all.display(locale)))
    };
    let says = says.map(|says| {
        view! { <Notice tone=Tone::Bad title=says><p>{t::manage::still_as_it_was(locale)}</p></Notice> }
    });
    let back = opened.address(visit, "");
    let day = opened.day(visit, |_, _| None);
    let head = Head::private(tp::cancel_now(locale));
    Ok(private(Page::new(head).status(status).render(visit, move || {
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1>{tp::cancel_title(locale)}</h1>
                {says}
                <Notice tone title=cost><p>{tp::cancel_lead(locale)}</p><ul>{lines}</ul>{kept}</Notice>
                <div class="panel">{day}</div>
                <form class="form panel" method="post">
                    <TextField locale name="reason" label=t::manage::reason(locale) optional=true maxlength=500/>
                    <div class="actions">
                        <button class="btn btn-danger btn-large" type="submit">{tp::cancel_now(locale)}</button>
                        <a class="btn btn-quiet" href=back>{icon("arrow-left")}{tp::keep(locale)}</a>
                    </div>
                </form>
            </div>
        }
    })))
}

//! Where a product comes from: what its label opens, for people and for programs.

pub mod files;
mod more;
mod page;
pub mod verify;

pub use page::{page, scan};

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::context::Visit;
use crate::pages::visitor::booking::private;
use crate::render::Page;
use crate::t::provenance as t;
use crate::ui::field::TextField;
use crate::ui::layout::Head;
use crate::ui::provenance::{Sign, sign};
use crate::{Locale, operator};

/// The form into which a code is typed from a label.
pub fn code_form(
    locale: Locale,
    action: String,
    typed: String,
    error: &'static str,
) -> impl IntoView {
    view! {
        <form class="form panel" method="get" action=action novalidate>
            <TextField locale name="code" label=t::code(locale) hint=t::code_hint(locale)
                value=typed error=error autocomplete="off" maxlength=120/>
            <div><button class="btn btn-primary" type="submit">{t::look(locale)}</button></div>
        </form>
    }
}

/// What a code that is none may mean, and whom to tell.
pub fn unknown(visit: &Visit, typed: &str) -> Response {
    let locale = visit.locale;
    let (action, typed) = (visit.link("/verify"), typed.to_owned());
    let page = Page::new(Head::private(t::unknown(locale))).status(StatusCode::NOT_FOUND);
    private(page.render(visit, move || {
        let tell = match operator::get().map(|operator| operator.email.clone()) {
            Some(email) => {
                let href = format!("mailto:{email}");
                view! { <p>{t::unknown_tell(locale)} " " <a href=href>{email}</a></p> }.into_any()
            }
            None => view! { <p>{t::unknown_tell_nobody(locale)}</p> }.into_any(),
        };
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1 class="visually-hidden">{t::unknown(locale)}</h1>
                {sign(Sign::Bad, t::unknown(locale), t::unknown_lead(locale).to_owned())}
                <div class="stack-s">
                    <p>{t::unknown_typo(locale)}</p>
                    <p>{t::unknown_forged(locale)}</p>
                    {tell}
                </div>
                <section class="stack-s" aria-labelledby="again">
                    <h2 id="again">{t::try_again(locale)}</h2>
                    {code_form(locale, action, typed, "")}
                </section>
            </div>
        }
    }))
}

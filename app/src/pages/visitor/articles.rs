//! Longer texts: who we are, the rules of the platform, what happens with people's data.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::ui::layout::Head;
use crate::ui::prose::article;
use crate::ui::seo;
use crate::{operator, t};

pub async fn about(State(_): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    Ok(page(&visit, t::articles::about_title(locale), t::articles::about(locale)))
}

pub async fn terms(State(_): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    Ok(page(&visit, t::articles::terms_title(locale), t::articles::terms(locale)))
}

pub async fn privacy(State(_): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    Ok(page(&visit, t::articles::privacy_title(locale), t::articles::privacy(locale)))
}

fn page(visit: &Visit, title: &'static str, text: &'static str) -> Response {
    let locale = visit.locale;
    let first = text.split("\n\n").next().unwrap_or_default().trim();
    let head = Head::new(title, seo::description(first));
    let operator = operator::get().map_or_else(
        || view! { <p>{t::articles::no_operator(locale)}</p> }.into_any(),
        |operator| {
            view! {
                <p>
                    {operator.legal_name.clone()} <br/> {operator.address.clone()} <br/>
                    {t::catalogue::tax_code(locale)} {locale.writing().colon} {operator.tax_code.clone()} <br/>
                    {operator.email.clone()} " · " {operator.phone.clone()} <br/>
                    {operator.notification.clone()}
                </p>
            }
            .into_any()
        },
    );
    Page::new(head).shared().render(visit, move || {
        view! {
            <div class="wrap-narrow section-tight">
                <article class="prose">
                    <h1>{title}</h1>
                    {article(text)}
                    <h2 id="operator">{t::articles::operator(locale)}</h2>
                    {operator}
                </article>
            </div>
        }
    })
}

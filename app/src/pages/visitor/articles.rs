//! Longer texts: who we are, the rules of the platform, what happens with people's data.

use axum::extract::State;
use axum::response::Response;
use chrono::NaiveDate;
use engine::Locale;
use engine::privacy::{PRIVACY_VERSION, Retention, TERMS_VERSION};
use engine::webhook::LOG_DAYS;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::ui::layout::Head;
use crate::ui::prose::article;
use crate::ui::{format, seo};
use crate::{operator, t};

pub async fn about(State(_): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    Ok(page(&visit, t::articles::about_title(locale), t::articles::about(locale)))
}

pub async fn terms(State(_): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let (title, text) = (t::articles::terms_title(locale), t::articles::terms(locale));
    Ok(with(&visit, title, text, version(locale, TERMS_VERSION).into_any()))
}

pub async fn privacy(State(app): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let policy = app.retention;
    let mine = visit.link("/my-data");
    let more = view! {
        <h2 id="how-long">{t::privacy::how_long(locale)}</h2>
        {how_long(locale, &policy)}
        <p><a class="btn" href=mine>{t::privacy::see_yours(locale)}</a></p>
        {version(locale, PRIVACY_VERSION)}
    };
    let (title, text) = (t::articles::privacy_title(locale), t::articles::privacy(locale));
    Ok(with(&visit, title, text, more.into_any()))
}

/// Which text somebody agreed to, who agrees to it now.
fn version(locale: Locale, version: &str) -> impl IntoView + use<> {
    let day: Option<NaiveDate> = version.parse().ok();
    let words = day.map(|day| t::privacy::version(locale, format::date(locale, day)));
    view! { <p class="small soft">{words}</p> }
}

/// For how long things are kept, by this installation's own policy.
pub fn how_long(locale: Locale, policy: &Retention) -> impl IntoView + use<> {
    let months = |n: u32| {
        if n.is_multiple_of(12) && n >= 24 {
            t::privacy::years(locale, i64::from(n / 12))
        } else {
            t::privacy::months(locale, i64::from(n))
        }
    };
    let mut rows: Vec<(&'static str, String)> = policy
        .all()
        .into_iter()
        .map(|(kind, n)| {
            let words = match kind {
                "bookings" => t::privacy::keep_bookings(locale),
                "enquiries" => t::privacy::keep_enquiries(locale),
                "waitlist" => t::privacy::keep_waitlist(locale),
                "applications" => t::privacy::keep_applications(locale),
                "gift_cards" => t::privacy::keep_gift_cards(locale),
                "commissions" => t::commission::keep(locale),
                "letters" => t::privacy::keep_letters(locale),
                "sessions" => t::privacy::keep_sessions(locale),
                "audit" => t::privacy::keep_audit(locale),
                "views" => t::privacy::keep_views(locale),
                _ => t::privacy::keep_invoices(locale),
            };
            (words, months(n))
        })
        .collect();
    rows.push((t::privacy::keep_webhooks(locale), t::privacy::days(locale, LOG_DAYS)));
    rows.push((t::privacy::keep_reviews(locale), t::privacy::keep_reviews_long(locale).to_owned()));
    let rows: Vec<_> = rows
        .into_iter()
        .map(|(what, long)| {
            view! {
                <tr>
                    <th scope="row">{what}</th>
                    <td data-label=t::privacy::col_long(locale)>{long}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="table table-cards">
            <caption class="visually-hidden">{t::privacy::how_long(locale)}</caption>
            <thead><tr>
                <th scope="col">{t::privacy::col_what(locale)}</th>
                <th scope="col">{t::privacy::col_long(locale)}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

pub(super) fn page(visit: &Visit, title: &'static str, text: &'static str) -> Response {
    with(visit, title, text, ().into_any())
}

/// A text, and what follows it before who runs the site.
fn with(visit: &Visit, title: &'static str, text: &'static str, more: AnyView) -> Response {
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
                    {more}
                    <h2 id="operator">{t::articles::operator(locale)}</h2>
                    {operator}
                </article>
            </div>
        }
    })
}

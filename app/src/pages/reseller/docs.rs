//! How a travel company's system connects: the page that its programmers read.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::webhooks::docs::checks;
use crate::render::Page;
use crate::t::reseller as t;
use crate::ui::layout::Head;
use crate::ui::prose::article;

/// Method and address of each request, in the order in which a sale goes.
const REQUESTS: [(&str, &str); 17] = [
    ("GET", "/octo/supplier"),
    ("GET", "/octo/products"),
    ("GET", "/octo/products/{id}"),
    ("POST", "/octo/availability/calendar"),
    ("POST", "/octo/availability"),
    ("POST", "/octo/bookings"),
    ("POST", "/octo/bookings/{uuid}/extend"),
    ("POST", "/octo/bookings/{uuid}/confirm"),
    ("PATCH", "/octo/bookings/{uuid}"),
    ("POST", "/octo/bookings/{uuid}/cancel"),
    ("GET", "/octo/bookings/{uuid}"),
    ("GET", "/octo/bookings?…"),
    ("POST", "/octo/notifications/subscriptions"),
    ("GET", "/octo/notifications/subscriptions"),
    ("GET", "/octo/notifications/subscriptions/{id}"),
    ("PATCH", "/octo/notifications/subscriptions/{id}"),
    ("DELETE", "/octo/notifications/subscriptions/{id}"),
];

/// A notification as it arrives.
const NOTIFICATION: &str = r#"{
  "id": "019b0f3c-6d3a-7c1e-9a40-5b1f0c2d7e88",
  "subscriptionId": "019b…",
  "notificationType": "AVAILABILITY_UPDATE",
  "utcCreatedAt": "2026-12-01T02:15:00Z",
  "data": { "productId": "nan-gom", "optionId": "ban-xoay",
            "localDateStart": "2026-12-05", "localDateEnd": "2026-12-05" }
}"#;

pub async fn page(State(_): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let head = Head::new(t::docs_title(locale), t::docs_lead(locale));
    let base = visit.base_url.clone();
    Ok(Page::new(head).shared().render(&visit, move || {
        let what = [
            t::docs_supplier(locale),
            t::docs_products(locale),
            t::docs_product(locale),
            t::docs_calendar(locale),
            t::docs_availability(locale),
            t::docs_reserve(locale),
            t::docs_extend(locale),
            t::docs_confirm(locale),
            t::docs_update(locale),
            t::docs_cancel(locale),
            t::docs_booking(locale),
            t::docs_bookings(locale),
            t::docs_subscribe(locale),
            t::docs_subscriptions(locale),
            t::docs_subscription(locale),
            t::docs_resubscribe(locale),
            t::docs_unsubscribe(locale),
        ];
        let rows = REQUESTS
            .into_iter()
            .zip(what)
            .map(|((method, path), words)| {
                view! { <tr><th scope="row"><code>{method} " " {path}</code></th><td>{words}</td></tr> }
            })
            .collect_view();
        let first = format!(
            "curl {base}/octo/products \\\n  -H 'Authorization: Bearer langnghe_test_…' \\\n  \
             -H 'Octo-Capabilities: octo/pricing, octo/content'"
        );
        let reserve = format!(
            "curl {base}/octo/bookings \\\n  -H 'Authorization: Bearer langnghe_test_…' \\\n  \
             -H 'Content-Type: application/json' \\\n  -d '{{\"uuid\": \"0b0c6b1e-7b0a-4c6e-9d1b-2a3f4e5d6c7b\",\n       \
             \"productId\": \"nan-gom\", \"optionId\": \"ban-xoay\",\n       \
             \"availabilityId\": \"2026-12-01T09:00:00+07:00\",\n       \
             \"unitItems\": [{{\"unitId\": \"adult\"}}, {{\"unitId\": \"child\"}}]}}'"
        );
        let subscribe = format!(
            "curl {base}/octo/notifications/subscriptions \\\n  -H 'Authorization: Bearer langnghe_live_…' \\\n  \
             -H 'Content-Type: application/json' \\\n  -d '{{\"url\": \"https://agency.example/langnghe\",\n       \
             \"notificationTypes\": [\"AVAILABILITY_UPDATE\", \"BOOKING_UPDATE\"],\n       \
             \"headers\": {{\"Authorization\": \"Bearer …\"}}}}'"
        );
        view! {
            <div class="wrap-narrow section-tight">
                <article class="prose">
                    <h1>{t::docs_title(locale)}</h1>
                    <p>{t::docs_lead(locale)}</p>
                    <p><a href="/octo/openapi.json">{t::docs_openapi(locale)}</a></p>
                    {article(t::docs_begin(locale))}
                    <pre tabindex="0"><code>{first}</code></pre>
                    <h2 id="requests">{t::docs_requests(locale)}</h2>
                    <div class="table-wrap" tabindex="0" role="region" aria-labelledby="requests">
                        <table><tbody>{rows}</tbody></table>
                    </div>
                    <pre tabindex="0"><code>{reserve}</code></pre>
                    {article(t::docs_rules(locale))}
                    {article(t::docs_notifications(locale))}
                    <pre tabindex="0"><code>{subscribe}</code></pre>
                    <pre tabindex="0"><code>{NOTIFICATION}</code></pre>
                    {article(t::docs_signature(locale))}
                    {checks()}
                </article>
            </div>
        }
    }))
}

//! Webhooks for those who program what receives them: the body, the events, how a signature is checked.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::{reseller, webhook as t};
use crate::ui::layout::Head;
use crate::ui::prose::article;

/// In the shell, with a body that was kept as it came.
pub const SHELL: &str = r#"# body: a file with the body as it came; T and V1: from Langnghe-Signature
{ printf '%s.' "$T"; cat body; } \
  | openssl dgst -sha256 -hmac "$SECRET" -hex | sed 's/^.* //'   # must be "$V1""#;

pub const PYTHON: &str = r#"import hashlib, hmac, time

def is_genuine(secret: str, header: str, body: bytes) -> bool:
    parts = dict(part.split("=", 1) for part in header.split(","))
    text = parts["t"].encode() + b"." + body
    expected = hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
    fresh = abs(time.time() - int(parts["t"])) < 300
    return fresh and hmac.compare_digest(expected, parts["v1"])"#;

const NODE: &str = r#"import { createHmac, timingSafeEqual } from "node:crypto";

export function isGenuine(secret, header, body) {   // body: a Buffer
  const parts = Object.fromEntries(header.split(",").map((part) => part.split("=")));
  const expected = createHmac("sha256", secret).update(`${parts.t}.`).update(body).digest();
  const given = Buffer.from(parts.v1, "hex");
  const fresh = Math.abs(Date.now() / 1000 - Number(parts.t)) < 300;
  return fresh && given.length === expected.length && timingSafeEqual(given, expected);
}"#;

const BOOKING: &str = r#"{
  "id": "019b0f3c-6d3a-7c1e-9a40-5b1f0c2d7e88",
  "event": "booking.confirmed",
  "createdAt": "2026-12-01T02:15:00Z",
  "workshop": { "id": "019a…", "slug": "gom-minh-hai" },
  "data": {
    "booking": { "id": "019b…", "code": "CV7K2P", "state": "confirmed", "people": 2 },
    "departure": "019b…",
    "startsAt": "2026-12-05T02:00:00Z",
    "tour": "nan-gom-ban-xoay",
    "option": "ban-xoay",
    "links": { "booking": "BASE/vi/host/gom-minh-hai/bookings/CV7K2P" }
  }
}"#;

const DEPARTURE: &str = r#""data": {
  "tour": "nan-gom-ban-xoay", "option": "ban-xoay",
  "from": "2026-12-05", "to": "2026-12-05", "departure": "019b…",
  "links": { "tour": "BASE/vi/tours/nan-gom-ban-xoay" }
}"#;

const TOUR: &str = r#""data": {
  "tour": "nan-gom-ban-xoay", "published": true,
  "links": { "tour": "BASE/vi/tours/nan-gom-ban-xoay" }
}"#;

/// How a signature is checked, in several languages.
pub fn checks() -> impl IntoView + use<> {
    [("Shell", SHELL), ("Python", PYTHON), ("Node.js", NODE)]
        .into_iter()
        .map(|(name, text)| {
            view! { <h3>{name}</h3> <pre tabindex="0"><code>{text}</code></pre> }
        })
        .collect_view()
}

pub async fn page(State(_): State<App>, visit: Visit) -> Result<Response, PageError> {
    let locale = visit.locale;
    let base = visit.base_url.clone();
    let octo = visit.link("/octo");
    let head = Head::new(t::docs_title(locale), t::docs_lead(locale));
    Ok(Page::new(head).shared().render(&visit, move || {
        let examples = [BOOKING, DEPARTURE, TOUR]
            .into_iter()
            .map(|text| {
                view! { <pre tabindex="0"><code>{text.replace("BASE", &base)}</code></pre> }
            })
            .collect_view();
        view! {
            <div class="wrap-narrow section-tight">
                <article class="prose">
                    <h1>{t::docs_title(locale)}</h1>
                    <p>{t::docs_lead(locale)}</p>
                    {article(t::docs_body(locale))}
                    {examples}
                    {article(t::docs_events(locale))}
                    {article(t::docs_headers(locale))}
                    {checks()}
                    {article(t::docs_retries(locale))}
                    <p>{t::docs_octo(locale)} " " <a href=octo>{reseller::docs_title(locale)}</a></p>
                </article>
            </div>
        }
    }))
}

//! Headers that keep a page from loading or sending anything but its own, and from being framed.

use app::context::Nonce;
use app::render::Framable;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use rand::RngExt;

#[derive(Debug, Clone, Copy)]
pub struct Https(pub bool);

const ALWAYS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    // The camera reads the codes on vouchers at check-in.
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), geolocation=(), microphone=(), payment=()"),
    ),
];

pub async fn add(State(Https(https)): State<Https>, mut request: Request, next: Next) -> Response {
    let nonce = format!("{:032x}", rand::rng().random::<u128>());
    request.extensions_mut().insert(Nonce(nonce.clone()));
    let mut response = next.run(request).await;
    let framable = response.extensions().get::<Framable>().is_some();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, value);
    }
    if !framable {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    // A route with a stricter policy of its own (uploaded photos) keeps it.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(policy) = HeaderValue::from_str(&policy(&nonce, framable))
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}

fn policy(nonce: &str, framable: bool) -> String {
    let ancestors = if framable { "*" } else { "'none'" };
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'; frame-ancestors {ancestors}; base-uri 'none'; object-src 'none'"
    )
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::response::IntoResponse as _;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    /// Policy and X-Frame-Options of a page.
    async fn of(path: &str) -> (String, bool) {
        let embed = || async {
            let mut answer = "calendar".into_response();
            answer.extensions_mut().insert(Framable);
            answer
        };
        let own = || async { [(header::CONTENT_SECURITY_POLICY, "default-src 'none'")] };
        let router = Router::new()
            .route("/page", get(|| async { "page" }))
            .route("/embed", get(embed))
            .route("/photo", get(own))
            .layer(from_fn_with_state(Https(true), add));
        let request = Request::get(path).body(Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        let headers = answer.headers();
        assert!(headers.contains_key(header::X_CONTENT_TYPE_OPTIONS), "{path}");
        assert!(headers.contains_key(header::STRICT_TRANSPORT_SECURITY), "{path}");
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().to_owned();
        (policy, headers.contains_key(header::X_FRAME_OPTIONS))
    }

    #[tokio::test]
    async fn only_what_says_so_may_be_framed() {
        let (page, denied) = of("/page").await;
        assert!(page.contains("frame-ancestors 'none'") && denied, "{page}");
        let (embed, denied) = of("/embed").await;
        assert!(embed.contains("frame-ancestors *;") && !denied, "{embed}");
        // In all else they are alike.
        let rest = |policy: &str| {
            let parts = policy.split("; ").filter(|part| !part.starts_with("frame-ancestors"));
            let parts =
                parts.map(|part| part.split("'nonce-").next().unwrap_or_default().to_owned());
            parts.collect::<Vec<_>>()
        };
        assert_eq!(rest(&page), rest(&embed));
        assert!(!embed.contains("unsafe-inline"), "{embed}");
        assert_eq!(of("/photo").await, ("default-src 'none'".to_owned(), true));
    }
}

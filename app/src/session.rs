//! The cookie of a signed-in browser, and who stands behind each request.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use engine::accounts::{Actor, session};

use crate::context::{App, Settings};

/// The token that this request's cookie carries, for signing out. Absent for a guest.
#[derive(Clone)]
pub struct SessionToken(pub String);

/// The token must not reach a log.
impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(…)")
    }
}

/// With the prefix `__Host-` a browser takes the cookie over https from this host alone;
/// without https it would take none, so development uses a plain name.
fn cookie_name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-langnghe" } else { "langnghe" }
}

fn cookie(settings: &Settings, value: String) -> Cookie<'static> {
    Cookie::build((cookie_name(settings), value))
        .path("/")
        .http_only(true)
        .secure(settings.secure_cookies)
        // Lax, so that a link in a letter opens the host's page signed in.
        .same_site(SameSite::Lax)
        .build()
}

/// The cookie to set after signing in: `(jar.add(sign_in_cookie(…)), Redirect::to(…))`.
pub fn sign_in_cookie(settings: &Settings, token: &str) -> Cookie<'static> {
    let mut cookie = cookie(settings, token.to_owned());
    cookie.set_max_age(time::Duration::seconds(session::LIFE.num_seconds()));
    cookie
}

/// The cookie to set after signing out: it removes the other one.
pub fn clear_cookie(settings: &Settings) -> Cookie<'static> {
    let mut cookie = cookie(settings, String::new());
    cookie.make_removal();
    cookie
}

/// A layer: finds out who asks and puts the [`Actor`] (and the [`SessionToken`] of a signed-in
/// person) into the request. When the database fails the visitor is a guest: pages that need
/// nobody go on working.
pub async fn recognise(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let jar = CookieJar::from_headers(request.headers());
    let Some(token) = jar.get(cookie_name(&app.settings)).map(|cookie| cookie.value().to_owned())
    else {
        request.extensions_mut().insert(Actor::Guest);
        return next.run(request).await;
    };
    let recognised = match session::actor_of(&app.store, &token).await {
        Ok(recognised) => recognised,
        Err(error) => {
            tracing::error!(?error, "the session could not be read");
            session::Recognised { actor: Actor::Guest, renewed: false }
        }
    };
    if matches!(recognised.actor, Actor::Person(_)) {
        request.extensions_mut().insert(SessionToken(token.clone()));
    }
    request.extensions_mut().insert(recognised.actor);
    let mut response = next.run(request).await;
    // A page that sets the cookie itself (sign out) has the last word.
    if recognised.renewed
        && !response.headers().contains_key(header::SET_COOKIE)
        && let Ok(value) = HeaderValue::from_str(&sign_in_cookie(&app.settings, &token).to_string())
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(secure_cookies: bool) -> Settings {
        Settings { base_url: String::new(), hold_minutes: 15, secure_cookies, mailbox: None }
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_hosts() {
        let text = sign_in_cookie(&settings(true), "abc").to_string();
        assert_eq!(
            text,
            "__Host-langnghe=abc; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=2592000"
        );
        let text = sign_in_cookie(&settings(false), "abc").to_string();
        assert_eq!(text, "langnghe=abc; HttpOnly; SameSite=Lax; Path=/; Max-Age=2592000");
        let text = clear_cookie(&settings(true)).to_string();
        assert!(text.starts_with("__Host-langnghe=; "), "{text}");
        assert!(text.contains("Max-Age=0") && text.contains("Secure"), "{text}");
    }
}

//! Signing in by password or by a link in a letter, and signing out.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, response::AppendHeaders};
use axum_extra::extract::CookieJar;
use engine::Locale;
use engine::accounts::{
    AccountError, LinkError, RequestLink, UseLink, link_opens, request_link, session, use_link,
};
use engine::email::Email;
use engine::store::StoreError;
use leptos::prelude::*;

use super::frame::see;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::session::{SessionToken, clear_cookie, sign_in_cookie};
use crate::t;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, TextField};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

/// Only a page of this site: a sign-in must not lead elsewhere.
fn own_page(next: &str) -> Option<&str> {
    let rest = Locale::ALL.iter().find_map(|locale| next.strip_prefix(&format!("/{locale}/")))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-_.".contains(c);
    (!rest.starts_with('/') && rest.chars().all(plain)).then_some(next)
}

/// Where a person goes after signing in.
fn after(locale: Locale, next: &str) -> String {
    own_page(next).map_or_else(|| format!("/{locale}/host"), str::to_owned)
}

pub async fn page(visit: Visit) -> Response {
    let query = Form::of_query(&visit.query);
    if matches!(visit.actor, engine::accounts::Actor::Person(_)) {
        return see(&after(visit.locale, query.text("next")));
    }
    let sent = query.has("sent");
    answer(&visit, &query, Problems::default(), sent)
}

fn answer(visit: &Visit, form: &Form, problems: Problems, sent: bool) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let email = form.text("email").to_owned();
    let next = own_page(form.text("next")).unwrap_or_default().to_owned();
    let (here, by_link, find) =
        (visit.link("/sign-in"), visit.link("/sign-in/link"), visit.link("/find"));
    let head = Head::private(t::account::sign_in(locale));
    Page::new(head).status(status).render(visit, move || {
        let news = sent.then(|| {
            view! {
                <Notice tone=Tone::Good title=t::account::link_sent_title(locale)>
                    <p>{t::account::link_sent(locale)}</p>
                </Notice>
            }
        });
        let wrong = problems.of("password");
        view! {
            <div class="solo">
                <h1>{t::account::sign_in(locale)}</h1>
                {news}
                <ErrorSummary locale problems=problems.clone()/>
                <form class="form panel" action=here method="post">
                    <Hidden name="next" value=next/>
                    <TextField locale name="email" label=t::account::email(locale) value=email
                        error=problems.of("email") kind="email" autocomplete="username"/>
                    <div class="field">
                        <label for="password">{t::account::password(locale)}</label>
                        <input class="input" id="password" name="password" type="password"
                            autocomplete="current-password"
                            aria-invalid=(!wrong.is_empty()).then_some("true")
                            aria-describedby=(!wrong.is_empty()).then_some("password-error")/>
                        <FieldError id="password" text=wrong/>
                    </div>
                    <button class="btn btn-primary btn-large" type="submit">
                        {t::account::sign_in(locale)}
                    </button>
                    <p class="or">{t::account::or_link(locale)}</p>
                    <button class="btn" type="submit" formaction=by_link>
                        {icon("mail")} {t::account::send_link(locale)}
                    </button>
                </form>
                <p class="soft">
                    {t::account::guests_need_none(locale)} " "
                    <a href=find>{t::account::find_booking(locale)}</a>
                </p>
            </div>
        }
    })
}

fn checked_email(locale: Locale, form: &Form, problems: &mut Problems) -> Option<Email> {
    let email = form.text("email").trim().parse::<Email>().ok();
    if email.is_none() {
        problems.add("email", t::account::email_wrong(locale));
    }
    email
}

/// The browser, as the list of sessions names it.
fn agent(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.unwrap_or_default().to_owned()
}

pub async fn with_password(
    State(app): State<App>,
    visit: Visit,
    jar: CookieJar,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    let email = checked_email(visit.locale, &form, &mut problems);
    let password = form.text("password").to_owned();
    if password.is_empty() {
        problems.add("password", t::account::password_missing(visit.locale));
    }
    let Some(email) = email.filter(|_| problems.is_empty()) else {
        return Ok(answer(&visit, &form, problems, false));
    };
    let agent = agent(&headers);
    match session::sign_in_with_password(&app.store, email.as_str(), password, &agent).await {
        Ok(signed) => {
            let to = after(signed.person.locale, form.text("next"));
            Ok((jar.add(sign_in_cookie(&app.settings, &signed.token)), Redirect::to(&to))
                .into_response())
        }
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(_) => {
            problems.add("password", t::account::wrong_password(visit.locale));
            Ok(answer(&visit, &form, problems, false))
        }
    }
}

pub async fn send_link(
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, PageError> {
    let mut problems = Problems::default();
    let Some(email) = checked_email(visit.locale, &form, &mut problems) else {
        return Ok(answer(&visit, &form, problems, false));
    };
    let command = RequestLink { email: email.to_string() };
    app.store
        .write("request_link", command, |tx, command| Box::pin(request_link(tx, command)))
        .await
        .map_err(account)?;
    Ok(see(&format!("{}?sent=1", visit.link("/sign-in"))))
}

/// What is left of an account error where the input was right already.
pub(super) fn account(error: AccountError) -> PageError {
    match error {
        AccountError::Store(error) => PageError::Store(error),
        AccountError::Hash(words) => PageError::Store(StoreError::Abandoned(words)),
        _ => PageError::NotFound,
    }
}

/// The page of the link in the letter. Opening it does nothing yet: mail scanners open links.
pub async fn link_page(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let open = link_opens(&mut app.store.read().await?, &token, app.store.now()).await?;
    Ok(link_answer(&visit, open))
}

fn link_answer(visit: &Visit, open: bool) -> Response {
    let locale = visit.locale;
    let status = if open { StatusCode::OK } else { StatusCode::GONE };
    let (here, again) = (visit.link(&visit.path), visit.link("/sign-in"));
    let page = Page::new(Head::private(t::account::sign_in(locale))).status(status);
    let page = page.render(visit, move || {
        let body = if open {
            view! {
                <form class="form panel" action=here method="post">
                    <p>{t::account::link_confirm(locale)}</p>
                    <button class="btn btn-primary btn-large" type="submit">
                        {t::account::sign_in(locale)}
                    </button>
                </form>
            }
            .into_any()
        } else {
            view! {
                <Notice tone=Tone::Warn title=t::account::link_spent_title(locale)>
                    <p>{t::account::link_spent(locale)}</p>
                </Notice>
                <a class="btn btn-primary" href=again>{t::account::link_again(locale)}</a>
            }
            .into_any()
        };
        view! { <div class="solo"><h1>{t::account::sign_in(locale)}</h1>{body}</div> }
    });
    // The address is a key: it must not go to other sites.
    (AppendHeaders([(header::REFERRER_POLICY, "no-referrer")]), page).into_response()
}

pub async fn with_link(
    State(app): State<App>,
    visit: Visit,
    Path((_, token)): Path<(String, String)>,
    jar: CookieJar,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let command = UseLink { token, user_agent: agent(&headers) };
    let signed =
        app.store.write("use_link", command, |tx, command| Box::pin(use_link(tx, command))).await;
    match signed {
        Ok(signed) => {
            let to = after(signed.person.locale, "");
            Ok((jar.add(sign_in_cookie(&app.settings, &signed.token)), Redirect::to(&to))
                .into_response())
        }
        Err(LinkError::Spent) => Ok(link_answer(&visit, false)),
        Err(LinkError::Account(error)) => Err(account(error)),
    }
}

pub async fn sign_out(
    State(app): State<App>,
    visit: Visit,
    jar: CookieJar,
    token: Option<Extension<SessionToken>>,
) -> Result<Response, PageError> {
    if let Some(Extension(SessionToken(token))) = token {
        app.store
            .write("sign_out", token, |tx, token| Box::pin(session::sign_out(tx, token)))
            .await?;
    }
    let to = visit.link("/sign-in");
    Ok((jar.add(clear_cookie(&app.settings)), Redirect::to(&to)).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_leads_to_own_pages_alone() {
        assert_eq!(own_page("/vi/host/gom-ngo-bat"), Some("/vi/host/gom-ngo-bat"));
        for elsewhere in ["//evil.example", "https://evil.example", "/vi//evil", "/vi/\\evil", ""] {
            assert_eq!(own_page(elsewhere), None, "{elsewhere}");
        }
    }
}

//! One's own account: name, language, password, signed-in browsers.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use engine::Locale;
use engine::accounts::session::{EndSession, Session, end_session, sessions_of};
use engine::accounts::{
    AccountError, Introduce, MIN_PASSWORD, has_password, introduce, session, set_own_password,
};
use engine::clock::local_date;
use leptos::prelude::*;

use super::frame::{Tab, frame, see, signed_in};
use super::sign_in::account;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::session::{SessionToken, clear_cookie};
use crate::t;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type Token = Option<Extension<SessionToken>>;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    token: Token,
) -> Result<Response, PageError> {
    answer(&app, visit, token, None, Problems::default()).await
}

/// "Firefox · Linux": enough to tell one's devices apart.
fn device(agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let browser = first(&[
        ("Firefox/", "Firefox"),
        ("Edg/", "Edge"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("coc_coc", "Cốc Cốc"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    let parts: Vec<_> = browser.into_iter().chain(system).collect();
    if parts.is_empty() { "?".into() } else { parts.join(" · ") }
}

async fn answer(
    app: &App,
    visit: Visit,
    token: Token,
    form: Option<Form>,
    problems: Problems,
) -> Result<Response, PageError> {
    let person = signed_in(&visit)?.clone();
    let now = app.store.now();
    let mut conn = app.store.read().await?;
    let sessions = sessions_of(&mut conn, person.id, now).await?;
    let has = has_password(&mut conn, person.id).await?;
    drop(conn);
    let catalogue = app.catalogue().await?;
    let shop = person.memberships.first().and_then(|(id, _)| catalogue.workshop(*id)).cloned();
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let saved = Form::of_query(&visit.query).has("saved");
    let typed = form.unwrap_or_default();
    let name = if typed.has("name") { typed.text("name").to_owned() } else { person.name.clone() };
    let language =
        if typed.has("language") { typed.text("language") } else { person.locale.code() };
    let language = language.to_owned();
    let inner = visit.clone();
    let title = t::account::title(locale);
    Ok(Page::new(Head::host(title)).status(status).render(&visit, move || {
        let saved = saved.then(|| {
            view! { <Notice tone=Tone::Good title=t::account::saved(locale)/> }
        });
        let languages =
            Locale::ALL.map(|each| (each.code().to_owned(), each.native_name().to_owned()));
        let body = view! {
            <header class="host-head">
                <div><h1>{title}</h1><p class="soft">{person.email.clone()}</p></div>
                <div class="cluster">
                    <form method="post" action=inner.link("/sign-out")>
                        <button class="btn">{icon("logout")} {t::account::sign_out(locale)}</button>
                    </form>
                </div>
            </header>
            {saved}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form panel" method="post" action=inner.link("/account")>
                <h2 class="panel-title">{t::account::you(locale)}</h2>
                <TextField locale name="name" label=t::account::name(locale) value=name
                    error=problems.of("name") autocomplete="name"/>
                <Select locale name="language" label=t::account::language(locale)
                    options=languages.to_vec() value=language/>
                <div><button class="btn btn-primary">{t::account::save(locale)}</button></div>
            </form>
            {password_form(&inner, has, &problems)}
            {session_list(&inner, &sessions, token.as_ref(), now)}
        };
        frame(&inner, shop.as_ref(), Tab::Account, body)
    }))
}

fn password_form(visit: &Visit, has: bool, problems: &Problems) -> impl IntoView + use<> {
    let locale = visit.locale;
    let field = |name: &'static str, label: &'static str, complete: &'static str, hint: String| {
        let wrong = problems.of(name);
        let described = if !wrong.is_empty() {
            Some(format!("{name}-error"))
        } else if !hint.is_empty() {
            Some(format!("{name}-hint"))
        } else {
            None
        };
        let invalid = (!wrong.is_empty()).then_some("true");
        view! {
            <div class="field">
                <label for=name>{label}</label>
                {(!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{name}-hint")>{hint}</p> })}
                <input class="input" id=name name=name type="password" autocomplete=complete
                    aria-invalid=invalid aria-describedby=described/>
                <FieldError id=name text=wrong/>
            </div>
        }
    };
    let current = has.then(|| {
        field(
            "current",
            t::account::password_now(locale),
            "current-password",
            t::account::password_forgotten(locale).to_owned(),
        )
    });
    let title =
        if has { t::account::password_change(locale) } else { t::account::password_set(locale) };
    let least = i64::try_from(MIN_PASSWORD).unwrap_or(i64::MAX);
    view! {
        <form class="form panel" method="post" action=visit.link("/account/password")>
            <h2 class="panel-title">{title}</h2>
            {current}
            {field("new", t::account::password_new(locale), "new-password",
                t::account::password_hint(locale, least))}
            <div><button class="btn">{title}</button></div>
        </form>
    }
}

fn session_list(
    visit: &Visit,
    sessions: &[Session],
    token: Option<&Extension<SessionToken>>,
    now: chrono::DateTime<chrono::Utc>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items: Vec<_> = sessions
        .iter()
        .map(|each| {
            let this = token.is_some_and(|token| each.is_of(&token.0.0));
            let day =
                format::relative_day(locale, local_date(each.last_seen_at), local_date(now));
            let seen = format::day_at(locale, day, each.last_seen_at);
            let end = if this {
                view! { <span class="badge" data-tone="celadon">{t::account::this_one(locale)}</span> }
                    .into_any()
            } else {
                view! {
                    <form method="post" action=visit.link("/account/session")>
                        <Hidden name="session" value=each.token_hash.clone()/>
                        <button class="btn btn-small">{t::account::end_session(locale)}</button>
                    </form>
                }
                .into_any()
            };
            view! {
                <li class="entry">
                    <div>
                        <h3 class="entry-title">{device(&each.user_agent)}</h3>
                        <p class="entry-text">{t::account::last_seen(locale, seen)}</p>
                    </div>
                    <div class="actions">{end}</div>
                </li>
            }
        })
        .collect();
    view! {
        <section class="panel" aria-labelledby="sessions">
            <h2 class="panel-title" id="sessions">{t::account::sessions(locale)}</h2>
            <ul class="entry-list">{items}</ul>
            <form method="post" action=visit.link("/account/sign-out-everywhere")>
                <button class="btn btn-danger">{icon("logout")} {t::account::everywhere(locale)}</button>
            </form>
        </section>
    }
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    token: Token,
    form: Form,
) -> Result<Response, PageError> {
    signed_in(&visit)?;
    let language = Locale::parse(form.text("language")).unwrap_or(visit.locale);
    let command = Introduce {
        actor: visit.actor.clone(),
        name: form.text("name").to_owned(),
        locale: language,
    };
    let done =
        app.store.write("introduce", command, |tx, command| Box::pin(introduce(tx, command))).await;
    match done {
        Ok(()) => Ok(see(&format!("/{language}/account?saved=1"))),
        Err(AccountError::Name) => {
            let mut problems = Problems::default();
            problems.add("name", t::account::name_wrong(visit.locale));
            answer(&app, visit, token, Some(form), problems).await
        }
        Err(error) => Err(account(error)),
    }
}

pub async fn password(
    State(app): State<App>,
    visit: Visit,
    token: Token,
    form: Form,
) -> Result<Response, PageError> {
    signed_in(&visit)?;
    let Some(Extension(SessionToken(key))) = token.clone() else {
        return Err(PageError::NotFound);
    };
    let (current, new) = (form.text("current").to_owned(), form.text("new").to_owned());
    let locale = visit.locale;
    let mut problems = Problems::default();
    let least = i64::try_from(MIN_PASSWORD).unwrap_or(i64::MAX);
    match set_own_password(&app.store, &key, current, new).await {
        Ok(()) => return Ok(see(&format!("{}?saved=1", visit.link("/account")))),
        Err(AccountError::WrongPassword) => {
            problems.add("current", t::account::password_now_wrong(locale));
        }
        Err(AccountError::PasswordTooShort) => {
            problems.add("new", t::account::password_short(locale, least));
        }
        Err(AccountError::PasswordTooLong) => {
            problems.add("new", t::account::password_long(locale));
        }
        Err(error) => return Err(account(error)),
    }
    answer(&app, visit, token, None, problems).await
}

pub async fn end_one(
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, PageError> {
    signed_in(&visit)?;
    let command =
        EndSession { actor: visit.actor.clone(), token_hash: form.text("session").to_owned() };
    app.store
        .write("end_session", command, |tx, command| Box::pin(end_session(tx, command)))
        .await
        .map_err(account)?;
    Ok(see(&format!("{}#sessions", visit.link("/account"))))
}

pub async fn everywhere(
    State(app): State<App>,
    visit: Visit,
    jar: CookieJar,
) -> Result<Response, PageError> {
    signed_in(&visit)?;
    app.store
        .write("sign_out_everywhere", visit.actor.clone(), |tx, actor| {
            Box::pin(session::sign_out_everywhere(tx, actor))
        })
        .await
        .map_err(account)?;
    let to = visit.link("/sign-in");
    Ok((jar.add(clear_cookie(&app.settings)), Redirect::to(&to)).into_response())
}

#[cfg(test)]
mod tests {
    use super::device;

    #[test]
    fn devices_are_named_as_people_do() {
        let phone =
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36";
        assert_eq!(device(phone), "Chrome · Android");
        assert_eq!(device("curl/8"), "?");
    }
}

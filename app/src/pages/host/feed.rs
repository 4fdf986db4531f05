//! The calendars of the workshop, its resources and its co-op as addresses for calendar programs.

use axum::extract::{Path, State};
use axum::response::Response;
use engine::feeds::{self, FeedError, Of, Renew};
use engine::{coop, resource};
use leptos::prelude::*;

use super::coop::may_manage;
use super::frame::{Desk, Tab, at, frame, see};
use super::resources::{Rights, words as resource_words};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::CopyLink;
use crate::render::Page;
use crate::t::feed as t;
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

impl From<FeedError> for PageError {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::Store(error) => error.into(),
            FeedError::Forbidden(_) | FeedError::Unknown => PageError::NotFound,
        }
    }
}

/// A calendar that the visitor may read.
struct Shown {
    of: Of,
    title: String,
    text: String,
    /// None where nobody asked for an address yet.
    url: Option<String>,
    /// The visitor may ask for another address.
    rules: bool,
}

/// The calendars on the page: the workshop's own first.
async fn all(app: &App, visit: &Visit, desk: &Desk) -> Result<Vec<Shown>, PageError> {
    let locale = visit.locale;
    let rights = Rights::of(app, visit, desk).await?;
    let mut conn = app.store.read().await?;
    let mut found = vec![(
        Of::Workshop(desk.id()),
        desk.workshop()?.name.clone(),
        t::secret(locale).to_owned(),
        desk.owner,
    )];
    if desk.owner
        && let Some(coop) = coop::of_workshop(&mut conn, desk.id()).await?
    {
        let manages = may_manage(&mut conn, visit, desk).await?.is_some();
        found.push((Of::Coop(coop.id), coop.name, t::coop_text(locale).to_owned(), manages));
    }
    let guides = engine::guide::of_workshop(&mut conn, desk.id()).await?;
    for it in resource::usable_by(&mut conn, desk.id()).await? {
        // Guides have a calendar with their own page.
        if it.active && !guides.iter().any(|guide| guide.id() == it.id) {
            let rules = rights.rules(it.owner());
            let title = resource_words::name(locale, &it).clone();
            found.push((Of::Resource(it.id), title, t::resource_text(locale).to_owned(), rules));
        }
    }
    let mut shown = Vec::with_capacity(found.len());
    for (of, title, text, rules) in found {
        let token = feeds::token_of(&mut conn, &visit.actor, of).await?;
        let url = token.map(|token| format!("{}{}", visit.base_url, of.feed().path(&token)));
        shown.push(Shown { of, title, text, url, rules });
    }
    Ok(shown)
}

/// What a form and a link on the page call a calendar.
pub fn anchor(of: Of) -> String {
    match of {
        Of::Workshop(_) => "feed".to_owned(),
        Of::Coop(_) => "coop".to_owned(),
        Of::Resource(id) => format!("r-{id}"),
    }
}

/// The addresses, with a way to copy each and to get another.
pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open(&app, &visit, &slug).await?;
    let shown = all(&app, &visit, &desk).await?;
    let shop = desk.workshop()?.clone();
    let renewed = Form::of_query(&visit.query).has("renewed");
    let locale = visit.locale;
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).with_islands().render(&visit, move || {
        let news = renewed.then(|| view! { <Notice tone=Tone::Good title=t::renewed(locale)/> });
        let action = at(&inner, &shop, "/feed");
        let panels: Vec<_> = shown.into_iter().map(|it| panel(locale, &action, it)).collect();
        let outside = desk.owner.then(|| {
            view! {
                <p><a href=at(&inner, &shop, "/calendars")>{crate::t::calendars::title(locale)}</a></p>
            }
        });
        let body = view! {
            <h1>{t::title(locale)}</h1>
            {news}
            <p>{t::how(locale)}</p>
            {panels}
            {outside}
        };
        frame(&inner, Some(&shop), Tab::More, body)
    }))
}

fn panel(locale: engine::Locale, action: &str, shown: Shown) -> impl IntoView + use<> {
    let Shown { of, title, text, url, rules } = shown;
    let name = anchor(of);
    let heading = format!("{name}-title");
    let titled = heading.clone();
    let first = url.is_none();
    let address = url.map(|url| {
        // Programs that know the scheme ask at once whether to subscribe.
        let subscribe = url.split_once("://").map(|(_, rest)| format!("webcal://{rest}"));
        view! {
            <CopyLink id=name.clone() label=t::address(locale).to_owned() url
                copy=t::copy(locale).to_owned() copied=t::copied(locale).to_owned()/>
            <p><a class="btn" href=subscribe>{icon("calendar")}{t::subscribe(locale)}</a></p>
        }
    });
    let renew = rules.then(|| {
        let form = |button: &'static str, class: &'static str, sign: &'static str| {
            view! {
                <form method="post" action=action.to_owned()>
                    <Hidden name="of" value=name.clone()/>
                    <button class=class>{icon(sign)}{button}</button>
                </form>
            }
        };
        if first {
            form(t::make(locale), "btn", "plus").into_any()
        } else {
            view! {
                <details>
                    <summary>{t::renew_title(locale)}</summary>
                    <div class="stack-s">
                        <p>{t::renew_hint(locale)}</p>
                        {form(t::renew(locale), "btn btn-danger", "refresh")}
                    </div>
                </details>
            }
            .into_any()
        }
    });
    let none = (first && !rules).then(|| view! { <p class="soft">{t::none_yet(locale)}</p> });
    view! {
        <section class="panel stack" id=format!("{name}-of") aria-labelledby=titled>
            <h2 class="panel-title" id=heading>{title}</h2>
            {address} {none}
            <p class="soft small">{text}</p>
            {renew}
        </section>
    }
}

/// Another address, or the first; the old one is dead at once.
pub async fn renew(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let asked = form.text("of").to_owned();
    let shown = all(&app, &visit, &desk).await?;
    let of = shown.iter().map(|it| it.of).find(|of| anchor(*of) == asked);
    let of = of.ok_or(PageError::NotFound)?;
    let command = Renew { actor: visit.actor.clone(), of };
    app.store.write("renew feed", command, |tx, c| Box::pin(feeds::renew(tx, c))).await?;
    let page = at(&visit, desk.workshop()?, "/feed");
    Ok(see(&format!("{page}?renewed=1#{}-of", anchor(of))))
}

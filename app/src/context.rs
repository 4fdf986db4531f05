//! What every page handler has at hand.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use engine::Locale;
use engine::accounts::Actor;
use engine::catalogue::{Catalogue, CatalogueCache};
use engine::mail::MailSettings;
use engine::outside::Outside;
use engine::privacy::Retention;
use engine::store::{Store, StoreError};

use crate::looks::Looks;
use crate::workers::Workers;

/// Settings of the site that pages and handlers need.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `https://langnghe.example`, without a trailing slash.
    pub base_url: String,
    /// Minutes for which seats are kept while a guest fills in the form.
    pub hold_minutes: i64,
    /// Cookies are marked Secure (the site is served over https).
    pub secure_cookies: bool,
    /// Mails are written to files and shown on `/mailbox`, because no SMTP server is set.
    pub mailbox: Option<std::path::PathBuf>,
}

/// The application: cheap to clone, given to every handler as axum state.
#[derive(Debug, Clone)]
pub struct App {
    pub store: Store,
    pub catalogue: CatalogueCache,
    pub settings: Arc<Settings>,
    /// How letters are sent; calendar entries name the same organizer. None in tests that
    /// need neither.
    pub mail: Option<Arc<MailSettings>>,
    /// Calls to addresses that people typed. None in tests that make none.
    pub outside: Option<Outside>,
    /// What the workers of this process did last.
    pub workers: Workers,
    /// How long things are kept, as the privacy page says.
    pub retention: Retention,
    /// Who looked at guests' data today, as far as this process knows.
    pub looks: Looks,
}

impl App {
    pub fn new(store: Store, settings: Settings) -> Self {
        let catalogue = CatalogueCache::new(store.clone());
        Self {
            catalogue,
            store,
            settings: Arc::new(settings),
            mail: None,
            outside: None,
            workers: Workers::default(),
            retention: Retention::default(),
            looks: Looks::default(),
        }
    }

    pub fn with_mail(mut self, mail: MailSettings) -> Self {
        self.mail = Some(Arc::new(mail));
        self
    }

    pub fn with_outside(mut self, outside: Outside) -> Self {
        self.outside = Some(outside);
        self
    }

    #[must_use]
    pub fn with_retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }

    pub async fn catalogue(&self) -> Result<Arc<Catalogue>, StoreError> {
        self.catalogue.get().await
    }
}

/// Value of `script-src 'nonce-…'` for this request, made by the server's middleware.
#[derive(Debug, Clone, Default)]
pub struct Nonce(pub String);

/// One request as a page sees it: language, address, who asks. An extractor; the language comes
/// from the first segment of the path, the actor from the session middleware.
#[derive(Debug, Clone)]
pub struct Visit {
    pub locale: Locale,
    /// Path without the language: `/tours/nan-gom`; empty on the home page.
    pub path: String,
    /// Whether the address names a language. The mailbox and unknown addresses do not: they have
    /// no sister page in another one.
    pub localised: bool,
    /// Query string without the question mark; may be empty.
    pub query: String,
    pub nonce: String,
    pub actor: Actor,
    pub base_url: String,
    /// On a host's pages, what waits for the workshop: looked up when the page opens, shown by the
    /// navigation.
    pub waiting: Arc<OnceLock<Waiting>>,
}

/// What waits for a workshop's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Groups that asked.
    pub groups: i64,
    /// Incoming transfers that a person has to look at; none for staff, who don't see money.
    pub transfers: i64,
}

impl Visit {
    /// The address of a page in the visitor's language: `link("/tours")` is `/vi/tours`.
    pub fn link(&self, path: &str) -> String {
        format!("/{}{path}", self.locale)
    }

    /// The same page in another language, or else that language's home page.
    pub fn in_locale(&self, locale: Locale) -> String {
        if !self.localised {
            return format!("/{locale}");
        }
        let mark = if self.query.is_empty() { "" } else { "?" };
        format!("/{locale}{}{mark}{}", self.path, self.query)
    }

    /// The full address of a page, for mails, Open Graph and structured data.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{}", self.base_url, self.link(path))
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let path = parts.uri.path();
        let (first, rest) = path[1..].split_once('/').unwrap_or((&path[1..], ""));
        let named = Locale::parse(first);
        let (locale, path) = match named {
            Some(locale) if rest.is_empty() => (locale, String::new()),
            Some(locale) => (locale, format!("/{rest}")),
            None => (Locale::default(), path.to_owned()),
        };
        Ok(Self {
            locale,
            path,
            localised: named.is_some(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            nonce: parts.extensions.get::<Nonce>().cloned().unwrap_or_default().0,
            actor: parts.extensions.get::<Actor>().cloned().unwrap_or(Actor::Guest),
            base_url: app.settings.base_url.clone(),
            waiting: Arc::default(),
        })
    }
}

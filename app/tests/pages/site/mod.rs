//! A site with the demo catalogue on SQLite, and somebody of each role signed in.

use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::Duration;

use app::context::{App, Settings};
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use engine::accounts::{Role, ensure_person, grant, set_admin, set_password_hash};
use engine::booking::desk::{Caller, TakeCall, take_call};
use engine::booking::{Booking, query};
use engine::mail::{MailSettings, Route};
use engine::outside::Outside;
use engine::schedule::{Slot, generate_workshop};
use engine::store::testing::Prepared;
use engine::store::{Store, StoreError};
use engine::{Locale, WorkshopId, params};
use scraper::{Html, Selector};
use tower::ServiceExt;

pub const PASSWORD: &str = "bat-trang-2026";
/// Where the site stands in most tests.
pub const BASE: &str = "http://localhost";
/// An answer that takes longer is none.
const PATIENCE: Duration = Duration::from_secs(20);
/// The workshop of `staff` and `owner`.
pub const SHOP: &str = "gom-minh-hai";
/// The workshop of `stranger`.
pub const OTHER: &str = "nha-gom-cam-van";

pub struct Site {
    pub router: axum::Router,
    pub store: Store,
    pub app: App,
    hash: String,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub cookie: String,
    pub tag: String,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn page(&self) -> Html {
        Html::parse_document(&self.body)
    }
    pub fn count(&self, selector: &str) -> usize {
        self.page().select(&Selector::parse(selector).unwrap()).count()
    }
    pub fn text(&self, selector: &str) -> String {
        let page = self.page();
        page.select(&Selector::parse(selector).unwrap()).flat_map(|e| e.text()).collect()
    }
    pub fn attr(&self, selector: &str, name: &str) -> String {
        let page = self.page();
        let found = page.select(&Selector::parse(selector).unwrap()).next();
        assert!(found.is_some(), "no {selector} in {}", self.body);
        found.unwrap().attr(name).unwrap_or_default().to_owned()
    }
    pub fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// What a form that may carry files ends with.
pub const END: &str = "--x--\r\n";

/// A form's fields as browsers send them where it may carry files.
pub fn multipart(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        write!(body, "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            .unwrap();
    }
    body + END
}

/// Of the password of everybody in the demo.
static HASH: LazyLock<String> =
    LazyLock::new(|| engine::accounts::hash_password(PASSWORD).unwrap());

impl Site {
    /// With the slots of the workshop [`SHOP`].
    pub async fn open() -> Site {
        let site = Site::without_slots(BASE).await;
        let command = (site.app.catalogue().await.unwrap(), site.workshop(SHOP).await);
        site.store
            .write("slots", command, |tx, (catalogue, workshop)| {
                Box::pin(async move { generate_workshop(tx, &catalogue, workshop, 60).await })
            })
            .await
            .unwrap();
        site
    }

    pub async fn without_slots(base_url: &str) -> Site {
        static SEEDED: Prepared = Prepared::new();
        let hash = HASH.clone();
        let seed = async |store: &Store| {
            store
                .write("seed", HASH.clone(), |tx, hash| {
                    Box::pin(async move { engine::catalogue::demo::seed(tx, &hash).await })
                })
                .await
                .unwrap();
        };
        let store = SEEDED.copy(seed).await;
        Site::of(store, hash, base_url)
    }

    /// With the whole demo: slots, bookings, a year behind it.
    pub async fn lived_in() -> Site {
        static LIVED_IN: Prepared = Prepared::new();
        let live = async |store: &Store| {
            engine::catalogue::demo::fill(store, &HASH).await.unwrap();
            engine::catalogue::demo::book(store).await.unwrap();
        };
        let (store, hash) = (LIVED_IN.copy(live).await, HASH.clone());
        Site::of(store, hash, BASE)
    }

    fn of(store: Store, hash: String, base_url: &str) -> Site {
        let settings = Settings {
            base_url: base_url.into(),
            hold_minutes: 15,
            secure_cookies: false,
            mailbox: None,
        };
        let mail = MailSettings {
            base_url: base_url.into(),
            from: "bookings@localhost.example".parse().unwrap(),
            from_name: "Làng Nghề".into(),
            route: Route::Files(std::env::temp_dir()),
        };
        // Servers of the tests stand on this machine.
        let outside = Outside::new(true, "test").unwrap();
        let app = App::new(store.clone(), settings).with_mail(mail).with_outside(outside);
        Site { router: app::router::router(app.clone()), store, app, hash }
    }

    /// The same site with other settings.
    pub fn with(self, settings: Settings) -> Site {
        let app = App::new(self.store.clone(), settings);
        Site { router: app::router::router(app.clone()), app, ..self }
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self.router.clone().oneshot(request);
        let response = tokio::time::timeout(PATIENCE, answer).await.unwrap().unwrap();
        let text = |name| {
            let value = response.headers().get(name);
            value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
        };
        let (location, cookie) = (text(header::LOCATION), text(header::SET_COOKIE));
        let tag = text(header::ETAG);
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status, location, cookie, tag, headers, body, bytes }
    }

    pub async fn ask(&self, method: Method, path: &str, cookie: &str, body: String) -> Answer {
        let kind = if body.starts_with("--x") {
            "multipart/form-data; boundary=x"
        } else {
            "application/x-www-form-urlencoded"
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header(header::CONTENT_TYPE, kind);
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn get(&self, path: &str, cookie: &str) -> Answer {
        self.ask(Method::GET, path, cookie, String::new()).await
    }

    pub async fn post(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
        let body = serde_html_form::to_string(fields).unwrap();
        self.ask(Method::POST, path, cookie, body).await
    }

    /// Sends a form that must lead on; answers where to.
    pub async fn goes(&self, path: &str, cookie: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.post(path, cookie, fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.location
    }

    /// Signs in with [`PASSWORD`], which the demo's people have too; the cookie.
    pub async fn sign_in(&self, email: &str) -> String {
        let fields = [("email", email), ("password", PASSWORD)];
        let answer = self.post("/vi/sign-in", "", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        answer.cookie
    }

    pub async fn workshop(&self, slug: &str) -> WorkshopId {
        self.app.catalogue().await.unwrap().workshop_by_slug(slug).unwrap().id
    }

    /// Signs in somebody new with this role in a workshop, or an admin of none; the cookie.
    pub async fn person(&self, role: Option<(Role, &str)>) -> String {
        let email = format!("{}@example.com", uuid::Uuid::now_v7());
        let workshop = match role {
            Some((role, slug)) => Some((role, self.workshop(slug).await)),
            None => None,
        };
        let command = (email.clone(), self.hash.clone(), workshop);
        self.store
            .write("person", command, |tx, (email, hash, workshop)| {
                Box::pin(async move {
                    let id = ensure_person(tx, &email, "Cô Ba").await?;
                    set_password_hash(tx, id, &hash).await?;
                    match workshop {
                        Some((role, workshop)) => grant(tx, id, workshop, role).await?,
                        None => set_admin(tx, id, true).await?,
                    }
                    Ok::<_, StoreError>(())
                })
            })
            .await
            .unwrap();
        self.sign_in(&email).await
    }

    pub async fn owner(&self) -> String {
        self.person(Some((Role::Owner, SHOP))).await
    }

    /// The first slot of the workshop that starts at least so many days ahead.
    pub async fn slot(&self, days: i64) -> Slot {
        let workshop = self.workshop(SHOP).await;
        let mut conn = self.store.read().await.unwrap();
        conn.fetch_one(
            "SELECT * FROM slot WHERE workshop_id = $1 AND starts_at > $2 AND taken = 0 \
             AND status = 'open' ORDER BY starts_at LIMIT 1",
            params![workshop, self.store.now() + chrono::TimeDelta::days(days)],
        )
        .await
        .unwrap()
    }

    /// The same of a tour whose departures guests share.
    pub async fn shared_slot(&self, days: i64) -> Slot {
        let mut conn = self.store.read().await.unwrap();
        conn.fetch_one(
            "SELECT slot.* FROM slot JOIN tour ON tour.id = slot.tour_id \
             WHERE tour.slug = 'nan-gom-ban-xoay' AND slot.starts_at > $1 AND slot.taken = 0 \
             AND slot.status = 'open' ORDER BY slot.starts_at LIMIT 1",
            params![self.store.now() + chrono::TimeDelta::days(days)],
        )
        .await
        .unwrap()
    }

    /// Two adults who called, in a slot.
    pub async fn booked(&self, slot: &Slot, name: &str) -> Booking {
        let catalogue = self.app.catalogue().await.unwrap();
        let (_, option) = catalogue.option(slot.option_id).unwrap();
        let adult = option.open_units().next().unwrap().id;
        let call = TakeCall {
            catalogue,
            actor: engine::accounts::Actor::System,
            slot: slot.id,
            wanted: vec![(adult, 2)],
            caller: Caller::parse(name, "0912345678", "tu@example.com", "").unwrap(),
            locale: Locale::Vi,
            over: false,
            form_key: uuid::Uuid::now_v7().to_string(),
        };
        self.store.write("call", call, |tx, c| Box::pin(take_call(tx, c))).await.unwrap()
    }

    pub async fn again(&self, booking: &Booking) -> Booking {
        let mut conn = self.store.read().await.unwrap();
        query::by_id(&mut conn, booking.id).await.unwrap().unwrap()
    }

    pub async fn slot_now(&self, slot: &Slot) -> Slot {
        let mut conn = self.store.read().await.unwrap();
        engine::schedule::slots::find(&mut conn, slot.id).await.unwrap().unwrap()
    }
}

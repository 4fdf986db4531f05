//! What every host page stands in: who asks, for which workshop, header and navigation.

use std::sync::Arc;

use axum::response::{IntoResponse, Redirect, Response};
use engine::accounts::{Actor, Person};
use engine::booking::enquiry;
use engine::catalogue::{Catalogue, Sharing, TourOption, Workshop};
use engine::{Locale, OptionId, WorkshopId, payment};
use leptos::prelude::*;

use crate::assets;
use crate::context::{App, Visit, Waiting};
use crate::error::PageError;
use crate::t;
use crate::ui::header::language_menu;
use crate::ui::icon::icon;
use crate::ui::money::refused;

/// The parts of a host's pages, as the navigation lists them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Day,
    Week,
    Month,
    Tours,
    More,
    /// Reached by the button in the header, from everywhere.
    Scan,
    Enquiries,
    /// Opening rules and closures; owners only.
    Schedule,
    /// Where products come from.
    Lots,
    /// Owners only.
    Coop,
    /// What visits brought in and who gets it; owners only.
    Money,
    /// The person's own account; no tab of a workshop.
    Account,
}

/// A workshop that the visitor may serve. A stranger learns nothing of it: not found.
#[derive(Debug, Clone)]
pub struct Desk {
    pub catalogue: Arc<Catalogue>,
    workshop: WorkshopId,
    /// Edits tours, rules, people; staff do not.
    pub owner: bool,
    /// Guests see the tour that is open in its editor, but it has no departure ahead.
    pub unopened: bool,
}

impl Desk {
    /// Opens the workshop's pages; who is not signed in is asked to.
    pub async fn open(app: &App, visit: &Visit, slug: &str) -> Result<Desk, PageError> {
        signed_in(visit)?;
        let catalogue = app.catalogue().await?;
        let workshop = catalogue.workshop_by_slug(slug).ok_or(PageError::NotFound)?.id;
        visit.actor.must_serve(workshop).map_err(|_| PageError::NotFound)?;
        let owner = visit.actor.must_own(workshop).is_ok();
        let mut conn = app.store.read().await?;
        let groups = enquiry::waiting(&mut conn, workshop).await?;
        let transfers = if owner {
            payment::waiting(&mut conn, &visit.actor, workshop).await.map_err(refused)?
        } else {
            0
        };
        drop(conn);
        let _ = visit.waiting.set(Waiting { groups, transfers });
        Ok(Desk { catalogue, workshop, owner, unopened: false })
    }

    /// The same for pages that only an owner sees.
    pub async fn open_as_owner(app: &App, visit: &Visit, slug: &str) -> Result<Desk, PageError> {
        let desk = Desk::open(app, visit, slug).await?;
        if desk.owner { Ok(desk) } else { Err(PageError::NotFound) }
    }

    pub fn workshop(&self) -> Result<&Workshop, PageError> {
        self.catalogue.workshop(self.workshop).ok_or(PageError::NotFound)
    }

    /// The workshop's options as a form's choices: id, and the names of tour and option.
    pub fn option_choices(
        &self,
        locale: Locale,
        offered: impl Fn(&TourOption) -> bool,
    ) -> Vec<(String, String)> {
        self.catalogue
            .all_tours_of(self.workshop)
            .flat_map(|tour| tour.options.iter().map(move |option| (tour, option)))
            .filter(|(_, option)| offered(option))
            .map(|(tour, option)| {
                let name = format!("{} · {}", tour.title.text(locale), option.title.text(locale));
                (option.id.to_string(), name)
            })
            .collect()
    }

    /// Whether an option is a course's, whose runs are planned with all their sessions.
    pub fn is_course(&self, option: OptionId) -> bool {
        self.catalogue.option(option).is_some_and(|(tour, _)| tour.course.is_some())
    }

    /// Whether guests share its departures; a departure for one party alone can't be kept in part.
    pub fn is_shared(&self, option: OptionId) -> bool {
        let tour = self.catalogue.option(option).map(|(tour, _)| tour);
        tour.is_some_and(|tour| tour.sharing == Sharing::Shared && tour.course.is_none())
    }

    pub const fn id(&self) -> WorkshopId {
        self.workshop
    }
}

/// The person who asks; a guest is sent to sign in and comes back after.
pub fn signed_in(visit: &Visit) -> Result<&Person, PageError> {
    match &visit.actor {
        Actor::Person(person) => Ok(person),
        Actor::Guest | Actor::Reseller(_) | Actor::System => {
            let next = serde_html_form::to_string([("next", visit.link(&visit.path))]);
            let next = next.unwrap_or_default();
            Err(PageError::SignIn(format!("{}?{next}", visit.link("/sign-in"))))
        }
    }
}

/// Answers a form that was taken: 303.
pub fn see(address: &str) -> Response {
    Redirect::to(address).into_response()
}

/// The address of a workshop's page: `at(&visit, workshop, "/tours")`.
pub fn at(visit: &Visit, workshop: &Workshop, sub: &str) -> String {
    visit.link(&format!("/host/{}{sub}", workshop.slug))
}

/// Header, navigation and `<main>` around a host's page. Without a workshop (account, office)
/// the navigation is absent.
pub fn frame<V: IntoView>(
    visit: &Visit,
    workshop: Option<&Workshop>,
    tab: Tab,
    body: V,
) -> impl IntoView + use<V> {
    let locale = visit.locale;
    let name = workshop.map_or_else(|| t::site::name(locale).to_owned(), |shop| shop.name.clone());
    let home = workshop.map_or_else(|| visit.link("/host"), |shop| at(visit, shop, ""));
    let tabs = workshop.map(|shop| {
        let tabs = [
            (Tab::Day, "", "list", t::account::tab_day(locale)),
            (Tab::Week, "/week", "week", t::account::tab_week(locale)),
            (Tab::Month, "/month", "calendar", t::account::tab_month(locale)),
            (Tab::Enquiries, "/enquiries", "message", t::enquiry::host_tab(locale)),
            (Tab::Tours, "/tours", "pot", t::account::tab_tours(locale)),
            (Tab::Schedule, "/schedule", "clock", t::schedule::tab(locale)),
            (Tab::Lots, "/lots", "qr", t::provenance::host_title(locale)),
            (Tab::Coop, "/coop", "share", t::coop::tab(locale)),
            (Tab::Money, "/money", "money", t::money::tab(locale)),
            (Tab::More, "/more", "more", t::account::tab_more(locale)),
        ];
        let owner = visit.actor.must_own(shop.id).is_ok();
        let items: Vec<_> = tabs
            .into_iter()
            .filter(|(each, ..)| owner || !only_owners(*each))
            .map(|(each, sub, sign, words)| {
                let here = (each == tab).then_some("page");
                let wide = (only_owners(each) || each == Tab::Lots).then_some("wide-only");
                let count = match each {
                    Tab::Enquiries => waiting_groups(visit),
                    Tab::Money => waiting_transfers(visit),
                    _ => None,
                };
                view! { <li class=wide><a href=at(visit, shop, sub) aria-current=here>{icon(sign)}{words}{count}</a></li> }
            })
            .collect();
        view! { <nav class="host-nav" aria-label=t::account::navigation(locale)><ul>{items}</ul></nav> }
    });
    let scan = workshop.map(|shop| {
        let here = (tab == Tab::Scan).then_some("page");
        view! {
            <a
                class="header-button"
                href=at(visit, shop, "/scan")
                aria-label=t::host::scan(locale)
                aria-current=here
            >
                {icon("qr")}
            </a>
        }
    });
    let (admin, several) = match &visit.actor {
        Actor::Person(person) => (person.admin, person.admin || person.memberships.len() > 1),
        Actor::Guest | Actor::Reseller(_) | Actor::System => (false, false),
    };
    let others = (several && workshop.is_some()).then(|| {
        view! {
            <a class="header-link" href=visit.link("/host") aria-label=t::account::other_workshop(locale)>
                {icon("home")}<span class="header-words">{t::account::other_workshop(locale)}</span>
            </a>
        }
    });
    let office = admin.then(|| {
        view! {
            <a class="header-link" href=visit.link("/office") aria-label=t::office::title(locale)>
                {icon("settings")}<span class="header-words">{t::office::title(locale)}</span>
            </a>
        }
    });
    // On a phone the last tab leads there.
    let account = if workshop.is_some() { "header-button wide-only" } else { "header-button" };
    let languages = language_menu(visit);
    view! {
        <header class="site-header">
            <div class="wrap-wide site-header-row">
                <a class="brand" href=home>
                    <img class="brand-mark" src=assets::url("logo.svg") alt="" width="36" height="36"/>
                    <span class="brand-name">{name}</span>
                </a>
                {scan} {others} {office} {languages}
                <a class=account href=visit.link("/account") aria-label=t::site::account(locale)>
                    {icon("user")}
                </a>
            </div>
        </header>
        <div class="host-shell">
            {tabs}
            <main class="host-main" id="main" tabindex="-1">{body}</main>
        </div>
    }
}

/// Parts that owners see, in the navigation where there is room for them.
const fn only_owners(tab: Tab) -> bool {
    matches!(tab, Tab::Schedule | Tab::Coop | Tab::Money)
}

fn waiting_groups(visit: &Visit) -> Option<AnyView> {
    let n = visit.waiting.get()?.groups;
    count(n, t::enquiry::host_waiting(visit.locale, n))
}

pub fn waiting_transfers(visit: &Visit) -> Option<AnyView> {
    let n = visit.waiting.get()?.transfers;
    count(n, t::payment::host_waiting(visit.locale, n))
}

/// How many wait: a number for the eye, words for a screen reader.
fn count(n: i64, words: String) -> Option<AnyView> {
    (n > 0).then(|| {
        view! {
            <span class="count" aria-hidden="true">{n.to_string()}</span>
            <span class="visually-hidden">" "{words}</span>
        }
        .into_any()
    })
}

//! Top of every visitor's page.

use engine::Locale;
use engine::accounts::Actor;
use leptos::prelude::*;

use super::icon::icon;
use crate::assets;
use crate::context::Visit;
use crate::t;

#[component]
pub fn SiteHeader(visit: Visit) -> impl IntoView {
    let locale = visit.locale;
    let mut links = vec![
        ("/tours", t::site::tours(locale)),
        ("/villages", t::site::villages(locale)),
        ("/passes", t::pass::nav(locale)),
        ("/shop", t::shop::nav(locale)),
        ("/find", t::site::find_booking(locale)),
    ];
    match &visit.actor {
        Actor::Person(person) if person.admin => {
            links.push(("/host", t::site::my_workshops(locale)));
        }
        Actor::Person(_) => links.push(("/host", t::site::my_workshops(locale))),
        Actor::Guest | Actor::Reseller(_) | Actor::System => {
            links.push(("/sign-in", t::site::hosts(locale)));
        }
    }
    let signed_in = matches!(visit.actor, Actor::Person(_));
    let items = links
        .into_iter()
        .map(|(path, name)| {
            let here = visit.path == path;
            view! { <li><a href=visit.link(path) aria-current=here.then_some("page")>{name}</a></li> }
        })
        .collect_view();
    let account = signed_in.then(|| {
        view! {
            <a class="header-button" href=visit.link("/account") aria-label=t::site::account(locale)>
                {icon("user")}
            </a>
        }
    });
    view! {
        <header class="site-header">
            <div class="wrap site-header-row">
                {brand(&visit)}
                <nav class="site-nav" id="site-nav" popover aria-label=t::site::main_menu(locale)>
                    <ul>{items}</ul>
                </nav>
                {account}
                {language_menu(&visit)}
                <button
                    class="header-button menu-button"
                    type="button"
                    popovertarget="site-nav"
                    aria-label=t::site::menu(locale)
                >
                    {icon("menu")}
                </button>
            </div>
        </header>
    }
}

/// Logo and name, leading home.
pub fn brand(visit: &Visit) -> impl IntoView + use<> {
    view! {
        <a class="brand" href=visit.link("")>
            <img class="brand-mark" src=assets::url("logo.svg") alt="" width="36" height="36"/>
            {t::site::name(visit.locale)}
        </a>
    }
}

/// A menu of the languages, each leading to this page in it. Opened and closed by the browser itself.
pub fn language_menu(visit: &Visit) -> impl IntoView + use<> {
    let locale = visit.locale;
    let items = Locale::ALL
        .map(|other| {
            let here = (other == locale).then_some("true");
            view! {
                <li>
                    <a
                        href=visit.in_locale(other)
                        hreflang=other.tag()
                        lang=other.tag()
                        aria-current=here
                    >
                        {other.native_name()}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="languages">
            <summary class="header-link">
                {icon("language")}
                <span class="visually-hidden">{t::language::menu(locale)} " "</span>
                <span class="languages-name">{locale.native_name()}</span>
                <span class="languages-code" aria-hidden="true">{locale.code()}</span>
            </summary>
            <ul>{items}</ul>
        </details>
    }
}

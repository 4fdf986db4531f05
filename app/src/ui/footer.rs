//! Foot of every visitor's page: what the law wants said, and the ways that nobody looks for above.

use leptos::prelude::*;

use crate::context::Visit;
use crate::{assets, operator, t};

#[component]
pub fn SiteFooter(visit: Visit) -> impl IntoView {
    let locale = visit.locale;
    let link =
        |path: &str, name: &'static str| view! { <li><a href=visit.link(path)>{name}</a></li> };
    let operator = operator::get().map(|operator| {
        let words = t::site::footer_operator(locale, &operator.address, &operator.legal_name);
        view! { <p>{words}</p> }
    });
    view! {
        <footer class="site-footer">
            <div class="wrap">
                <div class="site-footer-grid">
                    <div class="site-footer-about stack-s">
                        <p class="brand">
                            <img class="brand-mark" src=assets::url("logo.svg") alt="" width="36" height="36"/>
                            {t::site::name(locale)}
                        </p>
                        <p>{t::site::footer_about(locale)}</p>
                    </div>
                    <nav aria-labelledby="foot-visit">
                        <h2 id="foot-visit">{t::site::footer_visit(locale)}</h2>
                        <ul>
                            {link("/tours", t::site::tours(locale))}
                            {link("/villages", t::site::footer_villages(locale))}
                            {link("/events", t::event::title(locale))}
                            {link("/passes", t::pass::nav(locale))}
                            {link("/placements", t::partner::placements(locale))}
                            {link("/shop", t::shop::title(locale))}
                            {link("/about", t::site::footer_about_link(locale))}
                        </ul>
                    </nav>
                    <nav aria-labelledby="foot-help">
                        <h2 id="foot-help">{t::site::footer_help(locale)}</h2>
                        <ul>
                            {link("/find", t::site::footer_find(locale))}
                            {link("/verify", t::provenance::verify_title(locale))}
                            {link("/terms#cancel", t::site::footer_cancel(locale))}
                            {link("/terms", t::site::footer_terms(locale))}
                            {link("/privacy", t::site::footer_privacy(locale))}
                            {link("/my-data", t::privacy::title(locale))}
                            {link("/reviews", t::review::rules_link(locale))}
                        </ul>
                    </nav>
                    <nav aria-labelledby="foot-host">
                        <h2 id="foot-host">{t::site::footer_hosts(locale)}</h2>
                        <ul>
                            {link("/sign-in", t::site::footer_sign_in(locale))}
                            {link("/about#source", t::site::footer_source(locale))}
                        </ul>
                    </nav>
                </div>
                <div class="site-footer-end">
                    {operator}
                    <p>{t::site::footer_prices(locale)}</p>
                    <p>{t::site::footer_time(locale)}</p>
                </div>
            </div>
        </footer>
    }
}

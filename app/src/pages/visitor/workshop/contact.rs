//! How to reach a workshop, and who answers for it.

use engine::Locale;
use engine::catalogue::{Point, Workshop};
use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::map::point_map;
use crate::ui::prose::{foreign, own, paragraphs};
use crate::ui::story::under;

/// `member`: a row that names its co-op; `links`: what else one may ask it for.
pub fn panel(
    visit: &Visit,
    workshop: &Workshop,
    member: Option<AnyView>,
    links: Vec<Option<AnyView>>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    view! {
        <section class="panel" aria-labelledby="contact-title">
            <h2 class="panel-title" id="contact-title">{t::catalogue::contact(locale)}</h2>
            {point_map(
                workshop.address.text(locale),
                Point { lat: workshop.lat, lon: workshop.lon },
            )}
            <dl class="pairs">
                <div>
                    <dt>{t::catalogue::address(locale)}</dt>
                    <dd>{own(&workshop.address, locale)}</dd>
                </div>
                <div>
                    <dt>{t::catalogue::phone(locale)}</dt>
                    <dd>
                        <a href=format!("tel:{}", workshop.phone)>
                            {format::phone(&workshop.phone)}
                        </a>
                    </dd>
                </div>
                <div>
                    <dt>{t::catalogue::languages(locale)}</dt>
                    <dd>{format::languages(locale, &workshop.languages)}</dd>
                </div>
                {member} {seller(locale, workshop)}
            </dl>
            {open_in_maps(locale, workshop.lat, workshop.lon)}
            {links}
        </section>
    }
}

/// The way there as the workshop tells it; nothing where it tells none.
pub fn ways(visit: &Visit, ways: &[engine::story::Chapter]) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    (!ways.is_empty()).then(|| {
        let words: Vec<_> = ways.iter().map(|way| under(visit, way, "go-title")).collect();
        view! {
            <section class="story-part" aria-labelledby="go-title">
                <h2 id="go-title">{t::catalogue::getting_there(locale)}</h2>
                {words}
            </section>
        }
    })
}

pub fn access(visit: &Visit, workshop: &Workshop) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    (!workshop.accessibility.text(locale).is_empty()).then(|| {
        view! {
            <section class="story-part" aria-labelledby="access-title">
                <h2 id="access-title">{t::catalogue::accessibility(locale)}</h2>
                <div class="story-text" lang=foreign(&workshop.accessibility, locale)>
                    {paragraphs(workshop.accessibility.text(locale))}
                </div>
            </section>
        }
    })
}

/// Who sells, as the law wants it said on each offer: rows of a `<dl>`.
pub fn seller(locale: Locale, workshop: &Workshop) -> impl IntoView + use<> {
    let tax = (!workshop.tax_code.is_empty()).then(|| {
        view! {
            <div>
                <dt>{t::catalogue::tax_code(locale)}</dt>
                <dd>{workshop.tax_code.clone()}</dd>
            </div>
        }
    });
    view! {
        <div>
            <dt>{t::catalogue::seller(locale)}</dt>
            <dd>{workshop.legal_name.clone()}</dd>
        </div>
        <div>
            <dt>{t::catalogue::legal_form(locale)}</dt>
            <dd>{format::legal_form(locale, workshop.legal_form)}</dd>
        </div>
        {tax}
        <div>
            <dt>{t::catalogue::email(locale)}</dt>
            <dd><a href=format!("mailto:{}", workshop.email)>{workshop.email.clone()}</a></dd>
        </div>
    }
}

/// A link to the open map of the world, which a phone may offer to open in its own app.
pub fn open_in_maps(locale: Locale, lat: f64, lon: f64) -> impl IntoView {
    let href = format!("https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=17/{lat}/{lon}");
    view! {
        <a class="btn btn-wide" href=href rel="external noopener">
            {icon("pin")}
            {t::catalogue::open_map(locale)}
        </a>
    }
}

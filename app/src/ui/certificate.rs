//! A certificate as it hangs on a wall: one A4 leaf, lying.

use engine::course::Certificate;
use leptos::prelude::*;

use super::format;
use super::prose::own;
use crate::context::Visit;
use crate::{Locale, assets, t};

/// The address that proves it, in the language of the page.
pub fn proof(visit: &Visit, certificate: &Certificate) -> String {
    visit.absolute(&format!("/certificates/{}", certificate.code))
}

/// "17 giờ 30 phút".
pub fn hours(locale: Locale, minutes: i32) -> String {
    let hours = t::course::hours(locale, i64::from(minutes / 60));
    match minutes % 60 {
        0 => hours,
        rest => format!("{hours} {}", format::duration(locale, rest)),
    }
}

pub fn leaf(visit: &Visit, certificate: &Certificate) -> impl IntoView + use<> {
    let locale = visit.locale;
    let address = proof(visit, certificate);
    let says = t::course::certificate_qr(locale, certificate.label());
    let qr = engine::qr::svg(&address, "qr-code", &says).ok();
    let qr = qr.map(|svg| view! { <div class="leaf-qr" inner_html=svg></div> });
    let skills = certificate.skills.text(locale).to_owned();
    let skills = (!skills.is_empty()).then(|| view! { <p class="leaf-skills">{skills}</p> });
    let born = certificate.born.map(|year| {
        view! { <p class="leaf-born">{t::course::born_in(locale, year)}</p> }
    });
    let dates = if certificate.first_date == certificate.last_date {
        format::date_of_paper(locale, certificate.first_date)
    } else {
        t::course::from_to(
            locale,
            format::date_of_paper(locale, certificate.first_date),
            format::date_of_paper(locale, certificate.last_date),
        )
    };
    let length = t::course::attended_hours(
        locale,
        hours(locale, certificate.minutes),
        i64::from(certificate.attended),
    );
    let place = t::course::place_and_date(
        locale,
        format::date_of_paper(locale, certificate.issued_on),
        certificate.village.text(locale),
    );
    let gone = (!certificate.is_valid()).then(|| {
        view! { <p class="leaf-void">{t::course::withdrawn(locale)}</p> }
    });
    view! {
        <article class="leaf" lang=locale.tag()>
            <div class="leaf-frame">
                <header class="leaf-head">
                    <img src=assets::url("logo.svg") alt="" width="44" height="44"/>
                    <p>{certificate.workshop.clone()}<br/><span>{own(&certificate.village, locale)}</span></p>
                </header>
                <p class="leaf-kicker">{t::course::certificate(locale)}</p>
                <p class="leaf-line">{t::course::certifies(locale)}</p>
                <h2 class="leaf-name">{certificate.name.clone()}</h2>
                {born}
                <p class="leaf-line">{t::course::has_completed(locale)}</p>
                <p class="leaf-course">{own(&certificate.course, locale)}</p>
                {skills}
                <p class="leaf-line">{format::sentence(&dates)} " · " {length}</p>
                <footer class="leaf-foot">
                    <div class="leaf-proof">
                        {qr}
                        <p>
                            {t::course::number(locale)} " " <b>{certificate.label()}</b><br/>
                            {t::course::check_at(locale)}<br/>
                            <span class="leaf-code">{certificate.spoken_code()}</span>
                        </p>
                    </div>
                    <div class="leaf-sign">
                        <p>{place}</p>
                        <p class="leaf-signature">{certificate.issued_by.clone()}</p>
                        <p>{t::course::for_workshop(locale)}</p>
                    </div>
                </footer>
                {gone}
            </div>
        </article>
    }
}

//! Partners, designs and applications in words, wherever they are shown.

use engine::Locale;
use engine::partner::{
    Applicant, ApplicantKind, ApplicantState, Design, Field, Licence, Partner, PartnerKind,
    PartnerState, SharedWith, Wrong, Wrongs,
};
use leptos::prelude::*;

use crate::api::form::Problems;
use crate::context::Visit;
use crate::t::partner as t;
use crate::ui::prose::{foreign, own};

pub fn kind(locale: Locale, kind: PartnerKind) -> &'static str {
    match kind {
        PartnerKind::School => t::kind_school(locale),
        PartnerKind::Designer => t::kind_designer(locale),
        PartnerKind::Institute => t::kind_institute(locale),
    }
}

pub fn partner_state(locale: Locale, state: PartnerState) -> impl IntoView + use<> {
    let (tone, words) = match state {
        PartnerState::Asked => ("silk", t::state_asked(locale)),
        PartnerState::Agreed => ("celadon", t::state_agreed(locale)),
        PartnerState::Declined => ("lacquer", t::state_declined(locale)),
        PartnerState::Ended => ("silk", t::state_ended(locale)),
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

/// How an application stands, in one or two words.
pub fn state_words(locale: Locale, it: &Applicant) -> &'static str {
    match (it.state, it.kind) {
        (ApplicantState::New, _) => t::applied_new(locale),
        (ApplicantState::Invited, _) => t::applied_invited(locale),
        (ApplicantState::Accepted, ApplicantKind::Placement) => t::applied_accepted(locale),
        (ApplicantState::Accepted, ApplicantKind::Study) => t::applied_agreed(locale),
        (ApplicantState::Declined, _) => t::applied_declined(locale),
        (ApplicantState::Withdrawn, _) => t::applied_withdrawn(locale),
    }
}

pub fn state_badge(locale: Locale, it: &Applicant) -> impl IntoView + use<> {
    let tone = match it.state {
        ApplicantState::New => "indigo",
        ApplicantState::Invited | ApplicantState::Withdrawn => "silk",
        ApplicantState::Accepted => "celadon",
        ApplicantState::Declined => "lacquer",
    };
    view! { <span class="badge" data-tone=tone>{state_words(locale, it)}</span> }
}

pub fn licence_name(locale: Locale, licence: Licence) -> &'static str {
    match licence {
        Licence::Agreement => t::licence_agreement(locale),
        Licence::CcBy => t::licence_cc_by(locale),
        Licence::CcBySa => t::licence_cc_by_sa(locale),
        Licence::CcByNc => t::licence_cc_by_nc(locale),
        Licence::Own => t::licence_own(locale),
    }
}

pub fn shared_with(locale: Locale, with: SharedWith) -> &'static str {
    match with {
        SharedWith::Workshop => t::shared_workshop(locale),
        SharedWith::Coop => t::shared_coop(locale),
        SharedWith::All => t::shared_all(locale),
    }
}

/// The licence with a link to its text, and the designer's own words.
fn licence(locale: Locale, design: &Design) -> impl IntoView + use<> {
    let name = licence_name(locale, design.licence);
    let name = match design.licence.url() {
        Some(url) => view! { <a href=url rel="license external noopener">{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let words = design.licence_words.text(locale);
    let words = (!words.is_empty()).then(|| view! { " " {own(&design.licence_words, locale)} });
    view! { <p class="small soft">{name} {words}</p> }
}

/// The address of a copy of a design's picture.
pub fn picture_url(design: &Design, width: i32) -> String {
    format!("/design-pictures/{}/{width}", design.picture_id)
}

/// A design's picture; the words beside it say what it is.
pub fn picture(design: &Design) -> impl IntoView + use<> {
    let set: Vec<String> =
        design.widths().map(|width| format!("{} {width}w", picture_url(design, width))).collect();
    view! {
        <img
            src=picture_url(design, 480)
            srcset=set.join(", ")
            sizes="(min-width: 48rem) 18rem, 100vw"
            alt=""
            width=design.width.to_string()
            height=design.height.to_string()
            loading="lazy"
        />
    }
}

/// "Mẫu của Nguyễn Hà Linh", or the house's own.
pub fn credit(locale: Locale, design: &Design) -> String {
    if design.designer.is_empty() {
        t::design_own(locale).to_owned()
    } else {
        t::design_by(locale, &design.designer)
    }
}

/// One design under a heading of its own.
pub fn design(locale: Locale, design: &Design) -> impl IntoView + use<> {
    let about = design.about.text(locale).to_owned();
    let about = (!about.is_empty())
        .then(|| view! { <p class="small" lang=foreign(&design.about, locale)>{about}</p> });
    view! {
        <li class="design">
            {picture(design)}
            <h3>{own(&design.title, locale)}</h3>
            <p>{credit(locale, design)}</p>
            {about}
            {licence(locale, design)}
        </li>
    }
}

/// The designs of a workshop, a co-op or a tour as a section of its page.
pub fn designs(
    visit: &Visit,
    title: &'static str,
    all: &[Design],
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let items: Vec<_> = all.iter().map(|each| design(locale, each)).collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="designs-title">
                <h2 id="designs-title">{title}</h2>
                <ul class="designs">{items}</ul>
            </section>
        }
    })
}

/// The partners of a workshop or a co-op as a section of its page.
pub fn partners(visit: &Visit, all: &[Partner]) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let items: Vec<_> = all.iter().map(|partner| one(locale, partner)).collect();
    (!items.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="partners-title">
                <h2 id="partners-title">{t::partners(locale)}</h2>
                <ul class="partners">{items}</ul>
            </section>
        }
    })
}

fn one(locale: Locale, partner: &Partner) -> impl IntoView + use<> {
    let name = partner.name.clone();
    let name = if partner.web.is_empty() {
        view! { <b>{name}</b> }.into_any()
    } else {
        let href = partner.web.clone();
        view! { <a href=href rel="external noopener nofollow">{name}</a> }.into_any()
    };
    let year = partner.since.format("%Y").to_string();
    let about =
        [kind(locale, partner.kind).to_owned(), partner.city.clone(), t::since_year(locale, year)];
    view! { <li>{name} <br/> <span class="small soft">{about.join(" · ")}</span></li> }
}

/// "từ 7/12/2026 đến 26/2/2027".
pub fn days(locale: Locale, (first, last): (chrono::NaiveDate, chrono::NaiveDate)) -> String {
    let date = locale.writing().plain_date;
    t::from_to(locale, date(first), date(last))
}

/// "7 giờ 30 phút".
pub fn hours(locale: Locale, minutes: i32) -> String {
    crate::ui::certificate::hours(locale, minutes)
}

/// The name and id of a field's control.
fn control(field: Field) -> String {
    let name = match field {
        Field::Title(locale) => return format!("title_{locale}"),
        Field::About(locale) => return format!("about_{locale}"),
        Field::LicenceWords(locale) => return format!("licence_words_{locale}"),
        Field::Asked(locale) => return format!("asked_{locale}"),
        Field::Allowance(locale) => return format!("allowance_{locale}"),
        Field::Themes(locale) => return format!("themes_{locale}"),
        Field::Conditions(locale) => return format!("conditions_{locale}"),
        Field::Kind => "kind",
        Field::Name => "name",
        Field::City => "city",
        Field::Web => "web",
        Field::Since => "since",
        Field::Contact => "contact",
        Field::Email => "email",
        Field::Language => "language",
        Field::Licence => "licence",
        Field::SharedWith => "shared_with",
        Field::Partner => "partner",
        Field::Picture => "picture",
        Field::Tours => "tours",
        Field::First => "first",
        Field::Last => "last",
        Field::Places => "places",
        Field::Languages => "languages",
        Field::Organisation => "organisation",
        Field::Topic => "topic",
        Field::Words => "words",
        Field::Decision => "decision",
        Field::Date => "date",
        Field::Hours => "hours",
    };
    name.to_owned()
}

fn said(locale: Locale, wrong: Wrong) -> String {
    match wrong {
        Wrong::Missing => t::wrong_missing(locale).to_owned(),
        Wrong::TooLong { max } => t::wrong_long(locale, max),
        Wrong::Choice => t::wrong_choice(locale).to_owned(),
        Wrong::Email => t::wrong_email(locale).to_owned(),
        Wrong::Web => t::wrong_web(locale).to_owned(),
        Wrong::Date => t::wrong_date(locale).to_owned(),
        Wrong::Order => t::wrong_order(locale).to_owned(),
        Wrong::Number { min, max } => t::wrong_number(locale, max, min),
        Wrong::Hours => t::wrong_hours(locale).to_owned(),
    }
}

/// What is wrong, beside its fields.
pub fn problems(locale: Locale, wrongs: Wrongs) -> Problems {
    let mut problems = Problems::default();
    for (field, wrong) in wrongs {
        problems.add(control(field), said(locale, wrong));
    }
    problems
}

//! Credentials as visitors see them: quiet badges, what each means, and the same for machines.

use engine::Locale;
use engine::credential::{CheckKind, Kind, Shown, Stars};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::icon::icon;
use crate::t::credential as t;

/// A badge: tone and icon by the kind, words that say all.
pub fn badge(locale: Locale, kind: Kind, stars: Option<Stars>, words: String) -> AnyView {
    if let Some(stars) = stars {
        let row = (1..=5)
            .map(|nth| {
                let on = (nth <= stars.count()).then_some("");
                view! { <span data-on=on>{icon("star")}</span> }
            })
            .collect_view();
        return view! {
            <span class="badge" data-tone="silk">
                <span class="stars" aria-hidden="true">{row}</span>
                {words}
                <span class="visually-hidden">" "{t::of_five(locale)}</span>
            </span>
        }
        .into_any();
    }
    let (tone, sign) = look(kind);
    view! { <span class="badge" data-tone=tone>{icon(sign)}{words}</span> }.into_any()
}

const fn look(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Ocop => ("silk", "star"),
        Kind::WorldCraftCity => ("indigo", "globe"),
        Kind::Village(_) => ("indigo", "home"),
        Kind::Title(_) => ("terracotta", "ribbon"),
        Kind::Mark(_) | Kind::Licence => ("indigo", "stamp"),
        Kind::Check(CheckKind::LabourSafety | CheckKind::FireSafety | CheckKind::FoodSafety) => {
            ("celadon", "shield")
        }
        Kind::Check(_) => ("celadon", "leaf"),
    }
}

/// What a list shows in few words: the most stars, a title, a mark, the environment.
pub fn brief(shown: &[Shown]) -> Vec<Shown> {
    let is = |wanted: fn(Kind) -> bool| shown.iter().find(move |it| wanted(it.kind));
    let stars = shown.iter().filter(|it| it.stars.is_some()).max_by_key(|it| it.stars);
    let found = [
        stars,
        is(|kind| matches!(kind, Kind::Title(_))),
        is(|kind| kind == Kind::Licence),
        is(|kind| matches!(kind, Kind::Check(check) if check.is_environmental())),
    ];
    found.into_iter().flatten().cloned().collect()
}

/// Badges in a row; nothing where there are none.
pub fn badges(locale: Locale, shown: &[Shown]) -> Option<AnyView> {
    if shown.is_empty() {
        return None;
    }
    // Stars of two pieces are one badge; the section below names the pieces.
    let mut said = Vec::new();
    let items: Vec<_> = shown
        .iter()
        .filter_map(|it| {
            let words = it.badge.text(locale).to_owned();
            if said.contains(&(it.kind, it.stars, words.clone())) {
                return None;
            }
            said.push((it.kind, it.stars, words.clone()));
            Some(view! { <li>{badge(locale, it.kind, it.stars, words)}</li> })
        })
        .collect();
    Some(view! { <ul class="badges" aria-label=t::badges(locale)>{items}</ul> }.into_any())
}

/// A section with each of them, to be opened: what it means, who issued it, number, until when.
pub fn panel(locale: Locale, shown: &[Shown]) -> Option<AnyView> {
    if shown.is_empty() {
        return None;
    }
    let items = shown
        .iter()
        .map(|it| {
            let words = it.badge.text(locale).to_owned();
            let subject = (!it.subject.is_empty())
                .then(|| view! { " " <span class="credential-of">{it.subject.clone()}</span> });
            let facts = facts(locale, &it.facts);
            view! {
                <details class="credential">
                    <summary>{badge(locale, it.kind, it.stars, words)} {subject}</summary>
                    <div class="credential-body">
                        <p>{it.meaning.text(locale).to_owned()}</p>
                        {facts}
                    </div>
                </details>
            }
        })
        .collect_view();
    Some(
        view! {
            <section class="stack" aria-labelledby="credentials-title" id="credentials">
                <h2 id="credentials-title">{t::panel(locale)}</h2>
                {items}
            </section>
        }
        .into_any(),
    )
}

/// Labels and values as a list of pairs.
pub fn facts(locale: Locale, facts: &[(engine::InEach, engine::InEach)]) -> impl IntoView + use<> {
    let rows = facts
        .iter()
        .map(|(label, value)| {
            let (label, value) = (label.text(locale).to_owned(), value.text(locale).to_owned());
            view! { <div><dt>{label}</dt><dd>{value}</dd></div> }
        })
        .collect_view();
    view! { <dl class="pairs">{rows}</dl> }
}

/// A node of schema.org with what its holder has: certifications, and people with their titles.
pub fn certified(mut node: Value, locale: Locale, shown: &[Shown]) -> Value {
    let (mut papers, mut people) = (Vec::new(), Vec::new());
    for it in shown {
        match it.kind {
            Kind::Title(_) => {
                let award = it.badge.text(locale);
                people.push(json!({ "@type": "Person", "name": it.subject, "award": award }));
            }
            Kind::Ocop
            | Kind::Mark(_)
            | Kind::Licence
            | Kind::WorldCraftCity
            | Kind::Village(_)
            | Kind::Check(_) => papers.push(certification(locale, it)),
        }
    }
    for (key, values) in [("hasCertification", papers), ("employee", people)] {
        if !values.is_empty() {
            node[key] = values.into();
        }
    }
    node
}

fn certification(locale: Locale, it: &Shown) -> Value {
    let mut node = json!({
        "@type": "Certification",
        "name": it.title.text(locale),
        "certificationStatus": "https://schema.org/CertificationActive",
        "issuedBy": { "@type": "Organization", "name": it.issuer.text(locale) },
    });
    if !it.number.is_empty() {
        node["certificationIdentification"] = it.number.clone().into();
    }
    if let Some(day) = it.issued_on {
        node["validFrom"] = day.to_string().into();
    }
    if let Some(year) = it.year {
        node["datePublished"] = year.to_string().into();
    }
    if let Some(day) = it.until {
        node["expires"] = day.to_string().into();
    }
    if let Some(stars) = it.stars {
        node["certificationRating"] =
            json!({ "@type": "Rating", "ratingValue": stars.count(), "bestRating": 5 });
        node["about"] = json!({ "@type": "Thing", "name": it.subject });
    }
    node
}

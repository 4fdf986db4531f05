//! Reviews as everybody reads them: stars, one review, how guests rated, and what machines are told.

use chrono::NaiveDate;
use engine::Locale;
use engine::clock::local_date;
use engine::review::{Field, Ground, Rating, Review, ReviewError, Signed, Wrong};
use leptos::prelude::*;
use serde_json::{Value, json};

use super::format;
use super::icon::icon;
use crate::api::form::Problems;
use crate::error::PageError;
use crate::t::review as t;

/// "4.8", as the language writes decimals.
pub fn decimal(locale: Locale, tenths: i64) -> String {
    format!("{}{}{}", tenths / 10, locale.writing().decimal, tenths % 10)
}

/// "4.8 (23)" for lists, in words for who hears it; "new" while too few have spoken.
pub fn badge(locale: Locale, rating: Option<&Rating>) -> AnyView {
    let average = rating.and_then(|rating| Some((rating.average()?, rating.count())));
    match average {
        Some((tenths, count)) => {
            let number = decimal(locale, tenths);
            let words = t::rated(locale, &number, count);
            view! {
                <span class="rating">
                    {icon("star")}
                    <span aria-hidden="true">{format!("{number} ({count})")}</span>
                    <span class="visually-hidden">{words}</span>
                </span>
            }
            .into_any()
        }
        None => view! {
            <span class="rating rating-new">
                {t::new(locale)}<span class="visually-hidden">", " {t::new_more(locale)}</span>
            </span>
        }
        .into_any(),
    }
}

/// Stars for the eye, words for the ear.
pub fn stars(locale: Locale, stars: i32) -> impl IntoView {
    let full = usize::try_from(stars.clamp(0, 5)).unwrap_or(0);
    let row = (0..5)
        .map(|at| view! { <span class="star" data-full=(at < full).then_some("yes")>{icon("star")}</span> })
        .collect_view();
    view! {
        <span class="stars">
            <span aria-hidden="true">{row}</span>
            <span class="visually-hidden">{t::stars(locale, i64::from(stars))}</span>
        </span>
    }
}

/// Who wrote it.
pub fn author(locale: Locale, review: &Review) -> String {
    match review.signed {
        Signed::Name | Signed::Initial if !review.name.is_empty() => review.name.clone(),
        _ => t::a_guest(locale).to_owned(),
    }
}

/// The `lang` of a guest's words, where it is not the page's.
fn lang_of(locale: Locale, review: &Review) -> Option<&'static str> {
    let language = review.language.word();
    (language != locale.code()).then_some(language)
}

fn month(locale: Locale, date: NaiveDate) -> String {
    (locale.writing().month)(date)
}

/// Lines of a guest's text, as they were typed.
pub fn lines(text: &str) -> impl IntoView + use<> {
    text.split('\n')
        .filter(|line| !line.trim().is_empty())
        .map(|line| view! { <p>{line.to_owned()}</p> })
        .collect_view()
}

/// One review with the workshop's answer. `about` names the tour where several stand together.
pub fn one(
    locale: Locale,
    review: &Review,
    workshop: &str,
    about: Option<(String, String)>,
) -> impl IntoView + use<> {
    let who = author(locale, review);
    let edited = review
        .edited_at
        .map(|at| format!(" · {}", t::edited(locale, format::date(locale, local_date(at)))));
    let about = about.map(|(href, title)| {
        view! { <p class="small"><a href=href>{t::about_tour(locale, title)}</a></p> }
    });
    let reply = (!review.reply.is_empty()).then(|| {
        view! {
            <div class="said-reply">
                <p class="said-reply-head">{t::reply_of(locale, workshop)}</p>
                {lines(&review.reply)}
            </div>
        }
    });
    let when = t::visited(locale, month(locale, review.visited_on));
    let id = format!("review-{}", review.id);
    view! {
        <article class="said" aria-labelledby=id.clone()>
            <p class="said-head" id=id.clone()>
                {stars(locale, review.stars)}
                <strong lang=lang_of(locale, review)>{who}</strong>
                <span class="soft small">{when}{edited}</span>
            </p>
            {about}
            <div class="said-words" lang=lang_of(locale, review)>{lines(&review.words)}</div>
            {reply}
        </article>
    }
}

/// The average and how it came about.
pub fn summary(locale: Locale, rating: &Rating) -> impl IntoView + use<> {
    let count = rating.count();
    let most = rating.by_stars.iter().copied().max().unwrap_or(0).max(1);
    let head = match rating.average() {
        Some(tenths) => {
            let number = decimal(locale, tenths);
            view! {
                <p class="said-average">
                    <span class="said-number" aria-hidden="true">{number.clone()}</span>
                    <span class="visually-hidden">{t::average_of(locale, number)} ", "</span>
                    <span>{t::count(locale, count)}</span>
                </p>
            }
            .into_any()
        }
        None => view! {
            <p>{t::count(locale, count)} ". " <span class="soft">{t::too_few(locale)}</span></p>
        }
        .into_any(),
    };
    let rows = rating
        .by_stars
        .iter()
        .zip([1, 2, 3, 4, 5])
        .rev()
        .map(|(many, stars)| {
            let words = t::chart_row(locale, *many, t::stars(locale, stars));
            // A share in steps of five, which the style sheet knows.
            let share = format!("{}", (many * 20 + most / 2) / most * 5);
            view! {
                <li>
                    <span class="visually-hidden">{words}</span>
                    <span class="said-bar-name" aria-hidden="true">{stars.to_string()}{icon("star")}</span>
                    <span class="said-bar" aria-hidden="true"><span data-share=share></span></span>
                    <span class="said-bar-count" aria-hidden="true">{many.to_string()}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="said-summary">
            {head}
            <ul class="said-chart" aria-label=t::distribution(locale)>{rows}</ul>
        </div>
    }
}

/// What a tour's node tells of the reviews that its page shows.
pub fn structured(node: &mut Value, locale: Locale, rating: &Rating, shown: &[Review]) {
    if let Some(tenths) = rating.average() {
        node["aggregateRating"] = json!({
            "@type": "AggregateRating",
            "ratingValue": format!("{}.{}", tenths / 10, tenths % 10),
            "reviewCount": rating.count(),
            "bestRating": 5,
            "worstRating": 1,
        });
    }
    if shown.is_empty() {
        return;
    }
    let reviews: Vec<Value> = shown
        .iter()
        .map(|review| {
            json!({
                "@type": "Review",
                "author": { "@type": "Person", "name": author(locale, review) },
                "datePublished": local_date(review.created_at).to_string(),
                "inLanguage": review.language.word(),
                "reviewRating": {
                    "@type": "Rating",
                    "ratingValue": review.stars,
                    "bestRating": 5,
                    "worstRating": 1,
                },
                "reviewBody": review.words,
            })
        })
        .collect();
    node["review"] = reviews.into();
}

/// A reason, as a choice.
pub fn ground(locale: Locale, ground: Ground) -> &'static str {
    match ground {
        Ground::PersonalData => t::ground_personal_data(locale),
        Ground::Insult => t::ground_insult(locale),
        Ground::NotAboutVisit => t::ground_not_about_visit(locale),
        Ground::Advertising => t::ground_advertising(locale),
        Ground::Unlawful => t::ground_unlawful(locale),
    }
}

/// The same in a sentence.
pub fn because(locale: Locale, ground: Ground) -> &'static str {
    match ground {
        Ground::PersonalData => t::because_personal_data(locale),
        Ground::Insult => t::because_insult(locale),
        Ground::NotAboutVisit => t::because_not_about_visit(locale),
        Ground::Advertising => t::because_advertising(locale),
        Ground::Unlawful => t::because_unlawful(locale),
    }
}

/// All reasons as choices of a form.
pub fn grounds(locale: Locale) -> Vec<(String, String)> {
    let choice = |each: &Ground| (each.word().to_owned(), ground(locale, *each).to_owned());
    Ground::ALL.iter().map(choice).collect()
}

/// Name of the control of a field.
const fn name_of(field: Field) -> &'static str {
    match field {
        Field::Stars => "stars",
        Field::Words => "words",
        Field::Signed => "signed",
        Field::Name => "name",
        Field::Language => "language",
        Field::Reply => "reply",
        Field::Ground => "ground",
        Field::Why => "why",
    }
}

fn words_of(locale: Locale, field: Field, wrong: Wrong) -> String {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match (field, wrong) {
        (Field::Stars, _) => t::error_stars(locale).to_owned(),
        (Field::Words, Wrong::Missing) => t::error_words(locale).to_owned(),
        (Field::Reply, Wrong::Missing) => t::error_reply(locale).to_owned(),
        (Field::Why, Wrong::Missing) => t::error_why(locale).to_owned(),
        (Field::Name, Wrong::Missing) => t::error_name_missing(locale).to_owned(),
        (_, Wrong::TooShort { least }) => t::error_short(locale, number(least)),
        (_, Wrong::TooLong { most }) => t::error_long(locale, number(most)),
        (_, Wrong::Name) => t::error_name(locale).to_owned(),
        _ => t::error_choice(locale).to_owned(),
    }
}

/// What stands against it, by field; what is no matter of words ends the request.
pub fn problems(locale: Locale, error: ReviewError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        ReviewError::Store(error) => return Err(error.into()),
        ReviewError::Forbidden(_) | ReviewError::Unknown => return Err(PageError::NotFound),
        ReviewError::Fields(wrongs) => {
            for (field, wrong) in wrongs {
                problems.add(name_of(field), words_of(locale, field, wrong));
            }
        }
        ReviewError::NotCome => problems.add("main", t::not_come(locale)),
        ReviewError::Resold => problems.add("main", t::resold(locale)),
        ReviewError::TooLate => problems.add("main", t::not_editable(locale)),
        ReviewError::Withdrawn => problems.add("main", t::withdrawn_text(locale)),
        ReviewError::Reported => problems.add("main", t::error_reported(locale)),
        ReviewError::Decided => problems.add("main", t::error_changed(locale)),
    }
    Ok(problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::to_html;

    #[test]
    fn a_list_says_new_until_three_have_spoken() {
        let html = |by_stars| to_html(move || badge(Locale::En, Some(&Rating { by_stars })));
        assert!(html([0, 0, 0, 0, 2]).contains("New"));
        let rated = html([0, 0, 0, 1, 3]);
        assert!(rated.contains("4.8 (4)") && rated.contains("Rated 4.8 out of 5, 4 reviews"));
        assert_eq!(decimal(Locale::Vi, 48), "4,8");
    }
}

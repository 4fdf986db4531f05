//! The fields of a chapter.

use engine::story::{Chapter, ChapterKind, Drawing, MAX_STEPS, MAX_TERMS};
use leptos::prelude::*;

use super::names::drawing_words;
use super::rows::input;
use super::seat::Seat;
use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::pages::host::fields::{Look, in_both, texts};
use crate::t::story as t;
use crate::ui::field::{FieldError, Select, TextField};
use crate::ui::icon::icon;

pub fn fields(
    locale: Locale,
    seat: &Seat,
    chapter: Option<&Chapter>,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let kind = ChapterKind::parse(form.text("kind")).unwrap_or(ChapterKind::History);
    let rows = match kind {
        ChapterKind::Process => Some(steps(locale, seat, chapter, form, problems).into_any()),
        ChapterKind::Words => Some(terms(locale, form, problems).into_any()),
        _ => None,
    };
    let (lines, optional) = if rows.is_some() { (4, true) } else { (12, false) };
    let both = |key: &str, label: &str, look: Look| {
        in_both(locale, key, label, &texts(form, key), problems, look)
    };
    view! {
        <section class="panel stack">
            {both("heading", t::heading(locale), Look::default())}
            {both("body", t::body(locale), Look { rows: lines, optional, hint: t::body_hint(locale) })}
            <details class="writing-help">
                <summary>{t::how_to_write(locale)}</summary>
                <pre class="writing-sample">{t::sample(locale)}</pre>
            </details>
        </section>
        {rows}
    }
}

fn row_buttons(
    locale: Locale,
    rows: &'static str,
    at: usize,
    name: String,
) -> impl IntoView + use<> {
    let up = (at > 0).then(|| {
        view! {
            <button class="btn btn-small btn-icon" name="do" value=format!("{rows}-up-{at}")
                aria-label=t::move_up(locale, &name)>{icon("chevron-up")}</button>
        }
    });
    view! {
        <div class="actions">
            {up}
            <button class="btn btn-small btn-icon btn-danger" name="do" value=format!("{rows}-drop-{at}")
                aria-label=t::remove(locale, &name)>{icon("trash")}</button>
        </div>
    }
}

/// What a step may show: a drawing of the craft, or a picture of the chapter.
fn arts(
    locale: Locale,
    seat: &Seat,
    chapter: Option<&Chapter>,
    now: &str,
) -> Vec<(String, String)> {
    let mut arts = vec![(String::new(), t::art_none(locale).to_owned())];
    let drawing = |drawing: Drawing| {
        (drawing.to_string(), t::art_drawing(locale, drawing_words(locale, drawing)))
    };
    arts.extend(Drawing::of(seat.craft).map(drawing));
    // One of another craft, which somebody set before.
    let other = Drawing::parse(now).filter(|other| other.craft() != seat.craft);
    arts.extend(other.map(drawing));
    let pictures = chapter.map(|chapter| chapter.pictures.as_slice()).unwrap_or_default();
    for (picture, number) in pictures.iter().zip(1..) {
        let words = match picture.alt.text(locale) {
            "" => picture.caption.text(locale),
            alt => alt,
        };
        arts.push((picture.id.to_string(), t::art_picture(locale, number, words)));
    }
    arts
}

fn steps(
    locale: Locale,
    seat: &Seat,
    chapter: Option<&Chapter>,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let rows: Vec<_> = input(form)
        .steps
        .into_iter()
        .enumerate()
        .map(|(at, step)| {
            let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
            let title = t::step_number(locale, number);
            let name = format!("s{at}.art");
            let look = Look { rows: 2, ..Look::default() };
            view! {
                <fieldset class="panel option-edit">
                    <legend class="field-label">{title.clone()}</legend>
                    {in_both(locale, &format!("s{at}.text"), t::step_text(locale), &step.text, problems, look)}
                    <Select locale name=name.clone() label=t::step_art(locale)
                        options=arts(locale, seat, chapter, &step.art) value=step.art
                        error=problems.of(&name) optional=true/>
                    {row_buttons(locale, "steps", at, title)}
                </fieldset>
            }
        })
        .collect();
    let most = i64::try_from(MAX_STEPS).unwrap_or(i64::MAX);
    view! {
        <section class="stack" aria-labelledby="steps">
            <h2 id="steps" tabindex="-1">{t::steps(locale)}</h2>
            <p class="field-hint">{t::steps_hint(locale, most)}</p>
            <FieldError id="steps" text=problems.of("steps")/>
            {rows}
            <div class="actions">
                <button class="btn" name="do" value="steps-add">{icon("plus")}{t::add_step(locale)}</button>
            </div>
        </section>
    }
}

fn terms(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let rows: Vec<_> = input(form)
        .terms
        .into_iter()
        .enumerate()
        .map(|(at, term)| {
            let number = i64::try_from(at + 1).unwrap_or(i64::MAX);
            let title = t::term_number(locale, number);
            let (word, english) = (format!("w{at}.word"), format!("w{at}.english"));
            let look = Look { rows: 2, ..Look::default() };
            view! {
                <fieldset class="panel option-edit">
                    <legend class="field-label">{title.clone()}</legend>
                    <div class="two-languages">
                        <TextField locale name=word.clone() label=t::term_word(locale) value=term.word
                            error=problems.of(&word)/>
                        <TextField locale name=english.clone() label=t::term_english(locale) value=term.english
                            error=problems.of(&english) optional=true/>
                    </div>
                    {in_both(locale, &format!("w{at}.meaning"), t::meaning(locale), &term.meaning, problems, look)}
                    {row_buttons(locale, "terms", at, title)}
                </fieldset>
            }
        })
        .collect();
    let most = i64::try_from(MAX_TERMS).unwrap_or(i64::MAX);
    view! {
        <section class="stack" aria-labelledby="terms">
            <h2 id="terms" tabindex="-1">{t::terms(locale)}</h2>
            <p class="field-hint">{t::terms_hint(locale, most)}</p>
            <FieldError id="terms" text=problems.of("terms")/>
            {rows}
            <div class="actions">
                <button class="btn" name="do" value="terms-add">{icon("plus")}{t::add_term(locale)}</button>
            </div>
        </section>
    }
}

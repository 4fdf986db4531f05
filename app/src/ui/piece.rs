//! What visitors made, as pages show it: words, pictures, the way of a piece, and what forms share.

use chrono::NaiveDate;
use engine::craft::{Choice, CraftError, Field, Piece, PieceState, StepKind, StepRow, Wrong};
use engine::resource::ResourceError;
use engine::{Locale, PiecePhotoId};
use leptos::prelude::*;

use super::format;
use crate::api::form::Problems;
use crate::error::PageError;
use crate::t::piece as t;
use crate::ui::icon::icon;

pub fn kind(locale: Locale, kind: StepKind) -> &'static str {
    match kind {
        StepKind::Drying => t::drying(locale),
        StepKind::Trimming => t::trimming(locale),
        StepKind::BisqueFiring => t::bisque_firing(locale),
        StepKind::Painting => t::painting(locale),
        StepKind::Glazing => t::glazing(locale),
        StepKind::GlazeFiring => t::glaze_firing(locale),
        StepKind::Priming => t::priming(locale),
        StepKind::Lacquering => t::lacquering(locale),
        StepKind::Polishing => t::polishing(locale),
        StepKind::Assembling => t::assembling(locale),
        StepKind::Finishing => t::finishing(locale),
    }
}

pub fn choice(locale: Locale, choice: Choice) -> &'static str {
    match choice {
        Choice::New => t::chose_new(locale),
        Choice::Voucher => t::chose_voucher(locale),
        Choice::Nothing => t::chose_nothing(locale),
    }
}

/// Tone and words of where a piece stands.
pub fn standing(locale: Locale, piece: &Piece) -> (&'static str, &'static str) {
    match piece.state {
        PieceState::Making => {
            let now = piece.current().map_or("", |step| kind(locale, step.kind));
            let words = if piece.firing_id.is_some() { t::in_load(locale) } else { now };
            ("silk", words)
        }
        PieceState::Ready => ("celadon", t::state_ready(locale)),
        PieceState::Cracked => ("lacquer", t::state_cracked(locale)),
        PieceState::Lost => ("lacquer", t::state_lost(locale)),
        PieceState::Posted => ("indigo", t::state_posted(locale)),
        PieceState::Handed => ("indigo", t::state_handed(locale)),
    }
}

pub fn badge(locale: Locale, piece: &Piece) -> impl IntoView + use<> {
    let (tone, words) = standing(locale, piece);
    view! { <span class="badge" data-tone=tone>{words}</span> }
}

/// The address of a copy of a photograph.
pub fn photo_url(photo: PiecePhotoId, width: i32) -> String {
    format!("/piece-photos/{photo}/{width}")
}

/// The latest photograph of a piece, or a drawing of it at its stage.
pub fn picture(locale: Locale, piece: &Piece) -> AnyView {
    match piece.photo_id {
        Some(photo) => {
            let alt = t::photo_of(locale, &piece.label);
            view! { <img class="piece-picture" src=photo_url(photo, 480) alt=alt loading="lazy"/> }
                .into_any()
        }
        None => view! { <div class="piece-picture piece-drawn" inner_html=drawing(piece)></div> }
            .into_any(),
    }
}

/// How far a pot is, as a drawing can show it.
fn stage(piece: &Piece) -> &'static str {
    let done = piece.steps.0.iter().take(usize::try_from(piece.done).unwrap_or(0));
    let done: Vec<StepKind> = done.map(|step| step.kind).collect();
    let has = |kind| done.contains(&kind);
    match piece.state {
        PieceState::Ready | PieceState::Posted | PieceState::Handed => "done",
        _ if has(StepKind::GlazeFiring) || has(StepKind::Lacquering) => "shiny",
        _ if has(StepKind::Glazing) || has(StepKind::Priming) => "glazed",
        _ if has(StepKind::BisqueFiring) => "bisque",
        _ if has(StepKind::Drying) => "dry",
        _ => "wet",
    }
}

/// A pot, or a lacquer dish: drawn with strokes and colours of its stage. Words beside it say the same.
fn drawing(piece: &Piece) -> String {
    let lacquer = piece.steps.0.iter().any(|step| {
        matches!(step.kind, StepKind::Priming | StepKind::Lacquering | StepKind::Polishing)
    });
    let stage = stage(piece);
    let mut svg = format!(
        "<svg viewBox=\"0 0 120 120\" aria-hidden=\"true\" focusable=\"false\" class=\"piece-art\" \
         data-stage=\"{stage}\"><ellipse class=\"art-shade\" cx=\"60\" cy=\"106\" rx=\"36\" ry=\"5\"/>"
    );
    let shape = if lacquer {
        "<path class=\"art-body\" d=\"M14 58c0 26 20 42 46 42s46-16 46-42z\"/>\
         <ellipse class=\"art-mouth\" cx=\"60\" cy=\"58\" rx=\"46\" ry=\"12\"/>"
    } else {
        "<path class=\"art-body\" d=\"M44 26h32c-1 10 22 18 22 42 0 20-13 36-24 38H46C35 104 22 88 22 \
         68c0-24 23-32 22-42z\"/><ellipse class=\"art-mouth\" cx=\"60\" cy=\"26\" rx=\"16\" ry=\"4.5\"/>"
    };
    svg.push_str(shape);
    match stage {
        // Throwing rings, and a last drop of slip.
        "wet" => svg.push_str(
            "<path class=\"art-line\" d=\"M30 58q30 9 60 0M25 72q35 10 70 0M29 86q31 9 62 0\"/>",
        ),
        "dry" => svg.push_str("<path class=\"art-line\" d=\"M27 66q33 8 66 0M29 86q31 8 62 0\"/>"),
        "bisque" => svg.push_str(
            "<path class=\"art-dots\" d=\"M40 62h.1M54 74h.1M70 64h.1M80 78h.1M46 88h.1M66 90h.1\"/>",
        ),
        "glazed" => svg.push_str(
            "<path class=\"art-glaze\" d=\"M24 74c8-6 12 4 20-1s12 6 20 1 13 5 20 0 8 0 12 1\"/>",
        ),
        // The chrysanthemum scroll of the village's blue and white.
        _ => svg.push_str(
            "<path class=\"art-flower\" d=\"M60 60c5 4 5 9 0 13-5-4-5-9 0-13zM60 92c5-4 5-9 0-13-5 4-5 9 \
             0 13zM45 76c4-5 9-5 13 0-4 5-9 5-13 0zM75 76c-4-5-9-5-13 0 4 5 9 5 13 0z\"/>\
             <path class=\"art-shine\" d=\"M36 60c3-8 8-12 13-16\"/>",
        ),
    }
    if piece.state == PieceState::Cracked {
        svg.push_str("<path class=\"art-crack\" d=\"M66 34l-7 14 9 9-8 14 6 10\"/>");
    }
    svg.push_str("</svg>");
    svg
}

/// The steps of a piece: done with their day, under way, and to come.
pub fn timeline(locale: Locale, piece: &Piece, history: &[StepRow]) -> impl IntoView + use<> {
    use engine::clock::local_date;
    use engine::craft::Mark;
    let day = |date: NaiveDate| format::sentence(&format::day(locale, date));
    let mut items: Vec<AnyView> = Vec::new();
    let mut line = |state: &'static str,
                    when: String,
                    words: String,
                    photo: Option<PiecePhotoId>| {
        let current = (state == "now").then_some("step");
        let said = match state {
            "done" => t::step_done(locale),
            "now" => t::step_now(locale),
            "bad" => "",
            _ => t::step_to_come(locale),
        };
        let said = (!said.is_empty())
            .then(|| view! { <span class="visually-hidden">{format!("{said}: ")}</span> });
        let photo = photo.map(|photo| {
            view! { <a class="small" href=photo_url(photo, 960)>{icon("camera")}{t::see_photo(locale)}</a> }
        });
        let when = (!when.is_empty()).then(|| view! { <p class="timeline-when">{when}</p> });
        items.push(
            view! {
                <li data-state=state aria-current=current>
                    <p class="piece-step">{said}{words}</p> {when} {photo}
                </li>
            }
            .into_any(),
        );
    };
    if let Some(first) = history.first() {
        line(
            "done",
            day(local_date(first.at)),
            t::made_by_you(locale, &piece.label),
            first.photo_id,
        );
    }
    let done = usize::try_from(piece.done).unwrap_or(0);
    for (at, step) in piece.steps.0.iter().enumerate() {
        let name = kind(locale, step.kind).to_owned();
        if at < done {
            // The last time that it was done: a step may have been taken back.
            let row = history.iter().rev().filter(|row| row.mark == Mark::Done);
            let row = row.into_iter().find(|row| row.kind == Some(step.kind));
            let when = row.map_or_else(String::new, |row| day(local_date(row.at)));
            line("done", when, name, row.and_then(|row| row.photo_id));
        } else if at == done && piece.state == PieceState::Making {
            let since = t::since(locale, day(local_date(piece.since)));
            line("now", since, name, None);
        } else if piece.state == PieceState::Making {
            line("next", t::takes_days(locale, i64::from(step.days)), name, None);
        }
    }
    for row in history {
        let when = day(local_date(row.at));
        let words = match row.mark {
            Mark::Cracked => t::state_cracked(locale),
            Mark::Lost => t::state_lost(locale),
            Mark::Packed => t::packed(locale),
            Mark::Posted => t::state_posted(locale),
            Mark::Arrived => t::arrived(locale),
            Mark::Collected => t::collected(locale),
            _ => continue,
        };
        let bad = matches!(row.mark, Mark::Cracked | Mark::Lost);
        let words = match row.note.as_str() {
            "" => words.to_owned(),
            note => format!("{words}: {note}"),
        };
        line(if bad { "bad" } else { "done" }, when, words, row.photo_id);
    }
    if piece.state == PieceState::Ready {
        line("now", String::new(), t::state_ready(locale).to_owned(), None);
    }
    view! { <ol class="timeline piece-way">{items}</ol> }
}

/// The promised day, while there is something to promise.
pub fn promised(locale: Locale, piece: &Piece) -> Option<String> {
    let day = piece.promised_on.filter(|_| piece.state == PieceState::Making)?;
    Some(t::promised(locale, format::day(locale, day)))
}

fn name_of(field: Field) -> String {
    match field {
        Field::Steps => "steps".into(),
        Field::Days(row) => format!("s{row}.days"),
        Field::Kind(row) => format!("s{row}.kind"),
        Field::Litres => "litres".into(),
        Field::Grams => "grams".into(),
        Field::Count => "n".into(),
        Field::Name(row) => format!("p{row}.name"),
        Field::PieceLitres(row) => format!("p{row}.litres"),
        Field::PieceName => "name".into(),
        Field::Note => "note".into(),
        Field::Prefix => "prefix".into(),
        Field::Margin => "margin".into(),
        Field::Voucher => "voucher".into(),
        Field::Pieces => "pieces".into(),
        Field::Kiln => "chance".into(),
        Field::Choice => "choice".into(),
        Field::Material(row) => format!("m{row}.name_vi"),
        Field::Origin(row) => format!("m{row}.origin_vi"),
    }
}

fn words_of(locale: Locale, field: Field, wrong: Wrong) -> String {
    match (field, wrong) {
        (Field::Pieces, Wrong::Missing) => t::wrong_no_pieces(locale).to_owned(),
        (Field::Steps, Wrong::Missing) => t::wrong_no_steps(locale).to_owned(),
        (Field::Note, Wrong::Missing) => t::wrong_no_note(locale).to_owned(),
        (Field::Material(_) | Field::Origin(_), Wrong::Missing) => {
            crate::t::provenance::wrong_missing(locale).to_owned()
        }
        (_, Wrong::Missing) => t::wrong_missing(locale).to_owned(),
        (_, Wrong::TooLong { max }) => {
            t::wrong_too_long(locale, i64::try_from(max).unwrap_or(i64::MAX))
        }
        (_, Wrong::Number { min, max }) => t::wrong_number(locale, max, min),
        (Field::Kiln, Wrong::Choice) => t::wrong_kiln(locale).to_owned(),
        (_, Wrong::Choice) => t::wrong_choice(locale).to_owned(),
        (_, Wrong::Between { least, most }) => {
            t::wrong_voucher(locale, least.display(locale), most.display(locale))
        }
        (_, Wrong::OtherHeat) => t::wrong_heat(locale).to_owned(),
        (_, Wrong::Prefix) => t::wrong_prefix(locale).to_owned(),
        (_, Wrong::Order) => t::wrong_order(locale).to_owned(),
    }
}

/// What stands against it, beside its fields; an error that is nobody's fault ends the request.
pub fn problems(locale: Locale, error: CraftError) -> Result<Problems, PageError> {
    let mut problems = Problems::default();
    match error {
        CraftError::Store(error) => return Err(error.into()),
        CraftError::Forbidden(_) | CraftError::Unknown => return Err(PageError::NotFound),
        CraftError::Fields(wrongs) => {
            for (field, wrong) in wrongs {
                problems.add(name_of(field), words_of(locale, field, wrong));
            }
        }
        CraftError::NoMaking => problems.add("main", t::wrong_no_making(locale)),
        CraftError::NotHere => problems.add("main", t::wrong_not_here(locale)),
        CraftError::State | CraftError::Card(_) => problems.add("main", t::wrong_state(locale)),
        CraftError::Changed => problems.add("main", t::wrong_changed(locale)),
        CraftError::NotForLoad { label } => {
            problems.add("pieces", t::wrong_not_for_load(locale, label));
        }
        CraftError::NotReady => problems.add("main", t::wrong_not_ready(locale)),
        CraftError::Resource(ResourceError::Taken { free }) => {
            problems.add("chance", t::wrong_no_room(locale, i64::from(free)));
        }
        CraftError::Resource(_) => problems.add("chance", t::wrong_kiln(locale)),
        CraftError::Parcel(error) => return super::parcel::problems(locale, error),
        CraftError::Provenance(error) => return Err(super::provenance::refused(error)),
    }
    Ok(problems)
}

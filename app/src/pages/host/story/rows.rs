//! The editor's form as the engine reads it, and its rows, which buttons add, move and remove.

use engine::story::{ChapterInput, StepInput, TermInput};

use crate::api::form::Form;
use crate::pages::host::fields::{pairs, texts};
use crate::pages::host::tours::rows::change;

/// Rows that a form may have: a few more than can be saved, so that the message can say so.
const MOST: usize = 60;
/// Empty rows that a new chapter begins with.
const BEGIN: usize = 4;

pub fn input(form: &Form) -> ChapterInput {
    let rows = |last: &'static str, mark: char| {
        (0..MOST).take_while(move |at| form.has(&format!("{mark}{at}.{last}")))
    };
    let steps = rows("text_vi", 's').map(|at| StepInput {
        text: texts(form, &format!("s{at}.text")),
        art: form.text(&format!("s{at}.art")).to_owned(),
    });
    let terms = rows("word", 'w').map(|at| TermInput {
        word: form.text(&format!("w{at}.word")).to_owned(),
        english: form.text(&format!("w{at}.english")).to_owned(),
        meaning: texts(form, &format!("w{at}.meaning")),
    });
    ChapterInput {
        kind: form.text("kind").to_owned(),
        heading: texts(form, "heading"),
        body: texts(form, "body"),
        steps: steps.collect(),
        terms: terms.collect(),
    }
}

pub fn as_form(input: &ChapterInput) -> Form {
    let mut fields = vec![("kind".to_owned(), input.kind.clone())];
    fields.extend(pairs("heading", &input.heading));
    fields.extend(pairs("body", &input.body));
    for (at, step) in input.steps.iter().enumerate() {
        fields.extend(pairs(&format!("s{at}.text"), &step.text));
        fields.push((format!("s{at}.art"), step.art.clone()));
    }
    for (at, term) in input.terms.iter().enumerate() {
        fields.push((format!("w{at}.word"), term.word.clone()));
        fields.push((format!("w{at}.english"), term.english.clone()));
        fields.extend(pairs(&format!("w{at}.meaning"), &term.meaning));
    }
    Form::of_pairs(fields)
}

/// A chapter to begin with.
pub fn blank(kind: &str) -> ChapterInput {
    let mut input = ChapterInput { kind: kind.to_owned(), ..ChapterInput::default() };
    match kind {
        "process" => input.steps = vec![StepInput::default(); BEGIN],
        "words" => input.terms = vec![TermInput::default(); BEGIN],
        _ => {}
    }
    input
}

/// Does what a button asks of the rows; None when it asks for something else.
pub fn changed(form: &Form) -> Option<Form> {
    let asked = form.text("do");
    let mut input = input(form);
    let done = if let Some(act) = asked.strip_prefix("steps-") {
        input.steps.len() < MOST && change(&mut input.steps, act, || Some(StepInput::default()))
    } else if let Some(act) = asked.strip_prefix("terms-") {
        input.terms.len() < MOST && change(&mut input.terms, act, || Some(TermInput::default()))
    } else {
        false
    };
    done.then(|| as_form(&input))
}

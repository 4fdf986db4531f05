//! Answers counted: how many vegetarians, how many large aprons.

use super::Guest;
use crate::catalogue::{Question, QuestionKind, QuestionScope, Tour};
use crate::text::fold;

/// One question with its answers counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count<'t> {
    pub question: &'t Question,
    /// Answer as given and how many gave it; choices in their order, free words by their number.
    pub answers: Vec<(String, usize)>,
    /// People whose answer is not known.
    pub unknown: usize,
}

/// Counts what guests answered to each question that the tour asks of each. `people` are all who
/// come, filled in or not.
pub fn tally<'t>(tour: &'t Tour, guests: &[&Guest], people: i32) -> Vec<Count<'t>> {
    let people = usize::try_from(people).unwrap_or(0);
    tour.questions
        .of(QuestionScope::Guest)
        .map(|question| {
            let given: Vec<&str> = guests
                .iter()
                .filter_map(|guest| guest.answers.0.get(&question.key))
                .map(String::as_str)
                .collect();
            let unknown = people.saturating_sub(given.len());
            Count { question, answers: counted(question, &given), unknown }
        })
        .collect()
}

fn counted(question: &Question, given: &[&str]) -> Vec<(String, usize)> {
    if question.kind == QuestionKind::Choice {
        let count = |value: &str| given.iter().filter(|answer| **answer == value).count();
        let choices = question.choices.iter().map(|choice| choice.value.as_str());
        return choices
            .map(|value| (value.to_owned(), count(value)))
            .filter(|(_, n)| *n > 0)
            .collect();
    }
    // "Ăn chay" and "an chay" are one diet.
    let mut words: Vec<(String, String, usize)> = Vec::new();
    for answer in given {
        let folded = fold(answer);
        match words.iter_mut().find(|(key, _, _)| *key == folded) {
            Some((_, _, n)) => *n += 1,
            None => words.push((folded, (*answer).to_owned(), 1)),
        }
    }
    match question.kind {
        QuestionKind::Number => words.sort_by_key(|(_, answer, _)| answer.parse().unwrap_or(0_u32)),
        _ => words.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0))),
    }
    words.into_iter().map(|(_, answer, n)| (answer, n)).collect()
}

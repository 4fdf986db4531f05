//! On what conditions guests come: notice, party, weather, what they are asked and accept.

use std::collections::BTreeSet;

use serde_json::json;

use super::options::smallest_capacity;
use super::read::{Reader, written};
use super::{EditError, Field, QuestionPart, Wrong, Wrongs, done, owned};
use crate::accounts::Actor;
use crate::catalogue::{
    Choice, Policy, Question, QuestionKind, QuestionScope, Questions, Sharing, Tour, Weather, load,
};
use crate::payment::{self, PAY_MINUTES, PaymentTerms};
use crate::schedule::{HORIZON_DAYS, generate_workshop};
use crate::store::Tx;
use crate::{Localized, TourId, params, text};

/// Thirty days.
const MAX_HOURS: i32 = 720;
const MAX_PARTY: i32 = 500;
const WAIVER: usize = 4_000;
const LABEL: usize = 200;
const MAX_QUESTIONS: usize = 12;
const MAX_CHOICES: usize = 20;

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermsInput {
    pub policy: String,
    pub lead_time_hours: String,
    pub min_party: String,
    pub max_party: String,
    pub sharing: String,
    pub weather: String,
    pub min_to_run: String,
    pub decide_hours: String,
    pub children: bool,
    /// "" (on the spot), "deposit" or "full", and what belongs to it.
    pub prepay: String,
    pub prepay_percent: String,
    pub pay_minutes: String,
    pub waiver: Localized,
    pub questions: Vec<QuestionInput>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuestionInput {
    /// Of a question that is there already: answers given are kept under it.
    pub key: String,
    pub scope: String,
    pub kind: String,
    pub required: bool,
    pub label: Localized,
    /// One choice a line: "Trẻ em | Child".
    pub choices: String,
}

/// The conditions of a tour, as they can be saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    policy: Policy,
    lead_time_hours: i32,
    min_party: i32,
    max_party: i32,
    sharing: Sharing,
    weather: Weather,
    min_to_run: i32,
    decide_hours: i32,
    children: bool,
    payment: PaymentTerms,
    waiver: Option<Localized>,
    questions: Questions,
}

impl Terms {
    pub fn parse(input: &TermsInput) -> Result<Terms, Wrongs> {
        let mut reader = Reader::default();
        let min_party = reader.number(Field::MinParty, &input.min_party, 1, MAX_PARTY);
        let max_party = reader.number(Field::MaxParty, &input.max_party, 1, MAX_PARTY);
        if reader.wrongs.is_empty() && max_party < min_party {
            reader.wrong(Field::MaxParty, Wrong::BelowOther);
        }
        let sharing = Sharing::parse(&input.sharing);
        let sharing = reader.choice(Field::Sharing, sharing, Sharing::Shared);
        let weather = Weather::parse(&input.weather);
        let weather = reader.choice(Field::Weather, weather, Weather::Indoor);
        let lead_time_hours = reader.number(Field::LeadTime, &input.lead_time_hours, 0, MAX_HOURS);
        let min_to_run = reader.number(Field::MinToRun, &input.min_to_run, 1, MAX_PARTY);
        let decide_hours = reader.number(Field::DecideHours, &input.decide_hours, 0, MAX_HOURS);
        let policy = Policy::parse(&input.policy);
        let policy = reader.choice(Field::Policy, policy, Policy::Moderate);
        let payment = when_paid(&mut reader, input);
        let waiver = reader.optional_texts(Field::Waiver, &input.waiver, WAIVER);
        if waiver.vi.is_empty() && !waiver.en.is_empty() {
            reader.wrong(Field::Waiver(crate::Locale::Vi), Wrong::Missing);
        }
        let questions = questions(&mut reader, &input.questions);
        let terms = Terms {
            policy,
            lead_time_hours,
            min_party,
            max_party,
            sharing,
            weather,
            min_to_run,
            decide_hours,
            children: input.children,
            payment,
            waiver: (!waiver.vi.is_empty()).then_some(waiver),
            questions,
        };
        reader.finish(terms)
    }

    /// The tour as it would be on these conditions, for a preview.
    pub fn shown_on(&self, tour: &mut Tour) {
        tour.policy = self.policy;
        tour.lead_time_hours = self.lead_time_hours;
        tour.min_party = self.min_party;
        tour.max_party = self.max_party;
        tour.sharing = self.sharing;
        tour.weather = self.weather;
        tour.min_to_run = self.min_to_run;
        tour.decide_hours = self.decide_hours;
        tour.children = self.children;
        tour.prepay_percent = i32::from(self.payment.percent());
        tour.pay_minutes = self.payment.minutes();
        tour.waiver.clone_from(&self.waiver);
        tour.questions = self.questions.clone();
    }
}

/// When guests pay.
fn when_paid(reader: &mut Reader, input: &TermsInput) -> PaymentTerms {
    let (first, last) = (*PAY_MINUTES.start(), *PAY_MINUTES.end());
    let mut minutes = || reader.number(Field::PayMinutes, &input.pay_minutes, first, last);
    match input.prepay.as_str() {
        "" => PaymentTerms::OnTheSpot,
        "full" => PaymentTerms::Full { minutes: minutes() },
        "deposit" => {
            let minutes = minutes();
            let percent = reader.number(Field::PrepayPercent, &input.prepay_percent, 5, 95);
            PaymentTerms::Deposit { percent: u8::try_from(percent).unwrap_or(5), minutes }
        }
        _ => {
            reader.wrong(Field::Prepay, Wrong::Choice);
            PaymentTerms::OnTheSpot
        }
    }
}

fn questions(reader: &mut Reader, inputs: &[QuestionInput]) -> Questions {
    if inputs.len() > MAX_QUESTIONS {
        reader.wrong(
            Field::Question(MAX_QUESTIONS, QuestionPart::Kind),
            Wrong::TooMany { max: MAX_QUESTIONS },
        );
    }
    let mut keys = BTreeSet::new();
    let mut questions = Vec::new();
    for (at, input) in inputs.iter().enumerate() {
        let field = |part| Field::Question(at, part);
        let label = reader.texts(|locale| field(QuestionPart::Label(locale)), &input.label, LABEL);
        let scope = QuestionScope::parse(&input.scope);
        let scope = reader.choice(field(QuestionPart::Scope), scope, QuestionScope::Booking);
        let kind = QuestionKind::parse(&input.kind);
        let kind = reader.choice(field(QuestionPart::Kind), kind, QuestionKind::Text);
        let choices = if kind == QuestionKind::Choice {
            choices(reader, field(QuestionPart::Choices), &input.choices)
        } else {
            Vec::new()
        };
        let typed = text::slug(&input.key.replace('_', "-")).replace('-', "_");
        let base = if typed.is_empty() { key_of(&label) } else { typed };
        let key = free(&base, |key| keys.contains(key));
        keys.insert(key.clone());
        questions.push(Question { key, scope, kind, required: input.required, label, choices });
    }
    Questions(questions)
}

fn key_of(label: &Localized) -> String {
    let word = if label.en.is_empty() { &label.vi } else { &label.en };
    match text::slug(word).replace('-', "_").as_str() {
        "" => "question".into(),
        key => key.chars().take(40).collect(),
    }
}

/// The word, or the word with the first number that is free.
fn free(base: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut word = base.to_owned();
    let mut number = 2;
    while taken(&word) {
        word = format!("{base}_{number}");
        number += 1;
    }
    word
}

/// "Trẻ em | Child" a line. The value of a choice is made from its English words.
fn choices(reader: &mut Reader, field: Field, text: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    for line in written(text).lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (vi, en) = line.split_once('|').unwrap_or((line, ""));
        let label = Localized { vi: vi.trim().to_owned(), en: en.trim().to_owned() };
        let base = key_of(&label);
        let value = free(&base, |value| choices.iter().any(|choice| choice.value == value));
        choices.push(Choice { value, label });
    }
    if choices.len() < 2 {
        reader.wrong(field, Wrong::Missing);
    } else if choices.len() > MAX_CHOICES {
        reader.wrong(field, Wrong::TooMany { max: MAX_CHOICES });
    }
    let long = |choice: &Choice| {
        choice.label.vi.chars().count().max(choice.label.en.chars().count()) > LABEL
    };
    if choices.iter().any(long) {
        reader.wrong(field, Wrong::TooLong { max: LABEL });
    } else if choices.iter().any(|choice| choice.label.vi.is_empty()) {
        reader.wrong(field, Wrong::Missing);
    }
    choices
}

/// Answers that guests gave are kept by the values of choices: a choice that only changes its
/// words, or its place, keeps its value.
fn keep_values(questions: &mut Questions, before: &Questions) {
    for question in &mut questions.0 {
        let Some(old) = before.0.iter().find(|old| old.key == question.key) else { continue };
        let same =
            |a: &Localized, b: &Localized| a.vi == b.vi || (!a.en.is_empty() && a.en == b.en);
        let mut values: Vec<Option<String>> = question
            .choices
            .iter()
            .map(|choice| {
                let known = old.choices.iter().find(|old| same(&old.label, &choice.label));
                known.map(|old| old.value.clone())
            })
            .collect();
        for at in 0..values.len() {
            let here = old.choices.get(at).map(|old| old.value.clone());
            if values[at].is_none() && here.is_some() && !values.contains(&here) {
                values[at] = here;
            }
        }
        let mut taken: BTreeSet<String> = values.iter().flatten().cloned().collect();
        for (choice, value) in question.choices.iter_mut().zip(values) {
            choice.value =
                value.unwrap_or_else(|| free(&choice.value, |word| taken.contains(word)));
            taken.insert(choice.value.clone());
        }
    }
}

#[derive(Debug, Clone)]
pub struct SaveTerms {
    pub actor: Actor,
    pub tour: TourId,
    pub terms: Terms,
}

/// Saves the conditions. Empty departures of the rules follow a new lead time.
pub async fn save_terms(tx: &mut Tx, command: SaveTerms) -> Result<(), EditError> {
    let SaveTerms { actor, tour, mut terms } = command;
    let workshop = owned(tx, &actor, tour).await?;
    let (before,): (Questions,) =
        tx.fetch_one("SELECT questions FROM tour WHERE id = $1", params![tour]).await?;
    keep_values(&mut terms.questions, &before);
    if let Some(seats) = smallest_capacity(tx, tour).await?
        && terms.min_to_run > seats
    {
        let wrong = Wrong::Number { min: 1, max: seats };
        return Err(EditError::Fields(vec![(Field::MinToRun, wrong)]));
    }
    if terms.payment != PaymentTerms::OnTheSpot
        && payment::of_workshop(tx, workshop).await?.is_none()
    {
        return Err(EditError::Fields(vec![(Field::Prepay, Wrong::NoAccount)]));
    }
    tx.execute_one(
        "UPDATE tour SET policy = $2, lead_time_hours = $3, min_party = $4, max_party = $5, \
         sharing = $6, weather = $7, min_to_run = $8, decide_hours = $9, children = $10, \
         waiver = $11, questions = $12, prepay_percent = $13, pay_minutes = $14 WHERE id = $1",
        params![
            tour,
            terms.policy,
            terms.lead_time_hours,
            terms.min_party,
            terms.max_party,
            terms.sharing,
            terms.weather,
            terms.min_to_run,
            terms.decide_hours,
            terms.children,
            terms.waiver,
            terms.questions,
            i32::from(terms.payment.percent()),
            terms.payment.minutes(),
        ],
    )
    .await?;
    let catalogue = load::load(tx).await?;
    generate_workshop(tx, &catalogue, workshop, HORIZON_DAYS).await?;
    let detail = json!({
        "policy": terms.policy, "lead_time_hours": terms.lead_time_hours,
        "party": [terms.min_party, terms.max_party], "min_to_run": terms.min_to_run,
        "prepay_percent": terms.payment.percent(),
    });
    done(tx, &actor, "tour.save_terms", tour, workshop, detail).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_keeps_its_value_under_other_words() {
        let asked = |lines: &str| {
            let mut reader = Reader::default();
            let field = Field::Question(0, QuestionPart::Choices);
            Questions(vec![Question {
                key: "glaze".into(),
                scope: QuestionScope::Guest,
                kind: QuestionKind::Choice,
                required: false,
                label: Localized::default(),
                choices: choices(&mut reader, field, lines),
            }])
        };
        let values = |questions: &Questions| {
            questions.0[0].choices.iter().map(|choice| choice.value.clone()).collect::<Vec<_>>()
        };
        let before = asked("Men ngọc | Celadon\nMen rạn | Crackle\nMen nâu | Brown");
        assert_eq!(values(&before), ["celadon", "crackle", "brown"]);
        let mut after =
            asked("Men nâu | Brown\nMen rạn cổ | Old crackle\nMen ngọc | Jade\nLam | Crackle");
        keep_values(&mut after, &before);
        assert_eq!(values(&after), ["brown", "old_crackle", "celadon", "crackle"]);
        let mut words = asked("Ngọc | Jade\nMen rạn | Crackle\nMen nâu | Brown");
        keep_values(&mut words, &before);
        assert_eq!(values(&words), ["celadon", "crackle", "brown"]);
        // A new choice does not take a value that was another's.
        let mut fewer = asked("Men rạn | Crackle\nMen nâu | Brown\nMen trắng | White");
        keep_values(&mut fewer, &before);
        assert_eq!(values(&fewer), ["crackle", "brown", "white"]);
    }
}

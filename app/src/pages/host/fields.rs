//! Fields of the editors: their names in forms, what is said when they are wrong, and texts in
//! two languages.

use chrono::Weekday;
use engine::catalogue::Spoken;
use engine::catalogue::edit::Lack;
use engine::catalogue::edit::{
    EditError, ExtraPart, Field, OptionPart, QuestionPart, RulePart, UnitPart, Wrong, Wrongs,
};
use engine::story::ChapterField;
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::story::names as story_names;
use crate::api::form::{Form, Problems};
use crate::error::PageError;
use crate::t::edit as t;
use crate::t::pass as tp;
use crate::t::price as tr;
use crate::ui::field::{FieldError, TextArea, TextField};
use crate::ui::format;

/// The name (and id) of a field's control.
pub fn name_of(field: Field) -> String {
    match field {
        Field::Title(locale) => format!("title_{locale}"),
        Field::Summary(locale) => format!("summary_{locale}"),
        Field::Description(locale) => format!("description_{locale}"),
        Field::Included(locale) => format!("included_{locale}"),
        Field::Bring(locale) => format!("bring_{locale}"),
        Field::TakeHome(locale) => format!("take_home_{locale}"),
        Field::MeetingPoint(locale) => format!("meeting_point_{locale}"),
        Field::Waiver(locale) => format!("waiver_{locale}"),
        Field::Address(locale) => format!("address_{locale}"),
        Field::Story(locale) => format!("story_{locale}"),
        Field::Place(locale) => format!("place_{locale}"),
        Field::Skills(locale) => format!("skills_{locale}"),
        Field::Accessibility(locale) => format!("accessibility_{locale}"),
        Field::Question(at, part) => match part {
            QuestionPart::Label(locale) => format!("q{at}.label_{locale}"),
            QuestionPart::Scope => format!("q{at}.scope"),
            QuestionPart::Kind => format!("q{at}.kind"),
            QuestionPart::Choices => format!("q{at}.choices"),
        },
        Field::Option(at, part) => match part {
            OptionPart::Title(locale) => format!("o{at}.title_{locale}"),
            OptionPart::Minutes => format!("o{at}.minutes"),
            OptionPart::Capacity => format!("o{at}.capacity"),
            OptionPart::Units => format!("o{at}.units"),
        },
        Field::Unit(option, at, part) => {
            let part = match part {
                UnitPart::Kind => "kind",
                UnitPart::MinAge => "min_age",
                UnitPart::MaxAge => "max_age",
                UnitPart::Price => "price",
                UnitPart::Seats => "seats",
            };
            format!("o{option}.u{at}.{part}")
        }
        Field::NetPrice(unit) => format!("net.{unit}"),
        Field::Rule(at, part) => match part {
            RulePart::Name(locale) => format!("r{at}.name_{locale}"),
            RulePart::When => format!("r{at}"),
            RulePart::Weekdays => format!("r{at}.weekdays"),
            RulePart::From => format!("r{at}.from"),
            RulePart::To => format!("r{at}.to"),
            RulePart::Days => format!("r{at}.days"),
            RulePart::Least => format!("r{at}.least"),
            RulePart::Way => format!("r{at}.way"),
            RulePart::By => format!("r{at}.by"),
            RulePart::Much => format!("r{at}.much"),
        },
        Field::Extra(at, part) => match part {
            ExtraPart::Title(locale) => format!("x{at}.title_{locale}"),
            ExtraPart::Kind => format!("x{at}.kind"),
            ExtraPart::Price => format!("x{at}.price"),
            ExtraPart::Per => format!("x{at}.per"),
            ExtraPart::Most => format!("x{at}.most"),
        },
        Field::Chapter(field) => story_names::name_of(field),
        plain => plain_name(plain).to_owned(),
    }
}

const fn plain_name(field: Field) -> &'static str {
    match field {
        Field::Position => "position",
        Field::Languages => "languages",
        Field::Policy => "policy",
        Field::LeadTime => "lead_time",
        Field::MinParty => "min_party",
        Field::MaxParty => "max_party",
        Field::Sharing => "sharing",
        Field::Weather => "weather",
        Field::MinToRun => "min_to_run",
        Field::DecideHours => "decide_hours",
        Field::Prepay => "prepay",
        Field::PrepayPercent => "prepay_percent",
        Field::PayMinutes => "pay_minutes",
        Field::Options => "options",
        Field::Course => "course",
        Field::Needed => "needed",
        Field::Name => "name",
        Field::Phone => "phone",
        Field::Email => "email",
        Field::LegalName => "legal_name",
        Field::LegalForm => "legal_form",
        Field::TaxCode => "tax_code",
        Field::MailLanguage => "mail_language",
        Field::Form => "form",
        Field::FoundedOn => "founded_on",
        Field::Days => "days",
        Field::Opening => "opening",
        Field::CapacityPercent => "capacity_percent",
        Field::PricePercent => "price_percent",
        Field::PercentOff => "percent_off",
        Field::Stops => "stops",
        Field::Tours => "tours",
        Field::Rules => "rules",
        Field::Extras => "extras",
        Field::Code => "code",
        Field::CutBy => "cut_by",
        Field::Cut => "cut",
        Field::BookFrom => "book_from",
        Field::BookTo => "book_to",
        Field::MaxUses => "max_uses",
        Field::ValidFrom => "valid_from",
        Field::ValidTo => "valid_to",
        Field::CreditLimit => "credit_limit",
        _ => "main",
    }
}

fn words_of(locale: Locale, field: Field, wrong: Wrong) -> String {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    match wrong {
        Wrong::Choice if field == Field::Course => {
            crate::t::course::error_course(locale).to_owned()
        }
        Wrong::Date if field == Field::Days => crate::t::event::error_days(locale).to_owned(),
        Wrong::Missing | Wrong::Choice if field == Field::Stops => {
            let missing = wrong == Wrong::Missing;
            let says = if missing { tp::stops_missing(locale) } else { tp::stops_wrong(locale) };
            says.to_owned()
        }
        Wrong::Missing => match field {
            Field::Languages => t::missing_language(locale).to_owned(),
            Field::Options => t::missing_option(locale).to_owned(),
            Field::Option(_, OptionPart::Units) => t::missing_unit(locale).to_owned(),
            Field::Question(_, QuestionPart::Choices) => t::missing_choices(locale).to_owned(),
            Field::Unit(_, _, UnitPart::Price) | Field::Extra(_, ExtraPart::Price) => {
                t::missing_price(locale).to_owned()
            }
            Field::Position => t::missing_position(locale).to_owned(),
            Field::Chapter(ChapterField::Steps) => {
                crate::t::story::missing_steps(locale).to_owned()
            }
            Field::Chapter(ChapterField::Terms) => {
                crate::t::story::missing_terms(locale).to_owned()
            }
            _ => match label_of(locale, field) {
                Some(label) => t::missing_text(locale, label),
                None => t::missing(locale).to_owned(),
            },
        },
        Wrong::TooLong { max } => t::too_long(locale, number(max)),
        Wrong::TooMany { max } => t::too_many(locale, number(max)),
        Wrong::Number { min, max } => t::wrong_number(locale, i64::from(max), i64::from(min)),
        Wrong::Price => t::wrong_price(locale).to_owned(),
        Wrong::Position => t::wrong_position(locale).to_owned(),
        Wrong::Email => t::wrong_email(locale).to_owned(),
        Wrong::Phone => t::wrong_phone(locale).to_owned(),
        Wrong::TaxCode => t::wrong_tax_code(locale).to_owned(),
        Wrong::Date => t::wrong_date(locale).to_owned(),
        Wrong::Choice => t::wrong_choice(locale).to_owned(),
        Wrong::Twice => t::twice(locale).to_owned(),
        Wrong::BelowOther => t::below_other(locale).to_owned(),
        Wrong::DayMonth => crate::t::price::error_day_month(locale).to_owned(),
        Wrong::LunarDays => crate::t::price::error_lunar_days(locale).to_owned(),
        Wrong::OnlyLess => crate::t::price::error_only_less(locale).to_owned(),
        Wrong::Code => crate::t::price::error_code(locale).to_owned(),
        Wrong::Link => crate::t::story::wrong_link(locale).to_owned(),
        Wrong::NoAccount => crate::t::payment::wrong_account(locale).to_owned(),
    }
}

/// What a text is called, where a list of errors must name it.
fn label_of(locale: Locale, field: Field) -> Option<String> {
    let (label, language) = match field {
        Field::Chapter(field) => return story_names::label_of(locale, field),
        Field::Title(language) => (t::title(locale), language),
        Field::Summary(language) => (t::in_short(locale), language),
        Field::Description(language) => (t::description(locale), language),
        Field::MeetingPoint(language) => (t::meeting_place(locale), language),
        Field::Address(language) => (t::address(locale), language),
        Field::Story(language) => (t::story(locale), language),
        Field::Waiver(language) => (t::waiver_text(locale), language),
        Field::Option(_, OptionPart::Title(language)) => (t::option_title(locale), language),
        Field::Rule(_, RulePart::Name(language)) => (tr::rule_name(locale), language),
        Field::Extra(_, ExtraPart::Title(language)) => (tr::extra_title(locale), language),
        Field::Question(_, QuestionPart::Label(language)) => (t::question(locale), language),
        Field::Name => return Some(t::name(locale).to_owned()),
        Field::LegalName => return Some(t::legal_name(locale).to_owned()),
        _ => return None,
    };
    Some(in_language(locale, language, label))
}

/// What a text is called in one of the languages in which hosts write.
fn in_language(locale: Locale, language: Locale, label: &str) -> String {
    if language == Locale::Vi {
        t::in_vietnamese(locale, label)
    } else {
        t::in_english(locale, label)
    }
}

/// Rows look alike, so the list of errors says which.
fn in_row(locale: Locale, field: Field, words: String) -> String {
    let number = |at: usize| i64::try_from(at + 1).unwrap_or(i64::MAX);
    match field {
        Field::Option(at, _) | Field::Unit(at, ..) => {
            format::labelled(locale, t::option_number(locale, number(at)), words)
        }
        Field::Rule(at, _) => format::labelled(locale, tr::rule_number(locale, number(at)), words),
        Field::Extra(at, _) => {
            format::labelled(locale, tr::extra_number(locale, number(at)), words)
        }
        Field::Question(at, _) => {
            format::labelled(locale, t::question_number(locale, number(at)), words)
        }
        Field::Chapter(part) => match story_names::row_of(locale, part) {
            Some(row) => format::labelled(locale, row, words),
            None => words,
        },
        _ => words,
    }
}

/// What is wrong, beside its fields.
pub fn problems(locale: Locale, wrongs: Wrongs) -> Problems {
    let mut problems = Problems::default();
    for (field, wrong) in wrongs {
        problems.add(name_of(field), in_row(locale, field, words_of(locale, field, wrong)));
    }
    problems
}

/// What stands against a change, for the host; an error that is none of theirs ends the request.
pub fn of_edit(locale: Locale, error: EditError) -> Result<Problems, PageError> {
    match error {
        EditError::Store(error) => Err(error.into()),
        EditError::Forbidden(_) | EditError::Unknown => Err(PageError::NotFound),
        EditError::Fields(wrongs) => Ok(problems(locale, wrongs)),
        EditError::NotReady(lacks) => {
            let mut problems = Problems::default();
            for lack in lacks {
                match lack {
                    Lack::Options => problems.add("main", t::not_ready_options(locale)),
                }
            }
            Ok(problems)
        }
    }
}

/// The two texts of a form's fields `key_vi` and `key_en`.
pub fn texts(form: &Form, key: &str) -> Localized {
    let text = |locale: Locale| form.text(&format!("{key}_{locale}")).to_owned();
    Localized { vi: text(Locale::Vi), en: text(Locale::En) }
}

/// Both texts as a form's fields.
pub fn pairs(key: &str, texts: &Localized) -> [(String, String); 2] {
    Locale::WRITTEN.map(|locale| (format!("{key}_{locale}"), texts.get(locale).clone()))
}

/// How a pair of fields looks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    /// Lines of a text area; 0 for one line.
    pub rows: u32,
    pub optional: bool,
    pub hint: &'static str,
}

/// A text in both languages, side by side on a wide screen. A missing translation is said where
/// it would be written.
pub fn in_both(
    locale: Locale,
    key: &str,
    label: &str,
    texts: &Localized,
    problems: &Problems,
    look: Look,
) -> impl IntoView + use<> {
    let field = |language: Locale| {
        let name = format!("{key}_{language}");
        let error = problems.of(&name);
        let value = texts.get(language).clone();
        let label = in_language(locale, language, label);
        let untold = language == Locale::En
            && texts.is_translated(Locale::Vi)
            && !texts.is_translated(Locale::En);
        let untold = if untold { t::no_english(locale) } else { "" };
        let hint = locale.writing().sentences(&[look.hint, untold]).trim().to_owned();
        let optional = look.optional || language == Locale::En;
        if look.rows == 0 {
            view! { <TextField locale name label value hint error optional/> }.into_any()
        } else {
            view! { <TextArea locale name label value hint error optional rows=look.rows/> }
                .into_any()
        }
    };
    view! { <div class="two-languages">{Locale::WRITTEN.map(field).collect_view()}</div> }
}

/// Boxes for the languages spoken, with the group's error.
pub fn language_boxes(
    locale: Locale,
    spoken: &[String],
    problems: &Problems,
) -> impl IntoView + use<> {
    let boxes = Spoken::ALL
        .iter()
        .enumerate()
        .map(|(at, language)| {
            let id = if at == 0 { "languages".to_owned() } else { format!("languages-{language}") };
            let checked = spoken.iter().any(|word| word == language.word());
            view! {
                <label class="toggle">
                    <input type="checkbox" id=id name="languages" value=language.word() checked=checked/>
                    <span>{format::sentence(format::spoken(locale, *language))}</span>
                </label>
            }
        })
        .collect_view();
    let error = problems.of("languages");
    let described = (!error.is_empty()).then_some("languages-error");
    view! {
        <fieldset class="field" aria-describedby=described>
            <legend class="field-label">{t::languages(locale)}</legend>
            <div class="toggles">{boxes}</div>
            <FieldError id="languages" text=error/>
        </fieldset>
    }
}

/// Weeks begin on Monday.
pub const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// A box for each day of the week; `ticked` holds "mon" … The first one has `id`, so that the list
/// of errors can point there.
pub fn weekday_toggles(
    locale: Locale,
    name: &str,
    id: &str,
    ticked: &[String],
) -> impl IntoView + use<> {
    let days = WEEK
        .into_iter()
        .enumerate()
        .map(|(at, day)| {
            let word = day.to_string().to_lowercase();
            let checked = ticked.contains(&word);
            let id = if at == 0 { id.to_owned() } else { format!("{id}-{at}") };
            let long = format::sentence(format::weekday(locale, day));
            view! {
                <label class="toggle">
                    <input type="checkbox" id=id name=name.to_owned() value=word checked=checked/>
                    <span>
                        <span aria-hidden="true">{format::weekday_short(locale, day)}</span>
                        <span class="visually-hidden">{long}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    view! { <div class="toggles">{days}</div> }
}

/// "20.9766, 105.9122".
pub fn position(lat: f64, lon: f64) -> String {
    format!("{lat}, {lon}")
}

/// The button that the Enter key presses: a form's first one. The others add or remove rows.
pub fn enter_saves(locale: Locale) -> impl IntoView {
    view! {
        <button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true">
            {t::save(locale)}
        </button>
    }
}

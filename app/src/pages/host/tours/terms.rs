//! On what conditions guests come to a tour, and what they are asked.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::edit::{QuestionInput, SaveTerms, Terms, TermsInput, save_terms};
use engine::catalogue::{Policy, Question, QuestionKind, QuestionScope, Sharing, Tour, Weather};
use engine::payment::PaymentTerms;
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::head::{Section, head, to};
use super::intro::save_bar;
use super::{open, preview};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, enter_saves, in_both, of_edit, pairs, problems, texts};
use crate::pages::host::frame::{Desk, Tab, frame, see};
use crate::render::Page;
use crate::t::edit as t;
use crate::t::payment as pay;
use crate::ui::field::{Checkbox, ErrorSummary, Hidden, Radios, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type At = Path<(String, String, String)>;

const MAX_ROWS: usize = 40;

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let form = as_form(&tour);
    let questions = tour.questions.0.iter().map(question_input).collect();
    answer(&visit, &desk, &tour, &form, questions, Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let mut questions = read_questions(&form);
    if change_rows(&mut questions, form.text("do")) {
        return answer(&visit, &desk, &tour, &form, questions, Problems::default());
    }
    let terms = match Terms::parse(&input(&form, questions.clone())) {
        Ok(terms) => terms,
        Err(wrongs) => {
            let problems = problems(visit.locale, wrongs);
            return answer(&visit, &desk, &tour, &form, questions, problems);
        }
    };
    if let Some(locale) = preview::asked(&form) {
        let mut shown = tour;
        terms.shown_on(&mut shown);
        return preview::page(&app, &visit, &desk, shown, locale).await;
    }
    let command = SaveTerms { actor: visit.actor.clone(), tour: tour.id, terms };
    let saved = app.store.write("save terms", command, |tx, c| Box::pin(save_terms(tx, c))).await;
    match saved {
        Ok(()) => {
            let back = to(&visit, desk.workshop()?, &tour, Section::Terms);
            Ok(see(&format!("{back}?saved=1")))
        }
        Err(error) => {
            let problems = of_edit(visit.locale, error)?;
            answer(&visit, &desk, &tour, &form, questions, problems)
        }
    }
}

fn as_form(tour: &Tour) -> Form {
    let mut fields: Vec<(String, String)> = [
        ("policy", tour.policy.to_string()),
        ("lead_time", tour.lead_time_hours.to_string()),
        ("min_party", tour.min_party.to_string()),
        ("max_party", tour.max_party.to_string()),
        ("sharing", tour.sharing.to_string()),
        ("weather", tour.weather.to_string()),
        ("min_to_run", tour.min_to_run.to_string()),
        ("decide_hours", tour.decide_hours.to_string()),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    let (prepay, percent) = match PaymentTerms::of(tour.prepay_percent, tour.pay_minutes) {
        PaymentTerms::OnTheSpot => ("", 30),
        PaymentTerms::Deposit { percent, .. } => ("deposit", percent),
        PaymentTerms::Full { .. } => ("full", 30),
    };
    fields.push(("prepay".into(), prepay.into()));
    fields.push(("prepay_percent".into(), percent.to_string()));
    fields.push(("pay_minutes".into(), tour.pay_minutes.to_string()));
    if tour.children {
        fields.push(("children".into(), "on".into()));
    }
    fields.extend(pairs("waiver", &tour.waiver.clone().unwrap_or_default()));
    Form::of_pairs(fields)
}

fn question_input(question: &Question) -> QuestionInput {
    let choices: Vec<String> = question
        .choices
        .iter()
        .map(|choice| match (&choice.label.vi, &choice.label.en) {
            (vi, en) if en.is_empty() => vi.clone(),
            (vi, en) => format!("{vi} | {en}"),
        })
        .collect();
    QuestionInput {
        key: question.key.clone(),
        scope: question.scope.to_string(),
        kind: question.kind.to_string(),
        required: question.required,
        label: question.label.clone(),
        choices: choices.join("\n"),
    }
}

fn input(form: &Form, questions: Vec<QuestionInput>) -> TermsInput {
    let text = |name: &str| form.text(name).to_owned();
    TermsInput {
        policy: text("policy"),
        lead_time_hours: text("lead_time"),
        min_party: text("min_party"),
        max_party: text("max_party"),
        sharing: text("sharing"),
        weather: text("weather"),
        min_to_run: text("min_to_run"),
        decide_hours: text("decide_hours"),
        children: form.has("children"),
        prepay: text("prepay"),
        prepay_percent: text("prepay_percent"),
        pay_minutes: text("pay_minutes"),
        waiver: texts(form, "waiver"),
        questions,
    }
}

fn read_questions(form: &Form) -> Vec<QuestionInput> {
    (0..MAX_ROWS)
        .map(|at| format!("q{at}"))
        .take_while(|row| form.has(&format!("{row}.key")))
        .map(|row| {
            let text = |part: &str| form.text(&format!("{row}.{part}")).to_owned();
            QuestionInput {
                key: text("key"),
                scope: text("scope"),
                kind: text("kind"),
                required: form.has(&format!("{row}.required")),
                label: texts(form, &format!("{row}.label")),
                choices: text("choices"),
            }
        })
        .collect()
}

/// Adds or removes a question; false when the button asks for something else.
fn change_rows(questions: &mut Vec<QuestionInput>, act: &str) -> bool {
    if act == "add-question" {
        questions.push(QuestionInput {
            scope: QuestionScope::Booking.to_string(),
            kind: QuestionKind::Text.to_string(),
            ..QuestionInput::default()
        });
        return true;
    }
    let at = act.strip_prefix("drop-question-").and_then(|at| at.parse::<usize>().ok());
    let Some(at) = at.filter(|at| *at < questions.len()) else { return false };
    questions.remove(at);
    true
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    tour: &Tour,
    form: &Form,
    questions: Vec<QuestionInput>,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let unopened = desk.unopened;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (tour, form, inner) = (tour.clone(), form.clone(), visit.clone());
    let title = format!("{} · {}", t::section_terms(locale), tour.title.text(locale));
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let page = to(&inner, &shop, &tour, Section::Terms);
        let rows = questions
            .iter()
            .enumerate()
            .map(|(at, row)| question(locale, &page, at, row, &problems))
            .collect_view();
        let next = format!("{page}#q{}.label_vi", questions.len());
        let waiver: Localized = texts(&form, "waiver");
        let body = view! {
            {head(&inner, &shop, &tour, Section::Terms, unopened)}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=page.clone() novalidate>
                {enter_saves(locale)}
                {conditions(locale, &form, &problems)}
                {paying(locale, &tour, &form, &problems)}
                <section class="panel stack" aria-labelledby="asked">
                    <h2 class="panel-title" id="asked">{t::questions(locale)}</h2>
                    <p class="field-hint">{t::questions_hint(locale)}</p>
                    <div id="questions" class="form">{rows}</div>
                    <div>
                        <button class="btn btn-small" name="do" value="add-question" formaction=next>
                            {icon("plus")}{t::add_question(locale)}
                        </button>
                    </div>
                </section>
                <section class="panel stack" aria-labelledby="accepted">
                    <h2 class="panel-title" id="accepted">{t::waiver(locale)}</h2>
                    {in_both(locale, "waiver", t::waiver_text(locale), &waiver, &problems, Look {
                        rows: 4, optional: true, hint: t::waiver_hint(locale),
                    })}
                </section>
                {save_bar(&inner, &shop, true)}
            </form>
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}

fn conditions(locale: Locale, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let number = |name: &'static str, label: &'static str, hint: &'static str| {
        view! {
            <TextField locale name label hint inputmode="numeric" short=true
                value=form.text(name).to_owned() error=problems.of(name)/>
        }
    };
    let choice = |name: &'static str, label: &'static str, options: Vec<(String, String)>| {
        view! {
            <Radios name label options value=form.text(name).to_owned() error=problems.of(name)/>
        }
    };
    let words = |word: &str, text: &str| (word.to_owned(), text.to_owned());
    let sharing = vec![
        words(Sharing::Shared.word(), t::sharing_shared(locale)),
        words(Sharing::Private.word(), t::sharing_private(locale)),
    ];
    let weather = vec![
        words(Weather::Indoor.word(), t::weather_indoor(locale)),
        words(Weather::Covered.word(), t::weather_covered(locale)),
        words(Weather::Outdoor.word(), t::weather_outdoor(locale)),
    ];
    let policies = Policy::ALL
        .iter()
        .map(|policy| (policy.to_string(), format::policy_sentence(locale, *policy)))
        .collect();
    view! {
        <section class="panel stack" aria-labelledby="party">
            <h2 class="panel-title" id="party">{t::party(locale)}</h2>
            <div class="field-row">
                {number("min_party", t::min_party(locale), t::min_party_hint(locale))}
                {number("max_party", t::max_party(locale), t::max_party_hint(locale))}
            </div>
            {choice("sharing", t::sharing(locale), sharing)}
            <Checkbox name="children" label=t::children(locale) checked=form.has("children")/>
            {choice("weather", t::weather(locale), weather)}
        </section>
        <section class="panel stack" aria-labelledby="notice">
            <h2 class="panel-title" id="notice">{t::notice(locale)}</h2>
            <div class="field-row">
                {number("lead_time", t::lead_time(locale), t::lead_time_hint(locale))}
                {number("min_to_run", t::min_to_run(locale), t::min_to_run_hint(locale))}
                {number("decide_hours", t::decide_hours(locale), t::decide_hours_hint(locale))}
            </div>
            <Select locale name="policy" label=t::policy(locale) hint=t::policy_hint(locale) options=policies
                value=form.text("policy").to_owned() error=problems.of("policy")/>
        </section>
    }
}

/// When guests pay. Courses are paid on the spot.
fn paying(locale: Locale, tour: &Tour, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let inner = if tour.course.is_some() {
        view! { <p class="soft">{pay::terms_course(locale)}</p> }.into_any()
    } else {
        let kinds = [
            ("", pay::terms_spot(locale)),
            ("deposit", pay::terms_deposit(locale)),
            ("full", pay::terms_full(locale)),
        ]
        .map(|(word, words)| (word.to_owned(), words.to_owned()));
        let mut times = [
            (60, pay::hours_1(locale)),
            (240, pay::hours_4(locale)),
            (720, pay::hours_12(locale)),
            (1_440, pay::hours_24(locale)),
            (2_880, pay::hours_48(locale)),
            (10_080, pay::hours_168(locale)),
        ]
        .map(|(minutes, words)| (minutes.to_string(), words.to_owned()))
        .to_vec();
        let now = value("pay_minutes");
        if let Ok(minutes) = now.parse::<i32>()
            && times.iter().all(|(known, _)| *known != now)
        {
            times.insert(0, (now.clone(), format::duration(locale, minutes)));
        }
        view! {
            <Radios name="prepay" label=pay::terms_prepay(locale) options=kinds.to_vec()
                value=value("prepay") error=problems.of("prepay")/>
            <div class="field-row">
                <TextField locale name="prepay_percent" label=pay::terms_percent(locale)
                    inputmode="numeric" short=true value=value("prepay_percent")
                    error=problems.of("prepay_percent")/>
                <Select locale name="pay_minutes" label=pay::terms_hours(locale) options=times
                    hint=pay::terms_hint(locale) value=now error=problems.of("pay_minutes")/>
            </div>
        }
        .into_any()
    };
    view! {
        <section class="panel stack" aria-labelledby="paying">
            <h2 class="panel-title" id="paying">{pay::terms(locale)}</h2>
            {inner}
        </section>
    }
}

fn question(
    locale: Locale,
    page: &str,
    at: usize,
    row: &QuestionInput,
    problems: &Problems,
) -> impl IntoView + use<> {
    let name = |part: &str| format!("q{at}.{part}");
    let words = |word: &str, text: &str| (word.to_owned(), text.to_owned());
    let kinds = vec![
        words(QuestionKind::Text.word(), t::kind_text(locale)),
        words(QuestionKind::Choice.word(), t::kind_choice(locale)),
        words(QuestionKind::Number.word(), t::kind_number(locale)),
    ];
    let scopes = vec![
        words(QuestionScope::Booking.word(), t::scope_booking(locale)),
        words(QuestionScope::Guest.word(), t::scope_guest(locale)),
    ];
    let legend = t::question_number(locale, i64::try_from(at + 1).unwrap_or(i64::MAX));
    view! {
        <fieldset class="fieldset question-edit" id=format!("q{at}")>
            <legend>{legend.clone()}</legend>
            <Hidden name=name("key") value=row.key.clone()/>
            {in_both(locale, &name("label"), t::question(locale), &row.label, problems, Look::default())}
            <div class="field-row">
                <Select locale name=name("kind") label=t::kind(locale) options=kinds
                    value=row.kind.clone() error=problems.of(&name("kind"))/>
                <Select locale name=name("scope") label=t::scope(locale) options=scopes
                    value=row.scope.clone() error=problems.of(&name("scope"))/>
            </div>
            <TextArea locale name=name("choices") label=t::choices(locale) hint=t::choices_hint(locale)
                rows=3 optional=true value=row.choices.clone() error=problems.of(&name("choices"))/>
            <Checkbox name=name("required") label=t::required(locale) checked=row.required/>
            <div>
                <button class="btn btn-small btn-danger" name="do" value=format!("drop-question-{at}")
                    formaction=format!("{page}#questions")>
                    {icon("trash")}{t::drop_question(locale)}
                    <span class="visually-hidden">{legend}</span>
                </button>
            </div>
        </fieldset>
    }
}

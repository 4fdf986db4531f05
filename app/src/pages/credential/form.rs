//! The form of a kind: its fields, and what came of them with its files.

use axum::extract::multipart::{Field, Multipart, MultipartError};
use chrono::NaiveDate;
use engine::credential::{
    CheckKind, Claim, ClaimInput, Kind, Level, MAX_BYTES, MarkKind, PaperError, Seat, Stars,
    Upload, words,
};
use engine::{Locale, credential};
use leptos::prelude::*;

use super::{problems, t};
use crate::api::form::{Form, Problems};
use crate::ui::field::{FieldError, Select, TextField};

/// Largest upload, bytes: all files of one form.
pub const MAX_UPLOAD: usize = 40 * 1024 * 1024;

/// What a form sent: its fields, its files, and what was wrong with those.
pub struct Sent {
    pub form: Form,
    pub uploads: Vec<Upload>,
    pub problems: Problems,
}

impl Sent {
    /// Reads to the end, so that the browser gets an answer whatever was wrong.
    pub async fn read(locale: Locale, mut upload: Multipart) -> Sent {
        let (mut pairs, mut uploads) = (Vec::new(), Vec::new());
        let mut problems = Problems::default();
        loop {
            let field = match upload.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => break,
                Err(_) => {
                    problems.add("papers", t::e_upload(locale));
                    break;
                }
            };
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(str::to_owned);
            let Ok(bytes) = bytes_of(field).await else {
                problems.add("papers", t::e_upload(locale));
                break;
            };
            let Some(file) = file else {
                pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
                continue;
            };
            // What a browser sends when no file was chosen.
            if name != "papers" || (file.is_empty() && bytes.is_empty()) {
                continue;
            }
            match Upload::new(&file, bytes) {
                Ok(paper) => uploads.push(paper),
                Err(error) => problems.add("papers", of_file(locale, error, &file)),
            }
        }
        Sent { form: Form::of_pairs(pairs), uploads, problems }
    }
}

async fn bytes_of(mut field: Field<'_>) -> Result<Vec<u8>, MultipartError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await? {
        // One that is too large is read to its end all the same; the engine refuses it by its length.
        if bytes.len() <= MAX_BYTES {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}

pub const fn megabytes() -> usize {
    MAX_BYTES / (1024 * 1024)
}

fn of_file(locale: Locale, error: PaperError, file: &str) -> String {
    let name: String = file.chars().take(80).collect();
    match error {
        PaperError::TooBig => t::e_too_big(locale, megabytes(), name),
        PaperError::NotAPaper => t::e_not_a_paper(locale, name),
        PaperError::TooMany => {
            t::e_too_many(locale, i64::try_from(credential::MAX_PAPERS).unwrap_or(i64::MAX))
        }
        PaperError::Missing => t::e_no_paper(locale).to_owned(),
    }
}

/// What the form's lists offer: values and words.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Whose it may be; empty where that is settled.
    pub seats: Vec<(String, String)>,
    pub tours: Vec<(String, String)>,
    pub marks: Vec<(String, String)>,
}

/// "workshop:<id>", "village:<id>", "coop:<id>".
pub fn seat_of(text: &str) -> Option<Seat> {
    let (what, id) = text.split_once(':')?;
    Some(match what {
        "workshop" => Seat::Workshop(id.parse().ok()?),
        "village" => Seat::Village(id.parse().ok()?),
        "coop" => Seat::Coop(id.parse().ok()?),
        _ => return None,
    })
}

/// The claim, or all that is wrong with what was typed.
pub fn claim(
    locale: Locale,
    kind: Kind,
    seat: Option<Seat>,
    form: &Form,
    today: NaiveDate,
) -> Result<Claim, Problems> {
    let Some(seat) = seat else {
        let mut problems = Problems::default();
        problems.add("seat", t::e_choice(locale));
        return Err(problems);
    };
    let text = |name: &str| form.text(name).to_owned();
    let input = ClaimInput {
        of: text("of"),
        subject: text("subject"),
        owner: text("owner"),
        mark: text("mark"),
        stars: text("stars"),
        level: text("level"),
        number: text("number"),
        decision: text("decision"),
        issuer: text("issuer"),
        year: text("year"),
        filed_on: text("filed_on"),
        issued_on: text("issued_on"),
        renewals: text("renewals"),
        until: text("until"),
    };
    Claim::parse(kind, seat, &input, today).map_err(|wrongs| problems(locale, wrongs))
}

/// The fields with what is claimed already.
pub fn filled(input: ClaimInput) -> Form {
    let pairs = [
        ("of", input.of),
        ("subject", input.subject),
        ("owner", input.owner),
        ("mark", input.mark),
        ("stars", input.stars),
        ("level", input.level),
        ("number", input.number),
        ("decision", input.decision),
        ("issuer", input.issuer),
        ("year", input.year),
        ("filed_on", input.filed_on),
        ("issued_on", input.issued_on),
        ("renewals", input.renewals),
        ("until", input.until),
    ];
    Form::of_pairs(pairs.map(|(name, value)| (name.to_owned(), value)).into())
}

/// Draws fields: each knows what was typed and what is wrong with it.
struct Drawn<'a> {
    locale: Locale,
    form: &'a Form,
    problems: &'a Problems,
}

impl Drawn<'_> {
    fn text(&self, name: &'static str, label: &'static str, hint: &'static str) -> AnyView {
        let (locale, value, error) = (self.locale, self.form.text(name), self.problems.of(name));
        view! { <TextField locale name label hint value error/> }.into_any()
    }

    fn perhaps(&self, name: &'static str, label: &'static str, hint: &'static str) -> AnyView {
        let (locale, value, error) = (self.locale, self.form.text(name), self.problems.of(name));
        view! { <TextField locale name label hint value error optional=true/> }.into_any()
    }

    fn day(&self, name: &'static str, label: &'static str, hint: &'static str) -> AnyView {
        let (locale, value, error) = (self.locale, self.form.text(name), self.problems.of(name));
        view! { <TextField locale name label hint value error kind="date" short=true/> }.into_any()
    }

    fn number(&self, name: &'static str, label: &'static str) -> AnyView {
        let (locale, value, error) = (self.locale, self.form.text(name), self.problems.of(name));
        view! { <TextField locale name label value error inputmode="numeric" short=true/> }
            .into_any()
    }

    fn choice(
        &self,
        name: &'static str,
        label: &'static str,
        hint: &'static str,
        options: Vec<(String, String)>,
    ) -> AnyView {
        let (locale, value, error) = (self.locale, self.form.text(name), self.problems.of(name));
        view! { <Select locale name label hint options value error/> }.into_any()
    }
}

/// The fields of a kind.
pub fn fields(
    locale: Locale,
    kind: Kind,
    choices: &Choices,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let draw = Drawn { locale, form, problems };
    let seat = (!choices.seats.is_empty()).then(|| {
        let (label, hint) = match kind {
            Kind::Licence => (t::licensed_to(locale), ""),
            Kind::Mark(_) => (t::of_whom(locale), t::of_whom_hint(locale)),
            _ => (t::of_whom(locale), ""),
        };
        draw.choice("seat", label, hint, choices.seats.clone())
    });
    let fields = match kind {
        Kind::Ocop => ocop(&draw, choices),
        Kind::Mark(mark) => of_mark(&draw, mark, choices),
        Kind::Licence => vec![
            draw.choice("mark", t::mark(locale), "", choices.marks.clone()),
            draw.text("number", t::licence_number(locale), ""),
            draw.day("issued_on", t::from(locale), ""),
            draw.day("until", t::until_label(locale), ""),
        ],
        Kind::Title(_) => vec![
            draw.text("subject", t::person(locale), ""),
            draw.text("decision", t::decision(locale), ""),
            draw.number("year", t::year(locale)),
        ],
        Kind::WorldCraftCity => vec![draw.number("year", t::year(locale))],
        Kind::Village(_) => vec![
            draw.perhaps("decision", t::decision(locale), ""),
            draw.number("year", t::year(locale)),
        ],
        Kind::Check(check) => {
            let until = if check == CheckKind::EnvironmentalRegistration {
                let (value, error) = (form.text("until"), problems.of("until"));
                view! {
                    <TextField locale name="until" label=t::until_label(locale) hint=t::until_hint(locale)
                        value error kind="date" short=true optional=true/>
                }
                .into_any()
            } else {
                draw.day("until", t::until_label(locale), t::until_hint(locale))
            };
            vec![
                draw.text("issuer", t::issuer(locale), t::issuer_hint(locale)),
                draw.perhaps("number", t::number_of_paper(locale), ""),
                draw.day("issued_on", t::checked_on(locale), ""),
                until,
            ]
        }
    };
    view! { {seat} {fields} }
}

fn ocop(draw: &Drawn<'_>, choices: &Choices) -> Vec<AnyView> {
    let locale = draw.locale;
    let stars = Stars::ALL
        .iter()
        .rev()
        .map(|stars| (stars.count().to_string(), t::n_stars(locale, i64::from(stars.count()))))
        .collect();
    let levels = Level::ALL
        .iter()
        .map(|level| (level.word().to_owned(), words::level(locale, *level).to_owned()))
        .collect();
    let mut of = vec![(String::new(), t::a_product(locale).to_owned())];
    of.extend(choices.tours.iter().cloned());
    // A product is the empty choice, which a required list would not let through.
    let (value, error) = (draw.form.text("of"), draw.problems.of("of"));
    let of = view! {
        <Select locale name="of" label=t::what_has_stars(locale) options=of value error optional=true/>
    };
    vec![
        of.into_any(),
        draw.text("subject", t::product(locale), ""),
        draw.choice("stars", t::stars(locale), "", stars),
        draw.choice("level", t::level(locale), t::level_hint(locale), levels),
        draw.text("issuer", t::issuer(locale), t::issuer_hint(locale)),
        draw.text("number", t::number(locale), ""),
        draw.text("decision", t::decision(locale), ""),
        draw.day("issued_on", t::decided_on(locale), t::decided_hint(locale)),
    ]
}

fn of_mark(draw: &Drawn<'_>, mark: MarkKind, choices: &Choices) -> Vec<AnyView> {
    let locale = draw.locale;
    let mut fields = vec![draw.text("subject", t::mark_name(locale), "")];
    // Only the office enters marks of associations.
    if !choices.seats.is_empty() || !draw.form.text("owner").is_empty() {
        fields.push(draw.perhaps("owner", t::mark_owner(locale), t::mark_owner_hint(locale)));
    }
    fields.push(draw.text("number", t::mark_number(locale), ""));
    fields.push(draw.day("filed_on", t::filed_on(locale), t::filed_hint(locale)));
    fields.push(draw.day("issued_on", t::granted_on(locale), ""));
    if mark != MarkKind::Indication {
        fields.push(draw.perhaps("renewals", t::renewals(locale), ""));
    }
    fields
}

/// The control for files.
pub fn file_field(
    locale: Locale,
    required: bool,
    again: bool,
    problems: &Problems,
) -> impl IntoView + use<> {
    let error = problems.of("papers");
    let invalid = (!error.is_empty()).then_some("true");
    let described = if error.is_empty() { "papers-hint" } else { "papers-hint papers-error" };
    let mut hint = t::papers_hint(locale, i64::try_from(megabytes()).unwrap_or(i64::MAX));
    if again {
        hint = format!("{hint} {}", t::papers_again(locale));
    }
    let optional = (!required).then(|| {
        view! { " " <span class="optional">{crate::t::form::optional(locale)}</span> }
    });
    view! {
        <div class="field">
            <label for="papers">{t::papers(locale)} {optional}</label>
            <p class="field-hint" id="papers-hint">{hint}</p>
            <input class="input" id="papers" name="papers" type="file" multiple required=required
                accept="application/pdf,image/jpeg,image/png" aria-invalid=invalid aria-describedby=described/>
            <FieldError id="papers" text=error/>
        </div>
    }
}

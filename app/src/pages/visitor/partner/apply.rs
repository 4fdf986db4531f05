//! The form by which students and researchers apply, and what is wrong with it.

use engine::partner::{
    self, Applicant, ApplicantKind, Apply, ApplyData, ApplyInput, ApplyTo, PartnerError,
};
use leptos::prelude::*;

use super::refused;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::t::partner as t;
use crate::ui::field::{ErrorSummary, FormKey, TextArea, TextField};
use crate::ui::{consent, partner as ui, trap};

/// Applies; Ok(Err(..)) says what is wrong with the form.
pub(super) async fn send(
    app: &App,
    visit: &Visit,
    to: ApplyTo,
    form: &Form,
    key: String,
) -> Result<Result<Applicant, Problems>, PageError> {
    let locale = visit.locale;
    let text = |name: &str| form.text(name).to_owned();
    let input = ApplyInput {
        name: text("name"),
        email: text("email"),
        organisation: text("organisation"),
        topic: text("topic"),
        words: text("words"),
    };
    let data = ApplyData::parse(&input, kind(to));
    let mut problems = data
        .as_ref()
        .err()
        .map_or_else(Problems::default, |wrongs| ui::problems(locale, wrongs.clone()));
    trap::look(locale, form, &mut problems);
    let (Ok(data), true) = (data, problems.is_empty()) else { return Ok(Err(problems)) };
    let command = Apply { to, data, locale, form_key: key };
    let sent = app.store.write("apply", command, |tx, c| Box::pin(partner::apply(tx, c))).await;
    match sent {
        Ok(applicant) => return Ok(Ok(applicant)),
        Err(PartnerError::Twice) => problems.add("email", t::apply_twice(locale)),
        Err(PartnerError::Closed) => problems.add("words", t::apply_closed(locale)),
        Err(error) => return Err(refused(error)),
    }
    Ok(Err(problems))
}

const fn kind(to: ApplyTo) -> ApplicantKind {
    match to {
        ApplyTo::Placement(_) => ApplicantKind::Placement,
        ApplyTo::Study(_) => ApplicantKind::Study,
    }
}

/// The form under its heading.
pub(super) fn form(
    visit: &Visit,
    to: ApplyTo,
    action: String,
    key: String,
    (form, problems): (&Form, &Problems),
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let study = kind(to) == ApplicantKind::Study;
    let topic = study.then(|| {
        view! {
            <TextField locale name="topic" label=t::topic(locale) maxlength=200
                value=value("topic") error=error("topic")/>
        }
    });
    let hint = if study { t::words_study_hint(locale) } else { t::words_hint(locale) };
    view! {
        <section class="stack" aria-labelledby="apply">
            <h2 id="apply">{if study { t::ask_study(locale) } else { t::apply(locale) }}</h2>
            <form class="form panel" method="post" action=action novalidate>
                <ErrorSummary locale problems=problems.clone()/>
                <FormKey key/>
                <TextField locale name="name" label=t::your_name(locale) autocomplete="name" maxlength=120
                    value=value("name") error=error("name")/>
                <TextField locale name="organisation" label=t::organisation(locale) autocomplete="organization"
                    maxlength=120 value=value("organisation") error=error("organisation")/>
                <TextField locale name="email" label=t::your_email(locale) kind="email" autocomplete="email"
                    inputmode="email" hint=t::your_email_hint(locale)
                    value=value("email") error=error("email")/>
                {topic}
                <TextArea locale name="words" label=t::words(locale) hint=hint rows=6 maxlength=2000
                    value=value("words") error=error("words")/>
                <p class="small soft">{t::kept(locale)}</p>
                {trap::field(locale, form, problems)}
                {consent::agreed(visit)}
                <button class="btn btn-primary btn-large" type="submit">{t::send(locale)}</button>
            </form>
        </section>
    }
}

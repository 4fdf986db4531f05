//! Adding to a lot's register: a form of its own for each kind of entry.

use std::sync::Arc;

use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use engine::catalogue::photos::{MAX_BYTES, prepare_aside};
use engine::provenance::{Add, AddData, AddInput, AddKind};
use leptos::prelude::*;

use super::new::uncertified;
use super::one::{Shown, answer};
use super::{At, must_be_lot};
use crate::api::form::{Form, Problems, fresh_key};
use crate::api::upload::Upload;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, texts};
use crate::pages::host::frame::see;
use crate::pages::host::photos::of_photo;
use crate::t::provenance as t;
use crate::ui::field::{Checkbox, FieldError, FormKey, Hidden, Select, TextField};
use crate::ui::provenance::problems;

/// Largest form: a photograph, and a little more for the words.
pub const MAX_UPLOAD: usize = MAX_BYTES + 1024 * 1024;
/// Name of the file's field.
const PICTURE: &str = "picture";

pub async fn add(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, lot)): At,
    parts: Multipart,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shown = Shown::open(&app, &visit, &slug, &lot).await?;
    must_be_lot(&shown.record)?;
    let Ok(Upload { form, file }) = Upload::read(parts, PICTURE, MAX_BYTES).await else {
        let mut wrong = Problems::default();
        wrong.add("main", t::upload_broken(locale));
        return answer(&visit, shown, Form::default(), wrong);
    };
    let kind = AddKind::parse(form.text("kind")).ok_or(PageError::Invalid)?;
    let text = |name: &str| form.text(name).to_owned();
    let input = AddInput {
        words: texts(&form, "words"),
        origin: texts(&form, "m0.origin"),
        date: text("date"),
        of: text("of"),
        name: text("name"),
        consent: form.has("consent"),
        certificate: text("certificate"),
    };
    let mut wrong = Problems::default();
    let data = match AddData::parse(kind, &input, shown.today) {
        Ok(data) => Some(data),
        Err(error) => {
            wrong.append(problems(locale, error)?);
            None
        }
    };
    // Only what else is right is worth the work of unpacking a picture.
    let mut photo = None;
    if let Some(bytes) = file.filter(|_| takes_picture(kind) && wrong.is_empty()) {
        match prepare_aside(bytes).await {
            Ok(prepared) => photo = Some(Arc::new(prepared)),
            Err(error) => wrong.add(PICTURE, of_photo(locale, error)?),
        }
    } else if kind == AddKind::Photo && wrong.is_empty() {
        wrong.add(PICTURE, t::picture_missing(locale));
    }
    let Some(data) = data.filter(|_| wrong.is_empty()) else {
        return answer(&visit, shown, form, wrong);
    };
    let record = shown.record.id;
    let command =
        Add { actor: visit.actor.clone(), record, kind, data, photo, form_key: form.key() };
    let added =
        app.store.write("add to lot", command, |tx, c| Box::pin(engine::provenance::add(tx, c)));
    match added.await {
        Ok(_) => Ok(see(&format!("{}?done=added#register", shown.at(&visit)?))),
        Err(error) => {
            let wrong = problems(locale, error)?;
            answer(&visit, shown, form, wrong)
        }
    }
}

const fn takes_picture(kind: AddKind) -> bool {
    matches!(kind, AddKind::Step | AddKind::Photo)
}

/// The form of one kind of entry, and links to the others: Enter and labels then mean one thing.
pub(super) fn forms(
    visit: &Visit,
    shown: &Shown,
    here: &str,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let typed = AddKind::parse(form.text("kind"));
    let wished = AddKind::parse(Form::of_query(&visit.query).text("add"));
    let may = |kind: &AddKind| shown.desk.owner || !kind.only_owners();
    let chosen = typed.or(wished).filter(may).unwrap_or(AddKind::Step);
    let links: Vec<_> = AddKind::ALL
        .into_iter()
        .filter(may)
        .map(|kind| {
            let href = format!("{here}?add={}#add", kind.word());
            let current = (kind == chosen).then_some("true");
            view! { <li><a href=href aria-current=current>{name_of(locale, kind).0}</a></li> }
        })
        .collect();
    view! {
        <section class="stack-s" aria-labelledby="add">
            <h2 id="add">{t::add_title(locale)}</h2>
            <ul class="lot-kinds">{links}</ul>
            {one(visit, shown, here, chosen, form, wrong)}
        </section>
    }
}

fn name_of(locale: crate::Locale, kind: AddKind) -> (&'static str, &'static str) {
    match kind {
        AddKind::Step => (t::add_step(locale), t::words_step(locale)),
        AddKind::Photo => (t::add_photo(locale), t::words_photo(locale)),
        AddKind::Material => (t::add_material_entry(locale), t::material_name(locale)),
        AddKind::Maker => (t::add_maker(locale), t::name(locale)),
        AddKind::Credential => (t::add_credential(locale), t::words_credential(locale)),
        AddKind::Remark => (t::add_remark(locale), t::words_remark(locale)),
        AddKind::Correction => (t::add_correction(locale), t::words_correction(locale)),
        AddKind::HandedOver => (t::add_handed_over(locale), t::words_handed_over(locale)),
    }
}

fn one(
    visit: &Visit,
    shown: &Shown,
    here: &str,
    kind: AddKind,
    form: &Form,
    wrong: &Problems,
) -> AnyView {
    let locale = visit.locale;
    let value = |name: &str| form.text(name).to_owned();
    let label = name_of(locale, kind).1;
    let again = form.has("kind");
    let key = if again { form.key() } else { fresh_key() };
    let hint = t::words_hint(locale);
    let words = (!matches!(kind, AddKind::Maker | AddKind::Credential)).then(|| {
        let look = Look { rows: 2, optional: false, hint };
        in_both(locale, "words", label, &texts(form, "words"), wrong, look)
    });
    let origin = (kind == AddKind::Material).then(|| {
        let look = Look::default();
        let origin = texts(form, "m0.origin");
        in_both(locale, "m0.origin", t::origin(locale), &origin, wrong, look)
    });
    let date = matches!(kind, AddKind::Step | AddKind::HandedOver).then(|| {
        let today = shown.today.to_string();
        let on = if again { value("date") } else { today.clone() };
        view! {
            <TextField locale name="date" label=t::on(locale) kind="date" short=true max=today
                value=on error=wrong.of("date")/>
        }
    });
    let of = (kind == AddKind::Correction).then(|| {
        let most = shown.record.head_seq.to_string();
        view! {
            <TextField locale name="of" label=t::of(locale) kind="number" inputmode="numeric" short=true
                min="1" max=most value=value("of") error=wrong.of("of")/>
        }
    });
    let maker = (kind == AddKind::Maker).then(|| {
        view! {
            <TextField locale name="name" label=label hint=t::makers_hint(locale) autocomplete="off"
                maxlength=80 value=value("name") error=wrong.of("name")/>
            <Checkbox name="consent" label=t::consent_one(locale) checked=form.has("consent")
                error=wrong.of("consent")/>
        }
    });
    let certified = !shown.certificates.is_empty();
    if kind == AddKind::Credential && !certified {
        return shown
            .desk
            .workshop()
            .ok()
            .map(|shop| view! { <div class="panel">{uncertified(visit, shop, false)}</div> })
            .into_any();
    }
    let credential = (kind == AddKind::Credential).then(|| {
        let options = shown.certificates.clone();
        view! {
            <Select locale name="certificate" label=label options value=value("certificate")
                error=wrong.of("certificate")/>
        }
    });
    let picture = takes_picture(kind).then(|| picture(locale, kind, wrong, again));
    view! {
        <form class="form panel" method="post" action=format!("{here}/add") enctype="multipart/form-data"
            novalidate>
            <FormKey key=key/>
            <Hidden name="kind" value=kind.word()/>
            {words} {origin} {date} {of} {maker} {credential} {picture}
            <div><button class="btn btn-primary">{t::write_down(locale)}</button></div>
        </form>
    }
    .into_any()
}

fn picture(
    locale: crate::Locale,
    kind: AddKind,
    wrong: &Problems,
    again: bool,
) -> impl IntoView + use<> {
    let error = wrong.of(PICTURE);
    let described = if error.is_empty() { "picture-hint" } else { "picture-hint picture-error" };
    let once_more = again.then(|| format!(" {}", t::picture_hint_again(locale)));
    let optional = (kind == AddKind::Step)
        .then(|| view! { " " <span class="optional">{crate::t::form::optional(locale)}</span> });
    view! {
        <div class="field">
            <label for=PICTURE>{t::picture(locale)}{optional}</label>
            <p class="field-hint" id="picture-hint">{t::picture_hint(locale)}{once_more}</p>
            <input class="input" type="file" id=PICTURE name=PICTURE
                accept="image/jpeg,image/png,image/webp" aria-describedby=described/>
            <FieldError id=PICTURE text=error/>
        </div>
    }
}

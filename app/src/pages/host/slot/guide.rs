//! Who leads the departure, and who could: one tap each.

use engine::Locale;
use engine::ResourceId;
use engine::catalogue::Catalogue;
use engine::guide::{
    self, Assign, Candidate, Choice, GuideError, Unassign, assign, find, unassign,
};
use engine::schedule::{Slot, SlotStatus};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::Desk;
use crate::pages::host::guides::{of_guide, words};
use crate::t::guide as t;
use crate::ui::field::{FieldError, Hidden};
use crate::ui::format;
use crate::ui::icon::icon;

pub(super) async fn choice(app: &App, visit: &Visit, slot: &Slot) -> Result<Choice, PageError> {
    let mut conn = app.store.read().await?;
    guide::choice(&mut conn, &visit.actor, slot, app.store.now()).await.map_err(of_guide)
}

/// Assigns the guide that the form names, or takes whoever leads off.
pub(super) async fn act(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    slot: &Slot,
    form: &Form,
    problems: &mut Problems,
) -> Result<String, PageError> {
    let locale = visit.locale;
    let (actor, id) = (visit.actor.clone(), slot.id);
    let done = if form.text("act") == "unassign" {
        let command = Unassign { actor, slot: id };
        app.store.write("unassign guide", command, |tx, c| Box::pin(unassign(tx, c))).await
    } else {
        let guide: ResourceId = form.text("who").parse().map_err(|_| PageError::NotFound)?;
        let command = Assign { actor, slot: id, guide };
        app.store.write("assign guide", command, |tx, c| Box::pin(assign(tx, c))).await
    };
    match done {
        Ok(_) => {}
        Err(GuideError::Over) => problems.add("guide-of", t::error_over(locale)),
        Err(GuideError::Hindered(why)) => {
            // Somebody else was faster, or the page was old.
            let guide: ResourceId = form.text("who").parse().map_err(|_| PageError::NotFound)?;
            let guide = find(&mut app.store.read().await?, guide).await?;
            let name = guide.map(|it| it.name().to_owned()).unwrap_or_default();
            let why = words::why(locale, &desk.catalogue, slot.workshop_id, &why);
            problems.add("guide-of", t::error_hindered(locale, name, why));
        }
        Err(error) => return Err(of_guide(error)),
    }
    Ok(String::new())
}

/// Nothing where the workshop has no guides: then the name alone is noted.
pub(super) fn panel(
    locale: Locale,
    page: &str,
    catalogue: &Catalogue,
    slot: &Slot,
    choice: &Choice,
    problems: &Problems,
    over: bool,
) -> Option<impl IntoView + use<>> {
    if choice.candidates.is_empty() {
        return None;
    }
    let live = slot.status != SlotStatus::Cancelled && !over;
    let leading = choice.leading();
    let now = if let Some(leading) = leading {
        leader(locale, catalogue, slot, choice, leading).into_any()
    } else {
        let named = choice.candidates.iter().find(|it| it.guide.is_named(&slot.guide));
        let words = match named {
            _ if slot.guide.is_empty() => t::nobody(locale).to_owned(),
            Some(Candidate { hindrance: Some(why), .. }) => {
                let why = words::why(locale, catalogue, slot.workshop_id, why);
                t::named_busy(locale, &slot.guide, why)
            }
            _ => t::named_only(locale, &slot.guide),
        };
        view! { <p>{words}</p> }.into_any()
    };
    let remove = (live && (leading.is_some() || !slot.guide.is_empty())).then(|| {
        let words = if leading.is_some() { t::remove(locale) } else { t::clear(locale) };
        view! {
            <form method="post" action=page.to_owned()>
                <Hidden name="act" value="unassign"/>
                <button class="link-button" type="submit">{words}</button>
            </form>
        }
    });
    let others = || {
        let lead = leading.map(|it| it.guide.id());
        choice.candidates.iter().filter(move |it| Some(it.guide.id()) != lead)
    };
    let free: Vec<_> = others()
        .filter(|it| it.hindrance.is_none())
        .map(|it| free(locale, page, choice, it))
        .collect();
    let none = free.is_empty().then(|| view! { <p class="soft small">{t::none_free(locale)}</p> });
    let busy: Vec<_> = others()
        .filter(|it| it.guide.resource.active)
        .filter_map(|it| Some((it, it.hindrance.as_ref()?)))
        .map(|(it, why)| {
            let why = words::why(locale, catalogue, slot.workshop_id, why);
            view! { <li><strong>{it.guide.name().to_owned()}</strong> " – " {why}</li> }
        })
        .collect();
    let busy = (!busy.is_empty()).then(|| {
        view! {
            <p class="small"><strong>{t::busy_ones(locale)}</strong></p>
            <ul class="plain-list small soft">{busy}</ul>
        }
    });
    let ask = if leading.is_some() { t::change(locale) } else { t::who_free(locale) };
    let open = leading.is_none();
    let choose = live.then(|| {
        view! {
            <details class="guide-choice" open=open>
                <summary>{icon("people")}{ask}</summary>
                <ul class="plain-list">{free}</ul> {none} {busy}
            </details>
        }
    });
    Some(view! {
        <section class="panel stack-s" id="guide-of" tabindex="-1" aria-labelledby="guide-title">
            <h3 class="panel-title" id="guide-title">{t::slot_title(locale)}</h3>
            {now}
            <FieldError id="guide-of" text=problems.of("guide-of")/>
            {remove} {choose}
        </section>
    })
}

fn leader(
    locale: Locale,
    catalogue: &Catalogue,
    slot: &Slot,
    choice: &Choice,
    leading: &Candidate,
) -> impl IntoView + use<> {
    let guide = &leading.guide;
    let phone = (!guide.phone.is_empty()).then(|| {
        view! { <a href=format!("tel:{}", guide.phone)>{icon("phone")}{format::phone(&guide.phone)}</a> }
    });
    // A day off or new working times since.
    let warn = leading.hindrance.as_ref().map(|why| {
        let why = words::why(locale, catalogue, slot.workshop_id, why);
        view! { <p class="guest-note">{t::warn(locale, why)}</p> }
    });
    view! {
        <p><strong>{guide.name().to_owned()}</strong></p>
        <p class="guest-info"><span>{format::sentence(&words::languages(locale, &guide.languages.0))}</span> {speaks(locale, choice, leading)} {phone}</p>
        {warn}
    }
}

/// Whether the guests are understood; nothing while nobody comes.
fn speaks(locale: Locale, choice: &Choice, it: &Candidate) -> Option<impl IntoView + use<>> {
    if choice.spoken.is_empty() {
        return None;
    }
    let (words, tone) = if it.lacks.is_empty() {
        (t::speaks_all(locale).to_owned(), None)
    } else {
        (t::lacks(locale, words::languages(locale, &it.lacks)), Some("silk"))
    };
    Some(view! { <span class=tone.map(|_| "badge") data-tone=tone>{words}</span> })
}

fn free(locale: Locale, page: &str, choice: &Choice, it: &Candidate) -> impl IntoView + use<> {
    let guide = &it.guide;
    view! {
        <li class="guide-free">
            <div>
                <strong>{guide.name().to_owned()}</strong>
                <p class="guest-info"><span>{format::sentence(&words::languages(locale, &guide.languages.0))}</span> {speaks(locale, choice, it)}</p>
            </div>
            <form method="post" action=page.to_owned()>
                <Hidden name="act" value="assign"/>
                <Hidden name="who" value=guide.id().to_string()/>
                <button class="btn btn-small" aria-label=t::assign_who(locale, guide.name())>{t::assign(locale)}</button>
            </form>
        </li>
    }
}

//! One design: added, changed, used by tours, taken off the lists.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::coop::Coop;
use engine::partner::{
    self, Design, DesignData, DesignInput, Keeper, Licence, Partner, PartnerKind, PartnerState,
    SaveDesign, SharedWith, partners_of, tours_using,
};
use engine::{Locale, TourId};
use leptos::prelude::*;

use super::designs::{keeps, known};
use super::{At, AtOne, managed, refused, saved, trouble};
use crate::api::form::{Form, KEY, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{Look, in_both, pairs, texts};
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::pages::host::pieces::upload::Upload;
use crate::render::Page;
use crate::t::{host, partner as t};
use crate::ui::field::{ErrorSummary, FieldError, FormKey, Hidden, Radios, Select};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::partner as ui;

/// All that the page shows.
struct Shown {
    shop: Workshop,
    coop: Option<Coop>,
    /// Partners whose designs it may be.
    partners: Vec<Partner>,
    /// None for a new one.
    design: Option<Design>,
    /// The house, or its co-op, keeps it and may change it.
    ours: bool,
    /// Id, title and whether it uses the design.
    tours: Vec<(TourId, String, bool)>,
}

impl Shown {
    async fn load(
        app: &App,
        visit: &Visit,
        slug: &str,
        id: Option<&str>,
    ) -> Result<Shown, PageError> {
        let desk = Desk::open_as_owner(app, visit, slug).await?;
        let shop = desk.workshop()?.clone();
        let mut conn = app.store.read().await?;
        let coop = managed(&mut conn, visit, &shop).await?;
        let design = match id {
            Some(id) => {
                let all = known(&mut conn, &desk, coop.as_ref()).await?;
                let found = all.into_iter().find(|design| design.id.to_string() == id);
                Some(found.ok_or(PageError::NotFound)?)
            }
            None => None,
        };
        let own = partners_of(&mut conn, &visit.actor, Keeper::Workshop(shop.id)).await;
        let mut partners = own.map_err(refused)?;
        if let Some(coop) = &coop {
            let theirs = partners_of(&mut conn, &visit.actor, Keeper::Coop(coop.id)).await;
            partners.extend(theirs.map_err(refused)?);
        }
        partners.retain(|it| it.state == PartnerState::Agreed);
        // Most designs are a designer's.
        partners.sort_by_key(|it| it.kind != PartnerKind::Designer);
        let using = match &design {
            Some(design) => tours_using(&mut conn, shop.id, design.id).await?,
            None => Vec::new(),
        };
        let tours = desk
            .catalogue
            .all_tours_of(shop.id)
            .map(|tour| {
                let title = tour.title.text(visit.locale).to_owned();
                (tour.id, title, using.contains(&tour.id))
            })
            .collect();
        let ours = design.as_ref().is_none_or(|design| keeps(&shop, coop.as_ref(), design));
        Ok(Shown { shop, coop, partners, design, ours, tours })
    }

    /// Whose a new design becomes, by the form.
    fn keeper(&self, form: &Form) -> Keeper {
        match (&self.design, form.text("keeper"), &self.coop) {
            (Some(design), ..) => match design.coop_id {
                Some(coop) => Keeper::Coop(coop),
                None => Keeper::Workshop(self.shop.id),
            },
            (None, "coop", Some(coop)) => Keeper::Coop(coop.id),
            (None, ..) => Keeper::Workshop(self.shop.id),
        }
    }
}

fn read(form: &Form) -> DesignInput {
    let text = |name: &str| form.text(name).to_owned();
    DesignInput {
        title: texts(form, "title"),
        about: texts(form, "about"),
        partner: text("partner"),
        licence: text("licence"),
        licence_words: texts(form, "licence_words"),
        shared_with: text("shared_with"),
    }
}

fn filled(design: &Design) -> Form {
    let input = DesignInput::of(design);
    let mut fields: Vec<(String, String)> = Vec::new();
    fields.extend(pairs("title", &input.title));
    fields.extend(pairs("about", &input.about));
    fields.extend(pairs("licence_words", &input.licence_words));
    for (name, value) in [
        ("partner", input.partner),
        ("licence", input.licence),
        ("shared_with", input.shared_with),
        ("version", design.version.to_string()),
    ] {
        fields.push((name.to_owned(), value));
    }
    Form::of_pairs(fields)
}

pub async fn new(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, None).await?;
    let first = shown.partners.first().map(|it| it.id.to_string()).unwrap_or_default();
    let begin = [
        ("keeper", "workshop".to_owned()),
        ("partner", first),
        ("licence", Licence::Agreement.to_string()),
        ("shared_with", SharedWith::Workshop.to_string()),
        (KEY, fresh_key()),
    ];
    let form = Form::of_pairs(begin.map(|(name, value)| (name.to_owned(), value)).to_vec());
    Ok(answer(&visit, shown, form, Problems::default()))
}

pub async fn create(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    body: Multipart,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, None).await?;
    keep(&app, &visit, shown, body).await
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, Some(&id)).await?;
    let form = shown.design.as_ref().map(filled).unwrap_or_default();
    Ok(answer(&visit, shown, form, Problems::default()))
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtOne,
    body: Multipart,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug, Some(&id)).await?;
    if !shown.ours {
        return Err(PageError::NotFound);
    }
    keep(&app, &visit, shown, body).await
}

async fn keep(
    app: &App,
    visit: &Visit,
    shown: Shown,
    body: Multipart,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let mut problems = Problems::default();
    let upload = Upload::read(locale, body, &mut problems).await?;
    let keeper = shown.keeper(&upload.form);
    let picture = upload.photo("picture");
    let form = upload.form;
    let data = match DesignData::parse(&read(&form), keeper) {
        Ok(data) if problems.is_empty() => data,
        Ok(_) => return Ok(answer(visit, shown, form, problems)),
        Err(wrongs) => {
            problems.append(ui::problems(locale, wrongs));
            return Ok(answer(visit, shown, form, problems));
        }
    };
    let version = form.text("version").parse().unwrap_or(0);
    let command = SaveDesign {
        actor: visit.actor.clone(),
        keeper,
        design: shown.design.as_ref().map(|design| (design.id, version)),
        form_key: form.key(),
        data,
        picture,
    };
    let saved = app
        .store
        .write("save design", command, |tx, c| Box::pin(partner::save_design(tx, c)))
        .await;
    match saved {
        Ok(id) => Ok(see(&at(visit, &shown.shop, &format!("/designs/{id}?done=saved")))),
        Err(error) => {
            let problems = trouble(locale, "title_vi", error)?;
            Ok(answer(visit, shown, form, problems))
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, problems: Problems) -> Response {
    let locale = visit.locale;
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = shown.design.as_ref().map_or_else(
        || t::design_add(locale).to_owned(),
        |design| design.title.text(locale).to_owned(),
    );
    let inner = visit.clone();
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let shop = &shown.shop;
        let back = at(visit, shop, "/designs");
        let action = match &shown.design {
            Some(design) => format!("{back}/{}", design.id),
            None => format!("{back}/new"),
        };
        let credit = shown.design.as_ref().map(|design| {
            view! { <p class="lead">{ui::credit(locale, design)}</p> }
        });
        let used = shown.design.as_ref().map(|design| used(locale, &action, design, &shown));
        let editor = shown.ours.then(|| editor(locale, &action, &shown, &form, &problems));
        let news = problems.is_empty().then(|| saved(visit));
        let body = view! {
            {breadcrumb(locale, vec![(back, t::designs(locale).to_owned())])}
            <h1>{title}</h1>
            {credit}
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            {used}
            {editor}
        };
        frame(visit, Some(shop), Tab::More, body)
    })
}

/// Which tours use it, and whether it is on the lists.
fn used(locale: Locale, action: &str, design: &Design, shown: &Shown) -> impl IntoView + use<> {
    let boxes: Vec<_> = shown
        .tours
        .iter()
        .map(|(id, title, uses)| {
            view! {
                <label class="check">
                    <input type="checkbox" name="tours" value=id.to_string() checked=*uses/>
                    <span>{title.clone()}</span>
                </label>
            }
        })
        .collect();
    let (act, words) = if design.retired {
        ("restore", t::restore(locale))
    } else {
        ("retire", t::retire(locale))
    };
    let shelf = shown.ours.then(|| {
        view! {
            <form method="post" action=format!("{action}/use")>
                <Hidden name="act" value=act/>
                <button class="btn btn-small">{words}</button>
            </form>
        }
    });
    view! {
        <section class="panel" aria-labelledby="use">
            <h2 class="panel-title" id="use">{t::used_by(locale)}</h2>
            {ui::picture(design)}
            <form class="form" method="post" action=format!("{action}/use")>
                <Hidden name="act" value="tours"/>
                <fieldset class="stack-s" id="tours">
                    <legend>{t::used_by_legend(locale)}</legend>
                    <p class="field-hint">{t::used_by_hint(locale)}</p>
                    {boxes}
                </fieldset>
                <div class="actions"><button class="btn btn-primary">{host::save(locale)}</button></div>
            </form>
            {shelf}
        </section>
    }
}

fn editor(
    locale: Locale,
    action: &str,
    shown: &Shown,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let new = shown.design.is_none();
    let keeper = shown.coop.as_ref().filter(|_| new).map(|coop| {
        let options = vec![
            ("workshop".to_owned(), shown.shop.name.clone()),
            ("coop".to_owned(), coop.name.clone()),
        ];
        view! { <Radios name="keeper" label=t::keeper(locale) options value=value("keeper")/> }
    });
    let partner = new.then(|| {
        let mut options = vec![(String::new(), t::design_own(locale).to_owned())];
        options.extend(shown.partners.iter().map(|it| (it.id.to_string(), it.name.clone())));
        view! {
            <Select locale name="partner" label=t::designer(locale) hint=t::designer_hint(locale) options
                value=value("partner") error=error("partner") optional=true/>
        }
    });
    let licences: Vec<_> = Licence::ALL
        .iter()
        .map(|licence| (licence.to_string(), ui::licence_name(locale, *licence).to_owned()))
        .collect();
    let shared: Vec<_> = SharedWith::ALL
        .iter()
        .map(|with| (with.to_string(), ui::shared_with(locale, *with).to_owned()))
        .collect();
    let own = Look { rows: 2, optional: true, hint: t::licence_words_hint(locale) };
    let about = Look { rows: 3, optional: true, hint: "" };
    view! {
        <form class="form panel" method="post" action=action.to_owned() enctype="multipart/form-data" novalidate>
            <FormKey key=form.key()/>
            <Hidden name="version" value=value("version")/>
            {keeper}
            {partner}
            {in_both(locale, "title", t::title(locale), &texts(form, "title"), problems, Look::default())}
            {in_both(locale, "about", t::about_design(locale), &texts(form, "about"), problems, about)}
            {picture_field(locale, new, &error("picture"))}
            <Radios name="licence" label=t::licence(locale) options=licences
                value=value("licence") error=error("licence")/>
            {in_both(locale, "licence_words", t::licence_words(locale), &texts(form, "licence_words"), problems, own)}
            <Radios name="shared_with" label=t::shared_with(locale) options=shared
                value=value("shared_with") error=error("shared_with")/>
            <div class="actions"><button class="btn btn-primary">{host::save(locale)}</button></div>
        </form>
    }
}

fn picture_field(locale: Locale, new: bool, error: &str) -> impl IntoView + use<> {
    let optional = (!new)
        .then(|| view! { " " <span class="optional">{crate::t::form::optional(locale)}</span> });
    let described = if error.is_empty() { "picture-hint" } else { "picture-hint picture-error" };
    let invalid = (!error.is_empty()).then_some("true");
    let error = error.to_owned();
    view! {
        <div class="field">
            <label for="picture">{t::picture(locale)} {optional}</label>
            <p class="field-hint" id="picture-hint">{t::picture_hint(locale)}</p>
            <input class="input" type="file" id="picture" name="picture" required=new
                accept="image/jpeg,image/png,image/webp" aria-describedby=described aria-invalid=invalid/>
            <FieldError id="picture" text=error/>
        </div>
    }
}

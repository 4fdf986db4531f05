//! The editor of a rule, of a tour or of a co-op. "Work it out" sends the form and shows what each
//! party would get of an example; only "save" writes.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Days;
use engine::catalogue::{TourOption, UnitKind};
use engine::ledger::{
    How, PartyKind, RuleDraft, RuleInput, RuleOf, SaveRule, ShareInput, Shares, SplitRule,
    rules_of, save_rule,
};
use engine::text::fold;
use engine::{Dong, Locale, TourId, coop, partner};
use leptos::prelude::*;

use super::names::{self, problems, trouble};
use super::{Books, Section, rules, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::enter_saves;
use crate::pages::host::frame::{Tab, frame, see};
use crate::pages::host::tours::found;
use crate::render::Page;
use crate::t::money as t;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, TextField};
use crate::ui::format;
use crate::ui::layout::{Head, breadcrumb};

/// Rows read of a form.
const MAX_ROWS: usize = 20;

/// What is edited: whose rule, its name, where its form goes.
struct Edited {
    books: Books,
    of: RuleOf,
    name: String,
    sub: String,
    /// What the example begins with: a price for so many guests.
    example: (Dong, u32),
    /// Whose designs the tours use.
    designers: Vec<String>,
    rules: Vec<SplitRule>,
    may_edit: bool,
}

impl Edited {
    async fn tour(app: &App, visit: &Visit, slug: &str, tour: &str) -> Result<Edited, PageError> {
        let books = Books::open(app, visit, slug).await?;
        let tour = found(&books.desk, tour)?.clone();
        let adult = tour
            .open_options()
            .flat_map(TourOption::open_units)
            .find(|unit| unit.kind == UnitKind::Adult)
            .map(|unit| unit.price)
            .or_else(|| tour.price_from());
        let example = (adult.and_then(|price| price.times(2)).unwrap_or(Dong(500_000)), 2);
        let of = RuleOf::Tour(tour.id);
        let mut conn = app.store.read().await?;
        let rules = rules_of(&mut conn, of).await?;
        let designers = partner::designers_of_tours(&mut conn, &[tour.id]).await?;
        drop(conn);
        let name = tour.title.text(visit.locale).to_owned();
        let sub = format!("/rules/{}", tour.slug);
        Ok(Edited { books, of, name, sub, example, designers, rules, may_edit: true })
    }

    async fn coop(app: &App, visit: &Visit, slug: &str) -> Result<Edited, PageError> {
        let books = Books::open(app, visit, slug).await?;
        let coop = books.coop.clone().ok_or(PageError::NotFound)?;
        let of = RuleOf::Coop(coop.id);
        let mut conn = app.store.read().await?;
        let rules = rules_of(&mut conn, of).await?;
        let members = coop::members(&mut conn, coop.id).await?;
        let tours: Vec<TourId> = members
            .iter()
            .flat_map(|member| books.desk.catalogue.all_tours_of(member.workshop_id))
            .map(|tour| tour.id)
            .collect();
        let designers = partner::designers_of_tours(&mut conn, &tours).await?;
        drop(conn);
        let name = t::rules_shared(visit.locale, &coop.name);
        let may_edit = books.manages;
        let example = (Dong(1_000_000), 4);
        let sub = "/fund/rule".into();
        Ok(Edited { books, of, name, sub, example, designers, rules, may_edit })
    }

    /// What the editor begins with: the latest rule, or the workshop takes it all.
    fn input(&self, locale: Locale) -> RuleInput {
        let latest = self.rules.first().and_then(|rule| rule.shares.clone());
        let shares = latest.unwrap_or_else(Shares::all_to_the_workshop);
        let valid_from = (self.books.today + Days::new(1)).to_string();
        let known = RuleInput::rows(&shares, |amount| names::typed(locale, amount));
        RuleInput { valid_from, shares: with_all_parties(known, &self.designers) }
    }
}

/// A row for each party, so that nothing has to be added before it can be chosen, and one for a
/// further reseller; of designers one for each whose designs are in use. In the order in which they are
/// served where there is too little.
fn with_all_parties(known: Vec<ShareInput>, designers: &[String]) -> Vec<ShareInput> {
    let mut rows = known;
    let blank = |kind: PartyKind| ShareInput {
        to: kind.to_string(),
        how: "none".into(),
        ..ShareInput::default()
    };
    for kind in PartyKind::ALL {
        let there = rows.iter().any(|row| {
            row.to == kind.word() && row.name.is_empty() != (*kind == PartyKind::Reseller)
        });
        let shares = !kind.by_itself() && *kind != PartyKind::Designer;
        if shares && (!there || *kind == PartyKind::Reseller) {
            rows.push(blank(*kind));
        }
    }
    for name in designers {
        let there = rows
            .iter()
            .any(|row| row.to == PartyKind::Designer.word() && fold(&row.name) == fold(name));
        if !there {
            rows.push(ShareInput { name: name.clone(), ..blank(PartyKind::Designer) });
        }
    }
    // Those with a share stand first, in their order.
    rows.sort_by_key(|row| (row.how == "none", row.how == "rest"));
    rows
}

fn read(form: &Form) -> RuleInput {
    let shares = (0..MAX_ROWS)
        .map(|at| format!("s{at}"))
        .take_while(|row| form.has(&format!("{row}.to")))
        .map(|row| {
            let text = |part: &str| form.text(&format!("{row}.{part}")).to_owned();
            ShareInput {
                to: text("to"),
                name: text("name"),
                how: text("how"),
                value: text("value"),
            }
        })
        .collect();
    RuleInput { valid_from: form.text("valid_from").to_owned(), shares }
}

pub async fn of_tour(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): Path<(String, String, String)>,
) -> Result<Response, PageError> {
    let edited = Edited::tour(&app, &visit, &slug, &tour).await?;
    let input = edited.input(visit.locale);
    Ok(answer(&visit, edited, input, &Form::default(), Problems::default()))
}

pub async fn save_of_tour(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let edited = Edited::tour(&app, &visit, &slug, &tour).await?;
    save(&app, &visit, edited, &form).await
}

pub async fn of_coop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let edited = Edited::coop(&app, &visit, &slug).await?;
    let input = edited.input(visit.locale);
    Ok(answer(&visit, edited, input, &Form::default(), Problems::default()))
}

pub async fn save_of_coop(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
    form: Form,
) -> Result<Response, PageError> {
    let edited = Edited::coop(&app, &visit, &slug).await?;
    save(&app, &visit, edited, &form).await
}

async fn save(
    app: &App,
    visit: &Visit,
    edited: Edited,
    form: &Form,
) -> Result<Response, PageError> {
    if !edited.may_edit {
        return Err(PageError::NotFound);
    }
    let locale = visit.locale;
    let input = read(form);
    let draft = match form.text("do") {
        "preview" => {
            let mut wrong =
                input.shares().err().map(|wrongs| problems(locale, wrongs)).unwrap_or_default();
            if example(form).is_none() {
                wrong.add("total", t::error_preview(locale));
            }
            return Ok(answer(visit, edited, input, form, wrong));
        }
        "end" => {
            // Only the day counts; the rows may hold anything.
            let known = RuleInput::rows(&Shares::all_to_the_workshop(), |_| String::new());
            let usual = with_all_parties(known, &edited.designers);
            let day = RuleInput { shares: usual, ..input.clone() };
            day.parse().map(|draft| RuleDraft { shares: None, ..draft })
        }
        _ => input.parse(),
    };
    let draft = match draft {
        Ok(draft) => draft,
        Err(wrongs) => {
            let wrong = problems(locale, wrongs);
            return Ok(answer(visit, edited, input, form, wrong));
        }
    };
    let command = SaveRule { actor: visit.actor.clone(), of: edited.of, draft };
    let saved = app.store.write("save rule", command, |tx, c| Box::pin(save_rule(tx, c))).await;
    match saved {
        Ok(_) => Ok(see(&format!("{}?saved=1", edited.books.at(visit, "/rules")))),
        Err(error) => {
            let wrong = trouble(locale, error)?;
            Ok(answer(visit, edited, input, form, wrong))
        }
    }
}

/// The sum and the people of the example as they were typed.
fn example(form: &Form) -> Option<(Dong, u32)> {
    let total = form.text("total").parse().ok()?;
    let people = form.text("people").trim().parse().ok()?;
    (1..=999).contains(&people).then_some((total, people))
}

fn answer(
    visit: &Visit,
    edited: Edited,
    input: RuleInput,
    form: &Form,
    wrong: Problems,
) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (inner, form) = (visit.clone(), form.clone());
    Page::new(Head::host(edited.name.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let books = &edited.books;
        let action = books.at(visit, &edited.sub);
        let back = vec![(books.at(visit, "/rules"), t::rules_title(locale).to_owned())];
        let editor = if edited.may_edit {
            let rows: Vec<_> = input
                .shares
                .iter()
                .enumerate()
                .map(|(at, input)| row(locale, at, input, &wrong))
                .collect();
            let own = rules::on(&edited.rules, books.today).is_some()
                || !rules::coming(&edited.rules, books.today).is_empty();
            let end = (own && matches!(edited.of, RuleOf::Tour(_))).then(|| {
                view! {
                    <div class="stack-s">
                        <p class="field-hint">{t::rule_end_hint(locale)}</p>
                        <button class="btn btn-danger btn-small" name="do" value="end" formnovalidate="">
                            {t::rule_end(locale)}
                        </button>
                    </div>
                }
            });
            view! {
                <ErrorSummary locale problems=wrong.clone()/>
                <form class="form" method="post" action=action novalidate>
                    {enter_saves(locale)}
                    <fieldset class="stack rule-rows" id="shares">
                        <legend class="panel-title">{t::rule_shares(locale)}</legend>
                        <p class="field-hint">{t::rule_order(locale)}</p>
                        {rows}
                        <FieldError id="shares" text=wrong.of("shares")/>
                    </fieldset>
                    {preview(locale, &edited, &input, &form, &wrong)}
                    <div class="panel">
                        <TextField locale name="valid_from" kind="date" short=true
                            label=t::rule_valid_from(locale) hint=t::rule_valid_hint(locale)
                            value=input.valid_from.clone() error=wrong.of("valid_from")
                            min=(books.today + Days::new(1)).to_string()/>
                        <button class="btn btn-primary">{t::rule_save(locale)}</button>
                        {end}
                    </div>
                </form>
            }
            .into_any()
        } else {
            let now = match rules::on(&edited.rules, books.today) {
                Some(rule) => rules::list(locale, rule).into_any(),
                None => view! { <p>{t::rules_everything(locale)}</p> }.into_any(),
            };
            view! {
                <section class="panel">
                    <h2 class="panel-title">{t::rule_now(locale)}</h2>
                    {now} {rules::outlook(locale, &edited.rules, books.today)}
                    <p class="soft">{t::rule_only_managers(locale)}</p>
                </section>
            }
            .into_any()
        };
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{edited.name.clone()}</h1>
            {subnav(visit, books, Some(Section::Rules))}
            {editor}
            {history(locale, &edited)}
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}

fn hint(locale: Locale, kind: PartyKind) -> &'static str {
    match kind {
        PartyKind::Workshop => t::row_workshop_hint(locale),
        PartyKind::Guide => t::row_guide_hint(locale),
        PartyKind::Reseller => t::row_reseller_hint(locale),
        PartyKind::Designer => t::row_designer_hint(locale),
        PartyKind::CoopFund => t::row_coop_hint(locale),
        PartyKind::VillageFund => t::row_village_hint(locale),
        PartyKind::Guests | PartyKind::GiftCards => "",
    }
}

/// One party: how it is paid, and how much.
fn row(locale: Locale, at: usize, input: &ShareInput, wrong: &Problems) -> impl IntoView + use<> {
    let kind = PartyKind::parse(&input.to).unwrap_or(PartyKind::Workshop);
    let name = |part: &str| format!("s{at}.{part}");
    let (how, value) = (name("how"), name("value"));
    let options = [
        ("none", t::how_none(locale)),
        ("percent", t::how_option_percent(locale)),
        ("visit", t::how_option_visit(locale)),
        ("person", t::how_option_person(locale)),
        ("rest", t::how_option_rest(locale)),
    ]
    .map(|(word, words)| {
        let selected = input.how == word;
        view! { <option value=word selected=selected>{words}</option> }
    })
    .collect_view();
    let reseller = (kind == PartyKind::Reseller).then(|| {
        view! {
            <TextField locale name=name("name") label=t::row_name(locale) value=input.name.clone()
                error=wrong.of(&name("name")) maxlength=120 optional=true/>
        }
    });
    let designer = (kind == PartyKind::Designer)
        .then(|| view! { <Hidden name=name("name") value=input.name.clone()/> });
    let (how_error, value_error) = (wrong.of(&how), wrong.of(&value));
    let bad = |error: &str| (!error.is_empty()).then_some("true");
    let title = match kind {
        PartyKind::Designer => format::labelled(locale, names::kind(locale, kind), &input.name),
        _ => names::kind(locale, kind).to_owned(),
    };
    let label = title.clone();
    let hints = format!("s{at}-hint {value}-error");
    view! {
        <div class="share-row" role="group" aria-label=label data-none=(input.how == "none").then_some("")>
            <Hidden name=name("to") value=input.to.clone()/>
            <div class="share-head">
                <b>{title}</b>
                <p class="field-hint" id=format!("s{at}-hint")>{hint(locale, kind)}</p>
            </div>
            {reseller}
            {designer}
            <div class="share-how">
                <div class="field">
                    <label for=how.clone()>{t::row_how(locale)}</label>
                    <select class="input" id=how.clone() name=how.clone() aria-invalid=bad(&how_error)>
                        {options}
                    </select>
                    <FieldError id=how text=how_error/>
                </div>
                <div class="field">
                    <label for=value.clone()>{t::row_value(locale)}</label>
                    <input class="input" id=value.clone() name=value.clone() inputmode="decimal"
                        value=input.value.clone() aria-invalid=bad(&value_error) aria-describedby=hints
                        title=t::row_value_hint(locale)/>
                    <FieldError id=value text=value_error/>
                </div>
            </div>
        </div>
    }
}

/// What each would get of an example, by the rows as they are typed.
fn preview(
    locale: Locale,
    edited: &Edited,
    input: &RuleInput,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let typed = |name: &str, usual: String| {
        if form.has(name) { form.text(name).to_owned() } else { usual }
    };
    let total = typed("total", names::typed(locale, edited.example.0));
    let people = typed("people", edited.example.1.to_string());
    let asked = if form.has("total") { example(form) } else { Some(edited.example) };
    let worked = input.shares().ok().zip(asked).map(|(shares, (total, people))| {
        let amounts = shares.of(total, people);
        let short = amounts.iter().any(|(share, amount)| match share.how {
            How::Visit(due) => *amount < due,
            How::Person(due) => due.times(people).is_none_or(|due| *amount < due),
            How::Percent(_) => total > Dong::ZERO && *amount == Dong::ZERO,
            How::Rest => false,
        });
        let lines: Vec<_> = amounts
            .iter()
            .map(|(share, amount)| {
                view! {
                    <div><dt>{names::share(locale, share)}</dt><dd>{amount.display(locale)}</dd></div>
                }
            })
            .collect();
        let short =
            short.then(|| view! { <p class="price-note">{t::preview_short(locale)}</p> });
        view! {
            <dl class="price-lines" aria-live="polite">
                {lines}
                <div class="price-total"><dt>{t::total(locale)}</dt><dd>{total.display(locale)}</dd></div>
            </dl>
            {short}
        }
    });
    view! {
        <section class="panel" aria-labelledby="preview" id="example">
            <h2 class="panel-title" id="preview">{t::preview(locale)}</h2>
            <div class="share-how">
                <TextField locale name="total" label=t::preview_total(locale) inputmode="numeric"
                    value=total error=wrong.of("total")/>
                <TextField locale name="people" label=t::preview_people(locale) kind="number"
                    min="1" max="999" value=people/>
            </div>
            <button class="btn btn-small" name="do" value="preview" formnovalidate="">
                {t::preview_button(locale)}
            </button>
            {worked}
        </section>
    }
}

fn history(locale: Locale, edited: &Edited) -> impl IntoView + use<> {
    let items: Vec<_> = edited
        .rules
        .iter()
        .map(|rule| {
            let words = match &rule.shares {
                Some(shares) => names::shares(locale, shares),
                None => t::rule_ended(locale).to_owned(),
            };
            view! {
                <li>
                    <time datetime=rule.valid_from.to_string()>
                        {t::rule_coming(locale, names::date(locale, rule.valid_from))}
                    </time>
                    <span>{words}</span>
                </li>
            }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <p class="soft">{t::rule_none_yet(locale)}</p> }.into_any()
    } else {
        view! { <ol class="log">{items}</ol> }.into_any()
    };
    view! {
        <section class="panel" aria-labelledby="history">
            <h2 class="panel-title" id="history">{t::rule_history(locale)}</h2>
            {list}
        </section>
    }
}

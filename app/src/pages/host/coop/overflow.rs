//! What the co-op does with guests who find a member's departure full: its rules, and who sent and
//! got how many.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::TimeDelta;
use engine::WorkshopId;
use engine::booking::overflow::{
    Balance, Ordering, OverflowError, Rule, SaveRule, balance, order, rule_of, save_rule,
};
use engine::coop::{self, Coop, MemberRole};
use leptos::prelude::*;

use super::At;
use crate::Locale;
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame, see};
use crate::render::Page;
use crate::t::overflow as t;
use crate::ui::field::{Checkbox, ErrorSummary, Hidden, Radios, TextField};
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

/// Days that fairness is reckoned over.
const LATELY: i64 = 30;

/// A member as the page lists it.
struct Line {
    workshop: WorkshopId,
    name: String,
    balance: Balance,
}

struct Opened {
    coop: Coop,
    rule: Rule,
    /// In the order in which guests are led to them.
    lines: Vec<Line>,
    manages: bool,
}

async fn open(app: &App, visit: &Visit, desk: &Desk) -> Result<Opened, PageError> {
    let mut conn = app.store.read().await?;
    let coop = coop::of_workshop(&mut conn, desk.id()).await?.ok_or(PageError::NotFound)?;
    let now = app.store.now();
    let rule = rule_of(&mut conn, coop.id).await?;
    let balances = balance(&mut conn, coop.id, now - TimeDelta::days(LATELY)).await?;
    let lines = order(&mut conn, coop.id, &rule, now)
        .await?
        .into_iter()
        .filter_map(|workshop| {
            let name = desk.catalogue.workshop(workshop)?.name.clone();
            let balance = balances.get(&workshop).copied().unwrap_or_default();
            Some(Line { workshop, name, balance })
        })
        .collect();
    let standing = coop::standing(&mut conn, &visit.actor, coop.id).await?;
    Ok(Opened { coop, rule, lines, manages: standing == Some(MemberRole::Manager) })
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let opened = open(&app, &visit, &desk).await?;
    let form = as_form(&opened.rule);
    answer(&visit, &desk, &opened, &form, Problems::default())
}

fn as_form(rule: &Rule) -> Form {
    let mut fields = vec![
        ("window".to_owned(), rule.window_minutes.to_string()),
        ("ordering".to_owned(), rule.ordering.word().to_owned()),
    ];
    for (name, set) in [("active", rule.active), ("equal_price", rule.equal_price)] {
        if set {
            fields.push((name.to_owned(), "on".to_owned()));
        }
    }
    Form::of_pairs(fields)
}

/// Saves the rules; a button "up" of the list saves them with that workshop one place higher.
pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let desk = Desk::open_as_owner(&app, &visit, &slug).await?;
    let opened = open(&app, &visit, &desk).await?;
    let locale = visit.locale;
    let mut problems = Problems::default();
    let window = form.text("window").trim().parse();
    if window.is_err() {
        problems.add("window", t::window_wrong(locale));
    }
    let mut list: Vec<WorkshopId> = form
        .pairs()
        .filter(|(name, _)| *name == "list")
        .filter_map(|(_, id)| id.parse().ok())
        .collect();
    if let Ok(up) = form.text("up").parse::<WorkshopId>()
        && let Some(place) = list.iter().position(|id| *id == up)
        && place > 0
    {
        list.swap(place, place - 1);
    }
    let rule = Rule {
        active: form.has("active"),
        window_minutes: window.unwrap_or_default(),
        ordering: Ordering::parse(form.text("ordering")).ok_or(PageError::Invalid)?,
        equal_price: form.has("equal_price"),
        list,
    };
    if !problems.is_empty() {
        return answer(&visit, &desk, &opened, &form, problems);
    }
    let command = SaveRule { actor: visit.actor.clone(), coop: opened.coop.id, rule };
    match app.store.write("overflow rule", command, |tx, c| Box::pin(save_rule(tx, c))).await {
        Ok(()) => Ok(see(&at(&visit, desk.workshop()?, "/coop/overflow?done=saved"))),
        Err(OverflowError::Rule(_)) => {
            problems.add("window", t::window_wrong(locale));
            answer(&visit, &desk, &opened, &form, problems)
        }
        Err(OverflowError::Store(error)) => Err(error.into()),
        Err(_) => Err(PageError::NotFound),
    }
}

fn answer(
    visit: &Visit,
    desk: &Desk,
    opened: &Opened,
    form: &Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let saved = Form::of_query(&visit.query).text("done") == "saved";
    let rows: Vec<_> = opened.lines.iter().map(row).collect();
    let settings = opened.manages.then(|| settings(locale, opened, form, &problems).into_any());
    let stands = (!opened.manages).then(|| stands(locale, &opened.rule));
    let crumbs = vec![(at(visit, &shop, "/coop"), opened.coop.name.clone())];
    let inner = visit.clone();
    Ok(Page::new(Head::host(t::title(locale))).status(status).render(visit, move || {
        let news = (saved && problems.is_empty())
            .then(|| view! { <Notice tone=Tone::Good title=crate::t::edit::saved(locale)/> });
        let body = view! {
            {breadcrumb(locale, crumbs)}
            <h1>{t::title(locale)}</h1>
            <p class="lead">{t::lead(locale)}</p>
            {news}
            <ErrorSummary locale problems=problems.clone()/>
            {stands} {settings}
            <section class="stack" aria-labelledby="fair">
                <h2 id="fair">{t::fairness(locale)}</h2>
                <p class="soft">{t::fairness_lead(locale)}</p>
                <table class="table">
                    <thead><tr>
                        <th scope="col">{crate::t::office::workshop(locale)}</th>
                        <th scope="col" class="num">{t::sent(locale)}</th>
                        <th scope="col" class="num">{t::received(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </section>
        };
        frame(&inner, Some(&shop), Tab::Coop, body)
    }))
}

fn row(line: &Line) -> impl IntoView + use<> {
    view! {
        <tr>
            <th scope="row">{line.name.clone()}</th>
            <td class="num">{line.balance.sent}</td>
            <td class="num">{line.balance.received}</td>
        </tr>
    }
}

/// The rules in words, for members who may not change them.
fn stands(locale: Locale, rule: &Rule) -> impl IntoView + use<> {
    let lines = if rule.active {
        vec![
            t::on(locale, i64::from(rule.window_minutes)),
            ordering(locale, rule.ordering).to_owned(),
            if rule.equal_price { t::equal_only(locale) } else { t::any_price(locale) }.to_owned(),
        ]
    } else {
        vec![t::off(locale).to_owned()]
    };
    let lines: Vec<_> = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! { <ul class="ticks">{lines}</ul> }
}

fn ordering(locale: Locale, ordering: Ordering) -> &'static str {
    match ordering {
        Ordering::List => t::by_list(locale),
        Ordering::Rotation => t::by_rotation(locale),
    }
}

fn settings(
    locale: Locale,
    opened: &Opened,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let orders = Ordering::ALL
        .iter()
        .map(|each| (each.word().to_owned(), ordering(locale, *each).to_owned()))
        .collect::<Vec<_>>();
    // The list as it was saved; who is not on it follows.
    let place = |line: &&Line| {
        opened.rule.list.iter().position(|id| *id == line.workshop).unwrap_or(usize::MAX)
    };
    let mut listed: Vec<&Line> = opened.lines.iter().collect();
    listed.sort_by_key(place);
    let list: Vec<_> = listed
        .iter()
        .enumerate()
        .map(|(place, line)| {
            let id = line.workshop.to_string();
            let up = (place > 0).then(|| {
                view! {
                    <button class="btn btn-small" name="up" value=id.clone() aria-label=t::up_whom(locale, &line.name)>
                        {t::up(locale)}
                    </button>
                }
            });
            view! {
                <li class="entry">
                    <Hidden name="list" value=id.clone()/>
                    <span>{line.name.clone()}</span>
                    {up}
                </li>
            }
        })
        .collect();
    view! {
        <form class="form" method="post" novalidate>
            // Enter saves and does not press the first "up".
            <button class="visually-hidden" tabindex="-1" aria-hidden="true">{crate::t::edit::save(locale)}</button>
            <Checkbox name="active" label=t::active(locale) checked=form.has("active")/>
            <TextField locale name="window" label=t::window(locale) hint=t::window_hint(locale)
                kind="number" inputmode="numeric" min="0" max="480" short=true
                value=form.text("window") error=problems.of("window")/>
            <Radios name="ordering" label=t::ordering(locale) options=orders value=form.text("ordering")/>
            <fieldset class="fieldset">
                <legend>{t::list(locale)}</legend>
                <p class="field-hint">{t::list_hint(locale)}</p>
                <ol class="entry-list">{list}</ol>
            </fieldset>
            <Checkbox name="equal_price" label=t::equal_only(locale) checked=form.has("equal_price")/>
            <div class="actions"><button class="btn btn-primary">{crate::t::edit::save(locale)}</button></div>
        </form>
    }
}

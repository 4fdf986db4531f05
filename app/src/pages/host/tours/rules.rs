//! What changes a tour's usual prices: days, seasons, the moon, early booking, groups, residents.
//! Rows are added, moved and removed by buttons that send the form, as those of the options are.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use engine::catalogue::{Tour, TourOption, UnitKind};
use engine::clock::local_date;
use engine::price::{RuleInput, RuleList, Sale, SaveRules, reckon, save_rules};
use engine::{Locale, Localized};
use leptos::prelude::*;

use super::head::{Section, head, to};
use super::intro::save_bar;
use super::{open, preview, rows};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::fields::{
    Look, enter_saves, in_both, of_edit, problems, texts, weekday_toggles,
};
use crate::pages::host::frame::{Desk, Tab, frame, see};
use crate::render::Page;
use crate::t::edit as t;
use crate::t::price as tp;
use crate::ui::field::{ErrorSummary, FieldError, Hidden, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;

type At = Path<(String, String, String)>;

/// Rows read of a form; the engine refuses far fewer.
const MAX_ROWS: usize = 40;

/// Kinds of rules, as [`engine::price::When`] is tagged.
const KINDS: [&str; 8] =
    ["weekdays", "season", "dates", "lunar_range", "lunar_days", "early", "group", "residents"];

fn kind_words(locale: Locale, kind: &str) -> &'static str {
    match kind {
        "weekdays" => tp::kind_weekdays(locale),
        "season" => tp::kind_season(locale),
        "dates" => tp::kind_dates(locale),
        "lunar_range" => tp::kind_lunar_range(locale),
        "lunar_days" => tp::kind_lunar_days(locale),
        "early" => tp::kind_early(locale),
        "group" => tp::kind_group(locale),
        _ => tp::kind_residents(locale),
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let rows = tour.price_rules.0.iter().map(RuleInput::of).collect();
    answer(&app, &visit, &desk, &tour, rows, Problems::default())
}

pub async fn save(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, tour)): At,
    form: Form,
) -> Result<Response, PageError> {
    let (desk, tour) = open(&app, &visit, &slug, &tour).await?;
    let mut rows = read(&form);
    if change_rows(&mut rows, form.text("do"), form.text("new_kind")) {
        return answer(&app, &visit, &desk, &tour, rows, Problems::default());
    }
    let rules = match RuleList::parse(&rows) {
        Ok(rules) => rules,
        Err(wrongs) => {
            return answer(&app, &visit, &desk, &tour, rows, problems(visit.locale, wrongs));
        }
    };
    if let Some(locale) = preview::asked(&form) {
        let mut shown = tour;
        rules.shown_on(&mut shown);
        return preview::page(&app, &visit, &desk, shown, locale).await;
    }
    let command = SaveRules { actor: visit.actor.clone(), tour: tour.id, rules };
    match app.store.write("save rules", command, |tx, c| Box::pin(save_rules(tx, c))).await {
        Ok(()) => {
            let back = to(&visit, desk.workshop()?, &tour, Section::Rules);
            Ok(see(&format!("{back}?saved=1")))
        }
        Err(error) => answer(&app, &visit, &desk, &tour, rows, of_edit(visit.locale, error)?),
    }
}

fn read(form: &Form) -> Vec<RuleInput> {
    (0..MAX_ROWS)
        .map(|at| format!("r{at}"))
        .take_while(|row| form.has(&format!("{row}.when")))
        .map(|row| {
            let text = |part: &str| form.text(&format!("{row}.{part}")).to_owned();
            RuleInput {
                when: text("when"),
                name: texts(form, &format!("{row}.name")),
                weekdays: form.all(&format!("{row}.weekdays")).map(str::to_owned).collect(),
                from: text("from"),
                to: text("to"),
                days: text("days"),
                least: text("least"),
                way: text("way"),
                by: text("by"),
                much: text("much"),
            }
        })
        .collect()
}

/// A new rule with what most hosts would write.
fn blank(kind: &str) -> RuleInput {
    let names = |vi: &str, en: &str| Localized { vi: vi.to_owned(), en: en.to_owned() };
    let mut row = RuleInput {
        when: kind.to_owned(),
        way: "less".to_owned(),
        by: "percent".to_owned(),
        ..RuleInput::default()
    };
    match kind {
        "weekdays" => {
            row.name = names("Cuối tuần", "Weekend");
            row.weekdays = vec!["sat".to_owned(), "sun".to_owned()];
            row.way = "more".into();
        }
        "lunar_range" => {
            row.name = names("Tết", "Tết");
            (row.from, row.to) = ("23/12".into(), "15/1".into());
            row.way = "more".into();
        }
        "lunar_days" => {
            row.name = names("Rằm, mồng Một", "Full and new moon");
            row.days = "1, 15".into();
        }
        "early" => row.least = "14".into(),
        "group" => row.least = "10".into(),
        _ => {}
    }
    row
}

fn change_rows(rows: &mut Vec<RuleInput>, act: &str, kind: &str) -> bool {
    rows::change(rows, act, || KINDS.contains(&kind).then(|| blank(kind)))
}

/// What adults pay in the days to come with the rules as they are saved: a look before guests do.
fn outlook(locale: Locale, tour: &Tour, today: NaiveDate) -> Option<impl IntoView + use<>> {
    if tour.price_rules.0.is_empty() {
        return None;
    }
    let usual = tour.open_options().flat_map(TourOption::open_units);
    let usual = usual.filter(|unit| unit.kind == UnitKind::Adult).map(|unit| unit.price).min()?;
    let days = today.iter_days().skip(1).take(14);
    let rows: Vec<_> = days
        .map(|day| {
            let sale = Sale {
                day,
                booked_on: today,
                level: engine::price::PriceLevel::USUAL,
                rules: tour.price_rules.clone(),
                residents: false,
            };
            let priced = reckon(usual, &sale, 1);
            let why: Vec<String> = priced.steps.iter().map(|step| step.words(locale)).collect();
            view! {
                <tr>
                    <th scope="row">{format::sentence(&format::day(locale, day))}
                        " " <span class="lunar">{format::lunar(locale, day)}</span></th>
                    <td class="number">{priced.price.display(locale)}</td>
                    <td class="soft small">{format::commas(locale, &why)}</td>
                </tr>
            }
        })
        .collect();
    Some(view! {
        <details class="fold">
            <summary>{icon("calendar")}{tp::outlook(locale)}</summary>
            <div class="fold-body table-wrap">
                <table class="table">
                    <thead><tr>
                        <th scope="col">{tp::outlook_day(locale)}</th>
                        <th scope="col" class="number">{tp::outlook_price(locale)}</th>
                        <th scope="col">{tp::outlook_why(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    })
}

fn answer(
    app: &App,
    visit: &Visit,
    desk: &Desk,
    tour: &Tour,
    rows: Vec<RuleInput>,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let today = local_date(app.store.now());
    let unopened = desk.unopened;
    let shop = desk.workshop()?.clone();
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (tour, inner) = (tour.clone(), visit.clone());
    let title = format!("{} · {}", tp::section_rules(locale), tour.title.text(locale));
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let page = to(&inner, &shop, &tour, Section::Rules);
        let list = rows
            .iter()
            .enumerate()
            .map(|(at, row)| rule(locale, &page, at, row, &problems))
            .collect_view();
        let kinds = KINDS.map(|kind| (kind.to_owned(), kind_words(locale, kind).to_owned()));
        let next = format!("{page}#r{}", rows.len());
        let body = view! {
            {head(&inner, &shop, &tour, Section::Rules, unopened)}
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=page.clone() novalidate>
                {enter_saves(locale)}
                <p class="field-hint">{tp::rules_lead(locale)}</p>
                <div id="rules" class="form">{list}</div>
                <FieldError id="rules" text=problems.of("rules")/>
                <div class="actions add-kind">
                    <Select locale name="new_kind" label=tp::new_rule(locale) options=kinds.to_vec()/>
                    <button class="btn" name="do" value="add" formaction=next>
                        {icon("plus")}{tp::add_rule(locale)}
                    </button>
                </div>
                {save_bar(&inner, &shop, true)}
            </form>
            {outlook(locale, &tour, today)}
        };
        frame(&inner, Some(&shop), Tab::Tours, body)
    }))
}

fn rule(
    locale: Locale,
    page: &str,
    at: usize,
    row: &RuleInput,
    problems: &Problems,
) -> impl IntoView + use<> {
    let name = |part: &str| format!("r{at}.{part}");
    let error = |part: &str| problems.of(&name(part));
    let legend = match row.name.text(locale) {
        "" => kind_words(locale, &row.when).to_owned(),
        words => format!("{words} · {}", kind_words(locale, &row.when)),
    };
    let text = |part: &str, label: &'static str, hint: &'static str, value: &str| {
        view! {
            <TextField locale name=name(part) label hint short=true value=value.to_owned() error=error(part)/>
        }
        .into_any()
    };
    let number = |label: &'static str| {
        view! {
            <TextField locale name=name("least") label inputmode="numeric" short=true
                value=row.least.clone() error=error("least")/>
        }
        .into_any()
    };
    let from_to = |hint: &'static str| {
        view! {
            <div class="field-row">
                {text("from", tp::from(locale), hint, &row.from)}
                {text("to", tp::to(locale), "", &row.to)}
            </div>
        }
        .into_any()
    };
    let (named, about) = match row.when.as_str() {
        "weekdays" => {
            let boxes =
                weekday_toggles(locale, &name("weekdays"), &name("weekdays"), &row.weekdays);
            let wrong = error("weekdays");
            let field = view! {
                <fieldset class="field">
                    <legend class="field-label">{tp::weekdays(locale)}</legend>
                    {boxes}
                    <FieldError id=name("weekdays") text=wrong/>
                </fieldset>
            };
            (true, field.into_any())
        }
        "season" => (true, from_to(tp::season_hint(locale))),
        "dates" => {
            let date = |part: &str, label: &'static str, value: &str| {
                view! {
                    <TextField locale name=name(part) label kind="date" short=true
                        value=value.to_owned() error=error(part)/>
                }
            };
            let field = view! {
                <div class="field-row">
                    {date("from", tp::from(locale), &row.from)} {date("to", tp::to(locale), &row.to)}
                </div>
            };
            (true, field.into_any())
        }
        "lunar_range" => (true, from_to(tp::lunar_hint(locale))),
        "lunar_days" => {
            (true, text("days", tp::lunar_days(locale), tp::lunar_days_hint(locale), &row.days))
        }
        "early" => (false, number(tp::days_ahead(locale))),
        "group" => (false, number(tp::people_least(locale))),
        _ => {
            let law = view! { <p class="field-hint">{tp::residents_law(locale)}</p> };
            (false, law.into_any())
        }
    };
    let names = named.then(|| {
        in_both(
            locale,
            &name("name"),
            tp::rule_name(locale),
            &row.name,
            problems,
            Look { hint: tp::rule_name_hint(locale), ..Look::default() },
        )
    });
    let mut ways = vec![("less".to_owned(), tp::less(locale).to_owned())];
    if row.when != "residents" {
        ways.push(("more".to_owned(), tp::more(locale).to_owned()));
    }
    let by = vec![
        ("percent".to_owned(), tp::by_percent(locale).to_owned()),
        ("each".to_owned(), tp::by_each(locale).to_owned()),
    ];
    let up = (at > 0).then(|| {
        let label = t::move_up(locale, &legend);
        view! {
            <button class="btn btn-small btn-icon" name="do" value=format!("up-{at}")
                formaction=format!("{page}#r{}", at - 1) aria-label=label>{icon("chevron-up")}</button>
        }
    });
    view! {
        <fieldset class="fieldset panel option-edit" id=format!("r{at}")>
            <legend>{legend.clone()}</legend>
            <Hidden name=name("when") value=row.when.clone()/>
            {names}
            {about}
            <div class="field-row">
                <Select locale name=name("way") label=tp::way(locale) options=ways
                    value=row.way.clone() error=error("way")/>
                <TextField locale name=name("much") label=tp::much(locale) inputmode="numeric" short=true
                    value=row.much.clone() error=error("much")/>
                <Select locale name=name("by") label=tp::by(locale) options=by
                    value=row.by.clone() error=error("by")/>
            </div>
            <div class="actions">
                {up}
                <button class="btn btn-small btn-danger" name="do" value=format!("drop-{at}")
                    formaction=format!("{page}#rules")>
                    {icon("trash")}{tp::drop_rule(locale)}
                    <span class="visually-hidden">{legend}</span>
                </button>
            </div>
        </fieldset>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buttons_change_rows_and_nothing_else() {
        let mut rows = vec![blank("early"), blank("group")];
        assert!(change_rows(&mut rows, "add", "weekdays"));
        assert!(change_rows(&mut rows, "up-2", ""));
        assert!(change_rows(&mut rows, "drop-0", ""));
        let kinds: Vec<&str> = rows.iter().map(|row| row.when.as_str()).collect();
        assert_eq!(kinds, ["weekdays", "group"]);
        for (act, kind) in
            [("add", "nonsense"), ("up-0", ""), ("drop-9", ""), ("", ""), ("add", "")]
        {
            assert!(!change_rows(&mut rows, act, kind), "{act}");
        }
    }

    #[test]
    fn what_a_button_adds_needs_only_a_number() {
        for kind in ["weekdays", "lunar_range", "lunar_days", "early", "group", "residents"] {
            let row = RuleInput { much: "10".to_owned(), ..blank(kind) };
            assert!(RuleList::parse(&[row]).is_ok(), "{kind}");
        }
    }
}

//! One company: its terms, keys, kept seats, what it owes.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::clock::local_date;
use engine::reseller::allotment::{self, Allotment};
use engine::reseller::{
    Agreement, KeyMode, NewKey, Paid, ResellerKey, Sold, keys_of, owed, payments, sold,
};
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::{AtContract, form, open, refused, terms_line};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Desk, Tab, at, frame};
use crate::render::Page;
use crate::t::{host, reseller as t};
use crate::ui::field::{ErrorSummary, Hidden, Radios, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

/// All that the page shows.
struct Shown {
    shop: Workshop,
    agreement: Agreement,
    keys: Vec<ResellerKey>,
    allotments: Vec<Allotment>,
    /// Visits from today on.
    ahead: Vec<Sold>,
    owed: Dong,
    paid: Vec<Paid>,
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): AtContract,
) -> Result<Response, PageError> {
    let (desk, shop, agreement) = open(&app, &visit, &slug, &id).await?;
    let form = form::filled(&agreement.terms);
    answer(&app, &visit, (&desk, shop, agreement), form, Problems::default(), None).await
}

/// The page, after a form that was not filled in well, or with a key that is shown this once.
pub async fn answer(
    app: &App,
    visit: &Visit,
    (desk, shop, agreement): (&Desk, Workshop, Agreement),
    form: Form,
    problems: Problems,
    key: Option<NewKey>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let contract = agreement.terms.contract.id;
    let today = local_date(app.store.now());
    let mut conn = app.store.read().await?;
    let days = (today, today + chrono::Days::new(400));
    let shown = Shown {
        keys: keys_of(&mut conn, contract).await?,
        allotments: allotment::of_contract(&mut conn, contract).await?,
        ahead: sold(&mut conn, &visit.actor, contract, days).await.map_err(refused)?,
        owed: owed(&mut conn, contract).await?,
        paid: payments(&mut conn, contract).await?,
        shop,
        agreement,
    };
    drop(conn);
    let status =
        if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = shown.agreement.reseller.name.clone();
    let saved = Form::of_query(&visit.query).text("done") == "saved";
    let terms = form::fields(locale, desk, &shown.shop, &form, &problems).into_any();
    let options = desk.option_choices(locale, |option| option.active && desk.is_shared(option.id));
    let titles = titles(desk, locale, &shown.ahead);
    let inner = visit.clone();
    let mut response = Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let here = at(visit, &shown.shop, &format!("/resellers/{contract}"));
        let back = at(visit, &shown.shop, "/resellers");
        let holds = shown.agreement.terms.contract.holds();
        let said = saved.then(|| view! { <Notice tone=Tone::Good title=t::saved(locale)/> });
        let once = key.map(|key| {
            view! {
                <section class="panel stack-s" aria-labelledby="new-key">
                    <h2 class="panel-title" id="new-key">{t::new_key(locale)}</h2>
                    <p>{t::new_key_text(locale)}</p>
                    <pre class="key" tabindex="0"><code>{key.key}</code></pre>
                </section>
            }
        });
        let edit = holds.then(|| {
            view! {
                <section class="panel">
                    <form class="form" method="post" action=here.clone() novalidate>
                        <Hidden name="act" value="agree"/>
                        {terms}
                        <div class="actions"><button class="btn btn-primary">{host::save(locale)}</button></div>
                    </form>
                </section>
            }
        });
        let body = view! {
            {breadcrumb(locale, vec![(back, t::title(locale).to_owned())])}
            <header>
                <h1>{title}</h1>
                <p class="soft">{terms_line(locale, &shown.agreement)} " · " {contact(&shown.agreement)}</p>
            </header>
            {said}
            {once}
            <ErrorSummary locale problems=problems.clone()/>
            {money(locale, &shown, &here, &form, &problems)}
            {keys(locale, &shown, &here)}
            {seats(locale, &shown, &here, options, &form, &problems)}
            {bookings(locale, visit, &shown, &titles)}
            {edit}
            {end(locale, holds, &here)}
        };
        frame(visit, Some(&shown.shop), Tab::More, body)
    });
    let never = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, never);
    Ok(response)
}

fn contact(agreement: &Agreement) -> String {
    let reseller = &agreement.reseller;
    let phone = (!reseller.phone.is_empty()).then(|| format::phone(&reseller.phone));
    [Some(reseller.email.clone()), phone].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The name of the tour of each booking.
fn titles(desk: &Desk, locale: Locale, sold: &[Sold]) -> Vec<String> {
    let title = |one: &Sold| {
        let tour = desk.catalogue.tour(one.booking.tour_id);
        tour.map_or_else(String::new, |tour| tour.title.text(locale).to_owned())
    };
    sold.iter().map(title).collect()
}

fn keys(locale: Locale, shown: &Shown, here: &str) -> impl IntoView + use<> {
    let mode = |mode: KeyMode| match mode {
        KeyMode::Live => t::mode_live(locale),
        KeyMode::Test => t::mode_test(locale),
    };
    let items = shown
        .keys
        .iter()
        .map(|key| {
            let used = key.used_at.map_or_else(
                || t::never_used(locale).to_owned(),
                |at| t::last_used(locale, format::date_time(locale, at)),
            );
            let revoke = if key.revoked_at.is_some() {
                view! { <span class="badge">{t::revoked(locale)}</span> }.into_any()
            } else {
                view! {
                    <form method="post" action=here.to_owned()>
                        <Hidden name="act" value="revoke"/>
                        <Hidden name="key" value=key.id.to_string()/>
                        <button class="btn btn-danger">{t::revoke(locale)}</button>
                    </form>
                }
                .into_any()
            };
            let name = match key.label.as_str() {
                "" => mode(key.mode).to_owned(),
                label => format!("{label} · {}", mode(key.mode)),
            };
            view! {
                <li class="entry">
                    <div>
                        <h3 class="entry-title">{name} " " <code>"…" {key.hint.clone()}</code></h3>
                        <p class="entry-text">{used}</p>
                    </div>
                    {revoke}
                </li>
            }
        })
        .collect_view();
    let holds = shown.agreement.terms.contract.holds();
    let modes = vec![
        ("test".to_owned(), t::mode_test_long(locale).to_owned()),
        ("live".to_owned(), t::mode_live_long(locale).to_owned()),
    ];
    let make = holds.then(|| {
        view! {
            <form class="form" method="post" action=here.to_owned() novalidate>
                <Hidden name="act" value="key"/>
                <Radios name="mode" label=t::key_for(locale) options=modes value="test"/>
                <TextField locale name="label" label=t::key_label(locale) value="" optional=true/>
                <div class="actions"><button class="btn">{icon("plus")}{t::make_key(locale)}</button></div>
            </form>
        }
    });
    view! {
        <section class="panel stack-s" aria-labelledby="keys">
            <h2 class="panel-title" id="keys">{t::keys(locale)}</h2>
            <p class="hint">{t::keys_hint(locale)}</p>
            <ul class="entry-list">{items}</ul>
            {make}
        </section>
    }
}

fn seats(
    locale: Locale,
    shown: &Shown,
    here: &str,
    options: Vec<(String, String)>,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let name_of = |allotment: &Allotment| {
        let id = allotment.option_id.to_string();
        options.iter().find(|(option, _)| *option == id).map_or("", |(_, name)| name).to_owned()
    };
    let items = shown
        .allotments
        .iter()
        .map(|one| {
            let (from, to) = (one.first_date, one.last_date);
            let days = t::valid_between(
                locale,
                format::date_of_paper(locale, from),
                format::date_of_paper(locale, to),
            );
            let words = t::kept_line(locale, one.release_days, one.seats);
            view! {
                <li class="entry">
                    <div>
                        <h3 class="entry-title">{name_of(one)}</h3>
                        <p class="entry-text">{words} " · " {days}</p>
                    </div>
                    <form method="post" action=here.to_owned()>
                        <Hidden name="act" value="end_allotment"/>
                        <Hidden name="allotment" value=one.id.to_string()/>
                        <button class="btn">{t::end_allotment(locale)}</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let make = shown.agreement.terms.contract.holds().then(|| {
        view! {
            <form class="form" method="post" action=here.to_owned() novalidate>
                <Hidden name="act" value="allot"/>
                <Select locale name="option" label=t::kept_of(locale) options=options.clone()
                    value=value("option") error=error("option")/>
                <div class="field-row">
                    <TextField locale name="seats" label=t::kept_seats(locale) inputmode="numeric"
                        value=value("seats") error=error("seats") short=true/>
                    <TextField locale name="release_days" label=t::release_days(locale) hint=t::release_days_hint(locale)
                        inputmode="numeric" value=value("release_days") error=error("release_days") short=true/>
                </div>
                <div class="field-row">
                    <TextField locale name="first_date" label=t::first_date(locale) kind="date"
                        value=value("first_date") error=error("first_date")/>
                    <TextField locale name="last_date" label=t::last_date(locale) kind="date"
                        value=value("last_date") error=error("last_date")/>
                </div>
                <div class="actions"><button class="btn">{icon("plus")}{t::allot(locale)}</button></div>
            </form>
        }
    });
    view! {
        <section class="panel stack-s" aria-labelledby="kept">
            <h2 class="panel-title" id="kept">{t::kept(locale)}</h2>
            <p class="hint">{t::kept_hint(locale)}</p>
            <ul class="entry-list">{items}</ul>
            {make}
        </section>
    }
}

fn money(
    locale: Locale,
    shown: &Shown,
    here: &str,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let value = |name: &str| form.text(name).to_owned();
    let error = |name: &str| problems.of(name);
    let limit = shown.agreement.terms.contract.credit_limit;
    let limit = limit.map(|limit| t::limit_line(locale, limit.display(locale)));
    let paid = shown
        .paid
        .iter()
        .take(6)
        .map(|paid| {
            let note = (!paid.note.is_empty()).then(|| format!(" · {}", paid.note));
            view! {
                <li>{format::date_of_paper(locale, paid.on_date)} {locale.writing().colon} <strong>{paid.amount.display(locale)}</strong> {note}</li>
            }
        })
        .collect_view();
    let amiss = !problems.of("amount").is_empty();
    let pay = shown.agreement.terms.contract.holds().then(|| {
        view! {
            <details open=amiss>
                <summary>{t::record_payment(locale)}</summary>
                <form class="form" method="post" action=here.to_owned() novalidate>
                    <Hidden name="act" value="pay"/>
                    <Hidden name="form_key" value=fresh_key()/>
                    <div class="field-row">
                        <TextField locale name="amount" label=t::amount(locale) inputmode="numeric"
                            value=value("amount") error=error("amount")/>
                        <TextField locale name="on_date" label=t::on_date(locale) kind="date"
                            value=value("on_date") error=error("on_date")/>
                    </div>
                    <TextField locale name="note" label=t::note(locale) value=value("note") optional=true/>
                    <div class="actions"><button class="btn">{t::record_payment(locale)}</button></div>
                </form>
            </details>
        }
    });
    view! {
        <section class="panel stack-s" aria-labelledby="money">
            <h2 class="panel-title" id="money">{t::money(locale)}</h2>
            <p><strong>{t::owes(locale, shown.owed.display(locale))}</strong> " " {limit}</p>
            <ul class="plain-list">{paid}</ul>
            {pay}
            <p><a href=format!("{here}/statement")>{t::statement(locale)}</a></p>
        </section>
    }
}

fn bookings(
    locale: Locale,
    visit: &Visit,
    shown: &Shown,
    titles: &[String],
) -> impl IntoView + use<> {
    let items = shown
        .ahead
        .iter()
        .zip(titles)
        .filter(|(one, _)| one.booking.state.kind().holds_seats())
        .map(|(one, title)| {
            let booking = &one.booking;
            let href = at(visit, &shown.shop, &format!("/bookings/{}", booking.code));
            let state = crate::pages::host::words::state(locale, &booking.state, booking.people);
            view! {
                <li class="entry"><div>
                    <h3 class="entry-title"><a href=href>{booking.name.clone()}</a></h3>
                    <p class="entry-text">
                        {format::date_time(locale, one.slot.starts_at)} " · " {title.clone()} " · "
                        {booking.party.words(locale)} " · " {booking.total.display(locale)} " · " {state}
                    </p>
                </div></li>
            }
        })
        .collect::<Vec<_>>();
    let none = items.is_empty().then(|| view! { <p class="empty">{t::nothing_sold(locale)}</p> });
    view! {
        <section class="panel stack-s" aria-labelledby="sold">
            <h2 class="panel-title" id="sold">{t::sold_ahead(locale)}</h2>
            <ul class="entry-list">{items}</ul>
            {none}
        </section>
    }
}

fn end(locale: Locale, holds: bool, here: &str) -> Option<impl IntoView + use<>> {
    holds.then(|| {
        view! {
            <details>
                <summary>{t::end(locale)}</summary>
                <form class="form" method="post" action=here.to_owned()>
                    <Hidden name="act" value="end"/>
                    <p>{t::end_text(locale)}</p>
                    <div class="actions"><button class="btn btn-danger">{t::end(locale)}</button></div>
                </form>
            </details>
        }
    })
}

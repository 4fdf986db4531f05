//! Paying a booking by bank transfer: QR code, account, time left. The page changes when money comes.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use engine::Dong;
use engine::booking::{State as BookingState, StateKind};
use engine::payment::{
    self, BankAccount, Money, Payment, PaymentCode, money_of, of_booking, pay_text,
};
use leptos::prelude::*;

use super::booking::{Link, Opened, address, open, private, see, ticket_lines};
use super::gift::spend as gift;
use super::gift::spend::Typed;
use crate::assets;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::islands::{CopyLink, HoldClock, PayWatch};
use crate::render::Page;
use crate::t::payment as t;
use crate::ui::field::ErrorSummary;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::notice::{Notice, Tone};
use crate::ui::summary::moment;

/// Seconds after which the page loads itself again where no script runs.
pub(super) const REFRESH: u32 = 20;

/// What is to be paid, and where.
struct Asked {
    payment: Payment,
    account: BankAccount,
    money: Money,
}

/// A booking that waits for money no more has its own page.
pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    with_card(&app, &visit, opened, Typed::default()).await
}

/// The page with a gift card's code as it was typed.
pub(super) async fn with_card(
    app: &App,
    visit: &Visit,
    opened: Opened,
    typed: Typed,
) -> Result<Response, PageError> {
    let BookingState::AwaitingPayment { .. } = opened.booking.state else {
        let confirmed = opened.booking.state.kind() == StateKind::Confirmed;
        let done = if confirmed { "?done=1" } else { "" };
        return Ok(see(&format!("{}{done}", address(visit, &opened.booking, ""))));
    };
    let mut conn = app.store.read().await?;
    let payment = of_booking(&mut conn, opened.booking.id).await?.ok_or(PageError::NotFound)?;
    let account = payment::account_by_id(&mut conn, payment.account_id).await?;
    let account = account.ok_or(PageError::NotFound)?;
    let money = money_of(&mut conn, opened.booking.id).await?;
    drop(conn);
    Ok(private(answer(visit, opened, Asked { payment, account, money }, typed)))
}

/// A short text that changes when there is news, for the page that waits.
pub async fn state(State(app): State<App>, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let mut conn = app.store.read().await?;
    let money = money_of(&mut conn, opened.booking.id).await?;
    let text = seen(opened.booking.state.kind(), money);
    let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok(private((plain, text).into_response()))
}

fn seen(state: StateKind, money: Money) -> String {
    format!("{state} {}", money.net().0)
}

fn answer(visit: &Visit, opened: Opened, asked: Asked, typed: Typed) -> Response {
    let locale = visit.locale;
    let to = |sub: &str| address(visit, &opened.booking, sub);
    let (state, cancel, more) = (to("/pay/state"), to("/cancel"), to("/money"));
    let head = Head::private(t::title(locale));
    // A page that says what is wrong stays; loading itself again would send nothing and say nothing.
    let (head, status) = if typed.error.is_empty() {
        (head.refresh(REFRESH), StatusCode::OK)
    } else {
        (head, StatusCode::UNPROCESSABLE_ENTITY)
    };
    let inner = visit.clone();
    Page::new(head).status(status).with_islands().render(visit, move || {
        let booking = &opened.booking;
        let rest = booking.total - asked.payment.amount;
        let lead = if rest > Dong::ZERO {
            let amount = asked.payment.amount.display(locale);
            t::lead_deposit(locale, amount, rest.display(locale))
        } else {
            t::lead_full(locale).to_owned()
        };
        let partly = (asked.money.net() > Dong::ZERO).then(|| {
            let (open, paid) = (
                asked.payment.open(asked.money).display(locale),
                asked.money.net().display(locale),
            );
            view! {
                <Notice tone=Tone::Info title=t::partly(locale, open, paid)>
                    <p>{t::partly_more(locale)}</p>
                </Notice>
            }
        });
        let wrong = (!typed.error.is_empty()).then(|| {
            let problems = gift::problem(typed.error.clone());
            view! { <ErrorSummary locale problems/> }
        });
        let card = gift::on_pay(&inner, booking, &typed);
        let due = Due {
            code: asked.payment.code.clone(),
            account: asked.account.clone(),
            open: asked.payment.open(asked.money),
        };
        let watched = seen(booking.state.kind(), asked.money);
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker">{t::kicker(locale)}</p>
                    <h1>{t::title(locale)}</h1>
                    <p class="lead">{lead}</p>
                </header>
                {clock(&opened, &asked, locale)}
                {wrong}
                {partly}
                {transfer(&due, locale)}
                {card}
                <PayWatch address=state seen=watched words=t::waiting(locale).to_owned()/>
                <div class="panel">{ticket_lines(locale, &opened)}</div>
                <p class="soft small">{t::direct(locale)} " " {t::after_due(locale)}</p>
                <div class="actions">
                    <a class="btn" href=more>{icon("money")}{t::more(locale)}</a>
                    <a class="btn btn-quiet" href=cancel>{icon("close")}{t::cancel(locale)}</a>
                </div>
            </div>
        }
    })
}

fn clock(opened: &Opened, asked: &Asked, locale: engine::Locale) -> impl IntoView + use<> {
    let left = asked.payment.due_at - opened.now;
    let whole = asked.payment.due_at - opened.booking.created_at;
    view! {
        <HoldClock
            seconds=left.num_seconds().max(0)
            total=whole.num_seconds().max(1)
            label=t::clock(locale).to_owned()
            kept=t::kept_until(locale, moment(locale, asked.payment.due_at))
            late=t::late(locale).to_owned()
            over=t::over(locale).to_owned()
            icon=format!("{}#i-clock", assets::url("icons.svg"))
        />
    }
}

/// What is to be transferred, with which words and where to.
pub(super) struct Due {
    pub code: PaymentCode,
    pub account: BankAccount,
    pub open: Dong,
}

/// QR code, and the same to type.
pub(super) fn transfer(due: &Due, locale: engine::Locale) -> impl IntoView + use<> {
    let Due { code: pay_code, account, open } = due;
    let amount = open.display(locale);
    let bank = account.bank.name().to_owned();
    let says = t::scan_says(locale, &amount, &bank, pay_code.as_str());
    let code = pay_text(pay_code, account, *open)
        .and_then(|text| engine::qr::svg(&text, "qr-code", &says).ok())
        .map(|svg| {
            view! {
                <div class="stack-s pay-scan">
                    <h2 class="panel-title">{t::scan(locale)}</h2>
                    <div class="qr" inner_html=svg></div>
                    <p class="price">{amount.clone()}</p>
                </div>
            }
        });
    let copy = |id: &str, label: &str, value: String| {
        view! {
            <CopyLink id=id.to_owned() label=label.to_owned() url=value
                copy=t::copy(locale).to_owned() copied=t::copied(locale).to_owned()/>
        }
    };
    view! {
        <div class="panel pay">
            {code}
            <div class="stack pay-type">
                <h2 class="panel-title">{t::or_type(locale)}</h2>
                <dl class="pairs">
                    <div><dt>{t::bank(locale)}</dt><dd>{bank}</dd></div>
                    <div><dt>{t::holder(locale)}</dt><dd>{account.holder.clone()}</dd></div>
                </dl>
                {copy("pay-number", t::number(locale), account.number.as_str().to_owned())}
                {copy("pay-amount", t::amount(locale), open.0.to_string())}
                {copy("pay-text", t::text(locale), pay_code.to_string())}
                <p class="field-hint">{t::text_hint(locale)}</p>
            </div>
        </div>
    }
}

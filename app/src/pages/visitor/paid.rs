//! A booking's money as its guest sees it: what was paid, what is open, what comes back and why; where
//! it shall go back to, and what an invoice needs.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::booking::{Booking, State as BookingState, StateKind};
use engine::ledger::Method;
use engine::payment::{
    self, AccountInput, InvoiceWish, Money, Move, MoveKind, Payment, PaymentError, Reckoning,
    RefundAccount, SayAccount, WishInvoice, invoice_wish, money_of, moves_of, of_booking, reckon,
    refund_account, say_account, wish_invoice,
};
use engine::store::Conn;
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::booking::{Link, Opened, address, open, private, see};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::render::Page;
use crate::t::payment as t;
use crate::ui::field::{ErrorSummary, Hidden, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::money::{bank_choices, problems};
use crate::ui::notice::{Notice, Tone};

/// All that is known of a booking's money.
pub struct Told {
    pub money: Money,
    pub reckoning: Reckoning,
    pub payment: Option<Payment>,
    moves: Vec<Move>,
    to: Option<RefundAccount>,
    wish: Option<InvoiceWish>,
}

impl Told {
    /// To be paid next: what was asked beforehand while the booking waits for it, else what is open.
    pub fn open(&self, booking: &Booking) -> Dong {
        match &self.payment {
            Some(payment) if booking.state.kind() == StateKind::AwaitingPayment => {
                payment.open(self.money)
            }
            _ => self.reckoning.open,
        }
    }
}

pub async fn load(conn: &mut Conn, booking: &Booking) -> Result<Told, PageError> {
    let money = money_of(conn, booking.id).await?;
    Ok(Told {
        money,
        reckoning: reckon(booking, money),
        payment: of_booking(conn, booking.id).await?,
        moves: moves_of(conn, booking.id).await?,
        to: refund_account(conn, booking.id).await?,
        wish: invoice_wish(conn, booking.id).await?,
    })
}

/// The lines of what was paid and what follows; also for the booking's own page.
pub fn lines(locale: Locale, booking: &Booking, told: &Told) -> impl IntoView + use<> {
    let Told { money, reckoning, .. } = told;
    let awaited = booking.state.kind() == StateKind::AwaitingPayment;
    let left_words = if awaited { t::left_now(locale) } else { t::left_there(locale) };
    let lines = [
        (t::price(locale), booking.total),
        (t::paid(locale), money.received + money.late),
        (t::given_back(locale), money.refunded),
        (t::back(locale), reckoning.due),
        (t::kept(locale), reckoning.kept),
        (left_words, told.open(booking)),
    ]
    .into_iter()
    .enumerate()
    .filter(|(at, (_, amount))| *at == 0 || *amount > Dong::ZERO)
    .map(|(_, (words, amount))| {
        view! { <div><dt>{words}</dt><dd><strong>{amount.display(locale)}</strong></dd></div> }
    })
    .collect_view();
    view! { <dl class="pairs">{lines}</dl> }
}

/// On the booking's own page, where there is anything to tell.
pub fn section(visit: &Visit, booking: &Booking, told: &Told) -> Option<AnyView> {
    if !told.money.any() && told.payment.is_none() {
        return None;
    }
    let locale = visit.locale;
    let more = address(visit, booking, "/money");
    let ask = (told.reckoning.due > Dong::ZERO && told.to.is_none()).then(|| {
        let amount = told.reckoning.due.display(locale);
        let href = format!("{more}#bank");
        view! {
            <Notice tone=Tone::Info title=t::money_to(locale)>
                <p><a href=href>{t::money_to_lead(locale, amount)}</a></p>
            </Notice>
        }
    });
    Some(
        view! {
            {ask}
            <section class="panel stack-s" aria-labelledby="money-title">
                <h2 class="panel-title" id="money-title">{t::money_section(locale)}</h2>
                {lines(locale, booking, told)}
                <p><a href=more>{t::more(locale)}</a></p>
            </section>
        }
        .into_any(),
    )
}

/// Why so much comes back.
fn why(locale: Locale, booking: &Booking) -> Option<String> {
    match &booking.state {
        BookingState::Cancelled { refund_percent: 100, .. } | BookingState::Expired { .. } => {
            Some(t::back_all(locale).to_owned())
        }
        BookingState::Cancelled { refund_percent, .. } => Some(t::kept_why(locale, refund_percent)),
        _ => None,
    }
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    answer(&app, &visit, opened, None, Problems::default()).await
}

/// Takes the account for a refund, or the invoice's details.
pub async fn save(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let home = address(&visit, &opened.booking, "/money");
    let text = |name: &str| form.text(name).to_owned();
    let (done, saved) = if form.text("act") == "account" {
        let input =
            AccountInput { bank: text("bank"), number: text("number"), holder: text("holder") };
        let actor = engine::accounts::Actor::Guest;
        let say = SayAccount { actor, booking: opened.booking.id, input };
        let saved = app.store.write("say account", say, |tx, c| Box::pin(say_account(tx, c))).await;
        ("account", saved)
    } else {
        let (company, code) = (form.text("company"), form.text("tax_code"));
        let saved = match InvoiceWish::parse(company, code, form.text("address")) {
            Ok(wish) => {
                let wish = WishInvoice { booking: opened.booking.id, wish };
                app.store.write("invoice", wish, |tx, c| Box::pin(wish_invoice(tx, c))).await
            }
            Err(error) => Err(error),
        };
        ("invoice", saved)
    };
    match saved {
        Ok(()) => Ok(see(&format!("{home}?done={done}"))),
        Err(PaymentError::Booking(_)) => Ok(see(&home)),
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            answer(&app, &visit, opened, Some(form), wrong).await
        }
    }
}

async fn answer(
    app: &App,
    visit: &Visit,
    opened: Opened,
    form: Option<Form>,
    wrong: Problems,
) -> Result<Response, PageError> {
    let mut conn = app.store.read().await?;
    let told = load(&mut conn, &opened.booking).await?;
    drop(conn);
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let home = address(visit, &opened.booking, "");
    let news = match Form::of_query(&visit.query).text("done") {
        "account" => Some(t::money_to_saved(locale)),
        "invoice" => Some(t::invoice_saved(locale)),
        _ => None,
    };
    let title = t::money_title(locale, &opened.booking.code);
    let page = Page::new(Head::private(title.clone())).status(status);
    Ok(private(page.render(visit, move || {
        let booking = &opened.booking;
        let news = news.map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let back = (told.reckoning.due > Dong::ZERO)
            .then(|| account_form(locale, &told, form.as_ref(), &wrong));
        let ended = matches!(booking.state.kind(), StateKind::Cancelled | StateKind::Expired);
        let invoice = (!ended).then(|| invoice_form(locale, &told, form.as_ref(), &wrong));
        let why = why(locale, booking).filter(|_| told.money.any());
        view! {
            <div class="wrap-narrow stack-l section-tight">
                <h1>{title}</h1>
                {news}
                <ErrorSummary locale problems=wrong.clone()/>
                <div class="panel stack-s">
                    {lines(locale, booking, &told)}
                    {why.map(|words| view! { <p class="soft">{words}</p> })}
                </div>
                {back}
                {moves(locale, &told)}
                {invoice}
                <p><a class="btn btn-quiet" href=home>{icon("arrow-left")}{t::back_to_booking(locale)}</a></p>
            </div>
        }
    })))
}

pub fn method(locale: Locale, method: Method) -> &'static str {
    match method {
        Method::Cash => t::by_cash(locale),
        Method::Transfer => t::by_transfer(locale),
        Method::Other => t::by_other(locale),
        Method::GiftCard => crate::t::gift::by_card(locale),
    }
}

fn moves(locale: Locale, told: &Told) -> impl IntoView + use<> {
    let items: Vec<_> = told
        .moves
        .iter()
        .map(|moved| {
            let words = match moved.kind {
                MoveKind::Received => t::received(locale),
                MoveKind::Refunded => t::refunded(locale),
            };
            let amount = moved.amount.display(locale);
            view! {
                <li>
                    <time datetime=moved.on_date.to_string()>{format::day(locale, moved.on_date)}</time>
                    <span>{words} " " <strong>{amount}</strong> ", " {method(locale, moved.method)}</span>
                </li>
            }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <p class="soft">{t::nothing(locale)}</p> }.into_any()
    } else {
        view! { <ol class="log">{items}</ol> }.into_any()
    };
    view! {
        <section class="panel stack-s" aria-labelledby="moves">
            <h2 class="panel-title" id="moves">{t::moves(locale)}</h2>
            {list}
        </section>
    }
}

fn account_form(
    locale: Locale,
    told: &Told,
    form: Option<&Form>,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let known = told.to.as_ref();
    let value = |name: &str, known: Option<&str>| {
        form.map(|form| form.text(name).to_owned())
            .or_else(|| known.map(str::to_owned))
            .unwrap_or_default()
    };
    let bank = value("bank", known.map(|to| to.bank.as_str()));
    let number = value("number", known.map(|to| to.number.as_str()));
    let holder = value("holder", known.map(|to| to.holder.as_str()));
    let lead = match known {
        Some(to) => t::money_to_known(locale, to.bank.name(), &to.holder, to.number.as_str()),
        None => t::money_to_lead(locale, told.reckoning.due.display(locale)),
    };
    view! {
        <form class="form panel" id="bank-form" method="post" novalidate>
            <h2 class="panel-title">{t::money_to(locale)}</h2>
            <p>{lead}</p>
            <Hidden name="act" value="account"/>
            <Select locale name="bank" label=t::bank(locale) options=bank_choices(locale)
                value=bank error=wrong.of("bank")/>
            <TextField locale name="number" label=t::number(locale) inputmode="numeric"
                value=number error=wrong.of("number")/>
            <TextField locale name="holder" label=t::holder(locale) value=holder error=wrong.of("holder")/>
            <div><button class="btn btn-primary">{t::money_to_save(locale)}</button></div>
        </form>
    }
}

fn invoice_form(
    locale: Locale,
    told: &Told,
    form: Option<&Form>,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let wish = told.wish.clone().unwrap_or_default();
    let value = |name: &str, known: &str| {
        form.map_or_else(|| known.to_owned(), |form| form.text(name).to_owned())
    };
    view! {
        <form class="form panel" method="post" novalidate>
            <h2 class="panel-title">{t::invoice(locale)}</h2>
            <p class="soft">{t::invoice_lead(locale)}</p>
            <Hidden name="act" value="invoice"/>
            <TextField locale name="company" label=t::company(locale) optional=true
                autocomplete="organization" value=value("company", &wish.company)
                error=wrong.of("company")/>
            <TextField locale name="tax_code" label=t::tax_code(locale) optional=true
                value=value("tax_code", &wish.tax_code) error=wrong.of("tax_code")/>
            <TextField locale name="address" label=t::address(locale) optional=true
                autocomplete="street-address" value=value("address", &wish.address)
                error=wrong.of("address")/>
            <div><button class="btn">{t::invoice_save(locale)}</button></div>
        </form>
    }
}

/// What a cancellation now would give back of what was paid; None where nothing was.
pub fn cancel_now(
    locale: Locale,
    booking: &Booking,
    money: Money,
    by_cards: Dong,
    percent: u8,
) -> Option<String> {
    if !money.any() {
        return None;
    }
    let mut cancelled = booking.clone();
    // A booking that waits for the rest of its money has not counted yet.
    let awaited = booking.state.kind() == StateKind::AwaitingPayment;
    cancelled.state = BookingState::Cancelled {
        by: engine::booking::EndedBy::Guest,
        at: booking.created_at,
        reason: String::new(),
        refund_percent: if awaited { 100 } else { percent },
    };
    let back = payment::reckon(&cancelled, money).due;
    let words = t::cancel_back(locale, back.display(locale), money.net().display(locale));
    // The card's part comes back to it first.
    let (to_card, rest) = (back.min(by_cards), (back - by_cards).max(Dong::ZERO));
    Some(if to_card == Dong::ZERO {
        words
    } else if rest == Dong::ZERO {
        format!("{words}. {}", crate::t::gift::back_to_card(locale, to_card.display(locale)))
    } else {
        let (rest, to_card) = (rest.display(locale), to_card.display(locale));
        format!("{words}. {}", crate::t::gift::back_to_card_first(locale, to_card, rest))
    })
}

//! One card: what moved, whether it pays, and what goes back to its buyer.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::clock::local_date;
use engine::giftcard::{
    self, CardMove, CardMoveKind, CardState, CardUse, Control, Deed, GiftCard, Origin, PayBack,
};
use engine::payment::{MoveKind, SumData, SumInput};
use engine::privacy::What;
use engine::{Dong, GiftCardId};
use leptos::prelude::*;

use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, at as desk_at, frame, see};
use crate::pages::host::money::names::{date, typed};
use crate::pages::host::money::{Books, Section, subnav};
use crate::pages::host::views;
use crate::render::Page;
use crate::t::gift as t;
use crate::ui::field::{ErrorSummary, FormKey, Hidden, TextField};
use crate::ui::format;
use crate::ui::gift_card::{address, badge, problems};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String, String)>;

struct Shown {
    books: Books,
    card: GiftCard,
    moves: Vec<CardMove>,
    uses: Vec<CardUse>,
    /// To be paid back to its buyer.
    due: Dong,
}

impl Shown {
    async fn open(app: &App, visit: &Visit, slug: &str, id: &str) -> Result<Shown, PageError> {
        let books = Books::open(app, visit, slug).await?;
        let id: GiftCardId = id.parse().map_err(|_| PageError::NotFound)?;
        let mut conn = app.store.read().await?;
        let card = giftcard::by_id(&mut conn, id).await?;
        let card = card.filter(|card| card.workshop_id == books.shop.id);
        let card = card.ok_or(PageError::NotFound)?;
        let moves = giftcard::moves_of(&mut conn, id).await?;
        let uses = giftcard::uses_of(&mut conn, id).await?;
        let due = card.due(giftcard::paid_for(&mut conn, id).await?);
        Ok(Shown { books, card, moves, uses, due })
    }

    fn at(&self, visit: &Visit) -> String {
        self.books.at(visit, &format!("/gift-cards/{}", self.card.id))
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &id).await?;
    let card = shown.card.id.to_string();
    views::note(&app, &visit, shown.books.shop.id, What::GiftCard, card).await?;
    Ok(answer(&visit, shown, Form::default(), Problems::default()))
}

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &id).await?;
    let act = form.text("act");
    let deed = match act {
        "block" => Some(Deed::Block),
        "unblock" => Some(Deed::Unblock),
        "cancel" => Some(Deed::Cancel),
        "pay_back" => None,
        _ => return Err(PageError::NotFound),
    };
    let (actor, card) = (visit.actor.clone(), shown.card.id);
    let done = if let Some(deed) = deed {
        let reason = form.text("reason").to_owned();
        let control = Control { actor, card, deed, reason };
        let store = &app.store;
        store.write("control card", control, |tx, c| Box::pin(giftcard::control(tx, c))).await
    } else {
        let input = SumInput {
            amount: form.text("amount").to_owned(),
            date: form.text("date").to_owned(),
            method: "transfer".into(),
            note: String::new(),
        };
        match SumData::parse(&input, local_date(app.store.now()), false) {
            Ok(sum) => {
                let back = PayBack { actor, card, sum, form_key: form.key() };
                let store = &app.store;
                store.write("pay card", back, |tx, c| Box::pin(giftcard::pay_back(tx, c))).await
            }
            Err(error) => Err(error.into()),
        }
    };
    match done {
        Ok(()) => Ok(see(&format!("{}?done={act}", shown.at(&visit)))),
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            Ok(answer(&visit, shown, form, wrong))
        }
    }
}

fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    let title = t::card_of(locale, shown.card.hint());
    Page::new(Head::host(title.clone())).status(status).render(visit, move || {
        let visit = &inner;
        let card = &shown.card;
        let news = match Form::of_query(&visit.query).text("done") {
            "given" => Some(t::news_given(locale)),
            "block" => Some(t::news_blocked(locale)),
            "unblock" => Some(t::news_unblocked(locale)),
            "cancel" => Some(t::news_cancelled(locale)),
            "pay_back" => Some(t::news_paid_back(locale)),
            _ => None,
        }
        .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let back = vec![(shown.books.at(visit, "/gift-cards"), t::title(locale).to_owned())];
        let paper = address(visit, card, "");
        let body = view! {
            {breadcrumb(locale, back)}
            <h1>{title}</h1>
            {subnav(visit, &shown.books, Some(Section::GiftCards))}
            {news}
            <ErrorSummary locale problems=wrong.clone()/>
            {facts(visit, &shown)}
            <p><a class="btn" href=paper>{icon("print")}{t::open_card(locale)}</a></p>
            {moves(visit, &shown)}
            {pay_back(visit, &shown, &form, &wrong)}
            {controls(visit, &shown, &form, &wrong)}
        };
        frame(visit, Some(&shown.books.shop), Tab::Money, body)
    })
}

fn facts(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let card = &shown.card;
    let origin = match card.origin {
        Origin::Bought => t::origin_bought(locale),
        Origin::Given => t::origin_given(locale),
    };
    let person = |name: &str, email: &str| match (name, email) {
        ("", email) => email.to_owned(),
        (name, "") => name.to_owned(),
        (name, email) => format!("{name}, {email}"),
    };
    let pay = card.pay_code.as_ref().map(ToString::to_string).unwrap_or_default();
    let pairs: Vec<_> = [
        (t::code(locale), card.code.spoken()),
        (t::value(locale), card.value.display(locale)),
        (t::left(locale), card.remaining.display(locale)),
        (t::valid_until(locale), date(locale, card.valid_until)),
        (t::col_origin(locale), origin.to_owned()),
        (t::buyer(locale), person(&card.buyer_name, &card.buyer_email)),
        (t::recipient(locale), person(&card.recipient_name, &card.recipient_email)),
        (t::give_reason(locale), card.reason.clone()),
        (t::words(locale), card.words.clone()),
        (crate::t::payment::text(locale), pay),
        (t::note(locale), card.note.clone()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> })
    .collect();
    let standing = card.standing(shown.books.today);
    view! {
        <div class="panel stack-s">
            <p>{badge(locale, standing)}</p>
            <dl class="pairs">{pairs}</dl>
        </div>
    }
}

fn moves(visit: &Visit, shown: &Shown) -> impl IntoView + use<> {
    let locale = visit.locale;
    let mut all: Vec<_> = shown
        .moves
        .iter()
        .map(|moved| {
            let amount = moved.amount.display(locale);
            let words = match moved.kind {
                CardMoveKind::Received => t::was_received(locale, amount),
                CardMoveKind::Returned => t::was_returned(locale, amount),
                CardMoveKind::Expired => t::was_expired(locale, amount),
            };
            (moved.created_at, moved.on_date, words, None)
        })
        .collect();
    all.extend(shown.uses.iter().map(|one| {
        let amount = one.amount.display(locale);
        let words = match one.kind {
            MoveKind::Received => t::was_used(locale, amount),
            MoveKind::Refunded => t::came_back(locale, amount),
        };
        let part = if one.booking_id.is_some() { "bookings" } else { "orders" };
        (one.created_at, one.on_date, words, Some((part, one.code.clone())))
    }));
    all.sort_by_key(|(at, ..)| *at);
    let items: Vec<_> = all
        .into_iter()
        .map(|(_, on, words, booking)| {
            let booking = booking.map(|(part, code)| {
                let href = match part {
                    "bookings" => shown.books.at(visit, &format!("/bookings/{code}")),
                    _ => desk_at(visit, &shown.books.shop, &format!("/orders/{code}")),
                };
                view! { " · " <a href=href>{code}</a> }
            });
            view! {
                <li>
                    <time datetime=on.to_string()>{format::day(locale, on)}</time>
                    <span>{words} {booking}</span>
                </li>
            }
        })
        .collect();
    let list = if items.is_empty() {
        view! { <p class="soft">{t::moves_none(locale)}</p> }.into_any()
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

fn pay_back(
    visit: &Visit,
    shown: &Shown,
    form: &Form,
    wrong: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    if shown.due == Dong::ZERO {
        return None;
    }
    let mine = form.text("act") == "pay_back";
    let value = |name: &str, usual: String| {
        if mine { form.text(name).to_owned() } else { usual }
    };
    let amount = value("amount", typed(locale, shown.due));
    let on = value("date", shown.books.today.to_string());
    let key = if mine { form.key() } else { fresh_key() };
    let lead = t::due_lead(locale, shown.due.display(locale), &shown.card.buyer_email);
    Some(view! {
        <form class="form panel" method="post" action=shown.at(visit) novalidate>
            <h2 class="panel-title">{t::due_title(locale)}</h2>
            <p>{lead}</p>
            <FormKey key=key/>
            <Hidden name="act" value="pay_back"/>
            <div class="share-how">
                <TextField locale name="amount" label=crate::t::payment::amount(locale)
                    inputmode="numeric" value=amount error=wrong.of("amount")/>
                <TextField locale name="date" label=crate::t::payment::refund_date(locale) kind="date"
                    value=on error=wrong.of("date") max=shown.books.today.to_string()/>
            </div>
            <div><button class="btn btn-primary">{crate::t::payment::refund_made(locale)}</button></div>
        </form>
    })
}

fn controls(
    visit: &Visit,
    shown: &Shown,
    form: &Form,
    wrong: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let buttons: &[(&str, &str, &str)] = match shown.card.state {
        CardState::Active => {
            &[("block", "btn", t::block(locale)), ("cancel", "btn btn-danger", t::cancel(locale))]
        }
        CardState::Blocked => &[
            ("unblock", "btn", t::unblock(locale)),
            ("cancel", "btn btn-danger", t::cancel(locale)),
        ],
        CardState::Awaiting => &[("cancel", "btn btn-danger", t::cancel(locale))],
        CardState::Expired | CardState::Cancelled => return None,
    };
    let buttons: Vec<_> = buttons
        .iter()
        .map(|(act, class, words)| {
            view! { <button class=*class type="submit" name="act" value=*act>{*words}</button> }
        })
        .collect();
    Some(view! {
        <form class="form panel" method="post" action=shown.at(visit) novalidate>
            <h2 class="panel-title">{t::control(locale)}</h2>
            <p class="soft">{t::control_lead(locale)}</p>
            <TextField locale name="reason" label=t::control_reason(locale) maxlength=300
                value=form.text("reason").to_owned() error=wrong.of("reason")/>
            <div class="actions">{buttons}</div>
        </form>
    })
}

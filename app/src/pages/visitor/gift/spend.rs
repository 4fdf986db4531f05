//! A gift card pays a booking: on its review before it is booked, or on its pay page.

use axum::extract::State;
use axum::response::Response;
use engine::accounts::Actor;
use engine::booking::{Booking, StateKind};
use engine::clock::local_date;
use engine::giftcard::{self, CardCode, CardError, GiftCard, Spend};
use engine::payment::Ask;
use engine::{Dong, Locale};
use leptos::prelude::*;

use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{Link, Opened, address, open, see};
use crate::pages::visitor::{pay, review};
use crate::t::gift as t;
use crate::ui::field::{FormKey, TextField};
use crate::ui::gift_card::{CODE, problems};
use crate::ui::notice::{Notice, Tone};

/// A card's code as it was typed, what is wrong with it, or the card.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub text: String,
    pub error: String,
    pub card: Option<GiftCard>,
}

impl Typed {
    pub fn wrong(form: &Form, error: String) -> Typed {
        Typed { text: form.text(CODE).to_owned(), error, card: None }
    }

    /// What the card would pay of so much.
    fn pays(&self, open: Dong) -> Option<(Dong, Dong)> {
        let card = self.card.as_ref()?;
        let pays = card.remaining.min(open);
        Some((pays, card.remaining - pays))
    }

    /// Whether it covers what is asked beforehand.
    pub fn covers(&self, ask: &Ask, total: Dong) -> bool {
        self.pays(total).is_some_and(|(pays, _)| pays >= ask.amount)
    }
}

/// The code in a form; None where nothing was typed.
pub fn code_in(locale: Locale, form: &Form) -> Option<Result<CardCode, String>> {
    let text = form.text(CODE).trim();
    (!text.is_empty()).then(|| text.parse().map_err(|_| t::wrong_code(locale).to_owned()))
}

/// The words of a refusal beside the field; what is no matter of a form ends the request.
pub fn says(locale: Locale, error: CardError) -> Result<String, PageError> {
    match error {
        // Somebody else paid, or the booking has another state by now.
        CardError::Booking(_) => Ok(t::changed_meanwhile(locale).to_owned()),
        error => {
            let said = problems(locale, error)?.of(CODE);
            Ok(if said.is_empty() { t::changed_meanwhile(locale).to_owned() } else { said })
        }
    }
}

/// Looked at again by its address: the booking's own page knows where to go.
pub async fn back(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    Ok(see(&address(&visit, &opened.booking, "")))
}

/// "Use the card": on the review it is looked at, and pays with "book"; a booking that waits for money
/// it pays at once.
pub async fn spend(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    form: Form,
) -> Result<Response, PageError> {
    let opened = open(&app, &link).await?;
    let code = code_in(visit.locale, &form);
    match opened.booking.state.kind() {
        StateKind::Held | StateKind::Expired if opened.ran_out() => {
            Ok(see(&address(&visit, &opened.booking, "/review")))
        }
        StateKind::Held => {
            let typed = match code {
                None => Typed::default(),
                Some(Err(error)) => Typed::wrong(&form, error),
                Some(Ok(code)) => look(&app, &visit, &opened, &form, &code).await?,
            };
            review::with_card(&app, &visit, opened, typed).await
        }
        StateKind::AwaitingPayment => pay_now(&app, &visit, opened, form, code).await,
        _ => Ok(see(&address(&visit, &opened.booking, ""))),
    }
}

async fn look(
    app: &App,
    visit: &Visit,
    opened: &Opened,
    form: &Form,
    code: &CardCode,
) -> Result<Typed, PageError> {
    let today = local_date(app.store.now());
    let mut conn = app.store.read().await?;
    match giftcard::usable(&mut conn, opened.booking.workshop_id, code, today).await {
        Ok(card) => Ok(Typed { text: card.code.spoken(), error: String::new(), card: Some(card) }),
        Err(error) => Ok(Typed::wrong(form, says(visit.locale, error)?)),
    }
}

async fn pay_now(
    app: &App,
    visit: &Visit,
    opened: Opened,
    form: Form,
    code: Option<Result<CardCode, String>>,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let code = match code {
        Some(Ok(code)) => code,
        Some(Err(error)) => {
            return pay::with_card(app, visit, opened, Typed::wrong(&form, error)).await;
        }
        None => {
            let error = t::wrong_missing(locale).to_owned();
            return pay::with_card(app, visit, opened, Typed::wrong(&form, error)).await;
        }
    };
    let spend_it = Spend {
        catalogue: opened.catalogue.clone(),
        actor: Actor::Guest,
        booking: opened.booking.id,
        code,
        form_key: form.key(),
    };
    let spent =
        app.store.write("spend card", spend_it, |tx, c| Box::pin(giftcard::spend(tx, c))).await;
    match spent {
        // Where all of it is paid, that page leads on to the booking.
        Ok(_) => Ok(see(&address(visit, &opened.booking, "/pay"))),
        Err(error) => {
            let typed = Typed::wrong(&form, says(locale, error)?);
            pay::with_card(app, visit, opened, typed).await
        }
    }
}

/// The field on the review, with what the card would pay. Its button sends the whole form elsewhere.
pub fn on_review(visit: &Visit, booking: &Booking, typed: &Typed) -> impl IntoView + use<> {
    let locale = visit.locale;
    let action = address(visit, booking, "/gift-card");
    let pays = typed.pays(booking.total).map(|(pays, left)| {
        let rest = booking.total - pays;
        let title = t::pays(locale, pays.display(locale), rest.display(locale));
        let left = t::stays(locale, left.display(locale));
        view! { <Notice tone=Tone::Good title=title><p>{left}</p></Notice> }
    });
    let open = typed.card.is_some() || !typed.error.is_empty();
    view! {
        <details class="fold" open=open>
            <summary>{t::have_one(locale)}</summary>
            <div class="fold-body stack-s">
                {pays}
                <TextField locale name=CODE label=t::code(locale) hint=t::code_hint(locale)
                    optional=true autocomplete="off" maxlength=40 value=typed.text.clone()
                    error=typed.error.clone()/>
                <div>
                    <button class="btn" type="submit" formaction=action formnovalidate=true>
                        {t::use_it(locale)}
                    </button>
                </div>
            </div>
        </details>
    }
}

/// The form on the pay page.
pub fn on_pay(visit: &Visit, booking: &Booking, typed: &Typed) -> impl IntoView + use<> {
    let locale = visit.locale;
    let action = address(visit, booking, "/gift-card");
    let key = crate::api::form::fresh_key();
    view! {
        <details class="fold" open=!typed.error.is_empty()>
            <summary>{t::have_one(locale)}</summary>
            <form class="form fold-body" method="post" action=action novalidate>
                <FormKey key=key/>
                <TextField locale name=CODE label=t::code(locale) hint=t::code_hint(locale)
                    autocomplete="off" maxlength=40 value=typed.text.clone()
                    error=typed.error.clone()/>
                <div><button class="btn" type="submit">{t::pay_with(locale)}</button></div>
            </form>
        </details>
    }
}

/// A form's problem with a code, for pages that list problems.
pub fn problem(error: String) -> Problems {
    let mut problems = Problems::default();
    problems.add(CODE, error);
    problems
}

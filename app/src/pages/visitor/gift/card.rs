//! A gift card by its secret link: to look at, to print, to pass on.

use axum::extract::State;
use axum::response::Response;
use engine::clock::local_date;
use engine::giftcard::{self, CardState, CardUse, Standing};
use engine::payment::MoveKind;
use leptos::prelude::*;

use super::{Link, open};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::{private, see};
use crate::render::Page;
use crate::t::gift as t;
use crate::ui::gift_card::{address, badge, leaf};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::money as ui_money;
use crate::ui::notice::{Notice, Tone};

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let (card, house) = open(&app, &link).await?;
    if card.state == CardState::Awaiting {
        return Ok(see(&address(&visit, &card, "/pay")));
    }
    let mut conn = app.store.read().await?;
    let uses = giftcard::uses_of(&mut conn, card.id).await?;
    drop(conn);
    let locale = visit.locale;
    let today = local_date(app.store.now());
    let standing = card.standing(today);
    let title = t::card_title(locale, &house.workshop.name);
    let inner = visit.clone();
    Ok(private(Page::new(Head::private(title.clone())).render(&visit, move || {
        let visit = &inner;
        let tours = visit.link(&format!("/workshops/{}", house.workshop.slug));
        let notice = match standing {
            Standing::Active => None,
            Standing::UsedUp => Some((Tone::Info, t::card_used_up(locale))),
            Standing::Expired => Some((Tone::Warn, t::card_expired(locale))),
            Standing::Blocked => Some((Tone::Bad, t::card_blocked(locale))),
            Standing::Cancelled if card.lapsed => Some((Tone::Warn, t::card_lapsed(locale))),
            Standing::Cancelled | Standing::Awaiting => {
                Some((Tone::Bad, t::card_cancelled(locale)))
            }
        }
        .map(|(tone, words)| view! { <div class="no-print"><Notice tone title=words/></div> });
        // A card that pays nothing is not printed again.
        let leaf = matches!(standing, Standing::Active | Standing::UsedUp | Standing::Expired)
            .then(|| leaf(visit, &card, &house));
        let active = standing == Standing::Active;
        let how = active.then(|| view! { <p class="no-print">{t::card_how(locale)}</p> });
        let book = active.then(|| {
            view! { <a class="btn btn-primary" href=tours>{t::card_book(locale)}</a> }
        });
        let hint = active.then(|| {
            view! { <p class="small soft no-print">{icon("print")} " " {t::print_hint(locale)}</p> }
        });
        let left = t::left_of(locale, card.left(today).display(locale));
        view! {
            <div class="wrap gift-page stack-l section-tight">
                <header class="stack-s no-print">
                    <h1>{title}</h1>
                    <p>{badge(locale, standing)} " " <strong id="gift-left">{left}</strong></p>
                </header>
                {notice}
                {leaf}
                {how}
                {hint}
                <div class="actions no-print">{book}</div>
                {history(visit, &uses)}
            </div>
        }
    })))
}

/// When it paid and when something came back; not for what: whoever holds the card need not know.
fn history(visit: &Visit, uses: &[CardUse]) -> Option<AnyView> {
    let locale = visit.locale;
    let items: Vec<_> = uses
        .iter()
        .map(|one| {
            let amount = one.amount.display(locale);
            let words = match one.kind {
                MoveKind::Received => t::was_used(locale, amount),
                MoveKind::Refunded => t::came_back(locale, amount),
            };
            (one.on_date, words)
        })
        .collect();
    ui_money::log(locale, "panel stack-s no-print", ("uses", t::uses(locale)), items)
}

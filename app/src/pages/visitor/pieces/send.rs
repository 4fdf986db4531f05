//! The way home: parcels that are settled, and the form for what is not.

use engine::Dong;
use engine::craft::delivery::{AddressInput, ParcelState};
use leptos::prelude::*;

use super::{Shown, address, facts};
use crate::api::form::{Form, Problems};
use crate::context::Visit;
use crate::t::parcel as t;
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::parcel as ui;

/// What the form begins with: the wish as it stands, or who booked.
pub(super) fn begin(shown: &Shown) -> Vec<(String, String)> {
    let mut usual = AddressInput::of(None, &shown.booking.phone);
    if shown.booking.locale != engine::Locale::Vi {
        usual.country = "-".into();
    }
    let mut pairs = ui::begin(shown.open(), usual, &shown.booking.name);
    for (name, value) in &mut pairs {
        if name == "country" && value == "-" {
            value.clear();
        }
    }
    pairs
}

pub(super) fn section(
    visit: &Visit,
    shown: &Shown,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let settled: Vec<_> = shown
        .parcels
        .iter()
        .filter(|parcel| parcel.state != ParcelState::Cancelled)
        .map(|parcel| {
            let pay = (parcel.pay_code.is_some() && parcel.open() > Dong::ZERO).then(|| {
                let href = address(visit, &shown.party.secret, "/pay");
                view! { <p><a class="btn btn-primary" href=href>{icon("money")}{t::pay_now(locale)}</a></p> }
            });
            view! {
                <div class="panel stack-s parcel">
                    <p>{ui::badge(locale, parcel)}</p>
                    {facts(locale, parcel)}
                    {pay}
                </div>
            }
        })
        .collect();
    let open = shown.open();
    let form = shown.to_send().then(|| {
        let title = if open.is_some() { t::change_title(locale) } else { t::ask_title(locale) };
        let fields = fields(visit, shown, form, wrong);
        if open.is_some() && wrong.is_empty() {
            view! {
                <details class="fold"><summary>{icon("edit")}{title}</summary>
                    <div class="fold-body">{fields}</div>
                </details>
            }
            .into_any()
        } else {
            view! { <div class="panel stack"><h3 class="panel-title">{title}</h3>{fields}</div> }
                .into_any()
        }
    });
    let empty = settled.is_empty() && form.is_none();
    (!empty).then(|| {
        view! {
            <section class="stack" aria-labelledby="home">
                <h2 id="home">{t::home_title(locale)}</h2>
                {settled}
                {form}
            </section>
        }
    })
}

fn fields(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> impl IntoView + use<> {
    let locale = visit.locale;
    let page = address(visit, &shown.party.secret, "");
    let fields = ui::send_form(locale, page.clone(), None, &shown.ways, form, wrong);
    let undo = shown.open().filter(|parcel| parcel.paid == Dong::ZERO).map(|_| {
        view! {
            <form method="post" action=page.clone()>
                <Hidden name="act" value="unsend"/>
                <button class="btn btn-quiet">{t::undo_wish(locale)}</button>
            </form>
        }
    });
    view! {
        {fields}
        {undo}
    }
}

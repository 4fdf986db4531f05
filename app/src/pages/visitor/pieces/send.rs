//! The way home: parcels that are settled, and the form for what is not.

use engine::Dong;
use engine::craft::delivery::{AddressInput, ParcelState, Pays, Way, WishInput};
use leptos::prelude::*;

use super::{Shown, address, facts};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::Visit;
use crate::t::parcel as t;
use crate::ui::field::{FormKey, Hidden, Radios, TextField};
use crate::ui::icon::icon;
use crate::ui::parcel as ui;

pub fn typed(form: &Form) -> WishInput {
    WishInput {
        way: form.text("way").to_owned(),
        recipient: form.text("recipient").to_owned(),
        address: ui::typed(form),
        pays: form.text("pays").to_owned(),
    }
}

/// What the form begins with: the wish as it stands, or who booked.
pub(super) fn begin(shown: &Shown) -> Vec<(String, String)> {
    let (address, name, way, pays) = if let Some(parcel) = shown.open() {
        (
            AddressInput::of(parcel.address.as_ref(), &parcel.recipient.phone),
            parcel.recipient.name.clone(),
            parcel.way.word(),
            parcel.pays.word(),
        )
    } else {
        let mut address = AddressInput::of(None, &shown.booking.phone);
        if shown.booking.locale != engine::Locale::Vi {
            address.country = "-".into();
        }
        (address, shown.booking.name.clone(), "", "")
    };
    let mut pairs = ui::pairs(&address);
    for (name, value) in &mut pairs {
        if name == "country" && value == "-" {
            value.clear();
        }
    }
    pairs.extend([
        ("recipient".to_owned(), name),
        ("way".to_owned(), way.to_owned()),
        ("pays".to_owned(), pays.to_owned()),
    ]);
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
    let value = |name: &str| form.text(name).to_owned();
    let page = address(visit, &shown.party.secret, "");
    let ways = vec![
        (Way::Collect.to_string(), t::way_collect(locale).to_owned()),
        (Way::Post.to_string(), t::way_post(locale).to_owned()),
    ];
    let places = vec![
        ("vn".to_owned(), t::in_vietnam(locale).to_owned()),
        ("abroad".to_owned(), t::abroad(locale).to_owned()),
    ];
    let pays: Vec<(String, String)> =
        shown.ways.iter().map(|way| (way.to_string(), ui::pays(locale, *way).to_owned())).collect();
    let pays = match shown.ways.as_slice() {
        [Pays::Free] => view! { <p class="soft">{t::free_hint(locale)}</p> }.into_any(),
        _ => view! {
            <Radios name="pays" label=t::who_pays(locale) options=pays
                value=value("pays") error=wrong.of("pays")/>
            <p class="field-hint">{t::cost_hint(locale)}</p>
        }
        .into_any(),
    };
    let undo = shown.open().filter(|parcel| parcel.paid == Dong::ZERO).map(|_| {
        view! {
            <form method="post" action=page.clone()>
                <Hidden name="act" value="unsend"/>
                <button class="btn btn-quiet">{t::undo_wish(locale)}</button>
            </form>
        }
    });
    view! {
        <form class="form send-form" method="post" action=page.clone() novalidate>
            <Hidden name="act" value="send"/>
            <FormKey key=fresh_key()/>
            <Radios name="way" label=t::way(locale) options=ways value=value("way") error=wrong.of("way")/>
            <div class="send-post form">
                <TextField locale name="recipient" label=t::recipient(locale) autocomplete="name"
                    value=value("recipient") error=wrong.of("recipient")/>
                <Radios name="where" label=t::where_to(locale) options=places value=value("where")/>
                {ui::address_fields(locale, form, wrong)}
                {pays}
                <p class="field-hint">{t::privacy_hint(locale)}</p>
            </div>
            <div><button class="btn btn-primary">{t::save_wish(locale)}</button></div>
        </form>
        {undo}
    }
}

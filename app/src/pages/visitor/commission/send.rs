//! The way home: collected or posted, where to, and where it is.

use engine::Dong;
use engine::commission::{Commission, StateKind};
use engine::craft::delivery::{AddressInput, Parcel, ParcelState, Pays, Way, WishInput};
use leptos::prelude::*;

use super::page::Shown;
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::Visit;
use crate::t::commission as tc;
use crate::t::parcel as t;
use crate::ui::commission as ui_commission;
use crate::ui::field::{FormKey, Hidden, Radios, TextField};
use crate::ui::icon::icon;
use crate::ui::parcel as ui;

pub(super) fn typed(form: &Form) -> WishInput {
    WishInput {
        way: form.text("way").to_owned(),
        recipient: form.text("recipient").to_owned(),
        address: ui::typed(form),
        pays: form.text("pays").to_owned(),
    }
}

/// What the form begins with: the wish as it stands, or who ordered.
pub(super) fn begin(shown: &Shown) -> Vec<(String, String)> {
    let made = &shown.commission;
    let open = shown.parcel.as_ref().filter(|parcel| parcel.state == ParcelState::Open);
    let (address, name, way, pays) = match open {
        Some(parcel) => (
            AddressInput::of(parcel.address.as_ref(), &parcel.recipient.phone),
            parcel.recipient.name.clone(),
            parcel.way.word(),
            parcel.pays.word(),
        ),
        None => (AddressInput::of(None, &made.phone), made.name.clone(), "", ""),
    };
    let mut pairs = ui::pairs(&address);
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
) -> Option<AnyView> {
    let locale = visit.locale;
    let kind = shown.commission.kind();
    let may_wish = matches!(kind, StateKind::Accepted | StateKind::Making | StateKind::Ready);
    let parcel = shown.parcel.as_ref().filter(|parcel| parcel.state != ParcelState::Cancelled);
    if !may_wish && parcel.is_none() {
        return None;
    }
    let known = parcel.map(|parcel| known(visit, &shown.commission, parcel));
    let form = may_wish.then(|| {
        let title = if parcel.is_some() { t::change_title(locale) } else { t::ask_title(locale) };
        let open = form.text("act") == "send" || parcel.is_none();
        let fields = fields(visit, shown, form, wrong);
        view! {
            <details class="fold" open=open>
                <summary>{icon("edit")}{title}</summary>
                <div class="fold-body">{fields}</div>
            </details>
        }
    });
    let arrived = (kind == StateKind::Posted).then(|| {
        let page = ui_commission::address(visit, &shown.commission, "");
        view! {
            <form method="post" action=page enctype="multipart/form-data">
                <Hidden name="act" value="arrived"/>
                <button class="btn btn-primary">{icon("check")}{tc::arrived(locale)}</button>
            </form>
        }
    });
    Some(
        view! {
            <section class="panel stack-s" aria-labelledby="home">
                <h2 class="panel-title" id="home">{tc::home(locale)}</h2>
                {known} {arrived} {form}
            </section>
        }
        .into_any(),
    )
}

/// What is settled of it, and how the post is paid.
fn known(visit: &Visit, made: &Commission, parcel: &Parcel) -> impl IntoView + use<> {
    let locale = visit.locale;
    let tracking = (!parcel.tracking.is_empty()).then(|| {
        let carrier = parcel.carrier.map_or("", |it| ui::carrier(locale, it));
        let number = parcel.tracking.clone();
        let number = match parcel.track_url() {
            Some(url) => {
                view! { <a href=url rel="external noopener">{number}{icon("external")}</a> }
                    .into_any()
            }
            None => view! { {number} }.into_any(),
        };
        view! { <div><dt>{t::tracking(locale)}</dt><dd>{carrier} " " {number}</dd></div> }
    });
    let to =
        ui::written(parcel).map(|to| view! { <div><dt>{t::to(locale)}</dt><dd>{to}</dd></div> });
    let cost = (parcel.way == Way::Post).then(|| {
        view! { <div><dt>{t::cost(locale)}</dt><dd>{ui::cost(locale, parcel)}</dd></div> }
    });
    let owed = (parcel.pay_code.is_some() && parcel.open() > Dong::ZERO).then(|| {
        let href = ui_commission::address(visit, made, "/pay?of=post");
        let words = tc::pay_the_post(locale);
        view! { <p><a class="btn btn-primary" href=href>{icon("money")}{words}</a></p> }
    });
    view! {
        <p>{ui::badge(locale, parcel)}</p>
        <dl class="pairs">{to} {cost} {tracking}</dl>
        {owed}
    }
}

fn fields(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> impl IntoView + use<> {
    let locale = visit.locale;
    let value = |name: &str| form.text(name).to_owned();
    let page = ui_commission::address(visit, &shown.commission, "");
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
    view! {
        <form class="form send-form" method="post" action=page enctype="multipart/form-data" novalidate>
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
    }
}

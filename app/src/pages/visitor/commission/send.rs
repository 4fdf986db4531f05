//! The way home: collected or posted, where to, and where it is.

use engine::Dong;
use engine::commission::{Commission, StateKind};
use engine::craft::delivery::{AddressInput, Parcel, ParcelState, Way};
use leptos::prelude::*;

use super::page::Shown;
use crate::api::form::{Form, Problems};
use crate::context::Visit;
use crate::t::commission as tc;
use crate::t::parcel as t;
use crate::ui::commission as ui_commission;
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::parcel as ui;

/// What the form begins with: the wish as it stands, or who ordered.
pub(super) fn begin(shown: &Shown) -> Vec<(String, String)> {
    let made = &shown.commission;
    let open = shown.parcel.as_ref().filter(|parcel| parcel.state == ParcelState::Open);
    ui::begin(open, AddressInput::of(None, &made.phone), &made.name)
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
        let page = ui_commission::address(visit, &shown.commission, "");
        let fields =
            ui::send_form(locale, page, Some("multipart/form-data"), &shown.ways, form, wrong);
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

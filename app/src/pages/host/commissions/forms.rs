//! The forms of a commission's page: one for each thing that can be done as it stands.

use chrono::Days;
use engine::Dong;
use engine::commission::{StateKind, Step};
use engine::craft::delivery::{Carrier, ParcelState, Way};
use engine::ledger::Method;
use leptos::prelude::*;

use super::one::Shown;
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::Visit;
use crate::t::commission as t;
use crate::ui::commission as ui;
use crate::ui::field::{FormKey, Hidden, Select, TextArea, TextField};
use crate::ui::icon::icon;
use crate::ui::notice::{Notice, Tone};
use crate::ui::parcel as ui_parcel;

/// Days that an offer is kept open, and until it is ready, unless the host says otherwise.
const USUAL_OPEN: u64 = 14;
const USUAL_READY: u64 = 45;

/// What was typed into this form, else what it begins with.
struct Typed<'f> {
    form: &'f Form,
    mine: bool,
}

impl<'f> Typed<'f> {
    fn of(form: &'f Form, act: &str) -> Typed<'f> {
        Typed { form, mine: form.text("act") == act }
    }

    fn value(&self, name: &str, usual: impl Into<String>) -> String {
        if self.mine { self.form.text(name).to_owned() } else { usual.into() }
    }

    fn key(&self) -> String {
        if self.mine { self.form.key() } else { fresh_key() }
    }

    fn error(&self, wrong: &Problems, name: &str) -> String {
        if self.mine { wrong.of(name) } else { String::new() }
    }
}

pub(super) fn message(
    visit: &Visit,
    shown: &Shown,
    form: &Form,
    wrong: &Problems,
) -> Option<AnyView> {
    let locale = visit.locale;
    if shown.commission.is_forgotten() {
        return None;
    }
    let typed = Typed::of(form, "message");
    Some(
        view! {
            <form class="form panel" method="post" action=shown.at(visit) enctype="multipart/form-data" novalidate>
                <h2 class="panel-title">{t::write_to_customer(locale)}</h2>
                <Hidden name="act" value="message"/>
                <FormKey key=typed.key()/>
                <TextArea locale name="message" label=t::message(locale) rows=3 maxlength=2000
                    value=typed.value("message", "") error=typed.error(wrong, "message")/>
                <div><button class="btn">{t::send_message(locale)}</button></div>
            </form>
        }
        .into_any(),
    )
}

/// What is to be done next, as it stands.
pub(super) fn next(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> Option<AnyView> {
    match shown.commission.kind() {
        kind if kind.allows(Step::Offer) => Some(offer(visit, shown, form, wrong)),
        StateKind::Making => Some(milestone(visit, shown, form, wrong)),
        StateKind::Ready => Some(leave(visit, shown, form, wrong)),
        StateKind::Posted => {
            let words = t::has_arrived(visit.locale);
            Some(button(visit, shown, "arrived", words))
        }
        _ => None,
    }
}

fn button(visit: &Visit, shown: &Shown, act: &'static str, words: &'static str) -> AnyView {
    view! {
        <form method="post" action=shown.at(visit) enctype="multipart/form-data">
            <Hidden name="act" value=act/>
            <button class="btn btn-primary">{words}</button>
        </form>
    }
    .into_any()
}

fn offer(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> AnyView {
    let locale = visit.locale;
    if !shown.desk.owner {
        return view! { <Notice tone=Tone::Info title=t::owner_offers(locale)/> }.into_any();
    }
    let typed = Typed::of(form, "offer");
    let last = shown.offer.as_ref();
    let price = last.map(|offer| crate::ui::money::typed(locale, offer.price));
    let deposit = last.map_or(shown.terms.deposit_percent, |offer| offer.deposit_percent);
    let kept = last.map_or(shown.terms.kept_percent, |offer| offer.kept_percent);
    let ready = shown.commission.brief.wished_on.filter(|on| *on > shown.today);
    let ready = ready.unwrap_or(shown.today + Days::new(USUAL_READY));
    let valid = (shown.today + Days::new(USUAL_OPEN)).min(ready);
    let grams = last.map_or_else(String::new, |offer| offer.grams.to_string());
    let title = if shown.commission.kind() == StateKind::Offered {
        t::offer_again(locale)
    } else {
        t::make_offer(locale)
    };
    let error = |name: &str| typed.error(wrong, name);
    view! {
        <form class="form panel" method="post" action=shown.at(visit) enctype="multipart/form-data" novalidate>
            <h2 class="panel-title">{title}</h2>
            <Hidden name="act" value="offer"/>
            <FormKey key=typed.key()/>
            <TextField locale name="price" label=t::price_all(locale) inputmode="numeric"
                value=typed.value("price", price.unwrap_or_default()) error=error("price")/>
            <div class="field-row">
                <TextField locale name="deposit" label=t::deposit_percent(locale) inputmode="numeric"
                    value=typed.value("deposit", deposit.to_string()) error=error("deposit")/>
                <TextField locale name="kept" label=t::kept_percent(locale) inputmode="numeric"
                    value=typed.value("kept", kept.to_string()) error=error("kept")/>
            </div>
            <p class="field-hint">{t::kept_hint(locale)}</p>
            <div class="field-row">
                <TextField locale name="ready_on" label=t::ready_on(locale) kind="date"
                    min=shown.today.to_string()
                    value=typed.value("ready_on", ready.to_string()) error=error("ready_on")/>
                <TextField locale name="valid_until" label=t::valid_until(locale) kind="date"
                    min=shown.today.to_string()
                    value=typed.value("valid_until", valid.to_string()) error=error("valid_until")/>
            </div>
            <TextField locale name="grams" label=t::grams(locale) hint=t::grams_hint(locale)
                inputmode="numeric" short=true value=typed.value("grams", grams) error=error("grams")/>
            <TextArea locale name="words" label=t::offer_words(locale) rows=4 maxlength=2000
                value=typed.value("words", "") error=error("words")/>
            {ui::photo_fields(locale, t::sketches(locale), wrong)}
            <div><button class="btn btn-primary btn-large">{t::send_offer(locale)}</button></div>
        </form>
    }
    .into_any()
}

fn milestone(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> AnyView {
    let locale = visit.locale;
    let act = if form.text("act") == "ready" { "ready" } else { "milestone" };
    let typed = Typed::of(form, act);
    view! {
        <form class="form panel" method="post" action=shown.at(visit) enctype="multipart/form-data" novalidate>
            <h2 class="panel-title">{t::show_work(locale)}</h2>
            <FormKey key=typed.key()/>
            <TextArea locale name="words" label=t::milestone_words(locale) rows=3 maxlength=2000
                value=typed.value("words", "") error=typed.error(wrong, "words")/>
            {ui::photo_fields(locale, t::photographs(locale), wrong)}
            <div class="actions">
                <button class="btn btn-primary" name="act" value="milestone">{t::send_milestone(locale)}</button>
                <button class="btn" name="act" value="ready">{icon("check")}{t::all_made(locale)}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Handing over, or posting; once all of it is paid.
fn leave(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> AnyView {
    let locale = visit.locale;
    if shown.money.open > Dong::ZERO {
        let title = t::waits_for_rest(locale, shown.money.open.display(locale));
        return view! { <Notice tone=Tone::Info title=title/> }.into_any();
    }
    let posts = shown
        .parcel
        .as_ref()
        .is_some_and(|it| it.way == Way::Post && it.state == ParcelState::Open);
    let typed = Typed::of(form, "post");
    let post = posts.then(|| {
        let mut carriers =
            vec![(String::new(), crate::t::parcel::choose(locale).to_owned())];
        carriers.extend(
            Carrier::ALL
                .iter()
                .map(|it| (it.to_string(), ui_parcel::carrier(locale, *it).to_owned())),
        );
        view! {
            <form class="form panel" method="post" action=shown.at(visit) enctype="multipart/form-data" novalidate>
                <h2 class="panel-title">{t::post_it(locale)}</h2>
                <Hidden name="act" value="post"/>
                <Select locale name="carrier" label=crate::t::parcel::carrier(locale) options=carriers
                    value=typed.value("carrier", "") error=typed.error(wrong, "carrier")/>
                <TextField locale name="tracking" label=crate::t::parcel::tracking(locale)
                    value=typed.value("tracking", "") error=typed.error(wrong, "tracking")/>
                <div><button class="btn btn-primary">{t::posted(locale)}</button></div>
            </form>
        }
    });
    view! {
        {post}
        <div class="panel stack-s">
            <p>{t::collect_hint(locale)}</p>
            {button(visit, shown, "hand_over", t::hand_over(locale))}
        </div>
    }
    .into_any()
}

/// Money that came in cash, or where no service watches.
pub(super) fn paid(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> Option<AnyView> {
    let kind = shown.commission.kind();
    let waits = matches!(kind, StateKind::Accepted | StateKind::Making | StateKind::Ready);
    if !shown.desk.owner || !waits || shown.money.open == Dong::ZERO {
        return None;
    }
    let locale = visit.locale;
    let typed = Typed::of(form, "paid");
    let usual = if shown.money.now > Dong::ZERO { shown.money.now } else { shown.money.open };
    let fields = sum(visit, shown, &typed, (usual, "cash", t::paid_on(locale)), wrong);
    let open = typed.mine;
    Some(
        view! {
            <details class="fold" open=open>
                <summary>{icon("money")}{t::mark_paid_title(locale)}</summary>
                <form class="fold-body form" method="post" action=shown.at(visit)
                    enctype="multipart/form-data" novalidate>
                    <Hidden name="act" value="paid"/>
                    {fields}
                    <div><button class="btn btn-primary">{t::mark_paid_do(locale)}</button></div>
                </form>
            </details>
        }
        .into_any(),
    )
}

/// Money that is to go back, and where to.
pub(super) fn pay_back(
    visit: &Visit,
    shown: &Shown,
    form: &Form,
    wrong: &Problems,
) -> Option<AnyView> {
    if !shown.desk.owner || shown.money.due == Dong::ZERO {
        return None;
    }
    let locale = visit.locale;
    let typed = Typed::of(form, "pay_back");
    let fields = sum(
        visit,
        shown,
        &typed,
        (shown.money.due, "transfer", crate::t::payment::refund_date(locale)),
        wrong,
    );
    let to = shown.commission.refund.as_ref().map_or_else(
        || crate::t::payment::refund_to_none(locale).to_owned(),
        |to| format!("{} · {} · {}", to.bank.name(), to.number.as_str(), to.holder),
    );
    let lead = t::pay_back_lead(locale, shown.money.due.display(locale));
    Some(
        view! {
            <form class="form panel" method="post" action=shown.at(visit) enctype="multipart/form-data" novalidate>
                <h2 class="panel-title">{t::pay_back(locale)}</h2>
                <p>{lead}</p>
                <p class="soft">{to}</p>
                <Hidden name="act" value="pay_back"/>
                {fields}
                <div><button class="btn btn-primary">{crate::t::payment::refund_made(locale)}</button></div>
            </form>
        }
        .into_any(),
    )
}

fn sum(
    visit: &Visit,
    shown: &Shown,
    typed: &Typed<'_>,
    (usual, method, day): (Dong, &str, &'static str),
    wrong: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let amount = crate::ui::money::typed(locale, usual);
    let methods: Vec<(String, String)> = Method::BY_HAND
        .iter()
        .map(|method| {
            let words = crate::pages::visitor::paid::method(locale, *method);
            (method.to_string(), crate::ui::format::sentence(words))
        })
        .collect();
    let today = shown.today.to_string();
    view! {
        <FormKey key=typed.key()/>
        <div class="field-row">
            <TextField locale name="amount" label=crate::t::payment::amount(locale) inputmode="numeric"
                value=typed.value("amount", amount) error=typed.error(wrong, "amount")/>
            <TextField locale name="date" label=day kind="date"
                max=today.clone() value=typed.value("date", today) error=typed.error(wrong, "date")/>
        </div>
        <Select locale name="method" label=t::method(locale) options=methods
            value=typed.value("method", method)/>
    }
}

pub(super) fn end(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> Option<AnyView> {
    if !shown.desk.owner || !shown.commission.kind().allows(Step::End) {
        return None;
    }
    let locale = visit.locale;
    let typed = Typed::of(form, "end");
    let open = typed.mine;
    let costs = (shown.money.held > Dong::ZERO)
        .then(|| view! { <p>{t::host_end_costs(locale, shown.money.held.display(locale))}</p> });
    Some(
        view! {
            <details class="fold fold-danger" open=open>
                <summary>{icon("close")}{t::host_end(locale)}</summary>
                <form class="fold-body form" method="post" action=shown.at(visit)
                    enctype="multipart/form-data" novalidate>
                    <Hidden name="act" value="end"/>
                    {costs}
                    <TextArea locale name="reason" label=t::host_end_reason(locale) rows=3 maxlength=2000
                        value=typed.value("reason", "") error=typed.error(wrong, "reason")/>
                    <button class="btn btn-danger">{t::end_do(locale)}</button>
                </form>
            </details>
        }
        .into_any(),
    )
}

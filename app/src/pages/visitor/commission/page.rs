//! The customer's page: where it stands, the offer, the conversation, the money, the way home.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use engine::catalogue::Workshop;
use engine::commission::{
    self, Commission, Entry, Mark, Offer, Photo, Reckoning, State as Standing, StateKind, Step,
};
use engine::craft::delivery::{self, Parcel, Pays};
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::{Link, open, send};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::booking::private;
use crate::render::Page;
use crate::t::commission as t;
use crate::ui::commission as ui;
use crate::ui::field::{ErrorSummary, FormKey, Hidden, Select, TextArea, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::money::bank_choices;
use crate::ui::notice::{Notice, Tone};
use crate::ui::summary::moment;

/// All that the page shows.
pub(super) struct Shown {
    pub commission: Commission,
    pub shop: Workshop,
    pub offer: Option<Offer>,
    pub money: Reckoning,
    entries: Vec<Entry>,
    offers: Vec<Offer>,
    photos: Vec<Photo>,
    pub parcel: Option<Parcel>,
    pub ways: Vec<Pays>,
}

impl Shown {
    pub(super) async fn load(app: &App, link: &Link) -> Result<Shown, PageError> {
        let (commission, shop) = open(app, link).await?;
        let mut conn = app.store.read().await?;
        let (offer, money) = commission::money_of(&mut conn, &commission).await?;
        let entries = commission::entries_of(&mut conn, commission.id).await?;
        let offers = commission::offers_of(&mut conn, commission.id).await?;
        let photos = commission::photos_of(&mut conn, commission.id).await?;
        let parcel = match commission.parcel_id {
            Some(id) => delivery::parcel(&mut conn, id).await?,
            None => None,
        };
        let ways = delivery::offered(&mut conn, commission.workshop_id, None).await?;
        Ok(Shown { commission, shop, offer, money, entries, offers, photos, parcel, ways })
    }

    fn kind(&self) -> StateKind {
        self.commission.kind()
    }
}

pub async fn page(State(app): State<App>, visit: Visit, link: Link) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &link).await?;
    let form = Form::of_pairs(send::begin(&shown));
    Ok(answer(&visit, shown, form, Problems::default()))
}

pub(super) fn answer(visit: &Visit, shown: Shown, form: Form, wrong: Problems) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let title = shown.commission.brief.what.clone();
    let inner = visit.clone();
    let page = Page::new(Head::private(t::page_title(locale, &title))).status(status);
    private(page.render(visit, move || {
        let visit = &inner;
        let commission = &shown.commission;
        let news = match Form::of_query(&visit.query).text("done") {
            "asked" => Some(t::news_asked(locale)),
            "message" => Some(t::news_message(locale)),
            "accepted" => Some(t::news_accepted(locale)),
            "ended" => Some(t::news_ended(locale)),
            "account" => Some(t::news_account(locale)),
            "send" => Some(t::news_send(locale)),
            "arrived" => Some(t::news_arrived(locale)),
            _ => None,
        }
        .map(|words| view! { <Notice tone=Tone::Good title=words/> });
        let home = visit.link(&format!("/workshops/{}", shown.shop.slug));
        let phone = shown.shop.phone.clone();
        view! {
            <div class="wrap commission-page stack-l section-tight">
                <header class="page-head stack-s">
                    <p class="kicker"><a href=home>{shown.shop.name.clone()}</a></p>
                    <h1>{title}</h1>
                    <p>{ui::badge(locale, shown.kind())} " " <span class="soft small">{t::code_is(locale, &commission.code)}</span></p>
                    <p class="lead">{standing(locale, &shown)}</p>
                </header>
                {news}
                <ErrorSummary locale problems=wrong.clone()/>
                <div class="split">
                    <div class="stack-l">
                        <section class="stack" aria-labelledby="talk">
                            <h2 id="talk">{t::conversation(locale)}</h2>
                            {ui::conversation(
                                locale,
                                (commission, &shown.shop),
                                (&shown.entries, &shown.offers, &shown.photos),
                            )}
                            {message(visit, &shown, &form, &wrong)}
                        </section>
                    </div>
                    <div class="stack">
                        {offered(visit, &shown)}
                        {money(visit, &shown, &form, &wrong)}
                        {send::section(visit, &shown, &form, &wrong)}
                        <section class="panel stack-s" aria-labelledby="brief">
                            <h2 class="panel-title" id="brief">{t::your_brief(locale)}</h2>
                            {ui::brief(locale, commission)}
                        </section>
                        {end(visit, &shown, &form, &wrong)}
                        <p class="small soft">
                            {t::help(locale)} " " <a href=format!("tel:{phone}")>{format::phone(&phone)}</a>
                        </p>
                    </div>
                </div>
            </div>
        }
    }))
}

/// Where it stands, in a sentence.
fn standing(locale: Locale, shown: &Shown) -> String {
    let shop = &shown.shop.name;
    let day = shown.offer.as_ref().map(|offer| format::date(locale, offer.ready_on));
    match &shown.commission.state {
        Standing::Asked => t::stands_asked(locale, shop),
        Standing::Offered { until } => t::stands_offered(locale, moment(locale, *until)),
        Standing::Accepted { until } => t::stands_accepted(locale, moment(locale, *until)),
        Standing::Making => t::stands_making(locale, day.unwrap_or_default()),
        Standing::Ready if shown.money.now > Dong::ZERO => t::stands_ready_pay(locale).to_owned(),
        Standing::Ready => t::stands_ready(locale).to_owned(),
        Standing::Posted => t::stands_posted(locale).to_owned(),
        Standing::Delivered => t::stands_delivered(locale, shop),
        Standing::Lapsed => t::stands_lapsed(locale).to_owned(),
        Standing::Ended { .. } => t::stands_ended(locale).to_owned(),
    }
}

/// The offer with its sketches, and the answer to it.
fn offered(visit: &Visit, shown: &Shown) -> Option<AnyView> {
    let locale = visit.locale;
    let offer = shown.offer.as_ref()?;
    let sketches: Vec<_> = shown
        .entries
        .iter()
        .filter(|entry| entry.mark == Mark::Offer && entry.offer_id == Some(offer.id))
        .flat_map(|entry| shown.photos.iter().filter(|photo| photo.entry_id == entry.id))
        .enumerate()
        .map(|(at, photo)| {
            let alt = t::sketch(locale, at + 1);
            let (small, large) = (ui::photo_url(photo.id, 480), ui::photo_url(photo.id, 1600));
            view! {
                <li><a href=large><img src=small alt=alt width=photo.width height=photo.height/></a></li>
            }
        })
        .collect();
    let sketches =
        (!sketches.is_empty()).then(|| view! { <ul class="commission-photos">{sketches}</ul> });
    let accept = (shown.kind() == StateKind::Offered).then(|| {
        let page = ui::address(visit, &shown.commission, "");
        view! {
            <form method="post" action=page enctype="multipart/form-data">
                <Hidden name="act" value="accept"/>
                <Hidden name="offer" value=offer.id.to_string()/>
                <button class="btn btn-primary btn-large btn-wide">{t::accept(locale)}</button>
            </form>
            <p class="small soft">{t::accept_hint(locale)}</p>
        }
    });
    Some(
        view! {
            <section class="panel stack-s" aria-labelledby="offer">
                <h2 class="panel-title" id="offer">{t::offer(locale)}</h2>
                {sketches}
                {ui::offer(locale, offer)}
                {accept}
            </section>
        }
        .into_any(),
    )
}

/// What is paid and due; where money shall go back to.
fn money(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> Option<AnyView> {
    let locale = visit.locale;
    let agreed = !matches!(shown.kind(), StateKind::Asked | StateKind::Offered);
    if !agreed || (shown.offer.is_none() && shown.money == Reckoning::default()) {
        return None;
    }
    let pay = (shown.money.now > Dong::ZERO).then(|| {
        if shown.commission.account_id.is_none() {
            return view! { <p>{t::pay_there(locale)}</p> }.into_any();
        }
        let words = if shown.kind() == StateKind::Accepted {
            t::pay_deposit(locale)
        } else {
            t::pay_rest(locale)
        };
        let href = ui::address(visit, &shown.commission, "/pay");
        view! { <p><a class="btn btn-primary" href=href>{icon("money")}{words}</a></p> }.into_any()
    });
    let back = (shown.money.due > Dong::ZERO).then(|| account(visit, shown, form, wrong));
    let kept = match &shown.commission.state {
        Standing::Ended { kept, .. } if *kept > Dong::ZERO => {
            Some(view! { <p class="soft">{t::kept_is(locale, kept.display(locale))}</p> })
        }
        _ => None,
    };
    Some(
        view! {
            <section class="panel stack-s" aria-labelledby="money">
                <h2 class="panel-title" id="money">{t::money(locale)}</h2>
                {ui::money_lines(locale, shown.offer.as_ref(), shown.money)}
                {kept} {pay} {back}
            </section>
        }
        .into_any(),
    )
}

fn account(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> impl IntoView + use<> {
    use crate::t::payment as tp;
    let locale = visit.locale;
    let known = shown.commission.refund.as_ref();
    let mine = form.text("act") == "account";
    let value = |name: &str, known: Option<&str>| {
        if mine { form.text(name).to_owned() } else { known.unwrap_or_default().to_owned() }
    };
    let bank = value("bank", known.map(|to| to.bank.as_str()));
    let number = value("number", known.map(|to| to.number.as_str()));
    let holder = value("holder", known.map(|to| to.holder.as_str()));
    let page = ui::address(visit, &shown.commission, "");
    view! {
        <form class="form" method="post" action=page enctype="multipart/form-data" novalidate>
            <h3 class="panel-title">{tp::money_to(locale)}</h3>
            <Hidden name="act" value="account"/>
            <Select locale name="bank" label=tp::bank(locale) options=bank_choices(locale)
                value=bank error=wrong.of("bank")/>
            <TextField locale name="number" label=tp::number(locale) inputmode="numeric"
                value=number error=wrong.of("number")/>
            <TextField locale name="holder" label=tp::holder(locale) value=holder error=wrong.of("holder")/>
            <div><button class="btn btn-primary">{tp::money_to_save(locale)}</button></div>
        </form>
    }
}

fn message(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> Option<AnyView> {
    let locale = visit.locale;
    if shown.commission.is_forgotten() {
        return None;
    }
    let mine = form.text("act") == "message";
    let words = if mine { form.text("words").to_owned() } else { String::new() };
    let key = if mine { form.key() } else { fresh_key() };
    let page = ui::address(visit, &shown.commission, "");
    Some(
        view! {
            <form class="form panel" method="post" action=page enctype="multipart/form-data" novalidate>
                <h3 class="panel-title">{t::write(locale)}</h3>
                <Hidden name="act" value="message"/>
                <FormKey key=key/>
                <TextArea locale name="words" label=t::message(locale) rows=4 maxlength=2000
                    value=words error=wrong.of("words")/>
                {ui::photo_fields(locale, t::pictures(locale), wrong)}
                <div><button class="btn btn-primary">{t::send_message(locale)}</button></div>
            </form>
        }
        .into_any(),
    )
}

/// Ending it, with what that costs now.
fn end(visit: &Visit, shown: &Shown, form: &Form, wrong: &Problems) -> Option<AnyView> {
    let locale = visit.locale;
    if !shown.kind().allows(Step::End) {
        return None;
    }
    let kept = shown.offer.as_ref().filter(|_| shown.kind().begun());
    let kept = kept.map_or(Dong::ZERO, |offer| offer.kept_of(shown.money.held));
    let costs = if kept > Dong::ZERO {
        t::end_costs(locale, kept.display(locale))
    } else if shown.money.held > Dong::ZERO {
        t::end_all_back(locale).to_owned()
    } else {
        t::end_free(locale).to_owned()
    };
    let mine = form.text("act") == "end";
    let page = ui::address(visit, &shown.commission, "");
    let reason = if mine { form.text("reason").to_owned() } else { String::new() };
    Some(
        view! {
            <details class="fold fold-danger" open=mine>
                <summary>{icon("close")}{t::end(locale)}</summary>
                <form class="fold-body form" method="post" action=page enctype="multipart/form-data" novalidate>
                    <Hidden name="act" value="end"/>
                    <p>{costs}</p>
                    <TextArea locale name="reason" label=t::end_reason(locale) rows=2 maxlength=2000
                        optional=true value=reason error=wrong.of("reason")/>
                    <button class="btn btn-danger">{t::end_do(locale)}</button>
                </form>
            </details>
        }
        .into_any(),
    )
}

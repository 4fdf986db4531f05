//! Bank accounts of a workshop and its co-op: where guests pay, and who tells of incoming money.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::payment::{
    AccountData, AccountInput, AccountOf, AddAccount, BankAccount, ChooseAccount, PaymentError,
    Provider, RetireAccount, SetProvider, accounts_of, add_account, choose_account, of_workshop,
    retire_account, set_provider, usable_by,
};
use engine::{BankAccountId, Locale};
use leptos::prelude::*;

use super::{Books, Section, subnav};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::{Tab, frame, see};
use crate::render::Page;
use crate::t::payment as t;
use crate::ui::field::{ErrorSummary, Hidden, Select, TextField, choices};
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::money::{bank_choices, problems, refused};
use crate::ui::notice::{Notice, Tone};

type At = Path<(String, String)>;

/// What the page shows.
struct Shown {
    books: Books,
    /// Kept by the visitor: the workshop's, and the co-op's where they manage it.
    kept: Vec<BankAccount>,
    /// Of the co-op, kept by others, which the workshop may take.
    others: Vec<BankAccount>,
    /// Where guests pay.
    takes: Option<BankAccountId>,
}

impl Shown {
    async fn load(app: &App, visit: &Visit, slug: &str) -> Result<Shown, PageError> {
        let books = Books::open(app, visit, slug).await?;
        let mut conn = app.store.read().await?;
        let own = AccountOf::Workshop(books.shop.id);
        let mut kept = accounts_of(&mut conn, &visit.actor, own).await.map_err(refused)?;
        if let Some(coop) = books.coop.as_ref().filter(|_| books.manages) {
            let of = AccountOf::Coop(coop.id);
            kept.extend(accounts_of(&mut conn, &visit.actor, of).await.map_err(refused)?);
        }
        let mut others = usable_by(&mut conn, books.shop.id).await?;
        others.retain(|account| kept.iter().all(|mine| mine.id != account.id));
        let takes = of_workshop(&mut conn, books.shop.id).await?.map(|account| account.id);
        Ok(Shown { books, kept, others, takes })
    }
}

pub async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug).await?;
    Ok(answer(&visit, shown, Form::default(), Problems::default(), None))
}

/// One of the page's forms. A key is shown in the answer itself and nowhere else, so that form is
/// answered with a page and not with an address.
pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): At,
    form: Form,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug).await?;
    let actor = visit.actor.clone();
    let account = form.text("account").parse::<BankAccountId>();
    let workshop = shown.books.shop.id;
    let store = &app.store;
    let done: Result<(), PaymentError> = match form.text("act") {
        "add" => {
            let of = form.text("of");
            let text = |name: &str| form.text(&id(of, name)).to_owned();
            let input =
                AccountInput { bank: text("bank"), number: text("number"), holder: text("holder") };
            let coop = shown.books.coop.as_ref().filter(|_| of == "coop");
            let of = coop.map_or(AccountOf::Workshop(workshop), |coop| AccountOf::Coop(coop.id));
            match AccountData::parse(&input) {
                Ok(data) => {
                    let add = AddAccount { actor, of, data };
                    let added =
                        store.write("add account", add, |tx, c| Box::pin(add_account(tx, c)));
                    added.await.map(|_| ())
                }
                Err(error) => Err(error),
            }
        }
        "use" | "stop" => {
            let account = (form.text("act") == "use").then_some(account).transpose();
            let account = account.map_err(|_| PageError::NotFound)?;
            let choose = ChooseAccount { actor, workshop, account };
            store.write("choose account", choose, |tx, c| Box::pin(choose_account(tx, c))).await
        }
        "retire" => {
            let account = account.map_err(|_| PageError::NotFound)?;
            let retire = RetireAccount { actor, account };
            store.write("retire account", retire, |tx, c| Box::pin(retire_account(tx, c))).await
        }
        "provider" => {
            let account = account.map_err(|_| PageError::NotFound)?;
            let provider = Provider::parse(form.text("provider")).ok_or(PageError::NotFound)?;
            let secret = Some(form.text("secret").to_owned());
            let before = shown.kept.iter().find(|known| known.id == account);
            let before = before.map(|known| known.secret.clone());
            let set = SetProvider { actor, account, provider, secret };
            let set = store.write("set provider", set, |tx, c| Box::pin(set_provider(tx, c))).await;
            match set {
                Ok(now) if !now.secret.is_empty() && before != Some(now.secret.clone()) => {
                    let shown = Shown::load(&app, &visit, &slug).await?;
                    let form = Form::default();
                    let page = answer(&visit, shown, form, Problems::default(), Some(now));
                    return Ok(crate::pages::visitor::booking::private(page));
                }
                set => set.map(|_| ()),
            }
        }
        _ => return Err(PageError::NotFound),
    };
    match done {
        Ok(()) => Ok(see(&format!("{}?done=1", shown.books.at(&visit, "/accounts")))),
        Err(error) => {
            let wrong = problems(visit.locale, error)?;
            Ok(answer(&visit, shown, form, wrong, None))
        }
    }
}

fn answer(
    visit: &Visit,
    shown: Shown,
    form: Form,
    wrong: Problems,
    once: Option<BankAccount>,
) -> Response {
    let locale = visit.locale;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inner = visit.clone();
    Page::new(Head::host(t::accounts(locale))).status(status).render(visit, move || {
        let visit = &inner;
        let books = &shown.books;
        let page = books.at(visit, "/accounts");
        let done = Form::of_query(&visit.query).has("done");
        let news = done.then(|| view! { <Notice tone=Tone::Good title=t::account_news(locale)/> });
        let once = once.map(|account| {
            view! {
                <Notice tone=Tone::Warn title=t::watch_once(locale)>
                    <p>{t::watch_once_lead(locale)}</p>
                    <p><code class="secret">{account.secret.reveal().to_owned()}</code></p>
                </Notice>
            }
        });
        let accounts: Vec<_> = shown
            .kept
            .iter()
            .map(|account| one(visit, &shown, account, &form, &wrong, true).into_any())
            .chain(
                shown
                    .others
                    .iter()
                    .map(|account| one(visit, &shown, account, &form, &wrong, false).into_any()),
            )
            .collect();
        let accounts = if accounts.is_empty() {
            view! { <p class="empty">{t::accounts_none(locale)}</p> }.into_any()
        } else {
            view! { <div class="stack">{accounts}</div> }.into_any()
        };
        let stopped = (shown.takes.is_none() && !shown.kept.is_empty())
            .then(|| view! { <p class="soft">{t::account_stopped(locale)}</p> });
        let adding = |of: &'static str, title: String| add(locale, &page, of, title, &form, &wrong);
        let of_coop = books.coop.as_ref().filter(|_| books.manages);
        let of_coop = of_coop.map(|coop| adding("coop", t::account_add_coop(locale, &coop.name)));
        let body = view! {
            <header class="host-head"><h1>{t::accounts(locale)}</h1></header>
            {subnav(visit, books, Some(Section::Accounts))}
            {news}
            {once}
            <ErrorSummary locale problems=wrong.clone()/>
            <p class="soft">{t::accounts_lead(locale)}</p>
            {stopped}
            {accounts}
            {adding("workshop", t::account_add(locale).to_owned())}
            {of_coop}
        };
        frame(visit, Some(&books.shop), Tab::Money, body)
    })
}

/// A form is filled with what was typed in it, and not with what was typed in another.
fn typed(form: &Form, mine: bool, name: &str) -> String {
    if mine { form.text(name).to_owned() } else { String::new() }
}

fn add(
    locale: Locale,
    page: &str,
    of: &'static str,
    title: String,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let mine = form.text("act") == "add" && form.text("of") == of;
    let error = |name: &str| if mine { wrong.of(name) } else { String::new() };
    view! {
        <details class="fold" open=mine>
            <summary>{icon("plus")}{title}</summary>
            <form class="form fold-body" method="post" action=page.to_owned() novalidate>
                <Hidden name="act" value="add"/>
                <Hidden name="of" value=of/>
                <Select locale name=id(of, "bank") label=t::bank(locale) options=bank_choices(locale)
                    value=typed(form, mine, &id(of, "bank")) error=error("bank")/>
                <TextField locale name=id(of, "number") label=t::number(locale)
                    value=typed(form, mine, &id(of, "number")) error=error("number")/>
                <TextField locale name=id(of, "holder") label=t::holder(locale)
                    hint=t::account_fixed(locale)
                    value=typed(form, mine, &id(of, "holder")) error=error("holder")/>
                <div><button class="btn btn-primary">{t::account_save(locale)}</button></div>
            </form>
        </details>
    }
}

/// Both forms stand on one page: the co-op's has ids of its own.
fn id(of: &str, name: &str) -> String {
    if of == "coop" { format!("coop_{name}") } else { name.to_owned() }
}

fn one(
    visit: &Visit,
    shown: &Shown,
    account: &BankAccount,
    form: &Form,
    wrong: &Problems,
    kept: bool,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let page = shown.books.at(visit, "/accounts");
    let coop = shown.books.coop.as_ref().filter(|_| account.coop_id.is_some());
    let whose = coop.map_or_else(
        || t::account_own(locale).to_owned(),
        |coop| t::account_of_coop(locale, &coop.name),
    );
    let takes = shown.takes == Some(account.id);
    let retired = account.retired_at.is_some();
    let badge = if takes {
        Some(("celadon", t::account_takes(locale)))
    } else {
        retired.then(|| ("terracotta", t::account_retired(locale)))
    };
    let badge = badge
        .map(|(tone, words)| view! { <p><span class="badge" data-tone=tone>{words}</span></p> });
    let button = |act: &'static str, words: &'static str, class: &'static str| {
        view! {
            <form method="post" action=page.clone()>
                <Hidden name="act" value=act/>
                <Hidden name="account" value=account.id.to_string()/>
                <button class=class>{words}</button>
            </form>
        }
    };
    let take = if takes {
        Some(button("stop", t::account_stop(locale), "btn btn-small"))
    } else {
        (!retired).then(|| button("use", t::account_use(locale), "btn btn-small btn-primary"))
    };
    let retire = (kept && !retired)
        .then(|| button("retire", t::account_retire(locale), "btn btn-small btn-danger"));
    let watch = kept.then(|| watched(visit, &page, account, form, wrong));
    view! {
        <section class="panel stack-s">
            <h2 class="panel-title">{account.bank.name().to_owned()} " · " {account.number.as_str().to_owned()}</h2>
            <p>{account.holder.clone()} " · " <span class="soft">{whose}</span></p>
            {badge}
            <div class="actions">{take} {retire}</div>
            {watch}
        </section>
    }
}

fn provider_words(locale: Locale, provider: Provider) -> &'static str {
    match provider {
        Provider::None => t::provider_none(locale),
        Provider::SepayKey => t::provider_sepay_key(locale),
        Provider::SepayHmac => t::provider_sepay_hmac(locale),
        Provider::Casso => t::provider_casso(locale),
        Provider::CassoV2 => t::provider_casso_v2(locale),
    }
}

/// Which service watches the account; how it is set up.
fn watched(
    visit: &Visit,
    page: &str,
    account: &BankAccount,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let mine = form.text("act") == "provider" && form.text("account") == account.id.to_string();
    let options = Provider::ALL
        .iter()
        .map(|each| (each.to_string(), provider_words(locale, *each).to_owned()))
        .collect();
    let how = match account.provider {
        Provider::None => None,
        Provider::SepayKey | Provider::SepayHmac => Some(t::watch_how_sepay(locale)),
        Provider::Casso | Provider::CassoV2 => Some(t::watch_how_casso(locale)),
    };
    // A part of the id keeps the names of several accounts' fields apart.
    let tail: String = account.id.to_string().chars().rev().take(8).collect();
    let hook = format!("{}/hooks/bank/{}", visit.base_url, account.token);
    let address = how.map(|how| {
        view! {
            <div class="field">
                <label for=format!("url-{tail}")>{t::watch_url(locale)}</label>
                <input class="input" id=format!("url-{tail}") readonly=true value=hook/>
                <p class="field-hint">{how}</p>
            </div>
        }
    });
    let value = if mine { form.text("provider").to_owned() } else { account.provider.to_string() };
    let error = if mine { wrong.of("secret") } else { String::new() };
    let wrong = !error.is_empty();
    view! {
        <details class="fold" open=mine>
            <summary>{icon("bell")}{t::watch(locale)} {locale.writing().colon} {provider_words(locale, account.provider)}</summary>
            <form class="form fold-body" method="post" action=page.to_owned() novalidate>
                <p class="soft">{t::watch_lead(locale)}</p>
                <Hidden name="act" value="provider"/>
                <Hidden name="account" value=account.id.to_string()/>
                <div class="field">
                    <label for=format!("provider-{tail}")>{t::watch_provider(locale)}</label>
                    <select class="input" id=format!("provider-{tail}") name="provider">
                        {choices(options, &value)}
                    </select>
                </div>
                <div class="field">
                    <label for=format!("secret-{tail}")>{t::watch_secret(locale)}</label>
                    <input class="input" id=format!("secret-{tail}") name="secret" type="password"
                        autocomplete="off" aria-invalid=wrong.then_some("true")
                        aria-describedby=format!("secret-{tail}-hint")/>
                    <p class="field-hint" id=format!("secret-{tail}-hint")>{t::watch_secret_hint(locale)}</p>
                    {wrong.then(|| view! { <p class="field-error" id="secret">{icon("warning")}{error}</p> })}
                </div>
                {address}
                <div><button class="btn">{t::watch_save(locale)}</button></div>
            </form>
        </details>
    }
}

//! A bank's statement, as the file that the bank gives or as its text: what no service has told of is
//! taken in.

use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{Path, State};
use axum::response::Response;
use engine::payment::{StatementError, TakeIn, file_text, read_statement, take_in};
use engine::{BankAccountId, Locale};
use leptos::prelude::*;

use super::transfers::{Shown, answer};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::t::payment as t;
use crate::ui::field::{Select, TextArea};
use crate::ui::icon::icon;
use crate::ui::money::refused;

/// What was sent: the bank account, a file, and text where no file was chosen.
#[derive(Default)]
struct Sent {
    account: String,
    file: Vec<u8>,
    text: String,
}

impl Sent {
    /// Axum reads no more than 2 MB.
    async fn read(upload: &mut Multipart) -> Result<Sent, MultipartError> {
        let mut sent = Sent::default();
        while let Some(field) = upload.next_field().await? {
            match field.name().unwrap_or_default() {
                "account" => sent.account = field.text().await?,
                "statement" => sent.file = field.bytes().await?.to_vec(),
                "text" => sent.text = field.text().await?,
                _ => {}
            }
        }
        Ok(sent)
    }

    /// What the page shows again: a browser lets nobody fill in a file.
    fn typed(&self) -> Form {
        let pairs = [("act", "import"), ("account", &self.account), ("text", &self.text)];
        Form::of_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }
}

pub async fn import(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug)): Path<(String, String)>,
    mut upload: Multipart,
) -> Result<Response, PageError> {
    let shown = Shown::load(&app, &visit, &slug).await?;
    let Ok(sent) = Sent::read(&mut upload).await else {
        let words = t::wrong_large(visit.locale);
        return Ok(refuse(&visit, shown, &Sent::default(), words));
    };
    let text = if sent.file.is_empty() { sent.text.clone() } else { file_text(&sent.file) };
    let statement = match read_statement(&text) {
        Ok(statement) => statement,
        Err(error) => {
            let words = match error {
                StatementError::NoTable => t::wrong_table(visit.locale),
                StatementError::TooLong => t::wrong_rows(visit.locale),
            };
            return Ok(refuse(&visit, shown, &sent, words));
        }
    };
    let account = sent.account.parse::<BankAccountId>().map_err(|_| PageError::NotFound)?;
    let (catalogue, actor) = (app.catalogue().await?, visit.actor.clone());
    let take = TakeIn { catalogue, account, transfers: statement.transfers, actor };
    let taken = app.store.write("import", take, |tx, c| Box::pin(take_in(tx, c))).await;
    let taken = taken.map_err(refused)?;
    let page = shown.books.at(&visit, "/transfers");
    let (matched, open, known) = (taken.matched, taken.open, taken.known);
    Ok(see(&format!("{page}?matched={matched}&open={open}&known={known}")))
}

fn refuse(visit: &Visit, shown: Shown, sent: &Sent, words: &str) -> Response {
    let mut wrong = Problems::default();
    wrong.add("statement", words);
    answer(visit, shown, sent.typed(), wrong)
}

/// The form under the transfers that wait.
pub(super) fn form(
    locale: Locale,
    shown: &Shown,
    page: &str,
    form: &Form,
    wrong: &Problems,
) -> impl IntoView + use<> {
    let accounts: Vec<(String, String)> = shown
        .accounts
        .iter()
        .map(|account| {
            let name = format!("{} · {}", account.bank.name(), account.number.as_str());
            (account.id.to_string(), name)
        })
        .collect();
    let mine = form.text("act") == "import";
    let typed = |name: &str| if mine { form.text(name).to_owned() } else { String::new() };
    let (account, text) = (typed("account"), typed("text"));
    let error = if mine { wrong.of("statement") } else { String::new() };
    let bad = !error.is_empty();
    let action = format!("{page}/import");
    (!accounts.is_empty()).then(|| {
        view! {
            <details class="fold" open=mine>
                <summary>{icon("download")}{t::import(locale)}</summary>
                <form class="form fold-body" method="post" action=action enctype="multipart/form-data" novalidate>
                    <p class="soft">{t::import_lead(locale)}</p>
                    <Select locale name="account" label=t::import_account(locale) options=accounts value=account/>
                    <div class="field">
                        <label class="field-label" for="statement">{t::import_statement(locale)}</label>
                        <input class="input" id="statement" name="statement" type="file"
                            accept=".csv,.txt,text/csv,text/plain"
                            aria-invalid=bad.then_some("true") aria-describedby=bad.then_some("statement-error")/>
                        {bad.then(|| view! {
                            <p class="field-error" id="statement-error">{icon("warning")}{error}</p>
                        })}
                    </div>
                    <TextArea locale name="text" label=t::import_file(locale) rows=4 value=text/>
                    <div><button class="btn btn-primary">{t::import_go(locale)}</button></div>
                </form>
            </details>
        }
    })
}

//! What a customer does on their page: write, accept, say where to, end.

use axum::extract::State;
use axum::extract::multipart::Multipart;
use axum::response::Response;
use engine::accounts::Actor;
use engine::commission::{
    self, Accept, Arrive, CommissionError, End, Say, SayAccount, Wish, money_of,
};
use engine::craft::delivery::WishData;
use engine::payment::AccountInput;
use engine::{CommissionId, Dong};

use super::page::{Shown, answer};
use super::{Link, open, send};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::pieces::upload::Upload;
use crate::pages::visitor::booking::see;
use crate::ui::commission::{PHOTOS, address, problems};

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    link: Link,
    body: Multipart,
) -> Result<Response, PageError> {
    let (made, _) = open(&app, &link).await?;
    let mut wrong = Problems::default();
    let wanted = |name: &str| PHOTOS.contains(&name);
    let upload = Upload::read_some(visit.locale, body, &mut wrong, wanted).await?;
    if wrong.is_empty() {
        match Box::pin(done(&app, made.id, &upload)).await? {
            Ok(after) => return Ok(see(&address(&visit, &made, &after))),
            Err(error) => wrong = problems(visit.locale, error)?,
        }
    }
    // It may stand otherwise by now.
    let shown = Shown::load(&app, &link).await?;
    let form = typed(&shown, upload.form);
    Ok(answer(&visit, shown, form, wrong))
}

/// What was typed; the fields of the way home begin as always where another form was sent.
fn typed(shown: &Shown, form: Form) -> Form {
    if form.text("act") == "send" {
        return form;
    }
    let kept = form.pairs().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Form::of_pairs(kept.chain(send::begin(shown)).collect())
}

/// Does it; where the customer goes next.
async fn done(
    app: &App,
    commission: CommissionId,
    upload: &Upload,
) -> Result<Result<String, CommissionError>, PageError> {
    let (store, form, actor) = (&app.store, &upload.form, Actor::Guest);
    let text = |name: &str| form.text(name).to_owned();
    Ok(match form.text("act") {
        "message" => {
            let photos = PHOTOS.iter().filter_map(|name| upload.photo(name)).collect();
            let command =
                Say { actor, commission, words: text("words"), photos, form_key: form.key() };
            let said = store.write("say", command, |tx, c| Box::pin(commission::say(tx, c))).await;
            said.map(|_| "?done=message".to_owned())
        }
        "accept" => {
            let offer = form.text("offer").parse().map_err(|_| PageError::NotFound)?;
            let command = Accept { commission, offer };
            let accepted =
                store.write("accept", command, |tx, c| Box::pin(commission::accept(tx, c))).await;
            match accepted {
                Ok(made) => {
                    let mut conn = store.read().await?;
                    let (_, money) = money_of(&mut conn, &made).await?;
                    let pays = made.account_id.is_some() && money.now > Dong::ZERO;
                    Ok(if pays { "/pay".to_owned() } else { "?done=accepted".to_owned() })
                }
                Err(error) => Err(error),
            }
        }
        "end" => {
            let command = End { actor, commission, reason: text("reason") };
            let ended = store.write("end", command, |tx, c| Box::pin(commission::end(tx, c))).await;
            ended.map(|_| "?done=ended".to_owned())
        }
        "account" => {
            let input =
                AccountInput { bank: text("bank"), number: text("number"), holder: text("holder") };
            let command = SayAccount { actor, commission, input };
            let said = store
                .write("say account", command, |tx, c| Box::pin(commission::say_account(tx, c)))
                .await;
            said.map(|()| "?done=account".to_owned())
        }
        "send" => match WishData::parse(&crate::ui::parcel::wish(form)) {
            Ok(data) => {
                let command = Wish { actor, commission, data, form_key: form.key() };
                let wished =
                    store.write("wish", command, |tx, c| Box::pin(commission::wish(tx, c))).await;
                wished.map(|_| "?done=send#home".to_owned())
            }
            Err(error) => Err(error.into()),
        },
        "arrived" => {
            let command = Arrive { actor, commission };
            let come =
                store.write("arrive", command, |tx, c| Box::pin(commission::arrive(tx, c))).await;
            come.map(|_| "?done=arrived".to_owned())
        }
        _ => return Err(PageError::NotFound),
    })
}

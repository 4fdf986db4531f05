//! What a workshop does with a commission: answers, offers, shows, gives it away, ends.

use axum::extract::multipart::Multipart;
use axum::extract::{Path, State};
use axum::response::Response;
use engine::commission::{
    self, Arrive, CommissionError, End, HandOn, Leave, MakeOffer, MarkPaid, OfferData, OfferInput,
    PayBack, Say, Show,
};
use engine::craft::PhotoData;
use engine::craft::delivery::{TrackData, TrackInput};
use engine::payment::{SumData, SumInput};

use super::one::{At, Shown, answer};
use crate::api::form::{Form, Problems};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::pages::host::pieces::upload::Upload;
use crate::ui::commission::{PHOTOS, problems};

pub async fn act(
    State(app): State<App>,
    visit: Visit,
    Path((_, slug, id)): At,
    body: Multipart,
) -> Result<Response, PageError> {
    let shown = Shown::open(&app, &visit, &slug, &id).await?;
    let mut wrong = Problems::default();
    let wanted = |name: &str| PHOTOS.contains(&name);
    let upload = Upload::read_some(visit.locale, body, &mut wrong, wanted).await?;
    let act = upload.form.text("act").to_owned();
    if wrong.is_empty() {
        match Box::pin(done(&app, &visit, &shown, &upload)).await? {
            Ok(()) => return Ok(see(&format!("{}?done={act}", shown.at(&visit)))),
            Err(error) => wrong = named(&act, problems(visit.locale, error)?),
        }
    }
    // It may stand otherwise by now.
    let shown = Shown::open(&app, &visit, &slug, &id).await?;
    Ok(answer(&visit, shown, upload.form, wrong))
}

/// The page has two forms with words: those of a message have a field of their own.
fn named(act: &str, wrong: Problems) -> Problems {
    if act != "message" {
        return wrong;
    }
    let mut named = Problems::default();
    for (field, message) in wrong.iter() {
        named.add(if field == "words" { "message" } else { field }, message);
    }
    named
}

async fn done(
    app: &App,
    visit: &Visit,
    shown: &Shown,
    upload: &Upload,
) -> Result<Result<(), CommissionError>, PageError> {
    let (store, form) = (&app.store, &upload.form);
    let (actor, commission) = (visit.actor.clone(), shown.commission.id);
    let text = |name: &str| form.text(name).to_owned();
    let photos: Vec<PhotoData> = PHOTOS.iter().filter_map(|name| upload.photo(name)).collect();
    let form_key = form.key();
    Ok(match form.text("act") {
        "message" => {
            let command = Say { actor, commission, words: text("message"), photos, form_key };
            let said = store.write("say", command, |tx, c| Box::pin(commission::say(tx, c))).await;
            said.map(drop)
        }
        "offer" => match offer(form, shown) {
            Ok(data) => {
                let command = MakeOffer { actor, commission, data, photos, form_key };
                let made = store
                    .write("offer", command, |tx, c| Box::pin(commission::make_offer(tx, c)))
                    .await;
                made.map(drop)
            }
            Err(error) => Err(error),
        },
        kind @ ("milestone" | "ready") => {
            let ready = kind == "ready";
            let command = Show { actor, commission, ready, words: text("words"), photos, form_key };
            let shown =
                store.write("show", command, |tx, c| Box::pin(commission::show(tx, c))).await;
            shown.map(drop)
        }
        "hand_over" => {
            let command = HandOn { actor, commission, how: Leave::HandOver };
            let gone =
                store.write("hand over", command, |tx, c| Box::pin(commission::hand_on(tx, c)));
            gone.await.map(drop)
        }
        "post" => {
            let input = TrackInput { carrier: text("carrier"), tracking: text("tracking") };
            match TrackData::parse(&input) {
                Ok(data) => {
                    let command = HandOn { actor, commission, how: Leave::Post(data) };
                    let gone =
                        store.write("post", command, |tx, c| Box::pin(commission::hand_on(tx, c)));
                    gone.await.map(drop)
                }
                Err(error) => Err(error.into()),
            }
        }
        "arrived" => {
            let command = Arrive { actor, commission };
            let come =
                store.write("arrive", command, |tx, c| Box::pin(commission::arrive(tx, c))).await;
            come.map(drop)
        }
        "paid" => match sum(form, shown) {
            Ok(sum) => {
                let command = MarkPaid { actor, commission, sum, form_key };
                store
                    .write("mark paid", command, |tx, c| Box::pin(commission::mark_paid(tx, c)))
                    .await
            }
            Err(error) => Err(error),
        },
        "pay_back" => match sum(form, shown) {
            Ok(sum) => {
                let command = PayBack { actor, commission, sum, form_key };
                store
                    .write("pay back", command, |tx, c| Box::pin(commission::pay_back(tx, c)))
                    .await
            }
            Err(error) => Err(error),
        },
        "end" => {
            let command = End { actor, commission, reason: text("reason") };
            let ended = store.write("end", command, |tx, c| Box::pin(commission::end(tx, c))).await;
            ended.map(drop)
        }
        _ => return Err(PageError::NotFound),
    })
}

fn offer(form: &Form, shown: &Shown) -> Result<OfferData, CommissionError> {
    let text = |name: &str| form.text(name).to_owned();
    let input = OfferInput {
        price: text("price"),
        deposit: text("deposit"),
        kept: text("kept"),
        ready_on: text("ready_on"),
        valid_until: text("valid_until"),
        grams: text("grams"),
        words: text("words"),
    };
    OfferData::parse(&input, shown.today)
}

fn sum(form: &Form, shown: &Shown) -> Result<SumData, CommissionError> {
    let text = |name: &str| form.text(name).to_owned();
    let input = SumInput {
        amount: text("amount"),
        date: text("date"),
        method: text("method"),
        note: String::new(),
    };
    Ok(SumData::parse(&input, shown.today, false)?)
}

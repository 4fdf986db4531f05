//! Papers of a credential: added, and read by who may.

use axum::extract::Multipart;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::credential::{self, AddPaper};

use super::form::Sent;
use super::{Room, closed, one, refused, t};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;

pub use super::form::MAX_UPLOAD;

/// Takes the files one after another; what is wrong with one does not lose the others.
pub async fn add(
    app: &App,
    visit: &Visit,
    room: Room,
    id: &str,
    upload: Multipart,
) -> Result<Response, PageError> {
    let it = room.found(app, visit, id).await?;
    let Sent { uploads, mut problems, .. } = Sent::read(visit.locale, upload).await;
    if uploads.is_empty() && problems.is_empty() {
        problems.add("papers", t::e_no_paper(visit.locale));
    }
    for upload in uploads {
        let command = AddPaper { actor: visit.actor.clone(), credential: it.id, upload };
        let done =
            app.store.write("add paper", command, |tx, c| Box::pin(credential::add_paper(tx, c)));
        if let Err(error) = done.await {
            problems.append(refused(visit.locale, error, "papers")?);
            break;
        }
    }
    if problems.is_empty() {
        return Ok(see(&room.at(visit, &format!("/{}?done=paper", it.id))));
    }
    let it = room.found(app, visit, id).await?;
    one::answer(app, visit, room, it, problems, "").await
}

/// The file itself: to be kept, never to be run, and by no browser kept for others.
pub async fn file(
    app: &App,
    visit: &Visit,
    room: &Room,
    (id, paper): (&str, &str),
) -> Result<Response, PageError> {
    let it = room.found(app, visit, id).await?;
    let paper = paper.parse().map_err(|_| PageError::NotFound)?;
    let mut conn = app.store.read().await?;
    let (paper, kind, content) =
        credential::content(&mut conn, &visit.actor, paper).await.map_err(closed)?;
    drop(conn);
    if paper.credential_id != it.id {
        return Err(PageError::NotFound);
    }
    let name = format!("attachment; filename=\"{}.{}\"", paper.id, kind.ending());
    let about = [
        (header::CONTENT_TYPE, kind.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    Ok((about, content).into_response())
}

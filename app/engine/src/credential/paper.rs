//! Papers that prove a credential: what kind of file one is says its content, never its name, and it is
//! kept as it came. Only the holder and the office read it.

use std::sync::Arc;

use serde_json::json;

use super::error::CredentialError;
use super::model::{Credential, CredentialState};
use super::read::by_id;
use super::rights::must_hold;
use crate::accounts::{Actor, audit};
use crate::store::{Conn, StoreError, Tx};
use crate::{CredentialId, CredentialPaperId, columns, params};

/// Largest file, bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Papers of one credential.
pub const MAX_PAPERS: usize = 8;
const MAX_NAME: usize = 80;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    #[error("the file has more than {MAX_BYTES} bytes")]
    TooBig,
    #[error("the file is no PDF, JPEG or PNG")]
    NotAPaper,
    #[error("there are {MAX_PAPERS} papers already")]
    TooMany,
    #[error("a claim needs a paper that proves it")]
    Missing,
}

/// What a paper is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperKind {
    Pdf,
    Jpeg,
    Png,
}

impl PaperKind {
    pub fn of(content: &[u8]) -> Option<Self> {
        if content.starts_with(b"%PDF-1.") || content.starts_with(b"%PDF-2.") {
            Some(PaperKind::Pdf)
        } else if content.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(PaperKind::Jpeg)
        } else if content.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(PaperKind::Png)
        } else {
            None
        }
    }

    pub const fn content_type(self) -> &'static str {
        match self {
            PaperKind::Pdf => "application/pdf",
            PaperKind::Jpeg => "image/jpeg",
            PaperKind::Png => "image/png",
        }
    }

    /// The end of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            PaperKind::Pdf => "pdf",
            PaperKind::Jpeg => "jpg",
            PaperKind::Png => "png",
        }
    }
}

/// A file that may be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    name: String,
    kind: PaperKind,
    content: Arc<Vec<u8>>,
}

impl Upload {
    /// `name` is what the browser calls the file; a person knows it by it, nothing else does.
    pub fn new(name: &str, content: Vec<u8>) -> Result<Self, PaperError> {
        if content.len() > MAX_BYTES {
            return Err(PaperError::TooBig);
        }
        let kind = PaperKind::of(&content).ok_or(PaperError::NotAPaper)?;
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let name: String = name.chars().filter(|c| !c.is_control()).take(MAX_NAME).collect();
        let name = name.trim();
        let name = if name.is_empty() { kind.ending() } else { name }.to_owned();
        Ok(Self { name, kind, content: Arc::new(content) })
    }
}

/// A paper, without its content.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Paper {
    pub id: CredentialPaperId,
    pub credential_id: CredentialId,
    pub name: String,
    pub content_type: String,
    pub bytes: i32,
}

/// The papers of a credential, first things first.
pub async fn papers_of(conn: &mut Conn, it: CredentialId) -> Result<Vec<Paper>, StoreError> {
    conn.fetch_all(
        "SELECT id, credential_id, name, content_type, bytes FROM credential_paper \
         WHERE credential_id = $1 ORDER BY id",
        params![it],
    )
    .await
}

/// A paper's content, for its holder and for the office.
pub async fn content(
    conn: &mut Conn,
    actor: &Actor,
    id: CredentialPaperId,
) -> Result<(Paper, PaperKind, Vec<u8>), CredentialError> {
    let paper: Option<Paper> = conn
        .fetch_optional(
            "SELECT id, credential_id, name, content_type, bytes FROM credential_paper \
             WHERE id = $1",
            params![id],
        )
        .await?;
    let paper = paper.ok_or(CredentialError::Unknown)?;
    let of = by_id(conn, paper.credential_id).await?.ok_or(CredentialError::Unknown)?;
    must_hold(conn, actor, &of).await?;
    let (content,): (Vec<u8>,) =
        conn.fetch_one("SELECT content FROM credential_paper WHERE id = $1", params![id]).await?;
    // As which it is sent is read from what is sent.
    let kind = PaperKind::of(&content).ok_or(CredentialError::Unknown)?;
    Ok((paper, kind, content))
}

pub(super) async fn keep(
    tx: &mut Tx,
    it: CredentialId,
    upload: &Upload,
) -> Result<CredentialPaperId, CredentialError> {
    if papers_of(tx, it).await?.len() >= MAX_PAPERS {
        return Err(PaperError::TooMany.into());
    }
    let id = CredentialPaperId::new(tx.now());
    let row = columns! {
        id: id,
        credential_id: it,
        name: upload.name,
        content_type: *upload.kind.content_type(),
        bytes: i32::try_from(upload.content.len()).unwrap_or(i32::MAX),
        content: upload.content.as_slice(),
        created_at: tx.now(),
    };
    tx.insert("credential_paper", row).await?;
    Ok(id)
}

#[derive(Debug, Clone)]
pub struct AddPaper {
    pub actor: Actor,
    pub credential: CredentialId,
    pub upload: Upload,
}

/// Adds a paper. What is verified was verified with the papers that it had, so they stay as they are.
pub async fn add_paper(tx: &mut Tx, command: AddPaper) -> Result<(), CredentialError> {
    let AddPaper { actor, credential, upload } = command;
    let it = open(tx, &actor, credential).await?;
    keep(tx, it.id, &upload).await?;
    turned(tx, &actor, "credential.add_paper", &it, &upload.name).await
}

#[derive(Debug, Clone)]
pub struct RemovePaper {
    pub actor: Actor,
    pub paper: CredentialPaperId,
}

pub async fn remove_paper(tx: &mut Tx, command: RemovePaper) -> Result<(), CredentialError> {
    let RemovePaper { actor, paper } = command;
    let found: Option<(CredentialId, String)> = tx
        .fetch_optional(
            "SELECT credential_id, name FROM credential_paper WHERE id = $1",
            params![paper],
        )
        .await?;
    let (credential, name) = found.ok_or(CredentialError::Unknown)?;
    let it = open(tx, &actor, credential).await?;
    tx.execute_one("DELETE FROM credential_paper WHERE id = $1", params![paper]).await?;
    turned(tx, &actor, "credential.remove_paper", &it, &name).await
}

/// A claim whose papers may still change.
async fn open(tx: &mut Tx, actor: &Actor, id: CredentialId) -> Result<Credential, CredentialError> {
    let it = by_id(tx, id).await?.ok_or(CredentialError::Unknown)?;
    must_hold(tx, actor, &it).await?;
    match it.state {
        CredentialState::Claimed | CredentialState::Refused => Ok(it),
        CredentialState::Verified | CredentialState::Withdrawn => Err(CredentialError::State),
    }
}

/// The office has not seen this yet, so what it was about to decide does not count; what it refused
/// for want of a paper waits again.
async fn turned(
    tx: &mut Tx,
    actor: &Actor,
    verb: &'static str,
    it: &Credential,
    name: &str,
) -> Result<(), CredentialError> {
    let row = columns! {
        state: CredentialState::Claimed,
        reason: *"",
        version: it.version + 1,
        claimed_at: tx.now(),
    };
    let key = columns! { id: it.id, version: it.version };
    if tx.update("credential", row, key).await? == 0 {
        return Err(CredentialError::Changed);
    }
    audit::record(tx, actor, verb, it.id, it.workshop_id, json!({ "name": name })).await?;
    Ok(())
}

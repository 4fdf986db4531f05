//! The folder of letters that were written instead of sent, for the page that shows them.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::LetterId;

/// A letter in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub id: LetterId,
    pub written_at: DateTime<Utc>,
}

/// Letters in the folder, the newest first; none when the folder is not there yet.
pub async fn list(folder: &Path) -> std::io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut files = match tokio::fs::read_dir(folder).await {
        Ok(files) => files,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(entries),
        Err(error) => return Err(error),
    };
    while let Some(file) = files.next_entry().await? {
        let name = file.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".eml")?.parse().ok());
        if let Some(id) = id {
            entries.push(Entry { id, written_at: file.metadata().await?.modified()?.into() });
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.written_at, entry.id)));
    Ok(entries)
}

/// The letter as it would have been sent (RFC 5322). The id is parsed, so it names no other file.
pub async fn read(folder: &Path, id: LetterId) -> std::io::Result<Vec<u8>> {
    tokio::fs::read(folder.join(format!("{id}.eml"))).await
}

//! One server to one SQLite file: two would each believe that they alone write, and each would
//! send the mails of the outbox.

use std::fs::{File, TryLockError};
use std::path::PathBuf;

use engine::store::DatabaseUrl;

#[derive(Debug, thiserror::Error)]
pub enum LockError {
    #[error("another langnghe uses this database (it holds {}); stop it first", .0.display())]
    Taken(PathBuf),
    #[error("the lock file {} cannot be made", .0.display())]
    File(PathBuf, #[source] std::io::Error),
}

/// Holds the lock until it is dropped; the system drops it with the process, however that ends.
/// PostgreSQL serves as many processes as like.
pub fn take(url: &DatabaseUrl) -> Result<Option<File>, LockError> {
    let DatabaseUrl::Sqlite(path) = url else {
        return Ok(None);
    };
    let path = path.with_extension("lock");
    let failed = |error| LockError::File(path.clone(), error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(LockError::Taken(path)),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

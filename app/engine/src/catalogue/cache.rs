//! The catalogue changes rarely and every page needs it, so it is kept in memory and read
//! again when its version grew: at once after a write of this process, within seconds after one
//! of another.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};

use super::load;
use super::model::Catalogue;
use crate::store::{Store, StoreError, Tx};

/// How long another process's change may stay unseen.
const RECHECK: TimeDelta = TimeDelta::seconds(5);

#[derive(Debug, Clone)]
struct Kept {
    catalogue: Arc<Catalogue>,
    version: i64,
    store_version: u64,
    checked_at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct CatalogueCache {
    store: Store,
    kept: Arc<RwLock<Option<Kept>>>,
}

impl CatalogueCache {
    pub fn new(store: Store) -> Self {
        Self { store, kept: Arc::default() }
    }

    /// The catalogue as it is now.
    pub async fn get(&self) -> Result<Arc<Catalogue>, StoreError> {
        let store_version = self.store.catalogue_version();
        let now = self.store.now();
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(kept) = &kept
            && kept.store_version == store_version
            && now - kept.checked_at < RECHECK
        {
            return Ok(Arc::clone(&kept.catalogue));
        }
        let mut conn = self.store.read().await?;
        let version = load::version(&mut conn).await?;
        let catalogue = match kept {
            Some(kept) if kept.version == version => kept.catalogue,
            _ => Arc::new(load::load(&mut conn).await?),
        };
        let fresh =
            Kept { catalogue: Arc::clone(&catalogue), version, store_version, checked_at: now };
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
        Ok(catalogue)
    }
}

/// Every write to the catalogue ends with this, so that caches read it again.
pub(crate) async fn touch(tx: &mut Tx) -> Result<(), StoreError> {
    tx.execute_one("UPDATE catalogue_version SET version = version + 1 WHERE id = 1", vec![]).await
}

//! Guides and what they lead.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalogue::Spoken;
use crate::resource::Resource;
use crate::{Locale, ResourceId, SlotId, json_column, stored_enum};

/// Languages that somebody speaks.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Languages(pub Vec<Spoken>);

json_column!(Languages);

/// Somebody who leads visits.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Guide {
    /// Name, working times, whose guide it is.
    #[sqlx(flatten)]
    pub resource: Resource,
    pub languages: Languages,
    pub phone: String,
    /// Where letters go; empty for none.
    pub email: String,
    pub locale: Locale,
    /// Minutes from one workshop to another.
    pub travel_minutes: i32,
    pub may_check_in: bool,
    /// Of the guide's own page and calendar.
    pub token: String,
}

impl Guide {
    pub const fn id(&self) -> ResourceId {
        self.resource.id
    }

    /// People's names are the same in all languages.
    pub fn name(&self) -> &str {
        &self.resource.name.vi
    }

    /// Whether a slot's text names this guide.
    pub fn is_named(&self, text: &str) -> bool {
        !text.trim().is_empty() && folded(text) == folded(self.name())
    }
}

/// Names are compared without regard to case and spaces.
pub(super) fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

stored_enum! {
    /// Who said that a guide leads a departure.
    pub enum LeadOrigin { Rule = "rule", Host = "host" }
}

/// A guide leads a departure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Lead {
    pub slot_id: SlotId,
    pub resource_id: ResourceId,
    pub origin: LeadOrigin,
    pub since: DateTime<Utc>,
}

//! Column types that neither driver has.

use std::fmt;
use std::str::FromStr;

use chrono::{NaiveTime, Timelike};
use serde::{Deserialize, Serialize};
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Type};

use super::{Bind, Param};

/// A time of day at the venue, to the minute; "09:00" in a TEXT column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeOfDay(NaiveTime);

impl TimeOfDay {
    pub fn new(hour: u32, minute: u32) -> Option<Self> {
        NaiveTime::from_hms_opt(hour, minute, 0).map(Self)
    }

    pub const fn time(self) -> NaiveTime {
        self.0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a time of day is written HH:MM")]
pub struct NotATime;

impl FromStr for TimeOfDay {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        NaiveTime::parse_from_str(text.trim(), "%H:%M").map(Self).map_err(|_| NotATime)
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = NotATime;
    fn try_from(text: String) -> Result<Self, NotATime> {
        text.parse()
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> String {
        time.to_string()
    }
}

impl From<NaiveTime> for TimeOfDay {
    fn from(time: NaiveTime) -> Self {
        Self(NaiveTime::from_hms_opt(time.hour(), time.minute(), 0).unwrap_or_default())
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

impl Bind for TimeOfDay {
    fn bind(&self) -> Param {
        Param::Text(Some(self.to_string()))
    }
    fn null() -> Param {
        Param::Text(None)
    }
}

impl<DB: Database> Type<DB> for TimeOfDay
where
    String: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        String::type_info()
    }
    fn compatible(kind: &DB::TypeInfo) -> bool {
        String::compatible(kind)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for TimeOfDay
where
    String: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        Ok(String::decode(value)?.parse()?)
    }
}

/// Keeps an enum as its word in a TEXT column, with parsing, display and binding.
///
/// ```ignore
/// stored_enum! { pub enum Status { Open = "open", Closed = "closed" } }
/// ```
#[macro_export]
macro_rules! stored_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word that stands for it in the database, in forms and in files.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.word() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl $crate::store::Bind for $name {
            fn bind(&self) -> $crate::store::Param {
                $crate::store::Param::Text(Some(self.word().to_owned()))
            }
            fn null() -> $crate::store::Param {
                $crate::store::Param::Text(None)
            }
        }

        impl<DB: sqlx::Database> sqlx::Type<DB> for $name where String: sqlx::Type<DB> {
            fn type_info() -> DB::TypeInfo { <String as sqlx::Type<DB>>::type_info() }
            fn compatible(kind: &DB::TypeInfo) -> bool { <String as sqlx::Type<DB>>::compatible(kind) }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $name where String: sqlx::Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                let word = <String as sqlx::Decode<'r, DB>>::decode(value)?;
                Self::parse(&word).ok_or_else(|| {
                    format!(concat!("unknown ", stringify!($name), " {:?}"), word).into()
                })
            }
        }
    };
}

/// Keeps a serde type as JSON in a TEXT column, the same on both databases.
#[macro_export]
macro_rules! json_column {
    ($($kind:ty),+ $(,)?) => {$(
        impl<DB: sqlx::Database> sqlx::Type<DB> for $kind where String: sqlx::Type<DB> {
            fn type_info() -> DB::TypeInfo { <String as sqlx::Type<DB>>::type_info() }
            fn compatible(kind: &DB::TypeInfo) -> bool { <String as sqlx::Type<DB>>::compatible(kind) }
        }

        impl<'r, DB: sqlx::Database> sqlx::Decode<'r, DB> for $kind where String: sqlx::Decode<'r, DB> {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, sqlx::error::BoxDynError> {
                Ok(serde_json::from_str(&<String as sqlx::Decode<'r, DB>>::decode(value)?)?)
            }
        }

        impl $crate::store::Bind for $kind {
            fn bind(&self) -> $crate::store::Param {
                $crate::store::Param::Text(serde_json::to_string(self).ok())
            }
            fn null() -> $crate::store::Param {
                $crate::store::Param::Text(None)
            }
        }
    )+};
}

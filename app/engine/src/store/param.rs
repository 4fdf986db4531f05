//! Values that can be bound to a statement on either database.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, Database, Encode, Type};
use uuid::Uuid;

use super::StoreError;

/// A bound value; None is a typed NULL, which PostgreSQL wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Param {
    Uuid(Option<Uuid>),
    Text(Option<String>),
    I64(Option<i64>),
    I32(Option<i32>),
    F64(Option<f64>),
    Bool(Option<bool>),
    Instant(Option<DateTime<Utc>>),
    Date(Option<NaiveDate>),
    Bytes(Option<Vec<u8>>),
}

/// A type that knows how it is kept in a column.
pub trait Bind {
    fn bind(&self) -> Param;
    fn null() -> Param;
}

impl<T: Bind> Bind for Option<T> {
    fn bind(&self) -> Param {
        self.as_ref().map_or_else(T::null, Bind::bind)
    }
    fn null() -> Param {
        T::null()
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    fn bind(&self) -> Param {
        (*self).bind()
    }
    fn null() -> Param {
        T::null()
    }
}

macro_rules! bind {
    ($($kind:ty => $variant:ident),+ $(,)?) => {$(
        impl Bind for $kind {
            fn bind(&self) -> Param {
                Param::$variant(Some(self.to_owned().into()))
            }
            fn null() -> Param {
                Param::$variant(None)
            }
        }
    )+};
}

bind! {
    Uuid => Uuid, String => Text, str => Text, i64 => I64, i32 => I32, f64 => F64, bool => Bool,
    DateTime<Utc> => Instant, NaiveDate => Date, Vec<u8> => Bytes, [u8] => Bytes,
}

/// Counts are unsigned in the business and INTEGER in the database.
impl Bind for u32 {
    fn bind(&self) -> Param {
        Param::I32(Some(i32::try_from(*self).unwrap_or(i32::MAX)))
    }
    fn null() -> Param {
        Param::I32(None)
    }
}

/// Lists the values of a statement: `params![id, name]`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Bind::bind(&$value)),*] };
}

fn add<'q, DB, T>(arguments: &mut DB::Arguments, value: T) -> Result<(), StoreError>
where
    DB: Database,
    T: Encode<'q, DB> + Type<DB> + 'q,
{
    arguments.add(value).map_err(|error| StoreError::Sql(sqlx::Error::Encode(error)))
}

macro_rules! arguments {
    ($name:ident, $db:ty, $arguments:ty) => {
        pub(super) fn $name(params: Vec<Param>) -> Result<$arguments, StoreError> {
            let mut arguments = <$arguments>::default();
            for param in params {
                match param {
                    Param::Uuid(value) => add::<$db, _>(&mut arguments, value)?,
                    Param::Text(value) => add::<$db, _>(&mut arguments, value)?,
                    Param::I64(value) => add::<$db, _>(&mut arguments, value)?,
                    Param::I32(value) => add::<$db, _>(&mut arguments, value)?,
                    Param::F64(value) => add::<$db, _>(&mut arguments, value)?,
                    Param::Bool(value) => add::<$db, _>(&mut arguments, value)?,
                    Param::Instant(value) => add::<$db, _>(&mut arguments, value)?,
                    Param::Date(value) => add::<$db, _>(&mut arguments, value)?,
                    Param::Bytes(value) => add::<$db, _>(&mut arguments, value)?,
                }
            }
            Ok(arguments)
        }
    };
}

arguments!(sqlite_arguments, sqlx::Sqlite, SqliteArguments);
arguments!(postgres_arguments, sqlx::Postgres, PgArguments);

//! Statements, run on whichever database is there.

use chrono::{DateTime, Utc};
use rand::RngExt;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgRow;
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, FromRow, Postgres, SqlSafeStr, SqlStr, Transaction};

use super::param::{postgres_arguments, sqlite_arguments};
use super::readers::Reader;
use super::touched::Touched;
use super::{Bind, Param, StoreError};

/// A type that can be read from a row of either database; derive `sqlx::FromRow` to get it.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{}

/// Ids asked about in one statement.
const AT_ONCE: usize = 500;

/// "$4, $5, $6" for (4, 3).
pub(crate) fn placeholders(first: usize, count: usize) -> String {
    let names: Vec<String> = (first..first + count).map(|at| format!("${at}")).collect();
    names.join(", ")
}

#[derive(Debug)]
enum Inner {
    SqliteReader(Reader),
    /// Between BEGIN and COMMIT, which the writer's task sends itself.
    SqliteWriter(Box<SqliteConnection>),
    PostgresReader(PoolConnection<Postgres>),
    PostgresWriter(Transaction<'static, Postgres>),
}

/// A connection to read with.
#[derive(Debug)]
pub struct Conn {
    inner: Inner,
    conflict: bool,
    touched: Touched,
}

/// Runs `$run` with `$arguments` made for, and `$on` bound to, the database that is there.
macro_rules! on_either {
    ($conn:expr, $params:expr, |$on:ident, $arguments:ident| $run:expr) => {
        match &mut $conn.inner {
            Inner::SqliteReader(c) => {
                let $on = c.conn()?;
                let $arguments = sqlite_arguments($params)?;
                $run
            }
            Inner::SqliteWriter(c) => {
                let $on = &mut **c;
                let $arguments = sqlite_arguments($params)?;
                $run
            }
            Inner::PostgresReader(c) => {
                let $on = &mut **c;
                let $arguments = postgres_arguments($params)?;
                $run
            }
            Inner::PostgresWriter(c) => {
                let $on = &mut **c;
                let $arguments = postgres_arguments($params)?;
                $run
            }
        }
    };
}

impl Conn {
    const fn new(inner: Inner) -> Self {
        let touched = Touched { catalogue: false, shown: false };
        Self { inner, conflict: false, touched }
    }

    pub(super) const fn sqlite_reader(c: Reader) -> Self {
        Self::new(Inner::SqliteReader(c))
    }

    pub(super) fn sqlite_writer(c: SqliteConnection) -> Self {
        Self::new(Inner::SqliteWriter(Box::new(c)))
    }

    pub(super) const fn postgres_reader(c: PoolConnection<Postgres>) -> Self {
        Self::new(Inner::PostgresReader(c))
    }

    pub(super) const fn postgres_writer(c: Transaction<'static, Postgres>) -> Self {
        Self::new(Inner::PostgresWriter(c))
    }

    /// Notes what the statement will have written.
    fn watched(&mut self, sql: impl SqlSafeStr) -> SqlStr {
        let sql = sql.into_sql_str();
        if matches!(self.inner, Inner::SqliteWriter(_) | Inner::PostgresWriter(_)) {
            self.touched.note(sql.as_str());
        }
        sql
    }

    /// Keeps in mind that a statement met a conflict, so that the write is tried again even
    /// when the verb turned the error into one of its own.
    fn note<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        answer.map_err(|error| {
            let error = StoreError::Sql(error);
            self.conflict |= error.is_conflict();
            error
        })
    }

    pub async fn fetch_all<T: Row>(
        &mut self,
        sql: impl SqlSafeStr,
        params: Vec<Param>,
    ) -> Result<Vec<T>, StoreError> {
        let sql = self.watched(sql);
        let answer = on_either!(self, params, |on, arguments| {
            sqlx::query_as_with(sql, arguments).fetch_all(on).await
        });
        self.note(answer)
    }

    /// Rows about many ids, so many ids at a time. `sql` is given their placeholders ("$1, $2") and has no
    /// other parameters. An order holds among rows about the same id.
    pub async fn fetch_among<T: Row, I: Bind + Sync>(
        &mut self,
        ids: &[I],
        sql: impl Fn(&str) -> String + Send + Sync,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        for some in ids.chunks(AT_ONCE) {
            let sql = AssertSqlSafe(sql(&placeholders(1, some.len())));
            rows.extend(self.fetch_all(sql, some.iter().map(Bind::bind).collect()).await?);
        }
        Ok(rows)
    }

    pub async fn fetch_optional<T: Row>(
        &mut self,
        sql: impl SqlSafeStr,
        params: Vec<Param>,
    ) -> Result<Option<T>, StoreError> {
        let sql = self.watched(sql);
        let answer = on_either!(self, params, |on, arguments| {
            sqlx::query_as_with(sql, arguments).fetch_optional(on).await
        });
        self.note(answer)
    }

    pub async fn fetch_one<T: Row>(
        &mut self,
        sql: impl SqlSafeStr,
        params: Vec<Param>,
    ) -> Result<T, StoreError> {
        let sql = self.watched(sql);
        let answer = on_either!(self, params, |on, arguments| {
            sqlx::query_as_with(sql, arguments).fetch_one(on).await
        });
        self.note(answer)
    }
}

/// A transaction that writes. Reads on it see its own writes.
#[derive(Debug)]
pub struct Tx {
    conn: Conn,
    now: DateTime<Utc>,
}

impl std::ops::Deref for Tx {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl std::ops::DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

impl Tx {
    pub(super) const fn new(conn: Conn, now: DateTime<Utc>) -> Self {
        Self { conn, now }
    }

    /// The instant of this transaction: all that it writes carries the same one.
    pub const fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// `length` characters drawn from an alphabet without look-alikes (no 0/O, 1/I/L),
    /// for codes that people read to each other.
    pub fn draw_code(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"23456789ABCDEFGHJKMNPQRSTUVWXYZ";
        let mut rng = rand::rng();
        (0..length).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])).collect()
    }

    /// 256 random bits as 43 characters (base64url): for links that need no account.
    pub fn draw_token(&mut self) -> String {
        use base64::Engine as _;
        let bytes: [u8; 32] = rand::rng().random();
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
    }

    /// 256 random bits: a salt, or the seed of a key.
    pub fn draw_bytes(&mut self) -> [u8; 32] {
        rand::rng().random()
    }

    /// A number from 0 to `most`.
    pub fn draw_number(&mut self, most: i32) -> i32 {
        rand::rng().random_range(0..=most.max(0))
    }

    /// Runs a statement and tells how many rows it changed.
    pub async fn execute(
        &mut self,
        sql: impl SqlSafeStr,
        params: Vec<Param>,
    ) -> Result<u64, StoreError> {
        let conn = &mut self.conn;
        let sql = conn.watched(sql);
        let answer = match &mut conn.inner {
            Inner::SqliteWriter(c) => sqlx::query_with(sql, sqlite_arguments(params)?)
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected()),
            Inner::PostgresWriter(c) => sqlx::query_with(sql, postgres_arguments(params)?)
                .execute(&mut **c)
                .await
                .map(|done| done.rows_affected()),
            Inner::SqliteReader(_) | Inner::PostgresReader(_) => {
                return Err(StoreError::Abandoned("a reader was asked to write".into()));
            }
        };
        conn.note(answer)
    }

    /// Runs a statement that must change exactly one row: a lost update is an error, not silence.
    pub async fn execute_one(
        &mut self,
        sql: impl SqlSafeStr,
        params: Vec<Param>,
    ) -> Result<(), StoreError> {
        match self.execute(sql, params).await? {
            1 => Ok(()),
            actual => Err(StoreError::RowsAffected { expected: 1, actual }),
        }
    }

    /// Says that the verb lost a race that the database does not call a conflict (a
    /// compare-and-swap found a newer version): the whole write is tried again.
    pub(crate) const fn try_again(&mut self) {
        self.conn.conflict = true;
    }

    pub(super) const fn met_conflict(&self) -> bool {
        self.conn.conflict
    }

    pub(super) const fn touched(&self) -> Touched {
        self.conn.touched
    }

    /// Lends the transaction to the next verb, at a later instant.
    pub(crate) const fn turn(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.conn.conflict = false;
    }

    /// Runs BEGIN, SAVEPOINT and the like on SQLite's writer.
    pub(super) async fn control(&mut self, sql: &'static str) -> Result<(), StoreError> {
        if let Inner::SqliteWriter(c) = &mut self.conn.inner {
            sqlx::raw_sql(sql).execute(&mut **c).await?;
        }
        Ok(())
    }

    /// Gives SQLite's writer back to its place.
    pub(super) fn into_sqlite(self) -> Option<SqliteConnection> {
        match self.conn.inner {
            Inner::SqliteWriter(c) => Some(*c),
            _ => None,
        }
    }

    pub(super) async fn commit(self) -> Result<(), StoreError> {
        if let Inner::PostgresWriter(c) = self.conn.inner {
            c.commit().await?;
        }
        Ok(())
    }

    pub(super) async fn rollback(self) -> Result<(), StoreError> {
        if let Inner::PostgresWriter(c) = self.conn.inner {
            c.rollback().await?;
        }
        Ok(())
    }
}

//! Rows written by column name, for tables that are inserted and updated with the same many
//! columns: each column and its value are named once.

use sqlx::AssertSqlSafe;

use super::{Param, StoreError, Tx, placeholders};

/// Columns and what they are to hold; make them by [`columns!`](crate::columns).
#[derive(Debug, Clone)]
pub struct Columns(Vec<(&'static str, Param)>);

/// `columns! { name: booking.name, people: booking.people }`
#[macro_export]
macro_rules! columns {
    ($($column:ident: $value:expr),+ $(,)?) => {
        $crate::store::Columns::new(vec![
            $((stringify!($column), $crate::store::Bind::bind(&$value))),+
        ])
    };
}

impl Columns {
    pub const fn new(columns: Vec<(&'static str, Param)>) -> Self {
        Self(columns)
    }

    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }

    fn params(self) -> Vec<Param> {
        self.0.into_iter().map(|(_, value)| value).collect()
    }

    fn insert(&self, table: &str) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| *name).collect();
        let marks = placeholders(1, names.len());
        format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "))
    }

    /// The same for many rows of the same columns.
    fn insert_all(table: &str, rows: &[Columns]) -> String {
        let names = rows.first().map(|row| row.0.iter().map(|(name, _)| *name));
        let names: Vec<&str> = names.into_iter().flatten().collect();
        let firsts = (0..rows.len()).map(|at| at * names.len() + 1);
        let marks = firsts.map(|first| format!("({})", placeholders(first, names.len())));
        let marks = marks.collect::<Vec<_>>().join(", ");
        format!("INSERT INTO {table} ({}) VALUES {marks}", names.join(", "))
    }

    /// Many rows with the columns of this one, each with a key of these columns. Both databases name the
    /// columns of a list of values so.
    fn update_all(&self, table: &str, key: &Self, rows: usize) -> String {
        let each = self.0.len() + key.0.len();
        let pair = |at: usize, of: &str, name: &str| format!("{of}{name} = given.column{}", at + 1);
        let sets = self.0.iter().enumerate().map(|(at, (name, _))| pair(at, "", name));
        let sets = sets.collect::<Vec<_>>().join(", ");
        let of = format!("{table}.");
        let keys = key.0.iter().enumerate();
        let keys = keys.map(|(at, (name, _))| pair(self.0.len() + at, &of, name));
        let keys = keys.collect::<Vec<_>>().join(" AND ");
        let marks = (0..rows).map(|at| format!("({})", placeholders(at * each + 1, each)));
        let marks = marks.collect::<Vec<_>>().join(", ");
        format!("UPDATE {table} SET {sets} FROM (VALUES {marks}) AS given WHERE {keys}")
    }

    /// `a = $3<between>b = $4`, counted from `first`.
    fn equal(&self, first: usize, between: &str) -> String {
        let pairs = self.0.iter().zip(first..).map(|((name, _), at)| format!("{name} = ${at}"));
        pairs.collect::<Vec<_>>().join(between)
    }
}

/// Rows of one statement: SQLite takes 32,766 values in one, PostgreSQL twice as many.
const ROWS: usize = 500;

// The texts are made of names in this program alone; every value is bound.
impl Tx {
    pub async fn insert(
        &mut self,
        table: &'static str,
        columns: Columns,
    ) -> Result<(), StoreError> {
        self.execute_one(AssertSqlSafe(columns.insert(table)), columns.params()).await
    }

    /// Inserts the row unless it breaks a unique key; tells whether it did.
    pub async fn insert_if_new(
        &mut self,
        table: &'static str,
        columns: Columns,
    ) -> Result<bool, StoreError> {
        let sql = format!("{} ON CONFLICT DO NOTHING", columns.insert(table));
        Ok(self.execute(AssertSqlSafe(sql), columns.params()).await? == 1)
    }

    /// Inserts rows of the same columns.
    pub async fn insert_all(
        &mut self,
        table: &'static str,
        rows: &[Columns],
    ) -> Result<(), StoreError> {
        for some in rows.chunks(ROWS) {
            let sql = Columns::insert_all(table, some);
            let params = some.iter().flat_map(|row| row.clone().params()).collect();
            let done = self.execute(AssertSqlSafe(sql), params).await?;
            let expected = u64::try_from(some.len()).unwrap_or(u64::MAX);
            if done != expected {
                return Err(StoreError::RowsAffected { expected, actual: done });
            }
        }
        Ok(())
    }

    /// Inserts rows of the same columns, without those that break a unique key; tells whether all
    /// are in.
    pub async fn insert_all_if_new(
        &mut self,
        table: &'static str,
        rows: &[Columns],
    ) -> Result<bool, StoreError> {
        let mut all = true;
        for some in rows.chunks(ROWS) {
            let sql = format!("{} ON CONFLICT DO NOTHING", Columns::insert_all(table, some));
            let params = some.iter().flat_map(|row| row.clone().params()).collect();
            let done = self.execute(AssertSqlSafe(sql), params).await?;
            all &= u64::try_from(some.len()).is_ok_and(|expected| expected == done);
        }
        Ok(all)
    }

    /// Inserts the row under the first address of this name that is free: "gom", "gom-2" …; answers
    /// the address. No other column may break a unique key.
    pub async fn insert_with_slug(
        &mut self,
        table: &'static str,
        base: &str,
        columns: Columns,
    ) -> Result<String, StoreError> {
        let mut number = 1;
        loop {
            let slug = if number == 1 { base.to_owned() } else { format!("{base}-{number}") };
            let row = columns.clone().and(columns! { slug: slug });
            if self.insert_if_new(table, row).await? {
                return Ok(slug);
            }
            number += 1;
        }
    }

    /// Changes the one row whose columns hold all that `key` says; another number is an error.
    pub async fn update_one(
        &mut self,
        table: &'static str,
        columns: Columns,
        key: Columns,
    ) -> Result<(), StoreError> {
        match self.update(table, columns, key).await? {
            1 => Ok(()),
            actual => Err(StoreError::RowsAffected { expected: 1, actual }),
        }
    }

    /// Changes many rows, each by what its own key says; columns and keys are the same ones in all.
    /// Tells how many.
    pub async fn update_all(
        &mut self,
        table: &'static str,
        rows: &[(Columns, Columns)],
    ) -> Result<u64, StoreError> {
        let mut done = 0;
        for some in rows.chunks(ROWS) {
            let Some((columns, key)) = some.first() else { continue };
            let sql = columns.update_all(table, key, some.len());
            let params = some.iter().flat_map(|(row, key)| row.clone().and(key.clone()).params());
            done += self.execute(AssertSqlSafe(sql), params.collect()).await?;
        }
        Ok(done)
    }

    /// Changes the rows whose columns hold all that `key` says; tells how many.
    pub async fn update(
        &mut self,
        table: &'static str,
        columns: Columns,
        key: Columns,
    ) -> Result<u64, StoreError> {
        let set = columns.equal(1, ", ");
        let matching = key.equal(columns.0.len() + 1, " AND ");
        let sql = format!("UPDATE {table} SET {set} WHERE {matching}");
        self.execute(AssertSqlSafe(sql), columns.and(key).params()).await
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_named_once_and_numbered() {
        let columns = columns! { name: "Hoa", people: 3_i32 };
        assert_eq!(columns.insert("guest"), "INSERT INTO guest (name, people) VALUES ($1, $2)");
        let rows = [columns.clone(), columns.clone()];
        assert_eq!(
            super::Columns::insert_all("guest", &rows),
            "INSERT INTO guest (name, people) VALUES ($1, $2), ($3, $4)"
        );
        assert_eq!(
            columns.update_all("guest", &columns! { id: 7_i32 }, 2),
            "UPDATE guest SET name = given.column1, people = given.column2 \
             FROM (VALUES ($1, $2, $3), ($4, $5, $6)) AS given WHERE guest.id = given.column3"
        );
        assert_eq!(columns.equal(3, " AND "), "name = $3 AND people = $4");
    }
}

//! Tables for spreadsheets: RFC 4180, UTF-8 with the mark that Excel reads it by.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Somebody's words: never taken for a formula.
    Text(String),
    /// Đồng or a count, without marks, so that spreadsheets can add it up.
    Number(i64),
    /// 2026-11-28, which spreadsheets of any language know.
    Date(chrono::NaiveDate),
    Empty,
}

/// A text that begins like a formula gets an apostrophe before it, as OWASP advises.
fn text(words: &str) -> String {
    let guard = if words.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", words.replace('"', "\"\""))
}

pub fn table(rows: &[Vec<Cell>]) -> String {
    let mut csv = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> = row
            .iter()
            .map(|cell| match cell {
                Cell::Text(words) => text(words),
                Cell::Number(number) => number.to_string(),
                Cell::Date(date) => date.to_string(),
                Cell::Empty => String::new(),
            })
            .collect();
        csv.push_str(&cells.join(","));
        csv.push_str("\r\n");
    }
    csv
}

/// The table as a file; its name is made of plain letters.
pub fn file(name: &str, rows: &[Vec<Cell>]) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, table(rows)).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_and_never_formulas() {
        let words = |words: &str| Cell::Text(words.into());
        let rows = [
            vec![words("Gốm \"xưa\""), Cell::Number(-50_000), Cell::Empty],
            vec![words("=HYPERLINK(\"x\")"), words("+84"), words("@a"), words("-1"), words("\t=1")],
            vec![words("hai\ndòng"), Cell::Date(chrono::NaiveDate::default())],
        ];
        assert_eq!(
            table(&rows),
            "\u{feff}\"Gốm \"\"xưa\"\"\",-50000,\r\n\
             \"'=HYPERLINK(\"\"x\"\")\",\"'+84\",\"'@a\",\"'-1\",\"'\t=1\"\r\n\
             \"hai\ndòng\",1970-01-01\r\n"
        );
    }
}

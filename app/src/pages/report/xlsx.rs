//! The report as a workbook: a sheet for each table, with typed numbers and dates and a header that stays; before them
//! one with the title, the period and how everything is counted.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use engine::Locale;
use engine::store::StoreError;
use rust_xlsxwriter::{Format, FormatBorder, Workbook, Worksheet, XlsxError};

use super::table::{Cell, Kind, Table};
use crate::error::PageError;
use crate::t::report as t;

/// Most characters of a sheet's name, and those it may not have.
const NAME: usize = 31;
const FORBIDDEN: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];

fn sheet_name(title: &str) -> String {
    title.chars().filter(|c| !FORBIDDEN.contains(c)).take(NAME).collect()
}

struct Formats {
    head: Format,
    total: Format,
    number: Format,
    number_total: Format,
    date: Format,
    right: Format,
    wrap: Format,
    title: Format,
}

impl Formats {
    fn new() -> Self {
        let bold = || Format::new().set_bold();
        Self {
            head: bold().set_text_wrap().set_border_bottom(FormatBorder::Thin),
            total: bold().set_border_top(FormatBorder::Thin),
            number: Format::new().set_num_format("#,##0"),
            number_total: bold().set_num_format("#,##0").set_border_top(FormatBorder::Thin),
            date: Format::new().set_num_format("dd/mm/yyyy"),
            right: Format::new().set_align(rust_xlsxwriter::FormatAlign::Right),
            wrap: Format::new().set_text_wrap(),
            title: bold().set_font_size(16),
        }
    }
}

fn write(
    sheet: &mut Worksheet,
    at: (u32, u16),
    cell: &Cell,
    total: bool,
    formats: &Formats,
    locale: Locale,
) -> Result<(), XlsxError> {
    let (row, column) = at;
    match cell {
        Cell::Text(words) if total => {
            sheet.write_string_with_format(row, column, words, &formats.total)?;
        }
        Cell::Text(words) => {
            sheet.write_string(row, column, words)?;
        }
        Cell::Number(n) | Cell::Money(n) => {
            let format = if total { &formats.number_total } else { &formats.number };
            // A workbook's numbers are floats: whole ones up to 2^53 are exact.
            #[expect(clippy::cast_precision_loss, reason = "no sum here is beyond 2^53")]
            sheet.write_number_with_format(row, column, *n as f64, format)?;
        }
        Cell::Date(date) => {
            sheet.write_datetime_with_format(row, column, *date, &formats.date)?;
        }
        Cell::Hidden => {
            let mark = t::hidden_mark(locale);
            sheet.write_string_with_format(row, column, mark, &formats.right)?;
        }
        Cell::Empty => {}
    }
    Ok(())
}

fn count<T: TryFrom<usize> + Copy>(n: usize, most: T) -> T {
    T::try_from(n).unwrap_or(most)
}

fn book(locale: Locale, notes: &[String], tables: &[Table]) -> Result<Vec<u8>, XlsxError> {
    let formats = Formats::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(sheet_name(t::t_notes(locale)))?;
    sheet.set_column_width(0, 100)?;
    for (at, note) in notes.iter().enumerate() {
        let format = if at == 0 { &formats.title } else { &formats.wrap };
        sheet.write_string_with_format(count(at, u32::MAX), 0, note, format)?;
    }
    for (at, table) in (count(notes.len(), u32::MAX) + 1..).zip(tables) {
        let line = format!("{}: {}", table.title, table.note);
        sheet.write_string_with_format(at, 0, line, &formats.wrap)?;
    }
    for table in tables {
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&table.title))?;
        for (column, words) in table.head.iter().enumerate() {
            sheet.write_string_with_format(0, count(column, u16::MAX), words, &formats.head)?;
        }
        for (row, line) in table.rows.iter().enumerate() {
            for (column, cell) in line.cells.iter().enumerate() {
                let at = (count(row + 1, u32::MAX), count(column, u16::MAX));
                write(sheet, at, cell, line.kind == Kind::Total, &formats, locale)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.autofit();
    }
    book.save_to_buffer()
}

/// The workbook as a file; its name is made of plain letters.
pub fn file(
    locale: Locale,
    name: &str,
    notes: &[String],
    tables: &[Table],
) -> Result<Response, PageError> {
    let bytes = book(locale, notes, tables)
        .map_err(|error| StoreError::Abandoned(format!("the workbook: {error}")))?;
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.xlsx\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_of_sheets_are_short_and_plain() {
        assert_eq!(sheet_name("Theo ngày/giờ [2]"), "Theo ngàygiờ 2");
        assert_eq!(sheet_name(&"ộ".repeat(40)).chars().count(), 31);
    }
}

//! A bank's statement as CSV: banks differ in their columns, so these are found by their headings.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use sha2::{Digest as _, Sha256};

use super::{IncomingTransfer, Teller};
use crate::Dong;
use crate::clock::venue_instant;
use crate::text::fold;

/// Most rows that are read of one file.
const MAX_ROWS: usize = 5_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// No row has a column each for date, amount and description.
    #[error("no table of transfers was found")]
    NoTable,
    #[error("more than {MAX_ROWS} rows")]
    TooLong,
}

/// What a file tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Statement {
    pub transfers: Vec<IncomingTransfer>,
    /// Rows of money that went out, of sums and the like.
    pub passed_over: usize,
}

/// Headings by what they begin with, folded: Vietnamese and English, of the large banks.
const DATE: &[&str] =
    &["ngay giao dich", "ngay gd", "ngay", "transaction date", "date", "thoi gian"];
const CREDIT: &[&str] =
    &["ghi co", "so tien ghi co", "phat sinh co", "so tien co", "tien vao", "credit", "amount in"];
const AMOUNT: &[&str] = &["so tien", "amount", "gia tri"];
const WORDS: &[&str] =
    &["noi dung", "dien giai", "mo ta", "description", "details", "remark", "content"];
const REFERENCE: &[&str] = &[
    "so tham chieu",
    "ma tham chieu",
    "so but toan",
    "so ct",
    "ma giao dich",
    "so gd",
    "reference",
    "ref",
    "transaction no",
    "trace",
];

/// The text of a file: UTF-8, or UTF-16 with its mark, as spreadsheets write "Unicode text".
pub fn file_text(file: &[u8]) -> String {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units = file.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match file {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes),
        _ => String::from_utf8_lossy(file).into_owned(),
    }
}

/// Reads a statement: separated by tabs, semicolons or commas, with lines before its headings. The
/// separator is the one that parts the headings: amounts and words are full of the others.
pub fn read(text: &str) -> Result<Statement, StatementError> {
    let text = text.trim_start_matches('\u{feff}');
    for mark in [b'\t', b';', b','] {
        if let Some(statement) = separated(text, mark)? {
            return Ok(number_equals(statement));
        }
    }
    Err(StatementError::NoTable)
}

/// None where no row has the headings.
fn separated(text: &str, mark: u8) -> Result<Option<Statement>, StatementError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(mark)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut columns: Option<Columns> = None;
    let mut statement = Statement::default();
    for (at, row) in reader.records().enumerate() {
        if at >= MAX_ROWS {
            return Err(StatementError::TooLong);
        }
        let Ok(row) = row else { continue };
        let cells: Vec<&str> = row.iter().map(str::trim).collect();
        match &columns {
            None => columns = Columns::of(&cells),
            Some(columns) => match columns.read(&cells) {
                Some(transfer) => statement.transfers.push(transfer),
                None if cells.iter().all(|cell| cell.is_empty()) => {}
                None => statement.passed_over += 1,
            },
        }
    }
    Ok(columns.map(|_| statement))
}

/// Two transfers of a file may be equal in all that it tells; they are numbered, so that both count
/// and the same file again adds nothing.
fn number_equals(mut statement: Statement) -> Statement {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for transfer in &mut statement.transfers {
        let times = seen.entry(transfer.teller_id.clone()).or_default();
        *times += 1;
        if *times > 1 {
            transfer.teller_id = format!("{}-{times}", transfer.teller_id);
        }
    }
    statement
}

struct Columns {
    date: usize,
    amount: usize,
    words: usize,
    reference: Option<usize>,
}

impl Columns {
    fn of(cells: &[&str]) -> Option<Columns> {
        let folded: Vec<String> = cells.iter().map(|cell| fold(cell)).collect();
        let find = |names: &[&str]| {
            names.iter().find_map(|name| folded.iter().position(|cell| cell.starts_with(name)))
        };
        Some(Columns {
            date: find(DATE)?,
            amount: find(CREDIT).or_else(|| find(AMOUNT))?,
            words: find(WORDS)?,
            reference: find(REFERENCE),
        })
    }

    fn read(&self, cells: &[&str]) -> Option<IncomingTransfer> {
        let at = moment(cells.get(self.date)?)?;
        let amount = amount(cells.get(self.amount)?).filter(|amount| amount.0 > 0)?;
        let message = cells.get(self.words)?.split_whitespace().collect::<Vec<_>>().join(" ");
        let reference = self.reference.and_then(|at| cells.get(at)).copied().unwrap_or_default();
        let digest = Sha256::digest(format!("{at}|{}|{message}|{reference}", amount.0));
        let id = URL_SAFE_NO_PAD.encode(&digest[..12]);
        Some(IncomingTransfer {
            teller: Teller::Statement,
            teller_id: id,
            accounts: vec![],
            amount,
            message,
            reference: reference.to_owned(),
            payer: String::new(),
            at,
            raw: cells.join(" | "),
        })
    }
}

/// "+600,000 VND", "600.000", "600000.00"; None for money out and for no amount at all.
fn amount(text: &str) -> Option<Dong> {
    let text = text.trim().trim_start_matches('+').trim();
    // Two decimals of a currency that has none.
    let whole = text.strip_suffix(".00").or_else(|| text.strip_suffix(",00")).unwrap_or(text);
    whole.parse().ok()
}

/// A date as Vietnam writes it, or ISO; with or without a time (noon then).
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    for format in [
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%d-%m-%Y %H:%M:%S",
        "%d-%m-%Y %H:%M",
    ] {
        if let Ok(local) = NaiveDateTime::parse_from_str(text, format) {
            return venue_instant(local.date(), local.time());
        }
    }
    let date = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y"]
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(text, format).ok())?;
    venue_instant(date, NaiveTime::from_hms_opt(12, 0, 0)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn statements_of_different_banks_are_read() {
        let vietcombank = "\u{feff}NGÂN HÀNG TMCP NGOẠI THƯƠNG VIỆT NAM\nSố tài khoản: 0123456789\n\n\
            Ngày giao dịch,Số tham chiếu,Số tiền ghi nợ,Số tiền ghi có,Mô tả\n\
            01/12/2026,FT26335000001,,\"600,000\",\"MBVCB.327.LN7K2PABX, CT tu 1\"\n\
            01/12/2026,FT26335000002,\"50,000\",,Rut tien\n\
            Tổng,,\"50,000\",\"600,000\",\n";
        let read = super::read(vietcombank).unwrap();
        assert_eq!((read.transfers.len(), read.passed_over), (1, 2));
        let one = &read.transfers[0];
        assert_eq!((one.amount, one.reference.as_str()), (Dong(600_000), "FT26335000001"));
        assert_eq!(one.message, "MBVCB.327.LN7K2PABX, CT tu 1");
        let english = "Transaction Date;Description;Amount;Reference\n\
            2026-12-01 09:15:00;LN7K2PABX;+350.000 VND;A1\n\
            2026-12-01 09:16:00;fee;-1.100;A2\n";
        let read = super::read(english).unwrap();
        assert_eq!((read.transfers.len(), read.passed_over), (1, 1));
        assert_eq!(read.transfers[0].at.to_rfc3339(), "2026-12-01T02:15:00+00:00");
    }

    #[test]
    fn amounts_with_commas_do_not_part_a_row_of_tabs() {
        let text = "\u{feff}Ngày\tNội dung\tGhi có\n1/12/2026\ta, b, c, d, e\t1,200,000\n";
        let file: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let read = super::read(&file_text(&file)).unwrap();
        assert_eq!(read.transfers.len(), 1);
        assert_eq!(read.transfers[0].amount, Dong(1_200_000));
        let file: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(super::read(&file_text(&file)), Ok(read.clone()));
        assert_eq!(super::read(&file_text(text.as_bytes())), Ok(read));
    }

    #[test]
    fn equal_rows_are_two_transfers_and_the_same_file_is_the_same() {
        let text = "Ngày\tNội dung\tSố tiền\n1/12/2026\tung ho\t20000\n01/12/2026\tung ho\t20000\n";
        let read = super::read(text).unwrap();
        assert_eq!(read.transfers.len(), 2);
        assert_ne!(read.transfers[0].teller_id, read.transfers[1].teller_id);
        assert_eq!(super::read(text), Ok(read));
    }

    #[test]
    fn what_is_no_statement_is_refused() {
        for text in ["", "a,b,c\n1,2,3", "Ngày,Số tiền\n01/12/2026,5", "\u{0}\u{1}"] {
            assert_eq!(super::read(text), Err(StatementError::NoTable), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(\\PC|\n|,|\"){0,300}") {
            let _ = super::read(&format!("Ngày,Nội dung,Số tiền\n{text}"));
        }
    }
}

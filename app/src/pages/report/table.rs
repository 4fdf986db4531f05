//! A table of the report, once: the page, the CSV file and the workbook are all made of it.

use chrono::NaiveDate;
use engine::report::Figure;
use engine::{Dong, Locale};
use leptos::prelude::*;

use crate::pages::host::money::csv;
use crate::t::report as t;
use crate::ui::format;

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i64),
    /// In đồng.
    Money(i64),
    Date(NaiveDate),
    Hidden,
    Empty,
}

impl Cell {
    pub fn text(words: impl Into<String>) -> Self {
        Cell::Text(words.into())
    }

    const fn is_number(&self) -> bool {
        matches!(self, Cell::Number(_) | Cell::Money(_) | Cell::Hidden)
    }

    fn shown(&self, locale: Locale) -> String {
        match self {
            Cell::Text(words) => words.clone(),
            Cell::Number(n) => format::number(locale, *n),
            Cell::Money(n) => Dong(*n).display(locale),
            Cell::Date(date) => date.format("%d/%m/%Y").to_string(),
            Cell::Hidden => t::hidden_mark(locale).to_owned(),
            Cell::Empty => String::new(),
        }
    }

    fn to_csv(&self, locale: Locale) -> csv::Cell {
        match self {
            Cell::Text(words) => csv::Cell::Text(words.clone()),
            Cell::Number(n) | Cell::Money(n) => csv::Cell::Number(*n),
            Cell::Date(date) => csv::Cell::Date(*date),
            Cell::Hidden => csv::Cell::Text(t::hidden_mark(locale).to_owned()),
            Cell::Empty => csv::Cell::Empty,
        }
    }
}

impl From<Figure> for Cell {
    fn from(figure: Figure) -> Self {
        figure.known().map_or(Cell::Hidden, Cell::Number)
    }
}

/// A figure of money.
pub fn money(figure: Figure) -> Cell {
    figure.known().map_or(Cell::Hidden, Cell::Money)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Plain,
    /// Of the row before it that is not.
    Inner,
    Total,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub kind: Kind,
    pub cells: Vec<Cell>,
}

impl Row {
    pub const fn new(kind: Kind, cells: Vec<Cell>) -> Self {
        Self { kind, cells }
    }

    pub const fn plain(cells: Vec<Cell>) -> Self {
        Self::new(Kind::Plain, cells)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Names its file.
    pub key: &'static str,
    /// Short enough for the tab of a sheet.
    pub title: String,
    /// How it is counted.
    pub note: String,
    pub head: Vec<String>,
    pub rows: Vec<Row>,
}

impl Table {
    pub fn csv(&self, locale: Locale) -> Vec<Vec<csv::Cell>> {
        let head = self.head.iter().map(|words| csv::Cell::Text(words.clone())).collect();
        let rows = self.rows.iter().map(|row| row.cells.iter().map(|c| c.to_csv(locale)).collect());
        std::iter::once(head).chain(rows).collect()
    }

    /// The table on the page, with its note and its file.
    pub fn view(&self, locale: Locale, file: String) -> impl IntoView + use<> {
        let heads: Vec<_> = self
            .head
            .iter()
            .enumerate()
            .map(|(at, words)| {
                let number =
                    self.rows.iter().any(|row| row.cells.get(at).is_some_and(Cell::is_number));
                view! { <th scope="col" class=number.then_some("num")>{words.clone()}</th> }
            })
            .collect();
        let rows: Vec<_> = self.rows.iter().map(|row| table_row(locale, row)).collect();
        let note = format!("{}-note", self.key);
        let body = if rows.is_empty() {
            view! { <p class="empty">{t::nothing(locale)}</p> }.into_any()
        } else {
            view! {
                <div class="table-wrap" tabindex="0" role="region" aria-label=self.title.clone()>
                    <table class="table report-table" aria-describedby=note.clone()>
                        <thead><tr>{heads}</tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
            }
            .into_any()
        };
        let label = t::csv_of(locale, &self.title);
        view! {
            <section class="stack-s report-part" id=self.key aria-labelledby=format!("{}-title", self.key)>
                <div class="between">
                    <h3 id=format!("{}-title", self.key)>{self.title.clone()}</h3>
                    <a class="btn btn-small no-print" href=file download="" aria-label=label>{t::csv(locale)}</a>
                </div>
                {body}
                <p class="soft small" id=note>{self.note.clone()}</p>
            </section>
        }
    }
}

fn table_row(locale: Locale, row: &Row) -> impl IntoView + use<> {
    // The first words name the row: of an inner one they stand in the second column.
    let name =
        row.cells.iter().position(|cell| matches!(cell, Cell::Text(words) if !words.is_empty()));
    let name = if row.kind == Kind::Inner { Some(1) } else { name };
    let cells: Vec<_> = row
        .cells
        .iter()
        .enumerate()
        .map(|(at, cell)| {
            let class = cell.is_number().then_some("num");
            let words = cell.shown(locale);
            if Some(at) == name {
                view! { <th scope="row">{words}</th> }.into_any()
            } else if *cell == Cell::Hidden {
                view! {
                    <td class="num"><span aria-hidden="true">{words}</span><span class="visually-hidden">{t::hidden(locale)}</span></td>
                }
                .into_any()
            } else {
                view! { <td class=class>{words}</td> }.into_any()
            }
        })
        .collect();
    let kind = match row.kind {
        Kind::Plain => None,
        Kind::Inner => Some("inner"),
        Kind::Total => Some("total"),
    };
    view! { <tr data-kind=kind>{cells}</tr> }
}

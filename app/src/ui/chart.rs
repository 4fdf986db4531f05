//! Charts as SVG, drawn by the server: columns, bars, a grid. Their colours are classes of the style sheet; what
//! they show is said in words too, for those who don't see it. Nothing of them is typed by people unescaped.

use std::fmt::Write as _;

use leptos::prelude::*;

use super::escape::escape;

/// Of a drawing of columns, in its own units; the style sheet makes it as wide as there is room.
const HEIGHT: i64 = 150;
/// Room for the amount above a column and its name below.
const ABOVE: i64 = 18;
const BELOW: i64 = 20;
/// Columns are no wider than this, however few.
const WIDEST: i64 = 34;

/// A column of one or more parts, the lowest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Class of the style sheet, and how much.
    pub parts: Vec<(&'static str, i64)>,
    /// What stands above it.
    pub amount: String,
    /// What stands below it.
    pub name: String,
}

impl Column {
    fn sum(&self) -> i64 {
        self.parts.iter().map(|(_, amount)| (*amount).max(0)).fold(0, i64::saturating_add)
    }
}

/// Columns side by side in a drawing of this width.
pub fn columns(width: i64, columns: &[Column]) -> String {
    let most = columns.iter().map(Column::sum).max().unwrap_or(0).max(1);
    let count = i64::try_from(columns.len()).unwrap_or(1).max(1);
    let bar = (width / count * 7 / 10).clamp(4, WIDEST);
    let floor = HEIGHT - BELOW;
    let tall = |amount: i64| {
        let tall = i128::from(amount.max(0)) * i128::from(floor - ABOVE) / i128::from(most);
        i64::try_from(tall).unwrap_or(0)
    };
    let mut svg =
        format!(r#"<line class="chart-floor" x1="0" x2="{width}" y1="{floor}.5" y2="{floor}.5"/>"#);
    for (at, column) in (0_i64..).zip(columns) {
        let middle = width * (2 * at + 1) / (2 * count);
        let left = middle - bar / 2;
        let (mut below, mut low) = (0_i64, 0);
        for (class, amount) in &column.parts {
            below = below.saturating_add((*amount).max(0));
            let high = tall(below);
            let _ = write!(
                svg,
                r#"<rect class="{class}" x="{left}" y="{}" width="{bar}" height="{}"/>"#,
                floor - high,
                high - low,
            );
            low = high;
        }
        let amount = escape(&column.amount);
        if !amount.is_empty() {
            let above = floor - low - 5;
            let _ = write!(
                svg,
                r#"<text class="chart-amount" x="{middle}" y="{above}">{amount}</text>"#
            );
        }
        let _ = write!(
            svg,
            r#"<text class="chart-month" x="{middle}" y="{}">{}</text>"#,
            HEIGHT - 5,
            escape(&column.name),
        );
    }
    svg
}

/// A drawing with its caption: `said` is what it shows in words.
pub fn figure(
    caption: impl IntoView,
    width: i64,
    height: i64,
    said: String,
    drawing: String,
) -> impl IntoView {
    view! {
        <figure class="panel chart">
            <figcaption class="between">{caption}</figcaption>
            <svg
                viewBox=format!("0 0 {width} {height}")
                role="img"
                aria-label=said
                inner_html=drawing
            ></svg>
        </figure>
    }
}

/// Height of a drawing of [`columns`].
pub const COLUMNS_HEIGHT: i64 = HEIGHT;

const LINE: i64 = 24;
const NAMES: i64 = 150;
const BARS_WIDTH: i64 = 400;

/// Bars below each other, each with its name before and its amount behind: drawing and height.
pub fn bars(lines: &[(String, Option<i64>, String)]) -> (String, i64, i64) {
    let most = lines.iter().filter_map(|(_, n, _)| *n).max().unwrap_or(0).max(1);
    let room = BARS_WIDTH - NAMES - 60;
    let mut svg = String::new();
    for (at, (name, amount, words)) in (0_i64..).zip(lines) {
        let top = at * LINE;
        let long = amount.unwrap_or(0).max(0).saturating_mul(room) / most;
        let _ = write!(
            svg,
            r#"<text class="chart-name" x="{}" y="{}">{}</text><rect class="chart-own" x="{NAMES}" y="{}" width="{long}" height="14" rx="2"/><text class="chart-value" x="{}" y="{}">{}</text>"#,
            NAMES - 8,
            top + 16,
            escape(name),
            top + 5,
            NAMES + long + 6,
            top + 16,
            escape(words),
        );
    }
    let height = LINE * i64::try_from(lines.len()).unwrap_or(0) + 4;
    (svg, BARS_WIDTH, height)
}

const CELL: (i64, i64) = (92, 30);

/// Of a grid: its name and what each cell holds and says.
pub type GridRow = (String, Vec<(Option<i64>, String)>);

/// A grid whose cells are the darker the more they hold: names of columns and rows, what each cell says.
pub fn grid(heads: &[String], rows: &[GridRow]) -> (String, i64, i64) {
    let most = rows.iter().flat_map(|(_, cells)| cells).filter_map(|(n, _)| *n).max();
    let most = most.unwrap_or(0).max(1);
    let mut svg = String::new();
    for (at, head) in (0_i64..).zip(heads) {
        let middle = 60 + at * CELL.0 + CELL.0 / 2;
        let _ =
            write!(svg, r#"<text class="chart-month" x="{middle}" y="16">{}</text>"#, escape(head));
    }
    for (down, (name, cells)) in (0_i64..).zip(rows) {
        let top = 26 + down * CELL.1;
        let _ = write!(
            svg,
            r#"<text class="chart-name" x="50" y="{}">{}</text>"#,
            top + 19,
            escape(name)
        );
        for (at, (amount, words)) in (0_i64..).zip(cells) {
            // Five shades are as many as an eye tells apart; words on the dark ones are light.
            let share = i128::from(amount.unwrap_or(0).max(0)) * 4;
            let shade = ((share + i128::from(most) - 1) / i128::from(most)).min(4);
            let left = 60 + at * CELL.0;
            let _ = write!(
                svg,
                r#"<rect class="chart-shade-{shade}" x="{left}" y="{top}" width="{}" height="{}" rx="3"/><text class="chart-cell chart-on-{shade}" x="{}" y="{}">{}</text>"#,
                CELL.0 - 3,
                CELL.1 - 3,
                left + (CELL.0 - 3) / 2,
                top + 19,
                escape(words),
            );
        }
    }
    let across = i64::try_from(heads.len()).unwrap_or(0);
    let down = i64::try_from(rows.len()).unwrap_or(0);
    (svg, 60 + across * CELL.0, 28 + down * CELL.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_stay_within_bounds_and_escape_names() {
        let column = |amount, name: &str| Column {
            parts: vec![("chart-own", amount)],
            amount: "1".into(),
            name: name.into(),
        };
        let all: Vec<Column> =
            [0, 5, -3, i64::MAX].map(|amount| column(amount, "<b>\"x\"</b>")).to_vec();
        let (bars, ..) = bars(&[("Bát <Tràng>".into(), Some(i64::MAX / 400), "9".into())]);
        let (grid, ..) = grid(&["a".into()], &[("<x>".into(), vec![(None, "*".into())])]);
        for svg in [columns(360, &all), bars, grid] {
            assert!(!svg.contains("=\"-"), "{svg}");
            assert!(!svg.contains("<b>") && !svg.contains("<Tràng>") && !svg.contains("<x>"));
        }
    }
}

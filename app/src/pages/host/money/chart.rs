//! A picture of the last months: what guests paid, and how much of it stays with the workshop.

use engine::ledger::MonthSum;
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::month_name;
use crate::t::money as t;
use crate::ui::chart::{COLUMNS_HEIGHT, Column, columns, figure};
use crate::ui::format::month_short;

/// Of the drawing, in its own units.
const WIDTH: i64 = 360;

/// "12,4 tr", "850 ng": an amount as short as a label must be.
fn short(locale: Locale, amount: Dong) -> String {
    let writing = locale.writing();
    if let Some(myriad) = writing.myriad {
        return format!("{}{myriad}", writing.number(amount.0 / 10_000));
    }
    let thousands = amount.0 / 1_000;
    if thousands < 1_000 {
        return t::thousands(locale, thousands);
    }
    let mark = writing.decimal;
    let (whole, tenth) = (thousands / 1_000, thousands % 1_000 / 100);
    let text = if whole >= 100 || tenth == 0 {
        whole.to_string()
    } else {
        format!("{whole}{mark}{tenth}")
    };
    t::millions(locale, text)
}

/// Columns of two parts: what stays with the workshop, and what others get.
fn drawing(locale: Locale, months: &[MonthSum]) -> String {
    let all: Vec<Column> = months
        .iter()
        .map(|sum| {
            let takings = sum.takings.0.max(0);
            let own = sum.own.0.clamp(0, takings);
            let amount = if takings > 0 { short(locale, sum.takings) } else { String::new() };
            Column {
                parts: vec![("chart-own", own), ("chart-others", takings - own)],
                amount,
                name: month_short(locale, sum.month.first()),
            }
        })
        .collect();
    columns(WIDTH, &all)
}

pub fn chart(locale: Locale, months: &[MonthSum]) -> impl IntoView + use<> {
    let words: Vec<String> = months
        .iter()
        .filter(|sum| sum.takings > Dong::ZERO)
        .map(|sum| {
            t::chart_month(
                locale,
                month_name(locale, sum.month),
                sum.own.display(locale),
                sum.takings.display(locale),
            )
        })
        .collect();
    (!words.is_empty()).then(|| {
        let label = locale.writing().sentences(&words);
        let drawing = drawing(locale, months);
        let caption = view! {
            <span class="panel-title">{t::chart(locale)}</span>
            <span class="chart-legend small">
                <span data-part="own">{t::chart_own(locale)}</span>
                <span data-part="others">{t::chart_others(locale)}</span>
            </span>
        };
        figure(caption, WIDTH, COLUMNS_HEIGHT, label, drawing)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_short_in_each_language() {
        let all = |amount| [Locale::Vi, Locale::En].map(|locale| short(locale, Dong(amount)));
        assert_eq!(all(850_000), ["850 ng", "850k"]);
        assert_eq!(all(1_000_000), ["1 tr", "1m"]);
        assert_eq!(all(12_480_000), ["12,4 tr", "12.4m"]);
        assert_eq!(all(340_900_000), ["340 tr", "340m"]);
        // Who counts by ten thousands reads them.
        assert_eq!(short(Locale::Ko, Dong(850_000)), "85만");
        assert_eq!(short(Locale::Ja, Dong(12_480_000)), "1,248万");
    }

    #[test]
    fn bars_stay_within_the_drawing() {
        let month = engine::ledger::Month::of(chrono::NaiveDate::default());
        let sum = |takings, own| MonthSum { month, takings: Dong(takings), own: Dong(own) };
        let svg = drawing(Locale::Vi, &[sum(900, 1_200), sum(-50, 10), sum(i64::MAX / 1_000, 0)]);
        assert!(!svg.contains("=\"-"), "{svg}");
        assert_eq!(svg.matches("<rect").count(), 6);
    }
}

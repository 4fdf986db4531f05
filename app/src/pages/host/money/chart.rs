//! A picture of the last months: what guests paid, and how much of it stays with the workshop.

use std::fmt::Write as _;

use engine::ledger::MonthSum;
use engine::{Dong, Locale};
use leptos::prelude::*;

use super::month_name;
use crate::t::money as t;

/// Of the drawing, in its own units; the style sheet makes it as wide as there is room.
const WIDTH: i64 = 360;
const HEIGHT: i64 = 150;
/// Room for the amount above a bar and the month below it.
const ABOVE: i64 = 18;
const BELOW: i64 = 20;
const BAR: i64 = 34;

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

fn month_short(locale: Locale, sum: &MonthSum) -> String {
    (locale.writing().month_brief)(sum.month.first())
}

/// Bars stacked of two parts. Their text is made of numbers and month names alone.
fn drawing(locale: Locale, months: &[MonthSum]) -> String {
    let most = months.iter().map(|sum| sum.takings.0).max().unwrap_or(0).max(1);
    let count = i64::try_from(months.len()).unwrap_or(1).max(1);
    let floor = HEIGHT - BELOW;
    let tall = |amount: i64| amount.max(0).saturating_mul(floor - ABOVE) / most;
    let mut svg =
        format!(r#"<line class="chart-floor" x1="0" x2="{WIDTH}" y1="{floor}.5" y2="{floor}.5"/>"#);
    for (at, sum) in (0_i64..).zip(months) {
        let middle = WIDTH * (2 * at + 1) / (2 * count);
        let left = middle - BAR / 2;
        let takings = sum.takings.0.max(0);
        let own = tall(sum.own.0.clamp(0, takings));
        let all = tall(takings);
        let others = all - own;
        let _ = write!(
            svg,
            r#"<rect class="chart-others" x="{left}" y="{}" width="{BAR}" height="{others}"/><rect class="chart-own" x="{left}" y="{}" width="{BAR}" height="{own}"/>"#,
            floor - all,
            floor - own,
        );
        if takings > 0 {
            let _ = write!(
                svg,
                r#"<text class="chart-amount" x="{middle}" y="{}">{}</text>"#,
                floor - all - 5,
                short(locale, sum.takings),
            );
        }
        let _ = write!(
            svg,
            r#"<text class="chart-month" x="{middle}" y="{}">{}</text>"#,
            HEIGHT - 5,
            month_short(locale, sum),
        );
    }
    svg
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
        view! {
            <figure class="panel chart">
                <figcaption class="between">
                    <span class="panel-title">{t::chart(locale)}</span>
                    <span class="chart-legend small">
                        <span data-part="own">{t::chart_own(locale)}</span>
                        <span data-part="others">{t::chart_others(locale)}</span>
                    </span>
                </figcaption>
                <svg
                    viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                    role="img"
                    aria-label=label
                    inner_html=drawing
                ></svg>
            </figure>
        }
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

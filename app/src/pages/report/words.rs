//! Names of what the report counts.

use engine::Locale;
use engine::booking::disruption::Cause;
use engine::report::{Band, Channel, Fate, Figure, Orders, Period, TradeKind};

use crate::t::{report as t, trade};
use crate::ui::format;

pub fn channel(locale: Locale, channel: Channel) -> &'static str {
    match channel {
        Channel::Site => t::site(locale),
        Channel::Phone => t::phone(locale),
        Channel::Group => t::group(locale),
        Channel::Company => t::company(locale),
        Channel::Pass => t::pass(locale),
    }
}

pub fn band(locale: Locale, band: Band) -> &'static str {
    match band {
        Band::Under10 => t::band_under_10(locale),
        Band::Under50 => t::band_under_50(locale),
        Band::Under200 => t::band_under_200(locale),
        Band::Over200 => t::band_over_200(locale),
    }
}

pub fn fate(locale: Locale, fate: Fate) -> &'static str {
    match fate {
        Fate::Came => t::came(locale),
        Fate::NoShow => t::no_show(locale),
        Fate::ByGuest => t::by_guest(locale),
        Fate::ByHost => t::by_host(locale),
        Fate::Unmarked => t::unmarked(locale),
    }
}

pub fn cause(locale: Locale, cause: Cause) -> &'static str {
    match cause {
        Cause::Ill => t::cause_ill(locale),
        Cause::Broken => t::cause_broken(locale),
        Cause::Weather => t::cause_weather(locale),
        Cause::Other => t::cause_other(locale),
    }
}

pub fn orders(locale: Locale, orders: Orders) -> &'static str {
    match orders {
        Orders::None => trade::orders_none(locale),
        Orders::Under50 => trade::orders_under_50(locale),
        Orders::Under200 => trade::orders_under_200(locale),
        Orders::Under1000 => trade::orders_under_1000(locale),
        Orders::Over1000 => trade::orders_over_1000(locale),
    }
}

pub fn trade_kind(locale: Locale, kind: TradeKind) -> &'static str {
    match kind {
        TradeKind::Fair => trade::fair(locale),
        TradeKind::Exhibition => trade::exhibition(locale),
        TradeKind::Connection => trade::connection(locale),
        TradeKind::Other => trade::other(locale),
    }
}

/// "1 người", "3–5 người", "từ 21 người".
pub fn size(locale: Locale, (least, most): (i64, i64)) -> String {
    if most == i64::MAX {
        t::size_from(locale, least)
    } else if (least, most) == (1, 1) {
        t::size_one(locale).to_owned()
    } else if least == most {
        format::people(locale, i32::try_from(least).unwrap_or(i32::MAX))
    } else {
        t::size_range(locale, least, most)
    }
}

/// "01/01/2026 – 31/12/2026".
pub fn period(locale: Locale, period: &Period) -> String {
    let day = locale.writing().column_date;
    t::from_to(locale, day(period.first), day(period.last))
}

/// A part of a whole in per cent, rounded; None where either is hidden or there is no whole.
pub fn percent(part: Figure, whole: Figure) -> Option<i64> {
    let (part, whole) = part.known().zip(whole.known())?;
    (whole > 0).then(|| (part * 200 + whole) / (whole * 2))
}

/// "+12%": how much more than before; None where there was nothing, or it is hidden.
pub fn change(locale: Locale, now: Figure, before: Figure) -> Option<String> {
    let (now, before) = now.known().zip(before.known())?;
    if before <= 0 {
        return None;
    }
    // Beyond what anybody counts, but no reason to overflow.
    let change = (i128::from(now) - i128::from(before)) * 100;
    let before = i128::from(before);
    let half = if change < 0 { -before / 2 } else { before / 2 };
    let percent = (change + half) / before;
    let sign = match percent.signum() {
        1 => "+",
        -1 => "−",
        _ => "±",
    };
    Some(locale.writing().percent(format!("{sign}{}", percent.abs())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_rounded_and_signed() {
        let of = |now, before| change(Locale::En, Figure::Known(now), Figure::Known(before));
        assert_eq!(of(112, 100).as_deref(), Some("+12%"));
        assert_eq!(of(200, 300).as_deref(), Some("−33%"));
        assert_eq!(of(1, 300).as_deref(), Some("−100%"));
        assert_eq!(of(300, 300).as_deref(), Some("±0%"));
        assert_eq!(of(300, 0), None);
        assert_eq!(change(Locale::En, Figure::Hidden, Figure::Known(3)), None);
    }

    #[test]
    fn parts_are_rounded_and_never_of_what_is_hidden() {
        let of = |part, whole| percent(Figure::Known(part), Figure::Known(whole));
        assert_eq!((of(1, 3), of(2, 3), of(1, 0)), (Some(33), Some(67), None));
        assert_eq!(percent(Figure::Known(1), Figure::Hidden), None);
    }
}

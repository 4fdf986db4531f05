//! Kinds and amounts of resources in words.

use engine::Locale;
use engine::resource::{Resource, ResourceKind, Stretch};

use crate::t::resource as t;
use crate::ui::format;

/// "bàn xoay"; "wheel".
pub fn kind(locale: Locale, kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::Kiln => t::kiln(locale),
        ResourceKind::Wheel => t::wheel(locale),
        ResourceKind::Loom => t::loom(locale),
        ResourceKind::Room => t::room(locale),
        ResourceKind::Guide => t::guide(locale),
        ResourceKind::Vehicle => t::vehicle(locale),
        ResourceKind::Tool => t::tool(locale),
    }
}

/// "6 bàn xoay", "200 lít".
pub fn amount(locale: Locale, kind: ResourceKind, amount: i32) -> String {
    let n = i64::from(amount);
    match kind {
        ResourceKind::Kiln => t::amount_kiln(locale, n),
        ResourceKind::Wheel => t::amount_wheel(locale, n),
        ResourceKind::Loom => t::amount_loom(locale, n),
        ResourceKind::Room => t::amount_room(locale, n),
        ResourceKind::Guide => t::amount_guide(locale, n),
        ResourceKind::Vehicle => t::amount_vehicle(locale, n),
        ResourceKind::Tool => t::amount_tool(locale, n),
    }
}

pub fn name(locale: Locale, resource: &Resource) -> String {
    resource.name.text(locale).to_owned()
}

/// "thứ Ba 24/11, 09:00–10:30"; both days where it goes over midnight.
pub fn stretch(locale: Locale, stretch: Stretch) -> String {
    let (from, to) = (stretch.from, stretch.to);
    let days = [from, to].map(engine::clock::local_date);
    if days[0] == days[1] {
        let day = format::day(locale, days[0]);
        return format::day_during(locale, day, from, to);
    }
    let one = |at, day| format!("{} {}", format::day(locale, day), format::time(locale, at));
    locale.writing().stretch(one(from, days[0]), one(to, days[1]))
}

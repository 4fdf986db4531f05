//! How many of each unit type come, with buttons for thumbs and the price as it grows.
//! Without script the same number fields are there, and the next page tells the price.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// One unit type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyRow {
    /// Name of the field.
    pub name: String,
    pub label: String,
    pub note: String,
    /// For one, in đồng.
    pub price: i64,
    /// From so many people in the party on, for anybody and for residents; nothing where the price
    /// is the same for all.
    pub tiers: Vec<(i64, i64, i64)>,
    /// The price is for all together, however many come.
    pub whole: bool,
    /// Seats that one takes.
    pub seats: i64,
    pub quantity: i64,
    /// What the buttons say to a screen reader.
    pub less: String,
    pub more: String,
    pub error: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartyWords {
    pub total: String,
    /// Mark between thousands.
    pub mark: String,
    /// Said when more seats are asked for than are left.
    pub too_many: String,
    /// Said when the party is larger than the tour takes.
    pub too_large: String,
    /// Address of the icons.
    pub icons: String,
}

/// The box of people who pay less because they live in the country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Residents {
    pub label: String,
    pub hint: String,
    pub checked: bool,
}

impl PartyRow {
    /// For one in a party of that size.
    fn price_for(&self, people: i64, resident: bool) -> i64 {
        let tier = self.tiers.iter().rev().find(|(from, ..)| *from <= people.max(1));
        tier.map_or(self.price, |(_, all, residents)| if resident { *residents } else { *all })
    }
}

/// Most of one unit type that the field offers.
const MOST: i64 = 999;

/// `left` seats are free, `largest` people may come without asking.
#[island]
pub fn PartyCounts(
    rows: Vec<PartyRow>,
    words: PartyWords,
    left: i64,
    largest: i64,
    residents: Option<Residents>,
) -> impl IntoView {
    let resident = RwSignal::new(residents.as_ref().is_some_and(|box_| box_.checked));
    let (live, set_live) = signal(false);
    Effect::new(move |_| set_live.set(true));
    let counted: Vec<(PartyRow, RwSignal<i64>)> =
        rows.into_iter().map(|row| (row.clone(), RwSignal::new(row.quantity))).collect();
    let sum = {
        let counted = counted.clone();
        move |of: fn(&PartyRow) -> i64| -> i64 {
            counted.iter().map(|(row, count)| of(row).saturating_mul(count.get())).sum()
        }
    };
    let total = {
        let (counted, mark, sum) = (counted.clone(), words.mark.clone(), sum.clone());
        move || {
            let people = sum(|row| row.seats.max(1));
            let amounts = counted.iter().map(|(row, count)| {
                let times = if row.whole { count.get().min(1) } else { count.get() };
                row.price_for(people, resident.get()).saturating_mul(times)
            });
            dong(amounts.sum(), &mark)
        }
    };
    let warning = move || {
        if sum(|row| row.seats.max(1)) > largest {
            Some(words.too_large.clone())
        } else if sum(|row| row.seats) > left {
            Some(words.too_many.clone())
        } else {
            None
        }
    };
    let fits = {
        let warning = warning.clone();
        move || warning().is_none()
    };
    let icons = words.icons.clone();
    let lines: Vec<_> = counted
        .into_iter()
        .map(|(row, count)| view! { <Line row count live icons=icons.clone()/> })
        .collect();
    let residents = residents.map(|box_| {
        view! {
            <label class="check" for="residents">
                <input type="checkbox" id="residents" name="residents" checked=box_.checked
                    aria-describedby="residents-hint"
                    on:change=move |event| resident.set(event_target_checked(&event))/>
                <span>{box_.label}</span>
            </label>
            <p class="field-hint" id="residents-hint">{box_.hint}</p>
        }
    });
    view! {
        <div class="party">{lines}</div>
        {residents}
        <dl class="price-lines">
            <div class="price-total"><dt>{words.total}</dt><dd aria-live="polite">{total}</dd></div>
        </dl>
        <p class="field-error" role="status" hidden=fits>{warning}</p>
    }
}

#[component]
fn Line(
    row: PartyRow,
    count: RwSignal<i64>,
    live: ReadSignal<bool>,
    icons: String,
) -> impl IntoView {
    let field = NodeRef::<leptos::html::Input>::new();
    // What was typed before the script came counts.
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            read(&field.value(), count);
        }
    });
    let step = move |by: i64| {
        let next = (count.get_untracked() + by).clamp(0, MOST);
        count.set(next);
        if let Some(field) = field.get_untracked() {
            field.set_value(&next.to_string());
        }
    };
    let button = move |by: i64, says: String, icon: String| {
        move || {
            live.get().then(|| {
                let stuck = move || count.get() + by < 0 || count.get() + by > MOST;
                view! {
                    <button
                        class="stepper-button"
                        type="button"
                        aria-label=says.clone()
                        disabled=stuck
                        on:click=move |_| step(by)
                    >
                        <svg class="icon" aria-hidden="true"><use_ href=icon.clone()></use_></svg>
                    </button>
                }
            })
        }
    };
    let id = format!("p-{}", row.name);
    let wrong = !row.error.is_empty();
    let error_id = format!("{id}-error");
    view! {
        <div class="party-row">
            <label class="party-label" for=id.clone()>
                {row.label} " " <span class="party-note">{row.note}</span>
            </label>
            <div class="stepper">
                {button(-1, row.less, format!("{icons}#i-minus"))}
                <input
                    node_ref=field
                    class="stepper-input"
                    id=id
                    name=row.name
                    type="number"
                    inputmode="numeric"
                    min="0"
                    max=MOST.to_string()
                    value=row.quantity.to_string()
                    aria-invalid=wrong.then_some("true")
                    aria-describedby=wrong.then(|| error_id.clone())
                    on:input=move |event| read(&event_target_value(&event), count)
                />
                {button(1, row.more, format!("{icons}#i-plus"))}
            </div>
            {wrong.then(|| view! { <p class="field-error" id=error_id>{row.error}</p> })}
        </div>
    }
}

fn read(typed: &str, count: RwSignal<i64>) {
    count.set(typed.trim().parse::<i64>().unwrap_or(0).clamp(0, MOST));
}

/// The amount as `engine::Dong` writes it, which is not in the browser.
fn dong(amount: i64, mark: &str) -> String {
    let digits = amount.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(mark);
        }
        text.push(digit);
    }
    text.push_str("\u{a0}₫");
    text
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use engine::{Dong, Locale};

    use super::*;

    #[test]
    fn a_larger_party_pays_by_its_tier() {
        let row = PartyRow {
            name: String::new(),
            label: String::new(),
            note: String::new(),
            price: 100,
            tiers: vec![(1, 100, 80), (10, 90, 70)],
            whole: false,
            seats: 1,
            quantity: 0,
            less: String::new(),
            more: String::new(),
            error: String::new(),
        };
        assert_eq!((row.price_for(0, false), row.price_for(9, true)), (100, 80));
        assert_eq!((row.price_for(10, false), row.price_for(40, true)), (90, 70));
        assert_eq!(PartyRow { tiers: Vec::new(), ..row }.price_for(40, true), 100);
    }

    #[test]
    fn amounts_are_written_as_the_engine_writes_them() {
        for amount in [0, 5, 999, 1_000, 350_000, 12_345_678] {
            for locale in Locale::ALL {
                let mark = locale.writing().thousands.to_string();
                assert_eq!(dong(amount, &mark), Dong(amount).display(locale));
            }
        }
    }
}

//! How long the seats are still kept, counted down in the guest's sight.

use leptos::prelude::*;

/// Seconds before the end from which the clock turns red and a screen reader is told.
const LATE: i64 = 120;

/// `seconds` of `total` are left when the page is made. `kept` says until what time in words:
/// without script it is all there is. `late` is said aloud near the end, `over` when time is up.
#[island]
pub fn HoldClock(
    seconds: i64,
    total: i64,
    label: String,
    kept: String,
    late: String,
    over: String,
    /// Address of the clock icon.
    icon: String,
) -> impl IntoView {
    let (left, set_left) = signal(None::<i64>);
    Effect::new(move |_| {
        #[cfg(feature = "hydrate")]
        {
            // Counted from when the page was asked for, not from when the script came to run.
            let loaded = window().performance().map_or_else(js_sys::Date::now, |p| p.time_origin());
            let end = loaded + f64::from(i32::try_from(seconds).unwrap_or(i32::MAX)) * 1000.0;
            let tick = move || {
                #[expect(clippy::cast_possible_truncation, reason = "seconds of a hold")]
                let rest = ((end - js_sys::Date::now()) / 1000.0).ceil() as i64;
                set_left.set(Some(rest.max(0)));
            };
            tick();
            let timer = set_interval_with_handle(tick, std::time::Duration::from_secs(1));
            if let Ok(timer) = timer {
                on_cleanup(move || timer.clear());
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (seconds, set_left);
    });
    let state = move || left.get().filter(|left| *left <= LATE).map(|_| "late");
    let is_over = Memo::new(move |_| left.get() == Some(0));
    let is_late = Memo::new(move |_| left.get().is_some_and(|left| 0 < left && left <= LATE));
    let words = {
        let over = over.clone();
        move || if is_over.get() { over.clone() } else { kept.clone() }
    };
    let clock = move || {
        left.get().map(|left| match left / 3600 {
            0 => format!("{}:{:02}", left / 60, left % 60),
            // Kept for hours or days (an offer): what is written beside it says until when.
            1..12 => format!("{}:{:02}:{:02}", left / 3600, left / 60 % 60, left % 60),
            _ => String::new(),
        })
    };
    let said = move || {
        if is_over.get() {
            over.clone()
        } else if is_late.get() {
            late.clone()
        } else {
            String::new()
        }
    };
    view! {
        <div class="hold" data-state=state>
            <svg class="icon" aria-hidden="true"><use_ href=icon></use_></svg>
            <span>{words}</span>
            <strong class="hold-left" role="timer" aria-label=label>{clock}</strong>
            <progress
                class="hold-bar"
                max=total.to_string()
                value=move || left.get().unwrap_or(seconds).to_string()
                aria-hidden="true"
            ></progress>
            <span class="visually-hidden" role="status">{said}</span>
        </div>
    }
}

//! How long a hold still lasts, counted down in the guest's sight.

use leptos::prelude::*;

/// `seconds` left when the page was made; the words around the clock come as `before` and, once
/// time is up, `over`. Without script the page states the clock time instead.
#[island]
pub fn Countdown(seconds: i64, fallback: String, before: String, over: String) -> impl IntoView {
    let (left, set_left) = signal(None::<i64>);
    Effect::new(move |_| {
        #[cfg(feature = "hydrate")]
        {
            let end = js_sys::Date::now()
                + f64::from(i32::try_from(seconds).unwrap_or(i32::MAX)) * 1000.0;
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
    let text = move || match left.get() {
        None => fallback.clone(),
        Some(0) => over.clone(),
        Some(rest) => format!("{before} {}:{:02}", rest / 60, rest % 60),
    };
    view! { <p class="countdown" role="timer">{text}</p> }
}

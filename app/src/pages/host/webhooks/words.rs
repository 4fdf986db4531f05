//! Webhooks in words.

use engine::Locale;
use engine::outside::Failure;
use engine::webhook::{Delivery, DeliveryState, Event, Webhook, WebhookState};

use crate::t::webhook as t;
use crate::ui::format;

/// An event where it is chosen.
pub fn choice(locale: Locale, event: Event) -> &'static str {
    match event {
        Event::DepartureChanged => t::e_departure(locale),
        other => self::event(locale, other),
    }
}

/// An event where it is listed.
pub fn event(locale: Locale, event: Event) -> &'static str {
    match event {
        Event::BookingConfirmed => t::e_confirmed(locale),
        Event::BookingChanged | Event::BookingUpdate => t::e_changed(locale),
        Event::BookingCancelled => t::e_cancelled(locale),
        Event::BookingCheckedIn => t::e_checked_in(locale),
        Event::DepartureChanged | Event::AvailabilityUpdate => t::e_departure_short(locale),
        Event::TourChanged | Event::ProductUpdate => t::e_tour(locale),
        Event::Test => t::e_test(locale),
    }
}

/// Tone and words of a webhook's state.
pub fn state(locale: Locale, webhook: &Webhook) -> (Option<&'static str>, &'static str) {
    match (webhook.state, webhook.failing_since) {
        (WebhookState::Active, None) => (Some("celadon"), t::active(locale)),
        (WebhookState::Active, Some(_)) => (Some("lacquer"), t::failing_now(locale)),
        (WebhookState::Paused, _) => (None, t::paused(locale)),
        (WebhookState::Failing, _) => (Some("lacquer"), t::failing(locale)),
    }
}

/// Tone and words of what became of a message.
pub fn outcome(locale: Locale, state: DeliveryState) -> (Option<&'static str>, &'static str) {
    match state {
        DeliveryState::Queued => (None, t::queued(locale)),
        DeliveryState::Delivered => (Some("celadon"), t::delivered(locale)),
        DeliveryState::Dead => (Some("lacquer"), t::dead(locale)),
        DeliveryState::Merged => (None, t::merged(locale)),
        DeliveryState::Dropped => (None, t::dropped(locale)),
    }
}

/// Why an address can't be one.
pub fn address(locale: Locale, why: Failure) -> &'static str {
    match why {
        Failure::NotHttps => t::why_not_https(locale),
        Failure::Private => t::why_private(locale),
        _ => t::why_no_address(locale),
    }
}

/// Why a message did not arrive.
fn failure(locale: Locale, why: Failure) -> &'static str {
    match why {
        Failure::Unreachable => t::why_unreachable(locale),
        Failure::Slow => t::why_slow(locale),
        Failure::Private | Failure::NotHttps | Failure::NoAddress => address(locale, why),
        _ => t::why_other(locale),
    }
}

/// "2 lần gửi · máy nhận trả lời mã 500 · thử lại lúc 09:10 ngày 1/12/2026".
pub fn progress(locale: Locale, line: &Delivery) -> String {
    let mut parts = Vec::new();
    if let Some(first) = line.first_date {
        let last = line.last_date.filter(|last| *last != first);
        let first = format::date_of_paper(locale, first);
        parts.push(match last {
            Some(last) => t::of_span(locale, first, format::date_of_paper(locale, last)),
            None => t::of_days(locale, first),
        });
    }
    parts.push(t::attempts(locale, i64::from(line.attempts)));
    if let Some(code) = line.status {
        parts.push(t::status(locale, code));
    }
    if let Some(why) = line.failure {
        parts.push(failure(locale, why).to_owned());
    }
    if line.state == DeliveryState::Queued {
        parts.push(t::next(locale, format::date_time(locale, line.due_at)));
    } else if let Some(at) = line.tried_at {
        parts.push(t::last(locale, format::date_time(locale, at)));
    }
    parts.join(" · ")
}

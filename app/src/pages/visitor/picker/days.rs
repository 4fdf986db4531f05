//! The departures of the days shown: each open one is a button that begins the booking.

use engine::catalogue::Sharing;
use engine::schedule::availability::FEW;
use engine::schedule::{RunState, Slot};
use leptos::prelude::*;

use super::Picker;
use crate::context::Visit;
use crate::t;
use crate::ui::{event, format};

impl Picker {
    pub(super) fn days(&self, visit: &Visit) -> AnyView {
        let locale = visit.locale;
        if self.slots.is_empty() {
            return view! { <p class="soft">{t::tour::none(locale)}</p> }.into_any();
        }
        self.slots
            .chunk_by(|a, b| a.local_date == b.local_date)
            .filter_map(|slots| Some((slots.first()?.local_date, slots)))
            .map(|(date, slots)| {
                let slots = slots
                    .iter()
                    .map(|slot| view! { <li>{self.slot(visit, slot)}</li> })
                    .collect_view();
                view! {
                    <div class="day-group">
                        <h4 class="day-head">
                            <time datetime=date.to_string()>
                                {format::relative_day(locale, date, self.today)}
                            </time>
                            " " <span class="lunar">{format::lunar(locale, date)}</span>
                        </h4>
                        <ul class="slot-list">{slots}</ul>
                    </div>
                }
            })
            .collect_view()
            .into_any()
    }

    fn slot(&self, visit: &Visit, slot: &Slot) -> AnyView {
        let locale = visit.locale;
        let time = format::time_range(locale, slot.starts_at, slot.ends_at);
        let day = format::day(locale, slot.local_date);
        let name = locale.writing().day_during(day, &time);
        let open = slot.is_open(self.now);
        let left = slot.left_for(self.sharing, self.now);
        if !open {
            return view! {
                <div class="slot" data-state="closed">
                    <span class="slot-time">{time}</span>
                    <span class="slot-left">{t::tour::closed(locale)}</span>
                </div>
            }
            .into_any();
        }
        if left < self.people {
            let why = if left == 0 {
                t::tour::full(locale).to_owned()
            } else {
                let why = t::tour::too_few(locale, i64::from(self.people));
                let left = format::sentence(&format::seats_left(locale, left));
                format::commas(locale, &[left, why])
            };
            let href = visit.link(&format!("/waitlist/{}", slot.id));
            let next_door = self.sisters.iter().find(|sister| sister.full() == slot.id);
            let target = self.target();
            let next_door = next_door.map(|sister| sister.view(visit, target));
            return view! {
                <div class="slot" data-state="full">
                    <span class="slot-time">{time}</span>
                    <span class="slot-left">
                        {why} " · "
                        <a
                            href=href
                            target=target
                            rel=target.map(|_| "noopener")
                            aria-label=t::tour::waitlist_label(locale, name)
                        >
                            {t::tour::waitlist(locale)}
                        </a>
                    </span>
                </div>
                {next_door}
            }
            .into_any();
        }
        let day = format::day(locale, slot.local_date);
        let words = match self.sharing {
            Sharing::Shared => format::seats_left(locale, left),
            Sharing::Private => t::catalogue::private_group(locale).to_owned(),
        };
        let missing = self.min_to_run - slot.taken - self.people;
        let note = (slot.run_state != RunState::Runs && missing > 0).then(
            || view! { <span class="slot-note">{t::tour::low(locale, i64::from(missing))}</span> },
        );
        let price = event::slot_price(locale, &self.option, self.tour.sale_of(slot, self.today))
            .map(|price| view! { <span class="slot-note">{price}</span> });
        let state = match () {
            () if note.is_some() => "low",
            () if left <= FEW && self.sharing == Sharing::Shared => "few",
            () => "open",
        };
        let book = visit.link(&format!("/book/{}", slot.id));
        let inside = view! {
            <span class="slot-time">
                <span class="visually-hidden">{t::tour::book_label(locale, day)} " "</span>
                {time}
                {price}
                {note}
            </span>
            <span class="slot-left">{words}</span>
        };
        if self.frame.is_some() {
            return self.way_out(locale, slot, state, &book, inside.into_any());
        }
        view! {
            <button class="slot" data-state=state type="submit" formaction=book>{inside}</button>
        }
        .into_any()
    }

    pub(super) fn pages(&self, visit: &Visit) -> AnyView {
        let locale = visit.locale;
        let earlier = self.after.filter(|_| self.calendar.is_none()).map(|_| {
            let href = self.link(visit, &self.option, &[]);
            view! { <a class="btn btn-small picker-more" href=href>{t::tour::earlier(locale)}</a> }
        });
        let later = self.later.map(|date| {
            let href = self.link(visit, &self.option, &[("after", date.to_string())]);
            view! { <a class="btn btn-small picker-more" href=href>{t::tour::later(locale)}</a> }
        });
        view! { {earlier} {later} }.into_any()
    }
}

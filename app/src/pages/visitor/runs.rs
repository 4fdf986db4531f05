//! The runs of a course on its page: when each is, how many places are left, and the way in.

use chrono::{DateTime, Utc};
use engine::SlotId;
use engine::catalogue::Tour;
use engine::course::{Session, runs_of_tour, sessions_of_slots};
use engine::schedule::Slot;
use engine::store::{Conn, StoreError};
use leptos::prelude::*;

use crate::context::Visit;
use crate::t;
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::sessions::sessions_folded;
use crate::ui::summary::run_dates;

/// Open runs with their sessions, soonest first.
pub struct Runs {
    runs: Vec<(Slot, Vec<Session>)>,
    /// `target` of the ways on: another window, out of a frame.
    target: Option<&'static str>,
}

impl Runs {
    /// None for a tour that is no course.
    pub async fn load(
        conn: &mut Conn,
        tour: &Tour,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, StoreError> {
        if tour.course.is_none() {
            return Ok(None);
        }
        let mut slots = runs_of_tour(conn, tour.id, now).await?;
        slots.retain(|slot| tour.option(slot.option_id).is_some_and(|option| option.active));
        let ids: Vec<SlotId> = slots.iter().map(|slot| slot.id).collect();
        let mut sessions = sessions_of_slots(conn, &ids).await?;
        let runs = slots.into_iter().map(|slot| {
            let of_run = sessions.remove(&slot.id).unwrap_or_default();
            (slot, of_run)
        });
        Ok(Some(Self { runs: runs.collect(), target: None }))
    }

    /// For a frame in somebody else's page.
    #[must_use]
    pub fn framed(mut self) -> Self {
        self.target = Some("_blank");
        self
    }

    pub fn available(&self, now: DateTime<Utc>) -> bool {
        self.runs.iter().any(|(slot, _)| slot.left(now) > 0)
    }

    pub fn view(self, visit: &Visit, tour: &Tour, now: DateTime<Utc>) -> impl IntoView + use<> {
        let locale = visit.locale;
        let applies = tour.by_application();
        let runs: Vec<_> = self
            .runs
            .iter()
            .map(|it| run(visit, tour, (&it.0, it.1.as_slice()), now, self.target))
            .collect();
        let target = self.target;
        let rel = target.map(|_| "noopener");
        let none =
            runs.is_empty().then(|| view! { <p class="soft">{t::course::no_runs(locale)}</p> });
        let apply = applies.then(|| {
            let href = visit.link(&format!("/tours/{}/enquiry", tour.slug));
            view! {
                <p>{t::course::apply_note(locale)}</p>
                <a class="btn btn-primary btn-large btn-wide" href=href target=target rel=rel>
                    {t::course::apply(locale)}
                </a>
            }
        });
        let large = (!applies).then(|| {
            let href = visit.link(&format!("/tours/{}/enquiry", tour.slug));
            view! {
                <p class="small">
                    {t::tour::large(locale, i64::from(tour.max_party))} " "
                    <a href=href target=target rel=rel>{t::tour::large_link(locale)}</a>
                </p>
            }
        });
        view! {
            <aside class="panel stack runs" id="book" aria-labelledby="runs-title">
                <h2 class="panel-title" id="runs-title">{t::course::runs(locale)}</h2>
                {none}
                <ul class="plain-list stack">{runs}</ul>
                {apply} {large}
            </aside>
        }
    }
}

fn run(
    visit: &Visit,
    tour: &Tour,
    (slot, sessions): (&Slot, &[Session]),
    now: DateTime<Utc>,
    target: Option<&'static str>,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let option = tour.option(slot.option_id);
    let title = option.map(|option| option.title.text(locale).to_owned()).unwrap_or_default();
    let prices: Vec<_> = option
        .into_iter()
        .flat_map(engine::catalogue::TourOption::open_units)
        .map(|unit| {
            let name = format::unit(locale, unit);
            view! { <div><dt>{name}</dt><dd>{unit.price.display(locale)}</dd></div> }
        })
        .collect();
    let left = slot.left(now);
    let state = match left {
        0 => "full",
        1..=3 => "few",
        _ => "open",
    };
    let guide = (!slot.guide.is_empty()).then(|| {
        view! { <li>{icon("user")}{t::course::taught_by(locale, &slot.guide)}</li> }
    });
    let action = if tour.by_application() {
        None
    } else if left > 0 {
        let href = visit.link(&format!("/book/{}", slot.id));
        Some((href, "btn btn-primary btn-wide", t::course::enrol(locale)))
    } else {
        let href = visit.link(&format!("/waitlist/{}", slot.id));
        Some((href, "btn btn-wide", t::book::wait_in_line(locale)))
    };
    let rel = target.map(|_| "noopener");
    let action = action.map(|(href, class, words)| {
        view! { <a class=class href=href target=target rel=rel>{words}</a> }
    });
    let closes = t::course::enrol_until(locale, crate::ui::summary::moment(locale, slot.closes_at));
    view! {
        <li class="run" data-state=state>
            <h3 class="run-title">{run_dates(locale, slot)}</h3>
            <ul class="facts">
                <li>{icon("clock")}{title}</li>
                {guide}
            </ul>
            <p class="run-left">{format::sentence(&format::seats_left(locale, left))}</p>
            {sessions_folded(locale, sessions)}
            <dl class="pairs run-prices">{prices}</dl>
            {action}
            <p class="price-note">{closes}</p>
        </li>
    }
}

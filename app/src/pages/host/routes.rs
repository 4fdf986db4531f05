//! Addresses of the workshop's calendar and of the day at its door.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::resources::{self, needs};
use super::schedule::{self, closure, rule};
use super::{
    add_slot, bad_day, booking, calendars, coop, day, embed, enquiries, enquiry, events, feed,
    guides, month, more, offline, pass, passes, people, photos, resellers, reviews, scan, settings,
    sheet, slot, tours, views, webhooks, week,
};
use crate::context::App;

/// Runs of courses: planning, attendance, certificates.
pub fn courses() -> Router<App> {
    use super::courses::{attendance, list, paper, plan, run};
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    Router::new()
        .route(&of("/courses"), get(list::page))
        .route(&of("/courses/new"), get(plan::page).post(plan::save))
        .route(&of("/courses/{run}"), get(run::page).post(run::act))
        .route(&of("/courses/{run}/attendance"), get(attendance::page).post(attendance::save))
        .route(&of("/courses/{run}/list"), get(paper::list))
        .route(&of("/courses/{run}/certificates"), get(paper::certificates))
}

pub fn calendar() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    Router::new()
        .route(&of(""), get(day::page))
        .route(&of("/week"), get(week::page))
        .route(&of("/month"), get(month::page))
        .route(&of("/sheet"), get(sheet::of_day))
        .route(&of("/close-day"), post(day::close))
        .route(&of("/scan"), get(scan::page).post(scan::check_in))
        .route(&of("/slots/new"), get(add_slot::page).post(add_slot::add))
        .route(&of("/slots/{slot}"), get(slot::page).post(slot::act))
        .route(&of("/slots/{slot}/sheet"), get(sheet::of_slot))
        .route(&of("/bookings/{code}"), get(booking::page).post(booking::act))
        .route(&of("/bookings/{code}/pass"), get(pass::page).post(pass::act))
        .route(&of("/bad-day"), get(bad_day::page).post(bad_day::act))
        .route(&of("/bad-day/{id}"), get(bad_day::one::page).post(bad_day::one::act))
        .route(&of("/enquiries"), get(enquiries::page))
        .route(&of("/enquiries/{id}"), get(enquiry::page).post(enquiry::act))
        .route(&of("/schedule"), get(schedule::page))
        .route(&of("/schedule/rule"), get(rule::page).post(rule::save))
        .route(&of("/schedule/closure"), get(closure::page).post(closure::save))
        .route(&of("/resources"), get(resources::page))
        .route(&of("/resources/new"), get(resources::edit::new).post(resources::edit::create))
        .route(&of("/resources/{id}"), get(resources::edit::page).post(resources::edit::save))
        .route(&of("/resources/{id}/take"), get(resources::take::page).post(resources::take::save))
        .route(&of("/resources/uses/{id}"), post(resources::release))
        .route(&of("/events"), get(events::page).post(events::act))
        .route(&of("/events/new"), get(events::new).post(events::create))
        .route(&of("/events/{event}"), get(events::edit).post(events::change))
        .route(&of("/guides"), get(guides::page))
        .route(&of("/guides/new"), get(guides::edit::new).post(guides::edit::create))
        .route(&of("/guides/{guide}"), get(guides::person::page).post(guides::person::act))
        .route(&of("/resellers"), get(resellers::page))
        .route(&of("/resellers/new"), get(resellers::new).post(resellers::create))
        .route(
            &of("/resellers/{contract}"),
            get(resellers::contract::page).post(resellers::act::act),
        )
        .route(&of("/resellers/{contract}/statement"), get(resellers::sold::page))
        .route(&of("/resellers/{contract}/statement.csv"), get(resellers::sold::spreadsheet))
        .route(&of("/passes"), get(passes::page).post(passes::act))
        .route(&of("/passes/new"), get(passes::edit::new).post(passes::edit::create))
        .route(&of("/passes/{pass}"), get(passes::edit::page).post(passes::edit::change))
        .route(&of("/reviews"), get(reviews::page).post(reviews::act))
        .route(&of("/views"), get(views::page))
        .route(&of("/people"), get(people::page).post(people::act))
        .route(&of("/figures"), get(super::figures::page).post(super::figures::save))
        .route(&of("/green"), get(super::green::page))
        .route(&of("/green/{measure}"), get(super::green::one::page).post(super::green::one::act))
        .route(&of("/trade"), get(super::trade::page).post(super::trade::act))
        .route(&of("/feed"), get(feed::page).post(feed::renew))
        .route(&of("/embed"), get(embed::page))
        .route(&of("/calendars"), get(calendars::page).post(calendars::act))
        .route(&of("/calendars/{resource}"), get(calendars::of).post(calendars::act_of))
        .route(&of("/webhooks"), get(webhooks::page).post(webhooks::add))
        .route(&of("/webhooks/{webhook}"), get(webhooks::one::page).post(webhooks::one::act))
        .route("/{locale}/webhooks", get(webhooks::docs::page))
        .route("/sw.js", get(offline::service_worker))
}

/// Where products come from.
pub fn lots() -> Router<App> {
    use super::lots::{add, labels, new, one, page};
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    let uploads = Router::new()
        .route(&of("/lots/{lot}/add"), post(add::add))
        .layer(DefaultBodyLimit::max(add::MAX_UPLOAD));
    Router::new()
        .route(&of("/lots"), get(page))
        .route(&of("/lots/new"), get(new::page).post(new::open))
        .route(&of("/lots/{lot}"), get(one::page).post(one::act))
        .route(&of("/lots/{lot}/labels"), get(labels::page))
        .merge(uploads)
}

/// The co-op a workshop works in.
pub fn coops() -> Router<App> {
    use coop::{circle, edit, invite, overflow, part};
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    Router::new()
        .route(&of("/coop"), get(coop::page).post(coop::act))
        .route(&of("/coop/new"), get(edit::new).post(edit::begin))
        .route(&of("/coop/edit"), get(edit::page).post(edit::save))
        .route(&of("/coop/invite"), get(invite::page).post(invite::send))
        .route(&of("/coop/circle"), get(circle::page))
        .route(&of("/coop/overflow"), get(overflow::page).post(overflow::save))
        .route(&of("/coop/leave"), get(part::leave_page).post(part::leave_now))
        .route(&of("/coop/members/{member}"), get(part::remove_page).post(part::remove_now))
}

/// Chapters of the workshop, of its artisans and of the village; the artisans themselves.
pub fn stories() -> Router<App> {
    use super::artisans::{self, edit, portrait};
    use super::story::{self, editor, pictures};
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    let uploads = Router::new()
        .route(&of("/story/{chapter}/pictures"), get(pictures::page).post(pictures::add))
        .route(&of("/village-story/{chapter}/pictures"), get(pictures::page).post(pictures::add))
        .route(
            &of("/artisans/{artisan}/story/{chapter}/pictures"),
            get(pictures::page).post(pictures::add),
        )
        .route(&of("/artisans/{artisan}/portrait"), post(portrait::add))
        .layer(DefaultBodyLimit::max(photos::MAX_UPLOAD));
    Router::new()
        .route(&of("/story"), get(story::page).post(story::act))
        .route(&of("/story/new"), get(editor::new).post(editor::create))
        .route(&of("/story/{chapter}"), get(editor::page).post(editor::change))
        .route(&of("/story/{chapter}/pictures/{picture}"), post(pictures::change))
        .route(&of("/village-story"), get(story::page).post(story::act))
        .route(&of("/village-story/new"), get(editor::new).post(editor::create))
        .route(&of("/village-story/{chapter}"), get(editor::page).post(editor::change))
        .route(&of("/village-story/{chapter}/pictures/{picture}"), post(pictures::change))
        .route(&of("/artisans"), get(artisans::page).post(artisans::act))
        .route(&of("/artisans/new"), get(edit::new).post(edit::create))
        .route(&of("/artisans/{artisan}"), get(edit::page).post(edit::save))
        .route(&of("/artisans/{artisan}/portrait/change"), post(portrait::change))
        .route(&of("/artisans/{artisan}/story"), get(story::page).post(story::act))
        .route(&of("/artisans/{artisan}/story/new"), get(editor::new).post(editor::create))
        .route(&of("/artisans/{artisan}/story/{chapter}"), get(editor::page).post(editor::change))
        .route(
            &of("/artisans/{artisan}/story/{chapter}/pictures/{picture}"),
            post(pictures::change),
        )
        .merge(uploads)
}

/// Tours, prices, photographs and the workshop's data.
pub fn editors() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    let uploads = Router::new()
        .route(&of("/photos"), get(photos::of_workshop).post(photos::add_to_workshop))
        .route(&of("/tours/{tour}/photos"), get(photos::of_tour).post(photos::add_to_tour))
        .layer(DefaultBodyLimit::max(photos::MAX_UPLOAD));
    Router::new()
        .route(&of("/tours"), get(tours::page).post(tours::act))
        .route(&of("/tours/new"), get(tours::intro::new).post(tours::intro::create))
        .route(&of("/tours/{tour}"), get(tours::intro::page).post(tours::intro::save))
        .route(&of("/tours/{tour}/prices"), get(tours::prices::page).post(tours::prices::save))
        .route(&of("/tours/{tour}/rules"), get(tours::rules::page).post(tours::rules::save))
        .route(&of("/tours/{tour}/extras"), get(tours::extras::page).post(tours::extras::save))
        .route(&of("/tours/{tour}/terms"), get(tours::terms::page).post(tours::terms::save))
        .route(&of("/tours/{tour}/course"), get(tours::course::page).post(tours::course::save))
        .route(&of("/tours/{tour}/needs"), get(needs::page).post(needs::save))
        .route(&of("/photos/{photo}"), post(photos::change))
        .route(&of("/settings"), get(settings::page).post(settings::save))
        .route(&of("/more"), get(more::page))
        .merge(uploads)
}

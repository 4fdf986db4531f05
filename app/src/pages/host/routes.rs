//! Addresses of the workshop's calendar and of the day at its door.

use axum::Router;
use axum::routing::{get, post};

use super::{add_slot, booking, day, enquiries, enquiry, month, offline, scan, sheet, slot, week};
use crate::context::App;

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
        .route(&of("/enquiries"), get(enquiries::page))
        .route(&of("/enquiries/{id}"), get(enquiry::page).post(enquiry::act))
        .route("/sw.js", get(offline::service_worker))
}

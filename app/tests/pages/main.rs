//! The pages as people use them, without a browser: one program, so that the site is linked once.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod bad_day;
mod calendars;
mod coop;
mod course;
mod embed;
mod enquiry;
mod events;
mod funnel;
mod gift_cards;
mod guides;
mod host_edit;
mod host_money;
mod host_pages;
mod host_resources;
mod host_tours;
mod overflow;
mod passes;
mod payment;
mod resellers;
mod routes;
mod site;
mod stories;
mod visitor_pages;
mod webhooks;

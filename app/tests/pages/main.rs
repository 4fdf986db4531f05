//! The pages as people use them, without a browser: one program, so that the site is linked once.

#![expect(clippy::unwrap_used, reason = "a test may")]

mod bad_day;
mod calendars;
mod commissions;
mod coop;
mod course;
mod credentials;
mod embed;
mod enquiry;
mod events;
mod funnel;
mod gift_cards;
mod green;
mod guides;
mod host_edit;
mod host_money;
mod host_pages;
mod host_resources;
mod host_tours;
mod languages;
mod overflow;
mod partners;
mod passes;
mod payment;
mod pieces;
mod provenance;
mod report;
mod resellers;
mod reviews;
mod routes;
mod shop;
mod site;
mod stories;
mod visitor_pages;
mod webhooks;

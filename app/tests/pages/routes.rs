//! Who may go where: every route of the router, tried by everybody.
//!
//! The table below names each route and whom it is for. The router's source is read for its
//! routes, so that a route without a line in the table fails the test.

#![expect(clippy::panic, reason = "a test may")]

use std::collections::BTreeSet;
use std::path::Path;

use crate::site::{OTHER, SHOP, Site};
use axum::http::{Method, StatusCode};
use engine::accounts::Role;

/// Whom a route is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    /// Everybody alike: a secret of the address decides, or nothing does.
    Anyone,
    SignedIn,
    /// The workshop's people and admins.
    Team,
    /// The workshop's owners and admins.
    Owners,
    Admins,
    /// The administration of the workshop's village, and admins.
    Village,
    /// The people of a travel company, of whom nobody here is one.
    Company,
}

use For::{Admins, Anyone, Company, Owners, SignedIn, Team, Village};

/// A form with a file, and nothing in it.
const UPLOAD: &str = "--x--\r\n";

/// Method, route, whom it is for, and the form that is sent.
#[rustfmt::skip]
const ROUTES: &[(&str, &str, For, &str)] = &[
    ("GET", "/", Anyone, ""),
    ("GET", "/robots.txt", Anyone, ""),
    ("GET", "/sitemap.xml", Anyone, ""),
    ("GET", "/{locale}", Anyone, ""),
    ("GET", "/{locale}/villages", Anyone, ""),
    ("GET", "/{locale}/villages/{slug}", Anyone, ""),
    ("GET", "/{locale}/workshops/{slug}", Anyone, ""),
    ("GET", "/{locale}/villages/{slug}/artisans", Anyone, ""),
    ("GET", "/{locale}/artisans/{slug}", Anyone, ""),
    ("GET", "/story-photos/{id}/{width}", Anyone, ""),
    ("GET", "/{locale}/coops/{slug}", Anyone, ""),
    ("GET", "/{locale}/workshops/{slug}/gift", Anyone, ""),
    ("POST", "/{locale}/workshops/{slug}/gift", Anyone, ""),
    ("GET", "/{locale}/gift", Anyone, ""),
    ("POST", "/{locale}/gift", Anyone, ""),
    ("GET", "/{locale}/gift/{id}/{secret}", Anyone, ""),
    ("GET", "/{locale}/gift/{id}/{secret}/pay", Anyone, ""),
    ("GET", "/{locale}/gift/{id}/{secret}/pay/state", Anyone, ""),
    ("GET", "/{locale}/pieces/{secret}", Anyone, ""),
    ("POST", "/{locale}/pieces/{secret}", Anyone, ""),
    ("GET", "/{locale}/pieces/{secret}/pay", Anyone, ""),
    ("GET", "/{locale}/pieces/{secret}/pay/state", Anyone, ""),
    ("GET", "/piece-photos/{id}/{width}", Anyone, ""),
    ("GET", "/{locale}/partner/{id}/{secret}", Anyone, ""),
    ("POST", "/{locale}/partner/{id}/{secret}", Anyone, ""),
    ("GET", "/{locale}/designs", Anyone, ""),
    ("GET", "/design-pictures/{id}/{width}", Anyone, ""),
    ("GET", "/{locale}/placements", Anyone, ""),
    ("GET", "/{locale}/placements/{placement}", Anyone, ""),
    ("POST", "/{locale}/placements/{placement}", Anyone, ""),
    ("GET", "/{locale}/studies", Anyone, ""),
    ("GET", "/{locale}/workshops/{slug}/study", Anyone, ""),
    ("POST", "/{locale}/workshops/{slug}/study", Anyone, ""),
    ("GET", "/{locale}/application/{id}/{secret}", Anyone, ""),
    ("POST", "/{locale}/application/{id}/{secret}", Anyone, ""),
    ("GET", "/{locale}/workshops/{slug}/commission", Anyone, ""),
    ("POST", "/{locale}/workshops/{slug}/commission", Anyone, UPLOAD),
    ("GET", "/{locale}/commission/{id}/{secret}", Anyone, ""),
    ("POST", "/{locale}/commission/{id}/{secret}", Anyone, UPLOAD),
    ("GET", "/{locale}/commission/{id}/{secret}/pay", Anyone, ""),
    ("GET", "/{locale}/commission/{id}/{secret}/pay/state", Anyone, ""),
    ("GET", "/commission-photos/{id}/{width}", Anyone, ""),
    ("GET", "/{locale}/shop", Anyone, ""),
    ("GET", "/{locale}/shop/{slug}", Anyone, ""),
    ("GET", "/{locale}/workshops/{slug}/shop", Anyone, ""),
    ("GET", "/{locale}/villages/{slug}/shop", Anyone, ""),
    ("GET", "/{locale}/coops/{slug}/shop", Anyone, ""),
    ("GET", "/shop-photos/{id}/{width}", Anyone, ""),
    ("GET", "/{locale}/basket", Anyone, ""),
    ("POST", "/{locale}/basket", Anyone, ""),
    ("GET", "/{locale}/basket/{seller}", Anyone, ""),
    ("POST", "/{locale}/basket/{seller}", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/shop", Anyone, ""),
    ("GET", "/{locale}/order/{id}/{secret}", Anyone, ""),
    ("POST", "/{locale}/order/{id}/{secret}", Anyone, ""),
    ("POST", "/{locale}/order/{id}/{secret}/gift-card", Anyone, ""),
    ("GET", "/{locale}/order/{id}/{secret}/pay", Anyone, ""),
    ("GET", "/{locale}/order/{id}/{secret}/pay/state", Anyone, ""),
    ("GET", "/{locale}/events", Anyone, ""),
    ("GET", "/{locale}/events/{slug}", Anyone, ""),
    ("GET", "/{locale}/tours", Anyone, ""),
    ("GET", "/{locale}/tours/{slug}", Anyone, ""),
    ("GET", "/{locale}/tours/{slug}/reviews", Anyone, ""),
    ("GET", "/{locale}/workshops/{slug}/reviews", Anyone, ""),
    ("GET", "/{locale}/reviews", Anyone, ""),
    ("GET", "/embed.js", Anyone, ""),
    ("GET", "/embed/look.css", Anyone, ""),
    ("GET", "/{locale}/embed/tours/{slug}", Anyone, ""),
    ("GET", "/{locale}/embed/workshops/{slug}", Anyone, ""),
    ("GET", "/{locale}/embed/coops/{slug}", Anyone, ""),
    ("GET", "/{locale}/embed/villages/{slug}", Anyone, ""),
    ("GET", "/{locale}/certificates", Anyone, ""),
    ("GET", "/{locale}/certificates/{code}", Anyone, ""),
    ("GET", "/{locale}/certificates/{code}/print", Anyone, ""),
    ("GET", "/p/{file}", Anyone, ""),
    ("GET", "/{locale}/p/{code}", Anyone, ""),
    ("GET", "/{locale}/verify", Anyone, ""),
    ("POST", "/{locale}/verify", Anyone, UPLOAD),
    ("GET", "/.well-known/langnghe-provenance.json", Anyone, ""),
    ("GET", "/provenance/checkpoints/{file}", Anyone, ""),
    ("GET", "/provenance/photos/{hash}", Anyone, ""),
    ("GET", "/{locale}/about", Anyone, ""),
    ("GET", "/{locale}/terms", Anyone, ""),
    ("GET", "/{locale}/privacy", Anyone, ""),
    ("GET", "/{locale}/my-data", Anyone, ""),
    ("POST", "/{locale}/my-data", Anyone, ""),
    ("GET", "/{locale}/my-data/{token}", Anyone, ""),
    ("POST", "/{locale}/my-data/{token}", Anyone, ""),
    ("GET", "/{locale}/my-data/{token}/export.json", Anyone, ""),
    ("GET", "/{locale}/octo", Anyone, ""),
    ("GET", "/{locale}/webhooks", Anyone, ""),
    ("GET", "/{locale}/passes", Anyone, ""),
    ("GET", "/{locale}/passes/{slug}", Anyone, ""),
    ("GET", "/{locale}/passes/{slug}/book", Anyone, ""),
    ("POST", "/{locale}/passes/{slug}/book", Anyone, ""),
    ("GET", "/{locale}/pass/{code}/{secret}", Anyone, ""),
    ("GET", "/{locale}/pass/{code}/{secret}/pass.ics", Anyone, ""),
    ("GET", "/{locale}/pass/{code}/{secret}/party", Anyone, ""),
    ("POST", "/{locale}/pass/{code}/{secret}/party", Anyone, ""),
    ("GET", "/{locale}/pass/{code}/{secret}/move", Anyone, ""),
    ("POST", "/{locale}/pass/{code}/{secret}/move", Anyone, ""),
    ("GET", "/{locale}/pass/{code}/{secret}/cancel", Anyone, ""),
    ("POST", "/{locale}/pass/{code}/{secret}/cancel", Anyone, ""),
    ("GET", "/mailbox", Anyone, ""),
    ("GET", "/mailbox/{id}", Anyone, ""),
    ("GET", "/mailbox/{id}/html", Anyone, ""),
    ("GET", "/mailbox/{id}/eml", Anyone, ""),
    ("GET", "/mailbox/{id}/{at}", Anyone, ""),
    ("GET", "/{locale}/book/{slot}", Anyone, ""),
    ("POST", "/{locale}/book/{slot}", Anyone, ""),
    ("GET", "/{locale}/booking/{code}", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/details", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/details", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/review", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/review", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/hold", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/rating", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/rating", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/party", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/party", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/move", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/move", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/cancel", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/cancel", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/extras", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/extras", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/code", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/voucher", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/invite.ics", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/guests", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/guests", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/choose", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/choose", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/pay", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/pay/state", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/gift-card", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/gift-card", Anyone, ""),
    ("GET", "/{locale}/booking/{code}/{secret}/money", Anyone, ""),
    ("POST", "/{locale}/booking/{code}/{secret}/money", Anyone, ""),
    ("GET", "/{locale}/passed/{id}/{secret}", Anyone, ""),
    ("POST", "/{locale}/passed/{id}/{secret}", Anyone, ""),
    ("GET", "/{locale}/companions/{code}/{token}", Anyone, ""),
    ("POST", "/{locale}/companions/{code}/{token}", Anyone, ""),
    ("GET", "/{locale}/find", Anyone, ""),
    ("POST", "/{locale}/find", Anyone, ""),
    ("GET", "/{locale}/waitlist/{slot}", Anyone, ""),
    ("POST", "/{locale}/waitlist/{slot}", Anyone, ""),
    ("GET", "/{locale}/waitlist/entry/{id}/{secret}", Anyone, ""),
    ("POST", "/{locale}/waitlist/entry/{id}/{secret}", Anyone, ""),
    ("GET", "/{locale}/tours/{slug}/enquiry", Anyone, ""),
    ("POST", "/{locale}/tours/{slug}/enquiry", Anyone, ""),
    ("GET", "/{locale}/enquiry/{id}/{secret}", Anyone, ""),
    ("POST", "/{locale}/enquiry/{id}/{secret}", Anyone, ""),
    ("GET", "/{locale}/sign-in", Anyone, ""),
    ("POST", "/{locale}/sign-in", Anyone, ""),
    ("POST", "/{locale}/sign-in/link", Anyone, ""),
    ("GET", "/{locale}/sign-in/{token}", Anyone, ""),
    ("POST", "/{locale}/sign-in/{token}", Anyone, ""),
    ("GET", "/cal/{file}", Anyone, ""),
    ("GET", "/cal/guide/{file}", Anyone, ""),
    ("GET", "/cal/resource/{file}", Anyone, ""),
    ("GET", "/cal/coop/{file}", Anyone, ""),
    ("GET", "/guide/{token}", Anyone, ""),
    ("GET", "/{locale}/guide/{token}", Anyone, ""),
    ("POST", "/{locale}/guide/{token}", Anyone, ""),
    ("GET", "/{locale}/guide/{token}/calendars", Anyone, ""),
    ("POST", "/{locale}/guide/{token}/calendars", Anyone, ""),
    ("GET", "/photos/{id}/{width}", Anyone, ""),
    ("GET", "/sw.js", Anyone, ""),
    ("GET", "/{locale}/account", SignedIn, ""),
    ("POST", "/{locale}/account", SignedIn, "name="),
    ("POST", "/{locale}/account/password", SignedIn, "new=short"),
    ("POST", "/{locale}/account/session", SignedIn, "session=none"),
    ("GET", "/{locale}/host", SignedIn, ""),
    ("GET", "/{locale}/host/{workshop}", Team, ""),
    ("GET", "/{locale}/host/{workshop}/week", Team, ""),
    ("GET", "/{locale}/host/{workshop}/month", Team, ""),
    ("GET", "/{locale}/host/{workshop}/sheet", Team, ""),
    ("POST", "/{locale}/host/{workshop}/close-day", Team, "date=2020-01-01"),
    ("GET", "/{locale}/host/{workshop}/scan", Team, ""),
    ("POST", "/{locale}/host/{workshop}/scan", Team, "code=nothing"),
    ("GET", "/{locale}/host/{workshop}/slots/new", Team, ""),
    ("POST", "/{locale}/host/{workshop}/slots/new", Team, ""),
    ("GET", "/{locale}/host/{workshop}/slots/{slot}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/slots/{slot}", Team, "act=resize&capacity=none"),
    ("GET", "/{locale}/host/{workshop}/slots/{slot}/sheet", Team, ""),
    ("GET", "/{locale}/host/{workshop}/bookings/{code}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/bookings/{code}", Team, "act=note&note="),
    ("GET", "/{locale}/host/{workshop}/bookings/{code}/pieces", Team, ""),
    ("POST", "/{locale}/host/{workshop}/bookings/{code}/pieces", Team, UPLOAD),
    ("GET", "/{locale}/host/{workshop}/bookings/{code}/pieces/labels", Team, ""),
    ("GET", "/{locale}/host/{workshop}/pieces", Team, ""),
    ("POST", "/{locale}/host/{workshop}/pieces", Team, "act=next"),
    ("GET", "/{locale}/host/{workshop}/pieces/{piece}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/pieces/{piece}", Team, "--x\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\nnote\r\n--x--\r\n"),
    ("GET", "/{locale}/host/{workshop}/pieces/settings", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/pieces/settings", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/firings", Team, ""),
    ("POST", "/{locale}/host/{workshop}/firings", Team, ""),
    ("GET", "/{locale}/host/{workshop}/firings/{firing}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/firings/{firing}", Team, "--x\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\nadd\r\n--x--\r\n"),
    ("GET", "/{locale}/host/{workshop}/parcels", Team, ""),
    ("GET", "/{locale}/host/{workshop}/parcels/{parcel}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/parcels/{parcel}", Team, "act=post"),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}/making", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}/making", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/shop/{product}/photos", Owners, UPLOAD),
    ("GET", "/{locale}/host/{workshop}/shop", Team, ""),
    ("POST", "/{locale}/host/{workshop}/shop", Team, "act=stock"),
    ("GET", "/{locale}/host/{workshop}/shop/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/shop/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/shop/shelf", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/shop/shelf", Owners, "percent=much"),
    ("GET", "/{locale}/host/{workshop}/shop/{product}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/shop/{product}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/orders", Team, ""),
    ("GET", "/{locale}/host/{workshop}/orders/packing", Team, ""),
    ("GET", "/{locale}/host/{workshop}/orders/{order}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/orders/{order}", Team, "act=hand_over"),
    ("GET", "/{locale}/host/{workshop}/orders/{order}/slip", Team, ""),
    ("GET", "/{locale}/host/{workshop}/bad-day", Team, ""),
    ("POST", "/{locale}/host/{workshop}/bad-day", Team, ""),
    ("GET", "/{locale}/host/{workshop}/bad-day/{id}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/bad-day/{id}", Team, "act=call_off"),
    ("GET", "/{locale}/host/{workshop}/bookings/{code}/pass", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/bookings/{code}/pass", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/enquiries", Team, ""),
    ("GET", "/{locale}/host/{workshop}/enquiries/{id}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/enquiries/{id}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/commissions", Team, ""),
    ("GET", "/{locale}/host/{workshop}/commissions/{commission}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/commissions/{commission}", Team, "--x\r\nContent-Disposition: form-data; name=\"act\"\r\n\r\nmessage\r\n--x--\r\n"),
    ("GET", "/{locale}/host/{workshop}/commissions/terms", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/commissions/terms", Owners, "deposit=none"),
    ("GET", "/{locale}/host/{workshop}/coop/commissions", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/courses", Team, ""),
    ("GET", "/{locale}/host/{workshop}/courses/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/courses/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/courses/{run}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/courses/{run}", Team, "act=nothing"),
    ("GET", "/{locale}/host/{workshop}/courses/{run}/attendance", Team, ""),
    ("POST", "/{locale}/host/{workshop}/courses/{run}/attendance", Team, ""),
    ("GET", "/{locale}/host/{workshop}/courses/{run}/list", Team, ""),
    ("GET", "/{locale}/host/{workshop}/courses/{run}/certificates", Team, ""),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}/course", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}/course", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/lots", Team, ""),
    ("GET", "/{locale}/host/{workshop}/lots/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/lots/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/lots/{lot}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/lots/{lot}", Team, "act=nothing"),
    ("POST", "/{locale}/host/{workshop}/lots/{lot}/add", Team, UPLOAD),
    ("GET", "/{locale}/host/{workshop}/lots/{lot}/labels", Team, ""),
    ("GET", "/{locale}/host/{workshop}/tours", Team, ""),
    ("POST", "/{locale}/host/{workshop}/tours", Owners, "act=up&tour=nan-gom-ban-xoay"),
    ("GET", "/{locale}/host/{workshop}/tours/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}/prices", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}/prices", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}/rules", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}/rules", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}/extras", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}/extras", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}/terms", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}/terms", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}/photos", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}/photos", Owners, UPLOAD),
    ("GET", "/{locale}/host/{workshop}/photos", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/photos", Owners, UPLOAD),
    ("POST", "/{locale}/host/{workshop}/photos/{photo}", Owners, "do=first"),
    ("GET", "/{locale}/host/{workshop}/settings", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/settings", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/feed", Team, ""),
    ("POST", "/{locale}/host/{workshop}/feed", Owners, "of=feed"),
    ("GET", "/{locale}/host/{workshop}/embed", Team, ""),
    ("GET", "/{locale}/host/{workshop}/calendars", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/calendars", Owners, "act=add"),
    ("GET", "/{locale}/host/{workshop}/calendars/{resource}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/calendars/{resource}", Owners, "act=add"),
    ("GET", "/{locale}/host/{workshop}/webhooks", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/webhooks", Owners, "url=none"),
    ("GET", "/{locale}/host/{workshop}/webhooks/{webhook}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/webhooks/{webhook}", Owners, "act=edit&url=none"),
    ("GET", "/{locale}/host/{workshop}/resources", Team, ""),
    ("GET", "/{locale}/host/{workshop}/resources/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/resources/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/resources/{id}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/resources/{id}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/resources/{id}/take", Team, ""),
    ("POST", "/{locale}/host/{workshop}/resources/{id}/take", Team, "for=own"),
    ("POST", "/{locale}/host/{workshop}/resources/uses/{id}", Team, ""),
    ("GET", "/{locale}/host/{workshop}/tours/{tour}/needs", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/tours/{tour}/needs", Owners, "do=add-0"),
    ("GET", "/{locale}/host/{workshop}/more", Team, ""),
    ("GET", "/{locale}/host/{workshop}/schedule", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/schedule/rule", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/schedule/rule", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/schedule/closure", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/schedule/closure", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/events", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/events", Owners, "act=out&event={event}"),
    ("GET", "/{locale}/host/{workshop}/events/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/events/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/events/{event}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/events/{event}", Owners, "act=publish"),
    ("GET", "/{locale}/host/{workshop}/passes", Team, ""),
    ("POST", "/{locale}/host/{workshop}/passes", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/passes/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/passes/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/passes/{pass}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/passes/{pass}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/guides", Team, ""),
    ("GET", "/{locale}/host/{workshop}/guides/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/guides/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/guides/{guide}", Team, ""),
    ("POST", "/{locale}/host/{workshop}/guides/{guide}", Team, "act=day_off"),
    ("GET", "/{locale}/host/{workshop}/reviews", Team, ""),
    ("POST", "/{locale}/host/{workshop}/reviews", Team, "act=seen"),
    ("GET", "/{locale}/host/{workshop}/views", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/figures", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/figures", Owners, "year=2025"),
    ("GET", "/{locale}/host/{workshop}/green", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/green/{measure}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/green/{measure}", Owners, "act=enter"),
    ("GET", "/{locale}/host/{workshop}/trade", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/trade", Owners, "act=outcome&event={trade}"),
    ("GET", "/{locale}/host/{workshop}/partners", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/partners/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/partners/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/partners/{partner}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/partners/{partner}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/designs", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/designs/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/designs/new", Owners, UPLOAD),
    ("GET", "/{locale}/host/{workshop}/designs/{design}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/designs/{design}", Owners, UPLOAD),
    ("POST", "/{locale}/host/{workshop}/designs/{design}/use", Owners, "act=nothing"),
    ("GET", "/{locale}/host/{workshop}/placements", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/placements/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/placements/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/placements/{placement}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/placements/{placement}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/applications/{application}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/applications/{application}", Owners, "act=nothing"),
    ("GET", "/{locale}/host/{workshop}/applications/{application}/paper", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/studies", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/studies", Owners, "welcome=on"),
    ("GET", "/{locale}/host/{workshop}/people", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/people", Owners, "act=invite"),
    ("GET", "/{locale}/host/{workshop}/coop", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/coop", Owners, "act=role&role=manager&member={member}"),
    ("GET", "/{locale}/host/{workshop}/coop/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/coop/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/coop/edit", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/coop/edit", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/coop/invite", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/coop/invite", Owners, "workshop=nha-gom-cam-van"),
    ("GET", "/{locale}/host/{workshop}/coop/circle", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/coop/overflow", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/coop/overflow", Owners, "ordering=list"),
    ("GET", "/{locale}/host/{workshop}/coop/leave", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/coop/leave", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/coop/members/{member}", Owners, ""),
    // The last manager stays, so this changes nothing.
    ("POST", "/{locale}/host/{workshop}/coop/members/{member}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/statement", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/statement.csv", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/rules", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/rules/{tour}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/rules/{tour}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/fund", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/fund/rule", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/fund/rule", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/adjust", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/adjust", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/pay", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/pay", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/codes", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/codes", Owners, "act=save"),
    ("GET", "/{locale}/host/{workshop}/money/gift-cards", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/gift-cards/give", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/gift-cards/give", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/gift-cards/terms", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/gift-cards/terms", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/gift-cards/{card}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/gift-cards/{card}", Owners, "act=block"),
    ("GET", "/{locale}/host/{workshop}/money/accounts", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/accounts", Owners, "act=add"),
    ("GET", "/{locale}/host/{workshop}/money/transfers", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/transfers", Owners, "act=ignore&transfer=01890000-0000-7000-8000-000000000000&note="),
    ("POST", "/{locale}/host/{workshop}/money/transfers/import", Owners, UPLOAD),
    ("GET", "/{locale}/host/{workshop}/money/refunds", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/refunds", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/refunds.csv", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/invoices.csv", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/bookings/{code}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/bookings/{code}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/money/entries/{entry}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/money/entries/{entry}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/credentials", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/credentials/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/credentials/new", Owners, UPLOAD),
    ("GET", "/{locale}/host/{workshop}/credentials/{credential}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/credentials/{credential}", Owners, "act=give_up&reason="),
    ("GET", "/{locale}/host/{workshop}/credentials/{credential}/edit", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/credentials/{credential}/edit", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/credentials/{credential}/papers", Owners, UPLOAD),
    ("GET", "/{locale}/host/{workshop}/credentials/{credential}/papers/{paper}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/resellers", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/resellers/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/resellers/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/resellers/{contract}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/resellers/{contract}", Owners, "act=pay&amount=none"),
    ("GET", "/{locale}/host/{workshop}/resellers/{contract}/statement", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/resellers/{contract}/statement.csv", Owners, ""),
    ("GET", "/{locale}/reseller", SignedIn, ""),
    ("GET", "/{locale}/reseller/{contract}", Company, ""),
    ("GET", "/{locale}/reseller/{contract}/book", Company, ""),
    ("GET", "/{locale}/reseller/{contract}/book/{slot}", Company, ""),
    ("POST", "/{locale}/reseller/{contract}/book/{slot}", Company, ""),
    ("GET", "/{locale}/reseller/{contract}/bookings/{uuid}", Company, ""),
    ("POST", "/{locale}/reseller/{contract}/bookings/{uuid}", Company, ""),
    ("GET", "/{locale}/reseller/{contract}/bookings/{uuid}/voucher", Company, ""),
    ("GET", "/{locale}/reseller/{contract}/statement", Company, ""),
    ("GET", "/{locale}/reseller/{contract}/statement.csv", Company, ""),
    ("GET", "/{locale}/office", Admins, ""),
    ("GET", "/{locale}/office/outbox", Admins, ""),
    ("POST", "/{locale}/office/outbox", Admins, "letter=01a20fff-1942-76eb-9f19-02874410c44f"),
    ("GET", "/{locale}/office/events", Admins, ""),
    ("GET", "/{locale}/office/events/new", Admins, ""),
    ("POST", "/{locale}/office/events/new", Admins, ""),
    ("GET", "/{locale}/office/events/{event}", Admins, ""),
    ("POST", "/{locale}/office/events/{event}", Admins, "act=publish"),
    ("GET", "/{locale}/office/report", Admins, ""),
    ("GET", "/{locale}/office/report/{file}", Admins, ""),
    ("GET", "/{locale}/village/{village}/report", Village, ""),
    ("GET", "/{locale}/village/{village}/report/{file}", Village, ""),
    ("GET", "/{locale}/office/trade", Admins, ""),
    ("GET", "/{locale}/office/trade/new", Admins, ""),
    ("POST", "/{locale}/office/trade/new", Admins, ""),
    ("GET", "/{locale}/office/trade/{trade}", Admins, ""),
    ("POST", "/{locale}/office/trade/{trade}", Admins, "act=save"),
    ("GET", "/{locale}/office/villages", Admins, ""),
    ("POST", "/{locale}/office/villages", Admins, "act=give"),
    ("GET", "/{locale}/office/audit", Admins, ""),
    ("GET", "/{locale}/office/reviews", Admins, ""),
    ("POST", "/{locale}/office/reviews", Admins, "act=hide&ground=none&question=01a20fff-1942-76eb-9f19-02874410c44f"),
    ("GET", "/{locale}/office/privacy", Admins, ""),
    ("GET", "/{locale}/office/passes", Admins, ""),
    ("POST", "/{locale}/office/passes", Admins, ""),
    ("GET", "/{locale}/office/passes/new", Admins, ""),
    ("POST", "/{locale}/office/passes/new", Admins, ""),
    ("GET", "/{locale}/office/passes/{pass}", Admins, ""),
    ("POST", "/{locale}/office/passes/{pass}", Admins, ""),
    ("GET", "/{locale}/office/credentials", Admins, ""),
    ("GET", "/{locale}/office/credentials.csv", Admins, ""),
    ("GET", "/{locale}/office/credentials/new", Admins, ""),
    ("POST", "/{locale}/office/credentials/new", Admins, UPLOAD),
    ("GET", "/{locale}/office/credentials/{credential}", Admins, ""),
    ("POST", "/{locale}/office/credentials/{credential}", Admins, "act=withdraw&version=9&reason="),
    ("GET", "/{locale}/office/credentials/{credential}/edit", Admins, ""),
    ("POST", "/{locale}/office/credentials/{credential}/edit", Admins, ""),
    ("POST", "/{locale}/office/credentials/{credential}/papers", Admins, UPLOAD),
    ("GET", "/{locale}/office/credentials/{credential}/papers/{paper}", Admins, ""),
    ("GET", "/{locale}/host/{workshop}/story", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/story", Owners, "chapter={chapter-ours}&act=nothing"),
    ("GET", "/{locale}/host/{workshop}/story/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/story/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/story/{chapter}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/story/{chapter}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/story/{chapter}/pictures", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/story/{chapter}/pictures", Owners, UPLOAD),
    ("POST", "/{locale}/host/{workshop}/story/{chapter}/pictures/{picture}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/village-story", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/village-story", Owners, "chapter={chapter-villages}&act=nothing"),
    ("GET", "/{locale}/host/{workshop}/village-story/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/village-story/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/village-story/{chapter}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/village-story/{chapter}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/village-story/{chapter}/pictures", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/village-story/{chapter}/pictures", Owners, UPLOAD),
    ("POST", "/{locale}/host/{workshop}/village-story/{chapter}/pictures/{picture}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/artisans/{artisan}/story", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/artisans/{artisan}/story", Owners, "chapter={chapter-persons}&act=nothing"),
    ("GET", "/{locale}/host/{workshop}/artisans/{artisan}/story/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/artisans/{artisan}/story/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/artisans/{artisan}/story/{chapter}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/artisans/{artisan}/story/{chapter}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/artisans/{artisan}/story/{chapter}/pictures", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/artisans/{artisan}/story/{chapter}/pictures", Owners, UPLOAD),
    ("POST", "/{locale}/host/{workshop}/artisans/{artisan}/story/{chapter}/pictures/{picture}", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/artisans", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/artisans", Owners, "artisan={artisan}&act=nothing"),
    ("GET", "/{locale}/host/{workshop}/artisans/new", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/artisans/new", Owners, ""),
    ("GET", "/{locale}/host/{workshop}/artisans/{artisan}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/artisans/{artisan}", Owners, ""),
    ("POST", "/{locale}/host/{workshop}/artisans/{artisan}/portrait", Owners, UPLOAD),
    ("POST", "/{locale}/host/{workshop}/artisans/{artisan}/portrait/change", Owners, ""),
    ("GET", "/{locale}/office/stories", Admins, ""),
    ("GET", "/{locale}/office/stories/{village}", Admins, ""),
    ("POST", "/{locale}/office/stories/{village}", Admins, "chapter={chapter-villages}&act=nothing"),
    ("GET", "/{locale}/office/stories/{village}/new", Admins, ""),
    ("POST", "/{locale}/office/stories/{village}/new", Admins, ""),
    ("GET", "/{locale}/office/stories/{village}/{chapter}", Admins, ""),
    ("POST", "/{locale}/office/stories/{village}/{chapter}", Admins, ""),
    ("GET", "/{locale}/office/stories/{village}/{chapter}/pictures", Admins, ""),
    ("POST", "/{locale}/office/stories/{village}/{chapter}/pictures", Admins, UPLOAD),
    ("POST", "/{locale}/office/stories/{village}/{chapter}/pictures/{picture}", Admins, ""),
    // These two end sessions, so they come last; everybody is led to the sign-in page.
    ("POST", "/{locale}/sign-out", Anyone, ""),
    ("POST", "/{locale}/account/sign-out-everywhere", Anyone, ""),
];

/// "/{locale}/host/{workshop}{sub}" of `format!("/{{locale}}/host/{{workshop}}{sub}")`.
fn prefix(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("format!(\"")?;
    let (text, _) = rest.split_once("{sub}\")")?;
    Some(text.replace("{{", "{").replace("}}", "}"))
}

/// The routes that the source of a router declares.
fn declared(source: &str, found: &mut BTreeSet<(String, String)>) {
    let mut before = String::new();
    for (at, piece) in source.split(".route(").enumerate() {
        if at > 0 {
            let (path, rest) = piece.split_once('"').unwrap().1.split_once('"').unwrap();
            let path = if piece.trim_start().starts_with("&of(") {
                format!("{before}{path}")
            } else {
                path.to_owned()
            };
            for (word, method) in
                [("get(", "GET"), ("post(", "POST"), ("put(", "PUT"), ("delete(", "DELETE")]
            {
                let names = rest.split(';').next().unwrap_or_default();
                if names.contains(word) {
                    found.insert((method.to_owned(), path.clone()));
                }
            }
        }
        if let Some(prefix) = piece.lines().rev().find_map(prefix) {
            before = prefix;
        }
    }
}

fn sources(folder: &Path, found: &mut BTreeSet<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            if source.contains("Router<App>") {
                declared(&source, found);
            }
        }
    }
}

#[test]
fn every_route_of_the_router_has_its_line() {
    let mut found = BTreeSet::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let named: BTreeSet<(String, String)> = ROUTES
        .iter()
        .map(|(method, path, ..)| ((*method).to_owned(), (*path).to_owned()))
        .collect();
    assert!(found.len() > 80, "the router's source is not understood any more");
    let missing: Vec<_> = found.difference(&named).collect();
    assert!(missing.is_empty(), "say in ROUTES whom these are for: {missing:#?}");
    let gone: Vec<_> = named.difference(&found).collect();
    assert!(gone.is_empty(), "not in the router any more: {gone:#?}");
}

/// What a visitor gets, as far as it matters who asks.
fn outcome(answer: &crate::site::Answer) -> &'static str {
    match answer.status {
        StatusCode::NOT_FOUND => "not found",
        StatusCode::SEE_OTHER | StatusCode::FOUND if answer.location.contains("/sign-in") => {
            "sign in"
        }
        status if status.is_server_error() => "broken",
        StatusCode::METHOD_NOT_ALLOWED => "no such method",
        _ => "in",
    }
}

#[tokio::test]
async fn each_route_lets_in_whom_it_is_for() {
    let site = Site::open().await;
    let slot = site.slot(2).await;
    let booking = site.booked(&slot, "Bà Tư").await;
    let keeper = site.owner().await;
    let (piece, firing, parcel) = pieces(&site, &keeper).await;
    let enquiry = an_enquiry(&site).await;
    let photo = a_photo(&site).await;
    let member = membership(&site).await;
    let run = a_run(&site).await;
    let resource = a_resource(&site).await;
    let guide = a_guide(&site).await;
    let entry = an_entry(&site).await;
    let event = crate::events::of_the_coop(&site).await;
    let (pass, offices) = passes(&site).await;
    let bad_day = a_bad_day(&site).await;
    let owner = site.owner().await;
    let contract = site.contract(&owner).await;
    let contract = contract.rsplit('/').next().unwrap().to_owned();
    let webhook = crate::webhooks::added(&site, &owner, "http://127.0.0.1:9/").await;
    let card = site.voucher(&owner).await;
    let (credential, paper) = crate::credentials::of_the_shop(&site).await;
    let lot = site.lot(&owner).await;
    let trade = a_trade_event(&site).await;
    let told = crate::stories::told(&site).await;
    let [partner, design, placement, application] = crate::partners::of_the_demo(&site).await;
    let commission = crate::commissions::asked(&site).await.id.to_string();
    let (product, order) = crate::shop::of_the_shop(&site, &owner).await;
    let fill = |path: &str| {
        told.fill(path)
            .replace("{locale}", "vi")
            .replace("{product}", &product)
            .replace("{order}", &order)
            .replace("/enquiries/{id}", &format!("/enquiries/{enquiry}"))
            .replace("/bad-day/{id}", &format!("/bad-day/{bad_day}"))
            .replace("/resources/{id}", &format!("/resources/{resource}"))
            .replace("/office/passes/{pass}", &format!("/office/passes/{offices}"))
            .replace("{pass}", &pass)
            .replace("{contract}", &contract)
            .replace("{webhook}", &webhook)
            .replace("{card}", &card)
            .replace("{credential}", &credential)
            .replace("{paper}", &paper)
            .replace("{lot}", &lot)
            .replace("{partner}", &partner)
            .replace("{design}", &design)
            .replace("{placement}", &placement)
            .replace("{application}", &application)
            .replace("{hash}", &"0".repeat(64))
            .replace("{uuid}", "01a20fff-1942-76eb-9f19-02874410c44f")
            .replace("{workshop}", SHOP)
            .replace("{slot}", &slot.id.to_string())
            .replace("/bookings/{code}/pieces", &format!("/bookings/{}/pieces", piece.0))
            .replace("{piece}", &piece.1)
            .replace("{firing}", &firing)
            .replace("{parcel}", &parcel)
            .replace("/bookings/{code}", &format!("/bookings/{}", booking.code))
            .replace("{code}", "ABC234")
            .replace("{secret}", "wrong")
            .replace("{token}", "wrong")
            .replace("/report/{file}", "/report/places.csv")
            .replace("{file}", "wrong.ics")
            .replace("{village}", "bat-trang")
            .replace("{trade}", &trade)
            .replace("{commission}", &commission)
            .replace("{id}", "01a20fff-1942-76eb-9f19-02874410c44f")
            .replace("{at}", "0")
            .replace("{width}", "800")
            .replace("/villages/{slug}", "/villages/bat-trang")
            .replace("/workshops/{slug}", &format!("/workshops/{SHOP}"))
            .replace("/coops/{slug}", "/coops/gom-ven-song")
            .replace("{member}", &member)
            .replace("/events/{slug}", &format!("/events/{}", event.slug))
            .replace("{event}", &event.id.to_string())
            .replace("{slug}", "nan-gom-ban-xoay")
            .replace("{photo}", &photo)
            .replace("{run}", &run)
            .replace("{entry}", &entry)
            .replace("{resource}", &resource)
            .replace("{guide}", &guide)
            .replace("{tour}", "nan-gom-ban-xoay")
            .replace("{measure}", "clay_reclaimed")
    };
    let people = [
        ("guest", String::new()),
        ("staff", site.person(Some((Role::Staff, SHOP))).await),
        ("owner", site.owner().await),
        ("stranger", site.person(Some((Role::Owner, OTHER))).await),
        ("village", site.sign_in("xa-bat-trang@langnghe.example").await),
        ("admin", site.person(None).await),
    ];
    let mut wrong = Vec::new();
    for (method, path, whom, body) in ROUTES {
        let address = fill(path);
        let method: Method = method.parse().unwrap();
        let mut seen = Vec::new();
        for (who, cookie) in &people {
            let answer = site.ask(method.clone(), &address, cookie, fill(body)).await;
            seen.push((*who, outcome(&answer), answer.status));
        }
        for (who, got, status) in &seen {
            let allowed = match (whom, *who) {
                (SignedIn, who) => who != "guest",
                (Team, who) => matches!(who, "staff" | "owner" | "admin"),
                (Owners, who) => matches!(who, "owner" | "admin"),
                (Admins, who) => who == "admin",
                (Village, who) => matches!(who, "village" | "admin"),
                (Company, _) => false,
                (Anyone, _) => {
                    // Nothing depends on who asks, but for the pages of signing in and out.
                    let same = *status == seen[0].2 || path.contains("/sign-");
                    if !same || matches!(*got, "broken" | "no such method") {
                        wrong.push(format!("{method} {path}: {who} got {status}"));
                    }
                    continue;
                }
            };
            let expected = match (allowed, *who) {
                (true, _) => "in",
                (false, "guest") => "sign in",
                (false, _) => "not found",
            };
            if *got != expected {
                wrong.push(format!("{method} {path}: {who} got {status}, {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A moment far away, in which nothing takes place.
async fn a_bad_day(site: &Site) -> String {
    use engine::booking::disruption::{Cause, Scope, Tell, tell};
    let from = site.store.now() + chrono::TimeDelta::days(400);
    let to = from + chrono::TimeDelta::seconds(1);
    let command = Tell {
        catalogue: site.app.catalogue().await.unwrap(),
        actor: engine::accounts::Actor::System,
        workshop: site.workshop(SHOP).await,
        scope: Scope { cause: Cause::Other, from, to, tour: None },
        words: String::new(),
        hours: 24,
        form_key: "far-away".into(),
    };
    let told = site.store.write("tell", command, |tx, c| Box::pin(tell(tx, c))).await.unwrap();
    told.0.id.to_string()
}

/// An event of trade promotion that nobody registered for.
async fn a_trade_event(site: &Site) -> String {
    use engine::report::{SaveTrade, TradeData, TradeInput, save_trade};
    let text = |vi: &str| engine::Localized { vi: vi.to_owned(), en: String::new() };
    let input = TradeInput {
        kind: "fair".into(),
        name: text("Hội chợ"),
        place: text("Đông Anh"),
        first: "2026-12-20".into(),
        published: true,
        ..TradeInput::default()
    };
    let save = SaveTrade {
        actor: engine::accounts::Actor::System,
        id: None,
        form_key: "routes".into(),
        data: TradeData::parse(&input).unwrap(),
    };
    let saved = site.store.write("trade", save, |tx, c| Box::pin(save_trade(tx, c))).await;
    saved.unwrap_or_else(|error| panic!("no event: {error}")).to_string()
}

/// A pass of the workshop's co-op, and one of the office.
async fn passes(site: &Site) -> (String, String) {
    let mut conn = site.store.read().await.unwrap();
    let coop = engine::coop::by_slug(&mut conn, "gom-ven-song").await.unwrap().unwrap();
    let theirs = engine::pass::of_author(&mut conn, Some(coop.id)).await.unwrap();
    let offices = engine::pass::of_author(&mut conn, None).await.unwrap();
    (theirs[0].id.to_string(), offices[0].id.to_string())
}

/// A party's pieces, one of which is in a load and one in a parcel: the booking's code and a piece, the
/// load, the parcel.
async fn pieces(site: &Site, cookie: &str) -> ((String, String), String, String) {
    let (secret, pieces) = site.made(cookie).await;
    let load = crate::pieces::load(site, cookie, &pieces[..1]).await;
    let fields = [("act", "send"), ("way", "collect")];
    site.goes(&format!("/vi/pieces/{secret}"), "", &fields).await;
    let mut conn = site.store.read().await.unwrap();
    let piece = engine::craft::by_id(&mut conn, pieces[1].id).await.unwrap().unwrap();
    let party = engine::craft::party_of(&mut conn, piece.party_id).await.unwrap().unwrap();
    let booking =
        engine::booking::query::by_id(&mut conn, party.booking_id).await.unwrap().unwrap();
    let last = load.rsplit('/').next().unwrap().to_owned();
    ((booking.code, piece.id.to_string()), last, piece.parcel_id.unwrap().to_string())
}

/// One that the workshop may count on and its owners, as managers of its co-op, may change.
async fn a_guide(site: &Site) -> String {
    let workshop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    engine::guide::of_workshop(&mut conn, workshop).await.unwrap()[0].id().to_string()
}

async fn a_resource(site: &Site) -> String {
    let workshop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    let usable = engine::resource::usable_by(&mut conn, workshop).await.unwrap();
    let machine = usable.iter().find(|it| it.kind != engine::resource::ResourceKind::Guide);
    machine.unwrap().id.to_string()
}

/// A photograph of the workshop; its bytes don't matter here.
async fn a_photo(site: &Site) -> String {
    let id = engine::PhotoId::new(site.store.now());
    let workshop = site.workshop(SHOP).await;
    site.store
        .write("photo", (id, workshop), |tx, (id, workshop)| {
            Box::pin(async move {
                tx.execute_one("UPDATE catalogue_version SET version = version + 1", vec![])
                    .await?;
                tx.execute_one(
                    "INSERT INTO photo (id, workshop_id, tour_id, position, alt, width, height, \
                     created_at) VALUES ($1, $2, NULL, 1, '{\"vi\":\"\",\"en\":\"\"}', 4, 3, $3)",
                    engine::params![id, workshop, tx.now()],
                )
                .await
            })
        })
        .await
        .unwrap_or_else(|error: engine::store::StoreError| panic!("no photo: {error}"));
    id.to_string()
}

/// The membership of the workshop in its co-op.
async fn membership(site: &Site) -> String {
    let workshop = site.workshop(SHOP).await;
    let mut conn = site.store.read().await.unwrap();
    let member = engine::coop::membership_of(&mut conn, workshop).await.unwrap();
    member.unwrap().id.to_string()
}

/// A run of the workshop's course, of one session.
async fn a_run(site: &Site) -> String {
    let catalogue = site.app.catalogue().await.unwrap();
    let workshop = site.workshop(SHOP).await;
    let course = catalogue.tours_of(workshop).find(|tour| tour.course.is_some()).unwrap();
    let command = engine::course::PlanRun {
        option: course.options[0].id,
        actor: engine::accounts::Actor::System,
        sessions: engine::course::read_lines("2026-12-12 08:30", 180).unwrap(),
        capacity: 8,
        guide: String::new(),
        catalogue,
    };
    let run = site
        .store
        .write("plan", command, |tx, c| Box::pin(engine::course::plan_run(tx, c)))
        .await
        .unwrap_or_else(|error| panic!("no run: {error}"));
    run.id.to_string()
}

/// An entry of the workshop's ledger.
async fn an_entry(site: &Site) -> String {
    let adjust = engine::ledger::Adjust {
        actor: engine::accounts::Actor::System,
        workshop: site.workshop(SHOP).await,
        adjustment: engine::ledger::Adjustment {
            from: engine::ledger::Holder::Workshop,
            to: engine::ledger::Holder::VillageFund,
            amount: engine::Dong(50_000),
            reason: "Góp thêm".into(),
        },
        form_key: "routes".into(),
    };
    let entered =
        site.store.write("adjust", adjust, |tx, c| Box::pin(engine::ledger::adjust(tx, c))).await;
    entered.unwrap_or_else(|error| panic!("no entry: {error}"));
    let mut conn = site.store.read().await.unwrap();
    let (id,): (uuid::Uuid,) =
        conn.fetch_one("SELECT id FROM ledger_entry LIMIT 1", vec![]).await.unwrap();
    id.to_string()
}

/// A group asks the workshop.
async fn an_enquiry(site: &Site) -> String {
    let fields = [
        ("name", "Chi Mai"),
        ("email", "mai@example.com"),
        ("phone", "0912345678"),
        ("people", "40"),
        ("date", "2026-12-20"),
        ("wished_date", "2026-12-20"),
        ("message", "Bốn mươi học sinh"),
        ("language", "vi"),
    ];
    let answer = site.post("/vi/tours/nan-gom-ban-xoay/enquiry", "", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text("main"));
    let mut conn = site.store.read().await.unwrap();
    let (id,): (uuid::Uuid,) =
        conn.fetch_one("SELECT id FROM enquiry LIMIT 1", vec![]).await.unwrap_or_else(|error| {
            panic!("the enquiry was not kept: {error}");
        });
    id.to_string()
}

//! The table of all pages and forms.

use axum::Router;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::context::App;
use crate::error;
use crate::pages::{guide, host, mailbox, office, reseller, visitor};
use crate::session;

pub fn router(app: App) -> Router {
    Router::new()
        .merge(host::routes::calendar())
        .merge(host::routes::editors())
        .merge(host::routes::stories())
        .merge(host::routes::coops())
        .merge(host::routes::courses())
        .merge(host::credentials::credentials())
        .merge(host::routes::lots())
        .merge(products())
        .merge(visitor::shop::shop())
        .merge(host::shop::shop())
        .merge(host::money::routes::money())
        .merge(host::pieces::routes::pieces())
        .merge(host::partners::routes::partners())
        .merge(catalogue())
        .merge(booking())
        .merge(enquiry())
        .merge(passes())
        .merge(gifts())
        .merge(visitor::commission::commissions())
        .merge(host::commissions::commissions())
        .merge(pieces())
        .merge(partners())
        .merge(guides())
        .merge(reseller::routes::resellers())
        .merge(feeds())
        .merge(accounts())
        .merge(letters())
        .merge(office::routes::office())
        .merge(office::credentials::credentials())
        // Named, so that the layers below see unknown addresses also when routes are merged in.
        .fallback(async || StatusCode::NOT_FOUND)
        .layer(from_fn_with_state(app.clone(), error::friendly))
        .layer(from_fn_with_state(app.clone(), session::recognise))
        // Outside the session: these neither read a cookie nor set one, whoever looks at them.
        .merge(embed().layer(from_fn_with_state(app.clone(), error::friendly)))
        .with_state(app)
}

/// Calendars for the pages of others.
fn embed() -> Router<App> {
    use visitor::embed::{files, list, tour};
    Router::new()
        .route("/embed.js", get(files::line))
        .route("/embed/look.css", get(files::look))
        .route("/{locale}/embed/tours/{slug}", get(tour::page))
        .route("/{locale}/embed/workshops/{slug}", get(list::of_workshop))
        .route("/{locale}/embed/coops/{slug}", get(list::of_coop))
        .route("/{locale}/embed/villages/{slug}", get(list::of_village))
}

/// What can be visited, for everybody and for search engines.
fn catalogue() -> Router<App> {
    use visitor::{
        articles, artisan, certificate, coop, events, home, my_data, photo, reviews, site_files,
        story_picture, tour, tours, village, villages, workshop,
    };
    Router::new()
        .route("/", get(site_files::root))
        .route("/robots.txt", get(site_files::robots))
        .route("/sitemap.xml", get(site_files::sitemap))
        .route("/{locale}", get(home::page))
        .route("/{locale}/villages", get(villages::page))
        .route("/{locale}/villages/{slug}", get(village::page))
        .route("/{locale}/workshops/{slug}", get(workshop::page))
        .route("/{locale}/villages/{slug}/artisans", get(village::artisans::page))
        .route("/{locale}/artisans/{slug}", get(artisan::page))
        .route("/story-photos/{id}/{width}", get(story_picture::file))
        .route("/{locale}/coops/{slug}", get(coop::page))
        .route("/{locale}/events", get(events::page))
        .route("/{locale}/events/{slug}", get(events::one))
        .route("/{locale}/tours", get(tours::page))
        .route("/{locale}/tours/{slug}", get(tour::page))
        .route("/{locale}/tours/{slug}/reviews", get(reviews::of_tour))
        .route("/{locale}/workshops/{slug}/reviews", get(reviews::of_workshop))
        .route("/{locale}/reviews", get(reviews::rules_page))
        .route("/{locale}/certificates", get(certificate::ask))
        .route("/{locale}/certificates/{code}", get(certificate::page))
        .route("/{locale}/certificates/{code}/print", get(certificate::paper))
        .route("/photos/{id}/{width}", get(photo::file))
        .route("/{locale}/about", get(articles::about))
        .route("/{locale}/terms", get(articles::terms))
        .route("/{locale}/privacy", get(articles::privacy))
        .route("/{locale}/my-data", get(my_data::page).post(my_data::send))
        .route("/{locale}/my-data/{token}", get(my_data::open).post(my_data::act))
        .route("/{locale}/my-data/{token}/export.json", get(my_data::download))
}

/// Where products come from: what labels open, checking, and files for programs.
fn products() -> Router<App> {
    use visitor::product::{files, page, scan, verify};
    Router::new()
        .route("/p/{file}", get(scan))
        .route("/{locale}/p/{code}", get(page))
        .route("/{locale}/verify", get(verify::page).post(verify::check))
        .route("/.well-known/langnghe-provenance.json", get(files::public_keys))
        .route("/provenance/checkpoints/{file}", get(files::checkpoint))
        .route("/provenance/photos/{hash}", get(files::photo))
}

/// Calendars to subscribe to.
fn feeds() -> Router<App> {
    use crate::pages::calendar_feed as feed;
    Router::new()
        .route("/cal/{file}", get(feed::workshop))
        .route("/cal/guide/{file}", get(feed::guide))
        .route("/cal/resource/{file}", get(feed::resource))
        .route("/cal/coop/{file}", get(feed::coop))
}

/// Signing in and one's own account.
fn accounts() -> Router<App> {
    use host::{account, choose, sign_in};
    Router::new()
        .route("/{locale}/sign-in", get(sign_in::page).post(sign_in::with_password))
        .route("/{locale}/sign-in/link", post(sign_in::send_link))
        .route("/{locale}/sign-in/{token}", get(sign_in::link_page).post(sign_in::with_link))
        .route("/{locale}/sign-out", post(sign_in::sign_out))
        .route("/{locale}/account", get(account::page).post(account::save))
        .route("/{locale}/account/password", post(account::password))
        .route("/{locale}/account/session", post(account::end_one))
        .route("/{locale}/account/sign-out-everywhere", post(account::everywhere))
        .route("/{locale}/host", get(choose::page))
}

/// The folder of letters that were written instead of sent.
fn letters() -> Router<App> {
    Router::new()
        .route("/mailbox", get(mailbox::list))
        .route("/mailbox/{id}", get(mailbox::open))
        .route("/mailbox/{id}/html", get(mailbox::html))
        .route("/mailbox/{id}/eml", get(mailbox::eml))
        .route("/mailbox/{id}/{at}", get(mailbox::attachment))
}

/// From the first step of booking to its manage page.
fn booking() -> Router<App> {
    use visitor::{
        bad_day, book, booking, cancel, change, code, companion, details, extras, find,
        gift::spend, guests, move_, paid, passed, pay, review, reviews::own, voucher, waitlist,
    };
    let of = |sub: &str| format!("/{{locale}}/booking/{{code}}/{{secret}}{sub}");
    Router::new()
        .route("/{locale}/book/{slot}", get(book::page).post(book::hold))
        .route("/{locale}/booking/{code}", get(booking::without_secret))
        .route(&of(""), get(booking::page))
        .route(&of("/details"), get(details::page).post(details::fill_in))
        .route(&of("/review"), get(review::page).post(review::confirm))
        .route(&of("/hold"), post(review::renew))
        .route(&of("/rating"), get(own::page).post(own::save))
        .route(&of("/party"), get(change::page).post(change::change))
        .route(&of("/move"), get(move_::page).post(move_::move_to))
        .route(&of("/cancel"), get(cancel::page).post(cancel::cancel))
        .route(&of("/extras"), get(extras::page).post(extras::save))
        .route(&of("/code"), post(code::say))
        .route(&of("/gift-card"), get(spend::back).post(spend::spend))
        .route(&of("/pay"), get(pay::page))
        .route(&of("/pay/state"), get(pay::state))
        .route(&of("/money"), get(paid::page).post(paid::save))
        .route(&of("/choose"), get(bad_day::page).post(bad_day::answer))
        .route("/{locale}/passed/{id}/{secret}", get(passed::page).post(passed::decide))
        .route(&of("/guests"), get(guests::page).post(guests::save))
        .route("/{locale}/companions/{code}/{token}", get(companion::page).post(companion::fill))
        .route(&of("/voucher"), get(voucher::page))
        .route(&of("/invite.ics"), get(booking::calendar_entry))
        .route("/{locale}/find", get(find::page).post(find::send))
        .route("/{locale}/waitlist/{slot}", get(waitlist::page).post(waitlist::join))
        .route(
            "/{locale}/waitlist/entry/{id}/{secret}",
            get(waitlist::entry).post(waitlist::decide),
        )
}

/// Full-day passes: what there is, booking one, and a booked one by its secret link.
fn passes() -> Router<App> {
    use visitor::pass::{book, cancel, list, manage, move_, offer, party};
    let of = |sub: &str| format!("/{{locale}}/pass/{{code}}/{{secret}}{sub}");
    Router::new()
        .route("/{locale}/passes", get(list::page))
        .route("/{locale}/passes/{slug}", get(offer::page))
        .route("/{locale}/passes/{slug}/book", get(book::page).post(book::book))
        .route(&of(""), get(manage::page))
        .route(&of("/pass.ics"), get(manage::calendar))
        .route(&of("/party"), get(party::page).post(party::change))
        .route(&of("/move"), get(move_::page).post(move_::move_to))
        .route(&of("/cancel"), get(cancel::page).post(cancel::cancel))
}

/// Gift cards: buying one, paying it, the card by its secret link, and what is left of one.
fn gifts() -> Router<App> {
    use visitor::gift::{buy, card, check, pay};
    let of = |sub: &str| format!("/{{locale}}/gift/{{id}}/{{secret}}{sub}");
    Router::new()
        .route("/{locale}/workshops/{slug}/gift", get(buy::page).post(buy::buy))
        .route("/{locale}/gift", get(check::page).post(check::look))
        .route(&of(""), get(card::page))
        .route(&of("/pay"), get(pay::page))
        .route(&of("/pay/state"), get(pay::state))
}

/// What a party made, by its secret link.
fn pieces() -> Router<App> {
    use visitor::pieces::{self, pay, photo};
    Router::new()
        .route("/{locale}/pieces/{secret}", get(pieces::page).post(pieces::act))
        .route("/{locale}/pieces/{secret}/pay", get(pay::page))
        .route("/{locale}/pieces/{secret}/pay/state", get(pay::state))
        .route("/piece-photos/{id}/{width}", get(photo::file))
}

/// Partners, designs, placements and studies, and whoever has a secret link of theirs.
fn partners() -> Router<App> {
    use visitor::partner::{answer, application, designs, placements, studies};
    Router::new()
        .route("/{locale}/partner/{id}/{secret}", get(answer::page).post(answer::decide))
        .route("/{locale}/designs", get(designs::page))
        .route("/design-pictures/{id}/{width}", get(designs::file))
        .route("/{locale}/placements", get(placements::page))
        .route("/{locale}/placements/{placement}", get(placements::one).post(placements::send))
        .route("/{locale}/studies", get(studies::page))
        .route("/{locale}/workshops/{slug}/study", get(studies::one).post(studies::send))
        .route("/{locale}/application/{id}/{secret}", get(application::page).post(application::act))
}

/// What a guide sees by a secret link.
fn guides() -> Router<App> {
    Router::new()
        .route("/guide/{token}", get(guide::in_own_language))
        .route("/{locale}/guide/{token}", get(guide::page).post(guide::act))
        .route(
            "/{locale}/guide/{token}/calendars",
            get(guide::calendars::page).post(guide::calendars::act),
        )
}

/// A group asks, and answers what it is offered.
fn enquiry() -> Router<App> {
    use visitor::{enquiry, offer};
    Router::new()
        .route("/{locale}/tours/{slug}/enquiry", get(enquiry::page).post(enquiry::ask))
        .route("/{locale}/enquiry/{id}/{secret}", get(offer::page).post(offer::decide))
}

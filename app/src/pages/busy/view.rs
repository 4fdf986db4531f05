//! The page of calendars of others.

use engine::Locale;
use engine::busy::{BusyCalendar, Span};
use engine::clock::local_date;
use engine::outside::Failure;
use engine::resource::Stretch;
use leptos::prelude::*;

use super::{Place, Shown};
use crate::api::form::{Form, Problems};
use crate::pages::host::guides::words::days;
use crate::pages::host::resources::words::stretch;
use crate::t::calendars as t;
use crate::ui::field::{ErrorSummary, Hidden, Select, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::notice::{Notice, Tone};

/// So many times are listed of one calendar.
const LISTED: usize = 60;

/// Why a calendar can't be read, as its owner should know it.
pub fn failure(locale: Locale, failure: Failure) -> &'static str {
    match failure {
        Failure::NoAddress => t::why_no_address(locale),
        Failure::NotHttps => t::why_not_https(locale),
        Failure::Private => t::why_private(locale),
        Failure::Unreachable => t::why_unreachable(locale),
        Failure::Slow => t::why_slow(locale),
        Failure::TooLarge => t::why_too_large(locale),
        Failure::Redirects => t::why_redirects(locale),
        Failure::Denied => t::why_denied(locale),
        Failure::Gone => t::why_gone(locale),
        Failure::TooOften => t::why_too_often(locale),
        Failure::Status => t::why_status(locale),
        Failure::Unreadable => t::why_unreadable(locale),
    }
}

/// The warning about calendars that nobody could read for long, each with its page for whom it has
/// one.
pub fn stale<F>(locale: Locale, calendars: &[BusyCalendar], page: F) -> impl IntoView + use<F>
where
    F: Fn(&BusyCalendar) -> Option<String>,
{
    let items: Vec<_> = calendars
        .iter()
        .map(|it| {
            let since = format::date_time(locale, it.seen_at);
            let name = match page(it) {
                Some(page) => view! { <a href=page>{it.name.clone()}</a> }.into_any(),
                None => it.name.clone().into_any(),
            };
            view! { <li>{name} {locale.writing().colon}{t::since(locale, since)}</li> }
        })
        .collect();
    (!items.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Warn title=t::stale_title(locale)>
                <p>{t::stale_text(locale)}</p>
                <ul class="plain-list">{items}</ul>
            </Notice>
        }
    })
}

/// The body of the page; `slot` is the address of a departure that they hit.
pub fn body<F>(locale: Locale, place: &Place, shown: &Shown, slot: F) -> impl IntoView + use<F>
where
    F: Fn(&engine::schedule::Slot) -> Option<(String, String)>,
{
    let Shown { calendars, hits, form, problems, .. } = shown;
    let news = problems.is_empty().then(|| news(locale, form.text("done"))).flatten();
    let hits: Vec<_> = hits
        .iter()
        .filter_map(slot)
        .map(|(href, title)| view! { <li><a href=href>{title}</a></li> })
        .collect();
    let hits = (!hits.is_empty()).then(|| {
        view! {
            <Notice tone=Tone::Warn title=t::hits_title(locale)>
                <p>{t::hits_text(locale)}</p>
                <ul class="plain-list">{hits}</ul>
            </Notice>
        }
    });
    let cards: Vec<_> = calendars.iter().map(|it| card(locale, place, shown, it)).collect();
    let none = cards.is_empty().then(|| view! { <p class="empty">{t::none(locale)}</p> });
    view! {
        <ErrorSummary locale problems=problems.clone()/>
        {news} {hits}
        <section class="stack" aria-labelledby="calendars">
            <h2 id="calendars">{t::ours(locale)}</h2>
            {cards} {none}
        </section>
        {add(locale, place, form, problems)}
    }
}

fn news(locale: Locale, done: &str) -> Option<impl IntoView + use<>> {
    let (tone, title) = match done {
        "added" => (Tone::Good, t::done_added(locale)),
        "pause" => (Tone::Good, t::done_paused(locale)),
        "resume" => (Tone::Good, t::done_resumed(locale)),
        "remove" => (Tone::Good, t::done_removed(locale)),
        "read" => (Tone::Good, t::done_read(locale)),
        "unread" => (Tone::Warn, t::done_unread(locale)),
        "passed" => (Tone::Good, t::done_passed(locale)),
        _ => return None,
    };
    Some(view! { <Notice tone title=title/> })
}

fn card(
    locale: Locale,
    place: &Place,
    shown: &Shown,
    calendar: &BusyCalendar,
) -> impl IntoView + use<> {
    let id = calendar.id;
    let heading = format!("t-{id}");
    let titled = heading.clone();
    let (tone, state) = match (calendar.paused, calendar.failure) {
        (true, _) => (None, t::paused(locale)),
        (false, None) => (Some("celadon"), t::works(locale)),
        (false, Some(_)) => (Some("lacquer"), t::broken(locale)),
    };
    let why = calendar.failure.filter(|_| !calendar.paused).map(|why| {
        view! { <p>{failure(locale, why)}" "{t::kept(locale)}</p> }
    });
    let tour = place
        .tours
        .iter()
        .find(|(tour, _)| Some(tour) == calendar.tour_id.map(|it| it.to_string()).as_ref());
    let tour = tour.map(|(_, title)| view! { <li>{t::only_tour(locale, title)}</li> });
    let own = (calendar.own_events > 0)
        .then(|| view! { <li>{t::own_events(locale, i64::from(calendar.own_events))}</li> });
    let unread = (calendar.unread_events > 0)
        .then(|| view! { <li>{t::unread_events(locale, i64::from(calendar.unread_events))}</li> });
    let opened = shown.opened.as_ref().filter(|(open, _)| *open == id);
    let look = opened.is_none().then(|| {
        let href = format!("{}?seen={id}#c-{id}", place.here);
        view! { <a class="btn btn-small" href=href>{icon("eye")}{t::look(locale)}</a> }
    });
    let entries = opened.map(|(_, spans)| entries(locale, place, calendar, spans));
    let act = |act: &'static str, sign: &'static str, words: &'static str| {
        view! {
            <form method="post" action=place.here.clone()>
                <Hidden name="act" value=act/>
                <Hidden name="calendar" value=id.to_string()/>
                <button class="btn btn-small">{icon(sign)}{words}</button>
            </form>
        }
    };
    let pause = if calendar.paused {
        act("resume", "check", t::resume(locale)).into_any()
    } else {
        view! { {act("read", "refresh", t::read_now(locale))} {act("pause", "lock", t::pause(locale))} }
            .into_any()
    };
    view! {
        <article class="panel stack-s" id=format!("c-{id}") aria-labelledby=titled>
            <header class="board-use">
                <h3 class="panel-title" id=heading>{calendar.name.clone()}</h3>
                <span class="badge" data-tone=tone>{state}</span>
            </header>
            <ul class="plain-list soft small">
                <li>{t::at_host(locale, calendar.host(), format::date_time(locale, calendar.seen_at))}</li>
                {tour} {own} {unread}
            </ul>
            {why}
            {entries}
            <div class="actions">
                {look} {pause}
                <details>
                    <summary>{t::remove(locale)}</summary>
                    <div class="stack-s">
                        <p>{t::remove_text(locale)}</p>
                        {act("remove", "trash", t::remove_now(locale))}
                    </div>
                </details>
            </div>
        </article>
    }
}

/// "Thứ Ba 1/12, 09:00–10:30"; days by their dates.
fn when(locale: Locale, span: &Span) -> String {
    if span.all_day {
        days(locale, span.starts_at, span.ends_at)
    } else {
        stretch(locale, Stretch { from: span.starts_at, to: span.ends_at })
    }
}

/// "Google: thứ Ba 1/12, 09:00–10:30", for the days of a host's calendar.
pub(crate) fn seen(locale: Locale, seen: &engine::busy::Seen) -> String {
    let what = if seen.span.summary.is_empty() { &seen.calendar } else { &seen.span.summary };
    let one_day = local_date(seen.span.starts_at) == local_date(seen.span.ends_at);
    if seen.span.all_day || !one_day {
        return format::labelled(locale, format::sentence(&when(locale, &seen.span)), what);
    }
    format!("{} {what}", format::time_range(locale, seen.span.starts_at, seen.span.ends_at))
}

fn entries(
    locale: Locale,
    place: &Place,
    calendar: &BusyCalendar,
    spans: &[Span],
) -> impl IntoView + use<> {
    let items: Vec<_> = spans
        .iter()
        .take(LISTED)
        .map(|span| {
            let (act, words) = if span.blocks {
                ("pass", t::let_pass(locale))
            } else {
                ("block", t::block_again(locale))
            };
            let time = format::sentence(&when(locale, span));
            let what = if span.summary.is_empty() {
                t::busy(locale).to_owned()
            } else {
                span.summary.clone()
            };
            let free = (!span.blocks)
                .then(|| view! { " " <span class="badge">{t::passes(locale)}</span> });
            let label = format::labelled(locale, words, format::commas(locale, &[&what, &time]));
            view! {
                <li class="board-use">
                    <span>{time}" · "{what}{free}</span>
                    <form method="post" action=place.here.clone()>
                        <Hidden name="act" value=act/>
                        <Hidden name="calendar" value=calendar.id.to_string()/>
                        <Hidden name="uid" value=span.uid.clone()/>
                        <button class="btn btn-small btn-quiet" aria-label=label>{words}</button>
                    </form>
                </li>
            }
        })
        .collect();
    let none = items.is_empty().then(|| view! { <p class="soft">{t::seen_none(locale)}</p> });
    let rest = spans.len().saturating_sub(LISTED);
    let more =
        (rest > 0).then(|| view! { <p class="soft">{t::seen_more(locale, count(rest))}</p> });
    view! {
        <div class="stack-s">
            <h4>{t::seen(locale, count(spans.len()))}</h4>
            <ul class="plain-list">{items}</ul> {none} {more}
        </div>
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn add(locale: Locale, place: &Place, form: &Form, problems: &Problems) -> impl IntoView + use<> {
    let typing = form.text("act") == "add";
    let value = |name: &str| if typing { form.text(name).to_owned() } else { String::new() };
    let tour = (!place.tours.is_empty()).then(|| {
        let mut options = vec![(String::new(), t::all_tours(locale).to_owned())];
        options.extend(place.tours.iter().cloned());
        view! {
            <Select locale name="tour" label=t::tour(locale) options=options hint=t::tour_hint(locale)
                value=value("tour") error=problems.of("tour") optional=true/>
        }
    });
    view! {
        <section class="panel stack" aria-labelledby="add-title" id="add">
            <h2 class="panel-title" id="add-title">{t::add(locale)}</h2>
            <p>{t::add_text(locale)}</p>
            <form class="form" method="post" action=format!("{}#add", place.here) novalidate>
                <Hidden name="act" value="add"/>
                <TextField locale name="name" label=t::name(locale) hint=t::name_hint(locale) maxlength=60
                    value=value("name") error=problems.of("name")/>
                <TextField locale name="url" label=t::url(locale) hint=t::url_hint(locale) kind="url" inputmode="url"
                    value=value("url") error=problems.of("url")/>
                {tour}
                <button class="btn btn-primary">{icon("plus")}{t::add_now(locale)}</button>
            </form>
            <details>
                <summary>{t::where_title(locale)}</summary>
                <ul>
                    <li>{t::where_google(locale)}</li>
                    <li>{t::where_airbnb(locale)}</li>
                    <li>{t::where_apple(locale)}</li>
                    <li>{t::where_outlook(locale)}</li>
                </ul>
            </details>
        </section>
    }
}

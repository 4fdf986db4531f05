//! Participants of a run: the grid of who was there, names, certificates.

use engine::booking::Booking;
use engine::catalogue::Tour;
use engine::course::{Participant, Session};
use leptos::prelude::*;

use super::run::People;
use crate::api::form::{Form, Problems};
use crate::context::Visit;
use crate::t::course as t;
use crate::ui::field::{FieldError, Hidden, TextField};
use crate::ui::format;
use crate::ui::icon::icon;
use crate::ui::participants;

/// Beside a name: year of birth, and the school or who booked.
pub fn about(people: &People, booking: &Booking, one: &Participant) -> String {
    let born = one.guest.born.map(|year| year.to_string());
    let group = people.groups.get(&booking.id).map(|group| group.organisation.clone());
    let group = group.filter(|name| !name.is_empty());
    let booker = (booking.name != one.guest.name).then(|| booking.name.clone());
    [born, group.or(booker)].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A mark as a sign for the eye and a word for the ear.
pub fn mark(locale: crate::Locale, one: &Participant, session: &Session) -> impl IntoView + use<> {
    let (state, sign, words) = match one.marks.get(&session.id) {
        Some(true) => ("present", "✓", t::present(locale)),
        Some(false) => ("missing", "–", t::missing(locale)),
        None => ("open", "", t::unmarked(locale)),
    };
    view! {
        <td class="roll-mark" data-state=state>
            <span aria-hidden="true">{sign}</span><span class="visually-hidden">{words}</span>
        </td>
    }
}

pub fn grid(
    visit: &Visit,
    people: &People,
    tour: &Tour,
    owner: bool,
    page: &str,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let live = people.roll.live();
    let needed = tour.course.as_ref().map_or(0, |course| course.needed);
    let heads: Vec<_> = live
        .iter()
        .map(|session| {
            let href = format!("{page}/attendance?session={}", session.id);
            let date = format::day_month(locale, session.local_date);
            view! {
                <th scope="col" class="roll-mark"><a href=href>
                    <span class="visually-hidden">{t::session_word(locale)} " "</span>
                    <b>{session.position}</b><span>{date}</span>
                </a></th>
            }
        })
        .collect();
    let rows: Vec<_> = people
        .roll
        .participants()
        .map(|(booking, one)| {
            let marks: Vec<_> = live.iter().map(|session| mark(locale, one, session)).collect();
            let attended = one.attended(&live);
            let holds = people
                .certificates
                .iter()
                .find(|certificate| certificate.guest_id == one.guest.id && certificate.is_valid());
            let paper = match holds {
                Some(certificate) => {
                    let href = visit.link(&format!("/certificates/{}", certificate.code));
                    view! { <a href=href>{certificate.label()}</a> }.into_any()
                }
                None if owner && attended >= needed => view! {
                    <form method="post" action=page.to_owned()>
                        <Hidden name="act" value="issue"/>
                        <Hidden name="guest" value=one.guest.id.to_string()/>
                        <button class="btn btn-small" aria-label=t::issue_to(locale, &one.guest.name)>
                            {t::issue(locale)}
                        </button>
                    </form>
                }
                .into_any(),
                None => ().into_any(),
            };
            view! {
                <tr>
                    <th scope="row">
                        {one.guest.name.clone()}
                        <span class="roll-about">{about(people, booking, one)}</span>
                    </th>
                    {marks}
                    <td class="num">{format!("{attended}/{}", live.len())}</td>
                    <td>{paper}</td>
                </tr>
            }
        })
        .collect();
    let ready = people.roll.participants().filter(|(_, one)| {
        let holds = people
            .certificates
            .iter()
            .any(|paper| paper.guest_id == one.guest.id && paper.is_valid());
        !holds && one.attended(&live) >= needed
    });
    let ready = i64::try_from(ready.count()).unwrap_or(i64::MAX);
    let issue_all = (owner && ready > 0).then(|| {
        view! {
            <form method="post" action=page.to_owned()>
                <Hidden name="act" value="issue"/>
                <button class="btn btn-good">{icon("check")}{t::issue_all(locale, ready)}</button>
            </form>
        }
    });
    let title = t::participants(locale);
    let body = if rows.is_empty() {
        view! { <p class="soft">{t::no_participants(locale)}</p> }.into_any()
    } else {
        view! {
            <div class="table-wrap" tabindex="0" role="group" aria-label=title>
                <table class="table roll">
                    <thead><tr>
                        <th scope="col">{t::name(locale)}</th>
                        {heads}
                        <th scope="col" class="num">{t::total(locale)}</th>
                        <th scope="col">{t::certificate(locale)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="soft small">{t::certificate_after(locale, i64::from(needed))}</p>
        }
        .into_any()
    };
    view! {
        <section class="stack" id="participants" aria-labelledby="participants-title">
            <h2 id="participants-title">{title}</h2>
            {body}
            {issue_all}
        </section>
    }
}

/// Parties with places that have no name yet.
pub fn unnamed(
    visit: &Visit,
    people: &People,
    page: &str,
    form: &Form,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    people
        .roll
        .parties
        .iter()
        .filter_map(|(booking, all)| {
            let named = i32::try_from(all.len()).unwrap_or(i32::MAX);
            let left = booking.people - named;
            if left <= 0 {
                return None;
            }
            let mine = form.text("booking") == booking.id.to_string();
            let (typed, wrong) = if mine {
                (form.clone(), problems.clone())
            } else {
                (Form::default(), Problems::default())
            };
            let title = t::unnamed(locale, i64::from(left), &booking.name);
            let open = mine && !problems.is_empty();
            Some(view! {
                <details class="fold" open=open>
                    <summary>{icon("people")}{title}</summary>
                    <div class="fold-body">
                        {participants::form_of(locale, page, booking.id, booking.people, &typed, &wrong)}
                    </div>
                </details>
            })
        })
        .collect_view()
}

/// Putting names right.
pub fn names(
    visit: &Visit,
    people: &People,
    page: &str,
    form: &Form,
    problems: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let mut open = false;
    let rows: Vec<_> = people
        .roll
        .participants()
        .map(|(_, one)| {
            let id = one.guest.id.to_string();
            let field = format!("name-{id}");
            let error = problems.of(&field);
            open |= !error.is_empty();
            let mine = form.text("guest") == id && form.text("act") == "rename";
            let born = one.guest.born.map(|year| year.to_string()).unwrap_or_default();
            let (name, born) = if mine {
                (form.text("name").to_owned(), form.text("born").to_owned())
            } else {
                (one.guest.name.clone(), born)
            };
            view! {
                <li>
                    <form class="rename" method="post" action=page.to_owned() novalidate>
                        <Hidden name="act" value="rename"/>
                        <Hidden name="guest" value=id.clone()/>
                        <div class="field">
                            <label for=field.clone()>{t::name(locale)}</label>
                            <input class="input" id=field.clone() name="name" value=name maxlength="120"/>
                            <FieldError id=field text=error/>
                        </div>
                        <div class="field">
                            <label for=format!("born-{id}")>{t::born(locale)}</label>
                            <input class="input" id=format!("born-{id}") name="born" value=born inputmode="numeric" maxlength="4"/>
                        </div>
                        <button class="btn">{crate::t::host::save(locale)}</button>
                    </form>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <details class="fold" open=open>
                <summary>{icon("edit")}{t::put_names_right(locale)}</summary>
                <div class="fold-body">
                    <p class="field-hint">{t::put_names_right_hint(locale)}</p>
                    <ul class="plain-list stack-s">{rows}</ul>
                </div>
            </details>
        }
    })
}

/// What was issued, and taking one back.
pub fn certificates(
    visit: &Visit,
    people: &People,
    owner: bool,
    page: &str,
    form: &Form,
    problems: &Problems,
) -> Option<impl IntoView + use<>> {
    let locale = visit.locale;
    let rows: Vec<_> = people
        .certificates
        .iter()
        .map(|paper| {
            let href = visit.link(&format!("/certificates/{}", paper.code));
            let id = paper.id.to_string();
            let field = format!("reason-{id}");
            let error = problems.of(&field);
            let open = !error.is_empty();
            let mine = form.text("certificate") == id;
            let value = if mine { form.text(&field).to_owned() } else { String::new() };
            let state = match paper.withdrawn_at {
                None => view! { <span class="badge" data-tone="celadon">{t::valid_short(locale)}</span> },
                Some(_) => view! { <span class="badge" data-tone="lacquer">{t::withdrawn_short(locale)}</span> },
            };
            let reason = (!paper.is_valid()).then(|| {
                view! { <p class="entry-text">{paper.withdrawn_reason.clone()}</p> }
            });
            let take_back = (owner && paper.is_valid()).then(|| {
                view! {
                    <details class="session-change" open=open>
                        <summary aria-label=t::withdraw_of(locale, &paper.name)>{t::withdraw(locale)}</summary>
                        <form class="stack-s" method="post" action=page.to_owned() novalidate>
                            <Hidden name="act" value="withdraw"/>
                            <Hidden name="certificate" value=id/>
                            <TextField locale name=field label=t::withdraw_reason(locale)
                                hint=t::withdraw_hint(locale) value=value error=error maxlength=500/>
                            <button class="btn btn-danger">{t::withdraw(locale)}</button>
                        </form>
                    </details>
                }
            });
            view! {
                <li class="entry">
                    <div>
                        <p class="entry-title"><a href=href>{paper.name.clone()}</a></p>
                        <p class="entry-text">{t::number(locale)} " " {paper.label()} " · " {format::date(locale, paper.issued_on)}</p>
                        {reason} {take_back}
                    </div>
                    <div>{state}</div>
                </li>
            }
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="papers-title">
                <h2 id="papers-title">{t::certificates(locale)}</h2>
                <ul class="entry-list">{rows}</ul>
            </section>
        }
    })
}

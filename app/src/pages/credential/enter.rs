//! Entering a credential: first which kind, then its form.

use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::Response;
use engine::Locale;
use engine::catalogue::Catalogue;
use engine::clock::local_date;
use engine::coop::{self, Coop};
use engine::credential::{
    self, CheckKind, Enter, Kind, MarkKind, Seat, TitleKind, VillageKind, words,
};
use engine::store::Conn;
use leptos::prelude::*;

use super::form::{Choices, Sent, claim, fields, file_field, seat_of};
use super::{Room, closed, refused, t};
use crate::api::form::{Form, Problems, fresh_key};
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::host::frame::see;
use crate::render::Page;
use crate::ui::field::{ErrorSummary, FormKey, Hidden};
use crate::ui::icon::icon;
use crate::ui::layout::{Head, breadcrumb};

/// Kinds that may be entered here, in groups.
type Groups = Vec<(&'static str, Vec<Kind>)>;

/// The co-op that a house manages.
async fn managed(conn: &mut Conn, visit: &Visit, room: &Room) -> Result<Option<Coop>, PageError> {
    let Room::House(desk) = room else { return Ok(None) };
    let house = credential::for_workshop(conn, &visit.actor, desk.id()).await.map_err(closed)?;
    Ok(house.coop.map(|(coop, _)| coop))
}

async fn offered(app: &App, visit: &Visit, room: &Room) -> Result<Groups, PageError> {
    let locale = visit.locale;
    let mut conn = app.store.read().await?;
    let any_mark = !credential::marks(&mut conn).await?.is_empty();
    let manages = managed(&mut conn, visit, room).await?.is_some();
    drop(conn);
    let office = matches!(room, Room::Office);
    let mut people = vec![Kind::Ocop];
    people.extend(TitleKind::ALL.iter().copied().map(Kind::Title));
    let mut marks = Vec::new();
    if office || manages {
        marks.extend(MarkKind::ALL.iter().copied().map(Kind::Mark));
    }
    if any_mark {
        marks.push(Kind::Licence);
    }
    let mut groups = vec![
        (t::group_ocop(locale), people),
        (t::group_check(locale), CheckKind::ALL.iter().copied().map(Kind::Check).collect()),
        (t::group_mark(locale), marks),
    ];
    if office {
        let mut villages = vec![Kind::WorldCraftCity];
        villages.extend(VillageKind::ALL.iter().copied().map(Kind::Village));
        groups.push((t::group_village(locale), villages));
    }
    groups.retain(|(_, kinds)| !kinds.is_empty());
    Ok(groups)
}

/// The list of kinds, or the form of the one that the address names.
pub async fn page(app: &App, visit: &Visit, room: Room) -> Result<Response, PageError> {
    let query = Form::of_query(&visit.query);
    let groups = offered(app, visit, &room).await?;
    let Some(kind) = Kind::parse(query.text("kind")) else {
        return Ok(choose(visit, room, groups));
    };
    if !groups.iter().any(|(_, kinds)| kinds.contains(&kind)) {
        return Err(PageError::NotFound);
    }
    answer(app, visit, room, kind, Form::default(), Problems::default()).await
}

fn choose(visit: &Visit, room: Room, groups: Groups) -> Response {
    let locale = visit.locale;
    let inner = visit.clone();
    Page::new(Head::host(t::add(locale))).render(visit, move || {
        let groups = groups
            .into_iter()
            .map(|(title, kinds)| {
                let lines = kinds
                    .into_iter()
                    .map(|kind| {
                        let href = room.at(&inner, &format!("/new?kind={kind}"));
                        view! {
                            <li class="entry">
                                <div>
                                    <h3 class="entry-title"><a class="card-link" href=href>{words::kind(locale, kind)}</a></h3>
                                    <p class="entry-text">{words::meaning(locale, kind)}</p>
                                </div>
                            </li>
                        }
                    })
                    .collect_view();
                view! {
                    <section class="stack"><h2>{title}</h2><ul class="entry-list">{lines}</ul></section>
                }
            })
            .collect_view();
        let steps = vec![(room.at(&inner, ""), t::title(locale).to_owned())];
        let body = view! {
            {breadcrumb(locale, steps)}
            <h1>{t::choose(locale)}</h1>
            <p class="lead">{t::choose_lead(locale)}</p>
            {groups}
        };
        room.frame(&inner, body)
    })
}

pub async fn create(
    app: &App,
    visit: &Visit,
    room: Room,
    upload: Multipart,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let Sent { form, uploads, mut problems } = Sent::read(locale, upload).await;
    let kind = Kind::parse(form.text("kind")).ok_or(PageError::Invalid)?;
    let seat = settled(app, visit, &room, kind, &form).await?;
    let claim = match claim(locale, kind, seat, &form, local_date(app.store.now())) {
        Ok(claim) if problems.is_empty() => claim,
        Ok(_) => return answer(app, visit, room, kind, form, problems).await,
        Err(mut more) => {
            more.append(problems);
            return answer(app, visit, room, kind, form, more).await;
        }
    };
    let actor = visit.actor.clone();
    let command = Enter { actor, claim, papers: uploads, form_key: form.key() };
    let done =
        app.store.write("enter credential", command, |tx, c| Box::pin(credential::enter(tx, c)));
    match done.await {
        Ok(id) => Ok(see(&room.at(visit, &format!("/{id}?done=sent")))),
        Err(error) => {
            problems.append(refused(locale, error, "papers")?);
            answer(app, visit, room, kind, form, problems).await
        }
    }
}

/// Whose it will be, by the room and by what was chosen.
async fn settled(
    app: &App,
    visit: &Visit,
    room: &Room,
    kind: Kind,
    form: &Form,
) -> Result<Option<Seat>, PageError> {
    let Room::House(desk) = room else { return Ok(seat_of(form.text("seat"))) };
    Ok(match kind {
        Kind::Mark(_) => {
            let mut conn = app.store.read().await?;
            managed(&mut conn, visit, room).await?.map(|coop| Seat::Coop(coop.id))
        }
        Kind::Licence => seat_of(form.text("seat")).or(Some(Seat::Workshop(desk.id()))),
        _ => Some(Seat::Workshop(desk.id())),
    })
}

/// What the lists of a new credential offer.
async fn choices(app: &App, visit: &Visit, room: &Room, kind: Kind) -> Result<Choices, PageError> {
    let catalogue = app.catalogue().await?;
    let mut conn = app.store.read().await?;
    let seats = match room {
        Room::Office => office_seats(&mut conn, visit.locale, &catalogue, kind).await?,
        // Who manages a co-op licenses its members.
        Room::House(_) if kind == Kind::Licence => match managed(&mut conn, visit, room).await? {
            Some(coop) => coop::members(&mut conn, coop.id)
                .await?
                .into_iter()
                .filter_map(|member| catalogue.workshop(member.workshop_id))
                .map(|shop| (format!("workshop:{}", shop.id), shop.name.clone()))
                .collect(),
            None => Vec::new(),
        },
        Room::House(_) => Vec::new(),
    };
    Ok(Choices { seats, ..lists(&mut conn, visit.locale, &catalogue, room).await? })
}

/// Tours and marks to choose from.
pub(super) async fn lists(
    conn: &mut Conn,
    locale: Locale,
    catalogue: &Catalogue,
    room: &Room,
) -> Result<Choices, PageError> {
    let tours = catalogue
        .tours
        .iter()
        .filter(|tour| match room {
            Room::House(desk) => tour.workshop_id == desk.id(),
            Room::Office => true,
        })
        .map(|tour| {
            let title = tour.title.text(locale);
            let name = match (room, catalogue.workshop(tour.workshop_id)) {
                (Room::Office, Some(shop)) => format!("{} · {title}", shop.name),
                _ => title.to_owned(),
            };
            (tour.id.to_string(), name)
        })
        .collect();
    let marks = credential::marks(conn).await?;
    let marks = marks
        .iter()
        .map(|mark| (mark.id.to_string(), format!("{} · {}", mark.subject, mark.mark_owner())))
        .collect();
    Ok(Choices { seats: Vec::new(), tours, marks })
}

async fn office_seats(
    conn: &mut Conn,
    locale: Locale,
    catalogue: &Catalogue,
    kind: Kind,
) -> Result<Vec<(String, String)>, PageError> {
    let villages = || {
        let all = catalogue.villages.iter();
        all.map(move |it| (format!("village:{}", it.id), it.name.text(locale).to_owned()))
    };
    Ok(match kind {
        Kind::WorldCraftCity | Kind::Village(_) => villages().collect(),
        Kind::Mark(_) => {
            let coops = coop::active(conn).await?.into_iter();
            let coops = coops.map(|coop| (format!("coop:{}", coop.id), coop.name));
            coops.chain(villages()).collect()
        }
        Kind::Ocop | Kind::Licence | Kind::Title(_) | Kind::Check(_) => {
            let shops = catalogue.workshops.iter();
            shops.map(|shop| (format!("workshop:{}", shop.id), shop.name.clone())).collect()
        }
    })
}

async fn answer(
    app: &App,
    visit: &Visit,
    room: Room,
    kind: Kind,
    form: Form,
    problems: Problems,
) -> Result<Response, PageError> {
    let locale = visit.locale;
    let choices = choices(app, visit, &room, kind).await?;
    let again = !problems.is_empty();
    let status = if again { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let key = if again { form.key() } else { fresh_key() };
    // The office may have seen the paper elsewhere, and who owns a mark needs none.
    let must =
        matches!(room, Room::House(_)) && (kind != Kind::Licence || choices.seats.is_empty());
    let button = match room {
        Room::House(_) => t::send(locale),
        Room::Office => t::enter(locale),
    };
    let inner = visit.clone();
    let title = words::kind(locale, kind);
    Ok(Page::new(Head::host(title)).status(status).render(visit, move || {
        let steps = vec![
            (room.at(&inner, ""), t::title(locale).to_owned()),
            (room.at(&inner, "/new"), t::add(locale).to_owned()),
        ];
        let body = view! {
            {breadcrumb(locale, steps)}
            <h1>{title}</h1>
            <p class="lead">{words::meaning(locale, kind)}</p>
            <ErrorSummary locale problems=problems.clone()/>
            <form class="form" method="post" action=room.at(&inner, "/new") enctype="multipart/form-data" novalidate>
                <FormKey key/>
                <Hidden name="kind" value=kind.word()/>
                <section class="panel stack" aria-labelledby="details">
                    <h2 class="panel-title" id="details">{t::details(locale)}</h2>
                    {fields(locale, kind, &choices, &form, &problems)}
                    {file_field(locale, must, again, &problems)}
                </section>
                <div class="save-bar">
                    <a class="btn btn-quiet" href=room.at(&inner, "")>{t::edit_leave(locale)}</a>
                    <button class="btn btn-primary" type="submit">{icon("check")}{button}</button>
                </div>
            </form>
        };
        room.frame(&inner, body)
    }))
}

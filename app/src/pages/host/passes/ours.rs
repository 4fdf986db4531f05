//! The passes of one author, a co-op or the office: what each lacks, and putting it on sale.

use engine::catalogue::Catalogue;
use engine::coop::Author;
use engine::pass::{self, Lack, Pass, Publish, Stop, lacks, of_author, stops_of};
use engine::store::Conn;
use engine::{PassId, WorkshopId};
use leptos::prelude::*;

use super::{of_pass, stop_lines};
use crate::api::form::Form;
use crate::context::{App, Visit};
use crate::error::PageError;
use crate::pages::visitor::pass::path;
use crate::t::pass as t;
use crate::ui::field::Hidden;
use crate::ui::icon::icon;
use crate::ui::prose::foreign;

/// A pass as its author sees it.
pub struct Listed {
    pub pass: Pass,
    stops: Vec<Stop>,
    lacks: Vec<Lack>,
}

pub async fn listed(
    conn: &mut Conn,
    catalogue: &Catalogue,
    author: Author,
) -> Result<Vec<Listed>, PageError> {
    let members: Vec<WorkshopId> =
        author.members(conn).await?.unwrap_or_default().into_iter().collect();
    let mut all = Vec::new();
    for pass in of_author(conn, author.coop()).await? {
        let stops = stops_of(conn, pass.id).await?;
        let lacks = lacks(catalogue, &pass, &stops, &members);
        all.push(Listed { pass, stops, lacks });
    }
    Ok(all)
}

/// Publishes a pass of this author, or takes it off sale; another's is not found.
pub async fn publish(
    app: &App,
    visit: &Visit,
    author: Author,
    form: &Form,
    published: bool,
) -> Result<&'static str, PageError> {
    let pass: PassId = form.text("pass").parse().map_err(|_| PageError::NotFound)?;
    of_this(&mut app.store.read().await?, author, pass).await?;
    let command = Publish { actor: visit.actor.clone(), pass, published };
    let done =
        app.store.write("publish pass", command, |tx, c| Box::pin(pass::publish(tx, c))).await;
    done.map_err(of_pass)?;
    Ok(if published { "published" } else { "unpublished" })
}

/// The pass, which must be of this author.
pub async fn of_this(conn: &mut Conn, author: Author, id: PassId) -> Result<Pass, PageError> {
    let found = pass::find(conn, id).await?;
    found.filter(|pass| Author::of(pass.coop_id) == author).ok_or(PageError::NotFound)
}

/// The list, with buttons for those who write passes. `here` is its address.
pub fn ours(
    visit: &Visit,
    catalogue: &Catalogue,
    all: &[Listed],
    here: &str,
    may_write: bool,
) -> impl IntoView + use<> {
    all.iter().map(|it| one(visit, catalogue, it, here, may_write)).collect_view()
}

fn one(
    visit: &Visit,
    catalogue: &Catalogue,
    listed: &Listed,
    here: &str,
    may_write: bool,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let pass = &listed.pass;
    let id = format!("p-{}", pass.id);
    let on_sale = listed.lacks.is_empty();
    let (tone, words) = match (on_sale, pass.published) {
        (true, _) => ("celadon", t::on_sale(locale)),
        (false, true) => ("terracotta", t::waiting(locale)),
        (false, false) => ("silk", t::draft(locale)),
    };
    let lacks: Vec<_> = listed
        .lacks
        .iter()
        .filter_map(|lack| lack_words(locale, catalogue, *lack))
        .map(|words| view! { <li>{words}</li> })
        .collect();
    let lacks = (!lacks.is_empty()).then(|| view! { <ul class="small">{lacks}</ul> });
    let see = on_sale.then(|| {
        view! { <a class="btn btn-small" href=visit.link(&path(&pass.slug))>{icon("eye")}{t::see_public(locale)}</a> }
    });
    let buttons = may_write.then(|| {
        let (act, words, class) = if pass.published {
            ("unpublish", t::unpublish(locale), "btn btn-small")
        } else {
            ("publish", t::publish(locale), "btn btn-small btn-primary")
        };
        view! {
            <a class="btn btn-small" href=format!("{here}/{}", pass.id)>{icon("edit")}{t::edit(locale)}</a>
            <form method="post" action=here.to_owned()>
                <Hidden name="pass" value=pass.id.to_string()/>
                <button class=class name="act" value=act>{words}</button>
            </form>
        }
    });
    view! {
        <section class="panel stack-s" aria-labelledby=id.clone()>
            <h3 class="panel-title" id=id.clone()>
                <span lang=foreign(&pass.title, locale)>{pass.title.text(locale).to_owned()}</span>
                " " <span class="badge" data-tone=tone>{words}</span>
            </h3>
            {stop_lines(visit, catalogue, &listed.stops)}
            {lacks}
            <div class="actions">{see} {buttons}</div>
        </section>
    }
}

/// None for a draft: its badge says so.
fn lack_words(locale: engine::Locale, catalogue: &Catalogue, lack: Lack) -> Option<String> {
    let name = |id| catalogue.workshop(id).map_or("", |shop| shop.name.as_str());
    Some(match lack {
        Lack::Unpublished => return None,
        Lack::Stops => t::lack_stops(locale).to_owned(),
        Lack::Asked(shop) => t::lack_asked(locale, name(shop)),
        Lack::Declined(shop) => t::lack_declined(locale, name(shop)),
        Lack::Left(shop) => t::lack_left(locale, name(shop)),
        Lack::Gone(shop) => t::lack_gone(locale, name(shop)),
        Lack::Adults => t::lack_adults(locale).to_owned(),
    })
}

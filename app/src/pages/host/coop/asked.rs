//! An invitation that waits for this workshop's answer.

use engine::catalogue::{Catalogue, Workshop};
use engine::coop::{Asked, Coop, Member};
use leptos::prelude::*;

use super::anchor;
use crate::api::form::Problems;
use crate::context::Visit;
use crate::pages::host::frame::at;
use crate::t::coop as t;
use crate::ui::coop::path;
use crate::ui::field::{FieldError, Hidden};
use crate::ui::format;
use crate::ui::prose::foreign;

pub(super) fn view(
    visit: &Visit,
    shop: &Workshop,
    catalogue: &Catalogue,
    asked: &Asked,
    members: &[Member],
    mine: Option<&Coop>,
    problems: &Problems,
) -> impl IntoView + use<> {
    let locale = visit.locale;
    let coop = &asked.coop;
    let id = anchor(asked.member.id);
    let error = problems.of(&id);
    let names: Vec<&str> = members
        .iter()
        .filter_map(|member| catalogue.workshop(member.workshop_id))
        .map(|house| house.name.as_str())
        .collect();
    let member = asked.member.id.to_string();
    let button = |act: &'static str, class: &'static str, words: &'static str| {
        view! {
            <form method="post" action=at(visit, shop, "/coop")>
                <Hidden name="act" value=act/>
                <Hidden name="member" value=member.clone()/>
                <button class=class>{words}</button>
            </form>
        }
    };
    // The engine would refuse; a button that can't work is worse than none.
    let accept = match mine {
        None => button("accept", "btn btn-primary", t::accept(locale)).into_any(),
        Some(mine) => {
            view! { <p class="soft">{t::asked_leave_first(locale, &mine.name)}</p> }.into_any()
        }
    };
    view! {
        <section class="panel" id=id.clone() aria-labelledby=format!("{id}-title")>
            <h2 class="panel-title" id=format!("{id}-title")>{t::asked_title(locale, &coop.name)}</h2>
            <p lang=foreign(&coop.summary, locale)>{coop.summary.text(locale).to_owned()}</p>
            <p>{t::asked_members(locale, format::list(locale, &names))}</p>
            <p><a href=visit.link(&path(coop))>{t::asked_more(locale)}</a></p>
            <FieldError id=id.clone() text=error/>
            <div class="actions">{accept} {button("decline", "btn", t::decline(locale))}</div>
        </section>
    }
}

//! What a record's page shows that stands in no chain: what its workshop is certified to be today, and of a
//! visitor's piece which one it stands in for, what was made in its place, and where it is followed.

use std::collections::HashMap;

use chrono::NaiveDate;
use engine::Locale;
use engine::craft::{self, Piece};
use engine::credential::{self, Holder};
use engine::provenance::{self, InForce, Line, Opened, Record, RecordKind};
use engine::store::Conn;
use leptos::prelude::*;

use crate::context::Visit;
use crate::error::PageError;
use crate::t::piece as tp;
use crate::t::provenance as t;
use crate::ui::icon::icon;
use crate::ui::{credential as ui, format};

pub(super) struct More {
    /// By the numbers of the entries that name certificates.
    in_force: HashMap<u32, InForce>,
    held: Vec<credential::Shown>,
    piece: Option<Piece>,
    before: Option<Record>,
    after: Option<Record>,
}

impl More {
    pub(super) async fn load(
        conn: &mut Conn,
        record: &Record,
        opened: &Opened,
        lines: &[Line],
        today: NaiveDate,
    ) -> Result<More, PageError> {
        let in_force = provenance::in_force(conn, lines, today).await?;
        let workshop = Holder::Workshop(record.workshop_id);
        let held = credential::shown(conn, &workshop, today).await?;
        let before = match opened.replaces {
            Some(old) => provenance::by_id(conn, old.record).await?,
            None => None,
        };
        let piece = match record.kind {
            RecordKind::Piece => craft::by_record(conn, record.id).await?,
            RecordKind::Lot => None,
        };
        let made = match &piece {
            Some(piece) => craft::made_for(conn, piece.id).await?,
            None => None,
        };
        let after = match made.and_then(|made| made.record_id) {
            Some(id) => provenance::by_id(conn, id).await?,
            None => None,
        };
        Ok(More { in_force, held, piece, before, after })
    }

    /// What this piece stands in for, and what stands in for it.
    pub(super) fn links(&self, visit: &Visit) -> Vec<(&'static str, AnyView)> {
        let locale = visit.locale;
        let link = |record: &Record| {
            let href = visit.link(&format!("/p/{}", record.code));
            let title = record.title.text(locale).to_owned();
            view! { <a href=href>{title}</a> }.into_any()
        };
        let before = self.before.as_ref().map(|old| (t::stands_for(locale), link(old)));
        let after = self.after.as_ref().map(|new| (t::made_again_as(locale), link(new)));
        before.into_iter().chain(after).collect()
    }

    /// Whether the certificate that an entry names still holds.
    pub(super) fn certificate(&self, locale: Locale, seq: u32) -> Option<AnyView> {
        let day = |day| format::date(locale, day);
        let (tone, words) = match self.in_force.get(&seq)? {
            InForce::Yes(Some(until)) => ("celadon", t::in_force_until(locale, day(*until))),
            InForce::Yes(None) => ("celadon", t::in_force(locale).to_owned()),
            InForce::Expired(until) => ("lacquer", t::expired_on(locale, day(*until))),
            InForce::No => ("lacquer", t::not_in_force(locale).to_owned()),
            InForce::Unverified => ("silk", t::unverified(locale).to_owned()),
        };
        Some(view! { <span class="badge" data-tone=tone>{words}</span> }.into_any())
    }

    /// What the workshop is certified to be: from the register of credentials, today.
    pub(super) fn held(&self, locale: Locale) -> Option<AnyView> {
        let panel = ui::panel(locale, &self.held)?;
        Some(
            view! {
                <div class="stack-s">
                    {panel}
                    <p class="small soft">{t::held_today(locale)}</p>
                </div>
            }
            .into_any(),
        )
    }

    /// Of a piece: where it is followed, and for its workshop its page at the desk.
    pub(super) fn follow(&self, visit: &Visit, opened: &Opened) -> Option<AnyView> {
        let locale = visit.locale;
        let piece = self.piece.as_ref()?;
        let way = visit.link(&format!("/pieces/{}", piece.code));
        let desk = visit.actor.must_serve(piece.workshop_id).is_ok().then(|| {
            let slug = &opened.workshop.slug;
            let href = visit.link(&format!("/host/{slug}/pieces/{}", piece.id));
            view! { <a class="btn" href=href>{icon("edit")}{tp::open_at_desk(locale)}</a> }
        });
        Some(
            view! {
                <div class="actions">
                    <a class="btn" href=way>{icon("pot")}{t::follow_piece(locale)}</a>
                    {desk}
                </div>
            }
            .into_any(),
        )
    }
}

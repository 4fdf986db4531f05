//! Designs: a picture, whose it is, under which licence, and who may use it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::error::{Field, PartnerError, Wrong, Wrongs};
use super::keeper::Keeper;
use super::model::{self, PartnerState};
use super::picture;
use super::read::Reader;
use crate::accounts::{Actor, audit};
use crate::catalogue::PHOTO_WIDTHS;
use crate::catalogue::photos::Prepared;
use crate::coop;
use crate::store::{Conn, StoreError, Tx};
use crate::{
    CoopId, DesignId, Localized, PartnerId, PhotoId, WorkshopId, columns, params, stored_enum,
};

const MAX_TITLE: usize = 120;
const MAX_ABOUT: usize = 1_000;
const MAX_LICENCE: usize = 600;

stored_enum! {
    /// What others may do with a design.
    pub enum Licence {
        /// All rights stay with the designer; who uses it has agreed that with them.
        Agreement = "agreement",
        CcBy = "cc_by",
        CcBySa = "cc_by_sa",
        CcByNc = "cc_by_nc",
        /// In the designer's own words.
        Own = "own",
    }
}

impl Licence {
    /// Where its text is to be read.
    pub const fn url(self) -> Option<&'static str> {
        match self {
            Licence::CcBy => Some("https://creativecommons.org/licenses/by/4.0/"),
            Licence::CcBySa => Some("https://creativecommons.org/licenses/by-sa/4.0/"),
            Licence::CcByNc => Some("https://creativecommons.org/licenses/by-nc/4.0/"),
            Licence::Agreement | Licence::Own => None,
        }
    }
}

stored_enum! {
    /// Whose tours may use a design.
    pub enum SharedWith {
        /// The workshop's that keeps it.
        Workshop = "workshop",
        /// Those of its co-op.
        Coop = "coop",
        All = "all",
    }
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Design {
    pub id: DesignId,
    pub workshop_id: Option<WorkshopId>,
    pub coop_id: Option<CoopId>,
    pub partner_id: Option<PartnerId>,
    /// As credited and as rules name them; empty for the house's own.
    pub designer: String,
    pub title: Localized,
    pub about: Localized,
    pub licence: Licence,
    pub licence_words: Localized,
    pub shared_with: SharedWith,
    pub picture_id: PhotoId,
    pub width: i32,
    pub height: i32,
    pub retired: bool,
    pub version: i32,
    pub created_at: DateTime<Utc>,
}

impl Design {
    pub fn keeper(&self) -> Result<Keeper, PartnerError> {
        Keeper::of(self.workshop_id, self.coop_id)
    }

    /// Widths of its copies; a small picture has fewer.
    pub fn widths(&self) -> impl Iterator<Item = i32> + use<> {
        let own = self.width;
        PHOTO_WIDTHS.into_iter().filter(move |width| *width < own).chain([own])
    }
}

/// A design as typed; its picture comes beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DesignInput {
    pub title: Localized,
    pub about: Localized,
    /// The id of a partner; empty for the house's own.
    pub partner: String,
    pub licence: String,
    pub licence_words: Localized,
    pub shared_with: String,
}

impl DesignInput {
    /// What the editor begins with.
    pub fn of(design: &Design) -> Self {
        Self {
            title: design.title.clone(),
            about: design.about.clone(),
            partner: design.partner_id.map(|id| id.to_string()).unwrap_or_default(),
            licence: design.licence.to_string(),
            licence_words: design.licence_words.clone(),
            shared_with: design.shared_with.to_string(),
        }
    }
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesignData {
    title: Localized,
    about: Localized,
    partner: Option<PartnerId>,
    licence: Licence,
    licence_words: Localized,
    shared_with: SharedWith,
}

impl DesignData {
    /// A co-op's design is never one workshop's alone; own words must be said.
    pub fn parse(input: &DesignInput, keeper: Keeper) -> Result<Self, Wrongs> {
        let mut reader = Reader::default();
        let title = reader.texts(Field::Title, &input.title, MAX_TITLE);
        let about = reader.optional_texts(Field::About, &input.about, MAX_ABOUT);
        let named = input.partner.trim();
        let partner = if named.is_empty() {
            Some(None)
        } else {
            reader.choice(Field::Partner, named.parse().ok()).map(Some)
        };
        let licence = reader.choice(Field::Licence, Licence::parse(&input.licence));
        let words = &input.licence_words;
        let licence_words = if licence == Some(Licence::Own) {
            reader.texts(Field::LicenceWords, words, MAX_LICENCE)
        } else {
            reader.optional_texts(Field::LicenceWords, words, MAX_LICENCE)
        };
        let shared = SharedWith::parse(&input.shared_with)
            .filter(|with| *with != SharedWith::Workshop || keeper.workshop().is_some());
        let shared_with = reader.choice(Field::SharedWith, shared);
        let all = || Some((partner?, licence?, shared_with?));
        let data = all().map(|(partner, licence, shared_with)| DesignData {
            title,
            about,
            partner,
            licence,
            licence_words,
            shared_with,
        });
        reader.finish(data)
    }
}

pub(super) async fn by_id(conn: &mut Conn, id: DesignId) -> Result<Option<Design>, StoreError> {
    conn.fetch_optional("SELECT * FROM design WHERE id = $1", params![id]).await
}

/// One, for whoever keeps it.
pub async fn design(conn: &mut Conn, actor: &Actor, id: DesignId) -> Result<Design, PartnerError> {
    let found = by_id(conn, id).await?.ok_or(PartnerError::Unknown)?;
    found.keeper()?.must_keep(conn, actor).await?;
    Ok(found)
}

/// What a workshop or a co-op keeps, retired ones last.
pub async fn designs_of(
    conn: &mut Conn,
    workshop: Option<WorkshopId>,
    coop: Option<CoopId>,
) -> Result<Vec<Design>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM design WHERE workshop_id = $1 OR coop_id = $2 \
         ORDER BY CASE WHEN retired THEN 1 ELSE 0 END, created_at, id",
        params![workshop, coop],
    )
    .await
}

/// All that is not retired, for everybody to see.
pub async fn public_designs(conn: &mut Conn) -> Result<Vec<Design>, StoreError> {
    conn.fetch_all(
        "SELECT * FROM design WHERE NOT retired ORDER BY created_at DESC, id DESC",
        vec![],
    )
    .await
}

/// Designs that a workshop may take for its tours; $1 is the workshop, $2 its co-op, $3 one design or NULL.
const USABLE: &str = "SELECT design.* FROM design LEFT JOIN coop_member member \
     ON member.workshop_id = design.workshop_id AND member.state = 'active' \
     WHERE NOT design.retired AND ($3 IS NULL OR design.id = $3) \
     AND (design.workshop_id = $1 OR design.shared_with = 'all' \
     OR (design.shared_with = 'coop' AND COALESCE(design.coop_id, member.coop_id) = $2)) \
     ORDER BY design.created_at, design.id";

/// Its own, its co-op's, and those that all may use.
pub async fn usable_by(conn: &mut Conn, workshop: WorkshopId) -> Result<Vec<Design>, StoreError> {
    let coop = coop::of_workshop(conn, workshop).await?.map(|coop| coop.id);
    conn.fetch_all(USABLE, params![workshop, coop, None::<DesignId>]).await
}

/// Whether a workshop may take this one.
pub(super) async fn may_use(
    conn: &mut Conn,
    workshop: WorkshopId,
    design: DesignId,
) -> Result<bool, StoreError> {
    let coop = coop::of_workshop(conn, workshop).await?.map(|coop| coop.id);
    let found: Option<Design> =
        conn.fetch_optional(USABLE, params![workshop, coop, design]).await?;
    Ok(found.is_some())
}

#[derive(Debug, Clone)]
pub struct SaveDesign {
    pub actor: Actor,
    /// Of a new one.
    pub keeper: Keeper,
    /// Of one that is there: its id and the version that the editor read.
    pub design: Option<(DesignId, i32)>,
    /// The same form is one design.
    pub form_key: String,
    pub data: DesignData,
    /// A new one needs it; one that is there keeps its own without.
    pub picture: Option<Arc<Prepared>>,
}

/// Adds a design, or changes what is said of one. Whose it is stays for ever: rules know the name.
pub async fn save_design(tx: &mut Tx, command: SaveDesign) -> Result<DesignId, PartnerError> {
    match command.design {
        Some((id, version)) => change(tx, id, version, command).await,
        None => add(tx, command).await,
    }
}

async fn add(tx: &mut Tx, command: SaveDesign) -> Result<DesignId, PartnerError> {
    let SaveDesign { actor, keeper, form_key, data, picture, .. } = command;
    keeper.must_keep(tx, &actor).await?;
    let designer = match data.partner {
        Some(partner) => designer(tx, keeper, partner).await?,
        None => String::new(),
    };
    let known: Option<Design> =
        tx.fetch_optional("SELECT * FROM design WHERE form_key = $1", params![form_key]).await?;
    if let Some(known) = known {
        return if known.keeper()? == keeper { Ok(known.id) } else { Err(PartnerError::Unknown) };
    }
    let Some(prepared) = picture else {
        return Err(vec![(Field::Picture, Wrong::Missing)].into());
    };
    let id = DesignId::new(tx.now());
    let picture = picture::keep(tx, &prepared).await?;
    let row = columns! {
        id: id,
        form_key: form_key,
        workshop_id: keeper.workshop(),
        coop_id: keeper.coop(),
        partner_id: data.partner,
        designer: designer,
        title: data.title,
        about: data.about,
        licence: data.licence,
        licence_words: data.licence_words,
        shared_with: data.shared_with,
        picture_id: picture,
        width: prepared.width,
        height: prepared.height,
        retired: false,
        version: 1_i32,
        created_at: tx.now(),
    };
    tx.insert("design", row).await?;
    let detail = json!({ "title": data.title.vi });
    audit::record(tx, &actor, "design.add", id, keeper.workshop(), detail).await?;
    Ok(id)
}

/// The name of a partner of the house, or of its co-op, that agreed to be one.
async fn designer(tx: &mut Tx, keeper: Keeper, partner: PartnerId) -> Result<String, PartnerError> {
    let wrong = || PartnerError::Fields(vec![(Field::Partner, Wrong::Choice)]);
    let found = model::by_id(tx, partner).await?.ok_or_else(wrong)?;
    let coop = match keeper {
        Keeper::Workshop(workshop) => coop::of_workshop(tx, workshop).await?.map(|coop| coop.id),
        Keeper::Coop(coop) => Some(coop),
    };
    let ours = match found.keeper()? {
        Keeper::Workshop(workshop) => keeper.workshop() == Some(workshop),
        Keeper::Coop(theirs) => coop == Some(theirs),
    };
    if ours && found.state == PartnerState::Agreed { Ok(found.name) } else { Err(wrong()) }
}

async fn change(
    tx: &mut Tx,
    id: DesignId,
    version: i32,
    command: SaveDesign,
) -> Result<DesignId, PartnerError> {
    let SaveDesign { actor, data, picture, .. } = command;
    let before = design(tx, &actor, id).await?;
    if data.shared_with == SharedWith::Workshop && before.workshop_id.is_none() {
        return Err(vec![(Field::SharedWith, Wrong::Choice)].into());
    }
    let (picture, width, height) = match &picture {
        Some(prepared) => {
            picture::forget(tx, before.picture_id).await?;
            (picture::keep(tx, prepared).await?, prepared.width, prepared.height)
        }
        None => (before.picture_id, before.width, before.height),
    };
    let row = columns! {
        title: data.title,
        about: data.about,
        licence: data.licence,
        licence_words: data.licence_words,
        shared_with: data.shared_with,
        picture_id: picture,
        width: width,
        height: height,
        version: version + 1,
    };
    if tx.update("design", row, columns! { id: id, version: version }).await? == 0 {
        return Err(PartnerError::Changed);
    }
    let detail = json!({ "title": data.title.vi });
    audit::record(tx, &actor, "design.change", id, before.workshop_id, detail).await?;
    Ok(id)
}

/// Takes a design off the lists, or puts it back.
#[derive(Debug, Clone)]
pub struct Retire {
    pub actor: Actor,
    pub design: DesignId,
    pub retired: bool,
}

/// Where it is in use it stays, with the designer's share.
pub async fn retire(tx: &mut Tx, command: Retire) -> Result<(), PartnerError> {
    let Retire { actor, design: id, retired } = command;
    let before = design(tx, &actor, id).await?;
    if before.retired == retired {
        return Ok(());
    }
    let row = columns! { retired: retired, version: before.version + 1 };
    tx.update_one("design", row, columns! { id: id }).await?;
    let verb = if retired { "design.retire" } else { "design.restore" };
    audit::record(tx, &actor, verb, id, before.workshop_id, json!({})).await?;
    Ok(())
}

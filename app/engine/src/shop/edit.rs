//! What a host says of a piece; and what part of its shelf's sales a co-op has.

use chrono::Days;
use serde_json::json;

use super::error::{Field, ShopError, Wrong, Wrongs, line_of, words_of};
use super::product::{Product, product};
use crate::accounts::{Actor, audit};
use crate::clock::local_date;
use crate::coop;
use crate::ledger::{self, How, PartyKind, RuleDraft, RuleOf, SaveRule, Share, Shares};
use crate::provenance::{self, code_in};
use crate::store::{Columns, Conn, StoreError, Tx};
use crate::text::{fold, slug_or};
use crate::{CoopId, Dong, Locale, Localized, ProductId, RecordId, WorkshopId, columns, params};

const MAX_TITLE: usize = 80;
const MAX_ABOUT: usize = 2000;
const MAX_LINE: usize = 200;
const PRICE: std::ops::RangeInclusive<Dong> = Dong(1_000)..=Dong(500_000_000);
const GRAMS: (i32, i32) = (1, 50_000);
const STOCK: (i32, i32) = (0, 10_000);
/// Pieces of one name, each with an address of its own.
const MOST_ALIKE: u32 = 200;

/// A piece as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductInput {
    pub title: Localized,
    pub about: Localized,
    pub materials: Localized,
    pub size: String,
    pub price: String,
    pub grams: String,
    pub one_off: bool,
    pub stock: String,
    /// On the co-op's shelf.
    pub shelf: bool,
    /// Where it stands there: a workshop's id; empty for the maker's own.
    pub place: String,
    /// Of the record that tells where it comes from; may be empty.
    pub lot: String,
}

/// The same, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductData {
    title: Localized,
    about: Localized,
    materials: Localized,
    size: String,
    price: Dong,
    grams: i32,
    one_off: bool,
    stock: i32,
    shelf: bool,
    place: Option<WorkshopId>,
    lot: Option<String>,
}

impl ProductData {
    pub fn parse(input: &ProductInput) -> Result<ProductData, ShopError> {
        let mut wrongs = Vec::new();
        let line = |text: &Localized, field: fn(Locale) -> Field, max, wrongs: &mut Wrongs| {
            // Vietnamese is required, English is not.
            let vi = line_of(&text.vi, field(Locale::Vi), (max, true), wrongs);
            Localized { vi, en: line_of(&text.en, field(Locale::En), (max, false), wrongs) }
        };
        let title = line(&input.title, Field::Title, MAX_TITLE, &mut wrongs);
        let about = Localized {
            vi: words_of(&input.about.vi, Field::About(Locale::Vi), (MAX_ABOUT, true), &mut wrongs),
            en: words_of(
                &input.about.en,
                Field::About(Locale::En),
                (MAX_ABOUT, false),
                &mut wrongs,
            ),
        };
        let materials = line(&input.materials, Field::Materials, MAX_LINE, &mut wrongs);
        let size = line_of(&input.size, Field::Size, (MAX_LINE, false), &mut wrongs);
        let price = input.price.parse().ok().filter(|price| PRICE.contains(price));
        if price.is_none() {
            wrongs.push((Field::Price, Wrong::Amount));
        }
        let grams = number(&input.grams, Field::Grams, GRAMS, &mut wrongs);
        let stock = number(&input.stock, Field::Stock, STOCK, &mut wrongs);
        if input.one_off && stock.is_some_and(|stock| stock > 1) {
            wrongs.push((Field::Stock, Wrong::OneOff));
        }
        let place = input.place.trim();
        let place =
            if place.is_empty() || !input.shelf { Ok(None) } else { place.parse().map(Some) };
        if place.is_err() {
            wrongs.push((Field::Place, Wrong::Choice));
        }
        let typed = input.lot.trim();
        let lot = code_in(typed);
        if lot.is_none() && !typed.is_empty() {
            wrongs.push((Field::Lot, Wrong::Lot));
        }
        match (price, grams, stock) {
            (Some(price), Some(grams), Some(stock)) if wrongs.is_empty() => Ok(ProductData {
                title,
                about,
                materials,
                size,
                price,
                grams,
                one_off: input.one_off,
                stock,
                shelf: input.shelf,
                place: place.unwrap_or_default(),
                lot,
            }),
            _ => Err(ShopError::Fields(wrongs)),
        }
    }

    /// What is looked for.
    fn search(&self) -> String {
        let words = [&self.title, &self.materials, &self.about];
        let words: Vec<&str> =
            words.into_iter().flat_map(|text| [text.vi.as_str(), text.en.as_str()]).collect();
        fold(&words.join(" "))
    }
}

fn number(text: &str, field: Field, (min, max): (i32, i32), wrongs: &mut Wrongs) -> Option<i32> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    let read = digits.parse().ok().filter(|it| (min..=max).contains(it));
    if read.is_none() {
        wrongs.push((field, Wrong::Number { min, max }));
    }
    read
}

#[derive(Debug, Clone)]
pub struct Save {
    pub actor: Actor,
    pub workshop: WorkshopId,
    /// None: a new one.
    pub product: Option<ProductId>,
    pub data: ProductData,
    /// Made with the form: the same form sent again is the same piece.
    pub form_key: String,
    /// File name of a drawing; hosts have photographs instead.
    pub illustration: String,
}

/// Writes a piece; a new one is a draft. What was ordered keeps what it was.
pub async fn save_product(tx: &mut Tx, command: Save) -> Result<Product, ShopError> {
    let Save { actor, workshop, product: id, data, form_key, illustration } = command;
    actor.must_own(workshop)?;
    let coop = if data.shelf {
        let coop = coop::of_workshop(tx, workshop).await?;
        let none = || ShopError::Fields(vec![(Field::Place, Wrong::Choice)]);
        Some(coop.ok_or_else(none)?.id)
    } else {
        None
    };
    let place = stands(tx, workshop, coop, data.place).await?;
    let record = lot_of(tx, workshop, data.lot.as_deref()).await?;
    let search = data.search();
    let row = columns! {
        coop_id: coop,
        place_id: place,
        title: data.title,
        about: data.about,
        materials: data.materials,
        size: data.size,
        search: search,
        price: data.price,
        grams: data.grams,
        record_id: record,
        updated_at: tx.now(),
    };
    let id = if let Some(id) = id {
        owned(tx, &actor, id).await?;
        tx.update_one("shop_product", row, columns! { id: id }).await?;
        count(tx, id, data.stock, data.one_off).await?;
        id
    } else {
        let sql = "SELECT id FROM shop_product WHERE form_key = $1";
        let known: Option<(ProductId,)> = tx.fetch_optional(sql, params![form_key]).await?;
        if let Some((id,)) = known {
            return product(tx, id).await?.ok_or(ShopError::Unknown);
        }
        let id = ProductId::new(tx.now());
        let fixed = columns! {
            id: id,
            form_key: form_key,
            workshop_id: workshop,
            illustration: illustration,
            one_off: data.one_off,
            stock: data.stock,
            taken: 0_i32,
            published: false,
            created_at: tx.now(),
        };
        insert(tx, &slug_or(&data.title.vi, "mon"), fixed.and(row)).await?;
        id
    };
    let detail = json!({ "title": data.title.vi, "price": data.price });
    audit::record(tx, &actor, "shop.save", id, Some(workshop), detail).await?;
    product(tx, id).await?.ok_or(ShopError::Unknown)
}

/// Writes a new piece under the first address of its name that is free.
async fn insert(tx: &mut Tx, base: &str, row: Columns) -> Result<(), StoreError> {
    for number in 1..=MOST_ALIKE {
        let slug = if number == 1 { base.to_owned() } else { format!("{base}-{number}") };
        if tx.insert_if_new("shop_product", row.clone().and(columns! { slug: slug })).await? {
            return Ok(());
        }
    }
    // The same form at the same time, or a name that is everybody's.
    Err(StoreError::Abandoned("no free address for a piece".into()))
}

/// Where it stands: with its maker, or with a member of the co-op whose shelf it is on.
async fn stands(
    conn: &mut Conn,
    maker: WorkshopId,
    coop: Option<CoopId>,
    place: Option<WorkshopId>,
) -> Result<WorkshopId, ShopError> {
    let (Some(coop), Some(place)) = (coop, place) else { return Ok(maker) };
    let members = coop::members(conn, coop).await?;
    if members.iter().any(|member| member.workshop_id == place) {
        Ok(place)
    } else {
        Err(ShopError::Fields(vec![(Field::Place, Wrong::Choice)]))
    }
}

async fn lot_of(
    conn: &mut Conn,
    workshop: WorkshopId,
    code: Option<&str>,
) -> Result<Option<RecordId>, ShopError> {
    let Some(code) = code else { return Ok(None) };
    let found = provenance::by_code(conn, code).await?;
    let found = found.filter(|record| record.workshop_id == workshop && record.is_live());
    match found {
        Some(record) => Ok(Some(record.id)),
        None => Err(ShopError::Fields(vec![(Field::Lot, Wrong::Lot)])),
    }
}

async fn owned(conn: &mut Conn, actor: &Actor, id: ProductId) -> Result<Product, ShopError> {
    let found = product(conn, id).await?.ok_or(ShopError::Unknown)?;
    actor.must_own(found.workshop_id)?;
    Ok(found)
}

/// Says how many there are: never fewer than orders have.
async fn count(tx: &mut Tx, id: ProductId, stock: i32, one_off: bool) -> Result<(), ShopError> {
    if one_off && stock > 1 {
        return Err(ShopError::Fields(vec![(Field::Stock, Wrong::OneOff)]));
    }
    let changed = tx
        .execute(
            "UPDATE shop_product SET stock = $1, one_off = $2 WHERE id = $3 AND taken <= $1",
            params![stock, one_off, id],
        )
        .await?;
    if changed == 1 {
        return Ok(());
    }
    let taken = product(tx, id).await?.ok_or(ShopError::Unknown)?.taken;
    Err(ShopError::Fields(vec![(Field::Stock, Wrong::Taken { taken })]))
}

#[derive(Debug, Clone)]
pub struct SetStock {
    pub actor: Actor,
    pub product: ProductId,
    /// As it was typed.
    pub stock: String,
}

/// Somebody counted the shelf; staff may, too.
pub async fn set_stock(tx: &mut Tx, command: SetStock) -> Result<(), ShopError> {
    let SetStock { actor, product: id, stock } = command;
    let found = product(tx, id).await?.ok_or(ShopError::Unknown)?;
    actor.must_serve(found.workshop_id)?;
    let mut wrongs = Vec::new();
    let Some(stock) = number(&stock, Field::Stock, STOCK, &mut wrongs) else {
        return Err(ShopError::Fields(wrongs));
    };
    count(tx, id, stock, found.one_off).await?;
    let detail = json!({ "title": found.title.vi, "stock": stock });
    audit::record(tx, &actor, "shop.stock", id, Some(found.workshop_id), detail).await?;
    Ok(())
}

#[derive(Debug, Clone)]
pub struct Publish {
    pub actor: Actor,
    pub product: ProductId,
    pub published: bool,
}

/// Shows a piece to guests, or takes it off. Orders stay as they are.
pub async fn publish(tx: &mut Tx, command: Publish) -> Result<(), ShopError> {
    let Publish { actor, product: id, published } = command;
    let found = owned(tx, &actor, id).await?;
    let row = columns! { published: published, updated_at: tx.now() };
    tx.update_one("shop_product", row, columns! { id: id }).await?;
    let verb = if published { "shop.publish" } else { "shop.unpublish" };
    let detail = json!({ "title": found.title.vi });
    audit::record(tx, &actor, verb, id, Some(found.workshop_id), detail).await?;
    Ok(())
}

/// The co-op's part of what its shelf sells today, in hundredths of a per cent.
pub async fn sales_part(
    conn: &mut Conn,
    coop: CoopId,
    at: chrono::NaiveDate,
) -> Result<u32, ShopError> {
    let rule = ledger::in_force(conn, RuleOf::Sales(coop), at).await?;
    let shares = rule.and_then(|rule| rule.shares);
    let part = shares.as_ref().and_then(|shares| {
        shares.iter().find_map(|share| match (share.to, share.how) {
            (PartyKind::CoopFund, How::Percent(hundredths)) => Some(hundredths),
            _ => None,
        })
    });
    Ok(part.unwrap_or(0))
}

#[derive(Debug, Clone)]
pub struct SaveSalesPart {
    pub actor: Actor,
    pub coop: CoopId,
    /// Whole per cent, as it was typed.
    pub percent: String,
}

/// A manager says what part the co-op has from tomorrow on; the rest is the maker's.
pub async fn save_sales_part(tx: &mut Tx, command: SaveSalesPart) -> Result<(), ShopError> {
    let SaveSalesPart { actor, coop, percent } = command;
    let read = percent.trim().trim_end_matches('%').trim().parse::<u32>().ok();
    let wrong = || ShopError::Fields(vec![(Field::Percent, Wrong::Percent)]);
    let percent = read.filter(|percent| *percent <= 50).ok_or_else(wrong)?;
    let rest = Share { to: PartyKind::Workshop, name: String::new(), how: How::Rest };
    let mut shares = vec![rest];
    if percent > 0 {
        let how = How::Percent(percent * 100);
        shares.insert(0, Share { to: PartyKind::CoopFund, name: String::new(), how });
    }
    let shares = Shares::new(shares).map_err(|_| wrong())?;
    let valid_from = local_date(tx.now()) + Days::new(1);
    let draft = RuleDraft { shares: Some(shares), valid_from };
    ledger::save_rule(tx, SaveRule { actor, of: RuleOf::Sales(coop), draft }).await?;
    Ok(())
}

//! What visitors find: by words, craft, village, workshop and price.

use sqlx::AssertSqlSafe;

use super::photo::firsts;
use super::product::{Product, ProductPhoto, photos_of};
use crate::catalogue::{Catalogue, Craft, Workshop};
use crate::store::{Bind, Conn, Param, StoreError, placeholders};
use crate::text::fold;
use crate::{CoopId, Dong, ProductId, VillageId, WorkshopId, stored_enum};

/// Pieces on a page.
const PAGE: i64 = 24;
/// Words that are looked for; more say nothing more.
const WORDS: usize = 6;

stored_enum! {
    pub enum Sort { Newest = "newest", Cheapest = "cheapest", Dearest = "dearest" }
}

/// What is asked for; nothing asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    pub q: String,
    pub craft: Option<Craft>,
    pub village: Option<VillageId>,
    pub workshop: Option<WorkshopId>,
    pub coop: Option<CoopId>,
    pub price_max: Option<Dong>,
    pub sort: Option<Sort>,
    /// From 0.
    pub page: u32,
}

/// A page of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    pub products: Vec<Product>,
    /// The first of each.
    pub photos: Vec<ProductPhoto>,
    pub all: i64,
    pub pages: u32,
}

impl Found {
    pub fn photo(&self, product: ProductId) -> Option<&ProductPhoto> {
        self.photos.iter().find(|photo| photo.product_id == product)
    }
}

/// Looks for pieces on sale; those that are sold out come last.
pub async fn search(
    conn: &mut Conn,
    catalogue: &Catalogue,
    search: &Search,
) -> Result<Found, StoreError> {
    let Some((conditions, mut values)) = conditions(catalogue, search) else {
        return Ok(Found::default());
    };
    let all = counted(conn, &conditions, values.clone()).await?;
    let order = match search.sort {
        Some(Sort::Cheapest) => "price, created_at DESC",
        Some(Sort::Dearest) => "price DESC, created_at DESC",
        Some(Sort::Newest) | None => "created_at DESC",
    };
    values.push(PAGE.bind());
    values.push((PAGE * i64::from(search.page)).bind());
    let sql = format!(
        "SELECT * FROM shop_product WHERE {conditions} \
         ORDER BY CASE WHEN taken < stock THEN 0 ELSE 1 END, {order}, id LIMIT ${} OFFSET ${}",
        values.len() - 1,
        values.len(),
    );
    let products: Vec<Product> = conn.fetch_all(AssertSqlSafe(sql), values).await?;
    let ids: Vec<ProductId> = products.iter().map(|product| product.id).collect();
    let photos = firsts(photos_of(conn, &ids).await?);
    let pages = u32::try_from((all + PAGE - 1) / PAGE).unwrap_or(u32::MAX);
    Ok(Found { products, photos, all, pages })
}

/// How many pieces that would find.
pub async fn count(
    conn: &mut Conn,
    catalogue: &Catalogue,
    search: &Search,
) -> Result<i64, StoreError> {
    match conditions(catalogue, search) {
        Some((conditions, values)) => counted(conn, &conditions, values).await,
        None => Ok(0),
    }
}

async fn counted(conn: &mut Conn, conditions: &str, values: Vec<Param>) -> Result<i64, StoreError> {
    let sql = format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM shop_product WHERE {conditions}");
    let (all,): (i64,) = conn.fetch_one(AssertSqlSafe(sql), values).await?;
    Ok(all)
}

/// What a piece must be, in SQL with its values. Workshops, villages and crafts are looked up in the
/// catalogue, so one statement over the pieces is enough; None where no workshop is what is asked for.
fn conditions(catalogue: &Catalogue, search: &Search) -> Option<(String, Vec<Param>)> {
    let wanted = |workshop: &&Workshop| {
        let village = catalogue.village(workshop.village_id);
        search.workshop.is_none_or(|id| id == workshop.id)
            && search.village.is_none_or(|id| id == workshop.village_id)
            && search.craft.is_none_or(|craft| village.is_some_and(|it| it.craft == craft))
    };
    let makers: Vec<WorkshopId> =
        catalogue.workshops.iter().filter(wanted).map(|workshop| workshop.id).collect();
    if makers.is_empty() {
        return None;
    }
    let mut values: Vec<Param> = Vec::new();
    let mut conditions = vec!["published".to_owned()];
    if makers.len() < catalogue.workshops.len() {
        conditions.push(among(&mut values, &makers));
    }
    if let Some(coop) = search.coop {
        values.push(coop.bind());
        conditions.push(format!("coop_id = ${}", values.len()));
    }
    if let Some(most) = search.price_max {
        values.push(most.bind());
        conditions.push(format!("price <= ${}", values.len()));
    }
    let folded = fold(&search.q);
    for word in folded.split_whitespace().take(WORDS) {
        // The pattern's own signs are passed over.
        let plain: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        if plain.is_empty() {
            continue;
        }
        values.push(format!("%{plain}%").bind());
        let mut either = format!("search LIKE ${}", values.len());
        let named: Vec<WorkshopId> = catalogue
            .workshops
            .iter()
            .filter(|workshop| names(catalogue, workshop).contains(&plain))
            .map(|workshop| workshop.id)
            .collect();
        if !named.is_empty() {
            either = format!("({either} OR {})", among(&mut values, &named));
        }
        conditions.push(either);
    }
    Some((conditions.join(" AND "), values))
}

fn among(values: &mut Vec<Param>, workshops: &[WorkshopId]) -> String {
    let marks = placeholders(values.len() + 1, workshops.len());
    values.extend(workshops.iter().map(Bind::bind));
    format!("workshop_id IN ({marks})")
}

/// What else a piece is known by.
fn names(catalogue: &Catalogue, workshop: &Workshop) -> String {
    let mut words = vec![workshop.name.as_str()];
    if let Some(village) = catalogue.village(workshop.village_id) {
        words.extend([village.name.vi.as_str(), village.name.en.as_str()]);
        words.extend([village.craft_name.vi.as_str(), village.craft_name.en.as_str()]);
    }
    fold(&words.join(" "))
}

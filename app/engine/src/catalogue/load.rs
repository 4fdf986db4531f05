//! Reads the whole catalogue: nine queries, however many tours there are.

use std::collections::HashMap;

use super::model::{Catalogue, Course, Photo, Tour, TourOption, Unit, Village, Workshop};
use crate::credential::{self, Register};
use crate::store::{Conn, StoreError};

pub(crate) async fn version(conn: &mut Conn) -> Result<i64, StoreError> {
    let (version,): (i64,) =
        conn.fetch_one("SELECT version FROM catalogue_version WHERE id = 1", vec![]).await?;
    Ok(version)
}

pub(crate) async fn load(conn: &mut Conn) -> Result<Catalogue, StoreError> {
    let villages: Vec<Village> =
        conn.fetch_all("SELECT * FROM village ORDER BY position, slug", vec![]).await?;
    let mut workshops: Vec<Workshop> =
        conn.fetch_all("SELECT * FROM workshop ORDER BY slug", vec![]).await?;
    let mut tours: Vec<Tour> =
        conn.fetch_all("SELECT * FROM tour ORDER BY position, slug", vec![]).await?;
    let mut options: Vec<TourOption> =
        conn.fetch_all("SELECT * FROM tour_option ORDER BY position, slug", vec![]).await?;
    let units: Vec<Unit> = conn.fetch_all("SELECT * FROM unit ORDER BY position", vec![]).await?;
    let photos: Vec<Photo> =
        conn.fetch_all("SELECT * FROM photo ORDER BY position, id", vec![]).await?;

    let option_at = index(&options, |option| option.id);
    for unit in units {
        if let Some(&at) = option_at.get(&unit.option_id) {
            options[at].units.push(unit);
        }
    }
    let courses: Vec<Course> = conn.fetch_all("SELECT * FROM course", vec![]).await?;
    let tour_by_id = index(&tours, |tour| tour.id);
    for course in courses {
        if let Some(&at) = tour_by_id.get(&course.tour_id) {
            tours[at].course = Some(course);
        }
    }
    for option in options {
        if let Some(&at) = tour_by_id.get(&option.tour_id) {
            tours[at].options.push(option);
        }
    }
    let workshop_by_id = index(&workshops, |workshop| workshop.id);
    for photo in photos {
        match photo.tour_id {
            Some(tour) => tour_by_id.get(&tour).map(|&at| tours[at].photos.push(photo)),
            None => {
                workshop_by_id.get(&photo.workshop_id).map(|&at| workshops[at].photos.push(photo))
            }
        };
    }
    let village_by_id = index(&villages, |village| village.id);
    let credentials = Register::new(credential::standing(conn).await?);
    let mut catalogue = Catalogue {
        villages,
        workshops,
        tours,
        credentials,
        village_by_id,
        workshop_by_id,
        tour_by_id,
    };
    fill_search_text(&mut catalogue);
    Ok(catalogue)
}

fn index<T, K: Eq + std::hash::Hash>(rows: &[T], key: impl Fn(&T) -> K) -> HashMap<K, usize> {
    rows.iter().enumerate().map(|(at, row)| (key(row), at)).collect()
}

fn fill_search_text(catalogue: &mut Catalogue) {
    let texts: Vec<String> = catalogue
        .tours
        .iter()
        .map(|tour| {
            let mut words = vec![tour.title.vi.as_str(), tour.title.en.as_str()];
            words.extend([tour.summary.vi.as_str(), tour.summary.en.as_str()]);
            if let Some((_, workshop, village)) = catalogue.place(tour.id) {
                words.push(&workshop.name);
                words.extend([village.name.vi.as_str(), village.name.en.as_str()]);
                words.extend([village.craft_name.vi.as_str(), village.craft_name.en.as_str()]);
                words.push(village.craft.word());
                words.extend([village.commune.as_str(), village.old_address.as_str()]);
            }
            crate::text::fold(&words.join(" "))
        })
        .collect();
    for (tour, text) in catalogue.tours.iter_mut().zip(texts) {
        tour.search_text = text;
    }
}

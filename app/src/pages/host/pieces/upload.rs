//! Forms that may carry photographs: their fields, and the pictures made ready.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::multipart::Multipart;
use engine::Locale;
use engine::catalogue::photos::prepare_aside;
use engine::craft::PhotoData;

use crate::api::form::{Form, Problems};
use crate::error::PageError;
use crate::pages::host::photos::{broken, of_photo, read};

/// Fields of one form; more are no form of ours.
const MAX_FIELDS: usize = 400;
/// Longest field that is no file, in bytes.
const MAX_TEXT: usize = 8 * 1024;

/// A form with its photographs, by the names of their fields.
#[derive(Debug, Default)]
pub struct Upload {
    pub form: Form,
    pub photos: HashMap<String, PhotoData>,
}

impl Upload {
    /// Reads all of it. What is wrong with a picture is said at its field, and nothing else is lost.
    pub async fn read(
        locale: Locale,
        body: Multipart,
        problems: &mut Problems,
    ) -> Result<Upload, PageError> {
        Self::read_some(locale, body, problems, |_| true).await
    }

    /// The same with the pictures of some fields alone, each once: anybody may send anything.
    pub async fn read_some(
        locale: Locale,
        mut body: Multipart,
        problems: &mut Problems,
        wanted: impl Fn(&str) -> bool + Send + Sync,
    ) -> Result<Upload, PageError> {
        let mut pairs = Vec::new();
        let mut photos = HashMap::new();
        loop {
            let field = match body.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => break,
                Err(error) => {
                    problems.add("main", broken(locale, &error));
                    break;
                }
            };
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_none() {
                let Ok(text) = field.text().await else { return Err(PageError::NotFound) };
                if pairs.len() < MAX_FIELDS && text.len() <= MAX_TEXT {
                    pairs.push((name, text));
                }
                continue;
            }
            let bytes = match read(field).await {
                Ok(bytes) => bytes,
                Err(error) => {
                    problems.add(name, broken(locale, &error));
                    break;
                }
            };
            // What a browser sends when no file was chosen.
            if bytes.is_empty() || !wanted(&name) || photos.contains_key(&name) {
                continue;
            }
            match prepare_aside(bytes).await {
                Ok(photo) => {
                    photos.insert(name, Arc::new(photo));
                }
                Err(error) => problems.add(name, of_photo(locale, error)?),
            }
        }
        Ok(Upload { form: Form::of_pairs(pairs), photos })
    }

    /// The photograph of a field.
    pub fn photo(&self, name: &str) -> Option<PhotoData> {
        self.photos.get(name).cloned()
    }
}

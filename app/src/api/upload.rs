//! A form with one file, as browsers send it (`multipart/form-data`).

use axum::extract::multipart::{Multipart, MultipartError};

use super::form::Form;

/// Longest text of one field, bytes.
const MAX_TEXT: usize = 2 * 1024 * 1024;

/// The fields as they were typed, and the file of the field that was asked for.
#[derive(Debug, Clone, Default)]
pub struct Upload {
    pub form: Form,
    /// None where no file was chosen. One that is too large is cut off one byte beyond the limit, so that
    /// the browser gets an answer and whoever reads it can tell.
    pub file: Option<Vec<u8>>,
}

impl Upload {
    pub async fn read(
        mut parts: Multipart,
        file: &str,
        max: usize,
    ) -> Result<Upload, MultipartError> {
        let mut fields = Vec::new();
        let mut content = None;
        while let Some(mut field) = parts.next_field().await? {
            let Some(name) = field.name().map(str::to_owned) else { continue };
            let is_file = name == file;
            let limit = if is_file { max } else { MAX_TEXT };
            let mut bytes = Vec::new();
            while let Some(chunk) = field.chunk().await? {
                let room = (limit + 1).saturating_sub(bytes.len()).min(chunk.len());
                bytes.extend_from_slice(chunk.get(..room).unwrap_or_default());
            }
            if !is_file {
                fields.push((name, String::from_utf8_lossy(&bytes).into_owned()));
            } else if !bytes.is_empty() {
                content = Some(bytes);
            }
        }
        Ok(Upload { form: Form::of_pairs(fields), file: content })
    }
}

//! What pieces of an option are made of, and where that comes from. Records of pieces begin with it.

use serde::{Deserialize, Serialize};

use super::error::{Field, Wrong, Wrongs, line_of};
use crate::provenance::Material;
use crate::{Localized, json_column};

/// Materials of one making.
pub const MAX_MATERIALS: usize = 3;
/// Longest name, in characters.
const MAX_NAME: usize = 120;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MaterialList(pub Vec<Material>);

json_column!(MaterialList);

/// Rows of name and origin as they were typed, read; empty ones are passed over.
pub(super) fn materials_of(rows: &[(Localized, Localized)], wrongs: &mut Wrongs) -> MaterialList {
    let mut materials = Vec::new();
    for (row, (name, origin)) in rows.iter().take(MAX_MATERIALS).enumerate() {
        let name = text_of(name, Field::Material(row), wrongs);
        let origin = text_of(origin, Field::Origin(row), wrongs);
        if [&name.vi, &name.en, &origin.vi, &origin.en].iter().all(|text| text.is_empty()) {
            continue;
        }
        for (text, field) in [(&name, Field::Material(row)), (&origin, Field::Origin(row))] {
            if text.vi.is_empty() {
                wrongs.push((field, Wrong::Missing));
            }
        }
        materials.push(Material { name, origin });
    }
    MaterialList(materials)
}

fn text_of(text: &Localized, field: Field, wrongs: &mut Wrongs) -> Localized {
    let mut read = |text: &str| line_of(text, field, MAX_NAME, wrongs);
    Localized { vi: read(&text.vi), en: read(&text.en) }
}

//! The site's icons, one file with a symbol for each.

use leptos::prelude::*;

use crate::assets;

/// An icon beside words that say the same; hidden from screen readers.
pub fn icon(name: &str) -> impl IntoView + use<> {
    let href = format!("{}#i-{name}", assets::url("icons.svg"));
    view! { <svg class="icon" aria-hidden="true"><use_ href=href></use_></svg> }
}

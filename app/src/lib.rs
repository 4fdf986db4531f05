//! What a person sees.
//!
//! Pages are plain functions on the server: an axum handler asks the engine, then renders a Leptos
//! view to HTML. Only `islands` is compiled to wasm as well.

// The types of views are as deep as their mark-up.
#![recursion_limit = "256"]

pub mod islands;

#[cfg(feature = "ssr")]
pub mod api;
#[cfg(feature = "ssr")]
pub mod assets;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod looks;
#[cfg(feature = "ssr")]
pub mod operator;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod render;
#[cfg(feature = "ssr")]
pub mod router;
#[cfg(feature = "ssr")]
pub mod session;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod workers;

/// The words of the interface, one function a message, from `locales/`.
#[cfg(feature = "ssr")]
#[expect(clippy::unreadable_literal, reason = "generated: places in the text, which nobody reads")]
pub mod t {
    include!(concat!(env!("OUT_DIR"), "/words.rs"));
}

#[cfg(feature = "ssr")]
pub use engine::Locale;

/// Brings the islands of a page to life; called by the script that the page carries.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
    // Tests wait for this before they click.
    if let Some(root) = leptos::prelude::document().document_element() {
        let _ = root.set_attribute("data-hydrated", "");
    }
}

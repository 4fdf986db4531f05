//! Text for places where Leptos may not put its own marks: titles, text areas, drawings, code to copy.

/// Text as it may stand in an attribute and between tags.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

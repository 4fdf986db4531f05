//! Calendars that stand in a frame of somebody else's page.
//!
//! They know nobody: no cookie is read or set, nothing is sent but the choice in the address. What
//! is binding happens on the site itself, in a window of its own.

pub mod files;
pub mod list;
pub mod snippet;
pub mod tour;

use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

use crate::api::form::Form;
use crate::context::Visit;
use crate::render::Page;
use crate::t::embed as t;
use crate::ui::icon::icon;
use crate::ui::layout::Head;
use crate::ui::look::Look;

/// What a frame shows: one tour, or all tours of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Tour,
    Workshop,
    Coop,
    Village,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Tour, Kind::Workshop, Kind::Coop, Kind::Village];

    /// As in `data-tour`.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Tour => "tour",
            Kind::Workshop => "workshop",
            Kind::Coop => "coop",
            Kind::Village => "village",
        }
    }

    /// As in an address: `/tours`.
    pub const fn folder(self) -> &'static str {
        match self {
            Kind::Tour => "tours",
            Kind::Workshop => "workshops",
            Kind::Coop => "coops",
            Kind::Village => "villages",
        }
    }
}

/// What a frame shows, by its name in addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    pub kind: Kind,
    pub slug: String,
}

impl Subject {
    pub fn new(kind: Kind, slug: impl Into<String>) -> Self {
        Self { kind, slug: slug.into() }
    }

    /// `workshops/gom-minh-hai`; None for what can't be a name of ours.
    fn parse(text: &str) -> Option<Self> {
        let (folder, slug) = text.split_once('/')?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.folder() == folder)?;
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (!slug.is_empty() && slug.bytes().all(fits)).then(|| Self::new(kind, slug))
    }

    /// Path of its page, without the language.
    pub fn page(&self) -> String {
        format!("/{}/{}", self.kind.folder(), self.slug)
    }

    /// Path of its page for frames, without the language.
    pub fn frame(&self) -> String {
        in_frame(&self.page())
    }
}

/// What the address of a frame says besides the choice, and every link within it repeats.
#[derive(Debug, Clone, Default)]
pub struct Framed {
    pub look: Look,
    /// The list from which a tour was opened.
    pub list: Option<Subject>,
}

impl Framed {
    pub fn of(query: &str) -> Self {
        let form = Form::of_query(query);
        let list = Subject::parse(form.text("list")).filter(|list| list.kind != Kind::Tour);
        Self { look: Look::of(&form), list }
    }

    pub fn pairs(&self) -> Vec<(String, String)> {
        let look = self.look.pairs().into_iter().map(|(name, value)| (name.to_owned(), value));
        let list = self
            .list
            .as_ref()
            .map(|list| ("list".to_owned(), list.page().trim_start_matches('/').to_owned()));
        look.chain(list).collect()
    }
}

/// The path of a page's sister for frames: `/embed/tours/…` of `/tours/…`.
pub fn in_frame(page: &str) -> String {
    format!("/embed{page}")
}

/// The address of a page for frames with a look.
pub fn address(visit: &Visit, path: &str, framed: &Framed) -> String {
    let query = serde_html_form::to_string(framed.pairs()).unwrap_or_default();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{query}", visit.link(path))
}

/// The way to the whole page, at the foot of a frame.
fn to_the_site(visit: &Visit, page: &str) -> impl IntoView + use<> {
    let locale = visit.locale;
    view! {
        <p class="embed-foot">
            <a href=visit.link(page) target="_blank" rel="noopener">
                {t::on_site(locale)} {icon("external")}
                <span class="visually-hidden">" " {t::new_tab(locale)}</span>
            </a>
        </p>
    }
}

/// What it was for is not shown any more: said calmly, for the frame is in somebody else's page.
fn gone(visit: &Visit) -> Response {
    let locale = visit.locale;
    let head = Head::embed(t::gone_title(locale), "/tours", Framed::of(&visit.query).look);
    let inner = visit.clone();
    Page::new(head).status(StatusCode::NOT_FOUND).render(visit, move || {
        view! {
            <h1 class="embed-title">{t::gone_title(locale)}</h1>
            <p>{t::gone_text(locale)}</p>
            {to_the_site(&inner, "/tours")}
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_ours_are_led_back_to() {
        let list = |text: &str| Framed::of(&format!("list={text}")).list;
        assert_eq!(
            list("workshops/gom-minh-hai"),
            Some(Subject::new(Kind::Workshop, "gom-minh-hai"))
        );
        for wrong in
            ["", "tours/x", "workshops", "workshops/", "workshops/../host", "host/x", "//x"]
        {
            assert_eq!(list(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn links_within_a_frame_repeat_its_look() {
        let query = "colour=b5482f&background=dark&corners=square&list=coops%2Fgom-ven-song";
        let framed = Framed::of(&format!("{query}&date=2026-12-05"));
        assert_eq!(serde_html_form::to_string(framed.pairs()).unwrap(), query);
        assert_eq!(Framed::default().pairs(), []);
    }
}

//! From a Leptos view to an HTTP response.
//!
//! Pages need no router and no resources of Leptos: their handler has all data before it renders,
//! so the view is rendered in one go, with status and headers already known.

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use engine::accounts::Actor;
use leptos::prelude::*;

use crate::context::Visit;
use crate::ui::layout::{Area, Head, Shell};

/// A page: its head and its body. `islands` says whether it carries any; one without loads no script.
#[derive(Debug)]
pub struct Page {
    pub head: Head,
    pub status: StatusCode,
    pub islands: bool,
    /// See [`Page::shared`].
    shared: bool,
}

/// In the extensions of an answer that is the same for every guest who asks for its address: it
/// may be kept until what visitors see changes, or the minute does.
#[derive(Debug, Clone, Copy)]
pub struct Shared;

/// In the extensions of an answer that may stand in a frame of anybody's page: nothing in it acts for
/// who looks at it, and it knows nobody.
#[derive(Debug, Clone, Copy)]
pub struct Framable;

impl Page {
    pub fn new(head: Head) -> Self {
        Self { head, status: StatusCode::OK, islands: false, shared: false }
    }

    /// The page depends on its address, the catalogue, co-ops, the slots and the minute alone.
    pub fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    pub fn with_islands(mut self) -> Self {
        self.islands = true;
        self
    }

    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Renders `body` inside the site's frame.
    pub fn render<V: IntoView + 'static>(
        self,
        visit: &Visit,
        body: impl FnOnce() -> V + Send + 'static,
    ) -> Response {
        let visit = visit.clone();
        let status = self.status;
        // Islands carry the nonce of their one answer.
        let shared = self.shared && !self.islands && visit.actor == Actor::Guest;
        let framable = matches!(self.head.area, Area::Embed(_));
        let html = to_html(move || {
            provide_context(leptos::nonce::Nonce::from_value(visit.nonce.clone()));
            view! { <Shell visit=visit.clone() head=self.head islands=self.islands>{body()}</Shell> }
        });
        let mut response = (
            status,
            [(header::CACHE_CONTROL, "private, no-cache")],
            Html(format!("<!DOCTYPE html>{html}")),
        )
            .into_response();
        if framable {
            response.extensions_mut().insert(Framable);
        }
        if shared {
            response.extensions_mut().insert(Shared);
        }
        response
    }
}

/// Renders a view with islands, outside any router.
pub fn to_html<V: IntoView>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new_root(Some(Arc::new(hydration_context::SsrSharedContext::new_islands())));
    let html = owner.with(|| view().into_view().to_html());
    owner.unset_with_forced_cleanup();
    html
}

//! Addresses of partners, designs, placements and studies.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use super::{applicant, design, designs, edit, paper, placement, placements, studies};
use crate::context::App;
use crate::pages::host::{partners, photos};

pub fn partners() -> Router<App> {
    let of = |sub: &str| format!("/{{locale}}/host/{{workshop}}{sub}");
    let uploads = Router::new()
        .route(&of("/designs/new"), get(design::new).post(design::create))
        .route(&of("/designs/{design}"), get(design::page).post(design::save))
        .layer(DefaultBodyLimit::max(photos::MAX_UPLOAD));
    Router::new()
        .route(&of("/partners"), get(partners::page))
        .route(&of("/partners/new"), get(edit::new).post(edit::create))
        .route(&of("/partners/{partner}"), get(edit::page).post(edit::save))
        .route(&of("/designs"), get(designs::page))
        .route(&of("/designs/{design}/use"), post(designs::act))
        .route(&of("/placements"), get(placements::page))
        .route(&of("/placements/new"), get(placement::new).post(placement::create))
        .route(&of("/placements/{placement}"), get(placement::page).post(placement::act))
        .route(&of("/applications/{application}"), get(applicant::page).post(applicant::act))
        .route(&of("/applications/{application}/paper"), get(paper::page))
        .route(&of("/studies"), get(studies::page).post(studies::save))
        .merge(uploads)
}

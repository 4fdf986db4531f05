//! Who sells, and what.

use axum::extract::Path;
use axum::response::Response;
use engine::channel::octo::{CapabilityInfo, OctoError};

use super::caller::{Caller, Desk};

pub async fn supplier(caller: Caller) -> Response {
    let found = async {
        let desk = Desk::open(&caller, None).await?;
        let workshop = desk.catalogue.workshop(caller.seller.workshop);
        let workshop = workshop.ok_or(OctoError::NotFound)?;
        Ok(desk.view(&caller.manner).supplier(workshop))
    };
    let found = found.await;
    caller.manner.answer(found)
}

pub async fn all(caller: Caller) -> Response {
    let found = Desk::open(&caller, None).await.map_err(OctoError::from);
    let found = found.map(|desk| desk.view(&caller.manner).products());
    caller.manner.answer(found)
}

pub async fn one(caller: Caller, Path(id): Path<String>) -> Response {
    let found = async {
        let desk = Desk::open(&caller, None).await?;
        let view = desk.view(&caller.manner);
        let product = view.products().into_iter().find(|product| product.id == id);
        product.ok_or(OctoError::Product(id))
    };
    let found = found.await;
    caller.manner.answer(found)
}

pub async fn capabilities(caller: Caller) -> Response {
    let docs = |name: &str| Some(format!("https://docs.octo.travel/capabilities/{name}"));
    let info = |id, name| CapabilityInfo {
        id,
        revision: 1,
        required: false,
        dependencies: Vec::new(),
        docs: docs(name),
    };
    caller.manner.answer(Ok(vec![
        info("octo/pricing", "pricing"),
        info("octo/content", "content"),
        info("octo/notifications", "notifications"),
    ]))
}

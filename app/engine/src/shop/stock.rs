//! Pieces are taken, given back and sent off: the only writer of what is taken.

use super::error::ShopError;
use super::order::Line;
use super::product::product;
use crate::store::Tx;
use crate::{ProductId, params};

/// Takes so many, if they can still be had: one statement, with a CHECK behind it.
pub(super) async fn take(tx: &mut Tx, id: ProductId, quantity: i32) -> Result<(), ShopError> {
    let changed = tx
        .execute(
            "UPDATE shop_product SET taken = taken + $1 WHERE id = $2 AND published \
             AND taken + $1 <= stock",
            params![quantity, id],
        )
        .await?;
    if changed == 1 {
        return Ok(());
    }
    let found = product(tx, id).await?.ok_or(ShopError::Unknown)?;
    let left = if found.published { found.left() } else { 0 };
    Err(ShopError::SoldOut { title: found.title.clone(), left })
}

/// An order ended before its pieces left: they can be had again.
pub(super) async fn give_back(tx: &mut Tx, lines: &[Line]) -> Result<(), ShopError> {
    for line in in_order(lines) {
        tx.execute_one(
            "UPDATE shop_product SET taken = taken - $1 WHERE id = $2",
            params![line.quantity, line.product_id],
        )
        .await?;
    }
    Ok(())
}

/// They left the house.
pub(super) async fn send(tx: &mut Tx, lines: &[Line]) -> Result<(), ShopError> {
    for line in in_order(lines) {
        tx.execute_one(
            "UPDATE shop_product SET taken = taken - $1, stock = stock - $1 WHERE id = $2",
            params![line.quantity, line.product_id],
        )
        .await?;
    }
    Ok(())
}

/// They came back and stand on the shelf again. One of a kind is there once, whatever was written
/// meanwhile.
pub(super) async fn put_back(tx: &mut Tx, lines: &[Line]) -> Result<(), ShopError> {
    for line in in_order(lines) {
        tx.execute_one(
            "UPDATE shop_product SET stock = CASE WHEN one_off THEN 1 WHEN stock + $1 > 10000 \
             THEN 10000 ELSE stock + $1 END WHERE id = $2",
            params![line.quantity, line.product_id],
        )
        .await?;
    }
    Ok(())
}

fn in_order(lines: &[Line]) -> Vec<&Line> {
    let mut lines: Vec<&Line> = lines.iter().collect();
    lines.sort_by_key(|line| line.product_id);
    lines
}

//! The shop: pieces that workshops have on their shelves, and small orders of them.
//!
//! A [`Product`] is its maker's. It stands on the maker's own shelf, or on that of the maker's co-op, which
//! then is the seller; where it stands is said of each. How many can still be had is `stock - taken`, and
//! one conditional statement takes them ([`stock`]), as seats are taken: two buyers can't have the same.
//!
//! A basket ([`basket`]) is a browser's and keeps nothing for anybody. An [`Order`] does: it has one seller,
//! is collected (at a visit, or some day) or posted ([`crate::craft::delivery`]), and is paid beforehand by
//! transfer or gift card, or at the counter. What is not paid or collected in time runs out, and its pieces
//! can be had again. Who hands over an order of a co-op's shelf is the workshop where most of it stands.
//!
//! Its buyer calls it off until it is packed. Afterwards the law lets consumers withdraw from a distance
//! contract within thirty days where what they were told was wrong or incomplete (Law 19/2023/QH15 on the
//! protection of consumers' rights); here the days count from when they have it. The seller answers, takes
//! the pieces back, and pays back all of it, the post too.
//!
//! Money moves in `shop_move` alone; what is open and what goes back follow from it and the state
//! ([`Order::due_back`]). The ledger has it by [`split`]: each maker's part is an entry of the maker's own.

mod basket;
mod deal;
mod due;
mod edit;
mod error;
mod find;
mod letters;
mod order;
mod pay;
mod photo;
mod place;
mod product;
mod split;
mod stock;

#[cfg(test)]
mod tests;

pub use basket::{
    Basket, BasketLine, Put, Seller, basket_of, forget_baskets, lines_of, put, with_booking,
};
pub use deal::{Deed, Handle, Withdraw, cancel, handle, withdraw};
pub use due::{is_due, work};
pub use edit::{
    ProductData, ProductInput, Publish, Save, SaveSalesPart, SetStock, publish, sales_part,
    save_product, save_sales_part, set_stock,
};
pub use error::{Field, ShopError, Wrong, Wrongs};
pub use find::{Found, Search, Sort, count, search};
pub use letters::OrderEvent;
pub use order::{
    Line, Order, OrderState, OrderWay, Pays, by_code, by_id, by_ids, by_secret, lines, must_handle,
    of_booking, orders_of, orders_of_coop, to_pay_back,
};
pub use pay::{
    Back, OrderMove, PayByCard, SayRefundAccount, moves_of, paid_for, pay_back, pay_by_card,
    say_refund_account,
};
pub(crate) use pay::{OrderBack, OrderPaid, by_pay_code, give_back, receive, unpaid};
pub use photo::{AddProductPhoto, OnProductPhoto, PhotoDeed, add_photo, change_photo, photo_file};
pub use place::{Place, PlaceData, PlaceInput, Quote, place, quote};
pub use product::{
    Product, ProductPhoto, Standing, of_coop, of_workshop, photos_of, product, product_by_slug,
    products, shown_of, slugs,
};

//! Prices, their explanations, and what goes with them.

mod extras;
mod prices;
mod promos;

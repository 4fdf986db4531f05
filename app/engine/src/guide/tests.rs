//! Nobody leads two departures at once, and guides follow their departures.

mod reasons;
mod stories;

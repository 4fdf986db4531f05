//! Stories of gift cards.

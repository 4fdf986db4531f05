//! Calendars are read as other programs read them, and what they say closes and opens departures.

mod reading;
mod stories;

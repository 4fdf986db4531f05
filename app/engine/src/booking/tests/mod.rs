//! Stories of bookings, told on both databases.

mod attendance;
mod line;
mod machine;
mod seats;
mod verbs;

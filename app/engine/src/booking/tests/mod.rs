//! Stories of bookings, told on both databases.

mod attendance;
mod desk;
mod disruption;
mod enquiry;
mod guests;
mod line;
mod machine;
mod overflow;
mod reminders;
mod seats;
mod verbs;

//! Stories of bookings, told on both databases.

//! Stories of money, told on both databases.

mod append_only;
mod balance;
mod moves;
mod people;
mod rules;
mod shares;
mod visits;

//! A real server, met as its guests meet it: by HTTP, on keep-alive connections. The measurements
//! use it, and the server's tests of what must hold under load.

pub mod bookings;
pub mod client;
pub mod load;
pub mod scene;
pub mod server;
pub mod sizes;

use std::error::Error;

pub type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

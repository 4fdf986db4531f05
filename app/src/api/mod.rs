//! Form handlers: parse, call the engine, answer.

pub mod form;
pub mod upload;

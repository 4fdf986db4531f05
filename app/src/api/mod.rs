//! Form handlers: parse, call the engine, answer.

//! `langnghe`: one binary that serves a craft village's bookings.

mod cli;
mod config;
mod hooks;
mod lock;
mod machines;
mod metrics;
mod middleware;
mod octo;
mod say;
mod serve;
mod site;
mod workers;

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match cli::run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("langnghe: {error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

//! `cargo xtask build | serve | test | bench`: everything a developer runs, from a fresh checkout.

mod bench;
mod run;
mod serve;
mod server;
mod site;
mod test;
mod tools;

use std::process::ExitCode;

use run::Failure;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  build [--release]   Build the site (wasm, CSS, hashed and compressed files) and the server.
                      With --release: one binary with the site inside, target/release/langnghe.
  serve [--release] [--listen ADDRESS] [--data FOLDER]
                      Build, make the database, fill an empty one with the demo, and serve.
                      Listens on 127.0.0.1:3000; DATABASE_URL and LANGNGHE_* are passed on.
  bench [--seconds N] Measure the release server on SQLite and on a throw-away PostgreSQL:
                      requests and bookings a second, sizes over the wire. N seconds a line.
  test [--only PART]  Run everything that must hold; PART is fmt, lint, rust or e2e.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match command(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &[String]) -> Result<(), Failure> {
    let Some((name, rest)) = arguments.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    match name.as_str() {
        "build" => {
            let release = run::Flags::new(rest, &["--release"], &[])?.has("--release");
            site::build()?;
            let binary = server::build(release)?;
            println!("The server is {}.", binary.display());
            Ok(())
        }
        "bench" => bench::bench(rest),
        "serve" => serve::serve(rest),
        "test" => test::test(rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(Failure::new(
            format!("there is no command {other:?}"),
            "Run `cargo xtask help` to see those there are.",
        )),
    }
}

//! A running site with the demo in it.

use std::process::Command;

use crate::run::{Failure, Flags, root, run};
use crate::{server, site};

pub fn serve(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::new(arguments, &["--release"], &["--listen", "--data"])?;
    site::build()?;
    let binary = server::build(flags.has("--release"))?;
    let langnghe = |command: &[&str]| {
        let mut langnghe = Command::new(&binary);
        langnghe.args(command).current_dir(root());
        if let Some(listen) = flags.value("--listen") {
            langnghe.env("LANGNGHE_LISTEN", listen);
        }
        if let Some(data) = flags.value("--data") {
            langnghe.env("LANGNGHE_DATA", data);
        }
        langnghe
    };
    let advice = "The line above says what is wrong. With the default database, deleting the \
                  folder data/ begins anew.";
    run(&mut langnghe(&["migrate"]), advice)?;
    run(&mut langnghe(&["seed-demo", "--if-empty"]), advice)?;
    let mut langnghe = langnghe(&["serve"]);
    run_in_place(&mut langnghe)
}

/// Becomes the server, so that Ctrl-C and SIGTERM reach it.
#[cfg(unix)]
fn run_in_place(command: &mut Command) -> Result<(), Failure> {
    use std::os::unix::process::CommandExt as _;
    let error = command.exec();
    Err(Failure::new(format!("the server did not start: {error}"), "Build it again."))
}

#[cfg(not(unix))]
fn run_in_place(command: &mut Command) -> Result<(), Failure> {
    run(command, "The line above says what is wrong.")
}

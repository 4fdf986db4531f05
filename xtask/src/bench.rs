//! The release server, measured beside the load that it gets.

use crate::run::{Failure, Flags, program, run, step, target};
use crate::{server, site, tools};

pub fn bench(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::new(arguments, &[], &["--seconds"])?;
    let seconds = flags.value("--seconds").unwrap_or("5");
    if seconds.parse::<u32>().is_err() {
        return Err(Failure::new(
            format!("{seconds:?} is not a number of seconds"),
            "Say `cargo xtask bench --seconds 5`.",
        ));
    }
    site::build()?;
    step("server and load generator (release)", || {
        let mut cargo = program("cargo", &["build", "--release"]);
        // Together, so that both are built from the same libraries.
        cargo.args(["--package", "server", "--package", "bench"]);
        run(&mut cargo, "Correct the errors shown above.")
    })?;
    tools::postgres()?;
    let built = target().join("release");
    let (bench, server) = (built.join("bench"), server::path(true));
    // Throw-away servers run without fsync unless told: a booking here must be on disk.
    let mut measure = tools::with_postgres(&["-o", "fsync=on"], "BENCH_POSTGRES_URL")?;
    measure.arg(bench).arg(server).arg(target().join("bench")).arg(seconds);
    run(&mut measure, "The lines above say what did not hold.")
}

//! Measures a server as its guests meet it: by HTTP, on keep-alive connections, beside the load
//! that it makes. Prints a table; nothing here depends on how fast it is. What must hold at any
//! speed (no seat sold twice, no booking lost) fails the run.
//!
//! Started by `cargo xtask bench`, which builds the server and lends a PostgreSQL.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use bench::load::{self, Measured};
use bench::scene::{self, Scene};
use bench::server::{self, Server};
use bench::{Result, bookings, sizes};

/// Connections that ask at the same time.
const READERS: usize = 32;
const BUYERS: usize = 64;

/// One thread, so that the server keeps a core to itself where there are two.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(binary), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: bench SERVER FOLDER [SECONDS]".into());
    };
    let seconds = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let bench =
        Bench { binary: binary.into(), folder: folder.into(), time: Duration::from_secs(seconds) };
    bench.measure("SQLite", None).await?;
    if let Ok(url) = std::env::var("BENCH_POSTGRES_URL") {
        bench.measure("PostgreSQL", Some(url)).await?;
    } else {
        println!("PostgreSQL was left out: BENCH_POSTGRES_URL is not set.");
    }
    Ok(())
}

struct Bench {
    binary: PathBuf,
    folder: PathBuf,
    time: Duration,
}

impl Bench {
    async fn measure(&self, database: &str, url: Option<String>) -> Result<()> {
        if self.folder.exists() {
            std::fs::remove_dir_all(&self.folder)?;
        }
        let sqlite = url.is_none();
        let url =
            url.unwrap_or_else(|| format!("sqlite:{}", self.folder.join("bench.db").display()));
        server::seed(&self.binary, &self.folder, &url)?;
        let scene = Scene::open(&url, scene::ONE_SLOT).await?;
        let server = Server::start(&self.binary, &self.folder, &url)?;
        println!("\n{database}, every commit on disk before its answer");
        if sqlite {
            sizes::print(&server.address, &scene).await?;
        }
        println!("  {:<44} {:>9} {:>8} {:>8}", "", "a second", "p50 ms", "p99 ms");
        for (name, path) in scene.pages() {
            self.page(&server, name, &path, None).await?;
        }
        line("search: 30 tours, 30 days, in the engine", &scene.searches(self.time).await?);
        let (name, path) = scene.tour_page();
        self.page(&server, &format!("{name}, rendered anew"), &path, Some("langnghe=none")).await?;

        let many = bookings::many_slots(&server.address, &scene, BUYERS, self.time).await?;
        line("bookings, many slots", &many);
        let one = bookings::one_slot(&server.address, &scene, BUYERS).await?;
        line(&format!("bookings, one slot of {}", scene::ONE_SLOT), &one);
        scene.check(many.count + one.count, scene::ONE_SLOT).await?;
        println!(
            "  One booking is three requests, each answered after its commit: seats held, details"
        );
        println!("  filled in, confirmed with its letters in the outbox. Checked in the database:");
        println!(
            "  {} confirmed, none lost, the one slot sold to its last seat and not beyond.",
            many.count + one.count
        );
        server.stop()?;
        scene.close().await;
        std::fs::remove_dir_all(&self.folder)?;
        Ok(())
    }

    async fn page(
        &self,
        server: &Server,
        name: &str,
        path: &str,
        cookie: Option<&str>,
    ) -> Result<()> {
        let measured = load::page(&server.address, path, cookie, READERS, self.time).await?;
        line(name, &measured);
        Ok(())
    }
}

fn line(name: &str, measured: &Measured) {
    println!(
        "  {name:<44} {:>9.0} {:>8.1} {:>8.1}",
        measured.a_second(),
        measured.percentile(50),
        measured.percentile(99),
    );
}

//! The commands.

use std::error::Error;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use engine::catalogue::demo::{self, DemoError};
use engine::clock::Clock;
use engine::store::{Store, StoreError};

use crate::config::{Config, FILE_VARIABLE};
use crate::{lock, serve};

/// Booking for craft villages: tours, workshops' calendars, mails.
///
/// Settings come from a TOML file (--config or LANGNGHE_CONFIG) and from the environment, which
/// wins: DATABASE_URL (sqlite:data/langnghe.db or postgres://…), LANGNGHE_LISTEN
/// (127.0.0.1:3000), LANGNGHE_BASE_URL, LANGNGHE_DATA, LANGNGHE_HOLD_MINUTES,
/// LANGNGHE_TRUSTED_PROXIES, LANGNGHE_REQUEST_TIMEOUT, LANGNGHE_LOG, LANGNGHE_LOG_JSON,
/// LANGNGHE_LIMIT_SIGN_IN, LANGNGHE_LIMIT_FORMS, LANGNGHE_LIMIT_ALL, LANGNGHE_SMTP_HOST, _PORT,
/// _TLS (none, starttls, tls), _USER, _PASSWORD, _FROM.
#[derive(Debug, Parser)]
#[command(name = "langnghe", version)]
struct Cli {
    /// The configuration file.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the tables up to date and serve the site.
    Serve,
    /// Bring the tables up to date, then stop.
    Migrate,
    /// Fill an empty database with the demo catalogue and its accounts.
    SeedDemo {
        /// Leave a database that has villages as it is.
        #[arg(long)]
        if_empty: bool,
    },
    /// Accounts that see everything.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// Write a consistent copy of the SQLite database; the server may go on running.
    Backup {
        /// A file that is not there yet.
        to: PathBuf,
    },
    /// Check the configuration and show it without its secrets.
    CheckConfig,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Make an admin, or make one of somebody who has an account, with a new password.
    Create {
        #[arg(long)]
        email: String,
        #[arg(long)]
        name: String,
        /// Read the password from the first line of standard input instead of drawing one.
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Password of all accounts of the demo.
const DEMO_PASSWORD: &str = "langnghe-demo";
const DEMO_ADMIN: &str = "admin@langnghe.example";

pub async fn run() -> Result<(), Box<dyn Error>> {
    let cli = Cli::parse();
    let file = cli.config.or_else(|| std::env::var_os(FILE_VARIABLE).map(PathBuf::from));
    let config = Config::load(file.as_deref())?;
    match cli.command {
        Command::Serve => serve::serve(config).await,
        Command::Migrate => {
            let _lock = lock::take(&config.database()?)?;
            let store = open(&config).await?;
            store.migrate().await?;
            store.close().await;
            println!("The tables are up to date.");
            Ok(())
        }
        Command::SeedDemo { if_empty } => seed_demo(&config, if_empty).await,
        Command::Admin { command: Admin::Create { email, name, password_stdin } } => {
            create_admin(&config, email, name, password_stdin).await
        }
        Command::Backup { to } => {
            let store = open(&config).await?;
            let written = store.backup_sqlite(&to).await?;
            store.close().await;
            if !written {
                return Err("PostgreSQL is backed up by its own pg_dump".into());
            }
            println!("The copy is {}.", to.display());
            Ok(())
        }
        Command::CheckConfig => {
            println!("{config:#?}");
            Ok(())
        }
    }
}

pub async fn open(config: &Config) -> Result<Store, Box<dyn Error>> {
    Ok(Store::open(&config.database()?, Clock::System).await?)
}

async fn seed_demo(config: &Config, if_empty: bool) -> Result<(), Box<dyn Error>> {
    let store = open(config).await?;
    store.migrate().await?;
    let hash = engine::accounts::hash_password(DEMO_PASSWORD)?;
    let seeded = store
        .write("seed demo", hash, |tx, hash| {
            Box::pin(async move {
                demo::seed(tx, &hash).await?;
                let admin = engine::accounts::ensure_person(tx, DEMO_ADMIN, "Admin").await?;
                engine::accounts::set_password_hash(tx, admin, &hash).await?;
                engine::accounts::set_admin(tx, admin, true).await?;
                Ok::<_, DemoError>(())
            })
        })
        .await;
    store.close().await;
    match seeded {
        Ok(()) => println!("The demo catalogue is in the database."),
        Err(DemoError::NotEmpty) if if_empty => {}
        Err(error) => return Err(error.into()),
    }
    println!("Demo accounts, all with the password {DEMO_PASSWORD}:");
    println!("  {DEMO_ADMIN} (admin)");
    for (email, workshop) in demo::owners()?.into_iter().take(3) {
        println!("  {email} (owner of {workshop})");
    }
    Ok(())
}

async fn create_admin(
    config: &Config,
    email: String,
    name: String,
    password_stdin: bool,
) -> Result<(), Box<dyn Error>> {
    let email = email.trim().to_lowercase();
    if !email.contains('@') {
        return Err(format!("{email:?} is not an email address").into());
    }
    let password = if password_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    } else {
        format!("{:032x}", rand::RngExt::random::<u128>(&mut rand::rng()))
    };
    let hash = engine::accounts::hash_password(&password)?;
    let store = open(config).await?;
    store.migrate().await?;
    store
        .write("create admin", (email.clone(), name, hash), |tx, (email, name, hash)| {
            Box::pin(async move {
                let admin = engine::accounts::ensure_person(tx, &email, &name).await?;
                engine::accounts::set_password_hash(tx, admin, &hash).await?;
                engine::accounts::set_admin(tx, admin, true).await?;
                Ok::<_, StoreError>(())
            })
        })
        .await?;
    store.close().await;
    println!("{email} is an admin.");
    if !password_stdin {
        println!("Password, shown only this once: {password}");
    }
    Ok(())
}

//! The commands.

use std::error::Error;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use engine::Locale;
use engine::accounts::{self, CreateAdmin};
use engine::catalogue::demo::{self, DemoError};
use engine::clock::Clock;
use engine::email::Email;
use engine::provenance::ProvenanceError;
use engine::provenance::keys;
use engine::store::{DatabaseUrl, Store};

use crate::config::{Config, FILE_VARIABLE};
use crate::say::say;
use crate::{lock, serve};

/// Booking for craft villages: tours, workshops' calendars, mails.
///
/// Settings come from a TOML file (--config or LANGNGHE_CONFIG) and from the environment, which
/// wins: DATABASE_URL (sqlite:data/langnghe.db or postgres://…), LANGNGHE_LISTEN
/// (127.0.0.1:3000), LANGNGHE_BASE_URL, LANGNGHE_DATA, LANGNGHE_HOLD_MINUTES,
/// LANGNGHE_TRUSTED_PROXIES, LANGNGHE_CALL_LOCAL, LANGNGHE_REQUEST_TIMEOUT, LANGNGHE_LOG, LANGNGHE_LOG_JSON,
/// LANGNGHE_PROVENANCE_KEY, LANGNGHE_LIMIT_SIGN_IN, LANGNGHE_LIMIT_FORMS, LANGNGHE_LIMIT_ALL, LANGNGHE_METRICS_LISTEN,
/// _TOKEN, LANGNGHE_SMTP_HOST, _PORT, _TLS (none, starttls, tls), _USER, _PASSWORD, _FROM,
/// LANGNGHE_KEEP_BOOKINGS, _ENQUIRIES, _WAITLIST, _GIFT_CARDS, _LETTERS, _SESSIONS, _AUDIT, _VIEWS
/// (months),
/// LANGNGHE_OPERATOR_LEGAL_NAME, _TAX_CODE, _ADDRESS, _EMAIL, _PHONE, _NOTIFICATION.
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
    /// The keys that sign where products come from.
    ProvenanceKey {
        #[command(subcommand)]
        command: ProvenanceKey,
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
    /// Make an admin, or make one of somebody who has an account; prints a link to sign in.
    Create {
        #[command(flatten)]
        admin: NewAdmin,
    },
}

#[derive(Debug, Subcommand)]
enum ProvenanceKey {
    /// Retire the key in use and take a new one: that of the configuration where it names one, else one
    /// that is made now. What the old key signed stays valid. The server may go on running, unless its
    /// configuration names the key: then change it there and start the server anew instead.
    Rotate,
    /// Show the public keys.
    List,
}

#[derive(Debug, Args)]
struct NewAdmin {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
    /// Language of the mails to them: vi, en, ko, zh, ja or fr.
    #[arg(long, default_value = "vi")]
    language: String,
    /// Read a password from the first line of standard input. Without one the admin signs in
    /// by the link that is printed, and by mail later.
    #[arg(long)]
    password_stdin: bool,
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
            say!("The tables are up to date.");
            Ok(())
        }
        Command::SeedDemo { if_empty } => seed_demo(&config, if_empty).await,
        Command::Admin { command: Admin::Create { admin } } => create_admin(&config, admin).await,
        Command::ProvenanceKey { command } => provenance_key(&config, command).await,
        Command::Backup { to } => {
            // Opening would make an empty one, and its copy would look like a backup.
            if let DatabaseUrl::Sqlite(path) = config.database()?
                && !path.exists()
            {
                return Err(format!("there is no database {}", path.display()).into());
            }
            if to.exists() {
                return Err(
                    format!("{} is there already and is left as it is", to.display()).into()
                );
            }
            let store = open(&config).await?;
            let written = store.backup_sqlite(&to).await?;
            store.close().await;
            if !written {
                return Err("PostgreSQL is backed up by its own pg_dump".into());
            }
            say!("The copy is {}.", to.display());
            Ok(())
        }
        Command::CheckConfig => {
            say!("{config:#?}");
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
    // Without one in the configuration the demo makes a key that is as old as its first product.
    if config.provenance_seed()?.is_some() {
        keep_key(config, &store).await?;
    }
    let hash = accounts::hash_password(DEMO_PASSWORD)?;
    let seeded = fill(&store, hash).await;
    store.close().await;
    match seeded {
        Ok(()) => say!("The demo catalogue is in the database."),
        Err(DemoError::NotEmpty) if if_empty => {}
        Err(error) => return Err(error.into()),
    }
    say!("Demo accounts, all with the password {DEMO_PASSWORD}:");
    say!("  {DEMO_ADMIN} (admin)");
    for (email, workshop) in demo::owners()?.into_iter().take(3) {
        say!("  {email} (owner of {workshop})");
    }
    for (email, village) in demo::readers()? {
        say!("  {email} (reads the reports of {village})");
    }
    Ok(())
}

/// Sees to it that there is a key that signs where products come from.
pub async fn keep_key(config: &Config, store: &Store) -> Result<(), Box<dyn Error>> {
    let kept = store.write("keep provenance key", config.provenance_seed()?, |tx, seed| {
        Box::pin(async move { keys::keep(tx, seed).await })
    });
    match kept.await {
        Ok(_) => Ok(()),
        Err(ProvenanceError::KeyElsewhere(id)) => Err(format!(
            "the key {id}, which signs where products come from, stood in provenance_key of the \
             configuration and is not there any more; put it back, or take a new one by \
             `langnghe provenance-key rotate`"
        )
        .into()),
        Err(error) => Err(error.into()),
    }
}

async fn provenance_key(config: &Config, command: ProvenanceKey) -> Result<(), Box<dyn Error>> {
    let store = open(config).await?;
    store.migrate().await?;
    let done = match command {
        ProvenanceKey::List => Ok(None),
        ProvenanceKey::Rotate => store
            .write("rotate provenance key", config.provenance_seed()?, |tx, seed| {
                Box::pin(async move { keys::rotate(tx, seed).await })
            })
            .await
            .map(Some),
    };
    let mut conn = store.read().await?;
    let known = keys::all(&mut conn).await?;
    drop(conn);
    store.close().await;
    match done {
        Ok(Some(id)) => say!("From now on the key {id} signs. Its public half is published."),
        Ok(None) => {}
        Err(ProvenanceError::SameKey(id)) => {
            return Err(format!(
                "the configuration names the key {id}, which signs already: put a new one there first"
            )
            .into());
        }
        Err(error) => return Err(error.into()),
    }
    for key in known.keys {
        let until = key.retired_at.map_or_else(|| "in use".to_owned(), |at| format!("until {at}"));
        say!("  {}  {}  from {}, {until}", key.id, key.public_key, key.valid_from);
    }
    Ok(())
}

/// The catalogue, its slots and bookings, and an admin.
async fn fill(store: &Store, hash: String) -> Result<(), DemoError> {
    demo::fill(store, &hash).await?;
    demo::book(store).await?;
    store
        .write("demo admin", hash, |tx, hash| {
            Box::pin(async move {
                let admin = CreateAdmin {
                    email: DEMO_ADMIN.to_owned(),
                    name: "Admin".to_owned(),
                    locale: Locale::Vi,
                    password_hash: Some(hash),
                };
                accounts::create_admin(tx, admin).await?;
                Ok::<_, DemoError>(())
            })
        })
        .await
}

async fn create_admin(config: &Config, admin: NewAdmin) -> Result<(), Box<dyn Error>> {
    let email: Email =
        admin.email.parse().map_err(|_| format!("{:?} is not an email address", admin.email))?;
    let locale = Locale::parse(&admin.language).ok_or_else(|| {
        format!("the language must be vi, en, ko, zh, ja or fr, not {:?}", admin.language)
    })?;
    let password_hash = if admin.password_stdin {
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        Some(accounts::hash_password(line.trim_end_matches(['\r', '\n']))?)
    } else {
        None
    };
    let store = open(config).await?;
    store.migrate().await?;
    let command = CreateAdmin { email: email.to_string(), name: admin.name, locale, password_hash };
    let made = store
        .write("create admin", command, |tx, command| {
            Box::pin(async move { accounts::create_admin(tx, command).await })
        })
        .await;
    store.close().await;
    let (_, token) = made?;
    let site = config.base_url();
    say!("{email} is an admin. Sign in once, within 15 minutes, at");
    say!("  {site}/{locale}/sign-in/{token}");
    Ok(())
}

//! Configuration: a TOML file, then environment variables over it, then defaults. Everything is
//! checked at start; an unknown key is an error, so that a typing mistake can't be overlooked.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use engine::mail::{self, MailSettings, Route, SmtpSettings};
use engine::privacy::Retention;
use engine::provenance::keys::Seed;
use engine::store::DatabaseUrl;
use serde::Deserialize;

/// A value that is never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `sqlite:PATH` or `postgres://…`. Secret, as it may carry a password. Empty: a file
    /// `langnghe.db` in the folder `data`.
    pub database_url: Secret,
    /// Address and port to listen on; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The site's address as guests see it, for links in mails. Empty: `http://` and `listen`.
    pub base_url: String,
    /// Folder for the SQLite database and for mails without SMTP.
    pub data: PathBuf,
    /// Minutes for which seats are kept while a guest fills in the form.
    pub hold_minutes: i64,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Whether calendars and webhooks may be at http addresses and in the own network: for tests,
    /// and for a village whose machines stand in one house. Whoever runs a workshop here can then
    /// make the server call them.
    pub call_local: bool,
    /// Seed of the Ed25519 key that signs where products come from, 64 hexadecimal digits. Without it a
    /// key is made at the first start and kept in the database.
    pub provenance_key: Option<Secret>,
    /// Seconds after which a request is given up.
    pub request_timeout: u64,
    /// What is logged: `info`, `debug`, or filters such as `info,sqlx=debug`.
    pub log: String,
    /// Log lines as JSON.
    pub log_json: bool,
    pub limits: Limits,
    /// Where numbers for monitoring are served, apart from the site. Empty: nowhere.
    pub metrics: Metrics,
    /// Without it, mails become files in `data/mailbox`.
    pub smtp: Option<Smtp>,
    /// For how many months people's data are kept: `bookings`, `enquiries`, `waitlist`, `applications`,
    /// `gift_cards`, `commissions`, `letters`, `sessions`, `audit`, `views`.
    pub retention: Retention,
    /// Who runs the platform, published on its pages as the law wants it.
    pub operator: Option<Operator>,
}

/// `http://LISTEN/metrics`, in Prometheus' text format.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metrics {
    /// An address of its own, so that no proxy of the site ever passes it on.
    pub listen: Option<SocketAddr>,
    /// Wanted as `Authorization: Bearer …`; required where others can reach the address.
    pub token: Option<Secret>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub legal_name: String,
    #[serde(default)]
    pub tax_code: String,
    pub address: String,
    pub email: String,
    pub phone: String,
    /// Number under which the Ministry of Industry and Trade lists the platform.
    #[serde(default)]
    pub notification: String,
}

/// Requests a minute from one address; 0 sets no limit.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Attempts to sign in or to have a link mailed.
    pub sign_in: u32,
    /// All other forms.
    pub forms: u32,
    pub all: u32,
    /// By one key of a travel company.
    pub octo: u32,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    pub host: String,
    pub port: Option<u16>,
    #[serde(default)]
    pub tls: Tls,
    pub user: Option<String>,
    pub password: Option<Secret>,
    /// `Làng Nghề <booking@example.com>`
    pub from: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    None,
    #[default]
    Starttls,
    /// From the first byte on (port 465).
    #[serde(rename = "tls")]
    Implicit,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: Secret(String::new()),
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            base_url: String::new(),
            data: PathBuf::from("data"),
            hold_minutes: 15,
            trusted_proxies: Vec::new(),
            call_local: false,
            provenance_key: None,
            request_timeout: 30,
            log: "info,sqlx=warn".to_owned(),
            log_json: false,
            limits: Limits::default(),
            metrics: Metrics::default(),
            smtp: None,
            retention: Retention::default(),
            operator: None,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { sign_in: 10, forms: 60, all: 1200, octo: 600 }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("the configuration file {} cannot be read", .0.display())]
    Read(PathBuf, #[source] std::io::Error),
    #[error("the configuration is wrong: {0}")]
    Wrong(String),
    #[error("the environment variable {0} is not one that is known")]
    UnknownVariable(String),
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Number,
    Switch,
    List,
}

/// Environment variables, the section and key each one sets, and how it is read.
const VARIABLES: &[(&str, &str, &str, Kind)] = &[
    ("DATABASE_URL", "", "database_url", Kind::Text),
    ("LANGNGHE_LISTEN", "", "listen", Kind::Text),
    ("LANGNGHE_BASE_URL", "", "base_url", Kind::Text),
    ("LANGNGHE_DATA", "", "data", Kind::Text),
    ("LANGNGHE_HOLD_MINUTES", "", "hold_minutes", Kind::Number),
    ("LANGNGHE_TRUSTED_PROXIES", "", "trusted_proxies", Kind::List),
    ("LANGNGHE_CALL_LOCAL", "", "call_local", Kind::Switch),
    ("LANGNGHE_PROVENANCE_KEY", "", "provenance_key", Kind::Text),
    ("LANGNGHE_REQUEST_TIMEOUT", "", "request_timeout", Kind::Number),
    ("LANGNGHE_LOG", "", "log", Kind::Text),
    ("LANGNGHE_LOG_JSON", "", "log_json", Kind::Switch),
    ("LANGNGHE_LIMIT_SIGN_IN", "limits", "sign_in", Kind::Number),
    ("LANGNGHE_LIMIT_FORMS", "limits", "forms", Kind::Number),
    ("LANGNGHE_LIMIT_ALL", "limits", "all", Kind::Number),
    ("LANGNGHE_LIMIT_OCTO", "limits", "octo", Kind::Number),
    ("LANGNGHE_KEEP_BOOKINGS", "retention", "bookings", Kind::Number),
    ("LANGNGHE_KEEP_ENQUIRIES", "retention", "enquiries", Kind::Number),
    ("LANGNGHE_KEEP_WAITLIST", "retention", "waitlist", Kind::Number),
    ("LANGNGHE_KEEP_APPLICATIONS", "retention", "applications", Kind::Number),
    ("LANGNGHE_KEEP_GIFT_CARDS", "retention", "gift_cards", Kind::Number),
    ("LANGNGHE_KEEP_COMMISSIONS", "retention", "commissions", Kind::Number),
    ("LANGNGHE_KEEP_LETTERS", "retention", "letters", Kind::Number),
    ("LANGNGHE_KEEP_SESSIONS", "retention", "sessions", Kind::Number),
    ("LANGNGHE_KEEP_AUDIT", "retention", "audit", Kind::Number),
    ("LANGNGHE_KEEP_VIEWS", "retention", "views", Kind::Number),
    ("LANGNGHE_METRICS_LISTEN", "metrics", "listen", Kind::Text),
    ("LANGNGHE_METRICS_TOKEN", "metrics", "token", Kind::Text),
    ("LANGNGHE_OPERATOR_LEGAL_NAME", "operator", "legal_name", Kind::Text),
    ("LANGNGHE_OPERATOR_TAX_CODE", "operator", "tax_code", Kind::Text),
    ("LANGNGHE_OPERATOR_ADDRESS", "operator", "address", Kind::Text),
    ("LANGNGHE_OPERATOR_EMAIL", "operator", "email", Kind::Text),
    ("LANGNGHE_OPERATOR_PHONE", "operator", "phone", Kind::Text),
    ("LANGNGHE_OPERATOR_NOTIFICATION", "operator", "notification", Kind::Text),
    ("LANGNGHE_SMTP_HOST", "smtp", "host", Kind::Text),
    ("LANGNGHE_SMTP_PORT", "smtp", "port", Kind::Number),
    ("LANGNGHE_SMTP_TLS", "smtp", "tls", Kind::Text),
    ("LANGNGHE_SMTP_USER", "smtp", "user", Kind::Text),
    ("LANGNGHE_SMTP_PASSWORD", "smtp", "password", Kind::Text),
    ("LANGNGHE_SMTP_FROM", "smtp", "from", Kind::Text),
];

/// Names the file's path in the environment.
pub const FILE_VARIABLE: &str = "LANGNGHE_CONFIG";

impl Config {
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let text = match file {
            None => String::new(),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| ConfigError::Read(path.to_owned(), error))?,
        };
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::parse(&text, variables)
    }

    fn parse(
        text: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        // Read once as it stands: errors then show the file's own line.
        let wrong = |error: toml::de::Error| ConfigError::Wrong(error.to_string());
        let mut table: toml::Table = toml::from_str(text).map_err(wrong)?;
        for (name, value) in variables {
            let Some((_, section, key, kind)) = VARIABLES.iter().find(|known| known.0 == name)
            else {
                if name.starts_with("LANGNGHE_") && name != FILE_VARIABLE {
                    return Err(ConfigError::UnknownVariable(name));
                }
                continue;
            };
            let value = read(&name, &value, *kind)?;
            let place = if section.is_empty() {
                &mut table
            } else {
                let section = table
                    .entry((*section).to_owned())
                    .or_insert_with(|| toml::Value::Table(toml::Table::new()));
                section.as_table_mut().ok_or_else(|| {
                    ConfigError::Wrong(format!("the section of {name} must be a table"))
                })?
            };
            place.insert((*key).to_owned(), value);
        }
        let config: Self = table
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::Wrong(error.to_string()))?;
        config.check()
    }

    fn check(mut self) -> Result<Self, ConfigError> {
        let wrong = |what: &str| Err(ConfigError::Wrong(what.to_owned()));
        if self.database_url.0.is_empty() {
            self.database_url.0 = format!("sqlite:{}", self.data.join("langnghe.db").display());
        }
        self.database()?;
        self.base_url = self.base_url.trim_end_matches('/').to_owned();
        let web = self.base_url.starts_with("http://") || self.base_url.starts_with("https://");
        if !self.base_url.is_empty() && !web {
            return wrong("base_url must begin with http:// or https://");
        }
        if !(1..=120).contains(&self.hold_minutes) {
            return wrong("hold_minutes must be between 1 and 120");
        }
        if !(1..=300).contains(&self.request_timeout) {
            return wrong("request_timeout must be between 1 and 300 seconds");
        }
        if let Some(key) = self.retention.wrong() {
            return wrong(&format!("retention: {key} must be between 1 and 120 months"));
        }
        if let Some(listen) = self.metrics.listen
            && !listen.ip().is_loopback()
            && self.metrics.token.as_ref().is_none_or(|token| token.0.len() < 16)
        {
            return wrong("metrics: beyond the loopback a token of 16 characters is required");
        }
        if let Some(operator) = &self.operator {
            let given = [&operator.legal_name, &operator.address, &operator.email, &operator.phone];
            if given.iter().any(|text| text.trim().is_empty()) {
                return wrong("operator: legal_name, address, email and phone must not be empty");
            }
        }
        if let Some(smtp) = &self.smtp {
            if smtp.user.is_some() != smtp.password.is_some() {
                return wrong("smtp: user and password belong together");
            }
            if smtp.user.is_some() && smtp.tls == Tls::None {
                return wrong("smtp: a password must not be sent without tls");
            }
            if self.base_url.is_empty() {
                return wrong("smtp: base_url must be set, for the links in mails");
            }
        }
        self.mail("")?;
        self.provenance_seed()?;
        Ok(self)
    }

    /// The key that signs where products come from, where the configuration holds it.
    pub fn provenance_seed(&self) -> Result<Option<Seed>, ConfigError> {
        let Some(Secret(text)) = &self.provenance_key else { return Ok(None) };
        text.parse().map(Some).map_err(|_| {
            ConfigError::Wrong("provenance_key must be 64 hexadecimal digits, small letters".into())
        })
    }

    /// The site's address as guests see it, as far as it is known before the server listens.
    pub fn base_url(&self) -> String {
        match self.base_url.as_str() {
            "" => format!("http://{}", self.listen),
            url => url.to_owned(),
        }
    }

    pub fn database(&self) -> Result<DatabaseUrl, ConfigError> {
        self.database_url.0.parse().map_err(|error: engine::store::ConnectError| {
            ConfigError::Wrong(format!("database_url: {error}"))
        })
    }

    /// Where mails go, and from whom. Without SMTP they need no real sender.
    pub fn mail(&self, base_url: &str) -> Result<MailSettings, ConfigError> {
        let sender =
            self.smtp.as_ref().map_or("Làng Nghề <booking@langnghe.example>", |s| &s.from);
        let (name, address) = match sender.trim().strip_suffix('>').and_then(|s| s.split_once('<'))
        {
            Some((name, address)) => (name.trim().trim_matches('"'), address),
            None => ("Làng Nghề", sender.trim()),
        };
        let from = address.parse().map_err(|_| {
            ConfigError::Wrong(format!("smtp: from is {sender:?}, not `Name <address>`"))
        })?;
        let route = match &self.smtp {
            None => Route::Files(self.data.join("mailbox")),
            Some(smtp) => Route::Smtp(SmtpSettings {
                host: smtp.host.clone(),
                port: smtp.port.unwrap_or(match smtp.tls {
                    Tls::None => 25,
                    Tls::Starttls => 587,
                    Tls::Implicit => 465,
                }),
                tls: match smtp.tls {
                    Tls::None => mail::Tls::None,
                    Tls::Starttls => mail::Tls::StartTls,
                    Tls::Implicit => mail::Tls::Tls,
                },
                login: smtp.user.clone().zip(smtp.password.clone().map(|password| password.0)),
            }),
        };
        Ok(MailSettings { base_url: base_url.to_owned(), from, from_name: name.to_owned(), route })
    }

    pub fn mailbox(&self) -> Option<PathBuf> {
        self.smtp.is_none().then(|| self.data.join("mailbox"))
    }
}

fn read(name: &str, value: &str, kind: Kind) -> Result<toml::Value, ConfigError> {
    let wrong = |what| ConfigError::Wrong(format!("{name} must be {what}, not {value:?}"));
    Ok(match kind {
        Kind::Text => toml::Value::String(value.to_owned()),
        Kind::Number => toml::Value::Integer(value.parse().map_err(|_| wrong("a number"))?),
        Kind::Switch => toml::Value::Boolean(value.parse().map_err(|_| wrong("true or false"))?),
        Kind::List => toml::Value::Array(
            value
                .split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| toml::Value::String(item.to_owned()))
                .collect(),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let variables = variables.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        Config::parse(text, variables)
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let config = parse(
            "hold_minutes = 20\nlisten = \"0.0.0.0:80\"",
            &[("LANGNGHE_HOLD_MINUTES", "30"), ("LANGNGHE_TRUSTED_PROXIES", "10.0.0.1, ::1")],
        )
        .unwrap();
        assert_eq!(config.hold_minutes, 30);
        assert_eq!(config.listen.port(), 80);
        assert_eq!(config.trusted_proxies.len(), 2);
    }

    #[test]
    fn mistakes_are_refused_with_their_name() {
        let refused = |text, variables: &[_]| parse(text, variables).unwrap_err().to_string();
        assert!(refused("hold_minute = 20", &[]).contains("hold_minute"));
        assert!(refused("", &[("LANGNGHE_LISTN", "x")]).contains("LANGNGHE_LISTN"));
        assert!(refused("", &[("DATABASE_URL", "mysql://x")]).contains("mysql"));
        assert!(refused("base_url = \"langnghe.vn\"", &[]).contains("base_url"));
        let smtp = "base_url=\"https://a.vn\"\n[smtp]\nhost=\"h\"\nfrom=\"f\"\nuser=\"u\"";
        assert!(refused(smtp, &[]).contains("password"));
        assert!(refused("[retention]\nletters = 0", &[]).contains("letters"));
        assert!(refused("", &[("LANGNGHE_KEEP_AUDIT", "999")]).contains("audit"));
        let open = "metrics.listen = \"0.0.0.0:9464\"";
        assert!(refused(open, &[]).contains("token"));
        let short = "provenance_key = \"4a5b\"";
        assert!(
            refused(short, &[]).contains("provenance_key") && !refused(short, &[]).contains("4a5b")
        );
        assert!(refused("[operator]\nlegal_name = \"A\"", &[]).contains("address"));
    }

    #[test]
    fn secrets_are_not_printed() {
        let config = parse("", &[("DATABASE_URL", "postgres://u:hunter2@h/d")]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        let config = parse("", &[("LANGNGHE_PROVENANCE_KEY", &"5e".repeat(32))]).unwrap();
        assert!(config.provenance_seed().unwrap().is_some());
        assert!(!format!("{config:?}").contains("5e5e"));
    }
}

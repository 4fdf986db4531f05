//! Where letters go: an SMTP server, or a folder of .eml files while none is set.

use std::path::PathBuf;
use std::time::Duration;

use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls as LettreTls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::LetterId;
use crate::email::Email;

/// What letters need to know of the site.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// `https://langnghe.example`, without a trailing slash.
    pub base_url: String,
    /// The sender of all letters and organizer of all invitations; must be able to receive.
    pub from: Email,
    pub from_name: String,
    pub route: Route,
}

#[derive(Debug, Clone)]
pub enum Route {
    Smtp(SmtpSettings),
    /// Letters are written into this folder.
    Files(PathBuf),
}

/// How the connection to the SMTP server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Only for a server on the same machine.
    None,
    StartTls,
    Tls,
}

#[derive(Clone)]
pub struct SmtpSettings {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// Name and password, where the server wants them.
    pub login: Option<(String, String)>,
}

/// The password must not reach a log.
impl std::fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("user", &self.login.as_ref().map(|(user, _)| user))
            .finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    #[error("the SMTP server cannot be used: {0}")]
    Settings(String),
    /// Trying again is of no use (an SMTP answer of 5xx, or a letter that cannot be written).
    #[error("refused for good: {0}")]
    Permanent(String),
    #[error("not sent this time: {0}")]
    Transient(String),
}

/// Sends letters; made once, keeps its connections.
#[derive(Debug, Clone)]
pub enum Transport {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Files(PathBuf),
}

impl Transport {
    /// Makes the transport; connects only when the first letter is sent.
    pub fn new(route: &Route) -> Result<Self, TransportError> {
        let smtp = match route {
            Route::Files(folder) => return Ok(Transport::Files(folder.clone())),
            Route::Smtp(smtp) => smtp,
        };
        let parameters = || {
            TlsParameters::new(smtp.host.clone())
                .map_err(|error| TransportError::Settings(error.to_string()))
        };
        let tls = match smtp.tls {
            Tls::None => LettreTls::None,
            Tls::StartTls => LettreTls::Required(parameters()?),
            Tls::Tls => LettreTls::Wrapper(parameters()?),
        };
        let mut builder =
            AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(smtp.host.clone())
                .port(smtp.port)
                .tls(tls)
                .timeout(Some(Duration::from_secs(30)));
        if let Some((user, password)) = &smtp.login {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Transport::Smtp(builder.build()))
    }

    pub(super) async fn send(&self, id: LetterId, message: Message) -> Result<(), TransportError> {
        match self {
            Transport::Smtp(smtp) => match smtp.send(message).await {
                Ok(_) => Ok(()),
                Err(error) if error.is_permanent() => {
                    Err(TransportError::Permanent(error.to_string()))
                }
                Err(error) => Err(TransportError::Transient(error.to_string())),
            },
            Transport::Files(folder) => {
                let write = async {
                    tokio::fs::create_dir_all(folder).await?;
                    // Written aside and renamed, so that no reader sees half a letter.
                    let aside = folder.join(format!("{id}.part"));
                    tokio::fs::write(&aside, message.formatted()).await?;
                    tokio::fs::rename(aside, folder.join(format!("{id}.eml"))).await
                };
                write
                    .await
                    .map_err(|error: std::io::Error| TransportError::Transient(error.to_string()))
            }
        }
    }
}

//! From a configuration to a running server, and to its clean end.

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use app::context::{App, Settings};
use engine::outside::Outside;
use tokio_util::sync::CancellationToken;

use crate::config::Config;
use crate::say::say;
use crate::{cli, lock, machines, metrics, middleware, octo, site, workers};

/// Requests under way get this long to finish once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

pub async fn serve(config: Config) -> Result<(), Box<dyn Error>> {
    start_logging(&config)?;
    let _lock = lock::take(&config.database()?)?;
    site::load()?;
    let store = cli::open(&config).await?;
    store.migrate().await?;
    cli::keep_key(&config, &store).await?;
    let listener = tokio::net::TcpListener::bind(config.listen)
        .await
        .map_err(|error| format!("{} cannot be listened on: {error}", config.listen))?;
    let address = listener.local_addr()?;
    let base_url = match config.base_url.as_str() {
        "" => format!("http://{address}"),
        url => url.to_owned(),
    };
    if let Some(operator) = &config.operator {
        app::operator::set(app::operator::Operator {
            legal_name: operator.legal_name.clone(),
            tax_code: operator.tax_code.clone(),
            address: operator.address.clone(),
            email: operator.email.clone(),
            phone: operator.phone.clone(),
            notification: operator.notification.clone(),
        });
    }
    let mail = config.mail(&base_url)?;
    let settings = Settings {
        secure_cookies: base_url.starts_with("https://"),
        base_url: base_url.clone(),
        hold_minutes: config.hold_minutes,
        mailbox: config.mailbox(),
    };
    let https = settings.secure_cookies;
    let agent = format!("LangNghe/{} (+{base_url})", env!("CARGO_PKG_VERSION"));
    let outside = Outside::new(config.call_local, &agent).map_err(|error| error.to_string())?;
    let app = App::new(store.clone(), settings)
        .with_mail(mail.clone())
        .with_outside(outside.clone())
        .with_retention(config.retention);
    let log = app.workers.clone();
    let routes = app::router::router(app.clone())
        .merge(site::router())
        .merge(octo::router(app.clone(), config.limits.octo))
        .merge(machines::router().with_state(app));
    let service = middleware::around(routes, &config, &store, https)
        .into_make_service_with_connect_info::<SocketAddr>();

    let stop = CancellationToken::new();
    metrics::serve(&config.metrics, store.clone(), stop.clone()).await?;
    let mut workers = workers::start(&store, (mail, outside), config.retention, &stop, &log)?;
    say!("Làng Nghề is at http://{address}/");
    if config.smtp.is_none() {
        say!("Mails are not sent but shown at http://{address}/mailbox");
    }
    let stopped = stop.clone();
    let server = tokio::spawn(async move {
        axum::serve(listener, service).with_graceful_shutdown(stopped.cancelled_owned()).await
    });
    let abort = server.abort_handle();
    signalled().await;
    tracing::info!("stopping");
    stop.cancel();
    let finish = async {
        if let Ok(ended) = tokio::time::timeout(DRAIN, server).await {
            ended??;
        } else {
            tracing::warn!("some requests took too long and were dropped");
            abort.abort();
        }
        while workers.join_next().await.is_some() {}
        Ok::<_, Box<dyn Error>>(())
    };
    tokio::select! {
        finished = finish => finished?,
        () = signalled() => tracing::warn!("told twice to stop: not waiting any longer"),
    }
    store.close().await;
    tracing::info!("stopped");
    Ok(())
}

fn start_logging(config: &Config) -> Result<(), Box<dyn Error>> {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log)
        .map_err(|error| format!("log: {error}"))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let lines = lines.with_writer(std::io::stderr).with_ansi(colours);
    if config.log_json {
        lines.json().init();
    } else {
        lines.init();
    }
    Ok(())
}

/// Resolves when the process is asked to end.
async fn signalled() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                terminate.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! { () = interrupt => {}, () = terminate => {} }
}

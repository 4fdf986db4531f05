use app::context::{App, Settings};
use engine::clock::Clock;
use engine::store::Store;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let store = Store::open(&"sqlite:/tmp/ln.db".parse()?, Clock::System).await?;
    store.migrate().await?;
    let hash = engine::accounts::hash_password("langnghe-demo")?;
    let _ = store
        .write("seed", hash, |tx, hash| {
            Box::pin(async move { engine::catalogue::demo::seed(tx, &hash).await })
        })
        .await?;
    let settings = Settings {
        base_url: String::new(),
        hold_minutes: 15,
        secure_cookies: false,
        mailbox: None,
    };
    let router = app::router::router(App::new(store, settings));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3999").await?;
    axum::serve(listener, router).await?;
    Ok(())
}

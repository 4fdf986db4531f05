//! Waits in the guest's sight for money: asks every few seconds whether something came, and loads the
//! page again when it did. Without script the page loads itself again (see `Head::refresh`).

use leptos::prelude::*;

/// `address` answers a short text, which is `seen` as long as nothing has changed.
#[island]
pub fn PayWatch(address: String, seen: String, words: String) -> impl IntoView {
    Effect::new(move |_| {
        #[cfg(feature = "hydrate")]
        {
            let (address, seen) = (address.clone(), seen.clone());
            let ask = move || {
                let (address, seen) = (address.clone(), seen.clone());
                leptos::task::spawn_local(async move {
                    if let Some(now) = text_at(&address).await
                        && now != seen
                    {
                        let _ = window().location().reload();
                    }
                });
            };
            let timer = set_interval_with_handle(ask, std::time::Duration::from_secs(3));
            if let Ok(timer) = timer {
                on_cleanup(move || timer.clear());
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = (&address, &seen);
    });
    view! { <p class="pay-watch" role="status"><span class="pulse" aria-hidden="true"></span>{words}</p> }
}

/// None while the network or the server is away: asked again in a moment.
#[cfg(feature = "hydrate")]
async fn text_at(address: &str) -> Option<String> {
    use wasm_bindgen::JsCast;
    use wasm_bindgen_futures::JsFuture;
    let answer = JsFuture::from(window().fetch_with_str(address)).await.ok()?;
    let answer: web_sys::Response = answer.dyn_into().ok()?;
    if !answer.ok() {
        return None;
    }
    JsFuture::from(answer.text().ok()?).await.ok()?.as_string()
}

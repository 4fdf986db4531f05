//! A link to hand on: copied with one tap. Without script it is a line of text to select.

use leptos::prelude::*;

#[island]
pub fn CopyLink(
    id: String,
    label: String,
    url: String,
    copy: String,
    copied: String,
) -> impl IntoView {
    let (live, set_live) = signal(false);
    let (done, set_done) = signal(false);
    Effect::new(move |_| set_live.set(true));
    let press = {
        let url = url.clone();
        move |_| {
            #[cfg(feature = "hydrate")]
            {
                let _ = window().navigator().clipboard().write_text(&url);
            }
            #[cfg(not(feature = "hydrate"))]
            let _ = &url;
            set_done.set(true);
        }
    };
    let button = move || {
        live.get().then(|| {
            let (copy, copied, press) = (copy.clone(), copied.clone(), press.clone());
            view! {
                <button class="btn" type="button" on:click=press>
                    {move || if done.get() { copied.clone() } else { copy.clone() }}
                </button>
            }
        })
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <div class="input-group">
                <input class="input" id=id readonly=true value=url/>
                {button}
            </div>
        </div>
    }
}

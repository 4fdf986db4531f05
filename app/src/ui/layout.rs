//! The frame of every page.

use leptos::prelude::*;

use crate::assets;
use crate::context::Visit;

/// What a page puts in its `<head>`.
#[derive(Debug, Clone, Default)]
pub struct Head {
    pub title: String,
    pub description: String,
}

#[component]
pub fn Shell(visit: Visit, head: Head, islands: bool, children: Children) -> impl IntoView {
    let scripts = islands.then(|| {
        let options = LeptosOptions::builder().output_name(assets::wasm_name()).build();
        view! { <HydrationScripts options islands=true/> }
    });
    view! {
        <html lang=visit.locale.code()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <title>{head.title}</title>
                <meta name="description" content=head.description/>
                <link rel="stylesheet" href=assets::url("site.css")/>
                {scripts}
            </head>
            <body>{children()}</body>
        </html>
    }
}

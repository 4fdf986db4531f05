//! The frame of every page.

use engine::Locale;
use leptos::prelude::*;
use serde_json::Value;

use super::escape::escape;
use super::footer::SiteFooter;
use super::header::SiteHeader;
use super::look::{Corners, Look};
use crate::assets;
use crate::context::Visit;
use crate::t;

/// Which part of the site a page belongs to; decides the frame around it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Area {
    /// Header, `<main>` and footer come from the frame.
    #[default]
    Visitor,
    /// The frame adds only the skip link: the page brings its own header and `<main id="main">`.
    Host,
    /// A frame in somebody else's page: neither header nor footer, and that page's look.
    Embed(Look),
}

/// The picture that a shared link shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharePicture {
    /// Path on this site, of a JPEG or PNG.
    pub path: String,
    pub width: i32,
    pub height: i32,
    pub alt: String,
}

/// What a page puts in its `<head>`.
#[derive(Debug, Clone, Default)]
pub struct Head {
    /// Without the site's name, which the frame appends.
    pub title: String,
    /// At most 155 characters are shown by search engines.
    pub description: String,
    /// Not for search engines: bookings, forms, the host's pages. Such a page also names no
    /// canonical address, because its address may hold a secret.
    pub noindex: bool,
    /// Path of the page that search engines should know instead, without the language.
    pub canonical: Option<String>,
    pub area: Area,
    /// A JSON-LD document.
    pub structured: Option<Value>,
    pub picture: Option<SharePicture>,
    /// A text to read, for those who share its address.
    pub article: bool,
    /// Seconds after which the page loads itself again where no script runs; 0: never.
    pub refresh: u32,
}

impl Head {
    /// A public page.
    pub fn new(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self { title: title.into(), description: description.into(), ..Self::default() }
    }

    /// A page for one guest's eyes.
    pub fn private(title: impl Into<String>) -> Self {
        Self { title: title.into(), noindex: true, ..Self::default() }
    }

    /// A page of the host or the office.
    pub fn host(title: impl Into<String>) -> Self {
        Self { area: Area::Host, ..Self::private(title) }
    }

    /// A page for others' frames, which stands for the page at `path`.
    pub fn embed(title: impl Into<String>, path: impl Into<String>, look: Look) -> Self {
        let canonical = Some(path.into());
        Self { area: Area::Embed(look), canonical, ..Self::private(title) }
    }

    pub fn noindex(mut self) -> Self {
        self.noindex = true;
        self
    }

    pub fn structured(mut self, document: Value) -> Self {
        self.structured = Some(document);
        self
    }

    pub fn article(mut self) -> Self {
        self.article = true;
        self
    }

    pub fn refresh(mut self, seconds: u32) -> Self {
        self.refresh = seconds;
        self
    }

    pub fn picture(mut self, picture: SharePicture) -> Self {
        self.picture = Some(picture);
        self
    }
}

#[component]
pub fn Shell(visit: Visit, head: Head, islands: bool, children: Children) -> impl IntoView {
    let locale = visit.locale;
    let scripts = islands.then(|| {
        let options = LeptosOptions::builder().output_name(assets::wasm_name()).build();
        view! { <HydrationScripts options islands=true/> }
    });
    let refresh = (head.refresh > 0).then(|| {
        view! { <noscript><meta http-equiv="refresh" content=head.refresh.to_string()/></noscript> }
    });
    let body = match head.area {
        Area::Visitor => view! {
            <body class="visitor">
                <a class="skip-link" href="#main">{t::site::skip(locale)}</a>
                <SiteHeader visit=visit.clone()/>
                <main id="main" tabindex="-1">{children()}</main>
                <SiteFooter visit=visit.clone()/>
            </body>
        }
        .into_any(),
        Area::Host => view! {
            <body class="host">
                <a class="skip-link" href="#main">{t::site::skip(locale)}</a>
                {children()}
            </body>
        }
        .into_any(),
        Area::Embed(_) => view! {
            <body class="embed">
                <main id="main">{children()}</main>
                <script src=assets::url("embed-frame.js") defer></script>
            </body>
        }
        .into_any(),
    };
    let look = match head.area {
        Area::Embed(look) => look,
        Area::Visitor | Area::Host => Look::default(),
    };
    let theme = look.background.theme();
    let colour = look.style_sheet().map(|href| view! { <link rel="stylesheet" href=href/> });
    view! {
        <html
            lang=locale.tag()
            data-theme=theme
            data-corners=(look.corners == Corners::Square).then_some("square")
        >
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                // As text it would have a mark of Leptos behind it, which a tab shows.
                <title inner_html=escape(&full_title(&head.title, locale))></title>
                {search_and_share(&visit, &head)}
                {refresh}
                <meta name="color-scheme" content=theme.unwrap_or("light dark")/>
                <meta name="theme-color" content="#faf6ee" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#13161e" media="(prefers-color-scheme: dark)"/>
                <link rel="icon" href=assets::url("favicon.svg") type="image/svg+xml"/>
                <link rel="apple-touch-icon" href=assets::url("apple-touch-icon.png")/>
                <link
                    rel="preload"
                    href=assets::url("fonts/be-vietnam-pro-latin-400.woff2")
                    r#as="font"
                    type="font/woff2"
                    crossorigin=""
                />
                <link rel="stylesheet" href=assets::url("site.css")/>
                {colour}
                {head.structured.as_ref().map(structured_data)}
                {scripts}
            </head>
            {body}
        </html>
    }
}

fn full_title(title: &str, locale: Locale) -> String {
    let site = t::site::name(locale);
    if title.is_empty() || title == site { site.to_owned() } else { format!("{title} · {site}") }
}

fn search_and_share(visit: &Visit, head: &Head) -> impl IntoView + use<> {
    if head.noindex {
        let instead = head.canonical.as_ref().map(|path| {
            view! { <link rel="canonical" href=visit.absolute(path)/> }
        });
        return view! { <meta name="robots" content="noindex"/> {instead} }.into_any();
    }
    let locale = visit.locale;
    let here = visit.absolute(&visit.path);
    let other = |locale: Locale| format!("{}/{locale}{}", visit.base_url, visit.path);
    let alternates = Locale::ALL
        .map(|locale| view! { <link rel="alternate" hreflang=locale.tag() href=other(locale)/> });
    let territories = Locale::ALL
        .into_iter()
        .filter(|other| *other != locale)
        .map(|other| open_graph("og:locale:alternate", other.territory()))
        .collect_view();
    let picture = head.picture.clone().unwrap_or_else(|| SharePicture {
        path: assets::url("og.png"),
        width: 1200,
        height: 630,
        alt: t::site::name(locale).to_owned(),
    });
    view! {
        <meta name="description" content=head.description.clone()/>
        <link rel="canonical" href=here.clone()/>
        {alternates}
        <link rel="alternate" hreflang="x-default" href=other(Locale::En)/>
        {open_graph("og:title", head.title.clone())}
        {open_graph("og:description", head.description.clone())}
        {open_graph("og:type", if head.article { "article" } else { "website" })}
        {open_graph("og:url", here)}
        {open_graph("og:site_name", t::site::name(locale))}
        {open_graph("og:locale", locale.territory())}
        {territories}
        {open_graph("og:image", format!("{}{}", visit.base_url, picture.path))}
        {open_graph("og:image:width", picture.width.to_string())}
        {open_graph("og:image:height", picture.height.to_string())}
        {open_graph("og:image:alt", picture.alt)}
        <meta name="twitter:card" content="summary_large_image"/>
    }
    .into_any()
}

fn open_graph(property: &'static str, content: impl Into<String>) -> impl IntoView {
    leptos::html::meta().attr("property", property).attr("content", content.into())
}

/// `<` is written as an escape, so that no text of a host can end the script.
fn structured_data(document: &Value) -> impl IntoView + use<> {
    let json = document.to_string().replace('<', "\\u003c");
    view! { <script type="application/ld+json" inner_html=json></script> }
}

/// The way down to a page: link and name of each step above it, without the home page.
pub fn breadcrumb(locale: Locale, steps: Vec<(String, String)>) -> impl IntoView {
    let steps = steps
        .into_iter()
        .map(|(href, name)| view! { <li><a href=href>{name}</a></li> })
        .collect_view();
    view! { <nav class="breadcrumb" aria-label=t::site::breadcrumb(locale)><ol>{steps}</ol></nav> }
}

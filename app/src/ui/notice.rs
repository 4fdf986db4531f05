//! Messages in the page: news and trouble.

use leptos::prelude::*;

use super::icon::icon;

/// How a message feels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Info,
    Good,
    Warn,
    Bad,
}

impl Tone {
    const fn word(self) -> &'static str {
        match self {
            Tone::Info => "info",
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
        }
    }

    const fn icon(self) -> &'static str {
        match self {
            Tone::Info => "info",
            Tone::Good => "check",
            Tone::Warn | Tone::Bad => "warning",
        }
    }

    /// Trouble interrupts a screen reader, news waits.
    const fn role(self) -> &'static str {
        match self {
            Tone::Bad => "alert",
            Tone::Info | Tone::Good | Tone::Warn => "status",
        }
    }
}

#[component]
pub fn Notice(
    tone: Tone,
    #[prop(into)] title: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="notice" data-tone=tone.word() role=tone.role()>
            {icon(tone.icon())}
            <div>
                <p class="notice-title">{title}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}

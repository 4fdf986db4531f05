//! The three steps of booking, and where the guest is.

use leptos::prelude::*;

use crate::{Locale, t};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    Party,
    Details,
    Review,
}

/// `back` are the addresses of the first and second step; steps that were taken are links.
#[component]
pub fn Steps(locale: Locale, at: Step, #[prop(optional)] back: Vec<String>) -> impl IntoView {
    let all = [
        (Step::Party, t::book::step_party(locale)),
        (Step::Details, t::book::step_details(locale)),
        (Step::Review, t::book::step_review(locale)),
    ];
    let items: Vec<_> = all
        .into_iter()
        .enumerate()
        .map(|(index, (step, name))| match back.get(index).filter(|_| step < at) {
            Some(href) => view! {
                <li data-state="done">
                    <a href=href.clone()>
                        {name} <span class="visually-hidden">{t::book::step_done(locale)}</span>
                    </a>
                </li>
            }
            .into_any(),
            None if step == at => {
                view! { <li aria-current="step"><span>{name}</span></li> }.into_any()
            }
            None => view! { <li><span>{name}</span></li> }.into_any(),
        })
        .collect();
    view! { <ol class="steps" aria-label=t::book::steps(locale)>{items}</ol> }
}

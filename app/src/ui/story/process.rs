//! A process in pictures: a strip that scrolls sideways on a phone, a grid on a wide screen.

use engine::story::{Art, Chapter, Drawing, Step};
use leptos::prelude::*;

use super::figure::image;
use crate::Locale;
use crate::assets;
use crate::ui::prose::foreign;

/// `title` is the id of the heading that names it.
pub fn strip(locale: Locale, chapter: &Chapter, title: &str) -> Option<impl IntoView + use<>> {
    let steps = &chapter.steps.0;
    (!steps.is_empty()).then(|| {
        let steps: Vec<_> =
            (1..).zip(steps).map(|(number, each)| step(locale, chapter, number, each)).collect();
        // Focusable, so that the arrow keys scroll it.
        view! {
            <div class="process" role="region" tabindex="0" aria-labelledby=title.to_owned()>
                <ol class="process-steps" role="list">{steps}</ol>
            </div>
        }
    })
}

fn step(locale: Locale, chapter: &Chapter, number: usize, step: &Step) -> impl IntoView + use<> {
    let words = step.text.text(locale).to_owned();
    let art = match step.art {
        Art::None => None,
        Art::Drawing(drawing) => Some(drawn(drawing).into_any()),
        Art::Picture(id) => chapter
            .picture(id)
            .map(|picture| image(locale, picture, "(min-width: 48rem) 15rem, 70vw", "").into_any()),
    };
    let art = art.map(|art| view! { <div class="process-art">{art}</div> });
    view! {
        <li class="process-step">
            {art}
            <p lang=foreign(&step.text, locale)>
                <span class="process-number">{number.to_string()}</span> " " {words}
            </p>
        </li>
    }
}

/// A drawing of the site. The words beside it say the same, so screen readers pass over it.
pub fn drawn(drawing: Drawing) -> impl IntoView {
    let file = assets::url(&format!("process/{}.svg", drawing.craft()));
    let href = format!("{file}#s-{}", drawing.number());
    view! { <svg class="drawing" viewBox="0 0 160 120" aria-hidden="true"><use_ href=href></use_></svg> }
}

//! The circle as a picture: four spheres on a ring, and on each arc what flows along it. All that
//! it shows stands in the table below it too.

use leptos::prelude::*;

/// A sphere of the circle, clockwise from the top.
pub(super) const NODES: usize = 4;

/// What the picture says.
pub(super) struct Ring {
    /// What a screen reader says of the whole.
    pub label: String,
    pub nodes: [&'static str; NODES],
    /// Lines on the arc from each node to the next.
    pub flows: [[String; 2]; NODES],
    /// Whether something flows there.
    pub alive: [bool; NODES],
    /// In the middle.
    pub middle: [String; 2],
}

const CENTRE: f64 = 200.0;
const RADIUS: f64 = 142.0;
const NODE: f64 = 48.0;
/// Middles of the labels, aside and up or down of the centre: in the corners, off the arcs.
const LABEL: (f64, f64) = (134.0, 158.0);
/// Between the middle of a node and where its arcs begin, degrees on the ring.
const GAP: f64 = 20.5;

/// A point so far from the middle; 0 degrees is the top, clockwise.
fn point(radius: f64, degrees: f64) -> (f64, f64) {
    let angle = degrees.to_radians();
    (CENTRE + radius * angle.sin(), CENTRE - radius * angle.cos())
}

/// The middle of the label between a node and the next.
fn corner(at: usize) -> (f64, f64) {
    let x = if at < 2 { CENTRE + LABEL.0 } else { CENTRE - LABEL.0 };
    let y = if at == 1 || at == 2 { CENTRE + LABEL.1 } else { CENTRE - LABEL.1 };
    (x, y)
}

fn arc(from: f64, to: f64) -> String {
    let ((x1, y1), (x2, y2)) = (point(RADIUS, from), point(RADIUS, to));
    format!("M{x1:.1} {y1:.1}A{RADIUS} {RADIUS} 0 0 1 {x2:.1} {y2:.1}")
}

/// Words of several lines, in the middle of a point.
fn lines(class: &'static str, (x, y): (f64, f64), words: &[String]) -> impl IntoView + use<> {
    const LEADING: f64 = 17.0;
    let words: Vec<&String> = words.iter().filter(|line| !line.is_empty()).collect();
    let count = f64::from(u8::try_from(words.len()).unwrap_or(u8::MAX));
    let mut at = y - LEADING * (count - 1.0) / 2.0;
    let spans: Vec<_> = words
        .into_iter()
        .map(|line| {
            let here = at;
            at += LEADING;
            view! { <tspan x=format!("{x:.1}") y=format!("{here:.1}")>{line.clone()}</tspan> }
        })
        .collect();
    view! { <text class=class>{spans}</text> }
}

/// The head of an arrow; its tip touches the end of the arc.
fn head(id: &'static str, class: &'static str) -> impl IntoView {
    view! {
        <marker
            id=id
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerWidth="18"
            markerHeight="18"
            markerUnits="userSpaceOnUse"
            orient="auto"
        >
            <path class=class d="M0 0L10 5L0 10z"/>
        </marker>
    }
}

impl Ring {
    pub(super) fn view(self) -> impl IntoView + use<> {
        let Ring { label, nodes, flows, alive, middle } = self;
        let start = |at: usize| 90.0 * f64::from(u8::try_from(at).unwrap_or_default());
        let arcs: Vec<_> = alive
            .iter()
            .enumerate()
            .map(|(at, alive)| {
                let d = arc(start(at) + GAP, start(at) + 90.0 - GAP);
                let (class, tip) = if *alive {
                    ("ring-arc", "url(#ring-head)")
                } else {
                    ("ring-arc ring-still", "url(#ring-head-still)")
                };
                view! { <path class=class d=d marker-end=tip/> }
            })
            .collect();
        let labels: Vec<_> = flows
            .iter()
            .enumerate()
            .map(|(at, words)| {
                const WIDTH: f64 = 124.0;
                let one = words[1].is_empty();
                let height = if one { 26.0 } else { 44.0 };
                let (x, y) = corner(at);
                let (left, top) = (x - WIDTH / 2.0, y - height / 2.0);
                view! {
                    <rect
                        class="ring-pill"
                        x=format!("{left:.1}")
                        y=format!("{top:.1}")
                        width=WIDTH.to_string()
                        height=height.to_string()
                        rx="13"
                    />
                    {lines("ring-flow", (x, y), words)}
                }
            })
            .collect();
        let circles: Vec<_> = nodes
            .into_iter()
            .enumerate()
            .map(|(at, name)| {
                let (x, y) = point(RADIUS, start(at));
                view! {
                    <circle class="ring-node" cx=format!("{x:.1}") cy=format!("{y:.1}") r=NODE.to_string()/>
                    {lines("ring-name", (x, y), &[name.to_owned()])}
                }
            })
            .collect();
        view! {
            <svg class="ring" viewBox="0 0 400 400" role="img" aria-label=label>
                <defs>{head("ring-head", "ring-tip")} {head("ring-head-still", "ring-tip-still")}</defs>
                {arcs} {circles} {labels} {lines("ring-middle", (CENTRE, CENTRE), &middle)}
            </svg>
        }
    }
}

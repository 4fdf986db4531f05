//! Fields of forms. Each has its label, hint and error tied to the control, so that a screen
//! reader says all three; each keeps what was typed when the form comes back with errors.

use leptos::prelude::*;

use crate::api::form::{KEY, Problems};
use crate::ui::escape::escape;
use crate::ui::icon::icon;
use crate::{Locale, t};

/// The ids that `aria-describedby` names: the hint's and the error's, where they are there.
fn described_by(id: &str, hint: &str, error: &str) -> Option<String> {
    match (hint.is_empty(), error.is_empty()) {
        (true, true) => None,
        (false, true) => Some(format!("{id}-hint")),
        (true, false) => Some(format!("{id}-error")),
        (false, false) => Some(format!("{id}-hint {id}-error")),
    }
}

fn invalid(error: &str) -> Option<&'static str> {
    (!error.is_empty()).then_some("true")
}

#[component]
fn Hint(id: String, text: String) -> impl IntoView {
    (!text.is_empty()).then(|| view! { <p class="field-hint" id=format!("{id}-hint")>{text}</p> })
}

/// The message under a field; nothing where the field is right.
#[component]
pub fn FieldError(
    /// The field's id.
    #[prop(into)]
    id: String,
    #[prop(into)] text: String,
) -> impl IntoView {
    (!text.is_empty()).then(|| {
        view! {
            <p class="field-error" id=format!("{id}-error")>
                {icon("warning")}
                {text}
            </p>
        }
    })
}

#[component]
fn Label(locale: Locale, id: String, text: String, optional: bool) -> impl IntoView {
    let optional =
        optional.then(|| view! { " " <span class="optional">{t::form::optional(locale)}</span> });
    view! { <label for=id>{text}{optional}</label> }
}

/// A line of text. `optional` is said beside the label; a field is required unless it is.
#[component]
pub fn TextField(
    locale: Locale,
    /// Name and id of the control.
    #[prop(into)]
    name: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] error: String,
    /// The `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] optional: bool,
    #[prop(optional)] short: bool,
    #[prop(into, optional)] min: Option<String>,
    #[prop(into, optional)] max: Option<String>,
    #[prop(optional)] maxlength: Option<u32>,
) -> impl IntoView {
    let class = if short { "input input-short" } else { "input" };
    view! {
        <div class="field">
            <Label locale id=name.clone() text=label optional/>
            <Hint id=name.clone() text=hint.clone()/>
            <input
                class=class
                id=name.clone()
                name=name.clone()
                type=kind
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                min=min
                max=max
                maxlength=maxlength
                required=!optional
                aria-invalid=invalid(&error)
                aria-describedby=described_by(&name, &hint, &error)
            />
            <FieldError id=name text=error/>
        </div>
    }
}

/// Several lines of text.
///
/// Leptos writes the children of a `<textarea>` without escaping them, so the text goes in as
/// HTML that is escaped here. HTML drops a newline at the beginning: hence the one added.
#[component]
pub fn TextArea(
    locale: Locale,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] error: String,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] optional: bool,
    #[prop(optional)] maxlength: Option<u32>,
) -> impl IntoView {
    view! {
        <div class="field">
            <Label locale id=name.clone() text=label optional/>
            <Hint id=name.clone() text=hint.clone()/>
            <textarea
                class="input"
                id=name.clone()
                name=name.clone()
                rows=rows
                maxlength=maxlength
                required=!optional
                aria-invalid=invalid(&error)
                aria-describedby=described_by(&name, &hint, &error)
                inner_html=format!("\n{}", escape(&value))
            />
            <FieldError id=name text=error/>
        </div>
    }
}

/// A choice out of a list: (value, words).
#[component]
pub fn Select(
    locale: Locale,
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] hint: String,
    #[prop(into, optional)] error: String,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] optional: bool,
) -> impl IntoView {
    let options = choices(options, &value);
    view! {
        <div class="field">
            <Label locale id=name.clone() text=label optional/>
            <Hint id=name.clone() text=hint.clone()/>
            <select
                class="input"
                id=name.clone()
                name=name.clone()
                autocomplete=autocomplete
                required=!optional
                aria-invalid=invalid(&error)
                aria-describedby=described_by(&name, &hint, &error)
            >
                {options}
            </select>
            <FieldError id=name text=error/>
        </div>
    }
}

/// The `<option>`s of a `<select>`, as value and words.
pub fn choices(options: Vec<(String, String)>, chosen: &str) -> impl IntoView + use<> {
    options
        .into_iter()
        .map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        })
        .collect_view()
}

/// A box to tick, with its words.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(optional)] checked: bool,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] error: String,
) -> impl IntoView {
    view! {
        <div class="field">
            <label class="check" for=name.clone()>
                <input
                    type="checkbox"
                    id=name.clone()
                    name=name.clone()
                    checked=checked
                    required=required
                    aria-invalid=invalid(&error)
                    aria-describedby=described_by(&name, "", &error)
                />
                <span>{label}</span>
            </label>
            <FieldError id=name text=error/>
        </div>
    }
}

/// A choice out of few, all in sight: (value, words). The first one has the group's name as id,
/// so that the list of errors can point there.
#[component]
pub fn Radios(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    options: Vec<(String, String)>,
    #[prop(into, optional)] value: String,
    #[prop(into, optional)] error: String,
) -> impl IntoView {
    let describe = described_by(&name, "", &error);
    let toggles: Vec<_> = options
        .into_iter()
        .enumerate()
        .map(|(at, (key, words))| {
            let id = if at == 0 { name.clone() } else { format!("{name}-{at}") };
            let checked = key == value;
            view! {
                <label class="toggle">
                    <input type="radio" id=id name=name.clone() value=key checked=checked/>
                    <span>{words}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field" aria-describedby=describe>
            <legend class="field-label">{label}</legend>
            <div class="toggles">{toggles}</div>
            <FieldError id=name text=error/>
        </fieldset>
    }
}

#[component]
pub fn Hidden(#[prop(into)] name: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <input type="hidden" name=name value=value/> }
}

/// The form's one-time key (see [`crate::api::form::Form::key`]).
#[component]
pub fn FormKey(#[prop(into)] key: String) -> impl IntoView {
    view! { <Hidden name=KEY value=key/> }
}

/// What has to be put right, at the top of a form that came back, with a link to each field.
/// The browser puts the focus here, so that it is read first.
#[component]
pub fn ErrorSummary(locale: Locale, problems: Problems) -> impl IntoView {
    (!problems.is_empty()).then(|| {
        let count = i64::try_from(problems.len()).unwrap_or(i64::MAX);
        let items: Vec<_> = problems
            .iter()
            .map(|(field, message)| {
                view! { <li><a href=format!("#{field}")>{message.to_owned()}</a></li> }
            })
            .collect();
        view! {
            <div class="error-summary" role="alert" tabindex="-1" autofocus aria-labelledby="errors">
                <h2 id="errors">{t::form::to_put_right(locale, count)}</h2>
                <ul>{items}</ul>
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::to_html;

    const ATTACK: &str = "</textarea><script>alert(1)</script>&amp; \"'";

    #[test]
    fn a_text_area_escapes_what_was_typed() {
        let html = to_html(|| {
            view! { <TextArea locale=Locale::En name="notes" label="Notes" value=ATTACK/> }
        });
        assert!(!html.contains("<script>"), "{html}");
        let page = scraper::Html::parse_fragment(&html);
        let selector = scraper::Selector::parse("textarea").unwrap();
        let area = page.select(&selector).next().unwrap();
        assert_eq!(area.text().collect::<String>(), ATTACK);
    }

    #[test]
    fn a_text_area_keeps_an_empty_first_line() {
        let html = to_html(|| {
            view! { <TextArea locale=Locale::En name="notes" label="Notes" value="\nsecond"/> }
        });
        let page = scraper::Html::parse_fragment(&html);
        let selector = scraper::Selector::parse("textarea").unwrap();
        let text: String = page.select(&selector).next().unwrap().text().collect();
        assert_eq!(text, "\nsecond");
    }

    #[test]
    fn an_error_is_tied_to_its_field() {
        let html = to_html(|| {
            view! {
                <TextField locale=Locale::En name="email" label="Email" value=ATTACK
                    hint="So that we can write" error="An @ is missing"/>
            }
        });
        let page = scraper::Html::parse_fragment(&html);
        let input = scraper::Selector::parse("input#email").unwrap();
        let input = page.select(&input).next().unwrap();
        assert_eq!(input.attr("value"), Some(ATTACK));
        assert_eq!(input.attr("aria-invalid"), Some("true"));
        assert_eq!(input.attr("aria-describedby"), Some("email-hint email-error"));
        for id in ["email-hint", "email-error"] {
            let named = scraper::Selector::parse(&format!("#{id}")).unwrap();
            assert_eq!(page.select(&named).count(), 1, "{id}");
        }
    }

    #[test]
    fn a_field_without_trouble_says_nothing_of_it() {
        let html = to_html(|| view! { <TextField locale=Locale::En name="name" label="Name"/> });
        assert!(!html.contains("aria-invalid") && !html.contains("aria-describedby"), "{html}");
    }

    #[test]
    fn options_and_ticks_are_kept() {
        let html = to_html(|| {
            let options = vec![("vi".into(), "Tiếng Việt".into()), ("en".into(), "English".into())];
            view! {
                <Select locale=Locale::En name="lang" label="L" options=options.clone() value="en"/>
                <Radios name="size" label="S" options value="vi"/>
                <Checkbox name="waiver" label="W" checked=true/>
            }
        });
        let page = scraper::Html::parse_fragment(&html);
        let value = |selector: &str| {
            let selector = scraper::Selector::parse(selector).unwrap();
            page.select(&selector).next().and_then(|found| found.attr("value")).map(str::to_owned)
        };
        assert_eq!(value("option[selected]").as_deref(), Some("en"));
        assert_eq!(value("input[type=radio][checked]").as_deref(), Some("vi"));
        let ticked = scraper::Selector::parse("#waiver[checked]").unwrap();
        assert_eq!(page.select(&ticked).count(), 1);
    }
}

//! As much of Liquid as the templates use.

/// What is wrong with a template.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum RenderError {
    #[error("there is no value `{0}`")]
    NoValue(String),
    #[error("`{0}` has no end")]
    Open(&'static str),
    #[error("`{0}` is not understood here")]
    Tag(String),
}

/// Puts values in for placeholders. `value` knows a name, and whether there is a value of that name.
pub(super) fn render(text: &str, value: impl Fn(&str) -> Option<Option<String>>) -> Result<String, RenderError> {
    let lookup = |name: &str| value(name).ok_or_else(|| RenderError::NoValue(name.to_owned()));
    let mut rendered = String::with_capacity(text.len());
    // Inside of an `if`: whether the part that is being read counts, and whether it is the first one.
    let mut branch: Option<(bool, bool)> = None;
    let mut rest = text;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let counts = branch.is_none_or(|(counts, _)| counts);
        let (before, placeholder) = rest.split_at(at);
        if counts {
            rendered.push_str(before);
        }
        let (open, close) = if placeholder.starts_with("{{") { ("{{", "}}") } else { ("{%", "%}") };
        let (inside, after) = placeholder[2..].split_once(close).ok_or(RenderError::Open(open))?;
        let inside = inside.trim();
        rest = after;
        if open == "{{" {
            let (name, filter) = inside.split_once('|').map_or((inside, None), |(name, filter)| (name, Some(filter)));
            let value = lookup(name.trim())?.unwrap_or_default();
            let value = match filter.map(str::trim) {
                None => value,
                // Names are lower case already: `name` has a rule for it.
                Some("kebab_case") => value.replace('_', "-"),
                Some(_) => return Err(RenderError::Tag(inside.to_owned())),
            };
            if counts {
                rendered.push_str(&value);
            }
            continue;
        }
        branch = match (inside.split_whitespace().collect::<Vec<_>>().as_slice(), branch) {
            (["if", name], None) => Some((lookup(name)?.is_some(), true)),
            (["else"], Some((counts, true))) => Some((!counts, false)),
            (["endif"], Some(_)) => None,
            _ => return Err(RenderError::Tag(inside.to_owned())),
        };
    }
    match branch {
        Some(_) => Err(RenderError::Open("{% if %}")),
        None => Ok(rendered + rest),
    }
}

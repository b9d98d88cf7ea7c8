//! Documents whose every character can be seen: what controls a terminal, turns the direction of a text around or has no width is
//! escaped where it stands, so that the values stay what they are.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Serialize;

/// Whether a character cannot be seen, or changes how others are shown: what controls a terminal (line breaks and tabs among it),
/// what changes the direction of a text, what ends a line in some programs only, and what has no width.
///
/// Variation selectors are not among them, which choose between two pictures of the character before.
pub fn is_hidden(c: char) -> bool {
    // The zero-width ones are those of Unicode's property Default_Ignorable_Code_Point, and interlinear annotations.
    c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
                | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// A hidden character that cannot stand in a document as it is: line breaks and tabs between values can.
fn is_unseen(c: char) -> bool {
    is_hidden(c) && !matches!(c, '\n' | '\r' | '\t')
}

/// JSON, with hidden characters as `\uXXXX`. In JSON they are in strings only, but for the white space between values.
pub fn json(text: &str) -> Cow<'_, str> {
    escaped(text, |c, escaped| {
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(escaped, "\\u{unit:04x}");
        }
    })
}

fn escaped(text: &str, escape: impl Fn(char, &mut String)) -> Cow<'_, str> {
    let Some(first) = text.find(is_unseen) else { return Cow::Borrowed(text) };
    let mut escaped = String::with_capacity(text.len() + 64);
    let (seen, rest) = text.split_at(first);
    escaped.push_str(seen);
    for c in rest.chars() {
        if is_unseen(c) { escape(c, &mut escaped) } else { escaped.push(c) }
    }
    Cow::Owned(escaped)
}

/// YAML, hidden characters and all: for a text that becomes a value of another document.
///
/// # Errors
///
/// What serde says, for a value that YAML cannot hold.
pub(crate) fn inner_yaml(value: &impl Serialize, quote_all: bool) -> Result<String, String> {
    // Long lines stay whole: people search in them, and a folded text reads badly.
    let options = serde_saphyr::ser_options! { folded_wrap_chars: usize::MAX, quote_all: quote_all };
    serde_saphyr::to_string_with_options(value, options).map_err(|error| error.to_string())
}

/// YAML without hidden characters. A document with some is written in the style of JSON, where they can be escaped.
///
/// # Errors
///
/// What serde says, for a value that YAML cannot hold.
pub(crate) fn yaml(value: &impl Serialize, quote_all: bool) -> Result<String, String> {
    let text = inner_yaml(value, quote_all)?;
    if !text.contains(is_unseen) {
        return Ok(text);
    }
    let json = serde_json::to_string_pretty(value).map_err(|error| error.to_string())?;
    // YAML has no pairs of surrogates.
    let escaped = escaped(&json, |c, escaped| {
        let _ = match c as u32 {
            code @ 0..=0xffff => write!(escaped, "\\u{code:04x}"),
            code => write!(escaped, "\\U{code:08x}"),
        };
    });
    Ok(format!("{escaped}\n"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// Of every range, and what is next to it.
    const HIDDEN: &str = "\0\u{7}\u{8}\u{b}\u{1b}\u{7f}\u{80}\u{85}\u{9b}\u{ad}\u{61c}\u{200b}\u{200d}\u{200e}\u{200f}\u{2028}\u{2029}\
                          \u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{feff}\u{fff9}\u{e0001}\u{e007f}";
    const SEEN: &str = " ~\u{a0}äé日\u{2027}\u{202f}\u{205f}\u{2070}\u{fe0f}\u{1f600}";

    #[test]
    fn values_stay_what_they_are() {
        assert!(HIDDEN.chars().all(is_hidden) && !SEEN.chars().any(is_hidden));
        let value = json!({ HIDDEN: [HIDDEN, SEEN, "a\nb\tc"], "n": 1 });
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            let written = json(&text);
            assert!(!written.contains(is_unseen), "{written:?}");
            assert_eq!(serde_json::from_str::<Value>(&written).unwrap(), value);
        }
        assert!(matches!(json("{\n\t\"a\": \"ä\"}"), Cow::Borrowed(_)), "nothing to escape, nothing copied");
    }

    #[test]
    fn yaml_is_escaped_as_well() {
        let hidden = json!({ "a": HIDDEN, HIDDEN: SEEN });
        for quote_all in [false, true] {
            let written = yaml(&hidden, quote_all).unwrap();
            assert!(!written.contains(is_unseen), "{written:?}");
            assert_eq!(serde_saphyr::from_str::<Value>(&written).unwrap(), hidden);
        }
        assert_eq!(yaml(&json!({ "a": "b\nc" }), false).unwrap(), "a: |-\n  b\n  c\n");
    }
}

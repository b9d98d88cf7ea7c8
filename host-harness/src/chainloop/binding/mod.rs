//! Values of inputs as templates of Go's `text/template`: Chainloop renders them, and local evaluation has no values to fill
//! in.
//!
//! What a template may ask for is `inputs.NAME`, of which all are empty. Templates in templates, and what formats and compares in
//! ways that no input needs, are refused with their name.

mod action;
mod constant;
mod lex;
mod parse;
mod run;
mod tree;
mod value;

#[cfg(test)]
mod tests;

/// A text with everything between `{{` and `}}` evaluated.
///
/// # Errors
///
/// What is wrong with the template, in Go's words, or what of it is not evaluated here.
pub(super) fn rendered(text: &str) -> Result<String, String> {
    let text = with_dots(text);
    let parts = parse::parse(&text)?;
    run::run(&text, &parts)
}

/// Both `.inputs.x` and `inputs.x` at the start of an action are meant.
fn with_dots(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        let (before, after) = rest.split_at(at + 2);
        made.push_str(before);
        rest = after;
        let word = after.trim_start_matches(['\t', '\n', '\u{c}', '\r', ' ']);
        // What is behind the word counts as the dot, whatever it is.
        let behind = word.strip_prefix("inputs").and_then(|word| word.chars().next()).filter(|next| *next != '\n');
        if let Some(next) = behind {
            made.push_str(" .inputs.");
            rest = &word["inputs".len() + next.len_utf8()..];
        }
    }
    made + rest
}

/// The line of a byte, from 1.
fn line(text: &str, at: usize) -> usize {
    memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count() + 1
}

/// An error of a template's text.
fn error(text: &str, at: usize, what: &str) -> String {
    format!("template: chainloop:{}: {what}", line(text, at))
}

/// A text in Go's quotes.
fn quoted(text: &str) -> String {
    let mut made = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => made.push_str("\\\""),
            '\\' => made.push_str("\\\\"),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            control if control.is_control() => made.push_str(&format!("\\x{:02x}", u32::from(control))),
            letter => made.push(letter),
        }
    }
    made.push('"');
    made
}

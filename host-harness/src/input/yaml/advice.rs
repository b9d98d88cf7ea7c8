//! What to do about a text that is not YAML.

use granit_parser::ErrorKind;

use crate::input::Position;

/// Where a text without quotes is the likely cause, that it needs them: messages of policies have colons and backticks.
pub(super) fn advice(text: &str, at: Position, error: &ErrorKind) -> &'static str {
    const ADVICE: &str = "; a text with `: ` in it, or with a backtick in front, is put in quotes";
    let line = text.lines().nth(at.line.saturating_sub(1)).unwrap_or_default().trim_start_matches([' ', '-']);
    let value = line.split_once(": ").map_or("", |(_, value)| value.trim_start());
    let structure = |text: &str| text.starts_with(['"', '\'', '{', '[', '|', '>']);
    let unquoted = !structure(line) && !structure(value);
    let likely = match error {
        ErrorKind::MappingValueNotAllowed => value.contains(": "),
        _ => value.contains(": ") || value.starts_with('`'),
    };
    if unquoted && likely { ADVICE } else { "" }
}

//! YAML as kubectl reads it.

use serde::de::IgnoredAny;
use serde_json::Value;

use super::Position;
use super::error::Failure;
use super::room::with_room;

/// As deep as serde_json goes, so that a document means the same in both languages.
const MAX_DEPTH: usize = 127;

/// Options of the YAML parser, also used to find positions.
pub(super) fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        strict_booleans: false,
        legacy_octal_numbers: true,
        reject_unsupported_tags: true,
        non_finite_float_policy: serde_saphyr::options::NonFiniteFloatPolicy::Reject,
        with_snippet: false,
        // What kubectl prints of a real cluster is large. What aliases expand to has a limit of its own:
        // more than people repeat with anchors, and so little that a short text cannot fill the memory.
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH, max_events: 40_000_000, max_nodes: 10_000_000, max_documents: 100_000 },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 100_000 },
    }
}

/// The documents in a text.
pub(super) fn parse(text: &str) -> Result<Vec<Value>, Failure> {
    with_room(|| serde_saphyr::from_multiple_with_options::<Value>(text, options()))
        .map_err(|error| (position_of(&error), format!("not valid YAML: {}{}", in_words(&error), quotes(text, &error))))
}

/// Where the second document of a text starts.
pub(super) fn second_document(text: &str) -> Option<Position> {
    // Reading it as one document stops there.
    let error = with_room(|| serde_saphyr::from_str_with_options::<IgnoredAny>(text, options()).err());
    error.as_ref().and_then(position_of)
}

/// Where a text without quotes is the likely cause, that it needs them: messages of policies have colons and backticks.
fn quotes(text: &str, error: &serde_saphyr::Error) -> &'static str {
    const ADVICE: &str = "; a text with `: ` in it, or with a backtick in front, is put in quotes";
    let line = position_of(error).and_then(|at| text.lines().nth(at.line - 1)).unwrap_or_default();
    let value = line.split_once(": ").map_or("", |(_, value)| value.trim_start());
    let unquoted = !value.starts_with(['"', '\'', '{', '[', '|', '>']);
    if unquoted && (value.contains(": ") || value.starts_with('`')) { ADVICE } else { "" }
}

fn position_of(error: &serde_saphyr::Error) -> Option<Position> {
    let at = error.location().filter(|at| at.line() > 0)?;
    Some(Position { line: at.line() as usize, column: at.column() as usize })
}

/// What the parser says, without the position: ours stands at the head of the line.
fn in_words(error: &serde_saphyr::Error) -> String {
    let text = error.render_with_formatter(&serde_saphyr::UserMessageFormatter);
    let text = text.trim().strip_prefix("error: ").unwrap_or(text.trim());
    match text.rsplit_once(" at line ") {
        Some((message, rest)) if rest.chars().all(|c| c.is_ascii_digit() || ", column".contains(c)) => {
            message.trim_end().to_owned()
        }
        _ => text.to_owned(),
    }
}

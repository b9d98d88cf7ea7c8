//! Regular expressions of cases and of conditions, within bounds.

use regex_lite::{Regex, RegexBuilder};

/// Bytes that a pattern may have when it is compiled: repetitions repeat what is in them.
const MAX_SIZE: usize = 256 << 10;

/// A bound for the steps that a character takes in a pattern: the states of one that is as large as it may be.
pub(crate) const MOST_STEPS: f64 = MAX_SIZE as f64 / STATE;

/// The least bytes of a state.
const STATE: f64 = 16.0;

/// Steps that a pattern may take with one text.
const MAX_STEPS: f64 = 1e8;

/// Compiles a pattern in Go's syntax, but for the classes of Unicode.
///
/// # Errors
///
/// What is wrong with it, or that it is too large.
pub(crate) fn compiled(pattern: &str) -> Result<Regex, regex_lite::Error> {
    RegexBuilder::new(pattern).size_limit(MAX_SIZE).build()
}

/// Whether a pattern can be searched for in a text of so many bytes in a time that nobody waits for.
pub(crate) fn is_fast(pattern: &str, bytes: usize) -> bool {
    let bytes = bytes as f64;
    bytes * MOST_STEPS <= MAX_STEPS || bytes * steps(pattern) <= MAX_STEPS
}

/// A bound for the steps that each character of a text takes in the pattern; of one that cannot be compiled nothing.
pub(crate) fn steps(pattern: &str) -> f64 {
    let fits = |size: usize| RegexBuilder::new(pattern).size_limit(size).build().is_ok();
    let mut size = 512;
    while size < MAX_SIZE {
        if fits(size) {
            return size as f64 / STATE;
        }
        size *= 2;
    }
    MOST_STEPS
}

/// The beginning of a pattern, for messages.
pub(crate) fn shortened(pattern: &str) -> String {
    const LENGTH: usize = 100;
    match pattern.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &pattern[..end]),
        None => pattern.to_owned(),
    }
}

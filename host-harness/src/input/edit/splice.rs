//! Changes of a text, made all at once.

use std::ops::Range;

/// Parts of a text, each with what comes into its place.
#[derive(Debug, Default)]
pub(super) struct Splices(Vec<(Range<usize>, String)>);

impl Splices {
    pub(super) fn replace(&mut self, range: Range<usize>, text: String) {
        self.0.push((range, text));
    }

    pub(super) fn insert(&mut self, at: usize, text: String) {
        self.0.push((at..at, text));
    }

    /// The text with all of them; what is inserted at one place stands there in the order in which it came.
    pub(super) fn applied(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut applied = String::with_capacity(text.len() + 64);
        let mut done = 0;
        // As the lines of the text end.
        let windows = text.contains("\r\n");
        for (range, with) in &self.0 {
            // Where one is inside another, the outer one counts.
            if range.start >= done || range.is_empty() {
                applied.push_str(text.get(done..range.start).unwrap_or_default());
                match windows {
                    true => applied.push_str(&with.replace('\n', "\r\n")),
                    false => applied.push_str(with),
                }
                done = done.max(range.end);
            }
        }
        applied.push_str(&text[done..]);
        applied
    }
}

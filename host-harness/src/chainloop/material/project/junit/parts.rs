//! What suites and tests have in common.

use std::collections::BTreeMap;

use crate::chainloop::json::{Sink, write_string};
use crate::chainloop::xml::Start;

/// Totals of tests by their results.
#[derive(Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) tests: i64,
    pub(super) passed: i64,
    pub(super) skipped: i64,
    pub(super) failed: i64,
    pub(super) error: i64,
    pub(super) duration: i64,
}

/// Attributes of an element, and properties.
pub(super) type Attributes = BTreeMap<String, String>;

impl Totals {
    /// Adds other totals to these.
    pub(super) fn add(&mut self, other: Self) {
        self.tests += other.tests;
        self.passed += other.passed;
        self.skipped += other.skipped;
        self.failed += other.failed;
        self.error += other.error;
        self.duration = self.duration.wrapping_add(other.duration);
    }
}

/// The attributes of an element. Of those of the same name, the last one.
pub(super) fn attributes(start: &Start<'_>) -> Attributes {
    start.attributes.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// Writes a comma before everything but the first.
pub(super) fn comma(first: &mut bool, sink: &mut Sink) {
    if !std::mem::take(first) {
        sink.push(b",");
    }
}

/// Writes an entry.
pub(super) fn field(key: &str, value: &str, sink: &mut Sink) {
    write_string(key, sink);
    sink.push(b":");
    write_string(value, sink);
}

/// Writes the properties.
pub(super) fn map(properties: &Attributes, sink: &mut Sink) {
    sink.push(b"\"properties\":{");
    let mut first = true;
    for (key, value) in properties {
        comma(&mut first, sink);
        field(key, value, sink);
    }
    sink.push(b"}");
}

/// Writes what a test printed, if it printed anything.
pub(super) fn outputs(out: &str, err: &str, sink: &mut Sink) {
    for (key, text) in [("stdout", out), ("stderr", err)] {
        if !text.is_empty() {
            sink.push(b",");
            field(key, text, sink);
        }
    }
}

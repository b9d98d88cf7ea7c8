//! What is wrong with a policy file, or with a script of it.

use std::fmt;

use crate::input::InputError;

/// A policy file, or a script, that cannot be used.
///
/// Displays as what Chainloop says, where it says anything, and on lines of their own what is wrong and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFileError {
    /// What Chainloop says; `None` for what it accepts, or does in a way that is not followed here.
    pub words: Option<String>,
    /// Every mistake, with file, line and field, in the order of the file; at least one.
    pub mistakes: Vec<InputError>,
}

impl PolicyFileError {
    pub(super) fn one(words: Option<String>, mistake: InputError) -> Self {
        Self { words, mistakes: vec![mistake] }
    }
}

impl fmt::Display for PolicyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = self.words.iter().cloned().chain(self.mistakes.iter().map(ToString::to_string));
        f.write_str(&lines.next().unwrap_or_default())?;
        lines.try_for_each(|line| write!(f, "\n{line}"))
    }
}

impl std::error::Error for PolicyFileError {}

/// Mistakes that were found so far.
#[derive(Debug, Default)]
pub(super) struct Mistakes(Vec<InputError>);

impl Mistakes {
    /// What was found, or nothing but a note of what is wrong.
    pub(super) fn take<T>(&mut self, found: Result<T, InputError>) -> Option<T> {
        found.map_err(|error| self.0.push(error)).ok()
    }

    pub(super) fn push(&mut self, mistake: InputError) {
        self.0.push(mistake);
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them, in the order of the file.
    pub(super) fn sorted(mut self) -> Vec<InputError> {
        self.0.sort_by_key(|mistake| mistake.position.map(|at| (at.line, at.column)));
        self.0
    }
}

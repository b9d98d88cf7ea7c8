//! Where something stands in a file, for those who ask later.

use super::{Position, lines::Lines, origin::OwnedStep, places::Step};

/// A value in a file. Its line is found when somebody asks for it, which takes as long as to read the file: who asks for no place
/// pays for none.
#[derive(Clone, Debug)]
pub struct Place {
    name: String,
    /// What the value stands in; nothing for a file that is no document.
    lines: Option<Lines>,
    path: Vec<OwnedStep>,
}

impl Place {
    pub(super) fn new(name: &str, lines: &Lines, path: &[Step<'_>]) -> Self {
        let path = path.iter().map(|step| OwnedStep::from(*step)).collect();
        Self { name: name.to_owned(), lines: Some(lines.clone()), path }
    }

    /// A whole file.
    pub(crate) fn whole(name: impl Into<String>) -> Self {
        Self { name: name.into(), lines: None, path: Vec::new() }
    }

    /// The file, or what stands for it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where in the file: the place of its key, where the value has one. `None` for a file that has no lines.
    pub fn position(&self) -> Option<Position> {
        self.position_of(&[])
    }

    /// Where a value below this one stands, or what there is of the way to it. Items of an array have their index as key.
    pub fn position_of(&self, keys: &[&str]) -> Option<Position> {
        let here = self.path.iter().map(OwnedStep::step);
        let path: Vec<Step<'_>> = here.chain(keys.iter().map(|key| Step::Key(key))).collect();
        self.lines.as_ref()?.position(&path)
    }
}

//! Whose code it is.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use admit_runtime::internal::{DebugData, MAX_DOCUMENT, SourceLines, read_text};

use super::{module::Module, outcome::SourceLine};

/// Parts of the paths of sources that are not the author's: dependencies, the standard library, toolchains.
const FOREIGN: [&str; 8] = [
    "/.cargo/registry/",
    "/.cargo/git/",
    "/cargo/registry/",
    "/rustlib/",
    "/rustc/",
    "/node_modules/",
    "/tinygo/",
    "/go/pkg/mod/",
];

/// How names of functions begin that are not the author's, where there is no debug data.
const LIBRARIES: [&str; 22] = [
    "core::",
    "alloc::",
    "std::",
    "<core::",
    "<alloc::",
    "<std::",
    "<&",
    "serde",
    "<serde",
    "dlmalloc",
    "<dlmalloc",
    "hashbrown",
    "__rust",
    "__rdl",
    "rust_",
    "mem",
    "runtime.",
    "(*runtime.",
    "reflect.",
    "(*reflect.",
    "internal/",
    "wasi",
];

/// What tells the author's code from that of libraries.
pub(super) enum Author<'a> {
    /// The source lines of the instructions.
    Lines { lines: SourceLines<'a>, folder: Option<PathBuf>, sources: Sources },
    /// The names of the functions, as far as there are some.
    Names,
}

/// A place of the author's.
#[derive(Clone)]
pub(super) struct Own {
    pub(super) place: SourceLine,
    /// The column in the line.
    pub(super) column: Option<u32>,
    /// The function, as debug data name it.
    pub(super) function: Option<String>,
}

impl<'a> Author<'a> {
    /// `folder` is that of the package, where it is known.
    pub(super) fn of(debug_data: Option<&'a DebugData>, folder: Option<&Path>) -> Self {
        match debug_data.and_then(DebugData::read) {
            Some(lines) => {
                let folder = folder.map(|folder| folder.canonicalize().unwrap_or_else(|_| folder.to_owned()));
                Self::Lines { lines, folder, sources: Sources::default() }
            }
            None => Self::Names,
        }
    }

    /// Whether source lines decide.
    pub(super) fn knows_lines(&self) -> bool {
        matches!(self, Self::Lines { .. })
    }

    /// Whether a function can have code of the author in it.
    pub(super) fn has_part_in(&self, module: &Module<'_>, function: u32) -> bool {
        match self {
            // Functions of libraries can have code of the author inlined.
            Self::Lines { .. } => true,
            Self::Names => {
                module.name(function).is_none_or(|name| !LIBRARIES.iter().any(|library| name.starts_with(library)))
            }
        }
    }

    /// Where the instruction at this offset of the module comes from; `None` when it is not the author's. What is inlined is not the
    /// author's because the author called it.
    pub(super) fn place(&self, offset: usize) -> Option<Option<Own>> {
        let Self::Lines { lines, .. } = self else { return Some(None) };
        self.own(lines.places(offset).into_iter().next()?).map(Some)
    }

    /// Where the author wrote a text that the instruction at this offset of the module refers to; `None` when the author did not.
    /// Inlined functions have texts that they were given, and texts of their own.
    pub(super) fn place_of_text(&self, offset: usize, text: &str) -> Option<Option<Own>> {
        let Self::Lines { lines, folder, sources } = self else { return Some(None) };
        for place in lines.places(offset) {
            let file = PathBuf::from(&place.file);
            let of_toolchain = ["/rustc/", "/rustlib/"].iter().any(|part| place.file.contains(part));
            let of_package = folder.as_ref().is_some_and(|folder| file.starts_with(folder));
            if let Some(own) = self.own(place) {
                let is_there = folder.is_none() || sources.has(&file, text);
                return is_there.then_some(Some(own));
            }
            // Where sources tell nothing, other libraries are taken to have texts of their own; what is derived has them anyway.
            if of_package || (folder.is_none() && !of_toolchain) {
                return None;
            }
        }
        None
    }

    /// The place, when it is the author's.
    fn own(&self, place: admit_runtime::internal::Place) -> Option<Own> {
        let Self::Lines { folder, sources, .. } = self else { return None };
        let line = place.line.filter(|line| *line > 0)?;
        let path = PathBuf::from(&place.file);
        let Some(folder) = folder else {
            let unix = place.file.replace('\\', "/");
            let foreign = FOREIGN.iter().any(|part| unix.contains(part));
            let (function, column) = (place.function, place.column);
            return (!foreign).then_some(Own {
                place: SourceLine { file: place.file, line, text: None },
                column,
                function,
            });
        };
        let inside = path.strip_prefix(folder).ok()?;
        if inside.starts_with("target") {
            return None;
        }
        let text = sources.line(&path, line);
        if text.as_deref().is_some_and(|text| is_generated(text, place.function.as_deref())) {
            return None;
        }
        let (function, column) = (place.function, place.column);
        Some(Own { place: SourceLine { file: inside.display().to_string(), line, text }, column, function })
    }
}

/// Whether a macro has made the code, which has the line of its attribute then; what serde derives has those of fields and variants, too.
fn is_generated(line: &str, function: Option<&str>) -> bool {
    const DERIVED: [&str; 4] = ["visit_", "deserialize", "serialize", "expecting"];
    let derived = function.is_some_and(|function| DERIVED.iter().any(|start| function.starts_with(start)));
    line.starts_with("#[") || (derived && line.ends_with(',') && !line.contains(['=', ';']))
}

/// The lines of the files that were looked at.
#[derive(Default)]
pub(super) struct Sources(RefCell<BTreeMap<PathBuf, Vec<String>>>);

impl Sources {
    /// A line of a file, if it can be read.
    fn line(&self, path: &Path, line: u32) -> Option<String> {
        self.look(path, |lines| lines.get(line.checked_sub(1)? as usize).cloned())
    }

    /// Whether a text is in a line of a file.
    fn has(&self, path: &Path, text: &str) -> bool {
        self.look(path, |lines| lines.iter().any(|line| line.contains(text.trim())))
    }

    /// Looks at the lines of a file, which are without the blanks around them; there are none when it cannot be read.
    fn look<T>(&self, path: &Path, at: impl FnOnce(&[String]) -> T) -> T {
        let mut files = self.0.borrow_mut();
        let lines = files.entry(path.to_owned()).or_insert_with(|| {
            let text = read_text(path, MAX_DOCUMENT).unwrap_or_default();
            text.lines().map(|line| line.trim().to_owned()).collect()
        });
        at(lines)
    }
}

//! Names of projects.

use std::{fmt, str::FromStr};

use super::TemplateError;

/// The name of a project: of its folder and its package.
///
/// It is in lower case, with dashes or with underscores between words, begins with a letter, and is no word of Rust. cargo
/// would take a few more; cargo-generate changes those, and then the project would not have the name that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectName(String);

/// Words of Rust, and crates that would be mistaken for the project's own.
const TAKEN: &[&str] = &[
    "abstract",
    "admit",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "serde",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "typeof",
    "unsafe",
    "unsized",
    "use",
    "virtual",
    "where",
    "while",
    "yield",
];

/// Folders in cargo's target folder: the names of its output would be mistaken for them.
const FOLDERS: &[&str] = &["build", "deps", "examples", "incremental"];

impl ProjectName {
    /// The name as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the crate: with underscores.
    pub fn crate_name(&self) -> String {
        self.0.replace('-', "_")
    }
}

impl FromStr for ProjectName {
    type Err = TemplateError;

    fn from_str(name: &str) -> Result<Self, TemplateError> {
        match complaint(name) {
            Some(reason) => Err(TemplateError::Name { name: name.to_owned(), reason }),
            None => Ok(Self(name.to_owned())),
        }
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn complaint(name: &str) -> Option<String> {
    if name.is_empty() {
        return Some("it is empty; give one such as `my-policy`".to_owned());
    }
    if TAKEN.contains(&name) || FOLDERS.contains(&name) {
        return Some(format!("it means something to Rust or cargo; how about `{name}-policy`"));
    }
    let words = name.split(if name.contains('-') { '-' } else { '_' });
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if name.starts_with(|first: char| first.is_ascii_lowercase()) && words.into_iter().all(is_word) {
        return None;
    }
    let rule = "it has to be words in lower case, of letters and digits, with dashes or underscores between them, and a letter first";
    Some(match suggestion(name) {
        Some(better) => format!("{rule}; how about `{better}`"),
        None => format!("{rule}; give one such as `my-policy`"),
    })
}

/// A valid name that is similar to `name`.
fn suggestion(name: &str) -> Option<String> {
    let mut better = String::new();
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_ascii_uppercase() && (before.is_ascii_lowercase() || before.is_ascii_digit());
        if (starts || !c.is_ascii_alphanumeric()) && !better.is_empty() && !better.ends_with('-') {
            better.push('-');
        }
        if c.is_ascii_alphanumeric() {
            better.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    let better = better.trim_start_matches(|c: char| !c.is_ascii_lowercase()).trim_end_matches('-').to_owned();
    (better != name && complaint(&better).is_none()).then_some(better)
}

//! Why there is no project.

use std::{io, path::PathBuf};

use super::Template;

/// Why no project was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// There is no such template.
    #[error("there is no template `{0}`; the templates are: {names}", names = names())]
    Unknown(String),
    /// A name that no project can have.
    #[error("`{name}` cannot be the name of a project: {reason}")]
    Name {
        /// The name.
        name: String,
        /// Why, and what to do.
        reason: String,
    },
    /// A text that cannot be put between quotes.
    #[error("{what} cannot have the character {found:?} in it; leave it out")]
    Text {
        /// Which text.
        what: &'static str,
        /// The character.
        found: char,
    },
    /// A text that is empty.
    #[error("{0} cannot be empty; leave it out to have the template's own")]
    Empty(&'static str),
    /// The crate `admit` is not there.
    #[error(
        "the crate `admit` is not in {}; give the folder that has its Cargo.toml, which is `sdk/rust` in its repository",
        .0.display()
    )]
    NoAdmit(PathBuf),
    /// There is something where the project would be.
    #[error("{} exists already, and was left as it is; choose another name, or another --destination", .0.display())]
    Exists(PathBuf),
    /// The folder, or a file in it, cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

fn names() -> String {
    Template::all().map(Template::name).collect::<Vec<_>>().join(", ")
}

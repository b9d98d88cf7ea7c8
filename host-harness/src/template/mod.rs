//! Templates for new projects, which are part of this crate: no network and no other tool is needed.
//!
//! They are templates of [cargo-generate](https://cargo-generate.github.io/cargo-generate/), which makes the same projects of
//! them. What is rendered here is the little of its language that they use:
//!
//! * `{{name}}`, where the name is `project-name`, `crate_name`, `description`, `admit_path` or `admit_rev`;
//! * `{{project-name | kebab_case}}`, which has dashes for underscores;
//! * `{% if name %}…{% else %}…{% endif %}`, which asks whether there is such a value;
//! * files whose names end with `.liquid`, which is taken off: as `Cargo.toml` a manifest that is none would be in the way
//!   of cargo.
//!
//! ```
//! use admit_host::template::{Template, Values};
//!
//! let template: Template = "validate".parse()?;
//! let files = template.render(&Values::named("no-root")?);
//! assert!(files.iter().any(|file| file.path == "Cargo.toml" && file.text.contains("name = \"no-root\"")));
//! # Ok::<(), admit_host::template::TemplateError>(())
//! ```

mod create;
mod error;
mod name;
mod render;
#[cfg(test)]
mod tests;
mod values;

use std::{fmt, str::FromStr};

pub use create::surrounding_workspace;
pub use error::TemplateError;
pub use name::ProjectName;
pub use values::Values;

/// Name of a template, and its files: path and text.
type Embedded = (&'static str, &'static [(&'static str, &'static str)]);

static TEMPLATES: &[Embedded] = include!(concat!(env!("OUT_DIR"), "/templates.rs"));

/// The configuration of cargo-generate, which is not a part of the project.
const CONFIGURATION: &str = "cargo-generate.toml";

/// A template.
#[derive(Clone, Copy)]
pub struct Template(&'static Embedded);

/// A file of a new project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it is in the project, with `/` between folders.
    pub path: &'static str,
    /// Its content.
    pub text: String,
}

impl Template {
    /// Every template, by name.
    pub fn all() -> impl ExactSizeIterator<Item = Self> {
        TEMPLATES.iter().map(Self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.0
    }

    /// What a project that is made of it does, in one line.
    pub fn about(self) -> &'static str {
        match self.name() {
            "validate" => "accepts or rejects objects",
            "mutate" => "changes objects",
            "context-aware" => "asks the cluster before it decides",
            "raw" => "decides about any JSON, not about Kubernetes",
            "chainloop" => "evaluates materials of Chainloop",
            "workspace" => "several policies in one repository",
            _ => "",
        }
    }

    /// The files of a project.
    pub fn render(self, values: &Values) -> Vec<File> {
        let files = self.0.1.iter().filter(|(path, _)| *path != CONFIGURATION);
        let render = |(path, text): &(&'static str, &str)| File {
            path: path.strip_suffix(".liquid").unwrap_or(path),
            text: render::render(text, |name| values.get(name)).unwrap_or_else(|error| {
                unreachable!("the tests render every template; {}/{path}: {error}", self.name())
            }),
        };
        files.map(render).collect()
    }
}

impl FromStr for Template {
    type Err = TemplateError;

    fn from_str(name: &str) -> Result<Self, TemplateError> {
        Self::all().find(|template| template.name() == name).ok_or_else(|| TemplateError::Unknown(name.to_owned()))
    }
}

impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.name()).finish()
    }
}

//! The values for a new project.

use std::path::Path;

use super::{ProjectName, TemplateError};
use crate::file::{MAX_DOCUMENT, read_text};

/// What the placeholders of a template stand for.
#[derive(Clone, Debug)]
pub struct Values {
    name: ProjectName,
    description: Option<String>,
    admit_path: Option<String>,
    admit_rev: Option<String>,
}

impl Values {
    /// A project with this name, and defaults for everything else.
    ///
    /// # Errors
    ///
    /// [`TemplateError::Name`].
    pub fn named(name: &str) -> Result<Self, TemplateError> {
        Ok(Self { name: name.parse()?, description: None, admit_path: None, admit_rev: None })
    }

    /// What it does, in one sentence without its full stop; every template has an own one.
    ///
    /// # Errors
    ///
    /// [`TemplateError::Text`]: it is put between quotes in TOML and in YAML.
    pub fn description(mut self, description: &str) -> Result<Self, TemplateError> {
        self.description = Some(quotable("a description", description.trim())?);
        Ok(self)
    }

    /// The folder of the crate `admit`, in place of its repository.
    ///
    /// # Errors
    ///
    /// [`TemplateError::NoAdmit`]; [`TemplateError::Text`]: it is put between quotes in TOML.
    pub fn admit_path(mut self, folder: &Path) -> Result<Self, TemplateError> {
        let no_admit = || TemplateError::NoAdmit(folder.to_owned());
        let found = std::path::absolute(folder).map_err(|_| no_admit())?;
        let manifest = read_text(&found.join("Cargo.toml"), MAX_DOCUMENT).map_err(|_| no_admit())?;
        if !manifest.lines().any(|line| line.trim() == "name = \"admit\"") {
            return Err(no_admit());
        }
        // A backslash would be an escape; Windows takes slashes as well.
        let text = found.display().to_string();
        let text = if cfg!(windows) { text.replace('\\', "/") } else { text };
        self.admit_path = Some(quotable("the path of `admit`", &text)?);
        self.admit_rev = None;
        Ok(self)
    }

    /// The revision of the repository that has the crate `admit`, in place of the newest one; a folder has none.
    ///
    /// # Errors
    ///
    /// [`TemplateError::Text`]: it is a word of hexadecimal digits.
    pub fn admit_revision(mut self, revision: &str) -> Result<Self, TemplateError> {
        match revision.chars().find(|c| !c.is_ascii_hexdigit()) {
            Some(found) => Err(TemplateError::Text { what: "a revision", found }),
            None if revision.is_empty() => Err(TemplateError::Empty("a revision")),
            None => {
                self.admit_rev = Some(revision.to_owned()).filter(|_| self.admit_path.is_none());
                Ok(self)
            }
        }
    }

    /// Its name.
    pub fn name(&self) -> &ProjectName {
        &self.name
    }

    /// The values besides the name, by their placeholders: what cargo-generate takes with `--define`.
    pub fn defined(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all =
            [("description", &self.description), ("admit_path", &self.admit_path), ("admit_rev", &self.admit_rev)];
        all.into_iter().filter_map(|(key, value)| Some((key, value.as_deref()?)))
    }

    /// The value of a placeholder; the outer `None` is for names that no template may use.
    pub(super) fn get(&self, placeholder: &str) -> Option<Option<String>> {
        match placeholder {
            "project-name" => Some(Some(self.name.as_str().to_owned())),
            "crate_name" => Some(Some(self.name.crate_name())),
            "description" => Some(self.description.clone()),
            "admit_path" => Some(self.admit_path.clone()),
            "admit_rev" => Some(self.admit_rev.clone()),
            _ => None,
        }
    }
}

fn quotable(what: &'static str, text: &str) -> Result<String, TemplateError> {
    // Braces would be read as placeholders by whoever renders the project as a template again.
    let bad = |c: &char| c.is_control() || ['"', '\\', '{', '}'].contains(c);
    match text.chars().find(bad) {
        Some(found) => Err(TemplateError::Text { what, found }),
        None if text.is_empty() => Err(TemplateError::Empty(what)),
        None => Ok(text.to_owned()),
    }
}

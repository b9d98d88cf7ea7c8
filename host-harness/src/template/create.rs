//! Writing a project.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Template, TemplateError, Values};
use crate::file::{MAX_DOCUMENT, read_text};

impl Template {
    /// Makes a project in a new folder, named after it, in `destination`. Says which folder that is.
    ///
    /// # Errors
    ///
    /// [`TemplateError::Exists`] when there is something already, which is not touched; [`TemplateError::Write`], and then
    /// nothing is left behind.
    pub fn create(self, destination: &Path, values: &Values) -> Result<PathBuf, TemplateError> {
        let folder = destination.join(values.name().as_str());
        // Creates the folder without a check before, as another process could create it between check and creation.
        fs::create_dir(&folder).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => TemplateError::Exists(folder.clone()),
            _ => TemplateError::Write { path: folder.clone(), source },
        })?;
        for file in self.render(values) {
            let path = folder.join(file.path);
            let parent = path.parent().unwrap_or(&folder);
            if let Err(source) = fs::create_dir_all(parent).and_then(|()| fs::write(&path, file.text)) {
                // The first error is reported, and not one of the removal.
                let _ = fs::remove_dir_all(&folder);
                return Err(TemplateError::Write { path, source });
            }
        }
        Ok(folder)
    }
}

/// The manifest of the workspace that cargo takes a new folder for a part of: it does not build there until the workspace
/// names it.
pub fn surrounding_workspace(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    // The nearest one decides.
    folder.ancestors().skip(1).find_map(|root| {
        let manifest = root.join("Cargo.toml");
        let table: toml::Table = read_text(&manifest, MAX_DOCUMENT).ok()?.parse().ok()?;
        let excluded = table.get("workspace")?.get("exclude").and_then(toml::Value::as_array);
        let is_excluded = |path: &toml::Value| path.as_str().is_some_and(|path| folder.starts_with(root.join(path)));
        Some((!excluded.is_some_and(|list| list.iter().any(is_excluded))).then_some(manifest))
    })?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workspaces_take_in_what_they_do_not_exclude() {
        let root = tempfile::TempDir::new().unwrap();
        let (policies, scratch) = (root.path().join("policies/a"), root.path().join("target/tmp/a"));
        for folder in [&policies, &scratch] {
            fs::create_dir_all(folder).unwrap();
        }
        let manifest = root.path().canonicalize().unwrap().join("Cargo.toml");
        for (text, expected) in [
            ("[package]\nname = \"a\"\n", [false, false]),
            ("[workspace]\nmembers = []\n", [true, true]),
            ("[workspace]\nexclude = [\"target\"]\n", [true, false]),
            ("[workspace.package]\nversion = \"1.0.0\"\n", [true, true]),
        ] {
            fs::write(&manifest, text).unwrap();
            let found = [&policies, &scratch].map(|folder| surrounding_workspace(folder));
            assert_eq!(found, expected.map(|inside| inside.then(|| manifest.clone())), "{text}");
        }
    }
}

//! Writing a project.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Template, TemplateError, Values};

impl Template {
    /// Makes a project in a new folder, named after it, in `destination`. Says which folder that is.
    ///
    /// # Errors
    ///
    /// [`TemplateError::Exists`] when there is something already, which is not touched; [`TemplateError::Write`], and then
    /// nothing is left behind.
    pub fn create(self, destination: &Path, values: &Values) -> Result<PathBuf, TemplateError> {
        let folder = destination.join(values.name().as_str());
        // Unlike a question and then an answer, this cannot take the folder of somebody who is faster.
        fs::create_dir(&folder).map_err(|source| match source.kind() {
            io::ErrorKind::AlreadyExists => TemplateError::Exists(folder.clone()),
            _ => TemplateError::Write { path: folder.clone(), source },
        })?;
        for file in self.render(values) {
            let path = folder.join(file.path);
            let parent = path.parent().unwrap_or(&folder);
            if let Err(source) = fs::create_dir_all(parent).and_then(|()| fs::write(&path, file.text)) {
                // The error that is told is the first one.
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
    let manifests = folder.ancestors().skip(1).map(|ancestor| ancestor.join("Cargo.toml"));
    manifests.into_iter().find(|manifest| {
        fs::read_to_string(manifest).is_ok_and(|text| text.lines().any(|line| line.trim() == "[workspace]"))
    })
}

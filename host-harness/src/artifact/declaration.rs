//! The metadata of a policy crate: `[package.metadata.admit]` or a `metadata.yml`, built into its modules.

use std::path::{Path, PathBuf};

use super::{BuildError, Project, build::not_a_policy};
use crate::annotation::{self, Written};
use crate::inspect::Inspection;
use crate::metadata::{ExecutionMode, Metadata, ProtocolVersion, key};
use crate::{Abi, CompiledPolicy, Engine, EngineOptions, file, input::InputError};

/// The names under which Kubewarden's own policies have the file.
const FILES: [&str; 2] = ["metadata.yml", "metadata.yaml"];

impl Project {
    /// What the author wrote about the policy; `None` when nothing is written. Annotations that come from the package itself
    /// (title, version, description, …) are filled in when it is written in the `Cargo.toml`.
    ///
    /// # Errors
    ///
    /// [`BuildError::Declaration`] for what is not valid, or written in two places; [`BuildError::Io`].
    pub fn written_metadata(&self) -> Result<Option<Written>, BuildError> {
        let failed = |errors| BuildError::Declaration { package: self.name().to_owned(), errors };
        let manifest = self.package.manifest_path.as_std_path();
        let in_manifest = Written::from_manifest(&read(manifest)?, shown(manifest)).map_err(failed)?;
        let files = FILES.iter().map(|name| self.folder().join(name)).filter(|path| path.exists());
        let files: Vec<PathBuf> = files.collect();
        match (in_manifest, files.as_slice()) {
            (None, []) => Ok(None),
            (Some(mut written), []) => {
                self.describe(&mut written);
                Ok(Some(written))
            }
            (None, [file]) => Written::from_yaml(&read(file)?, shown(file)).map(Some).map_err(failed),
            (in_manifest, [file, rest @ ..]) => {
                let other = match (in_manifest, rest.first()) {
                    (Some(_), _) | (_, None) => format!("`[package.metadata.admit]` in {}", shown(manifest)),
                    (None, Some(other)) => shown(other),
                };
                let message = format!("the metadata is also in {other}; keep one of them");
                Err(failed(vec![InputError::whole(shown(file), message)]))
            }
        }
    }

    /// What the package says about itself, as annotations.
    fn describe(&self, written: &mut Written) {
        let package = &self.package;
        written.annotate(key::TITLE, package.name.as_str());
        written.annotate(key::VERSION, package.version.to_string());
        let described = [
            (key::DESCRIPTION, package.description.as_deref().map(str::trim)),
            (key::LICENSE, package.license.as_deref()),
            (key::URL, package.homepage.as_deref()),
            (key::SOURCE, package.repository.as_deref()),
        ];
        for (key, value) in described {
            if let Some(value) = value {
                written.annotate(key, value);
            }
        }
        if !package.authors.is_empty() {
            written.annotate(key::AUTHOR, package.authors.join(", "));
        }
    }

    /// The module with its metadata.
    pub(super) fn annotated(
        &self,
        written: &Written,
        inspection: &Inspection,
        abi: Abi,
        mode: ExecutionMode,
        module: &[u8],
        engine: Option<&Engine>,
    ) -> Result<Vec<u8>, BuildError> {
        let package = || self.name().to_owned();
        let errors = annotation::check(written, inspection, abi);
        if !errors.is_empty() {
            return Err(BuildError::Declaration { package: package(), errors });
        }
        let protocol = match mode {
            ExecutionMode::KubewardenWapc => ProtocolVersion::V1,
            _ => ProtocolVersion::Unknown,
        };
        let metadata: Metadata = written.completed(inspection, mode, protocol);
        let module =
            annotation::embed(module, &metadata).map_err(|source| BuildError::Embed { package: package(), source })?;
        if mode == ExecutionMode::KubewardenWapc {
            let own;
            let engine = match engine {
                Some(engine) => engine,
                None => {
                    own = Engine::new(EngineOptions::default()).map_err(BuildError::Engine)?;
                    &own
                }
            };
            // The module is compiled in its final form, so that a later run finds it in the engine's cache.
            let asked = annotation::askable(&module, &metadata)
                .map_err(|source| BuildError::Embed { package: package(), source })?;
            let policy =
                CompiledPolicy::from_bytes(engine, &asked).map_err(|error| not_a_policy(self.name(), error))?;
            annotation::protocol_version(&policy)
                .map_err(|source| BuildError::ProtocolVersion { package: package(), source })?;
        }
        Ok(module)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, BuildError> {
    file::read(path, file::MAX_DOCUMENT).map_err(|source| BuildError::Io {
        doing: "read",
        path: path.to_owned(),
        source,
    })
}

/// The path, as short as it can be given from the current folder.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).display().to_string()
}

//! Running cargo.

use std::{
    panic::resume_unwind,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use cargo_metadata::{Dependency, Message, TargetKind};

use super::{BuildError, Project, TARGET, environment, features, shared::SharedTarget, target};
use crate::{Abi, Engine, LoadError, annotation::Written, file, inspect::inspect, metadata::ExecutionMode};

/// How a build runs.
#[derive(Clone, Debug, Default)]
pub struct BuildOptions {
    /// Where cargo's progress and messages go.
    pub progress: Progress,
    /// Whether the module keeps names and line tables, so that the backtrace of a trap shows source lines. Its code is the
    /// same; it is several times as large.
    pub debug_info: bool,
    /// Whether the module can be asked for the JSON Schema of its settings:
    /// [`CompiledPolicy::settings_schema`](crate::CompiledPolicy::settings_schema). Such a module is not to be shipped. Only
    /// for policies that are written with `admit`.
    pub settings_schema: bool,
    /// Compiles waPC modules that get metadata, to ask them for their protocol version; a new engine when absent.
    pub engine: Option<Engine>,
}

/// Where cargo's progress and messages go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// Kept back, and part of [`BuildError::Compile`] when the build fails.
    #[default]
    Capture,
    /// To the standard error of this process, as they come.
    Inherit,
}

/// A module that was built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// The module; a copy with a stable name, in `admit` in the target folder of the workspace.
    pub path: PathBuf,
    /// Its ABI, taken from the module itself.
    pub abi: Abi,
    /// Size in bytes.
    pub size: u64,
    /// Name of the crate.
    pub package: String,
    /// Whether it carries metadata: whether its author wrote some. policy-server loads no other modules.
    pub annotated: bool,
}

impl Project {
    /// Builds the policy for each of `abis`, or when there are none, for every ABI that it offers.
    pub fn build_all(&self, abis: &[Abi], options: &BuildOptions) -> Result<Vec<Artifact>, BuildError> {
        let offered = self.abis();
        let abis: Vec<Option<Abi>> = match (abis, offered.as_slice()) {
            ([], []) if self.uses_admit() => {
                return Err(BuildError::UnsupportedAbi { package: self.name().to_owned(), abi: Abi::Wapc });
            }
            ([], []) => vec![None],
            ([], offered) => offered.iter().copied().map(Some).collect(),
            (asked, _) => asked.iter().copied().map(Some).collect(),
        };
        self.built(&abis, options)
    }

    /// Builds the module for `abi`; `None` leaves the ABI to the crate, which is the only choice for crates that are not
    /// written with `admit`.
    ///
    /// Builds of one target folder wait for each other, those of other processes, too.
    pub fn build(&self, abi: Option<Abi>, options: &BuildOptions) -> Result<Artifact, BuildError> {
        let mut artifacts = self.built(&[abi], options)?;
        Ok(artifacts.remove(0))
    }

    /// One artifact for each of `abis`. While cargo is at work for one of them, what it made for the one before is finished.
    fn built(&self, abis: &[Option<Abi>], options: &BuildOptions) -> Result<Vec<Artifact>, BuildError> {
        // What is wrong with features and metadata shows before the compiler takes its time.
        let selections = abis.iter().map(|abi| self.selection(*abi, options)).collect::<Result<Vec<_>, _>>()?;
        // A module that is only asked for its settings is not shipped, and has more code than the one that is.
        let written = if options.settings_schema { None } else { self.written_metadata()? };
        thread::scope(|scope| {
            let mut made = Vec::new();
            let mut failed = None;
            for (abi, selection) in abis.iter().zip(&selections) {
                match self.module(&kind(*abi, options), selection, options) {
                    Ok(bytes) => {
                        let written = written.as_ref();
                        // A thread that cannot be had must not take them along.
                        let bytes = Arc::new(Mutex::new(bytes));
                        let finish = {
                            let bytes = bytes.clone();
                            move || self.finished(*abi, taken(&bytes), written, options)
                        };
                        made.push(match thread::Builder::new().spawn_scoped(scope, finish) {
                            Ok(thread) => Ok(thread),
                            // Without another thread it is this one's work.
                            Err(_) => Err(self.finished(*abi, taken(&bytes), written, options)),
                        });
                    }
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
            }
            let finished = made.into_iter().map(|made| match made {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(finished) => finished,
            });
            // The first error that there is in the order of the ABIs.
            finished.chain(failed.map(Err)).collect()
        })
    }

    /// The features to build with.
    fn selection(&self, abi: Option<Abi>, options: &BuildOptions) -> Result<features::Selection, BuildError> {
        let mut selection = match abi {
            Some(abi) if self.uses_admit() => features::selection(&self.package, abi)
                .ok_or_else(|| BuildError::UnsupportedAbi { package: self.name().to_owned(), abi })?,
            _ => features::Selection::default(),
        };
        if options.settings_schema {
            selection.features.extend(features::of_admit(&self.package, "schema"));
        }
        Ok(selection)
    }

    /// What cargo made for `abi`, checked, with its metadata, and in its place.
    fn finished(
        &self,
        abi: Option<Abi>,
        bytes: Vec<u8>,
        written: Option<&Written>,
        options: &BuildOptions,
    ) -> Result<Artifact, BuildError> {
        let package = self.name().to_owned();
        let inspection = inspect(&bytes).map_err(|source| not_a_policy(&package, source.into()))?;
        let found = inspection.recognised.abi().map_err(|source| not_a_policy(&package, source.into()))?;
        if let Some(asked) = abi.filter(|asked| *asked != found) {
            return Err(BuildError::WrongAbi { package, asked, found });
        }
        // The metadata is Kubewarden's: a module for another host has no use for it.
        let written = written.zip(ExecutionMode::of(found));
        let annotated = written.is_some();
        let bytes = match written {
            Some((written, mode)) => {
                self.annotated(written, &inspection, found, mode, &bytes, options.engine.as_ref())?
            }
            None => bytes,
        };
        let out = self.out();
        let path = out.join(format!("{package}-{found}{}.wasm", suffix(options)));
        std::fs::create_dir_all(&out).and_then(|()| file::replace(&path, &bytes)).map_err(|source| BuildError::Io {
            doing: "write",
            path: path.clone(),
            source,
        })?;
        Ok(Artifact { path, abi: found, size: bytes.len() as u64, package, annotated })
    }

    /// Where modules are put.
    fn out(&self) -> PathBuf {
        self.target_directory.join("admit")
    }

    /// The module as cargo makes it, in the target folder that builds of every kind share.
    fn module(
        &self,
        kind: &str,
        selection: &features::Selection,
        options: &BuildOptions,
    ) -> Result<Vec<u8>, BuildError> {
        let target_dir = self.out().join("build");
        let failed = |doing, path: &Path| {
            let path = path.to_owned();
            move |source| BuildError::Io { doing, path, source }
        };
        // Where something was built for the target it is there; when it was removed since, cargo fails, and then it is looked for.
        let built_before = target_dir.join(TARGET).is_dir();
        if !built_before {
            target::ensure(self.folder())?;
        }
        let target = SharedTarget::enter(target_dir.clone(), kind).map_err(failed("prepare", &target_dir))?;
        let mut built = self.cargo_build(target.folder(), selection, options);
        if built_before && matches!(built, Err(BuildError::Compile { .. })) {
            match target::ensure(self.folder()) {
                Ok(target::Found::Installed) => built = self.cargo_build(target.folder(), selection, options),
                Err(error @ BuildError::Target { .. }) => built = Err(error),
                // cargo has said what is wrong.
                Ok(target::Found::There) | Err(_) => {}
            }
        }
        let bytes = built.and_then(|path| file::read(&path, file::MAX_MODULE).map_err(failed("read", &path)));
        target.leave().map_err(failed("tidy up", &target_dir))?;
        bytes
    }

    fn cargo_build(
        &self,
        target_dir: &Path,
        selection: &features::Selection,
        options: &BuildOptions,
    ) -> Result<PathBuf, BuildError> {
        let mut command = environment::cargo(self.folder());
        command.args(["build", "--release", "--target", TARGET, "--message-format", "json-render-diagnostics"]);
        // Its name may be that of a dependency, too.
        command.arg("--package").arg(&self.package.id.repr);
        command.arg("--manifest-path").arg(self.package.manifest_path.as_std_path());
        command.arg("--target-dir").arg(target_dir);
        if self.builds_elsewhere {
            // What builds share has to be where they share it.
            let here = serde_json::Value::from(target_dir.display().to_string());
            command.arg("--config").arg(format!("build.build-dir={here}"));
        }
        if options.debug_info {
            command.args(["--config", "profile.release.strip=\"none\""]);
            command.args(["--config", "profile.release.debug=\"line-tables-only\""]);
        }
        command.arg(if self.has_cdylib() { "--lib" } else { "--bins" });
        if selection.no_default_features {
            command.arg("--no-default-features");
        }
        if !selection.features.is_empty() {
            command.arg("--features").arg(selection.features.join(","));
        }
        let stderr = match options.progress {
            Progress::Capture => Stdio::piped(),
            Progress::Inherit => Stdio::inherit(),
        };
        let output = command
            .stdin(Stdio::null())
            .stderr(stderr)
            .output()
            .map_err(|source| BuildError::NoTool { program: command.get_program().display().to_string(), source })?;
        if !output.status.success() {
            let output = String::from_utf8_lossy(&output.stderr).into_owned();
            // A path has no source, and that of a repository begins with `git+`.
            let of_registry =
                |d: &Dependency| d.source.as_ref().is_some_and(|source| source.repr.starts_with("registry+"));
            let from_registry = self.package.dependencies.iter().any(|d| d.name == "admit" && of_registry(d));
            return Err(BuildError::Compile { package: self.name().to_owned(), output, from_registry });
        }
        self.module_among(&output.stdout).ok_or_else(|| BuildError::NoModule { package: self.name().to_owned() })
    }

    /// The module that cargo's messages name; lines that are no messages (of build scripts, say) do not matter.
    fn module_among(&self, messages: &[u8]) -> Option<PathBuf> {
        let kind = if self.has_cdylib() { TargetKind::CDyLib } else { TargetKind::Bin };
        Message::parse_stream(messages).flatten().find_map(|message| match message {
            Message::CompilerArtifact(a) if a.package_id == self.package.id && a.target.is_kind(kind.clone()) => {
                a.filenames.into_iter().find(|f| f.extension() == Some("wasm")).map(Into::into)
            }
            _ => None,
        })
    }
}

/// The kind of a build, of those that share a target folder.
fn kind(abi: Option<Abi>, options: &BuildOptions) -> String {
    format!("{}{}", abi.map_or_else(|| "any".to_owned(), |abi| abi.to_string()), suffix(options))
}

/// What the names of modules have at their end that are not built as usual.
fn suffix(options: &BuildOptions) -> String {
    let debug = if options.debug_info { "-debug" } else { "" };
    let schema = if options.settings_schema { "-schema" } else { "" };
    format!("{debug}{schema}")
}

pub(super) fn not_a_policy(package: &str, source: LoadError) -> BuildError {
    BuildError::NotAPolicy { package: package.to_owned(), source }
}

fn taken(bytes: &Mutex<Vec<u8>>) -> Vec<u8> {
    std::mem::take(&mut *bytes.lock().unwrap_or_else(PoisonError::into_inner))
}

//! Errors of builds.

use std::path::{Path, PathBuf};

use crate::{Abi, LoadError, annotation::EmbedError, input::InputError, outcome::Failure};

/// Why a policy could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The path holds no crate.
    #[error("there is no Cargo.toml in {}; give the folder of a policy crate{}", .0.display(), instead(.0))]
    NoManifest(PathBuf),
    /// The manifest is that of a workspace without a package of its own.
    #[error("{} is a workspace, not a policy; {}", path.display(), members_hint(policies))]
    Workspace {
        /// The manifest.
        path: PathBuf,
        /// Folders of the members that can be built as policies.
        policies: Vec<PathBuf>,
    },
    /// cargo cannot make sense of the manifest.
    #[error("cargo cannot read the crate in {}:\n{}", path.display(), output.trim_end())]
    Metadata {
        /// The manifest.
        path: PathBuf,
        /// What cargo said.
        output: String,
    },
    /// The crate does not produce a module.
    #[error("{} builds no WebAssembly module; add these two lines to it:\n\n    [lib]\n    crate-type = [\"cdylib\", \"rlib\"]\n", .0.display())]
    NoCdylib(PathBuf),
    /// The crate's manifest has no way to build this ABI.
    #[error("{package} cannot be built for {abi}: {}", abi_hint(*abi))]
    UnsupportedAbi {
        /// Name of the crate.
        package: String,
        /// The ABI that was asked for.
        abi: Abi,
    },
    /// A tool could not be started.
    #[error("cannot run `{program}`: {source}; install Rust with rustup (https://rustup.rs) or put it on the PATH")]
    NoTool {
        /// The tool.
        program: String,
        /// Why.
        source: std::io::Error,
    },
    /// The Rust target is missing and could not be installed.
    #[error(
        "the Rust target {target} is missing and could not be installed ({reason}); install it with\n\n    {command}\n"
    )]
    Target {
        /// The target.
        target: &'static str,
        /// The command that installs it.
        command: String,
        /// Why it could not be installed.
        reason: String,
    },
    /// The crate does not compile.
    #[error(
        "{package} does not build for {}; see the compiler's messages{}{}",
        super::TARGET,
        shown(output),
        unpublished(*from_registry)
    )]
    Compile {
        /// Name of the crate.
        package: String,
        /// Messages of cargo and rustc; empty when they went to the terminal.
        output: String,
        /// Whether the crate takes `admit` from a registry.
        from_registry: bool,
    },
    /// cargo succeeded without a module.
    #[error("cargo built {package}, but reported no .wasm file; a policy is a library with crate-type \"cdylib\"")]
    NoModule {
        /// Name of the crate.
        package: String,
    },
    /// The module speaks another ABI than the one that was asked for.
    #[error("{package} was built for {asked}, but the module is a {found} policy: {}", wrong_abi_hint(*asked))]
    WrongAbi {
        /// Name of the crate.
        package: String,
        /// The ABI that was asked for.
        asked: Abi,
        /// The ABI of the module.
        found: Abi,
    },
    /// The module is not a policy.
    #[error("{package} was built, but the module is not a policy: {source}")]
    NotAPolicy {
        /// Name of the crate.
        package: String,
        /// Why.
        source: LoadError,
    },
    /// What the author wrote about the policy is not valid, or not true of its code.
    #[error("the metadata of {package} cannot be built into the module:{}", list(errors))]
    Declaration {
        /// Name of the crate.
        package: String,
        /// Everything that is wrong.
        errors: Vec<InputError>,
    },
    /// The policy does not say which protocol it speaks.
    #[error(
        "{package} does not say its protocol version: {source}; a waPC policy answers `protocol_version` with \"v1\""
    )]
    ProtocolVersion {
        /// Name of the crate.
        package: String,
        /// Why.
        source: Failure,
    },
    /// The metadata could not be written into the module.
    #[error("the metadata of {package} cannot be written: {source}")]
    Embed {
        /// Name of the crate.
        package: String,
        /// Why.
        source: EmbedError,
    },
    /// The engine that asks a policy for its protocol version cannot be set up.
    #[error(transparent)]
    Engine(LoadError),
    /// A file could not be read or written.
    #[error("cannot {doing} {}: {source}", path.display())]
    Io {
        /// The action that failed, for example `read`.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl BuildError {
    /// Whether the caller asked for the wrong thing, and the policy has no mistake: no crate at this path, or an ABI that it
    /// does not offer.
    pub fn is_usage(&self) -> bool {
        match self {
            Self::NoManifest(_) | Self::Workspace { .. } | Self::UnsupportedAbi { .. } => true,
            Self::Metadata { .. }
            | Self::NoCdylib(_)
            | Self::NoTool { .. }
            | Self::Target { .. }
            | Self::Compile { .. }
            | Self::NoModule { .. }
            | Self::WrongAbi { .. }
            | Self::NotAPolicy { .. }
            | Self::Declaration { .. }
            | Self::ProtocolVersion { .. }
            | Self::Embed { .. }
            | Self::Engine(_)
            | Self::Io { .. } => false,
        }
    }
}

fn list(errors: &[InputError]) -> String {
    errors.iter().map(|error| format!("\n  - {error}")).collect()
}

fn members_hint(policies: &[PathBuf]) -> String {
    if policies.is_empty() {
        return "none of its members is a policy (a library with crate-type \"cdylib\")".to_owned();
    }
    let list: Vec<_> = policies.iter().map(|path| format!("\n    {}", path.display())).collect();
    format!("give one of its policies:{}", list.concat())
}

fn abi_hint(abi: Abi) -> String {
    match abi {
        Abi::Wapc => "its dependency on `admit` has the feature `wapc` off, or `wasi` always on; make the ABI a choice with\n\n    \
             [features]\n    wasi = [\"admit/wasi\"]\n"
            .to_owned(),
        Abi::Wasi => {
            "no feature of it turns on `wasi` of `admit`; add\n\n    [features]\n    wasi = [\"admit/wasi\"]\n".to_owned()
        }
        Abi::Extism => {
            "no feature of it turns on `chainloop` of `admit`; add\n\n    [features]\n    chainloop = [\"admit/chainloop\"]\n".to_owned()
        }
    }
}

fn wrong_abi_hint(asked: Abi) -> &'static str {
    match asked {
        Abi::Wapc => "something else turns the feature `wasi` of `admit` on, and wasi wins over wapc",
        Abi::Wasi => "check that the feature which is meant to turn on `admit/wasi` really does",
        Abi::Extism => "check that the feature which is meant to turn on `admit/chainloop` really does",
    }
}

/// The modules that are there in place of it, or the folder above that has one, as cargo would find it.
fn instead(path: &Path) -> String {
    if let Some(module) = first_module(path) {
        return format!(", or the module that is in it: {}", module.display());
    }
    let folder = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    match folder.ancestors().skip(1).find(|folder| folder.join("Cargo.toml").is_file()) {
        Some(found) if folder.is_dir() => format!("; the next one is in {}", found.display()),
        _ => String::new(),
    }
}

/// The first module in a folder.
fn first_module(folder: &Path) -> Option<PathBuf> {
    let files = std::fs::read_dir(folder).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter(|file| file.extension().is_some_and(|extension| extension == "wasm" || extension == "wat")).min()
}

/// What to do where `admit` is looked for in a registry. To be removed when it is published.
fn unpublished(from_registry: bool) -> &'static str {
    if !from_registry {
        return "";
    }
    "\n\nadmit is not on crates.io yet: say in Cargo.toml where its source is, `admit = { path = \"…/sdk/rust\" }`, as `cargo admit new --admit-path` does"
}

fn shown(output: &str) -> String {
    if output.is_empty() { " above".to_owned() } else { format!(":\n\n{}", output.trim_end()) }
}

//! The environment of a build.
//!
//! A build is often started by another cargo (`cargo admit`, `cargo test`), whose variables would leak flags meant for the
//! host into the module: coverage instrumentation, wrappers such as clippy's, profile overrides.

use std::{env, path::Path, process::Command};

/// Variables of cargo that say where things are, not what is built.
const KEPT_CARGO: &[&str] =
    &["CARGO_HOME", "CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR", "CARGO_SOURCE_", "CARGO_TERM_"];

/// Where the user wants build output; read by `cargo metadata` only.
const TARGET_DIRS: &[&str] = &["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"];

/// A cargo that builds in `folder`, with a clean environment.
pub(super) fn cargo(folder: &Path) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    clean(Command::new(program), folder, &[])
}

/// A cargo for questions about the workspace; unlike a build it has to see where the user wants the output.
pub(super) fn cargo_metadata(folder: &Path) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    clean(Command::new(program), folder, TARGET_DIRS)
}

/// Another tool of the toolchain.
pub(super) fn tool(name: &str, folder: &Path) -> Command {
    clean(Command::new(name), folder, &[])
}

fn clean(mut command: Command, folder: &Path, also_kept: &[&str]) -> Command {
    command.current_dir(folder);
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| disturbs_a_build(name) && !also_kept.contains(&name)) {
            command.env_remove(name);
        }
    }
    command
}

fn disturbs_a_build(name: &str) -> bool {
    let cargo = name.starts_with("CARGO_") && !KEPT_CARGO.iter().any(|kept| name.starts_with(kept));
    let flags = ["RUSTFLAGS", "RUSTDOCFLAGS", "RUSTC", "RUSTDOC", "LLVM_PROFILE_FILE", "MAKEFLAGS", "MFLAGS"];
    cargo || flags.contains(&name) || name.starts_with("RUSTC_") || name.starts_with("__CARGO")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_of_the_caller_go_and_places_stay() {
        for gone in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_TARGET_DIR",
            "CARGO_BUILD_TARGET",
            "CARGO_PROFILE_RELEASE_LTO",
            "CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS",
            "CARGO_MANIFEST_DIR",
            "RUSTC_WRAPPER",
            "RUSTC_WORKSPACE_WRAPPER",
            "LLVM_PROFILE_FILE",
        ] {
            assert!(disturbs_a_build(gone), "{gone}");
        }
        for kept in [
            "PATH",
            "HOME",
            "CARGO",
            "CARGO_HOME",
            "RUSTUP_HOME",
            "RUSTUP_TOOLCHAIN",
            "https_proxy",
            "CARGO_NET_OFFLINE",
            "CARGO_HTTP_PROXY",
            "CARGO_REGISTRIES_MY_INDEX",
            "CARGO_REGISTRY_TOKEN",
        ] {
            assert!(!disturbs_a_build(kept), "{kept}");
        }
    }
}

//! The environment of a build.
//!
//! A module must not depend on who builds it where, so that variables which would change it are left out: a `cargo test` with coverage
//! passes its flags on to every program. What is about this machine stays as it is for any other cargo: where tools, caches and
//! proxies are, how many jobs there may be.

use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

/// Where the user wants build output; read by `cargo metadata` only, since builds are told a folder in it.
const TARGET_DIRS: [&str; 2] = ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR"];

/// Other folders. Relative ones begin where the command was called, as for every cargo.
const FOLDERS: [&str; 3] = ["CARGO_HOME", "RUSTUP_HOME", "CARGO_BUILD_BUILD_DIR"];

/// Programs: names, or paths.
const PROGRAMS: [&str; 6] =
    ["RUSTC", "RUSTC_WRAPPER", "RUSTDOC", "CARGO_BUILD_RUSTC", "CARGO_BUILD_RUSTC_WRAPPER", "CARGO_BUILD_RUSTDOC"];

/// What a cargo says to the programs that it starts, among them this one.
const OF_ANOTHER_CARGO: [&str; 13] = [
    "CARGO_MANIFEST_",
    "CARGO_PKG_",
    "CARGO_BIN_",
    "CARGO_FEATURE_",
    "CARGO_CFG_",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_MAKEFLAGS",
    "CARGO_RUSTC_CURRENT_DIR",
    "CARGO_TARGET_TMPDIR",
    "__CARGO",
    // Where output goes, which is told to a build.
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR",
];

/// What makes another module of the same source: the beginnings of names.
const CHANGES_THE_MODULE: [&str; 10] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS",
    "CARGO_TARGET_WASM32_WASIP1_LINKER",
    "CARGO_PROFILE_RELEASE_",
    "CARGO_UNSTABLE_",
    "RUSTC_BOOTSTRAP",
    // Unlike the wrapper for all crates, which caches have, it is for programs that look at code or change it.
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
];

/// Wrappers of all crates that do not just keep what was compiled.
const CHANGING_WRAPPERS: [&str; 2] = ["cargo-llvm-cov", "clippy-driver"];

/// The variables that are set and that builds of policies leave out, since they would change the module, by name.
///
/// Flags that a policy needs belong in its `Cargo.toml`, or in a `.cargo/config.toml` in its folder or above: these hold on every
/// machine.
pub fn left_out_variables() -> Vec<String> {
    let mut names: Vec<String> = env::vars_os()
        .filter(|(name, value)| use_of(name, value) == Use::ChangesTheModule)
        .map(|(name, _)| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A cargo that builds in `folder`.
pub(super) fn cargo(folder: &Path) -> Command {
    prepared(Command::new(program("CARGO", "cargo")), folder, &[])
}

/// A cargo for questions about the workspace; unlike a build it has to see where the user wants the output.
pub(super) fn cargo_metadata(folder: &Path) -> Command {
    prepared(Command::new(program("CARGO", "cargo")), folder, &TARGET_DIRS)
}

/// The compiler that cargo starts. What it says is read, so it says no more than what went wrong.
pub(super) fn rustc(folder: &Path) -> Command {
    let program = env::var_os("RUSTC").or_else(|| env::var_os("CARGO_BUILD_RUSTC"));
    let program = program.map_or_else(|| "rustc".into(), |program| placed("RUSTC", program, &here()));
    quiet(prepared(Command::new(program), folder, &[]))
}

/// Another tool of the toolchain, as [`rustc`].
pub(super) fn tool(name: &str, folder: &Path) -> Command {
    quiet(prepared(Command::new(name), folder, &[]))
}

fn program(variable: &str, default: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| default.into())
}

fn here() -> PathBuf {
    // A folder that was removed has no name; cargo complains about it in its own words.
    env::current_dir().unwrap_or_default()
}

fn quiet(mut command: Command) -> Command {
    command.env("RUST_BACKTRACE", "0").env("RUST_LIB_BACKTRACE", "0");
    command
}

fn prepared(mut command: Command, folder: &Path, also_kept: &[&str]) -> Command {
    let here = here();
    command.current_dir(folder);
    for (name, value) in env::vars_os() {
        if use_of(&name, &value) != Use::Kept && !also_kept.iter().any(|kept| name == *kept) {
            command.env_remove(name);
            continue;
        }
        let Some(known) = name.to_str() else { continue };
        let there = placed(known, value.clone(), &here);
        if there != value {
            command.env(name, there);
        }
    }
    command
}

/// The value for a program that runs elsewhere: what is relative begins where this one was called.
fn placed(name: &str, value: OsString, here: &Path) -> OsString {
    let path = Path::new(&value);
    let folder = FOLDERS.contains(&name) || TARGET_DIRS.contains(&name);
    let program = PROGRAMS.contains(&name) || (name.starts_with("CARGO_TARGET_") && name.ends_with("_LINKER"));
    // A program without a folder is looked for in the PATH, and cargo has something to say about an empty text.
    let relative = path.is_relative() && !value.is_empty();
    if relative && (folder || (program && path.components().count() > 1)) {
        return here.join(path).into_os_string();
    }
    value
}

/// What becomes of a variable in a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Cargo gets it.
    Kept,
    /// It would change the module.
    ChangesTheModule,
    /// It says what another cargo is doing, or what is told to this one in another way.
    OfAnotherCargo,
}

fn use_of(name: &OsStr, value: &OsStr) -> Use {
    let Some(name) = name.to_str() else { return Use::Kept };
    let begins_with_one = |beginnings: &[&str]| beginnings.iter().any(|beginning| name.starts_with(beginning));
    if begins_with_one(&OF_ANOTHER_CARGO) {
        return Use::OfAnotherCargo;
    }
    let changes = match name {
        // What is off is off in a release build anyway.
        "CARGO_INCREMENTAL" | "CARGO_BUILD_INCREMENTAL" => !(value == "0" || value == "false"),
        "RUSTC_WRAPPER" | "CARGO_BUILD_RUSTC_WRAPPER" => {
            Path::new(value).file_stem().is_some_and(|stem| CHANGING_WRAPPERS.iter().any(|changing| stem == *changing))
        }
        // Macros and build scripts are programs of this machine.
        _ if name.starts_with("CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_") => false,
        _ => begins_with_one(&CHANGES_THE_MODULE),
    };
    if changes { Use::ChangesTheModule } else { Use::Kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(name: &str, value: &str) -> Use {
        use_of(OsStr::new(name), OsStr::new(value))
    }

    #[test]
    fn what_would_change_the_module_is_left_out() {
        for (name, value) in [
            ("RUSTFLAGS", "-Cinstrument-coverage"),
            ("CARGO_ENCODED_RUSTFLAGS", ""),
            ("CARGO_BUILD_RUSTFLAGS", "-g"),
            ("CARGO_PROFILE_RELEASE_LTO", "off"),
            ("CARGO_PROFILE_RELEASE_PACKAGE_SERDE_OPT_LEVEL", "0"),
            ("CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS", "-Ctarget-feature=+simd128"),
            ("CARGO_TARGET_WASM32_WASIP1_LINKER", "wasm-ld"),
            ("CARGO_UNSTABLE_BUILD_STD", "std"),
            ("CARGO_INCREMENTAL", "1"),
            ("CARGO_BUILD_INCREMENTAL", "true"),
            ("RUSTC_BOOTSTRAP", "1"),
            ("RUSTC_WORKSPACE_WRAPPER", "clippy-driver"),
            ("RUSTC_WRAPPER", "/home/me/.cargo/bin/cargo-llvm-cov"),
        ] {
            assert_eq!(used(name, value), Use::ChangesTheModule, "{name}={value}");
        }
    }

    #[test]
    fn what_is_about_this_machine_stays() {
        for (name, value) in [
            ("PATH", "/bin"),
            ("HOME", "/home/me"),
            ("CARGO", "/bin/cargo"),
            ("CARGO_HOME", "/cargo"),
            ("RUSTUP_HOME", "/rustup"),
            ("RUSTUP_TOOLCHAIN", "1.95.0"),
            ("https_proxy", "http://proxy"),
            ("CARGO_NET_OFFLINE", "true"),
            ("CARGO_HTTP_PROXY", "http://proxy"),
            ("CARGO_REGISTRIES_MY_INDEX", "sparse+https://index"),
            ("CARGO_REGISTRY_TOKEN", "x"),
            ("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", "clang"),
            ("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS", "-Clink-arg=-fuse-ld=mold"),
            ("CARGO_BUILD_JOBS", "2"),
            ("CARGO_BUILD_TARGET", "x86_64-unknown-linux-gnu"),
            ("CARGO_INCREMENTAL", "0"),
            ("CARGO_PROFILE_DEV_DEBUG", "0"),
            ("CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_OPT_LEVEL", "3"),
            ("RUSTC", "/opt/rust/bin/rustc"),
            ("RUSTC_WRAPPER", "sccache"),
            ("LLVM_PROFILE_FILE", "/tmp/x.profraw"),
            ("MAKEFLAGS", "-j2"),
        ] {
            assert_eq!(used(name, value), Use::Kept, "{name}={value}");
        }
    }

    #[test]
    fn what_a_cargo_says_to_this_program_is_not_said_to_the_next_one() {
        for name in
            ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_BIN_EXE_x", "CARGO_TARGET_TMPDIR", "CARGO_TARGET_DIR"]
        {
            assert_eq!(used(name, "x"), Use::OfAnotherCargo, "{name}");
        }
    }

    #[test]
    fn what_is_relative_begins_where_the_command_was_called() {
        for (name, value, expected) in [
            ("CARGO_TARGET_DIR", "out", "/here/out"),
            ("CARGO_TARGET_DIR", "../out", "/here/../out"),
            ("CARGO_TARGET_DIR", "/out", "/out"),
            ("CARGO_TARGET_DIR", "", ""),
            ("CARGO_HOME", "home", "/here/home"),
            ("RUSTC", "bin/rustc", "/here/bin/rustc"),
            ("RUSTC", "./rustc", "/here/./rustc"),
            ("RUSTC", "rustc", "rustc"),
            ("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", "bin/ld", "/here/bin/ld"),
            ("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", "clang", "clang"),
            ("CARGO_NET_OFFLINE", "true", "true"),
        ] {
            assert_eq!(placed(name, value.into(), Path::new("/here")), OsString::from(expected), "{name}={value}");
        }
    }
}

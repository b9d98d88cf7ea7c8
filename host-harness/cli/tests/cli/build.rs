//! `cargo admit build`.

use crate::support::Folder;

#[test]
fn both_abis_of_a_policy() {
    let folder = Folder::new().krate("labels");
    let ran = folder.run_with("build labels", "", &[("RUSTFLAGS", "--cfg nonsense -Zno-such-flag")]).exits(0);
    let ran = ran.tells("note: RUSTFLAGS is left out of the build, since it would change the module");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let [wapc, wasi] = lines[..] else { panic!("two lines expected:\n{}", ran.stdout) };
    assert!(wapc.starts_with("wapc  ") && wapc.ends_with("labels-wapc.wasm"), "{wapc}");
    assert!(wasi.starts_with("wasi  ") && wasi.ends_with("labels-wasi.wasm"), "{wasi}");
    // Aligned: the files begin in the same column.
    assert_eq!(wapc.find("/"), wasi.find("/"));
    assert!(wapc.contains(" KiB  (") && wapc.contains(" bytes)"), "{wapc}");
    for line in [wapc, wasi] {
        let file = line.split_whitespace().last().expect("a file");
        folder.run(&format!("inspect {file}")).exits(0).prints(&format!("ABI   {}", &line[..4]));
    }
}

/// What is about this machine is cargo's: a linker that does not exist is missed.
#[test]
fn variables_about_the_machine_stay() {
    let folder = Folder::new().krate("program").file("program/build.rs", "fn main() {}\n");
    let run = |environment: &[(&str, &str)]| folder.run_with("build program", "", environment);
    let ran = run(&[("CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_LINKER", "/no/such/linker"), ("CARGO_BUILD_JOBS", "1")]);
    if cfg!(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")) {
        ran.exits(4).tells("/no/such/linker");
    }
    run(&[("RUSTC", "/no/such/rustc")]).exits(4).tells("/no/such/rustc");
    let ran = run(&[("CARGO_PROFILE_RELEASE_LTO", "no such thing"), ("CARGO_INCREMENTAL", "1")]).exits(0);
    ran.tells("note: CARGO_INCREMENTAL, CARGO_PROFILE_RELEASE_LTO are left out of the build, since they would");
    let ran = run(&[("CARGO_INCREMENTAL", "0")]).exits(0);
    assert!(!ran.stderr.contains("left out"), "{}", ran.stderr);
}

#[test]
fn one_abi_of_a_policy() {
    let ran = Folder::new().krate("labels").run("build labels --abi wasi").exits(0);
    assert_eq!(ran.stdout.lines().count(), 1);
    assert!(ran.stdout.starts_with("wasi  "));
}

#[test]
fn policies_of_other_toolkits_are_built_as_they_are() {
    let folder = Folder::new().krate("program");
    folder.run("build program").exits(0).prints("program-wasi.wasm");
    folder
        .run("build program --abi wapc")
        .exits(4)
        .tells("program was built for wapc, but the module is a wasi policy");
}

#[test]
fn what_does_not_compile_is_4_with_the_compilers_words() {
    let ran = Folder::new().krate("broken").run("build broken").exits(4).prints_nothing();
    ran.tells("mismatched types").tells("src/lib.rs:1:26").tells("broken does not build for wasm32-wasip1");
}

#[test]
fn what_is_no_policy_is_4() {
    Folder::new().krate("no-policy").run("build no-policy").exits(4).tells("the module is not a policy");
    Folder::new().krate("no-cdylib").run("build no-cdylib").exits(4).tells("crate-type = [\"cdylib\", \"rlib\"]");
    Folder::new().file("Cargo.toml", "[package\n").run("build").exits(4).tells("cargo cannot read the crate");
}

#[test]
fn what_is_no_crate_is_2() {
    Folder::new().run("build").exits(2).tells("no Cargo.toml in .");
    Folder::new().run("build elsewhere").exits(2).tells("no Cargo.toml in elsewhere");
    Folder::new().file("a.rs", "").run("build a.rs").exits(2).tells("no Cargo.toml in a.rs");
    let ran = Folder::new().krate("workspace").run("build workspace").exits(2);
    ran.tells("is a workspace, not a policy").tells("workspace/member");
    let only_wapc = Folder::new().krate("labels");
    let manifest = std::fs::read_to_string(only_wapc.path().join("labels/Cargo.toml")).expect("a manifest");
    let only_wapc = only_wapc.file("labels/Cargo.toml", manifest.replace("wasi = [\"admit/wasi\"]", ""));
    only_wapc.run("build labels --abi wasi").exits(2).tells("wasi = [\"admit/wasi\"]");
}

/// A toolchain without the target: a rustc whose folder for it does not exist (one below a file cannot), and a rustup that writes down
/// what it is asked.
#[cfg(unix)]
fn without_target(rustup: Option<&str>) -> Folder {
    use std::os::unix::fs::PermissionsExt as _;
    let mut folder = Folder::new().krate("broken").file("bin/rustc", "#!/bin/sh\necho \"$0/lib\"\n");
    let mut programs = vec!["bin/rustc"];
    if let Some(rustup) = rustup {
        folder = folder.file("bin/rustup", format!("#!/bin/sh\necho \"$@\" > \"$LOG\"\n{rustup}\n"));
        programs.push("bin/rustup");
    }
    for program in programs {
        let executable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.path().join(program), executable).expect("an executable");
    }
    folder
}

#[cfg(unix)]
#[test]
fn a_missing_target_is_installed_or_the_command_is_told() {
    let run = |folder: &Folder| {
        let path = folder.path().join("bin");
        let log = folder.path().join("log");
        let environment =
            [("PATH", path.to_str().expect("text")), ("LOG", log.to_str().expect("text")), ("RUST_BACKTRACE", "1")];
        folder.run_with("build broken", "", &environment).exits(4).prints_nothing()
    };
    // As rustup says it, with a download above it and a backtrace below it when there is RUST_BACKTRACE=1.
    let rustup = "echo 'info: downloading component rust-std' >&2; echo 'error: no space left' >&2
if [ \"${RUST_BACKTRACE:-0}\" != 0 ]; then echo 'Stack backtrace:' >&2; fi
echo '  12: __libc_start_main' >&2; exit 1";
    let folder = without_target(Some(rustup));
    let ran = run(&folder).tells("installing the Rust target wasm32-wasip1");
    ran.tells("could not be installed (error: no space left)").tells("\n           rustup target add wasm32-wasip1\n");
    let asked = std::fs::read_to_string(folder.path().join("log")).expect("rustup was started");
    assert_eq!(asked, "target add wasm32-wasip1\n");

    run(&without_target(None)).tells("cannot run rustup").tells("\n           rustup target add wasm32-wasip1\n");
    // With the target installed the build goes on, and fails for another reason.
    run(&without_target(Some("exit 0"))).tells("broken does not build");
}

//! What the machine does not give: room on a disk, memory, threads. It is told in words, with exit code 2, and is nobody's fault.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output},
};

use crate::support::{Folder, METADATA, POD};

const CASE: &str = "object: {apiVersion: v1, kind: Pod, metadata: {name: a}}\nexpect: accept\n";

/// A policy that accepts, a request, and everything that commands can write of them.
fn folder() -> Folder {
    Folder::new()
        .answers("{\"valid\":true}", "{\"accepted\":true}")
        .metadata(
            "{\"rules\":[],\"mutating\":false,\"executionMode\":\"kubewarden-wapc\",\"protocolVersion\":\"v1\",\
             \"annotations\":{\"io.kubewarden.policy.title\":\"a\"}}",
        )
        .file("pod.json", POD)
        .file("metadata.yml", format!("{METADATA}executionMode: wasi\n"))
        .file("cases/a.yaml", CASE)
        // It is not asked for the version of its protocol.
        .file("program.wat", "(module (memory (export \"memory\") 1) (func (export \"_start\")))")
}

/// Runs a line of the shell, in which `$ADMIT` is the program and nothing is kept in a cache.
fn shell(folder: &Folder, line: &str) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(folder.path()).env("ADMIT", env!("CARGO_BIN_EXE_cargo-admit"));
    shell.env("XDG_CACHE_HOME", folder.path().join("cache")).env("RUST_BACKTRACE", "0").output().expect("a shell")
}

/// Checks that the program ends with 2 and `told`.
#[track_caller]
fn is_told(folder: &Folder, line: &str, told: &str) {
    let ran = shell(folder, line);
    let stderr = String::from_utf8_lossy(&ran.stderr);
    assert_eq!(ran.status.code(), Some(2), "{line}\n{stderr}");
    assert!(stderr.contains(told) && !stderr.contains("panicked"), "{line}\n{stderr}");
}

/// Every command that writes to stdout.
const COMMANDS: [&str; 16] = [
    "--help",
    "--version",
    "help",
    "run --help",
    "completions bash",
    "man pages",
    "cache",
    "cache --format json",
    "inspect policy.wasm",
    "inspect policy.wasm --format json",
    "inspect policy.wasm --format yaml",
    "run policy.wasm --request pod.json",
    "test policy.wasm",
    "test policy.wasm --format json",
    "scaffold case-schema",
    "annotate program.wat --metadata metadata.yml -o -",
];

/// `/dev/full` is of Linux.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let folder = folder();
    for command in COMMANDS {
        is_told(&folder, &format!("$ADMIT {command} > /dev/full"), "error: cannot write the result: No space left");
    }
}

#[test]
fn a_reader_that_left_is_no_error() {
    let folder = folder();
    for command in COMMANDS {
        let ran = shell(&folder, &format!("($ADMIT {command}; echo $? > code) 2> told | true"));
        assert!(ran.status.success());
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
        assert_eq!(read("code"), "0\n", "{command}\n{}", read("told"));
        assert!(!read("told").contains("error"), "{command}\n{}", read("told"));
    }
}

#[test]
fn files_that_may_not_be_large() {
    let folder = folder().file("kept.json", "old");
    // Blocks of 512 bytes, or of 1 KiB.
    is_told(
        &folder,
        "ulimit -f 1; $ADMIT scaffold case-schema -o kept.json",
        "error: cannot write kept.json: File too large",
    );
    is_told(
        &folder,
        "ulimit -f 1; $ADMIT scaffold case-schema > new.json",
        "error: cannot write the result: File too large",
    );
    assert_eq!(fs::read_to_string(folder.path().join("kept.json")).expect("a file"), "old");
    let names = fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    assert!(names.into_iter().all(|name| !name.to_string_lossy().starts_with(".admit")), "nothing is left behind");
}

#[test]
fn read_only_files_stay() {
    let folder = folder().file("kept", "old");
    let kept = folder.path().join("kept");
    fs::set_permissions(&kept, fs::Permissions::from_mode(0o444)).expect("a mode");
    let told = "error: cannot write kept: it is read-only: make it writable (`chmod u+w`), or choose another file";
    is_told(&folder, "$ADMIT scaffold world-schema -o kept", told);
    is_told(&folder, "$ADMIT annotate program.wat --metadata metadata.yml -o kept", told);
    assert_eq!(fs::read_to_string(&kept).expect("a file"), "old");
}

#[test]
fn a_dash_is_stdout_and_no_file() {
    let folder = folder();
    let schema = folder.run("scaffold world-schema -o -").exits(0);
    assert_eq!(schema.stdout, folder.run("scaffold world-schema").exits(0).stdout);
    let module = shell(&folder, "$ADMIT annotate program.wat --metadata metadata.yml -o - --overwrite");
    assert_eq!(module.status.code(), Some(0), "{}", String::from_utf8_lossy(&module.stderr));
    let folder = folder.file("annotated.wasm", &module.stdout);
    folder.run("inspect annotated.wasm").exits(0).prints("title             labels");
    let folder = folder.file("world.yaml", "dns: {}\n");
    folder
        .run("run policy.wasm --request pod.json --world world.yaml --record -")
        .exits(2)
        .tells("--record: stdout is not for it");
    folder.run("man -").exits(2).tells("FOLDER: stdout is not for it");
    assert!(!folder.path().join("-").exists());
}

/// No thread can have a stack of 128 TiB; those with a stack of their own size can be had.
#[test]
fn no_threads() {
    let folder = folder();
    for command in ["run policy.wasm --request pod.json", "test policy.wasm", "lint policy.wasm"] {
        let line = format!("RUST_MIN_STACK=140737488355328 $ADMIT {command}");
        is_told(&folder, &line, "error: the WebAssembly engine could not be set up: no thread for its clock");
    }
}

/// What the program needs of a stack does not depend on what the shell gives to main threads.
#[test]
fn a_small_stack() {
    let folder = folder();
    for command in ["run policy.wasm --request pod.json", "inspect policy.wasm", "run --help", "cache"] {
        let ran = shell(&folder, &format!("ulimit -s 256; $ADMIT {command}"));
        assert_eq!(ran.status.code(), Some(0), "{command}: {}", String::from_utf8_lossy(&ran.stderr));
    }
}

/// Limits of address space are kept on Linux only.
#[cfg(target_os = "linux")]
#[test]
fn no_memory_for_a_policy() {
    let folder = folder();
    // The program is small enough for it, and a place for a memory is not.
    for command in ["run policy.wasm --request pod.json", "test policy.wasm"] {
        let line = format!("ulimit -v 1500000; $ADMIT {command}");
        is_told(&folder, &line, "this machine has not enough memory for the policy: Cannot allocate memory");
    }
}

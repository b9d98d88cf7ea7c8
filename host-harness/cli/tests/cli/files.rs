//! Inputs that are no regular files, or too large: none is waited for, and none fills the memory.

use std::{
    fs::{self, File},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{Folder, METADATA, POD, Ran};

/// How long a run may take that has nothing to do. What hangs hangs for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// A file of the folder, and a command that reads it: on the command line, or because another file names it.
const INPUTS: &[(&str, &str)] = &[
    ("policy.wasm", "run policy.wasm --request pod.json"),
    ("policy.wasm", "inspect policy.wasm"),
    ("policy.wasm", "test policy.wasm"),
    ("v1.wasm", "annotate v1.wasm --metadata metadata.yml -o annotated.wasm"),
    ("policy.wasm", "scaffold manifest policy.wasm -t ClusterAdmissionPolicy --title p"),
    ("pod.json", "run policy.wasm --request pod.json"),
    ("pod.json", "scaffold admission-request -o CREATE --object pod.json"),
    ("old.json", "run policy.wasm --request pod.json --operation UPDATE --old-object old.json"),
    ("settings.yaml", "run policy.wasm --request pod.json --settings settings.yaml"),
    ("world.yaml", "run policy.wasm --request pod.json --world world.yaml"),
    ("world.yaml", "test policy.wasm --world world.yaml"),
    ("world/world.yaml", "run policy.wasm --request pod.json --world world"),
    ("world/pods.yaml", "run policy.wasm --request pod.json --world world"),
    ("world/_body", "run policy.wasm --request pod.json --world world"),
    ("session.yml", "run policy.wasm --request pod.json --replay session.yml"),
    ("policies.yaml", "run policies.yaml --request pod.json"),
    ("named.wasm", "run policies.yaml --request pod.json"),
    ("metadata.yml", "annotate v1.wasm --metadata metadata.yml -o annotated.wasm"),
    ("usage.md", "annotate v1.wasm --metadata metadata.yml --usage usage.md -o annotated.wasm"),
    ("cases/case.yaml", "test policy.wasm"),
    ("cases/_world.yaml", "test policy.wasm"),
    ("cases/_shared/pod.yaml", "test policy.wasm"),
    ("cases/_shared/session.yml", "test policy.wasm"),
    ("cases/_shared/world.yaml", "test policy.wasm"),
    ("cases/own/object.yaml", "test policy.wasm"),
    ("chainloop/policy.yaml", "eval -p chainloop/policy.yaml --material m.json --kind EVIDENCE"),
    ("chainloop/policy.yaml", "lint chainloop"),
    ("chainloop/policy.yaml", "test chainloop"),
    ("chainloop/policy.wasm", "eval -p chainloop/policy.wasm --material m.json --kind EVIDENCE"),
    ("chainloop/policy.wasm", "lint chainloop/policy.wasm"),
    ("chainloop/named.wasm", "eval -p chainloop/policy.yaml --material m.json --kind EVIDENCE"),
    ("chainloop/named.wasm", "lint chainloop/policy.yaml"),
    ("chainloop/cases/_m.json", "test chainloop"),
    ("m.json", "eval -p chainloop/policy.yaml --material m.json --kind EVIDENCE"),
    ("sbom.json", "eval -p chainloop/guessed.yaml --material sbom.json"),
    ("image/index.json", "eval -p chainloop/policy.wasm --material image --kind CONTAINER_IMAGE"),
    ("admit/Cargo.toml", "new project --admit-path admit"),
];

const CHAINLOOP: &str = "\
apiVersion: chainloop.dev/v1
kind: Policy
metadata: { name: plain }
spec: { policies: [{ kind: EVIDENCE, path: named.wasm }] }
";

/// Everything in order.
fn folder() -> Folder {
    let folder = Folder::new().chainloop("{}", "");
    let chainloop = fs::read(folder.path().join("policy.wasm")).expect("a module");
    fs::remove_file(folder.path().join("policy.yaml")).expect("a file");
    let folder = folder.answers(r#"{"valid": true}"#, r#""v1""#);
    let v1 = fs::read(folder.path().join("policy.wasm")).expect("a module");
    let folder = folder.answers(r#"{"valid": true}"#, r#"{"accepted": true}"#);
    let module = fs::read(folder.path().join("policy.wasm")).expect("a module");
    folder
        .metadata(r#"{"rules": [], "mutating": false, "executionMode": "kubewarden-wapc", "protocolVersion": "v1"}"#)
        .file("named.wasm", module)
        .file("v1.wasm", v1)
        .file("pod.json", POD)
        .file("old.json", POD)
        .file("settings.yaml", "a: 1\n")
        .file("world.yaml", "dns: {}\n")
        .file(
            "world/world.yaml",
            "http: { 'https://a.example': { file: _body } }\ncluster: { objects: [{ file: pods.yaml }] }\n",
        )
        .file("world/pods.yaml", POD)
        .file("world/_body", "a\n")
        .file("session.yml", "[]\n")
        .file("policies.yaml", "a: { module: named.wasm }\n")
        .file("metadata.yml", METADATA)
        .file("usage.md", "# Usage\n")
        .file("cases/case.yaml", "object: { file: _shared/pod.yaml }\nexpect: accept\n")
        .file("cases/with-session.yaml", format!("object: {POD}\nsession: _shared/session.yml\nexpect: accept\n"))
        .file("cases/with-world.yaml", format!("object: {POD}\nworld: _shared/world.yaml\nexpect: accept\n"))
        .file("cases/_world.yaml", "dns: {}\n")
        .file("cases/_shared/pod.yaml", POD)
        .file("cases/_shared/session.yml", "[]\n")
        .file("cases/_shared/world.yaml", "dns: {}\n")
        .file("cases/own/case.yaml", "expect: accept\n")
        .file("cases/own/object.yaml", POD)
        .file("chainloop/policy.yaml", CHAINLOOP)
        .file(
            "chainloop/guessed.yaml",
            CHAINLOOP.replace("[{ kind: EVIDENCE", "[{ kind: SARIF, path: named.wasm }, { kind: SBOM_CYCLONEDX_JSON"),
        )
        .file("chainloop/policy.wasm", &chainloop)
        .file("chainloop/named.wasm", &chainloop)
        .file("chainloop/cases/case.yaml", "material: { file: _m.json }\nexpect: success\n")
        .file("chainloop/cases/_m.json", "{}")
        .file("m.json", "{}")
        .file("sbom.json", r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": []}"#)
        .file("image/oci-layout", "{}")
        .file("image/index.json", format!(r#"{{"manifests": [{{"digest": "sha256:{}"}}]}}"#, "0".repeat(64)))
        .file("admit/Cargo.toml", "[package]\nname = \"admit\"\n")
}

/// Runs the program; one that does not end fails the test.
fn run(folder: &Folder, arguments: &str, stdin: Stdio) -> Ran {
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-admit"))
        .args(arguments.split_whitespace())
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .stdin(stdin)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let start = Instant::now();
    while child.try_wait().expect("a program").is_none() {
        if start.elapsed() > PATIENCE {
            child.kill().expect("it can be ended");
            panic!("`{arguments}` still runs after {PATIENCE:?}");
        }
        thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output().expect("it ended");
    Ran {
        code: output.status.code().expect("no signal"),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// Puts something else in the place of each input, and checks what is told.
fn each(put: impl Fn(&Path), tells: &[&str]) {
    for (file, arguments) in INPUTS {
        let folder = folder();
        let path = folder.path().join(file);
        fs::remove_file(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        put(&path);
        let ran = run(&folder, arguments, Stdio::null());
        // What is wrong with the modules of a policy file is an issue to `lint`.
        let expected = if arguments.starts_with("lint") { 1..=2 } else { 2..=2 };
        assert!(expected.contains(&ran.code), "`{arguments}` with another {file}:\n{}\n{}", ran.stdout, ran.stderr);
        let told = format!("{}{}", ran.stdout, ran.stderr);
        let about = *file == "admit/Cargo.toml" || tells.iter().any(|part| told.contains(part));
        assert!(about, "none of {tells:?} in what `{arguments}` says of {file}:\n{told}");
        assert!(
            told.contains(file.rsplit('/').next().unwrap_or(file)) || *file == "admit/Cargo.toml",
            "no {file} in {told}"
        );
    }
}

#[test]
fn all_of_them_are_read_when_they_are_files() {
    let folder = folder();
    for (_, arguments) in INPUTS {
        run(&folder, arguments, Stdio::null()).exits(0);
        let _ = fs::remove_dir_all(folder.path().join("project"));
    }
}

#[cfg(unix)]
#[test]
fn pipes_are_not_waited_for() {
    let put = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
    each(put, &["it is a named pipe, and only regular files are read"]);
}

#[cfg(unix)]
#[test]
fn devices_do_not_fill_the_memory() {
    let put = |path: &Path| std::os::unix::fs::symlink("/dev/zero", path).expect("a link");
    each(put, &["it is a device, and only regular files are read", "is outside of the folder"]);
}

#[test]
fn large_files_are_not_read() {
    let put = |path: &Path| File::create(path).expect("a file").set_len(10 << 30).expect("a sparse file");
    each(
        put,
        &[
            "it is larger than 64 MiB",
            "it is larger than 256 MiB",
            "10737418240 bytes are too many for a policy module",
        ],
    );
}

/// A world may be a folder, and so may a case and a policy.
#[test]
fn folders_are_no_files() {
    for (file, arguments) in INPUTS {
        let folder = folder();
        let path = folder.path().join(file);
        fs::remove_file(&path).expect("a file");
        fs::create_dir(&path).expect("a folder");
        let ran = run(&folder, arguments, Stdio::null());
        assert!(
            [1, 2].contains(&ran.code) || ["m.json", "sbom.json", "world/world.yaml"].contains(file),
            "`{arguments}` with a folder {file}:\n{}\n{}",
            ran.stdout,
            ran.stderr
        );
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    }
}

/// What the user hands over on the command line is read, though it is a pipe.
#[cfg(unix)]
#[test]
fn pipes_of_the_command_line_are_read() {
    let folder = folder();
    let program = env!("CARGO_BIN_EXE_cargo-admit");
    for (input, arguments) in [
        ("pod.json", "run policy.wasm --request -"),
        ("pod.json", "run policy.wasm --request /dev/stdin"),
        ("policy.wasm", "run /dev/stdin --request pod.json"),
        ("settings.yaml", "run policy.wasm --request pod.json --settings /dev/fd/0"),
        ("world.yaml", "run policy.wasm --request pod.json --world /dev/stdin"),
        ("session.yml", "run policy.wasm --request pod.json --replay /dev/stdin"),
        ("m.json", "eval -p chainloop/policy.yaml --material /dev/stdin --kind EVIDENCE"),
    ] {
        let mut cat =
            Command::new("cat").arg(folder.path().join(input)).stdout(Stdio::piped()).spawn().expect("cat starts");
        let pipe = cat.stdout.take().expect("a pipe");
        run(&folder, arguments, pipe.into()).exits(0);
        cat.wait().expect("cat ends");
    }
    // As bash hands over the output of a command.
    let bash = |line: &str| {
        let line = line.replace("ADMIT", program);
        let mut command = Command::new("bash");
        command.args(["-c", &line]).current_dir(folder.path()).env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
        let output = command.stdin(Stdio::null()).output().expect("bash");
        (output.status.code(), String::from_utf8(output.stderr).expect("text"))
    };
    let (code, told) = bash("ADMIT run <(cat policy.wasm) --request <(cat pod.json) --settings <(cat settings.yaml)");
    assert_eq!(code, Some(0), "{told}");
    // They end, too.
    for line in [
        "ADMIT run policy.wasm --request /dev/stdin < /dev/zero",
        "ADMIT run policy.wasm --request - < /dev/zero",
        "ADMIT run policy.wasm --request <(cat /dev/zero)",
    ] {
        let (code, told) = bash(line);
        assert_eq!(code, Some(2), "{told}");
        assert!(told.contains("it is larger than 64 MiB, which is the limit for such a file"), "{told}");
    }
}

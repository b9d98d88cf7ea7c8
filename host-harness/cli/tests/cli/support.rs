//! Starting the program in a folder of its own.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Mutex, PoisonError},
};

use tempfile::TempDir;

/// What a run of the program left behind.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Checks the exit code; shows everything when it is another one.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// Checks that stderr has `part` in it.
    #[track_caller]
    pub(crate) fn tells(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "no `{part}` in stderr:\n{}", self.stderr);
        self
    }

    /// Checks that stdout has `part` in it.
    #[track_caller]
    pub(crate) fn prints(self, part: &str) -> Self {
        assert!(self.stdout.contains(part), "no `{part}` in stdout:\n{}", self.stdout);
        self
    }

    /// Checks that stdout is exactly one line of JSON, and parses it.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        let line = self.stdout.strip_suffix('\n').expect("a line");
        assert!(!line.contains('\n'), "more than one line:\n{}", self.stdout);
        serde_json::from_str(line).expect("JSON")
    }

    /// Checks that nothing was written to stdout.
    #[track_caller]
    pub(crate) fn prints_nothing(self) -> Self {
        assert_eq!(self.stdout, "");
        self
    }
}

/// Held while a fixture is built: all of them share a target folder, in which two crates of the same name would replace
/// each other's module.
static BUILD: Mutex<()> = Mutex::new(());

/// A folder with files, in which the program runs.
pub(crate) struct Folder {
    dir: TempDir,
    builds: bool,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { dir: TempDir::new().expect("a folder"), builds: false }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Writes a file.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, content).expect("a file");
        self
    }

    /// Puts a module from the fixtures there as `policy.wasm`.
    pub(crate) fn module(self, name: &str) -> Self {
        let text = fs::read_to_string(fixtures().join("modules").join(format!("{name}.wat"))).expect("a fixture");
        self.file("policy.wasm", wat::parse_str(text).expect("valid text"))
    }

    /// Puts a waPC policy with these answers there as `policy.wasm`.
    pub(crate) fn answers(self, settings: &str, answer: &str) -> Self {
        let text = fs::read_to_string(fixtures().join("modules/answer.wat")).expect("a fixture");
        let escaped = |text: &str| text.bytes().map(|byte| format!("\\{byte:02x}")).collect::<String>();
        let text = text
            .replace("{SETTINGS}", &escaped(settings))
            .replace("{ANSWER}", &escaped(answer))
            .replace("{SETTINGS_LENGTH}", &settings.len().to_string())
            .replace("{ANSWER_LENGTH}", &answer.len().to_string());
        self.file("policy.wasm", wat::parse_str(text).expect("valid text"))
    }

    /// Puts a Chainloop policy with this answer there as `policy.wasm`, and a policy file for it.
    pub(crate) fn chainloop(self, answer: &str, policy_file: &str) -> Self {
        let text = fs::read_to_string(fixtures().join("modules/chainloop.wat")).expect("a fixture");
        let escaped = answer.bytes().map(|byte| format!("\\{byte:02x}")).collect::<String>();
        let text = text.replace("{ANSWER}", &escaped).replace("{ANSWER_LENGTH}", &answer.len().to_string());
        self.file("policy.wasm", wat::parse_str(text).expect("valid text")).file("policy.yaml", policy_file)
    }

    /// Adds this metadata to `policy.wasm`.
    pub(crate) fn metadata(self, json: &str) -> Self {
        let number = |mut number: usize| {
            let mut bytes = Vec::new();
            while number >= 128 {
                bytes.push(number as u8 | 128);
                number >>= 7;
            }
            bytes.push(number as u8);
            bytes
        };
        let name = b"io.kubewarden.metadata";
        let section = [&number(name.len())[..], name, json.as_bytes()].concat();
        let mut module = fs::read(self.path().join("policy.wasm")).expect("a module");
        module.push(0);
        module.extend(number(section.len()));
        module.extend(section);
        self.file("policy.wasm", module)
    }

    /// Copies a crate from the fixtures; `{ADMIT}` in its manifest becomes the path of the SDK in this tree.
    ///
    /// It gets the lock file of this workspace, so that it needs no other crates and no network.
    pub(crate) fn krate(mut self, name: &str) -> Self {
        self.builds = true;
        copy(&fixtures().join("crates").join(name), &self.path().join(name));
        fs::copy(root().join("Cargo.lock"), self.path().join(name).join("Cargo.lock")).expect("a lock file");
        self
    }

    /// Runs the program with these arguments, separated by spaces.
    pub(crate) fn run(&self, arguments: &str) -> Ran {
        self.run_with(arguments, "", &[])
    }

    /// Runs the program with these arguments, which may have spaces in them.
    pub(crate) fn run_words(&self, arguments: &[&str]) -> Ran {
        self.start(arguments, "", &[])
    }

    /// Runs the program with a text on stdin and additional environment variables.
    pub(crate) fn run_with(&self, arguments: &str, stdin: &str, environment: &[(&str, &str)]) -> Ran {
        self.start(&arguments.split_whitespace().collect::<Vec<_>>(), stdin, environment)
    }

    fn start(&self, arguments: &[&str], stdin: &str, environment: &[(&str, &str)]) -> Ran {
        let _building = self.builds.then(|| BUILD.lock().unwrap_or_else(PoisonError::into_inner));
        let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-admit"))
            .args(arguments)
            .current_dir(self.path())
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            // Projects that tests make share a target folder: it is that of the book and of the templates, too.
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("projects"))
            .env("CARGO_NET_OFFLINE", "true")
            .env_remove("CLICOLOR_FORCE")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        // A program that fails before it reads closes the pipe.
        let _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
        let output = child.wait_with_output().expect("the program ends");
        Ran {
            code: output.status.code().expect("no signal"),
            stdout: String::from_utf8(output.stdout).expect("text"),
            stderr: String::from_utf8(output.stderr).expect("text"),
        }
    }
}

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the root of the workspace")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a fixture") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            let sdk = root().join("sdk/rust");
            let text = fs::read_to_string(entry.path()).expect("a text");
            fs::write(to, text.replace("{ADMIT}", &sdk.display().to_string())).expect("a file");
        }
    }
}

/// A Pod, as a plain object.
pub(crate) const POD: &str = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}}"#;

/// Metadata, as Kubewarden's policies have it.
pub(crate) const METADATA: &str = "\
rules:
- {apiGroups: [''], apiVersions: [v1], resources: [pods], operations: [CREATE]}
mutating: false
contextAwareResources:
- {apiVersion: apps/v1, kind: Deployment}
hostCapabilities: [net/v1/dns_lookup_host]
annotations:
  io.kubewarden.policy.title: labels
  io.kubewarden.policy.version: 1.2.3
  io.kubewarden.policy.description: Wants labels
  io.kubewarden.policy.ociUrl: ghcr.io/acme/policies/labels
  io.artifacthub.displayName: Labels
  io.example.team: policies
";

//! `cargo admit eval` and `lint`, compared with what `chainloop policy develop` answered to the same.
//!
//! Each file in `tests/chainloop/eval` is one test; the README in `tests/chainloop` says what a file can say.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use admit_host::input::Document;
use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/chainloop/eval");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(&folder).expect("cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let trial = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        Trial::test(format!("eval::{name}"), move || run(&path).map_err(Failed::from))
    };
    libtest_mimic::run(&arguments, paths.into_iter().map(trial).collect()).exit();
}

/// What Chainloop was asked, and what it answered.
struct Case {
    /// Modules, by what each of them answers.
    answers: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    /// Whether it is a case of `lint`, of which only the exit code is compared.
    lint: bool,
    arguments: Vec<String>,
    exit: i32,
    /// `result` on stdout.
    result: Option<Value>,
    /// The annotations that the first module gets.
    annotations: Option<Value>,
    warnings: Vec<String>,
    error: Option<String>,
    /// Whether the error only starts like this, for a reason that the case says.
    differs: bool,
}

impl Case {
    fn read(path: &Path) -> Result<Self, String> {
        let document = Document::open(path).map_err(|error| error.to_string())?;
        let value = document.value();
        let known = [
            "about",
            "answers",
            "files",
            "lint",
            "arguments",
            "exit",
            "result",
            "annotations",
            "warnings",
            "error",
            "differs",
        ];
        let object = value.as_object().ok_or("a case is an object")?;
        if let Some(key) = object.keys().find(|key| !known.contains(&key.as_str())) {
            return Err(format!("unknown key `{key}`"));
        }
        let texts = |key: &str| -> BTreeMap<String, String> {
            let entries = value[key].as_object().into_iter().flatten();
            entries.map(|(key, value)| (key.clone(), value.as_str().expect("a string").to_owned())).collect()
        };
        let list = |key: &str| -> Vec<String> {
            value[key]
                .as_array()
                .into_iter()
                .flatten()
                .map(|item| item.as_str().expect("a string").to_owned())
                .collect()
        };
        let given = |key: &str| Some(value[key].clone()).filter(|value| !value.is_null());
        Ok(Self {
            answers: texts("answers"),
            files: texts("files"),
            lint: value["lint"] == true,
            arguments: list("arguments"),
            exit: value["exit"].as_i64().ok_or("a case has an exit code")? as i32,
            result: given("result"),
            annotations: given("annotations"),
            warnings: list("warnings"),
            error: value["error"].as_str().map(str::to_owned),
            differs: value["differs"].is_string(),
        })
    }
}

fn run(path: &Path) -> Result<(), String> {
    let case = Case::read(path)?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let write = |name: &str, bytes: &[u8]| -> Result<(), String> {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).map_err(|error| error.to_string())?;
        fs::write(path, bytes).map_err(|error| error.to_string())
    };
    for (name, text) in &case.files {
        write(name, text.as_bytes())?;
    }
    for (name, answer) in &case.answers {
        write(name, &answering(answer))?;
    }
    let mut arguments = match case.lint {
        true => vec!["lint"],
        false => vec!["eval", "--exit-zero"],
    };
    arguments.extend(case.arguments.iter().map(String::as_str));
    if case.annotations.is_some() {
        arguments.push("--debug");
    }
    let ran = Command::new(env!("CARGO_BIN_EXE_cargo-admit"))
        .args(arguments)
        .current_dir(folder.path())
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .env_remove("CLICOLOR_FORCE")
        .output()
        .map_err(|error| error.to_string())?;
    let (stdout, stderr) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    compare(&case, ran.status.code(), &stdout, &stderr)
        .map_err(|difference| format!("{difference}\nstdout:\n{stdout}\nstderr:\n{stderr}"))
}

fn compare(case: &Case, code: Option<i32>, stdout: &str, stderr: &str) -> Result<(), String> {
    if code != Some(case.exit) {
        return Err(format!("exit code {code:?} in place of {}", case.exit));
    }
    if case.lint {
        return Ok(());
    }
    let printed: Value =
        if stdout.is_empty() { Value::Null } else { serde_json::from_str(stdout).map_err(|e| e.to_string())? };
    let result = case.result.clone().unwrap_or_default();
    if printed["result"] != result {
        return Err(format!("the result is {} in place of {result}", printed["result"]));
    }
    if let Some(expected) = &case.annotations {
        let found = &printed["debug_info"]["inputs"][0]["chainloop_metadata"]["annotations"];
        if found != expected {
            return Err(format!("the annotations are {found} in place of {expected}"));
        }
    }
    // What is of this program comes behind what is Chainloop's.
    let behind = |rest: &str| rest.is_empty() || rest.starts_with(['\n', ';']);
    let told: Vec<&str> = stderr.lines().filter_map(|line| line.strip_prefix("warning: ")).collect();
    let same = |(told, expected): (&&str, &String)| told.strip_prefix(expected.as_str()).is_some_and(behind);
    if told.len() != case.warnings.len() || !told.iter().zip(&case.warnings).all(same) {
        return Err(format!("the warnings are {told:?} in place of {:?}", case.warnings));
    }
    // Further lines are below the first one's text.
    let error = stderr.split_once("error: ").map(|(_, error)| error.replace("\n       ", "\n"));
    match (error, &case.error) {
        (None, None) => Ok(()),
        (Some(found), Some(expected)) if case.differs && found.starts_with(expected.as_str()) => Ok(()),
        (Some(found), Some(expected)) if found.strip_prefix(expected.as_str()).is_some_and(behind) => Ok(()),
        (_, expected) => Err(format!("the error is not {expected:?}")),
    }
}

/// A module that gives this answer, whatever it is asked.
fn answering(answer: &str) -> Vec<u8> {
    let text = include_str!("../fixtures/modules/chainloop.wat");
    let escaped = answer.bytes().map(|byte| format!("\\{byte:02x}")).collect::<String>();
    let text = text.replace("{ANSWER}", &escaped).replace("{ANSWER_LENGTH}", &answer.len().to_string());
    wat::parse_str(text).expect("valid text")
}

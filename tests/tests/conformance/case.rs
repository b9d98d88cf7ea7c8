//! What a case file can say. `tests/conformance/README.md` explains it to people.

use std::path::Path;

use admit_host::Abi;
use admit_host::input::Document;
use serde::Deserialize;
use serde_json::{Map, Value};

/// One row of the contract.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// The row, in a sentence.
    pub(super) about: String,
    #[serde(default)]
    pub(super) operation: Operation,
    /// Fields of the request that differ from the usual one.
    pub(super) request: Option<Map<String, Value>>,
    /// A document that is read as a request, as it is.
    pub(super) document: Option<String>,
    /// A raw request, as JSON text.
    pub(super) raw: Option<String>,
    /// A request that is sent as it is, as JSON text, to a policy that is not raw.
    pub(super) sent: Option<String>,
    pub(super) settings: Option<Value>,
    #[serde(default)]
    pub(super) guest: Guest,
    /// How often the same policy is asked.
    #[serde(default = "once")]
    pub(super) times: usize,
    pub(super) sdk: Option<Sdk>,
    #[serde(default = "both")]
    pub(super) abi: Vec<AbiName>,
    #[serde(default)]
    pub(super) host: Host,
    pub(super) expect: Expect,
}

/// What the host asks for.
#[derive(Clone, Copy, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Operation {
    #[default]
    Validate,
    ValidateSettings,
    ProtocolVersion,
}

/// The hand-written guest.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Guest {
    /// What it does, in this order, whatever it is asked.
    Steps(Vec<Step>),
    /// A whole module in the text format.
    Module { wat: String },
}

impl Default for Guest {
    fn default() -> Self {
        Self::Steps(vec![Step::Answer(Bytes::Text(r#"{"accepted":true}"#.to_owned()))])
    }
}

/// One thing that a hand-written guest does.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    /// Leaves the payload on stdin; must come first, and is for WASI.
    LeaveStdin,
    /// Reports what it was given.
    Say(Said),
    /// Makes a host call and reports what came back.
    Call(Call),
    /// waPC: sets the response. WASI: writes to stdout.
    Answer(Bytes),
    /// waPC: sets the error and returns 0. WASI: writes to stderr and exits with 1.
    Error(Bytes),
    /// waPC: sets the error and goes on.
    SetError(Bytes),
    /// waPC: a line for `__console_log`.
    Console(Bytes),
    Stdout(Bytes),
    Stderr(Bytes),
    /// Ends like this; for WASI the number does not matter.
    Return(i32),
    /// Calls `proc_exit`.
    Exit(i32),
    Trap,
    Loop,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Said {
    Payload,
    /// waPC: the operation. WASI: each argument.
    Operation,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    #[serde(default = "kubewarden")]
    pub(super) binding: String,
    pub(super) namespace: String,
    pub(super) operation: String,
    pub(super) payload: String,
}

fn kubewarden() -> String {
    "kubewarden".to_owned()
}

/// Bytes, as text or in hexadecimal.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Bytes {
    Text(String),
    Hex { hex: String },
}

impl Bytes {
    pub(super) fn get(&self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.as_bytes().to_vec(),
            Self::Hex { hex } => (0..hex.len() / 2)
                .map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hexadecimal digits"))
                .collect(),
        }
    }
}

/// What the policy written with the SDK does.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Sdk {
    /// `same`: the calls of the hand-written guest, without types. Otherwise why no such policy can be written.
    Why(String),
    /// The script.
    Script(Vec<Value>),
    /// Settings of the policy.
    Settings(Map<String, Value>),
}

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum AbiName {
    Wapc,
    Wasi,
}

impl AbiName {
    pub(super) fn abi(self) -> Abi {
        match self {
            Self::Wapc => Abi::Wapc,
            Self::Wasi => Abi::Wasi,
        }
    }
}

fn once() -> usize {
    1
}

fn both() -> Vec<AbiName> {
    vec![AbiName::Wapc, AbiName::Wasi]
}

/// The host.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Host {
    /// `hostCapabilities`; everything when it is not there.
    pub(super) capabilities: Option<Vec<String>>,
    /// `contextAwareResources`, each `apiVersion/Kind`; everything when it is not there.
    pub(super) context_aware: Option<Vec<String>>,
    /// The answers to host calls, in this order.
    #[serde(default)]
    pub(super) answers: Vec<Answer>,
    /// A faked world, instead of answers.
    pub(super) world: Option<Value>,
    /// How the policy is deployed; when it is not there, its response is sent as it is.
    pub(super) deployed: Option<Deployed>,
    /// How long an evaluation may take, in milliseconds.
    pub(super) wall_time: Option<u64>,
}

/// How much a policy's response counts.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Deployed {
    pub(super) mode: String,
    pub(super) allowed_to_mutate: bool,
    pub(super) message: Option<String>,
    pub(super) id: String,
}

impl Default for Deployed {
    fn default() -> Self {
        Self {
            mode: "protect".to_owned(),
            allowed_to_mutate: false,
            message: None,
            id: "clusterwide-conformance".to_owned(),
        }
    }
}

/// A text, or what the guest is told instead.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub(super) enum Answer {
    Ok(String),
    Error { error: String },
}

/// What must come out. What is not there is not compared, but a policy that is asked to validate must be heard, and accept,
/// unless `response` or an error says otherwise.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Expect {
    /// The AdmissionResponse; `uid`, `auditAnnotations` and `warnings` are the usual ones when they are not given. A patch
    /// that is a list is compared after decoding.
    pub(super) response: Option<Map<String, Value>>,
    /// The AdmissionResponse, letter by letter.
    pub(super) response_text: Option<String>,
    /// The SettingsValidationResponse.
    pub(super) settings: Option<Value>,
    pub(super) protocol_version: Option<String>,
    /// What the guest received for each call: a text, or `{error: text}`.
    pub(super) received: Option<Vec<Value>>,
    /// What the guest said that it was given.
    pub(super) said: Option<Vec<String>>,
    /// The same for the policy written with the SDK, where it says something else.
    pub(super) said_with_sdk: Option<Vec<String>>,
    /// The log records, except what the guest reports.
    pub(super) logs: Option<Vec<Value>>,
    pub(super) stdout: Option<String>,
    pub(super) stderr: Option<String>,
    /// The kind of failure, as in `Failure`.
    pub(super) failure: Option<String>,
    /// A part of the error when the module is loaded.
    pub(super) load_error: Option<String>,
    /// A part of the error when the request is read.
    pub(super) request_error: Option<String>,
    /// A part of the error when the settings are read.
    pub(super) settings_error: Option<String>,
    /// The error when `host.capabilities` are read.
    pub(super) pattern_error: Option<String>,
}

impl Case {
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let text = with_files(&text, &path.with_file_name("../files"));
        let document =
            Document::parse(text.as_bytes(), path.display().to_string()).map_err(|error| error.to_string())?;
        let case: Self =
            serde_json::from_value(document.value().clone()).map_err(|error| format!("{}: {error}", path.display()))?;
        if case.about.trim().is_empty() {
            return Err(format!("{}: `about` says nothing", path.display()));
        }
        Ok(case)
    }
}

/// Puts files into a case: `{{bytes name}}` is the bytes as numbers with commas, `{{text name}}` the content as a JSON string.
fn with_files(text: &str, folder: &Path) -> String {
    let mut parts = text.split("{{");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (insert, rest) = part.split_once("}}").expect("`{{` is closed by `}}`");
        let (form, name) = insert.split_once(' ').expect("`{{form name}}`");
        let content = std::fs::read(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        whole += &match form {
            "bytes" => content.iter().map(u8::to_string).collect::<Vec<_>>().join(","),
            "text" => Value::String(String::from_utf8(content).expect("a text file")).to_string(),
            other => panic!("`{other}` is neither `bytes` nor `text`"),
        };
        whole += rest;
    }
    whole
}

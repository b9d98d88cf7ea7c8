//! JSON and YAML files that people write: requests, settings, cases.

use std::path::PathBuf;
use std::sync::LazyLock;

use admit_host::case;
use admit_host::input::InputError;
use admit_host::internal::requests_in_corpus;
use admit_host::request::{self, Operation, Request, RequestOptions};

pub(crate) const YAML_WORDS: &[&str] = &[
    "---",
    "...",
    "- ",
    "? ",
    ": ",
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "!!binary ",
    "!!int ",
    "!custom ",
    "|",
    "|-",
    ">+",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "yes",
    "on",
    "0644",
    "0o17",
    "0x1f",
    ".inf",
    ".nan",
    "~",
    "null",
    "1e999",
    "# ",
    "%YAML 1.1",
    "\t",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\r",
    "1_000",
    "12:30:45",
    "2001-12-14",
];

pub(crate) const REQUEST_WORDS: &[&str] = &[
    "apiVersion",
    "kind",
    "AdmissionReview",
    "request",
    "uid",
    "operation",
    "CREATE",
    "UPDATE",
    "DELETE",
    "CONNECT",
    "resource",
    "subResource",
    "requestKind",
    "group",
    "version",
    "userInfo",
    "username",
    "groups",
    "extra",
    "object",
    "oldObject",
    "dryRun",
    "options",
    "metadata",
    "name",
    "namespace",
    "generateName",
    "v1",
    "apps/v1",
    "a/b/c",
    "Eviction",
    "Pod",
    "Namespace",
    "---",
    "&a ",
    "*a",
    "!!str ",
    "<<: *a",
];

pub(crate) const CORPUS_WORDS: &[&str] = &[
    "apiVersion: v1\n",
    "kind: List\n",
    "kind: PodList\n",
    "items:\n",
    "\n- ",
    "\n  - ",
    "\n-\n",
    "\n---\n",
    "--- # a\n",
    "\n...\n",
    "\n# a\n",
    "|\n",
    ">-\n",
    "\n\n",
    "&a ",
    "*a",
    "<<: *a",
    "? ",
    "'",
    "\"",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "\"items\":[",
    "\"kind\":\"List\"",
    "audit.k8s.io/v1",
    "Event",
    "verb",
    "create",
    "patch",
    "ResponseComplete",
    "requestObject",
    "responseObject",
    "objectRef",
    "null",
    "%YAML 1.1\n",
    "\u{feff}",
    "\r\n",
    "\t",
];

pub(crate) const CASE_WORDS: &[&str] = &[
    "about",
    "object",
    "request",
    "raw",
    "settings",
    "only",
    "expect",
    "operation",
    "old_object",
    "sub_resource",
    "user",
    "groups",
    "namespace",
    "name",
    "dry_run",
    "accept",
    "reject",
    "invalid-settings",
    "error",
    "verdict",
    "message",
    "contains",
    "matches",
    "(a*)*b",
    "[",
    "code",
    "warnings",
    "audit_annotations",
    "patch",
    "patch_contains",
    "object_contains",
    "op",
    "path",
    "value",
    "from",
    "add",
    "move",
    "file",
    "wapc",
    "wasi",
    "UPDATE",
    "DELETE",
    "apiVersion",
    "kind",
];

/// An error names the file, and a place that the file has.
pub(crate) fn check_place(error: &InputError, data: &[u8], name: &str) {
    assert_eq!(error.name, name);
    assert!(!error.message.trim().is_empty());
    if let Some(position) = error.position {
        // Behind the last line, too: that is where something is missing. The line ends are YAML's.
        let text = String::from_utf8_lossy(data);
        let ends = text.chars().filter(|c| matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')).count();
        assert!((1..=ends + 2).contains(&position.line), "{error}: the file has {} lines", ends + 1);
        assert!((1..=text.len() + 2).contains(&position.column), "{error}: the file has {} bytes", text.len());
    }
}

/// A request in any of its forms.
pub(crate) fn request_document(data: &[u8]) {
    let raw = RequestOptions { raw: true, ..RequestOptions::default() };
    let update = RequestOptions {
        operation: Some(Operation::Update),
        user: Some("jane".to_owned()),
        namespace: Some("shop".to_owned()),
        name: Some("web".to_owned()),
        ..RequestOptions::default()
    };
    for (name, options) in [
        ("request.yaml", RequestOptions::default()),
        ("request.json", RequestOptions::default()),
        ("<stdin>", raw),
        ("<stdin>", update),
    ] {
        match request::read(data, name, &options) {
            Ok(read) => match read.request {
                Request::Kubernetes(request) => {
                    let written = serde_json::to_vec(&request).expect("a request is JSON");
                    let again = request::read(&written, "written.json", &RequestOptions::default());
                    // serde_json reads no more than this many levels; what is deeper in YAML cannot be sent to a policy.
                    if depth(&written) < 127 {
                        let again = again.unwrap_or_else(|error| panic!("{error}"));
                        assert!(matches!(again.request, Request::Kubernetes(_)));
                    }
                }
                Request::Raw(value) => assert!(!value.to_string().is_empty()),
            },
            Err(error) => check_place(&error, data, name),
        }
    }
    match request::read_all(data, "several.yaml", &RequestOptions::default()) {
        Ok(read) => assert!(!read.is_empty()),
        Err(error) => check_place(&error, data, "several.yaml"),
    }
    if let Err(error) = request::read_object(data, "old.yaml") {
        check_place(&error, data, "old.yaml");
    }
}

/// At least as many levels as there are in this JSON.
fn depth(json: &[u8]) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for byte in json {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// Settings of a policy.
pub(crate) fn settings_document(data: &[u8]) {
    let yaml = request::read_settings(data, "settings.yaml");
    let json = request::read_settings(data, "settings.json");
    // JSON is YAML, but for numbers that YAML reads in its own way.
    for (read, name) in [(&yaml, "settings.yaml"), (&json, "settings.json")] {
        match read {
            Ok(settings) => assert!(!serde_json::to_string(settings).expect("settings are JSON").is_empty()),
            Err(error) => check_place(error, data, name),
        }
    }
}

static FOLDER: LazyLock<tempfile::TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("there is a place for temporary files"));

/// A case file.
pub(crate) fn case_file(data: &[u8]) {
    let file: PathBuf = FOLDER.path().join("case.yaml");
    std::fs::write(&file, data).expect("a temporary file can be written");
    match case::load(FOLDER.path()) {
        Ok(cases) => assert_eq!(cases.len(), 1),
        Err(errors) => {
            assert_eq!(errors.len(), 1, "one error for each case");
            check_place(&errors[0], data, &file.display().to_string());
        }
    }
}

/// What is read as a whole is the same when it is split; or it is told that something cannot be read, which is so for texts that no
/// program writes (quoted ones whose lines look like those of a list).
pub(crate) fn diff_corpus(data: &[u8]) {
    for name in ["corpus.yaml", "corpus.json", "corpus"] {
        let (split, left_out) = requests_in_corpus(data, name);
        let Ok(whole) = request::read_all(data, name, &RequestOptions::default()) else { continue };
        // What happened is a request of its own in an audit log, and an object elsewhere.
        let of_log = |request: &Request| match request {
            Request::Kubernetes(request) => request.kind.group == "audit.k8s.io" && request.kind.kind == "Event",
            Request::Raw(_) => false,
        };
        let whole: Vec<Request> = whole.into_iter().map(|read| read.request).collect();
        if whole.iter().any(of_log) {
            continue;
        }
        if left_out == 0 {
            assert_eq!(split, whole, "{name}: what is split is what is read as a whole");
        }
    }
}

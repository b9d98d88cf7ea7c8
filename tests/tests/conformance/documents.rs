//! Rows about what a policy declares: no evaluation, but documents and modules.

use std::path::Path;

use admit_host::annotation::{Written, annotate};
use admit_host::input::Document;
use admit_host::inspect::{Recognised, inspect};
use admit_host::metadata::{Metadata, key};
use admit_host::request::{self, Request, RequestOptions};
use admit_host::scaffold::{ArtifactHubOptions, ManifestKind, ManifestOptions, artifacthub, manifest};
use admit_host::{Abi, CompiledPolicy, Engine, EngineOptions};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::expect::matches;
use super::scripted;
use crate::support::engine;

/// What a row can be shown with.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum GuestName {
    /// The row's own module.
    Hand,
    /// A policy written with the SDK for Rust.
    Rust,
}

fn by_hand() -> Vec<GuestName> {
    vec![GuestName::Hand]
}

/// One row of section 6.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    /// The row, in a sentence.
    pub(super) about: String,
    /// `wapc`, `wasi`, `rego`, or a module in the text format.
    #[serde(default = "wapc")]
    module: String,
    /// The guests that can show it: the module, and policies written with the SDK in its place.
    #[serde(default = "by_hand")]
    pub(super) guests: Vec<GuestName>,
    /// What the author wrote; the module is annotated with it.
    metadata: Option<Value>,
    /// Text of the usage document.
    usage: Option<String>,
    /// How often the module is annotated, each time with what came out before.
    #[serde(default = "once")]
    times: usize,
    /// The Kubewarden that the module is loaded by, if it is not the usual one.
    kubewarden: Option<String>,
    /// The document that is made of the metadata, without a module.
    scaffold: Option<Scaffold>,
    #[serde(default)]
    expect: Expect,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Scaffold {
    Manifest {
        kind: String,
        #[serde(default)]
        settings: Map<String, Value>,
        title: Option<String>,
        #[serde(default)]
        allow_context_aware: bool,
    },
    Artifacthub,
    AdmissionRequest {
        operation: String,
        object: Value,
        old_object: Option<Value>,
    },
}

/// What must come out; what is not there is not compared, but nothing may fail without being expected to.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Expect {
    /// A part of the error that ends it all.
    error: Option<String>,
    /// The content of the section, without the annotation that says who wrote it.
    section: Option<Value>,
    /// The content of the section, letter by letter; `{version}` is ours.
    section_text: Option<String>,
    /// How many sections with metadata there are.
    sections: Option<usize>,
    /// What the person who annotates is told; each a part of the text.
    warnings: Option<Vec<String>>,
    /// The host capabilities that the module has the names for.
    capabilities: Option<Vec<String>>,
    /// What the module is taken for.
    abi: Option<String>,
    /// What is imported, as `module::name`.
    imports: Option<Vec<String>>,
    /// The document that was made; `{starts_with: text}` may stand for a text.
    document: Option<Value>,
}

fn wapc() -> String {
    "wapc".to_owned()
}

fn once() -> usize {
    1
}

/// Answers `protocol_version`, and nothing else.
const WAPC: &str = r#"(module
    (import "wapc" "__guest_response" (func $answer (param i32 i32)))
    (memory (export "memory") 1)
    (data (i32.const 0) "\"v1\"")
    (func (export "__guest_call") (param i32 i32) (result i32)
      (call $answer (i32.const 0) (i32.const 4)) (i32.const 1)))"#;

const WASI: &str = r#"(module
    (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1)
    (func (export "_start")))"#;

const REGO: &str = r#"(module
    (import "env" "memory" (memory 5))
    (func (export "opa_eval_ctx_new") (result i32) (i32.const 0))
    (func (export "eval") (param i32) (result i32) (i32.const 0)))"#;

impl Row {
    /// The case, if the file holds one of this kind.
    pub(super) fn read(path: &Path) -> Option<Result<Self, String>> {
        let document = Document::open(path).ok()?;
        let fields = document.value().as_object()?;
        if !["module", "metadata", "scaffold"].iter().any(|key| fields.contains_key(*key)) {
            return None;
        }
        let row = serde_json::from_value(document.value().clone());
        Some(row.map_err(|error| format!("{}: {error}", path.display())))
    }

    /// Runs the case with the module in it, or with the SDK's for an ABI.
    pub(super) fn run(&self, sdk: Option<Abi>) -> Result<(), String> {
        let mut check = Check { differences: Vec::new() };
        match (self.outcome(sdk, &mut check), &self.expect.error) {
            (Err(error), Some(expected)) if error.contains(expected.as_str()) => {}
            (Err(error), Some(expected)) => check.differs("error", &json!(expected), &json!(error)),
            (Err(error), None) => return Err(error),
            (Ok(()), Some(expected)) => check.differs("error", &json!(expected), &Value::Null),
            (Ok(()), None) => {}
        }
        if check.differences.is_empty() { Ok(()) } else { Err(check.differences.join("\n")) }
    }

    fn outcome(&self, sdk: Option<Abi>, check: &mut Check) -> Result<(), String> {
        let mut written = Ok(None);
        if let Some(metadata) = &self.metadata {
            let read = Written::from_yaml(metadata.to_string().as_bytes(), "metadata.yml");
            written =
                read.map(Some).map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
        }
        let written = written?;
        if let Some(scaffold) = &self.scaffold {
            let document = document(scaffold, written.as_ref().map(Written::metadata).unwrap_or_default())?;
            if let Some(expected) = &self.expect.document {
                check.equal("document", expected, &document);
            }
            return Ok(());
        }
        let text = match self.module.as_str() {
            "wapc" => WAPC,
            "wasi" => WASI,
            "rego" => REGO,
            text => text,
        };
        let mut module = match sdk {
            Some(abi) => scripted::bytes(abi),
            None => wat::parse_str(text).map_err(|error| error.to_string())?,
        };
        if let Some(written) = written {
            for _ in 0..self.times {
                let annotated = annotate(engine(), &module, written.clone(), self.usage.as_deref())
                    .map_err(|error| error.to_string())?;
                module = annotated.module;
                if let Some(expected) = &self.expect.warnings {
                    let fits = expected.len() == annotated.warnings.len()
                        && expected.iter().zip(&annotated.warnings).all(|(part, text)| text.contains(part.as_str()));
                    if !fits {
                        check.differs("warnings", &json!(expected), &json!(annotated.warnings));
                    }
                }
            }
        }
        self.module(&module, check)
    }

    /// Looks at a module, and loads it.
    fn module(&self, module: &[u8], check: &mut Check) -> Result<(), String> {
        let expect = &self.expect;
        let inspection = inspect(module).map_err(|error| error.to_string())?;
        let contents: Vec<&str> = sections(module);
        if let Some(expected) = expect.sections {
            check.equal("sections", &json!(expected), &json!(contents.len()));
        }
        if let Some(expected) = &expect.section_text {
            let expected = expected.replace("{version}", env!("CARGO_PKG_VERSION"));
            check.equal("section_text", &json!(expected), &json!(contents.first()));
        }
        let declared = inspection.metadata.clone().map_err(|error| error.to_string())?;
        if let Some(expected) = &expect.section {
            let mut found = declared.map_or(Value::Null, |metadata| json!(metadata));
            if let Some(annotations) = found.get_mut("annotations").and_then(Value::as_object_mut) {
                annotations.remove(key::WRITTEN_BY);
            }
            check.equal("section", expected, &found);
        }
        if let Some(expected) = &expect.capabilities {
            check.equal("capabilities", &json!(expected), &json!(inspection.capabilities));
        }
        if let Some(expected) = &expect.imports {
            let found: Vec<String> =
                inspection.imports.iter().map(|import| format!("{}::{}", import.module, import.name)).collect();
            check.equal("imports", &json!(expected), &json!(found));
        }
        if let Some(expected) = &expect.abi {
            let found = match &inspection.recognised {
                Recognised::Policy(abi) => abi.name(),
                Recognised::Rego { .. } => "rego",
                _ => "unknown",
            };
            check.equal("abi", &json!(expected), &json!(found));
        }
        if inspection.recognised.abi().is_err() && expect.error.is_none() {
            // A module that no host of ours runs can be annotated and inspected.
            return Ok(());
        }
        let loaded = match &self.kubewarden {
            Some(version) => {
                let kubewarden_version = version.parse().expect("a version");
                let options = EngineOptions { kubewarden_version, ..EngineOptions::default() };
                let engine = Engine::new(options).map_err(|error| error.to_string())?;
                CompiledPolicy::from_bytes(&engine, module)
            }
            None => CompiledPolicy::from_bytes(engine(), module),
        };
        loaded.map(drop).map_err(|error| error.to_string())
    }
}

/// Makes a document, and reads it back.
fn document(scaffold: &Scaffold, metadata: Metadata) -> Result<Value, String> {
    let made = match scaffold {
        Scaffold::Manifest { kind, settings, title, allow_context_aware } => {
            let kind = match kind.as_str() {
                "AdmissionPolicy" => ManifestKind::AdmissionPolicy,
                _ => ManifestKind::ClusterAdmissionPolicy,
            };
            let options = ManifestOptions {
                kind,
                module: "registry://ghcr.io/org/policies/policy:v1.0.0".to_owned(),
                settings: settings.clone(),
                title: title.clone(),
                allow_context_aware: *allow_context_aware,
            };
            manifest(&metadata, &options)
        }
        Scaffold::Artifacthub => {
            let options = ArtifactHubOptions { created_at: "2026-01-31T12:00:00Z".to_owned(), questions: None };
            artifacthub(&metadata, &options)
        }
        Scaffold::AdmissionRequest { operation, object, old_object } => {
            let operation = operation.parse().map_err(|error: request::UnknownOperation| error.to_string())?;
            let options = RequestOptions {
                operation: Some(operation),
                old_object: old_object.clone(),
                ..RequestOptions::default()
            };
            let read = request::read(object.to_string().as_bytes(), "object.json", &options);
            return match read.map_err(|error| error.to_string())?.request {
                Request::Kubernetes(request) => Ok(json!(request)),
                Request::Raw(raw) => Ok(raw),
            };
        }
    };
    let yaml = made.map_err(|error| error.to_string())?.yaml;
    let document = Document::parse(yaml.as_bytes(), "made.yml").map_err(|error| error.to_string())?;
    Ok(document.value().clone())
}

struct Check {
    differences: Vec<String>,
}

impl Check {
    fn equal(&mut self, what: &str, expected: &Value, actual: &Value) {
        if !matches(expected, actual) {
            self.differs(what, expected, actual);
        }
    }

    fn differs(&mut self, what: &str, expected: &Value, actual: &Value) {
        self.differences.push(format!("{what}\n  expected {expected}\n  actual   {actual}"));
    }
}

/// The content of every section with metadata, found without the toolkit: sections are a byte, a length and a content, which
/// for a custom one begins with its name.
fn sections(module: &[u8]) -> Vec<&str> {
    fn number(bytes: &mut &[u8]) -> usize {
        let (mut value, mut shift) = (0, 0);
        while let Some((byte, rest)) = bytes.split_first() {
            *bytes = rest;
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        value
    }
    let (mut rest, mut found) = (&module[8..], Vec::new());
    while let Some((id, after)) = rest.split_first() {
        rest = after;
        let length = number(&mut rest);
        let (mut content, next) = rest.split_at(length);
        rest = next;
        if *id == 0 {
            let length = number(&mut content);
            let (name, text) = content.split_at(length);
            if name == b"io.kubewarden.metadata" {
                found.push(std::str::from_utf8(text).unwrap_or("not UTF-8"));
            }
        }
    }
    found
}

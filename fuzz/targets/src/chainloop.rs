//! What surrounds the run of a Chainloop policy: policy files, materials, arguments, answers, errors.

use std::collections::BTreeMap;
use std::path::Path;

use admit_host::chainloop::{
    EvalResult, Evaluation, ExecutionError, FindingType, Input, Kind, Material, PolicyFile, arguments, check,
};
use admit_host::input::InputError;
use admit_host::internal::split;
use serde_json::Value;

pub(crate) const FILE_WORDS: &[&str] = &[
    "apiVersion",
    "api_version",
    "chainloop.dev/v1",
    "workflowcontract.chainloop.dev/v1",
    "kind",
    "Policy",
    "metadata",
    "name",
    "description",
    "annotations",
    "organization",
    "finding_type",
    "findingType",
    "VULNERABILITY",
    "SAST",
    "LICENSE_VIOLATION",
    "spec",
    "inputs",
    "required",
    "default",
    "policies",
    "type",
    "path",
    "ref",
    "embedded",
    "attestation_phases",
    "INIT",
    "PUSH",
    "auto_match",
    "SBOM_CYCLONEDX_JSON",
    "ATTESTATION",
    "STRING",
    "file://",
    "@sha256:",
    "https://",
    "AGFzbQEAAAA=",
    "-",
    "../",
    "null",
    "true",
    "1",
];

pub(crate) const MATERIAL_WORDS: &[&str] = &[
    "chainloop_metadata",
    "elements",
    "mediaType",
    "dsseEnvelope",
    "payload",
    "payloadType",
    "signatures",
    "e30=",
    "W10=",
    "\\ud800",
    "\\u0000",
    "\\u2028",
    "<",
    "&",
    "1e999",
    "-0",
    "1.50",
    "<testsuites>",
    "<coverage",
    "<report",
    "]]>",
    "<!DOCTYPE",
    "bomFormat",
    "CycloneDX",
    "component",
    "version",
    "\n{",
    "\u{feff}",
    "[[",
    "null",
];

pub(crate) const OUTPUT_WORDS: &[&str] = &[
    "skipped",
    "SKIPPED",
    "skip_reason",
    "violations",
    "findings",
    "ignore",
    "suppress",
    "message",
    "external_id",
    "package_purl",
    "severity",
    "cvss_v3_score",
    "cwes",
    "rule_id",
    "location",
    "line_number",
    "component_name",
    "license_id",
    "true",
    "null",
    "\\u003c",
    "10.1",
    "2147483648",
    "[]",
    "{}",
];

pub(crate) const TEXT_WORDS: &[&str] = &[
    "\\,",
    "\\",
    ",",
    "\n",
    "\r\n",
    " ",
    "HTTP request to 'https://a.example/x' is not allowed",
    "Host not allowed",
    "context deadline exceeded",
    "out of memory",
    "runtime error: ",
    " (recovered by wazero)",
    "wasm stack trace:",
    "'",
    "(",
    "{{",
    "}}",
    "{{-",
    "-}}",
    "{{/*",
    "*/",
    ".inputs.x",
    "inputs.",
    "print ",
    "if ",
    "range ",
    "with ",
    "else",
    "end",
    "$x",
    ":=",
    "0x1",
    "`",
];

/// A `policy.yaml`. What is read has what the format asks for.
pub(crate) fn policy_file(bytes: &[u8]) {
    match PolicyFile::parse(bytes, Path::new("folder/policy.yaml")) {
        Ok(file) => {
            assert!(!file.name.is_empty() && !file.scripts.is_empty());
            for kind in Kind::ALL {
                let selection = file.select(*kind);
                assert!(selection.scripts.iter().all(|script| script.kind.is_none_or(|about| about == *kind)));
            }
            assert!(file.inputs.iter().all(|input| !input.required || input.default.is_empty()));
        }
        Err(error) => {
            let placed = |mistake: &InputError| mistake.to_string().starts_with("folder/policy.yaml");
            assert!(!error.mistakes.is_empty() && error.mistakes.iter().all(placed), "{error}");
        }
    }
}

/// A material of every kind that is a file. What is given to a policy is one JSON object with the metadata in it.
pub(crate) fn material(bytes: &[u8]) {
    let kinds = Kind::ALL.iter().filter(|kind| !matches!(kind, Kind::String | Kind::ContainerImage));
    for kind in kinds {
        // Whether it is one says nothing about whether a policy can be asked about it, but it is always said in time.
        if let Err(error) = check(*kind, "material.json", bytes) {
            assert!(error.words.starts_with("failed to craft material (kind="), "{error}");
        }
        let Ok(material) = Material::bytes(*kind, "material.json", bytes.to_vec()) else { continue };
        let Ok(input) = material.into_input() else { continue };
        // Keys that are numbers out of range are kept as they are, which serde_json does not take.
        let Ok(text) = std::str::from_utf8(&input) else { panic!("an input that is not UTF-8") };
        assert!(text.starts_with('{') && text.ends_with('}'), "{text}");
        assert!(!text.contains(['<', '>', '&', '\n']), "what Go escapes: {text}");
        if let Ok(value) = serde_json::from_slice::<Value>(&input) {
            assert_eq!(value["chainloop_metadata"]["name"], "material.json");
            assert!(value["chainloop_metadata"]["content"].is_string());
        }
    }
}

/// What a policy set as its output.
pub(crate) fn output(bytes: &[u8]) {
    let Ok(evaluation) = Evaluation::parse("policy", bytes) else { return };
    for finding_type in
        [None, Some(FindingType::Vulnerability), Some(FindingType::Sast), Some(FindingType::LicenseViolation)]
    {
        let Ok(result) = EvalResult::of(finding_type, std::slice::from_ref(&evaluation)) else { continue };
        let Some(result) = result else {
            assert!(evaluation.ignore);
            continue;
        };
        assert_eq!(result.violations.len(), evaluation.violations.len());
        let printed: Value = serde_json::from_str(&result.to_json(None)).expect("what is printed is JSON");
        assert_eq!(printed["result"]["skipped"], result.skipped);
    }
}

/// Arguments, and the texts of failed runs.
pub(crate) fn texts(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for value in split(text) {
        assert!(!value.is_empty() && value.trim() == value, "{value:?}");
    }
    let given = BTreeMap::from([("a".to_owned(), text.to_owned())]);
    let passed = arguments("policy", &[], &given).expect("nothing is declared");
    if let Some(config) = passed.config() {
        let config: Value = serde_json::from_str(&config).expect("args are JSON");
        assert!(config["a"].is_string() || config["a"].as_array().is_some_and(|values| values.len() > 1), "{config}");
    }
    // What is declared is a template; what is wrong with one has a line.
    let declared = [Input { name: "a".to_owned(), ..Input::default() }];
    if let Err(error) = arguments("policy", &declared, &given) {
        assert!(error.starts_with("template: chainloop:"), "{error}");
    }
    let explained = ExecutionError::of(text);
    assert!(!explained.message.is_empty() && !explained.hint.is_empty());
}

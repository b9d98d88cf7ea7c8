//! Writing metadata into modules.

use admit_host::annotation::{AnnotateError, Written, annotate, embed};
use admit_host::inspect::inspect;
use admit_host::metadata::{ExecutionMode, Metadata, ProtocolVersion, SECTION, key};
use libtest_mimic::Trial;

use crate::support;

pub(super) fn trials() -> Vec<Trial> {
    trials![
        old_sections_go_and_the_rest_stays,
        embedding_again_changes_nothing,
        the_javascript_import_is_rewritten,
        what_is_no_module_is_refused,
        a_wapc_policy_is_asked_for_its_version,
        the_execution_mode_is_what_the_module_is,
        mismatches_are_warnings,
        contradictions_are_warnings,
        rego_declares_what_it_wants_and_calls_nothing,
    ]
}

fn some() -> Metadata {
    let annotations = [("b".to_owned(), "2".to_owned()), ("a".to_owned(), "1".to_owned())].into();
    Metadata { protocol_version: Some(ProtocolVersion::V1), annotations: Some(annotations), ..Metadata::default() }
}

/// Section id and bytes, header included.
fn sections(module: &[u8]) -> Vec<(u8, &[u8])> {
    let mut rest = &module[8..];
    let mut found = Vec::new();
    while let [id, after @ ..] = rest {
        let mut size = 0;
        let mut header = 1;
        for (index, byte) in after.iter().enumerate() {
            size |= usize::from(byte & 0x7f) << (7 * index);
            header += 1;
            if byte & 0x80 == 0 {
                break;
            }
        }
        found.push((*id, &rest[..header + size]));
        rest = &rest[header + size..];
    }
    found
}

fn carries(section: &(u8, &[u8])) -> bool {
    section.0 == 0 && section.1.windows(SECTION.len()).any(|bytes| bytes == SECTION.as_bytes())
}

const OLD: &str = r#"(@custom "io.kubewarden.metadata" (before func) "{\"rules\":[],\"mutating\":true}")"#;

fn old_sections_go_and_the_rest_stays() {
    let body = r#"(@custom "first" (before first) "x") (import "wapc" "__console_log" (func (param i32 i32)))
        (memory (export "memory") 1) (func (export "__guest_call") (param i32 i32) (result i32) i32.const 0)
        (data (i32.const 0) "io.kubewarden.metadata") (@custom "name-like" "y")"#;
    for old in ["", OLD, &format!("{OLD}{OLD}")] {
        let module = wat::parse_str(format!("(module {old} {body} {old})")).expect("valid text");
        let before = sections(&module);
        let annotated = embed(&module, &some()).expect("it can be written");
        let after = sections(&annotated);
        // A data segment with the same text is no custom section, and the old ones are the only thing that is gone.
        let kept: Vec<_> = before.iter().filter(|section| !carries(section)).collect();
        assert_eq!(before.len() - kept.len(), 2 * old.matches("@custom").count());
        assert_eq!(after.len(), kept.len() + 1);
        assert!(kept.iter().zip(&after).all(|(kept, after)| **kept == *after));
        assert!(carries(after.last().expect("a section")));
        assert_eq!(&annotated[..8], &module[..8]);
        assert_eq!(inspect(&annotated).expect("a module").metadata, Ok(Some(some())));
        let json = r#"{"protocolVersion":"v1","rules":[],"annotations":{"a":"1","b":"2"},"mutating":false,"backgroundAudit":true,"executionMode":"kubewarden-wapc","policyType":"kubernetes","contextAwareResources":[]}"#;
        assert!(annotated.ends_with(json.as_bytes()), "{}", String::from_utf8_lossy(&annotated));
    }
}

fn embedding_again_changes_nothing() {
    let once = embed(&support::behaved_bytes("wapc-log"), &some()).expect("it can be written");
    assert_eq!(embed(&once, &some()).expect("it can be written"), once);
}

fn the_javascript_import_is_rewritten() {
    let module = |from: &str| {
        let text = format!(
            r#"(module (import "a" "b" (func)) (import "{from}" "call" (func (param i32) (result i32)))
                (import "kubewarden:javy/host" "other" (func)) (import "c" "d" (memory 1)) (func (export "_start")))"#
        );
        wat::parse_str(text).expect("valid text")
    };
    let rewritten = embed(&module("kubewarden:javy/host"), &some()).expect("it can be written");
    assert_eq!(rewritten, embed(&module("host"), &some()).expect("it can be written"));
    let imports = inspect(&rewritten).expect("a module").imports;
    let imports: Vec<_> = imports.iter().map(|i| format!("{}::{}", i.module, i.name)).collect();
    assert_eq!(imports, ["a::b", "host::call", "kubewarden:javy/host::other", "c::d"]);
}

fn what_is_no_module_is_refused() {
    let error = embed(b"{}", &some()).expect_err("not a module").to_string();
    assert!(error.contains("not a WebAssembly module"), "{error}");
    // The outside is fine, the function is not.
    let broken = wat::parse_str("(module (func (result i32)))").expect("valid text");
    let error = embed(&broken, &some()).expect_err("an invalid body").to_string();
    assert!(error.contains("type mismatch"), "{error}");
}

fn written(mode: &str) -> Written {
    let text = format!("rules: []\nmutating: false\n{mode}");
    Written::from_yaml(text.as_bytes(), "metadata.yml").expect("valid metadata")
}

fn annotated(wat: &str, mode: &str) -> Result<admit_host::annotation::Annotated, AnnotateError> {
    let module = wat::parse_str(wat).expect("valid text");
    annotate(support::engine(), &module, written(mode), Some("# Usage"))
}

/// A waPC policy that answers every call with this text.
fn answering(text: &str) -> String {
    format!(
        r#"(module (import "wapc" "__guest_response" (func $answer (param i32 i32))) (memory (export "memory") 1)
            (data (i32.const 0) "{}")
            (func (export "__guest_call") (param i32 i32) (result i32)
                (call $answer (i32.const 0) (i32.const {})) (i32.const 1)))"#,
        text.replace('"', "\\\""),
        text.len(),
    )
}

fn a_wapc_policy_is_asked_for_its_version() {
    let made = annotated(&answering("\"v1\""), "").expect("it can be annotated");
    assert_eq!(made.metadata.protocol_version, Some(ProtocolVersion::V1));
    assert_eq!(made.metadata.annotation(key::USAGE), Some("# Usage"));
    assert!(made.metadata.annotation(key::WRITTEN_BY).is_some());
    assert_eq!(inspect(&made.module).expect("a module").metadata, Ok(Some(made.metadata)));
    for other in ["\"v2\"", "\"Unknown\"", "7"] {
        let error = annotated(&answering(other), "").expect_err("no such version");
        assert!(matches!(error, AnnotateError::ProtocolVersion(_)), "{other}: {error}");
    }
}

fn the_execution_mode_is_what_the_module_is() {
    let wasi = r#"(module (memory (export "memory") 1) (func (export "_start")))"#;
    let rego = r#"(module (memory (export "memory") 1) (func (export "opa_eval_ctx_new")))"#;
    let made =
        |wat: &str, mode: &str| annotated(wat, mode).map(|made| made.metadata).map_err(|error| error.to_string());
    for (wat, mode) in [(wasi, ExecutionMode::Wasi), (rego, ExecutionMode::Opa), (rego, ExecutionMode::Gatekeeper)] {
        let metadata = made(wat, &format!("executionMode: {}", mode.name())).expect("it can be annotated");
        assert_eq!((metadata.execution_mode, metadata.protocol_version), (mode, Some(ProtocolVersion::Unknown)));
    }
    let wrong = "Wrong value inside of policy's metadata for 'executionMode'. ";
    for (wat, mode, text) in [
        (wasi, "", "This is a wasi policy, and `kubewarden-wapc` was assumed"),
        (wasi, "executionMode: opa", "The policy has not been created using Rego; write `executionMode: wasi`"),
        (rego, "", "This policy has been created using Rego"),
        (rego, "executionMode: wasi", "This policy has been created using Rego"),
        (&answering("\"v1\""), "executionMode: wasi", "This is a wapc policy, and `wasi` was written"),
        (&answering("\"v1\""), "executionMode: gatekeeper", "The policy has not been created using Rego"),
    ] {
        let error = made(wat, mode).expect_err("the wrong mode");
        assert!(error.contains(&format!("{wrong}{text}")), "{mode}: {error}");
        assert!(error.starts_with("metadata.yml"), "{error}");
    }
}

fn mismatches_are_warnings() {
    let warnings = |capabilities: &str| {
        let wat = r#"(module (memory (export "memory") 1) (func (export "_start")) (data (i32.const 0) "oci v1/verify kubernetes"))"#;
        let written = format!("executionMode: wasi\nhostCapabilities: {capabilities}");
        annotated(wat, &written).expect("it can be annotated").warnings
    };
    assert_eq!(warnings("[oci/*]"), [""; 0]);
    assert_eq!(
        warnings("[net/v1/dns_lookup_host]"),
        [
            "host capabilities used by the policy but not declared in metadata: oci/v1/verify",
            "host capabilities declared in metadata but not detected in the policy: net/v1/dns_lookup_host",
        ]
    );
    assert!(warnings("['*']")[0].starts_with("metadata declares all host capabilities (*)"));
    let [doubt, undeclared] = &warnings("[bogus]")[..] else { panic!("two warnings") };
    assert!(doubt.contains("hostCapabilities[0]") && doubt.contains("unknown segment \"bogus\""), "{doubt}");
    assert!(undeclared.ends_with(": oci/v1/verify"));
}

/// What `build` refuses is worth a warning where somebody else wrote the policy.
fn contradictions_are_warnings() {
    let marker = r#"(@custom "admit" "{\"sdk\":\"0.1.0\",\"raw\":true,\"host\":true}")"#;
    let data = format!("(data (i32.const 0) \"{} kubernetes get_resource\")", admit::wire::MUTATES);
    let wat = format!("(module (memory (export \"memory\") 1) (func (export \"_start\")) {data} {marker})");
    let written = "executionMode: wasi\npolicyType: kubernetes\nhostCapabilities: [kubernetes/get_resource]";
    let warnings = annotated(&wat, written).expect("it can be annotated").warnings;
    let fields: Vec<_> = ["contextAwareResources: missing", "mutating: says false", "policyType: says `kubernetes`"]
        .into_iter()
        .filter(|field| warnings.iter().any(|warning| warning.contains(field)))
        .collect();
    assert_eq!((fields.len(), warnings.len()), (3, 3), "{warnings:#?}");
}

/// The host fills the inventory from the list, so nobody should remove it.
fn rego_declares_what_it_wants_and_calls_nothing() {
    let rego = r#"(module (memory (export "memory") 1) (func (export "opa_eval_ctx_new")))"#;
    for mode in ["opa", "gatekeeper"] {
        for list in ["[{apiVersion: v1, kind: Namespace}]", "[]"] {
            let written = format!("executionMode: {mode}\ncontextAwareResources: {list}");
            let made = annotated(rego, &written).expect("it can be annotated");
            assert_eq!(made.warnings, [""; 0], "{written}");
        }
    }
}

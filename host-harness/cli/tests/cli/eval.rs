//! `cargo admit eval`.

use serde_json::json;

use crate::support::{Folder, Ran};

const POLICY: &str = "\
apiVersion: chainloop.dev/v1
kind: Policy
metadata: { name: greetings }
spec:
  inputs: [{ name: max, required: true }, { name: mode, default: strict }]
  policies: [{ kind: EVIDENCE, path: policy.wasm }]
";

/// Without inputs.
const PLAIN: &str = "\
apiVersion: workflowcontract.chainloop.dev/v1
kind: Policy
metadata: { name: plain }
spec: { policies: [{ kind: EVIDENCE, path: policy.wasm }] }
";

const FAIL: &str = r#"{"skipped":false,"violations":["too <long>"],"skip_reason":"","ignore":false}"#;

fn folder(answer: &str, policy: &str) -> Folder {
    Folder::new().chainloop(answer, policy).file("m.json", r#"{"message": "hi"}"#)
}

fn eval(answer: &str, arguments: &str) -> Ran {
    folder(answer, PLAIN).run(&format!("eval --material m.json {arguments}"))
}

#[test]
fn violations_are_1_and_the_result_has_chainloops_shape() {
    let ran = eval(FAIL, "--kind EVIDENCE").exits(1).tells("fail: 1 violation  plain on EVIDENCE\n  too <long>\n");
    let expected = "{\n   \"result\": {\n      \"violations\": [\n         \"too \\u003clong\\u003e\"\n      ],\n      \
                    \"skip_reasons\": [],\n      \"skipped\": false\n   }\n}\n";
    assert_eq!(ran.stdout, expected);
}

#[test]
fn the_kind_may_be_left_out_when_there_is_one() {
    eval(r#"{"violations":null}"#, "").exits(0).tells("success  plain on EVIDENCE");
    let two = PLAIN.replace("[{ kind", "[{ kind: SARIF, path: policy.wasm }, { kind");
    let asked = "policy.yaml: say with --kind what the material is: the policy is about SARIF, EVIDENCE";
    folder("{}", &two).run("eval --material m.json").exits(2).tells(asked);
}

#[test]
fn skipped_is_0() {
    let ran = eval(r#"{"skipped":true,"skip_reason":"no SBOM"}"#, "").exits(0).tells("skipped: no SBOM");
    ran.prints("\"skip_reasons\": [\n         \"no SBOM\"\n      ],\n      \"skipped\": true");
}

#[test]
fn exit_codes_of_chainloop_on_request() {
    eval(FAIL, "--exit-zero").exits(0).prints("too");
    eval("no JSON", "--exit-zero").exits(1).tells("error: failed to execute policy: failed to parse policy output: ");
    eval(FAIL, "--kind SARIF --exit-zero").exits(1).prints_nothing();
}

#[test]
fn debug_shows_what_goes_in_and_comes_out() {
    let ran = eval(FAIL, "--debug --annotation team=red,stage=prod").exits(1);
    let result: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let input = &result["debug_info"]["inputs"][0];
    assert_eq!(input["message"], "hi");
    let metadata = &input["chainloop_metadata"];
    assert_eq!(metadata["content"], "eyJtZXNzYWdlIjogImhpIn0=");
    assert_eq!(
        metadata["annotations"],
        json!({"chainloop.material.cas.inline": true, "chainloop.material.name": "material",
            "chainloop.material.type": "EVIDENCE", "team": "red", "stage": "prod"})
    );
    assert_eq!(result["debug_info"]["raw_results"], json!([serde_json::from_str::<serde_json::Value>(FAIL).unwrap()]));
}

#[test]
fn debug_shows_what_is_behind_an_error() {
    let answer = "no JSON\nat all";
    eval(answer, "--debug").exits(3).tells("  output    no JSON\n            at all\nerror: ").prints_nothing();
    assert!(!eval(answer, "").exits(3).stderr.contains("at all"));
    let module = r#"(module
        (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
        (import "extism:host/env" "store_u8" (func $store (param i64 i32)))
        (import "extism:host/env" "error_set" (func $error (param i64)))
        (memory (export "memory") 1)
        (func (export "Execute") (result i32) (local $at i64)
            (local.set $at (call $alloc (i64.const 3)))
            (call $store (local.get $at) (i32.const 97))
            (call $store (i64.add (local.get $at) (i64.const 1)) (i32.const 10))
            (call $store (i64.add (local.get $at) (i64.const 2)) (i32.const 98))
            (call $error (local.get $at))
            (i32.const 0)))"#;
    let folder = folder("", PLAIN).file("policy.wasm", wat::parse_str(module).expect("valid text"));
    let ran = folder.run("eval --material m.json --debug").exits(3);
    ran.tells("  failure   the policy reported an error: a\n            b\nerror: failed to execute policy: policy execution failed: a\n");
}

#[test]
fn inputs_are_matched_with_what_is_declared() {
    let run = |arguments: &str| folder("{}", POLICY).run(&format!("eval --material m.json {arguments}"));
    run("").exits(2).tells("error: missing required input \"max\"; inputs are given with `--input ").prints_nothing();
    let warning = "warning: argument \"maxx\" not defined in policy \"greetings\" spec, ignoring it";
    run("--input max=1 --input maxx=2").exits(0).tells(warning);
}

#[test]
fn materials_that_do_not_fit() {
    let run = |content: &str, arguments: &str| {
        folder("{}", PLAIN).file("m.json", content).run(&format!("eval --material m.json {arguments}")).prints_nothing()
    };
    run("no JSON", "").exits(2).tells("m.json:1:2: failed to parse input: invalid character 'o' in literal null");
    run("", "").exits(2).tells("file is empty");
    let other =
        "no execution branch matched, or all of them were ignored, for kind SARIF; the policy is about EVIDENCE";
    run("{}", "--kind SARIF").exits(2).tells(other);
    run("{}", "--kind SBOM_CYCLONEDX").exits(2).tells("did you mean `SBOM_CYCLONEDX_JSON`?");
    folder("{}", PLAIN).run("eval --material gone.json").exits(2).tells("gone.json");
}

#[test]
fn ignored_is_not_evaluated() {
    let text = "no execution branch matched, or all of them were ignored, for kind EVIDENCE";
    eval(r#"{"ignore":true}"#, "").exits(2).tells(text).prints_nothing();
}

#[test]
fn policies_that_misbehave_are_3() {
    let broken = "failed to execute policy: failed to parse policy output: ";
    eval("[]", "").exits(3).tells(broken).prints_nothing();
    eval(r#"{"violations":[{"no":"message"}]}"#, "").exits(3).tells("missing required \"message\" field");
    let trap = folder("{}", PLAIN).module("chainloop-trap").run("eval --material m.json").exits(3);
    trap.tells("policy execution failed: wasm error: unreachable\n\nHint: ").prints_nothing();
}

#[test]
fn what_is_no_policy() {
    let file = |policy: &str| folder("{}", policy).run("eval --material m.json").exits(2).prints_nothing();
    file("apiVersion: v1\nkind: Pod\n").tells("policy.yaml:1:1: apiVersion");
    file(&PLAIN.replace("EVIDENCE", "EVIDENC")).tells("policy.yaml:4:").tells("did you mean");
    file(&PLAIN.replace("policy.wasm", "gone.wasm")).tells("gone.wasm");
    // A module of Kubewarden.
    let other = folder("{}", PLAIN).module("trap");
    other.run("eval --material m.json").exits(2).tells("missing required 'Execute' function export").tells("wapc");
    other
        .run("eval --policy policy.wasm --kind EVIDENCE --material m.json")
        .exits(2)
        .tells("`run` for those of Kubewarden");
    Folder::new().run("eval --material m.json").exits(2).tells("policy.yaml");
}

/// The other way around.
#[test]
fn run_is_for_requests() {
    let folder = folder("{}", PLAIN).file("pod.json", crate::support::POD);
    folder.run("run policy.wasm --request pod.json").exits(2).tells("use `cargo admit eval`").prints_nothing();
}

#[test]
fn a_module_alone_takes_any_kind() {
    let folder = folder(FAIL, PLAIN);
    folder.run("eval --policy policy.wasm --material hello --kind STRING").exits(1).tells("policy on STRING");
    folder.run("eval --policy . --material m.json").exits(1).tells("plain on EVIDENCE");
    let image = "ghcr.io/org/app:v1@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    folder.run(&format!("eval --policy policy.wasm --material {image} --kind CONTAINER_IMAGE")).exits(1);
    folder.run("eval --policy policy.wasm --material m.json").exits(2).tells("any kind");
}

#[test]
fn what_is_asked_comes_from_a_world() {
    let folder =
        folder("{}", PLAIN).module("chainloop-discover").file("world.yaml", "chainloop: {discover: {\"{}\": null}}");
    folder.run("eval --material m.json").exits(2).tells("this run has no answer; give --world").prints_nothing();
    folder
        .run("eval --material m.json --world world.yaml")
        .exits(0)
        .tells("host call chainloop/discover {\"digest\":\"{}\"}");
}

/// A crate, with what the policy file beside it says.
#[test]
fn a_policy_crate_is_built() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/sbom-licenses");
    let folder = Folder::new().file("s.json", r#"{"bomFormat": "CycloneDX", "components": [{"name": "a"}]}"#);
    let ran = folder.run(&format!("eval -p {example} --material s.json --kind SBOM_CYCLONEDX_JSON")).exits(1);
    ran.tells("component `a` has no license").prints("\"license_violation\": {");
}

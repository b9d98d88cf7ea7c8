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
    // What Chainloop would take it for is told where that is something else.
    eval(r#"{"violations":null}"#, "").tells("note: without --kind, Chainloop never takes a material for EVIDENCE");
    // Blank lines are a GraphQL schema to Chainloop.
    let folder = folder("{}", &PLAIN.replace("EVIDENCE", "GRAPHQL_SPEC")).file("m.json", "\n\n");
    let ran = folder.run("eval --material m.json").exits(2);
    assert!(!ran.stderr.contains("note"), "{}", ran.stderr);
    let folder = folder.file("policy.yaml", PLAIN.replace("EVIDENCE", "STRING"));
    folder
        .run("eval --material m.json")
        .exits(0)
        .tells("note: without --kind, Chainloop takes the material for GRAPHQL_SPEC, and does not");
}

const TWO: &str = "[{ kind: SARIF, path: policy.wasm }, { kind: STRING, path: policy.wasm }, { kind";

#[test]
fn the_kind_of_several_is_guessed() {
    let folder = folder("{}", &PLAIN.replace("[{ kind", TWO));
    // No file: the words are the material.
    let ran = folder
        .run("eval --material hello --debug")
        .exits(0)
        .tells("note: the material is taken for STRING; say with --kind");
    ran.tells("success  plain on STRING").prints("\"chainloop.material.name\": \"auto-detected-material\"");
    let folder = folder.file("policy.yaml", PLAIN.replace("[{ kind", &TWO.replace("STRING", "OPENVEX")));
    let ran = folder
        .run("eval --material hello")
        .exits(2)
        .tells("note: there is no file hello, so that is the text of a STRING");
    ran.tells("no execution branch matched, or all of them were ignored, for kind STRING; the policy is about SARIF, OPENVEX, EVIDENCE");
}

#[test]
fn a_policy_without_kinds_needs_the_name_of_a_contract() {
    let folder = folder(FAIL, &PLAIN.replace("kind: EVIDENCE, ", ""));
    let ran = folder.run("eval --material m.json --kind EVIDENCE").exits(2).prints_nothing();
    ran.tells("no execution branch matched, or all of them were ignored, for kind EVIDENCE; no script says a `kind`")
        .tells("give the name with --material-name");
    let ran = folder.run("eval --material m.json --kind EVIDENCE --material-name report --debug").exits(1);
    ran.prints("\"chainloop.material.name\": \"report\"");
}

#[test]
fn a_digest_behind_the_policy_file() {
    let folder = folder("{}", PLAIN);
    let run = |digest: &str| folder.run(&format!("eval --policy policy.yaml@{digest} --material m.json"));
    let zeros = "0".repeat(64);
    let other = run(&format!("sha256:{zeros}"))
        .exits(2)
        .tells(&format!("want sha256:{zeros}\n       policy.yaml: is not the file"));
    let found =
        other.stderr.split("got ").nth(1).and_then(|rest| rest.split(',').next()).expect("the digest").to_owned();
    run(&found).exits(0);
    folder.run(&format!("eval --policy file://policy.yaml@{found} --material m.json")).exits(0);
    for other in ["policy.wasm", "."] {
        folder.run(&format!("eval --policy {other}@{found} --material m.json")).exits(2).tells("only a policy file");
    }
    run("latest").exits(2).tells("want latest");
    let policy = |text: &str| folder.run(&format!("eval --policy {text} --material m.json")).exits(2);
    policy("https://example.com/policy.yaml").tells("nothing is downloaded");
    policy("oci://example.com/policy").tells("failed to get a loader for policy: policy scheme not supported: oci\n");
    policy("policy.txt").tells("loading policy spec: open policy.txt: no such file or directory\n");
}

#[test]
fn what_is_no_pair_is_dropped() {
    let run = |arguments: &[&str]| {
        let words = [&["eval", "--material", "m.json", "--debug"], arguments].concat();
        folder("{}", POLICY).run_words(&words)
    };
    let ran = run(&["--input", "max=1=2", "--input", "mode", "--annotation", "\"team=a,b\",stage"]).exits(0);
    ran.tells("note: --input mode has no `=` in it, so it is dropped")
        .tells("note: --annotation stage has no `=` in it")
        .prints("\"team\": \"a,b\"");
    let ran = run(&["--input", "max=1", "--annotation", "a=\"b\""]).exits(2);
    ran.tells("invalid argument \"a=\\\"b\\\"\" for \"--annotation\" flag: parse error on line 1, column 3: bare \" in non-quoted field");
    run(&["--input", "max=1", "--project", "shop", "--project-version", "v2"])
        .exits(0)
        .tells("reach policies in Rego only");
}

#[test]
fn a_script_of_another_kind_need_not_be_there() {
    let folder = folder(FAIL, &PLAIN.replace("[{ kind", "[{ kind: SARIF, path: gone.wasm }, { kind"));
    let ran = folder.run("eval --material m.json --kind EVIDENCE").exits(1);
    assert!(!ran.stderr.contains("gone"), "{}", ran.stderr);
}

/// All scripts get the same, and Chainloop shows it once.
#[test]
fn debug_shows_the_input_once() {
    let folder = folder(FAIL, &PLAIN.replace("[{ kind", "[{ kind: EVIDENCE, path: policy.wasm }, { kind"));
    let ran = folder.run("eval --material m.json --kind EVIDENCE --debug").exits(1);
    let result: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let count = |key: &str| result["debug_info"][key].as_array().map(Vec::len);
    assert_eq!((count("inputs"), count("raw_results")), (Some(1), Some(2)));
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
    let ran = eval(FAIL, "--kind EVIDENCE --debug --annotation team=red,stage=prod").exits(1);
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
    run("no JSON", "")
        .exits(2)
        .tells("error: failed to parse input: invalid character 'o' in literal null (expecting 'u'); m.json:1:2: ");
    run("", "").exits(2).tells("file is empty");
    let other =
        "no execution branch matched, or all of them were ignored, for kind ARTIFACT; the policy is about EVIDENCE";
    run("{}", "--kind ARTIFACT").exits(2).tells(other);
    run("{}", "--kind SBOM_CYCLONEDX").exits(2).tells("did you mean `SBOM_CYCLONEDX_JSON`?");
    folder("{}", PLAIN).run("eval --material gone.json").exits(2).tells("gone.json");
}

/// A material is recorded before a policy is looked at, and it is not what its kind says.
#[test]
fn materials_that_chainloop_would_not_record() {
    let run = |content: &str, arguments: &str| {
        folder("{}", PLAIN).file("m.json", content).run(&format!("eval --material m.json {arguments}")).prints_nothing()
    };
    run("{}", "--kind SARIF").exits(2).tells(
        "error: failed to craft material (kind=SARIF): crafting material: invalid SARIF file (%!w(<nil>)): unexpected material \
         type; m.json:1:1: it has no `$schema`\n",
    );
    run("{\n  \"bomFormat\": 1}", "--kind SBOM_CYCLONEDX_JSON --exit-zero")
        .exits(1)
        .tells("m.json:2:16: `bomFormat`: json: ");
    run(r#"{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT"}"#, "--kind SBOM_SPDX_JSON")
        .exits(2)
        .tells("the document has no `creationInfo`; m.json:1:1: Chainloop itself crashes on such a document");
}

/// An image in a folder has no registry that would have to be asked.
#[test]
fn an_oci_layout_is_an_image() {
    let index = r#"{"manifests": [{"digest": "sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "annotations": {"org.opencontainers.image.ref.name": "shop", "io.containerd.image.name": "localhost:5000/shop:1.2"}}]}"#;
    let folder = folder("{}", &PLAIN.replace("EVIDENCE", "CONTAINER_IMAGE"));
    let folder = folder.file("image/oci-layout", "{}").file("image/index.json", index);
    let ran = folder.run("eval --material image --debug").exits(0);
    ran.prints("\"name\": \"oci-layout:shop\"").prints("\"chainloop.material.image.tag\": \"1.2\"");
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
    trap.tells("policy execution failed: wasm error: unreachable\n\n       Hint: ").prints_nothing();
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
    let folder = Folder::new().file(
        "s.json",
        r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "components": [{"type": "library", "name": "a"}]}"#,
    );
    let ran = folder.run(&format!("eval -p {example} --material s.json --kind SBOM_CYCLONEDX_JSON")).exits(1);
    ran.tells("component `a` has no license").prints("\"license_violation\": {");
}

//! `cargo admit run`.

use serde_json::json;

use crate::support::{Folder, POD};

const VALID: &str = r#"{"valid": true}"#;

#[test]
fn accepted_is_0_and_one_line_of_json() {
    let folder = Folder::new().answers(VALID, r#"{"accepted": true}"#).file("pod.json", POD);
    let ran = folder.run("admit run policy.wasm --request pod.json").exits(0).tells("accepted").tells("fuel");
    assert_eq!(
        ran.stdout,
        "{\"uid\":\"00000000-0000-4000-8000-000000000000\",\"allowed\":true,\"auditAnnotations\":null,\"warnings\":null}\n"
    );
}

#[test]
fn rejected_is_1() {
    let answer = r#"{"accepted": false, "message": "no\u001b[31m red", "code": 403, "warnings": ["w"],
                     "audit_annotations": {"rule": "r"}}"#;
    let folder = Folder::new().answers(VALID, answer).file("pod.json", POD);
    let ran = folder.run("run policy.wasm --request pod.json").exits(1);
    assert_eq!(ran.json()["status"], json!({"message": "no\u{1b}[31m red", "code": 403}));
    let ran = ran.tells("rejected: no\\u{1b}[31m red\n").tells("code      403").tells("warning   w").tells("rule=r");
    assert!(!ran.stderr.contains('\u{1b}'), "a policy's text reached the terminal unfiltered");
}

#[test]
fn mutations_are_told_as_a_list() {
    let folder = Folder::new()
        .answers(VALID, r#"{"accepted": true, "mutated_object": {"apiVersion": "v1", "kind": "Pod", "metadata": {}}}"#)
        .file("pod.yaml", POD);
    let ran = folder.run("run policy.wasm --request pod.yaml").exits(0);
    assert_eq!(ran.json()["patchType"], "JSONPatch");
    ran.tells("patch").tells("/metadata/name").tells("/metadata/namespace");
}

#[test]
fn requests_come_from_stdin() {
    let folder = Folder::new().answers(VALID, r#"{"accepted": true}"#);
    folder.run_with("run policy.wasm --request -", POD, &[]).exits(0);
    let ran = folder.run_with("run policy.wasm --request -", "{\n\"a\": }", &[]).exits(2).prints_nothing();
    ran.tells("error: <stdin>:2:6: not valid JSON: expected value");
    // YAML's flow style is not JSON.
    folder.run_with("run policy.wasm --request -", "{apiVersion: v1, kind: Pod, metadata: {name: web}}", &[]).exits(0);
    folder.run_with("run policy.wasm --request - --settings -", POD, &[]).exits(2).tells("stdin holds one document");
}

#[test]
fn broken_input_is_2_with_line_and_column() {
    let folder = Folder::new()
        .answers(VALID, r#"{"accepted": true}"#)
        .file("broken.json", "{\n  \"apiVersion\": \"v1\"\n  \"kind\": 1}")
        .file("broken.yaml", "a: [1\nb: 2\n")
        .file("bytes.yaml", b"a: 1\nb: \xff\n")
        .file("list.yaml", "- a\n")
        .file("pod.json", POD);
    let run = |arguments: &str| folder.run(&format!("run policy.wasm {arguments}")).exits(2).prints_nothing();
    run("--request broken.json").tells("broken.json:3:3: not valid JSON");
    run("--request broken.yaml").tells("broken.yaml:2:2: not valid YAML");
    run("--request bytes.yaml").tells("bytes.yaml:2:4: this byte is not UTF-8");
    run("--request none.json").tells("none.json: cannot read this file");
    run("--request pod.json --settings list.yaml").tells("list.yaml:1:1: settings must be an object, found an array");
    run("--request pod.json --settings-json {\"a\":}").tells("--settings-json:1:6: not valid JSON");
    let empty = folder.run_words(&["run", "policy.wasm", "--request", "pod.json", "--settings-json", ""]).exits(2);
    empty.prints_nothing().tells("--settings-json: holds no settings; none are `{}`");
    run("--request pod.json --operation UPDATE").tells("--old-object FILE");
    run("--request pod.json --abi wapc").tells("a module has the ABI it has");
}

/// kubectl and a cluster read YAML 1.1, kwctl reads 1.2.
#[test]
fn what_kwctl_reads_otherwise_is_told() {
    let settings = "exempt: [web, on]\nmode: 0644\nratio: 3.0\nyes: \"yes\"\nsame: [true, 8, 0.5, ~, text]\n";
    let folder =
        Folder::new().answers(VALID, r#"{"accepted": true}"#).file("pod.json", POD).file("settings.yaml", settings);
    let ran = folder.run("run policy.wasm --request pod.json --settings settings.yaml").exits(0);
    for note in [
        "note: settings.yaml:1:15: exempt[1]: `on` is `true` for kubectl and in a cluster, and the string `on` for kwctl; write true or \"on\"",
        "note: settings.yaml:2:7: mode: `0644` is `420` for kubectl and in a cluster, and the string `0644` for kwctl; write 420 or \"0644\"",
        "note: settings.yaml:3:8: ratio: `3.0` is `3` for kubectl and in a cluster, and `3.0` for kwctl; write 3",
        "note: settings.yaml:4:1: true: the key `yes` is `true` for kubectl and in a cluster, and stays as it is for kwctl; put it in quotes",
    ] {
        assert!(ran.stderr.contains(note), "{note}\n{}", ran.stderr);
    }
    assert_eq!(ran.stderr.matches("note: ").count(), 4, "{}", ran.stderr);
    let ran = folder.run("run policy.wasm --request pod.json --settings-json {\"a\":[1,\"on\",2.5]}").exits(0);
    assert!(!ran.stderr.contains("note"), "{}", ran.stderr);
    let merged = "a: &a {b: 1}\nc: {<<: *a}\n";
    let folder = folder.file("merged.yaml", merged);
    let ran = folder.run("run policy.wasm --request pod.json --settings merged.yaml").exits(0);
    ran.tells("note: merged.yaml:2:5: c: `<<` merges for kubectl and in a cluster; kwctl passes it on as a key");
}

#[test]
fn settings_that_the_policy_refuses_are_2_without_an_answer() {
    let folder = Folder::new()
        .answers(r#"{"valid": false, "message": "exempt: expected an array"}"#, r#"{"accepted": true}"#)
        .file("pod.json", POD);
    let ran = folder.run("run policy.wasm --request pod.json").exits(2).prints_nothing();
    ran.tells("the policy does not accept these settings: exempt: expected an array");
}

/// As kwctl and policy-server have it; only a policy that gives no answer at all has failed.
#[test]
fn settings_that_the_policy_cannot_decode_are_2() {
    let folder = Folder::new().module("settings-error").file("pod.json", POD);
    let ran = folder.run("run policy.wasm --request pod.json").exits(2).prints_nothing();
    let text = "error deserializing validation payload {}: missing field `max` at line 1 column 2";
    ran.tells(&format!("error: the policy does not accept these settings: {text}\n"));
    let folder = folder
        .file("p.yml", "a: {module: policy.wasm, hostCapabilities: ['*']}\n")
        .file(
            "cases/a.yaml",
            "object: {file: _pod.json}\nexpect: {verdict: invalid-settings, message: {contains: max}}\n",
        )
        .file("cases/_pod.json", POD);
    folder.run("run p.yml --request pod.json").exits(2).prints_nothing().tells("Policy settings are invalid: ");
    folder.run("test policy.wasm").exits(0).prints("1 passed, 0 failed");
    let folder = folder.module("loop");
    folder.run("run p.yml --request pod.json --timeout 0.2").exits(3);
}

#[test]
fn a_panic_of_go_is_a_trap_and_told_once() {
    let folder = Folder::new().module("wasi-panic").file("pod.json", POD);
    let ran = folder.run("run policy.wasm --request pod.json").exits(3).tells(
        "failed: the policy trapped: panic: runtime error: index out of range [5] with length 3 (it exited with code 2)\n        goroutine 1",
    );
    let message = ran.json()["status"]["message"].as_str().expect("a message").to_owned();
    assert!(
        message.starts_with("panic: runtime error") && message.ends_with("+0x74"),
        "as Kubewarden has it: {message}"
    );
    assert_eq!(ran.stderr.matches("index out of range").count(), 1, "{}", ran.stderr);
    assert!(!ran.stderr.contains("--debug-info") && !ran.stderr.contains("names"), "{}", ran.stderr);
    let folder =
        folder.file("cases/_pod.json", POD).file("cases/a.yaml", "object: {file: _pod.json}\nexpect: accept\n").file(
            "cases/b.yaml",
            "object: {file: _pod.json}\nexpect: {verdict: error, message: {contains: 'panic: runtime error'}}\n",
        );
    let ran = folder.run("test policy.wasm").exits(1).prints("1 passed, 1 failed");
    assert_eq!(ran.stdout.matches("index out of range").count(), 1, "{}", ran.stdout);
}

#[test]
fn names_of_functions_can_be_had_in_other_ways_than_with_the_sdk() {
    let text = std::fs::read_to_string(crate::support::fixtures().join("modules/trap.wat")).expect("a fixture");
    let told = |section: &str, function: &str| {
        let text = text.replacen("(module", &format!("(module {section}"), 1);
        let text = text.replacen("(func (export", &format!("(func {function} (export"), 1);
        let folder = Folder::new().file("policy.wasm", wat::parse_str(text).expect("valid text")).file("pod.json", POD);
        folder.run("run policy.wasm --request pod.json").exits(3).stderr
    };
    let (go, tinygo) = (r#"(@producers (language "Go" "go1.26"))"#, r#"(@producers (processed-by "TinyGo" "0.39.0"))"#);
    assert!(told(go, "").contains("for the names of functions, build the module without Go's `-ldflags=-s`"));
    assert!(!told(go, "$f").contains("names"), "Go has no more than names");
    assert!(told(tinygo, "$f").contains("build the module without TinyGo's `-no-debug`"));
    assert!(told(r#"(@producers (language "Rust" ""))"#, "").contains("`strip = false`"));
    assert!(told("", "").contains("AssemblyScript: `--debug`"));
    assert!(!told("", "").contains("--debug-info"), "that is for policy crates");
}

/// What takes colours away for people would take U+007F with them, if it were not escaped.
#[test]
fn data_is_written_as_it_is() {
    let message = "a\u{7f}b\u{9b}31mc";
    let answer = format!(r#"{{"accepted": false, "message": "{message}"}}"#);
    let folder = Folder::new().answers(VALID, &answer).file("pod.json", POD);
    let ran = folder.run("run policy.wasm --request pod.json").exits(1).tells("rejected: a\\u{7f}b\\u{9b}31mc\n");
    assert_eq!(ran.json()["status"]["message"], message);
    let object = POD.replace("web", message);
    let folder = folder.file("object.json", &object);
    let ran = folder.run("scaffold admission-request --object object.json -o CREATE").exits(0);
    let request: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(request["name"], message);
    let folder = folder.file("cases/a.yaml", "raw: 1\nexpect: accept\n");
    let report = folder.run("test policy.wasm --format json").exits(1).json();
    assert_eq!(report["runs"][0]["differences"][0]["actual"], format!("reject: {message}"));
    let chainloop = r#"{"skipped": true, "skip_reason": "a\u007fb", "violations": []}"#;
    let file = "apiVersion: workflowcontract.chainloop.dev/v1\nkind: Policy\nmetadata: {name: p}\nspec: {policies: [{kind: EVIDENCE, path: policy.wasm}]}\n";
    let folder = Folder::new().chainloop(chainloop, file).file("m.json", "{}");
    let ran = folder.run("eval --material m.json").exits(0);
    let result: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(result["result"]["skip_reasons"][0], "a\u{7f}b");
}

#[test]
fn raw_documents_with_a_key_of_a_request() {
    let folder = Folder::new().answers(VALID, r#"{"accepted": true}"#).file("raw.json", r#"{"resource": "hay"}"#);
    let ran = folder.run("run policy.wasm --request raw.json").exits(2).prints_nothing();
    ran.tells("the document has `resource`").tells("send it as it is with `--raw` (in a case: `raw`)");
    folder.run("run policy.wasm --request raw.json --raw").exits(0);
    let folder = folder.file("raw.json", r#"{"request": {"resource": "hay"}}"#);
    folder.run("run policy.wasm --request raw.json").exits(2).tells("`--raw`");
}

#[test]
fn a_policy_that_traps_is_3_with_its_last_words() {
    let folder = Folder::new().module("trap").file("pod.json", POD);
    let ran = folder
        .run("run policy.wasm --request pod.json")
        .exits(3)
        .tells("failed: the policy trapped")
        .tells("about to trap");
    assert_eq!(ran.json()["status"]["code"], 500);
}

#[test]
fn a_policy_that_never_answers_is_3() {
    let folder = Folder::new().module("loop").file("pod.json", POD);
    let ran = folder.run("run policy.wasm --request pod.json --timeout 0.2").exits(3).prints_nothing();
    ran.tells("while it checked the settings: the policy ran longer than 200ms");
}

#[test]
fn an_answer_that_makes_no_sense_is_3() {
    let folder = Folder::new().answers(VALID, r#"{"allowed": true}"#).file("pod.json", POD);
    folder.run("run policy.wasm --request pod.json").exits(3).tells("accepted");
}

#[test]
fn wasi_modules_run_too() {
    let folder = Folder::new().module("wasi").file("pod.json", POD);
    let ran = folder.run("run policy.wasm --request pod.json").exits(0);
    assert_eq!(ran.json()["warnings"], json!(["from wasi"]));
}

#[test]
fn raw_documents_are_sent_as_they_are() {
    let folder =
        Folder::new().answers(VALID, r#"{"accepted": true, "mutated_object": [1, 2]}"#).file("doc.json", "[1]");
    let ran = folder.run("run policy.wasm --request doc.json --raw").exits(0);
    assert_eq!(ran.json()["uid"], "");
    ran.tells("/1");
}

#[test]
fn guesses_are_told() {
    let folder = Folder::new()
        .answers(VALID, r#"{"accepted": true}"#)
        .file("cr.yaml", "apiVersion: example.com/v1\nkind: Widget\n");
    folder
        .run("run policy.wasm --request cr.yaml")
        .exits(0)
        .tells("note: Widget of group `example.com` is not a built-in kind");
}

#[test]
fn what_is_no_policy_is_2() {
    let folder = Folder::new().file("policy.wasm", "#!/bin/sh\n").file("pod.json", POD);
    folder.run("run policy.wasm --request pod.json").exits(2).tells("policy.wasm: ").tells("not a WebAssembly module");
    folder.run("run none.wasm --request pod.json").exits(2).tells("none.wasm");
}

#[test]
fn a_pipe_gets_plain_text_and_a_terminal_can_be_forced() {
    let folder = Folder::new().answers(VALID, r#"{"accepted": true}"#).file("pod.json", POD);
    let plain = folder.run("run policy.wasm --request pod.json").exits(0);
    assert!(!plain.stderr.contains('\u{1b}'), "{}", plain.stderr);
    let forced =
        |extra: &[(&str, &str)]| folder.run_with("run policy.wasm --request pod.json", "", extra).exits(0).stderr;
    assert!(forced(&[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    assert!(!forced(&[("NO_COLOR", "1")]).contains('\u{1b}'));
}

#[test]
fn a_folder_is_built_first() {
    let folder = Folder::new().krate("program").file("pod.json", POD).file("other.yaml", "{apiVersion: v1, kind: Pod}");
    folder.run("run program --request pod.json").exits(0).tells("accepted");
    folder.run("run program --request other.yaml").exits(1).tells("rejected");
    folder.run("run program --request other.yaml --namespace shop").exits(0);
    folder.run("run program/Cargo.toml --request other.yaml --user shopkeeper").exits(0);
}

#[test]
fn what_is_too_much_of_warnings_is_left_out_and_told() {
    // 100,000 warnings of 8 letters, made in a loop.
    let floods = r#"(module
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (memory (export "memory") 32)
  (data (i32.const 0) "{\"valid\":true}")
  (data (i32.const 64) "{\"accepted\":true,\"warnings\":[\"\"")
  (data (i32.const 128) ",\"abcdefgh\"")
  (func $answer (local $at i32) (local $i i32)
    (memory.copy (i32.const 1024) (i32.const 64) (i32.const 31))
    (local.set $at (i32.const 1055))
    (loop $warnings
      (memory.copy (local.get $at) (i32.const 128) (i32.const 11))
      (local.set $at (i32.add (local.get $at) (i32.const 11)))
      (local.set $i (i32.add (local.get $i) (i32.const 1)))
      (br_if $warnings (i32.lt_u (local.get $i) (i32.const 100000))))
    (i32.store16 (local.get $at) (i32.const 0x7d5d))
    (call $respond (i32.const 1024) (i32.sub (i32.add (local.get $at) (i32.const 2)) (i32.const 1024))))
  (func (export "__guest_call") (param $operation i32) (param i32) (result i32)
    (if (i32.eq (local.get $operation) (i32.const 17))
      (then (call $respond (i32.const 0) (i32.const 14)))
      (else (call $answer)))
    (i32.const 1)))"#;
    let folder = Folder::new()
        .file("floods.wat", floods)
        .file("pod.json", r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}"#)
        .file("cases/a.yaml", "raw: 1\nexpect: accept\n");
    let ran = folder.run("run floods.wat --request pod.json").exits(0);
    // 256 KiB, of which each takes 64 bytes and its own.
    assert_eq!(ran.json()["warnings"].as_array().map(Vec::len), Some(3641));
    ran.tells("and 3,621 more warnings; all of them are in the response\n")
        .tells("96,360 more warnings are left out; 256 KiB of them are kept\n");
    let ran = folder.run("test floods.wat").exits(1);
    ran.prints("96360 more, which are too much to be kept");
}

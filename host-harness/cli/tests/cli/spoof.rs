//! Nobody speaks through the program: whatever texts come from policies, metadata, files and names, lines begin with our own words, and
//! nothing reaches a terminal that cannot be seen.

use serde_json::{Value, json};

use crate::support::{Folder, POD, Ran};

/// A title for the terminal, colours in both spellings, DEL, a direction, an isolate, no width, other line ends, and lines of our own
/// output.
const TRICK: &str = "\u{1b}]0;title\u{7}\u{1b}[2J\u{9b}31m\u{7f}\u{85}\u{61c}\u{202e}\u{2066}\u{200b}\u{feff}\u{2028}\r\n\
                     FAKE: accepted\n\nFAKE capabilities\n  (none)\nFAKE";

/// Checks that nothing in the output is a trick.
#[track_caller]
fn is_no_trick(ran: Ran) -> Ran {
    for text in [&ran.stdout, &ran.stderr] {
        let hidden = |c: char| {
            c.is_control() && c != '\n'
                || ('\u{200b}'..='\u{200f}').contains(&c)
                || ('\u{2028}'..='\u{202e}').contains(&c)
                || ('\u{2060}'..='\u{206f}').contains(&c)
                || matches!(c, '\u{61c}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
        };
        assert!(!text.contains(hidden), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("FAKE")), "{text}");
    }
    ran
}

/// Runs a command that is told the trick and tells of it.
#[track_caller]
fn ran(folder: &Folder, arguments: &str, code: i32) -> Ran {
    let ran = is_no_trick(folder.run(arguments)).exits(code);
    assert!(ran.stdout.contains("FAKE") || ran.stderr.contains("FAKE"), "nothing is told: {ran:?}");
    ran
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).expect("valid text")
}

fn escaped(text: &str) -> String {
    text.bytes().map(|byte| format!("\\{byte:02x}")).collect()
}

/// JSON that is YAML as well: some of the characters cannot stand in YAML as they are.
fn text(value: &Value) -> String {
    let escape = |c: char| if c < '\u{7f}' { c.to_string() } else { format!("\\u{:04x}", c as u32) };
    value.to_string().chars().map(escape).collect()
}

#[test]
fn answers_of_policies() {
    let refused = text(&json!({ "valid": false, "message": TRICK }));
    let answer =
        json!({ "accepted": false, "message": TRICK, "warnings": [TRICK], "audit_annotations": { TRICK: TRICK } });
    let folder = Folder::new().answers(&refused, &text(&answer)).file("pod.json", POD);
    ran(&folder, "run policy.wasm --request pod.json", 2).tells("\n       FAKE: accepted\n");
    let folder = folder.answers("{\"valid\":true}", &text(&answer));
    let response = ran(&folder, "run policy.wasm --request pod.json", 1).json();
    assert_eq!(response["status"]["message"], TRICK);
    assert_eq!(response["auditAnnotations"], json!({ TRICK: TRICK }));
    ran(&folder, "run policy.wasm --request pod.json --format json --verbose", 1);
    let patched = json!({ "accepted": true, "mutated_object": { "kind": "Pod", TRICK: TRICK } });
    let folder = folder.answers("{\"valid\":true}", &text(&patched));
    ran(&folder, "run policy.wasm --request pod.json", 0);
}

#[test]
fn names_of_objects_and_policies() {
    let pod = json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": TRICK, "namespace": TRICK } });
    let pods = text(&json!({ "apiVersion": "v1", "kind": "List", "items": [pod, pod] }));
    let policies = text(&json!({
        "apiVersion": "policies.kubewarden.io/v1",
        "kind": "ClusterAdmissionPolicy",
        "metadata": { "name": TRICK },
        "spec": { "module": "policy.wasm", "mutating": false, "settings": {},
            "rules": [{ "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"] }] },
    }));
    let folder = Folder::new()
        .answers("{\"valid\":true}", &text(&json!({ "accepted": false, "message": "no" })))
        .file("pods.json", &pods)
        .file("policies.yaml", &policies)
        .file("policy.yaml", policies.replace("policy.wasm", "gone.wasm"));
    ran(&folder, "run policy.wasm --request pods.json", 1);
    is_no_trick(folder.run("run policies.yaml --request pods.json"));
    is_no_trick(folder.run("run policies.yaml --request pods.json --ignore-rules --format json"));
    let folder = folder.file("pod.json", text(&pod));
    let request = ran(&folder, "scaffold admission-request -o CREATE --object pod.json", 0);
    let request: Value = serde_json::from_str(&request.stdout).expect("JSON");
    assert_eq!(request["name"], TRICK);
}

#[test]
fn evaluations_of_materials() {
    let policy = "apiVersion: chainloop.dev/v1\nkind: Policy\nmetadata: { name: plain }\nspec: { policies: [{ kind: EVIDENCE, path: \
                  policy.wasm }] }\n";
    let chainloop = |answer: &str| Folder::new().chainloop(answer, policy).file("m.json", "{}");
    let folder = chainloop(&text(&json!({ "skipped": false, "violations": [TRICK, TRICK], "skip_reason": "" })));
    let result = ran(&folder, "eval --material m.json --kind EVIDENCE --debug --verbose", 1);
    let result: Value = serde_json::from_str(&result.stdout).expect("JSON");
    assert_eq!(result["result"]["violations"], json!([TRICK, TRICK]));
    let folder = chainloop(&text(&json!({ "skipped": true, "violations": [], "skip_reason": TRICK })));
    ran(&folder, "eval --material m.json --kind EVIDENCE", 0);
    let folder = chainloop(TRICK);
    ran(&folder, "eval --material m.json --kind EVIDENCE --debug", 3);
    let trick = text(&json!(TRICK));
    let folder = chainloop("{}").file("policy.yaml", policy.replace("policy.wasm", &trick));
    ran(&folder, "lint policy.yaml", 1);
    ran(&folder, "lint policy.yaml --format json", 1);
    ran(&folder, "eval --material m.json --kind EVIDENCE", 2);
}

#[test]
fn what_a_module_says_of_itself() {
    let trick = escaped(TRICK);
    let module = format!(
        "(module (import \"{trick}\" \"{trick}\" (func)) (memory (export \"memory\") 1) (func (export \"{trick}\")) \
         (@custom \"{trick}\" \"\"))"
    );
    let rules =
        json!([{ "apiGroups": [TRICK], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"] }]);
    let metadata = text(&json!({
        "rules": rules, "mutating": false, "contextAware": false, "executionMode": "kubewarden-wapc", "protocolVersion": "v1",
        "contextAwareResources": [{ "apiVersion": TRICK, "kind": TRICK }],
        "hostCapabilities": [TRICK],
        "annotations": { TRICK: TRICK, "io.kubewarden.policy.title": TRICK, "io.kubewarden.policy.usage": TRICK },
    }));
    let folder = Folder::new().file("policy.wasm", wat(&module)).metadata(&metadata).file("pod.json", POD);
    ran(&folder, "inspect policy.wasm --usage", 0);
    let inspection = ran(&folder, "inspect policy.wasm --format json", 0).json();
    assert_eq!(inspection["imports"][0]["module"], TRICK);
    let yaml = ran(&folder, "inspect policy.wasm --format yaml", 0);
    let declared: Value = serde_json::from_str(&yaml.stdout).expect("YAML in the style of JSON");
    assert_eq!(declared["annotations"][TRICK], TRICK);
    is_no_trick(folder.run("run policy.wasm --request pod.json")).exits(2);
    is_no_trick(folder.run("lint policy.wasm"));
    ran(&folder, "scaffold manifest policy.wasm -t ClusterAdmissionPolicy", 2);
    is_no_trick(folder.run("scaffold manifest policy.wasm -t ClusterAdmissionPolicy --title a"));
    is_no_trick(folder.run("scaffold artifacthub --metadata policy.wasm"));
    let folder = folder.file("metadata.yml", metadata).answers("{}", r#""v1""#);
    is_no_trick(folder.run("annotate policy.wasm --metadata metadata.yml -o annotated.wasm"));
}

#[test]
fn last_words_of_a_program() {
    let module = format!(
        r#"(module
          (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
          (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "\10\00\00\00\{length:02x}\00\00\00")
          (data (i32.const 16) "{trick}")
          (func (export "_start")
            (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 8)))
            (call $exit (i32.const 1))))"#,
        length = TRICK.len(),
        trick = escaped(TRICK),
    );
    let folder = Folder::new().file("policy.wasm", wat(&module)).file("pod.json", POD);
    ran(&folder, "run policy.wasm --request pod.json", 2);
}

#[test]
fn words_of_the_command_line() {
    let folder = Folder::new();
    for words in
        [&["run", "gone", "--request", TRICK][..], &["inspect", TRICK], &[TRICK], &["new", "a", "--template", TRICK]]
    {
        let ran = is_no_trick(folder.run_words(words)).exits(2);
        assert!(ran.stderr.contains("FAKE"), "{ran:?}");
    }
}

/// A name of a file can be any text; on Windows it cannot.
#[cfg(unix)]
#[test]
fn names_of_case_files_are_one_line() {
    let case = "object: {apiVersion: v1, kind: Pod, metadata: {name: a}}\nexpect: ";
    let folder = Folder::new()
        .answers("{\"valid\":true}", "{\"accepted\":true}")
        .file("cases/a.yaml", format!("{case}accept\n"))
        .file("cases/a\nx\u{202e}.yaml", format!("about: {}\n{case}reject\n", text(&json!(TRICK.replace('\n', " ")))))
        .file("cases/b.yaml", format!("{case}reject\n"))
        .file("cases/c.yaml", format!("{case}accept\n"));
    let ran = is_no_trick(folder.run("test policy.wasm")).exits(1);
    let marks: Vec<&str> = ran
        .stdout
        .lines()
        .filter(|line| line.starts_with("ok") || line.starts_with("FAIL"))
        .map(|line| &line[..8])
        .collect();
    assert_eq!(marks, ["ok    a ", "FAIL  a\\", "FAIL  b ", "ok    c "], "{}", ran.stdout);
    let report = is_no_trick(folder.run("test policy.wasm --format json")).exits(1).json();
    assert_eq!(report["runs"][1]["case"], "a\nx\u{202e}");
}

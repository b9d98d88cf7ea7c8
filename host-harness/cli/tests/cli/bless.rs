//! `cargo admit test --bless`.

use std::fs;

use crate::support::{Folder, POD};

const VALID: &str = r#"{"valid": true}"#;
const REJECTED: &str = r#"{"accepted": false, "message": "no Pods, please", "code": 403}"#;

/// The text of a file of the folder.
fn text(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

#[test]
fn what_was_seen_is_written_and_the_rest_stays() {
    let written = format!(
        "# Ours.\nexpect: # how\n  message: {{contains: Pods}} # not all\n  verdict: reject\nobject: {POD}\n# end\n"
    );
    let new = format!("object: {POD}   # a Pod\n");
    let folder = Folder::new()
        .answers(VALID, REJECTED)
        .file("cases/a.yaml", &written)
        .file("cases/b.yaml", &new)
        .file("cases/c.yaml", format!("expect: accept # why\nobject: {POD}\n"))
        .file("cases/d.json", format!("{{\n  \"object\": {POD}\n}}\n"));
    // Without it, a case has to expect something.
    folder
        .run("test policy.wasm")
        .exits(2)
        .tells("cases/b.yaml:1:1: expect: missing; say what the policy has to answer")
        .tells("or let `cargo admit test --bless` write what it answers");
    assert_eq!(text(&folder, "cases/b.yaml"), new);

    let ran = folder.run("test policy.wasm --bless").exits(0);
    ran.prints("blessed  a  cases/a.yaml\n      code\n        was  (none)\n        is   403\n")
        .prints("blessed  c  cases/c.yaml\n      verdict\n        was  accept\n        is   reject\n")
        .prints("4 passed, 0 failed");
    assert_eq!(text(&folder, "cases/a.yaml"), written.replace("verdict: reject\n", "verdict: reject\n  code: 403\n"));
    let expect = "expect:\n  verdict: reject\n  message: no Pods, please\n  code: 403";
    assert_eq!(text(&folder, "cases/b.yaml"), format!("{new}{expect}\n"));
    assert_eq!(text(&folder, "cases/c.yaml"), format!("{expect} # why\nobject: {POD}\n"));
    let json = r#""expect": {"verdict": "reject", "message": "no Pods, please", "code": 403}"#;
    assert_eq!(text(&folder, "cases/d.json"), format!("{{\n  \"object\": {POD},\n  {json}\n}}\n"));

    // There is nothing more to do.
    let again = folder.run("test policy.wasm --bless").exits(0);
    assert!(!again.stdout.contains("blessed"), "{}", again.stdout);
    let document = folder
        .file("cases/c.yaml", format!("object: {POD}\n"))
        .run("test policy.wasm --bless --format json")
        .exits(0)
        .json();
    assert_eq!(document["blessed"][0]["case"], "c");
    assert_eq!(
        document["blessed"][0]["changes"][0],
        serde_json::json!({"field": "verdict", "was": null, "is": "reject"})
    );
}

#[test]
fn mutations_and_refused_settings() {
    let pod = POD.replace("}}", r#", "labels": {"a": "b"}}}"#);
    let accepted = format!(r#"{{"accepted": true, "mutated_object": {pod}}}"#);
    let waive =
        "waive: {keeps-unknown-fields: constant, no-mutation-on-delete: constant, leaves-server-fields: constant}\n";
    let folder = Folder::new().answers(VALID, &accepted).file("cases/_suite.yaml", waive);
    let folder = folder
        .file("cases/a.yaml", format!("object: {pod}\noperation: CREATE\n").replace(r#", "labels": {"a": "b"}"#, ""));
    folder.run("test policy.wasm --bless").exits(0).prints("1 passed");
    assert!(
        text(&folder, "cases/a.yaml").contains("expect:\n  verdict: accept\n  patch:\n"),
        "{}",
        text(&folder, "cases/a.yaml")
    );

    let folder = Folder::new().answers(r#"{"valid": false, "message": "no"}"#, &accepted);
    let folder = folder.file("cases/a.yaml", format!("object: {POD}\n"));
    folder.run("test policy.wasm --bless").exits(0);
    assert_eq!(
        text(&folder, "cases/a.yaml"),
        format!("object: {POD}\nexpect:\n  verdict: invalid-settings\n  message: \"no\"\n")
    );
}

#[test]
fn what_is_never_blessed() {
    let accepting = format!("object: {POD}\nexpect: accept\n");
    let folder =
        Folder::new().module("trap").file("cases/a.yaml", &accepting).file("cases/b.yaml", format!("object: {POD}\n"));
    let ran = folder.run("test policy.wasm --bless").exits(1);
    ran.prints("not blessed  a  cases/a.yaml\n      the policy gave no answer, which is never blessed: ")
        .prints("not blessed  b");
    assert_eq!(text(&folder, "cases/a.yaml"), accepting);

    // A broken law.
    let pod = POD.replace("}}", r#", "labels": {"a": "b"}}}"#);
    let folder = Folder::new().answers(VALID, &format!(r#"{{"accepted": true, "mutated_object": {pod}}}"#));
    let folder = folder.file("cases/a.yaml", &accepting);
    folder.run("test policy.wasm --bless").exits(1).prints("not blessed  a").prints("law keeps-unknown-fields");
    assert_eq!(text(&folder, "cases/a.yaml"), accepting);

    // What an alias stands for is somebody else's, too, and stays.
    let aliased = format!("about: &word accept\nobject: {POD}\nexpect: {{<<: {{verdict: *word}}}}\n");
    let folder = Folder::new().answers(VALID, REJECTED).file("cases/a.yaml", &aliased);
    folder.run("test policy.wasm --bless").exits(0);
    let expect = r#"expect: { verdict: reject, message: "no Pods, please", code: 403 }"#;
    assert_eq!(text(&folder, "cases/a.yaml"), format!("about: &word accept\nobject: {POD}\n{expect}\n"));

    // A file that cannot be written.
    let folder = Folder::new().answers(VALID, REJECTED).file("cases/a.yaml", &accepting);
    let path = folder.path().join("cases/a.yaml");
    let mut permissions = fs::metadata(&path).expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).expect("read-only");
    folder.run("test policy.wasm --bless").exits(2).tells("cases/a.yaml: cannot write this file: it is read-only");
}

#[test]
fn objects_with_different_answers_need_cases_of_their_own() {
    // Rejects what it is asked about twice in the same way, so the objects agree.
    let folder = Folder::new().answers(VALID, REJECTED).file("pods.yaml", format!("{POD}\n---\n{POD}\n"));
    let folder = folder.file("cases/a.yaml", "object: {file: ../pods.yaml}\n");
    folder.run("test policy.wasm --bless").exits(0).prints("2 passed");
    assert_eq!(text(&folder, "cases/a.yaml").matches("verdict").count(), 1);
}

#[test]
fn materials() {
    let policy_file = "apiVersion: chainloop.dev/v1\nkind: Policy\nmetadata: {name: licenses, description: d, annotations: {category: c}}\n\
                       spec: {policies: [{kind: EVIDENCE, path: policy.wasm}]}\n";
    let folder = Folder::new().chainloop(r#"{"violations": ["a", "b"], "skipped": false}"#, policy_file);
    let folder = folder
        .file("cases/a.yaml", "material: {a: 1}\n")
        .file("cases/b.yaml", "material: {a: 1}\nexpect: {verdict: fail, violations: [{contains: a}]}\n");
    folder.run("test policy.yaml --bless").exits(0).prints("2 passed");
    assert_eq!(
        text(&folder, "cases/a.yaml"),
        "material: {a: 1}\nexpect:\n  verdict: fail\n  violations:\n    - a\n    - b\n"
    );
    assert_eq!(
        text(&folder, "cases/b.yaml"),
        "material: {a: 1}\nexpect: {verdict: fail, violations: [{ contains: a }, b]}\n"
    );
}

/// What is given as a part stays one: with what was seen, and without what is not there.
#[test]
fn parts_stay_parts() {
    let pod = |image: &str| {
        format!(
            r#"{{"apiVersion":"v1","kind":"Pod","metadata":{{"name":"web","namespace":"shop","labels":{{"a":"b"}}}},"spec":{{"containers":[{{"name":"web","image":"{image}"}}]}}}}"#
        )
    };
    let case = format!(
        "object: {}\nwaive: {{keeps-unknown-fields: a constant, no-mutation-on-delete: a constant}}\nexpect:\n  verdict: accept\n",
        pod("nginx:1")
    );
    let part = "  object_contains:\n    spec:\n      containers:\n      - {name: web, image: \"nginx:1\"}\n      - {name: proxy}\n";
    let patch = "  patch_contains:\n  - {op: replace, path: /spec/containers/0/image, value: x}\n  - {op: remove, path: /spec/hostPID}\n";
    let folder = Folder::new()
        .answers(VALID, &format!(r#"{{"accepted": true, "mutated_object": {}}}"#, pod("nginx:2")))
        .file("cases/object.yaml", format!("{case}{part}"))
        .file("cases/patch.yaml", format!("{case}{patch}"));
    let ran = folder.run("test policy.wasm").exits(1);
    ran.prints("object_contains/spec/containers/0/image  cases/object.yaml:8\n")
        .prints("object_contains/spec/containers/1  cases/object.yaml:9\n")
        .prints("patch_contains[1]  cases/patch.yaml:7\n");
    folder.run("test policy.wasm --bless").exits(0).prints("2 passed, 0 failed");
    for (file, there, gone) in [("object", "nginx:2", "proxy"), ("patch", "nginx:2", "hostPID")] {
        let written = text(&folder, &format!("cases/{file}.yaml"));
        let expect = written.split_once("expect:").expect("an expectation").1;
        assert!(expect.contains(&format!("{file}_contains:")) && expect.contains(there), "{written}");
        assert!(!expect.contains(gone) && !expect.contains("labels"), "{written}");
    }
}

#[test]
fn what_expects_nothing_yet_and_what_is_the_same_file() {
    let folder = Folder::new().answers(VALID, REJECTED).file("cases/a.yaml", format!("object: {POD}\nexpect:   # ?\n"));
    let folder = folder.file("cases/b.yaml", format!("object: {POD}\nexpect: {{}}\n"));
    folder.run("test policy.wasm --bless").exits(0).prints("2 passed");
    assert!(
        text(&folder, "cases/a.yaml").starts_with(&format!("object: {POD}\nexpect:")),
        "{}",
        text(&folder, "cases/a.yaml")
    );
    assert!(text(&folder, "cases/a.yaml").contains("# ?"), "{}", text(&folder, "cases/a.yaml"));

    // A link to a case is that case.
    let folder = Folder::new().answers(VALID, REJECTED).file("cases/a.yaml", format!("object: {POD}\n"));
    #[cfg(unix)]
    std::os::unix::fs::symlink("a.yaml", folder.path().join("cases/z.yaml")).expect("a link");
    let ran = folder.run("test policy.wasm --bless").exits(0);
    assert!(!ran.stdout.contains("not blessed"), "{}", ran.stdout);

    // What cannot be edited is told with what to write.
    let folder = Folder::new().answers(VALID, REJECTED).file("cases/a.yaml", format!("object: {POD}\n---\n"));
    let ran = folder.run("test policy.wasm --bless").exits(1);
    ran.prints("write it by hand in cases/a.yaml, as `expect: {\"code\":403,\"message\":\"no Pods, please\",\"verdict\":\"reject\"}`");
}

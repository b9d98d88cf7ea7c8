//! What editing leaves as it is.

use serde_json::{Value, json};

use super::*;

const ORDER: &[&str] = &["verdict", "message", "code"];

fn set(document: &Document, path: &[Step<'_>], value: &Value) -> Result<String, String> {
    super::edited(document, &[Edit { path: path.to_vec(), key: "expect", value }], ORDER)
}

fn edited(text: &str, name: &str, path: &[Step<'_>], value: Value) -> String {
    let document = Document::parse(text.as_bytes(), name).expect("a document");
    set(&document, path, &value).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[track_caller]
fn check(text: &str, value: Value, wanted: &str) {
    assert_eq!(edited(text, "case.yaml", &[], value), wanted);
}

#[test]
fn a_word_becomes_another_word() {
    check("a: 1 # one\nexpect: accept # why\nb: 2\n", json!("reject"), "a: 1 # one\nexpect: reject # why\nb: 2\n");
    check("expect: 'accept'", json!("reject"), "expect: reject");
}

#[test]
fn a_word_becomes_a_block_and_keeps_its_comment() {
    check(
        "expect: accept\nb: 2\n",
        json!({ "verdict": "reject", "message": "a: b" }),
        "expect:\n  verdict: reject\n  message: \"a: b\"\nb: 2\n",
    );
}

#[test]
fn only_what_differs_is_written_again() {
    check(
        "# the case\nexpect:   # here\n    # first\n    verdict:   reject   # v\n    message: \"no\"\n\n    code: 403 # c\n# end\n",
        json!({ "verdict": "reject", "message": "yes", "code": 403 }),
        "# the case\nexpect:   # here\n    # first\n    verdict:   reject   # v\n    message: \"yes\"\n\n    code: 403 # c\n# end\n",
    );
    check(
        "expect: {verdict: reject,  message: {contains: a} }  # x\n",
        json!({ "verdict": "accept" }),
        "expect: {verdict: accept }  # x\n",
    );
    check(
        "expect: { verdict: accept }\n",
        json!({ "verdict": "reject", "message": "a, b", "code": 400 }),
        "expect: { verdict: reject, message: \"a, b\", code: 400 }\n",
    );
}

#[test]
fn entries_of_a_block_come_and_go() {
    check(
        "expect:\n  verdict: accept # v\n  object: # o\n    a: 1\n    b: { c: 2 }\n  code: 1\nafter: 1\n",
        json!({ "verdict": "accept", "code": 1, "warnings": ["w"] }),
        "expect:\n  verdict: accept # v\n  code: 1\n  warnings:\n    - w\nafter: 1\n",
    );
    check(
        "expect:\n  object: # whole\n    metadata:\n      labels: { a: b }  # labels\n      name: web\n  verdict: accept\n",
        json!({ "verdict": "accept", "object": { "metadata": { "labels": { "a": "c", "d": "e" }, "name": "web" } } }),
        "expect:\n  object: # whole\n    metadata:\n      labels: { a: c, d: e }  # labels\n      name: web\n  verdict: accept\n",
    );
}

#[test]
fn several_entries_go_at_once() {
    check(
        "expect: {verdict: reject, message: foo, code: 3}\n",
        json!({ "verdict": "accept" }),
        "expect: {verdict: accept}\n",
    );
    check(
        "expect: {message: foo, code: 3, verdict: reject}\n",
        json!({ "verdict": "accept" }),
        "expect: {verdict: accept}\n",
    );
    check(
        "expect: {code: 3, verdict: reject, message: foo, warnings: [w]}\n",
        json!({ "verdict": "accept", "patch": [] }),
        "expect: {verdict: accept, patch: []}\n",
    );
    check(
        "expect:\n  code: 3\n  message: foo # m\n  verdict: reject\n  warnings:\n    - w\n  patch: []\n# end\n",
        json!({ "verdict": "accept" }),
        "expect:\n  verdict: accept\n# end\n",
    );
    check("expect: {code: 3}\n", json!({ "verdict": "accept" }), "expect: { verdict: accept }\n");
}

#[test]
fn comments_between_a_key_and_its_value_stay() {
    check("expect: # c0\n  # c1\n  accept # c2\n", json!("reject"), "expect: # c0\n  # c1\n  reject # c2\n");
    check(
        "expect: # c0\n  # c1\n  accept # c2\n",
        json!({ "verdict": "reject", "code": 1 }),
        "expect: # c0\n  # c1\n  verdict: reject\n  code: 1 # c2\n",
    );
    check(
        "expect:\n  message: # m\n    # n\n    matches: nothing # o\n",
        json!({ "message": "a" }),
        "expect:\n  message: # m\n    # n\n    a # o\n",
    );
}

#[test]
fn lines_end_as_those_of_the_text() {
    check(
        "a: 1\r\nexpect:\r\n  verdict: accept # c\r\nb: 2\r\n",
        json!({ "verdict": "reject", "message": "m" }),
        "a: 1\r\nexpect:\r\n  verdict: reject # c\r\n  message: m\r\nb: 2\r\n",
    );
    check("a: 1\r\n", json!("accept"), "a: 1\r\nexpect: accept\r\n");
}

#[test]
fn lists_of_the_same_length_are_written_item_by_item() {
    check(
        "expect:\n  warnings:\n  - one # 1\n  - two\n",
        json!({ "warnings": ["one", "three"] }),
        "expect:\n  warnings:\n  - one # 1\n  - three\n",
    );
    check(
        "expect:\n  patch:\n    - op: add # a\n      path: /a\n      value: 1\n",
        json!({ "patch": [{ "op": "add", "path": "/a", "value": { "b": 1 } }] }),
        "expect:\n  patch:\n    - op: add # a\n      path: /a\n      value:\n        b: 1\n",
    );
}

#[test]
fn what_was_not_there_is_written_behind_the_last_entry() {
    check("object: { a: 1 } # o\n\n# end\n", json!("accept"), "object: { a: 1 } # o\nexpect: accept\n\n# end\n");
    check("object:\n  a: 1\n  b:\n", json!("accept"), "object:\n  a: 1\n  b:\nexpect: accept\n");
    check("a: 1\nexpect:\n", json!("accept"), "a: 1\nexpect: accept\n");
    check("{ a: 1 }\n", json!("accept"), "{ a: 1, expect: accept }\n");
}

#[test]
fn texts_of_several_lines() {
    check(
        "expect: reject\n",
        json!({ "message": "a\n\nb # c", "verdict": "reject" }),
        "expect:\n  verdict: reject\n  message: |-\n    a\n\n    b # c\n",
    );
    check(
        "expect:\n  message: |\n    a\n    b\n  verdict: reject\n",
        json!({ "message": "c", "verdict": "reject" }),
        "expect:\n  message: c\n  verdict: reject\n",
    );
}

#[test]
fn texts_of_several_lines_with_a_comment_behind() {
    check(
        "expect:\n  message: zzz # c\n  verdict: reject\n",
        json!({ "message": "a\nb", "verdict": "reject" }),
        "expect:\n  message: \"a\\nb\" # c\n  verdict: reject\n",
    );
    check(
        "expect: accept # c\n",
        json!({ "message": "a\nb", "verdict": "reject" }),
        "expect: { verdict: reject, message: \"a\\nb\" } # c\n",
    );
}

#[test]
fn json_stays_json() {
    let text = "{\n  \"a\": 1,\n  \"expect\": \"accept\"\n}\n";
    let new = json!({ "verdict": "reject", "message": "no" });
    assert_eq!(
        edited(text, "case.json", &[], new),
        "{\n  \"a\": 1,\n  \"expect\": {\"verdict\": \"reject\", \"message\": \"no\"}\n}\n"
    );
    assert_eq!(
        edited("{\n\t\"a\": 1\n}", "case.json", &[], json!("accept")),
        "{\n\t\"a\": 1,\n\t\"expect\": \"accept\"\n}"
    );
    assert_eq!(
        edited("{\n  \"a\": 1\n}", "case.json", &[], json!("accept")),
        "{\n  \"a\": 1,\n  \"expect\": \"accept\"\n}"
    );
}

#[test]
fn deeper_places() {
    let text = "cases:\n  - name: a # first\n    expect: accept\n  - { name: b, expect: accept }\n";
    let first = edited(text, "case.yaml", &[Step::Key("cases"), Step::Index(0)], json!("reject"));
    assert_eq!(first, text.replacen("accept", "reject", 1));
    let second =
        edited(text, "case.yaml", &[Step::Key("cases"), Step::Index(1)], json!({ "verdict": "reject", "code": 1 }));
    assert_eq!(second, text.replace("b, expect: accept", "b, expect: { verdict: reject, code: 1 }"));
}

#[test]
fn many_at_once() {
    let text = "cases:\n  - case: a\n  - { case: b }\n  - case: c\n    expect: accept # c\n";
    let document = Document::parse(text.as_bytes(), "case.yaml").expect("a document");
    let value = json!("reject");
    let edit = |row| Edit { path: vec![Step::Key("cases"), Step::Index(row)], key: "expect", value: &value };
    let edited = super::edited(&document, &[edit(0), edit(1), edit(2)], ORDER);
    let wanted = "cases:\n  - case: a\n    expect: reject\n  - { case: b, expect: reject }\n  - case: c\n    expect: reject # c\n";
    assert_eq!(edited.as_deref(), Ok(wanted));
}

#[test]
fn what_stands_elsewhere_is_left_to_people() {
    for text in ["a: &a { verdict: accept }\nexpect: { <<: *a, code: 1 }\n", "a: &a accept\n<<: { expect: *a }\n"] {
        let document = Document::parse(text.as_bytes(), "case.yaml").expect("a document");
        let new = set(&document, &[], &json!({ "verdict": "reject", "code": 2 }));
        if let Ok(text) = new {
            let read = Document::parse(text.as_bytes(), "case.yaml").expect("a document");
            assert_eq!(read.value()["expect"], json!({ "verdict": "reject", "code": 2 }), "{text}");
        }
    }
}

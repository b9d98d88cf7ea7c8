//! `cargo admit test --mutants`: what the cases of a suite do not notice.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::{
    reports::is_valid,
    support::{Folder, Ran},
};

/// A policy with a limit on replicas.
fn policy() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/guests/rust/boundary").canonicalize().expect("a guest")
}

/// A case about a Deployment with so many replicas.
fn replicas(count: u32, expect: &str) -> String {
    format!("object: {{apiVersion: apps/v1, kind: Deployment, spec: {{replicas: {count}}}}}\nexpect: {expect}\n")
}

/// Cases that show the limit, but not where it is.
fn suite() -> Folder {
    Folder::new()
        .file("cases/few.yaml", replicas(2, "accept"))
        .file("cases/many.yaml", replicas(90, "{verdict: reject, message: 90 replicas are too many}"))
        .file("cases/none.yaml", replicas(0, "{verdict: reject, message: nothing would run}"))
        .file(
            "cases/delete.yaml",
            "operation: DELETE\nold_object: {apiVersion: apps/v1, kind: Deployment}\nexpect: accept\n",
        )
        .file("cases/no-spec.yaml", "object: {apiVersion: apps/v1, kind: Deployment}\nexpect: accept\n")
}

fn test(folder: &Folder, options: &[&str]) -> Ran {
    let policy = policy();
    let cases = folder.path().join("cases");
    let fixed = ["test", policy.to_str().expect("UTF-8"), "--cases", cases.to_str().expect("UTF-8")];
    folder.run_words(&[&fixed[..], &["--abi", "wapc"], options].concat())
}

/// The line of the policy that compares with the limit.
const COMPARES: &str = "if replicas > settings.most {";

#[test]
fn a_boundary_that_no_case_tries_survives() {
    let number = std::fs::read_to_string(policy().join("src/lib.rs"))
        .expect("the source")
        .lines()
        .position(|line| line.trim() == COMPARES)
        .expect("the line")
        + 1;
    let survived = format!("survived  src/lib.rs:{number}  {COMPARES}\n            `");
    let folder = suite();
    let ran = test(&folder, &["--mutants"]).exits(0);
    let ran = ran.prints(&survived).prints("mutants of the module for wapc\n");
    assert!(ran.stdout.contains(" 1 survived"), "{}", ran.stdout);
    // What is always or never so is noticed.
    assert!(!ran.stdout.contains("branch is"), "{}", ran.stdout);

    let folder = folder.file("cases/as-many-as-there-may-be.yaml", replicas(5, "accept"));
    let ran = test(&folder, &["--mutants"]).exits(0).prints(" noticed (100.0%), 0 survived");
    assert!(!ran.stdout.contains("survived  "), "{}", ran.stdout);
}

#[test]
fn a_score_can_be_asked_for() {
    let ran = test(&suite(), &["--mutants", "--mutants-min", "100"]).exits(1).prints("5 passed, 0 failed");
    let last = ran.stdout.lines().last().expect("a line");
    assert!(last.starts_with("FAIL  --mutants-min 100: the cases notice "), "{last}");
    test(&suite(), &["--mutants", "--mutants-min", "50"]).exits(0);
    // A score of nothing is none, and that of a part says nothing of the rest.
    test(&suite(), &["--mutants", "--mutants-time", "0.000001", "--mutants-min", "1"])
        .exits(1)
        .prints("FAIL  --mutants-min 1");
    test(&suite(), &["--mutants-min", "50"]).exits(2).tells("--mutants");
    test(&suite(), &["--mutants", "--mutants-min", "101"]).exits(2).tells("101 is not in 1..=100");
}

#[test]
fn code_that_no_case_reaches_is_told_apart() {
    let folder = Folder::new().file("cases/few.yaml", replicas(2, "accept"));
    let ran = test(&folder, &["--mutants"]).exits(0).prints("not reached  src/lib.rs:");
    ran.prints("text \"nothing would run\" became \"nothing would ruo\"").prints("in code that no case reaches");
}

#[test]
fn cases_that_fail_come_first() {
    let folder = suite().file("cases/wrong.yaml", replicas(6, "accept"));
    let ran = test(&folder, &["--mutants"]).exits(1);
    assert_eq!(ran.stdout.lines().last(), Some("mutants: none were run, since cases fail"));
    let ran = test(&folder, &["--mutants", "--format", "json"]).exits(1);
    assert_eq!(ran.json().get("mutants"), None);
}

#[test]
fn mutants_for_programs() {
    let report = test(&suite(), &["--mutants", "--format", "json"]).exits(0).json();
    is_valid(&report);
    let mutants = report["mutants"]["mutants"].as_array().expect("mutants");
    let with = |fate: &str| mutants.iter().filter(|mutant| mutant["fate"] == fate).collect::<Vec<&Value>>();
    let [survivor] = with("survived")[..] else { panic!("one survives: {mutants:?}") };
    assert_eq!((&survivor["file"], &survivor["source"]), (&json!("src/lib.rs"), &json!(COMPARES)));
    assert_eq!((&survivor["function"], &survivor["case"]), (&json!("validate"), &Value::Null));
    let killed = with("killed");
    assert!(killed.iter().any(|mutant| mutant["case"] == "many"), "{killed:?}");
    let summary = &report["mutants"]["summary"];
    assert_eq!(summary["killed"], killed.len());
    assert_eq!((&summary["survived"], &summary["not_run"]), (&json!(1), &json!(0)));
    // The same, whichever thread was first.
    let again = test(&suite(), &["--mutants", "--format", "json"]).exits(0).json();
    assert_eq!(again["mutants"], report["mutants"]);
    // A sample is one of them.
    let sample = test(&suite(), &["--mutants=2", "--format", "json"]).exits(0).json();
    let sample = sample["mutants"]["mutants"].as_array().expect("mutants");
    assert!(sample.len() <= 2 && sample.iter().all(|mutant| mutants.contains(mutant)), "{sample:?}");
}

#[test]
fn the_time_is_bounded() {
    let report = test(&suite(), &["--mutants", "--mutants-time", "0.000001", "--format", "json"]).exits(0).json();
    let summary = &report["mutants"]["summary"];
    assert_eq!((&summary["killed"], &summary["survived"]), (&json!(0), &json!(0)));
    assert!(summary["not_run"].as_u64() > Some(5), "{summary}");
}

#[test]
fn a_module_without_debug_data_is_changed_where_cases_come_by() {
    let folder = Folder::new()
        .answers(r#"{"valid":true}"#, r#"{"accepted":true}"#)
        .file("cases/any.yaml", "object: {apiVersion: v1, kind: Pod}\nexpect: accept\n");
    let ran = folder.run("test policy.wasm --mutants").exits(0);
    ran.prints("no debug data tell whose code it is").prints("mutants: 5 of 5 noticed (100.0%), 0 survived");

    // What a person reads of a rejection is noticed only by a case that expects it.
    let folder = Folder::new()
        .answers(r#"{"valid":true}"#, r#"{"accepted":false,"message":"no"}"#)
        .file("cases/any.yaml", "object: {apiVersion: v1, kind: Pod}\nexpect: reject\n");
    let ran = folder.run("test policy.wasm --mutants").exits(0).prints("survived  function 1\n");
    ran.prints(r#"text "{"accepted":false,"message":"no"}" became "{"accepted":false,"message":"np"}""#);
    folder
        .file("cases/any.yaml", "object: {apiVersion: v1, kind: Pod}\nexpect: {verdict: reject, message: 'no'}\n")
        .run("test policy.wasm --mutants")
        .exits(0)
        .prints("5 of 5 noticed");
}

#[test]
fn what_cannot_be_changed_is_told() {
    let folder = Folder::new()
        .chainloop("{}", "apiVersion: chainloop.dev/v1\nkind: Policy\n")
        .file("cases/any.yaml", "material: {}\nkind: EVIDENCE\nexpect: success\n");
    folder.run("test policy.yaml --mutants").exits(2).tells("`--mutants` is for policy crates and modules");
}

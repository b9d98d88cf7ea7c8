//! `cargo admit test` on a policy that reads the cluster, and its `--faults`.

use serde_json::{Value, json};

use crate::support::Folder;

#[test]
fn cases_with_a_world_and_what_fails_open() {
    let folder = Folder::new().krate("quota");
    let ran = folder.run("test quota").exits(0);
    let ran = ran.prints("5 cases × 2 ABIs: 10 passed, 0 failed\n");
    assert!(!ran.stdout.contains("faults"), "{}", ran.stdout);

    let ran = folder.run("test quota --faults").exits(0);
    let row = |case: &str| -> Vec<String> {
        let table = ran.stdout.split("\ncase ").nth(1).expect("the table of faults");
        let row = table.lines().find(|line| line.starts_with(&format!("{case} "))).expect("a row");
        row.split("list_resources_by_namespace")
            .nth(1)
            .expect("cells")
            .split("  ")
            .map(|c| c.trim().to_owned())
            .filter(|c| !c.is_empty())
            .collect()
    };
    //               fail      timeout   garbage   truncated other     empty   many
    assert_eq!(row("closed"), ["closed", "closed", "closed", "closed", "closed", "same", "other"]);
    assert_eq!(row("open"), ["OPEN", "closed", "OPEN", "OPEN", "OPEN", "same", "other"]);
    let trap = "closed, trap";
    assert_eq!(row("traps"), [trap, "closed", trap, trap, trap, "same", "other"]);
    assert_eq!(row("full"), ["OPEN", "closed", "OPEN", "OPEN", "OPEN", "other", "same"]);
    // Its host fails anyway: there is no answer that could break off or grow.
    assert_eq!(row("host-fails"), ["closed", "closed", "closed", "-", "closed", "other", "-"]);
    assert_eq!(ran.stdout.matches("wapc, wasi").count(), 5, "the ABIs do not differ:\n{}", ran.stdout);
    let last =
        "66 faults: 32 closed, 16 open, 8 trapped; empty or long answers: 8 with the same verdict, 10 with another one";
    assert_eq!(ran.stdout.lines().last(), Some(last));
    let ran =
        ran.prints("    fail, garbage, truncated, other-shape: accept\n").prints("the policy panicked at src/lib.rs");
    assert!(!ran.stdout.contains("has 3000 Pods already"), "a reason that nobody asked for");

    let ran = folder.run("test quota --faults --fault-reasons --filter closed").exits(0);
    ran.prints("    many: reject: shop has 3000 Pods already\n")
        .prints("timeout: error: the policy ran longer than 10s");
}

#[test]
fn failing_open_can_be_a_failure() {
    let folder = Folder::new().krate("quota");
    folder.run("test quota --faults=closed --filter closed --abi wapc").exits(0).prints("0 open");
    let ran = folder.run("test quota --faults=closed --filter open --abi wapc").exits(1).prints("1 passed, 0 failed");
    let why = "FAIL  --faults=closed: a request entered 4 times although the policy had no answer (OPEN)";
    assert_eq!(ran.stdout.lines().last(), Some(why));
    // A trap is closed.
    folder.run("test quota --faults=closed --filter traps --abi wapc").exits(0).prints("4 trapped");
    folder.run("test quota --faults=open").exits(2).tells("report, closed");
    folder.run("test quota --fault-reasons").exits(2).tells("--faults");
}

#[test]
fn faults_for_programs() {
    let folder = Folder::new().krate("quota");
    let report = folder.run("test quota --faults --format json --filter open").exits(0).json();
    let summary = json!({"faults": 14, "closed": 2, "open": 8, "trapped": 0, "same_verdict": 2, "other_verdict": 2, "unknown": 0, "out_of_time": 0, "not_run": 0});
    assert_eq!(report["faults"]["summary"], summary);
    assert_eq!(report["faults"]["left_out"], json!([]));
    let runs = report["faults"]["runs"].as_array().expect("runs");
    let run = |fault: &str| -> &Value { runs.iter().find(|run| run["fault"] == fault).expect("a run") };
    assert_eq!(run("fail")["reaction"], "open");
    assert_eq!(
        (&run("fail")["verdict"], &run("fail")["abi"], &run("fail")["number"]),
        (&json!("accept"), &json!("wapc"), &json!(1))
    );
    assert_eq!(run("many")["message"], "shop has 3000 Pods already");
    assert_eq!(run("many")["call"], "kubernetes/list_resources_by_namespace");
    assert!(run("many")["payload"].as_str().expect("a text").contains("\"namespace\":\"shop\""));
    let without = folder.run("test quota --format json --filter open --abi wapc").exits(0).json();
    assert_eq!(without.get("faults"), None);
}

#[test]
fn a_case_in_mode_monitor_is_judged_by_what_the_policy_says() {
    let pod = "object: {apiVersion: v1, kind: Pod, metadata: {namespace: shop}}\nmode: monitor\nexpect: accept\n";
    let folder = Folder::new()
        .krate("quota")
        .file("quota/cases/watched-closed.yaml", format!("{pod}settings: {{max: 3}}\n"))
        .file("quota/cases/watched-open.yaml", format!("{pod}settings: {{max: 3, on_error: ignore}}\n"));
    let report = folder.run("test quota --faults --format json --filter watched --abi wapc").exits(0).json();
    let runs = report["faults"]["runs"].as_array().expect("runs");
    let run = |case: &str, fault: &str| -> &Value {
        runs.iter().find(|run| run["case"] == case && run["fault"] == fault).expect("a run")
    };
    for fault in ["fail", "timeout", "garbage", "truncated", "other-shape"] {
        assert_eq!(run("watched-closed", fault)["reaction"], "closed", "{fault}");
    }
    assert_eq!(run("watched-closed", "fail")["verdict"], "reject");
    assert_eq!(run("watched-closed", "many")["reaction"], "other verdict");
    assert_eq!(run("watched-closed", "many")["message"], "shop has 3000 Pods already");
    assert_eq!(run("watched-open", "fail")["reaction"], "open");
}

#[test]
fn what_is_left_out_of_many_calls_is_told() {
    let case = "object: {apiVersion: v1, kind: Pod, metadata: {namespace: shop}}\nsettings: {max: 3, again: 101}\nexpect: accept\n";
    let folder = Folder::new().krate("quota").file("quota/cases/often.yaml", case);
    let ran = folder.run("test quota --faults --filter often --abi wapc").exits(0);
    ran.prints("often (wapc) makes 102 calls: only the first 100 went wrong, 2 were left out").prints("700 faults: ");
    let report = folder.run("test quota --faults --format json --filter often --abi wapc").exits(0).json();
    assert_eq!(report["faults"]["left_out"], json!([{"case": "often", "abi": "wapc", "calls": 2}]));
    assert_eq!(report["faults"]["summary"]["faults"], 700);
}

#[test]
fn cases_that_fail_and_policies_without_host_calls_have_no_faults() {
    let wrong =
        "object: {apiVersion: v1, kind: Pod, metadata: {namespace: shop}}\nsettings: {max: 1}\nexpect: accept\n";
    let folder = Folder::new().krate("quota").file("quota/cases/wrong.yaml", wrong);
    let ran = folder.run("test quota --faults --filter wrong --abi wapc").exits(1);
    ran.prints("FAIL  wrong").prints("no case that passes makes a host call").prints("0 faults: ");
}

#[test]
fn worlds_of_cases() {
    let folder = Folder::new().krate("quota").file("empty.yaml", "cluster: {objects: []}\n");
    // The command line is for cases without a source of their own, in place of cases/_world.
    let ran = folder.run("test quota --filter full --abi wapc --world empty.yaml").exits(1);
    ran.prints("expected  reject").prints("actual    accept");
    std::fs::remove_dir_all(folder.path().join("quota/cases/_world")).expect("a world");
    let ran = folder.run("test quota --filter full --abi wapc").exits(1);
    ran.prints(
        "actual    none: the policy asked what this run has no answer for: kubernetes/list_resources_by_namespace",
    )
    .prints("or use --world");
    folder.run("test quota --filter full --world none.yaml").exits(2).tells("none.yaml");
}

#[test]
fn runs_with_faults_have_a_time_for_all_of_them() {
    let folder = Folder::new().krate("quota");
    let ran = folder.run("test quota --faults --filter closed --abi wapc --faults-timeout 0.000001").exits(2);
    ran.prints("1 passed, 0 failed").tells("error: the time for runs with faults was up before ");
    folder.run("test quota --faults-timeout 1").exits(2).tells("--faults");
}

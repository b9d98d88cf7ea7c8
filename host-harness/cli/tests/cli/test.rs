//! `cargo admit test`.

use serde_json::{Value, json};

use crate::support::{Folder, Ran};

#[test]
fn every_case_on_every_abi() {
    let ran = Folder::new().krate("labels").run("test labels").exits(0);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let names: Vec<&str> = lines.iter().filter_map(|l| l.strip_prefix("ok    ")?.split_whitespace().next()).collect();
    assert_eq!(names, ["typo", "wapc-only", "with", "without"]);
    let with = lines.iter().find(|line| line.starts_with("ok    with ")).expect("the case");
    assert!(with.contains(" wapc ") && with.contains(" wasi ") && with.matches(" fuel").count() == 2, "{with}");
    assert_eq!(lines.last(), Some(&"4 cases × 2 ABIs: 7 passed, 0 failed, 1 skipped"));
    assert!(!ran.stdout.contains('\u{1b}'));
    ran.prints("labels-wapc.wasm").prints("labels-wasi.wasm");
}

/// The first command of README.
#[test]
fn the_example_passes() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/pod-privileged");
    let ran = Folder::new().run(&format!("test {example}")).exits(0);
    let cases = std::fs::read_dir(format!("{example}/cases")).unwrap();
    let cases = cases.filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|e| e == "yaml")).count();
    // Seven are about what Chainloop does not ask, or knows before it asks.
    ran.prints(&format!("{cases} cases × 3 ABIs: {} passed, 0 failed, 7 skipped", cases * 3 - 7));
}

/// What an editor or a merge leaves beside a case is no case.
#[test]
fn leftovers_of_editing_are_no_cases() {
    let case = format!("object: {}\nexpect: accept\n", crate::support::POD);
    let folder = Folder::new().answers(r#"{"valid": true}"#, r#"{"accepted": true}"#).file("cases/plain.yaml", &case);
    let folder =
        ["plain.yaml~", "plain.yaml.orig", "#plain.yaml#", "plain.yaml.rej", "long/case.yaml", "long/case.yaml~"]
            .iter()
            .fold(folder, |folder, name| folder.file(&format!("cases/{name}"), &case));
    folder.run("test policy.wasm").exits(0).prints("2 cases × 1 ABI: 2 passed, 0 failed");
    folder.file("cases/plain.txt", &case).run("test policy.wasm").exits(2).tells("plain.txt: not a case");
}

const POLICY_FILE: &str = "\
apiVersion: chainloop.dev/v1
kind: Policy
metadata: { name: plain }
spec: { policies: [{ kind: EVIDENCE, path: policy.wasm }] }
";

/// A module in any language is tested where it is.
#[test]
fn a_policy_file_with_cases_beside_it() {
    let folder = Folder::new()
        .chainloop(r#"{"violations": ["a", "b"]}"#, POLICY_FILE)
        .file("cases/right.yaml", "material: {x: 1}\nexpect: {verdict: fail, violations: [a, {contains: b}]}\n")
        .file("cases/_shared/doc.json", "{}");
    let ran = folder.run("test policy.yaml").exits(0);
    assert_eq!(ran.stdout.lines().count(), folder.run("test").exits(0).stdout.lines().count(), "the folder is enough");
    ran.prints("ok    right  chainloop").prints("1 case × 1 ABI: 1 passed, 0 failed");
    let folder = folder
        .file(
            "cases/wrong.yaml",
            "material: {file: _shared/doc.json}\nkind: EVIDENCE\nexpect: {verdict: fail, violations: [a]}\n",
        )
        .file("cases/verdict.yaml", "material: [1]\nexpect: success\n");
    let ran = folder.run("test policy.yaml").exits(1);
    let ran = ran.prints("violations[1]  cases/wrong.yaml:3\n          expected  (none)\n          actual    b\n");
    ran.prints("expected  success\n          actual    fail: a; b\n").prints("3 cases × 1 ABI: 1 passed, 2 failed");
    let typo = folder.file("cases/wrong.yaml", "material: {x: 1}\ninputs: {mx: 3}\nexpect: {verdict: fail}\n");
    let declared = POLICY_FILE.replace("spec: {", "spec: { inputs: [{name: max}], ");
    let ran = typo.file("policy.yaml", declared).run("test policy.yaml --filter wrong").exits(1);
    ran.prints(
        "warnings[0]  cases/wrong.yaml:3\n          expected  (none)\n          actual    argument \"mx\" not defined in policy \"plain\"",
    );
    let folder = Folder::new().chainloop(r#"{"violations": ["a", "b"]}"#, POLICY_FILE);
    folder.run("test policy.yaml").exits(2).tells("material: { results: [] }");
    let one = folder.file("cases/wrong.yaml", "material: {x: 1}\nexpect: accept\n");
    one.run("test policy.yaml")
        .exits(2)
        .tells("wrong.yaml:2:1: expect: `accept` is not a verdict; use success, fail, skip, ignore or error");
}

/// So is one without a file about it; the cases can be elsewhere.
#[test]
fn a_module_of_whoever() {
    let settings = r#"{"valid": true}"#;
    let folder = Folder::new()
        .answers(settings, r#"{"accepted": false, "message": "nope", "code": 403}"#)
        .file(
            "cases/right.yaml",
            "object: {apiVersion: v1, kind: Pod}\nexpect: {verdict: reject, message: nope, code: 403}\n",
        )
        .file("other/wrong.yaml", "object: {apiVersion: v1, kind: Pod}\nexpect: accept\n");
    let ran = folder.run("test policy.wasm").exits(0).prints("policy.wasm\nok    right  wapc");
    ran.prints("1 case × 1 ABI: 1 passed, 0 failed").prints(" bytes)  policy.wasm\n");
    let ran = folder.run("test policy.wasm --cases other --faults").exits(1);
    ran.prints("FAIL  wrong").prints("expected  accept\n          actual    reject: nope");
    folder.run("test policy.wasm --abi wapc,wasi").exits(2).tells("policy.wasm: is a module for wapc, not for wasi");
    folder.run("test policy.wasm --debug-info").exits(2).tells("`--debug-info` is for policy crates");
    folder.run("test policy.wasm --cases nowhere").exits(2).tells("nowhere");
    folder.run("test nothing.wasm").exits(2).tells("nothing.wasm");
    folder.run("test cases/right.yaml").exits(2).tells("right.yaml");
}

/// Cases of a policy crate can be elsewhere as well, and those of a Chainloop policy.
#[test]
fn cases_of_another_folder() {
    let folder = Folder::new()
        .krate("labels")
        .file("more/plain.yaml", "object: {apiVersion: v1, kind: Pod}\nsettings: {required: a}\nexpect: reject\n");
    folder.run("test labels --cases more").exits(0).prints("1 case × 2 ABIs: 2 passed, 0 failed");
    let folder = Folder::new()
        .chainloop(r#"{"violations": []}"#, POLICY_FILE)
        .file("more/plain.yaml", "material: {x: 1}\nexpect: success\n");
    folder.run("test policy.yaml --cases more").exits(0).prints("1 case × 1 ABI: 1 passed, 0 failed");
    // Without the file, everything about the policy is in the module.
    let module = folder.run("test policy.wasm --cases more").exits(0);
    module.prints("policy.wasm\nok    plain  chainloop");
}

#[test]
fn a_failed_case_is_1_and_tells_every_difference() {
    let case = "about: how it should be\nobject: {apiVersion: v1, kind: Pod}\nsettings: {required: owner}\nexpect: {verdict: reject, \
                message: \"/metadata/labels: label owned is missing\", code: 403, warnings: [w]}\n";
    let folder = Folder::new().krate("labels").file("labels/cases/wrong.yaml", case);
    let ran = folder.run("test labels --filter w").exits(1);
    let report = ran.stdout.split_once("FAIL  wrong").expect("the failed case").1;
    let parts = [
        "      how it should be\n",
        "      on wapc, wasi\n",
        "        message  labels/cases/wrong.yaml:4\n",
        "          expected  /metadata/labels: label owned is missing\n",
        "          actual    /metadata/labels: label owner is missing\n",
        "^ from here\n",
        "        code  labels/cases/wrong.yaml:4\n          expected  403\n          actual    (none)\n",
        "        warnings[0]  labels/cases/wrong.yaml:4\n          expected  w\n          actual    (none)\n",
        "fuel",
        "4 cases × 2 ABIs: 5 passed, 2 failed, 1 skipped\n",
    ];
    let mut rest = report;
    for part in parts {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("no `{part}` where it should be:\n{}", ran.stdout)).1;
    }
    assert_eq!(rest, "");
}

#[test]
fn json_for_programs() {
    let folder = Folder::new().krate("labels").file("labels/cases/wrong.yaml", "raw: {}\nexpect: accept\n");
    let ran = folder.run("test labels --abi wapc --format json --filter w").exits(1);
    let report = ran.json();
    assert_eq!(report["package"], "labels");
    assert_eq!(report["summary"], json!({"cases": 4, "passed": 3, "failed": 1, "skipped": 0}));
    assert_eq!(report["modules"][0]["abi"], "wapc");
    let run = |name: &str| -> Value {
        report["runs"].as_array().expect("runs").iter().find(|run| run["case"] == name).expect("a run").clone()
    };
    assert_eq!(run("with")["differences"], json!([]));
    assert!(run("with")["fuel"].as_u64().expect("fuel") > 1000);
    assert_eq!(run("wrong")["differences"][0]["field"], "verdict");
    assert_eq!(run("wrong")["passed"], false);
}

fn cases(files: &[(&str, &str)]) -> Ran {
    let mut folder = Folder::new().krate("program");
    for (name, content) in files {
        folder = folder.file(&format!("program/cases/{name}"), content);
    }
    folder.run("test program")
}

#[test]
fn a_policy_of_another_toolkit() {
    cases(&[("a.yaml", "raw: shop\nexpect: accept\n"), ("b.json", r#"{"raw": 1, "expect": "reject"}"#)])
        .exits(0)
        .prints("2 cases × 1 ABI: 2 passed, 0 failed\n");
}

#[test]
fn no_case_is_2_and_not_success() {
    cases(&[]).exits(2).tells("there are no cases in ").prints_nothing();
    cases(&[("a.yaml", "raw: 1\nonly: [wapc]\nexpect: accept\n")])
        .exits(2)
        .tells("no case runs on wasi")
        .prints_nothing();
    let folder = Folder::new().krate("labels");
    folder
        .run("test labels --filter nothing")
        .exits(2)
        .tells("no case has `nothing` in its name; there are 4 cases: `");
}

#[test]
fn broken_cases_are_2_and_all_of_them_are_told() {
    let ran = cases(&[
        ("a.yaml", "raw: 1\nexpcet: accept\n"),
        ("b.yaml", "raw: [\n"),
        ("c.yaml", "raw: 1\nexpect: accept\n"),
    ]);
    ran.exits(2)
        .prints_nothing()
        .tells("error: program/cases/a.yaml:2:1: expcet: unknown key; did you mean `expect`?")
        .tells("program/cases/b.yaml:1:6: not valid YAML");
}

#[test]
fn a_policy_that_does_not_compile_is_4() {
    Folder::new().krate("broken").run("test broken").exits(4).prints_nothing().tells("mismatched types");
}

#[test]
fn a_folder_with_a_module_offers_it() {
    let folder = Folder::new().answers("{}", "{}").file("p/other.txt", "");
    folder.run("test").exits(2).tells(
        "there is no Cargo.toml in .; give the folder of a policy crate, or the module that is in it: ./policy.wasm\n",
    );
    let ran = folder.run("test p").exits(2).tells("there is no Cargo.toml in p");
    assert!(!ran.stderr.contains("module"), "{}", ran.stderr);
}

/// What no SDK lets an author write, other toolchains do: a mutation whatever the request is.
#[test]
fn laws_of_mutations() {
    let pod = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "default", "labels": {"edited": "yes"}}}"#;
    let before = r#"{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "default"}}"#;
    let accepted = format!(r#"{{"accepted": true, "mutated_object": {pod}}}"#);
    let case = format!("object: {before}\nexpect: {{verdict: accept, object: {pod}}}\n");
    let folder = Folder::new().answers(r#"{"valid": true}"#, &accepted).file("cases/edits.yaml", &case);
    let ran = folder.run("test policy.wasm").exits(1);
    ran.prints("law keeps-unknown-fields  cases/edits.yaml:2\n          expected  every field that the policy does not know stays\n")
        .prints("actual    lost: /metadata/admitCanary, /admitCanary\n")
        .prints("law no-mutation-on-delete  cases/edits.yaml:2\n          expected  no mutation on DELETE, which has no object\n");

    // The reasons of a suite are for all cases, and a case can have more.
    let folder = folder.file("cases/_suite.yaml", "waive:\n  keeps-unknown-fields: the answer is a constant\n");
    let told = folder.run("test policy.wasm").exits(1).stdout;
    assert!(told.contains("no-mutation-on-delete") && !told.contains("keeps-unknown"), "{told}");
    let case = format!("{case}waive: {{no-mutation-on-delete: nobody deletes it}}\n");
    let folder = folder.file("cases/edits.yaml", &case);
    folder.run("test policy.wasm").exits(0).prints("1 passed, 0 failed");

    // Not what it says of itself.
    let metadata = r#"{"rules": [{"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": ["CREATE"]}],
        "mutating": false}"#;
    let folder = folder.metadata(metadata);
    folder.run("test policy.wasm").exits(1).prints("law declares-mutating").prints("write `mutating: true`");

    let rejected = format!(r#"{{"accepted": false, "message": "no", "mutated_object": {pod}}}"#);
    // A case that wants it so does not make it right.
    let case = format!("object: {before}\nexpect: {{verdict: reject, object: {pod}}}\n");
    let folder = Folder::new().answers(r#"{"valid": true}"#, &rejected).file("cases/no.yaml", &case);
    folder.run("test policy.wasm").exits(1).prints("law no-patch-with-rejection");
}

#[test]
fn waivers_that_say_nothing() {
    let folder = Folder::new().answers(r#"{"valid": true}"#, r#"{"accepted": true}"#);
    let case = format!("object: {}\nexpect: accept\n", crate::support::POD);
    let mut folder = folder.file("cases/a.yaml", &case);
    for (suite, told) in [
        (
            "waive: {twice: because}\n",
            "cases/_suite.yaml:1:9: waive.twice: no law of mutations and no shape has this name; laws: ",
        ),
        ("waive: {twice-is-one: because}\n", "did you mean `twice-is-once`?"),
        ("waive: {twice-is-once: ' '}\n", "say why the policy need not keep to it"),
        ("waives: {}\n", "waives: unknown key; did you mean `waive`?"),
    ] {
        folder = folder.file("cases/_suite.yaml", suite);
        folder.run("test policy.wasm").exits(2).tells(told);
    }
}

#[test]
fn suites_that_cannot_fail() {
    const NOTE: &str = "vacuous: a policy that";
    let case = |expect: &str| format!("object: {}\nexpect: {expect}\n", crate::support::POD);
    let accepting = Folder::new().answers(r#"{"valid": true}"#, r#"{"accepted": true}"#);
    let accepting = accepting.file("cases/a.yaml", case("accept")).file("cases/b.yaml", case("accept"));
    let ran = accepting.run("test policy.wasm").exits(0);
    ran.prints("2 passed, 0 failed\nvacuous: a policy that accepts everything passes these cases as well; add one that is rejected\n");
    let document = accepting.run("test policy.wasm --format json").exits(0).json();
    assert_eq!(document["vacuous"], serde_json::json!(["always-accept", "identity-mutate"]));
    // A part of a suite need not show everything.
    assert!(!accepting.run("test policy.wasm --filter a").exits(0).stdout.contains(NOTE));
    // One case is enough, be it that it fails.
    let mixed = accepting.file("cases/c.yaml", case("reject"));
    assert!(!mixed.run("test policy.wasm").exits(1).stdout.contains(NOTE));

    let rejecting = Folder::new().answers(r#"{"valid": true}"#, r#"{"accepted": false, "message": "no Pods"}"#);
    let rejecting = rejecting.file("cases/a.yaml", case("reject"));
    let ran = rejecting.run("test policy.wasm").exits(0);
    ran.prints("vacuous: a policy that rejects everything passes these cases as well; add one that is accepted\n");
    let told = rejecting.file("cases/a.yaml", case("{verdict: reject, message: {contains: Pods}}"));
    assert!(!told.run("test policy.wasm").exits(0).stdout.contains(NOTE));

    let policy_file = "apiVersion: chainloop.dev/v1\nkind: Policy\nmetadata: {name: licenses, description: d, annotations: {category: c}}\n\
                       spec: {policies: [{kind: EVIDENCE, path: policy.wasm}]}\n";
    let material = "material: {a: 1}\nexpect: success\n";
    let evaluating = Folder::new().chainloop(r#"{"violations": [], "skipped": false}"#, policy_file);
    let ran = evaluating.file("cases/a.yaml", material).run("test policy.yaml").exits(0);
    ran.prints("vacuous: a policy that accepts everything passes");
}

#[test]
fn a_table_of_cases() {
    let pod = crate::support::POD;
    let table = format!(
        "# All of them.\nobject: {pod}\nexpect: reject\ncases:\n  - case: as it is\n  - case: of a team\n    set: {{/metadata/labels/team: a}}\n    \
         expect: {{verdict: reject, message: no Pods}} # why\n  - {{case: new, settings: {{a: 1}}, expect: accept}}\n"
    );
    let folder = Folder::new().answers(r#"{"valid": true}"#, r#"{"accepted": false, "message": "no Pods"}"#);
    let folder = folder.file("cases/pods.yaml", &table);
    let ran = folder.run("test policy.wasm").exits(1);
    ran.prints("ok    pods[as it is]   wapc").prints("ok    pods[of a team]").prints("FAIL  pods[new]");
    folder.run("test policy.wasm --filter team]").exits(0).prints("1 case × 1 ABI: 1 passed");

    folder.run("test policy.wasm --bless").exits(0).prints("blessed  pods[new]").prints("3 passed");
    let text = std::fs::read_to_string(folder.path().join("cases/pods.yaml")).expect("a file");
    assert_eq!(text, table.replace("expect: accept", "expect: { verdict: reject, message: no Pods }"));

    let mut folder = folder;
    for (rows, told) in [
        ("[]", "cases/pods.yaml:3:1: cases: has no cases"),
        ("[{expect: accept}]", "cases/pods.yaml:3:9: cases[0].case: missing; it is the name of the case"),
        (
            "[{case: a, expect: accept}, {case: a, expect: accept}]",
            "cases/pods.yaml:3:37: cases[1].case: there is another case of this name",
        ),
        ("[{case: a}]", "cases/pods.yaml:3:9: cases[0].expect: missing"),
        (
            "[{case: a, expect: acept}]",
            "cases/pods.yaml:3:19: cases[0].expect: `acept` is not a verdict; did you mean `accept`?",
        ),
        ("[{case: a, expct: accept}]", "cases/pods.yaml:3:19: cases[0].expct: unknown key; did you mean `expect`?"),
        ("[{case: a, expect: accept, set: {spec: 1}}]", "cases[0].set.spec: the key must be a JSON pointer"),
        ("[{case: a, expect: accept, set: {/metadata/name/a: 1}}]", "there is nothing below `a`"),
        ("[{case: a, expect: accept, cases: []}]", "cases[0].cases: unknown key"),
        (
            "[{case: a, expect: accept, object: {kind: Pod}, set: {/kind: Job}}]",
            "cases[0].object: expected a Kubernetes object",
        ),
        ("{a: 1}", "cases/pods.yaml:3:1: cases: must be an array, found an object"),
    ] {
        folder = folder.file("cases/pods.yaml", format!("# A table.\nobject: {pod}\ncases: {rows}\n"));
        folder.run("test policy.wasm").exits(2).tells(told);
    }
    // It is the key of a table only.
    folder = folder.file("cases/pods.yaml", format!("object: {pod}\nexpect: accept\ncase: a\n"));
    folder.run("test policy.wasm").exits(2).tells("cases/pods.yaml:3:1: case: unknown key");
}

/// Documents and texts of several lines are told as the lines that differ, in colour on a terminal.
#[test]
fn lines_that_differ() {
    let message = "containers:\n- web\n- proxy\nare privileged";
    let folder = Folder::new()
        .answers(r#"{"valid": true}"#, &json!({ "accepted": false, "message": message }).to_string())
        .file("cases/text.yaml", format!("object: {}\nexpect:\n  verdict: reject\n  message: |-\n    containers:\n    - web\n    are privileged\n", crate::support::POD));
    let ran = folder.run("test policy.wasm").exits(1);
    ran.prints("        message  cases/text.yaml:4\n          - expected  + actual\n            containers:\n            - web\n          + - proxy\n            are privileged\n");
    let coloured = folder.run_with("test policy.wasm", "", &[("CLICOLOR_FORCE", "1")]).exits(1);
    coloured.prints("          \u{1b}[1m\u{1b}[31m+ - proxy\u{1b}[0m\n");

    let object = |image: &str| {
        json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web", "namespace": "default" },
        "spec": { "containers": [{ "name": "web", "image": "nginx" }, { "name": "proxy", "image": image, "args": ["--a", "--b"] }] } })
    };
    let operation = |image: &str| json!({ "op": "add", "path": "/spec/containers/1", "value": object(image)["spec"]["containers"][1] });
    let case = json!({
        "object": { "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "web", "namespace": "default" },
            "spec": { "containers": [{ "name": "web", "image": "nginx" }] } },
        "expect": { "verdict": "accept", "patch": [operation("proxy:1")] },
    });
    let folder = Folder::new()
        .answers(r#"{"valid": true}"#, &json!({ "accepted": true, "mutated_object": object("proxy:2") }).to_string())
        .file("cases/patch.json", serde_json::to_string_pretty(&case).expect("JSON"));
    let ran = folder.run("test policy.wasm").exits(1);
    ran.prints("          -     \"image\": \"proxy:1\",\n          +     \"image\": \"proxy:2\",\n");
}

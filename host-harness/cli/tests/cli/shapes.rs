//! `cargo admit test --shapes`, on a policy that forgets to look somewhere.

use serde_json::{Value, json};

use crate::support::{Folder, POD, Ran};

const GUEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/guests/rust/forgetful");

/// A Pod with a privileged container.
const PRIVILEGED: &str = r#"{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop }, spec: { containers: [{ name: web, image: nginx, securityContext: { privileged: true } }] } }"#;

/// The suite that lifts what the guest's rules are told of.
const DELIVERED: &str = "waive: { rules-deliver: the test is about something else }\n";

fn case(object: &str, forgets: &str) -> String {
    format!("object: {object}\nsettings: {{ forgets: {forgets} }}\nexpect: {{ verdict: reject }}\n")
}

fn moved(folder: &Folder) -> Ran {
    folder.run(&format!("test {GUEST} --cases cases --shapes"))
}

/// The guest with this fault, asked about one privileged Pod.
fn forgetting(what: &str) -> Ran {
    let folder =
        Folder::new().file("cases/privileged.yaml", case(PRIVILEGED, what)).file("cases/_suite.yaml", DELIVERED);
    moved(&folder)
}

/// The findings of a report: its lines behind `FAIL`.
fn failures(ran: &Ran) -> Vec<&str> {
    ran.stdout.lines().filter_map(|line| line.strip_prefix("FAIL  ")).collect()
}

const SLIPPED: &str = "on wapc, wasi: accepted, although the case is rejected";

fn slips(shape: &str) -> String {
    format!("privileged as {shape} {SLIPPED}")
}

#[test]
fn nothing_slips_past_a_policy_that_looks_everywhere() {
    let ran = forgetting("nothing").exits(0);
    assert_eq!(failures(&ran), [""; 0]);
    let last = "24 moved violations: 24 rejected, 0 accepted, 0 without an answer; 2 DELETEs: 0 broke the policy; \
                1 never delivered by the rules; 2 of these waived";
    assert_eq!(ran.stdout.lines().last(), Some(last), "{}", ran.stdout);
    ran.prints("waived    rules-deliver of privileged: the test is about something else\n");
}

#[test]
fn each_place_that_is_forgotten_is_told() {
    for (forgets, shapes) in [
        ("init-containers", &["init-containers"][..]),
        ("ephemeral-containers", &["ephemeral-containers"]),
        ("second-container", &["second-container"]),
        ("cron-jobs", &["cron-job"]),
        ("updates", &["update"]),
        ("dry-runs", &["dry-run"]),
        (
            "templates",
            &["deployment", "replica-set", "stateful-set", "daemon-set", "job", "cron-job", "replication-controller"],
        ),
    ] {
        let ran = forgetting(forgets).exits(1);
        let expected: Vec<String> = shapes.iter().map(|shape| slips(shape)).collect();
        assert_eq!(failures(&ran), expected, "{forgets}:\n{}", ran.stdout);
        assert!(ran.stdout.contains("2 passed, 0 failed"), "the case itself passes:\n{}", ran.stdout);
        let hint = format!("say why: waive: {{ {}: … }} in the case, or for all in cases/_suite.yaml", shapes[0]);
        ran.prints(&hint);
    }
}

#[test]
fn what_slipped_through_is_shown() {
    let ran = forgetting("init-containers").exits(1);
    ran.prints("asked   CREATE of Pod shop/web\n")
        .prints(r#""containers":[{"image":"nginx","name":"harmless"}],"initContainers":[{"image":"nginx","name":"web","securityContext":{"privileged":true}}]"#);
    let ran =
        forgetting("ephemeral-containers").exits(1).prints("asked   UPDATE of pods/ephemeralcontainers shop/web\n");
    ran.prints(r#""ephemeralContainers":[{"image":"nginx","name":"web","securityContext":{"privileged":true}}]"#);
    forgetting("cron-jobs").exits(1).prints("asked   CREATE of CronJob shop/web\n").prints("restartPolicy");
}

#[test]
fn a_policy_that_breaks_on_a_delete() {
    let ran = forgetting("deletes").exits(1).prints("asked   DELETE of Pod shop/web\n");
    assert_eq!(failures(&ran), ["privileged as delete on wapc, wasi: the policy breaks on the DELETE of its object"]);
    let ran = ran.prints("rules   it shows with other rules only: none of its rules names DELETE of pods\n");
    ran.prints("said    ").prints("every request has an object").prints("2 DELETEs: 2 broke the policy");
    // It is asked about what is accepted as well.
    let accepted = format!("object: {POD}\nsettings: {{ forgets: deletes }}\nexpect: accept\n");
    let accepted = accepted.replace("}}", r#"}, "spec": {"containers": []}}"#);
    let ran = moved(&Folder::new().file("cases/fine.yaml", accepted)).exits(1);
    assert_eq!(failures(&ran), ["fine as delete on wapc, wasi: the policy breaks on the DELETE of its object"]);
}

#[test]
fn rules_that_never_deliver_what_is_rejected() {
    let privileged = || Folder::new().file("cases/privileged.yaml", case(PRIVILEGED, "nothing"));
    let ran = moved(&privileged()).exits(1).prints("asked   UPDATE of pods/ephemeralcontainers shop/web\n");
    let why = "rules-deliver on wapc, wasi: none of its rules names the subresource pods/ephemeralcontainers; rules that name a \
               resource do not name what is below it";
    assert_eq!(failures(&ran), [why]);
    ran.prints("but     the policy rejects it when it is asked: privileged as ephemeral-containers\n");
    // Its rules have CREATE of CronJobs only, and these can be changed.
    let cron_job = "{ apiVersion: batch/v1, kind: CronJob, metadata: { name: nightly, namespace: shop }, spec: { jobTemplate: { spec: \
                    { template: { spec: { containers: [{ name: web, image: nginx, securityContext: { privileged: true } }] } } } } } }";
    let suite = "waive: { ephemeral-containers: nobody may add one }\n";
    let folder = Folder::new().file("cases/nightly.yaml", case(cron_job, "nothing")).file("cases/_suite.yaml", suite);
    let ran = moved(&folder).exits(1).prints("the policy rejects it when it is asked: nightly as update\n");
    assert_eq!(failures(&ran), ["rules-deliver on wapc, wasi: none of its rules names UPDATE of batch/cronjobs"]);
    ran.prints("waived    rules-deliver of nightly: nobody may add one\n");
}

/// What is not in a container does not become harmless by moving containers.
#[test]
fn what_is_elsewhere_raises_no_false_alarm() {
    let network = "{ apiVersion: v1, kind: Pod, metadata: { name: web, namespace: shop }, spec: { hostNetwork: true, containers: [{ name: web, image: nginx }] } }";
    let folder = Folder::new().file("cases/network.yaml", case(network, "init-containers"));
    let ran = moved(&folder).exits(0).prints(
        "left out  network: it is rejected with harmless containers as well, so they are not moved; not asked: init-containers, \
         ephemeral-containers, second-container\n",
    );
    ran.prints("18 moved violations: 18 rejected");
    let folder = folder.file("cases/network.yaml", case(network, "templates"));
    assert_eq!(failures(&moved(&folder).exits(1)).len(), 7, "it is moved to the other kinds");
}

/// Probes are for containers that stay: where they cannot be, they cannot be missing.
#[test]
fn what_cannot_be_in_another_list_is_not_moved_there() {
    let pod = |container: &str| {
        format!("{{ apiVersion: v1, kind: Pod, metadata: {{ name: web }}, spec: {{ containers: [{container}] }} }}")
    };
    let with = |object: String, verdict: &str| {
        format!("object: {object}\nsettings: {{ forgets: nothing, probes: true }}\nexpect: {{ verdict: {verdict} }}\n")
    };
    let probed = "{ name: web, image: nginx, livenessProbe: { tcpSocket: { port: 80 } } }";
    let folder = Folder::new()
        .file("cases/probed.yaml", with(pod(probed), "accept"))
        .file("cases/not-probed.yaml", with(pod("{ name: web, image: nginx }"), "reject"));
    let ran = moved(&folder).exits(0);
    let left_out =
        "left out  not-probed: what is rejected cannot be there; not asked: init-containers, ephemeral-containers\n";
    let ran = ran.prints(left_out);
    ran.prints("20 moved violations: 20 rejected");
}

/// Where there may be no such container at all, a container of another list is no violation.
#[test]
fn a_list_that_is_not_wanted_is_not_moved() {
    let pod = "{ apiVersion: v1, kind: Pod, metadata: { name: web }, spec: { containers: [{ name: web, image: nginx }], \
               ephemeralContainers: [{ name: debug, image: busybox }] } }";
    let case =
        format!("object: {pod}\nsettings: {{ forgets: nothing, no_debugging: true }}\nexpect: {{ verdict: reject }}\n");
    let folder = Folder::new().file("cases/debugged.yaml", case).file("cases/_suite.yaml", DELIVERED);
    let ran = moved(&folder).exits(0);
    ran.prints("left out  debugged: no list of its containers is rejected by itself; not asked: init-containers, ephemeral-containers, second-container\n")
        .prints("debugged: what is rejected cannot be there; not asked: deployment, replica-set, stateful-set, daemon-set, job, cron-job, replication-controller\n");
}

/// Which container is harmless, only the cases know.
#[test]
fn harmless_containers_are_those_of_accepted_cases() {
    let case = |image: &str, verdict: &str| {
        let pod = format!(
            "{{ apiVersion: v1, kind: Pod, metadata: {{ name: web }}, spec: {{ containers: [{{ name: web, image: {image} }}] }} }}"
        );
        let settings = "{ forgets: second-container, registry: example.com/ }";
        format!("object: {pod}\nsettings: {settings}\nexpect: {{ verdict: {verdict} }}\n")
    };
    let folder = Folder::new().file("cases/other.yaml", case("nginx", "reject")).file("cases/_suite.yaml", DELIVERED);
    let ran = moved(&folder).exits(0);
    ran.prints("left out  other: no container is known that the policy accepts in their place; not asked: init-containers, ephemeral-containers, second-container\n")
        .prints("left out  other: the cases have no object of its kind that is accepted in its place; not asked: update\n")
        .prints("16 moved violations: 16 rejected");
    let folder = folder.file("cases/own.yaml", case("example.com/web", "accept"));
    let ran = moved(&folder).exits(1);
    assert_eq!(failures(&ran), [format!("other as second-container {SLIPPED}")]);
    ran.prints(r#""containers":[{"image":"example.com/web","name":"harmless"},{"image":"nginx","name":"web"}]"#)
        .prints("24 moved violations: 22 rejected, 2 accepted");
}

#[test]
fn waivers_have_reasons_and_known_names() {
    let folder = Folder::new().file("cases/privileged.yaml", case(PRIVILEGED, "init-containers"));
    let waive = "waive:\n  init-containers: they may be\n  rules-deliver: they are deployed with others\n";
    let folder = folder.file("cases/_suite.yaml", waive);
    let ran = moved(&folder).exits(0).prints("waived    init-containers of privileged: they may be\n");
    ran.prints("2 accepted").prints("4 of these waived");
    let folder = folder.file("cases/_suite.yaml", "waive: {init-container: they may be}\n");
    moved(&folder).exits(2).tells("no law of mutations and no shape has this name; did you mean `init-containers`?");
}

#[test]
fn a_suite_turns_it_on_for_itself() {
    let case = case(PRIVILEGED, "init-containers");
    let folder = Folder::new()
        .file("cases/privileged.yaml", case)
        .file("cases/_suite.yaml", format!("{DELIVERED}shapes: true\n"));
    let test = format!("test {GUEST} --cases cases");
    folder.run(&test).exits(1).prints("privileged as init-containers");
    let folder = folder.file("cases/_suite.yaml", format!("{DELIVERED}shapes: false\n"));
    let ran = folder.run(&test).exits(0);
    assert!(!ran.stdout.contains("moved violations"), "{}", ran.stdout);
    let folder = folder.file("cases/_suite.yaml", "shapes: often\n");
    folder.run(&test).exits(2).tells("cases/_suite.yaml:1:1: shapes: must be true or false");
}

#[test]
fn moved_violations_for_programs() {
    let folder = Folder::new().file("cases/privileged.yaml", case(PRIVILEGED, "init-containers"));
    let report = folder.run(&format!("test {GUEST} --cases cases --shapes --format json --abi wapc")).exits(1).json();
    let summary = json!({
        "variants": 12, "rejected": 11, "accepted": 1, "no_answer": 0, "deletes_answered": 1, "deletes_that_broke": 0,
        "undelivered": 1, "failures": 2, "not_run": 0,
    });
    assert_eq!(report["shapes"]["summary"], summary);
    let runs = report["shapes"]["runs"].as_array().expect("runs");
    let of = |shape: &str| -> &Value { runs.iter().find(|run| run["shape"] == shape).expect("a run") };
    let slipped = of("init-containers");
    assert_eq!(
        (&slipped["fate"], &slipped["passed"], &slipped["waived"]),
        (&json!("accepted"), &json!(false), &json!(null))
    );
    let spec = json!({
        "containers": [{ "name": "harmless", "image": "nginx" }],
        "initContainers": [{ "name": "web", "image": "nginx", "securityContext": { "privileged": true } }],
    });
    assert_eq!(slipped["request"]["object"]["spec"], spec);
    assert_eq!(of("update")["asked"], "UPDATE of Pod shop/web");
    assert_eq!(of("dry-run")["asked"], "CREATE of Pod shop/web, a dry run");
    assert_eq!(of("update")["request"], json!(null), "what is as it should be is not kept");
    assert_eq!(report["shapes"]["undelivered"][0]["shape"], "ephemeral-containers");
    let told = |forgets: &str, shape: &str| -> Value {
        let folder = Folder::new().file("cases/privileged.yaml", case(PRIVILEGED, forgets));
        let report =
            folder.run(&format!("test {GUEST} --cases cases --shapes --format json --abi wasi")).exits(1).json();
        let runs = report["shapes"]["runs"].as_array().expect("runs");
        runs.iter().find(|run| run["shape"] == shape).expect("a run")["request"].clone()
    };
    let update = told("updates", "update");
    assert_eq!((&update["operation"], &update["options"]["kind"]), (&json!("UPDATE"), &json!("UpdateOptions")));
    assert_eq!(update["oldObject"]["spec"]["containers"], json!([{ "name": "harmless", "image": "nginx" }]));
    let debugged = told("ephemeral-containers", "ephemeral-containers");
    assert_eq!((&debugged["subResource"], &debugged["operation"]), (&json!("ephemeralcontainers"), &json!("UPDATE")));
    assert_eq!(debugged["oldObject"]["spec"].get("ephemeralContainers"), None);
    let deleted = told("deletes", "delete");
    assert_eq!((deleted.get("object"), &deleted["oldObject"]["kind"]), (None, &json!("Pod")));
    let cron_job = told("cron-jobs", "cron-job");
    assert_eq!(cron_job["resource"], json!({ "group": "batch", "version": "v1", "resource": "cronjobs" }));
    assert_eq!(cron_job["object"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["restartPolicy"], "Never");
    let without = folder.run(&format!("test {GUEST} --cases cases --format json --abi wapc")).exits(0).json();
    assert_eq!(without.get("shapes"), None);
}

#[test]
fn moved_violations_have_a_time_for_all_of_them() {
    let folder = Folder::new().file("cases/privileged.yaml", case(PRIVILEGED, "nothing"));
    let ran = folder.run(&format!("test {GUEST} --cases cases --shapes --shapes-timeout 0.000001 --abi wapc")).exits(1);
    ran.prints("FAIL  1 case was not looked at, because the time for moving violations was up");
}

/// There is no admission request to be moved.
#[test]
fn a_policy_file_has_no_shapes() {
    let file = "apiVersion: chainloop.dev/v1\nkind: Policy\nmetadata: { name: plain }\nspec: { policies: [{ kind: EVIDENCE, path: policy.wasm }] }\n";
    let folder = Folder::new()
        .chainloop(r#"{"violations": []}"#, file)
        .file("cases/right.yaml", "material: {x: 1}\nexpect: success\n");
    folder
        .run("test policy.yaml --shapes")
        .exits(2)
        .tells("`--shapes` is for policy crates and modules that are asked about requests");
    let folder = folder.file("cases/_suite.yaml", "shapes: true\n");
    folder
        .run("test policy.yaml")
        .exits(2)
        .tells("cases/_suite.yaml: `shapes` is for policies that are asked about requests");
}

/// What slips through is in the reports for a CI as well, at the case that shows it.
#[test]
fn reports_have_what_slips_through() {
    let folder = Folder::new()
        .file("cases/privileged.yaml", case(PRIVILEGED, "init-containers"))
        .file("cases/_suite.yaml", DELIVERED);
    let reports = "--report github=out/annotations --report junit=out/junit.xml";
    folder.run(&format!("test {GUEST} --cases cases --shapes {reports}")).exits(1);
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).expect("a report");
    let annotations = read("out/annotations");
    assert!(annotations.starts_with("::error file=cases/privileged.yaml,line="), "{annotations}");
    assert!(annotations.contains("title=case privileged%2C moved::privileged as init-container"), "{annotations}");
    let junit = read("out/junit.xml");
    assert!(
        junit.contains("(shapes)\" tests=\"1\" failures=\"1\"") && junit.contains("<failure type=\"shape\""),
        "{junit}"
    );
}

//! The laws of mutations, on policies that break them.

use std::fs;
use std::sync::LazyLock;

use admit_host::RunOptions;
use admit_host::case::{self, Case, Difference};
use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use crate::sdk::Built;

static LAWLESS: LazyLock<Built> = LazyLock::new(|| Built::new("tests/guests/rust/lawless"));

/// A fault, what the policy makes of the Pod by it, the law that is broken, and what is told of it.
type Fault = (&'static str, fn(&mut Value), Option<&'static str>, &'static str);

const FAULTS: [Fault; 6] = [
    ("none", |pod| pod["metadata"]["labels"]["lawless"] = "no".into(), None, ""),
    (
        "appends",
        |pod| pod["metadata"]["finalizers"] = json!(["example.com/last"]),
        Some("twice-is-once"),
        "add /metadata/finalizers/1 \"example.com/last\"",
    ),
    (
        "rejects-its-own",
        |pod| pod["metadata"]["labels"]["lawless"] = "yes".into(),
        Some("accepts-its-own"),
        "reject: the label `lawless` is reserved",
    ),
    (
        "old-type",
        |pod| pod["spec"]["containers"][0]["args"] = json!(["--safe"]),
        Some("keeps-unknown-fields"),
        "lost: /spec/containers/0/admitCanary, /spec/admitCanary",
    ),
    (
        "strict-type",
        |pod| pod["metadata"]["labels"]["lawless"] = "strict".into(),
        Some("keeps-unknown-fields"),
        "unknown field `admitCanary`",
    ),
    (
        "anonymous",
        |pod| pod["metadata"]["labels"]["lawless"] = "yes".into(),
        Some("leaves-server-fields"),
        "changed: /metadata/uid from \"",
    ),
];

pub(crate) fn trials() -> Vec<Trial> {
    let faults = FAULTS.iter().flat_map(|fault| {
        [("", false), ("::waived", true)].map(|(name, waived)| {
            Trial::test(format!("laws::{}{name}", fault.0), move || broken_is_told(fault, waived))
        })
    });
    faults.collect()
}

/// What it says, on both ABIs; nothing when the suite waives the law.
fn broken_is_told((fault, edit, law, says): &Fault, waived: bool) -> Result<(), Failed> {
    let case = case(fault, *edit, law.filter(|_| waived))?;
    for (abi, policy) in LAWLESS.each() {
        let run = case.run(policy, &RunOptions::default());
        match (law.filter(|_| !waived), run.differences.as_slice()) {
            (None, []) => {}
            (Some(law), [Difference { field, actual, .. }])
                if *field == format!("law {law}") && actual.contains(says) => {}
            (_, differences) => return Err(format!("{fault} on {abi}: {differences:#?}").into()),
        }
    }
    Ok(())
}

/// A case that a broken policy passes, but for the laws.
fn case(fault: &str, edit: fn(&mut Value), waived: Option<&str>) -> Result<Case, Failed> {
    let pod = json!({
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": { "name": "web", "namespace": "default", "labels": { "app": "web" } },
        "spec": { "containers": [{ "name": "web", "image": "web:1", "args": [] }], "volumes": [{ "name": "v", "emptyDir": {} }] },
    });
    let mut expected = pod.clone();
    edit(&mut expected);
    let expect = json!({ "verdict": "accept", "object": expected });
    let document = json!({ "object": pod, "settings": { "fault": fault }, "expect": expect });
    let dir = tempfile::tempdir()?;
    let cases = dir.path().join("cases");
    fs::create_dir(&cases)?;
    fs::write(cases.join("case.json"), document.to_string())?;
    if let Some(law) = waived {
        fs::write(cases.join("_suite.yaml"), format!("waive:\n  {law}: the test wants it so\n"))?;
    }
    let mut cases = case::load(&cases).map_err(|errors| errors[0].to_string())?;
    Ok(cases.remove(0))
}

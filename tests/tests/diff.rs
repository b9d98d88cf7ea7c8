//! What `admit_host::diff` finds, on policies that changed.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use admit_host::capabilities::World;
use admit_host::diff::{Change, Corpus, DiffOptions, Release, Report, Side, compare};
use admit_host::{CompiledPolicy, RunOptions, case};
use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value, json};

use crate::sdk::Built;
use crate::support;

static CHANGED: LazyLock<Built> = LazyLock::new(|| Built::new("tests/guests/rust/changed"));
static OURS: LazyLock<Built> = LazyLock::new(|| Built::new("examples/pod-privileged"));

/// A version, the change that it makes, of how many requests, what is said of a group, and what of the first of them.
type Version = (&'static str, Option<Change>, u64, (&'static str, &'static str), (&'static str, &'static str));

const NO_SIDE: (&str, &str) = ("", "");

#[rustfmt::skip]
const VERSIONS: [Version; 13] = [
    ("first", None, 0, NO_SIDE, NO_SIDE),
    ("labels-anew", None, 0, NO_SIDE, NO_SIDE),
    ("slow", None, 0, NO_SIDE, NO_SIDE),
    ("off-by-one", Some(Change::AcceptToReject), 2, ("", "/spec/replicas: N replicas are too many"), ("", "/spec/replicas: 3 replicas are too many")),
    ("panics", Some(Change::AcceptToError), 1, ("", "there are always replicas"), ("", "the policy trapped: the policy panicked at ")),
    ("fails", Some(Change::AcceptToError), 1, ("", "the policy reported an error: no replicas"), ("", "the policy reported an error: no replicas")),
    ("reworded", Some(Change::Message), 2, ("/spec/replicas: N replicas are too many", "/spec/replicas: not more than N replicas, and not N"), ("/spec/replicas: 4 replicas are too many", "/spec/replicas: not more than 3 replicas, and not 4")),
    ("recoded", Some(Change::Code), 2, ("422", "403"), ("422", "403")),
    ("relabelled", Some(Change::Mutation), 5, ("", "/metadata/labels/checked"), ("/metadata/labels/checked: \"yes\"", "/metadata/labels/checked: \"true\"")),
    ("warns", Some(Change::Warnings), 5, ("", "only N of N replicas"), ("", "only 0 of 3 replicas")),
    ("silent", Some(Change::FewerWarnings), 1, ("there is no replica", ""), ("there is no replica", "")),
    ("asks", Some(Change::HostCalls), 5, ("", "net/v1/dns_lookup_host"), ("", "net/v1/dns_lookup_host \"a.example\"")),
    ("annotates", Some(Change::AuditAnnotations), 5, ("", "replicas"), ("", "replicas=0")),
];

/// The names of the first versions are in the report.
const SUGGESTED: [(Change, Release); 4] = [
    (Change::AcceptToReject, Release::Major),
    (Change::Mutation, Release::Major),
    (Change::Warnings, Release::Minor),
    (Change::Message, Release::Patch),
];

pub(crate) fn trials() -> Vec<Trial> {
    let versions = VERSIONS.iter().flat_map(|version| {
        [("forwards", false), ("backwards", true)].map(|(name, backwards)| {
            Trial::test(format!("diff::{}::{name}", version.0), move || finds(version, backwards))
        })
    });
    versions.chain([Trial::test("diff::upstream", upstream)]).collect()
}

/// Deployments with no, one, three (twice), four and more replicas, and one that does not say how many.
fn deployments() -> Vec<Value> {
    let replicas = [json!(0), json!(1), json!(3), json!(3), json!(4), json!(10), Value::Null];
    let deployment = |(number, replicas): (usize, &Value)| {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": { "name": format!("web-{number}"), "namespace": "shop", "labels": { "app": "web" } },
            "spec": { "replicas": replicas, "template": { "spec": { "containers": [] } } },
        })
    };
    replicas.iter().enumerate().map(deployment).collect()
}

fn corpus(objects: &[Value]) -> Corpus {
    let lines: Vec<String> = objects.iter().map(Value::to_string).collect();
    let mut corpus = Corpus::new();
    corpus.add_stream("objects.json", Box::new(std::io::Cursor::new(lines.join("\n"))));
    corpus
}

fn side(policy: &CompiledPolicy, settings: Value) -> Side {
    let Value::Object(settings) = settings else { panic!("settings are an object") };
    let world = World::parse(b"dns: { a.example: [192.0.2.1] }", "world.yaml", Path::new(".")).expect("a world");
    Side {
        policy: policy.clone(),
        module: policy.abi().to_string(),
        sha256: [0; 32],
        settings,
        options: RunOptions { capabilities: Arc::new(world), ..RunOptions::default() },
    }
}

fn compared(objects: &[Value], old: &Side, new: &Side) -> Result<Report, Failed> {
    Ok(compare(corpus(objects), old, new, &DiffOptions::default(), |_| {})?)
}

/// The change of a version, between all ABIs; backwards, when the first version comes after it.
fn finds((version, change, count, group, first): &Version, backwards: bool) -> Result<(), Failed> {
    for (abi_before, before) in CHANGED.each() {
        for (abi_now, now) in CHANGED.each() {
            let mut names = [json!({ "version": "first" }), json!({ "version": version })];
            if backwards {
                names.reverse();
            }
            let [old, new] = names;
            let report = compared(&deployments(), &side(before, old), &side(now, new))?;
            let told = format!("{version} from {abi_before} to {abi_now}: {report:#?}");
            let change = if backwards { change.map(reversed) } else { *change };
            let found: Vec<(Change, u64)> = report.changes.iter().map(|(change, all)| (*change, all.count)).collect();
            let expected: Vec<(Change, u64)> = change.iter().map(|change| (*change, *count)).collect();
            if found != expected || (report.requests, report.changed) != (7, *count) {
                return Err(told.into());
            }
            let Some(change) = change else { continue };
            let turned = |side: &(&'static str, &'static str)| if backwards { (side.1, side.0) } else { *side };
            let groups = report.changes[&change].groups.largest_first();
            let [one] = groups.as_slice() else { return Err(told.into()) };
            let example = one.examples.first().ok_or("there is an example")?;
            // A group of mutations is made by the paths that differ.
            let group = if change == Change::Mutation { *group } else { turned(group) };
            let first = turned(first);
            let fits = one.was.contains(group.0)
                && one.is.contains(group.1)
                && example.was.contains(first.0)
                && example.is.contains(first.1)
                && example.subject.kind == "Deployment"
                && one.examples.len() == (*count).min(5) as usize;
            let suggested =
                SUGGESTED.iter().find(|(of, _)| *of == change).map_or(report.suggests, |(_, release)| *release);
            if !fits || report.suggests != suggested {
                return Err(told.into());
            }
        }
    }
    Ok(())
}

/// The change of the way back.
fn reversed(change: Change) -> Change {
    match change {
        Change::AcceptToReject => Change::RejectToAccept,
        Change::AcceptToError => Change::ErrorToAccept,
        Change::Warnings => Change::FewerWarnings,
        Change::FewerWarnings => Change::Warnings,
        Change::HostCalls => Change::FewerHostCalls,
        other => other,
    }
}

/// A module of upstream's SDK and ours are one policy, but for what their settings say.
fn upstream() -> Result<(), Failed> {
    let upstream = crate::peers::build("tests/peers/upstream-pod-privileged", admit_host::Abi::Wapc);
    let upstream = CompiledPolicy::from_bytes(support::engine(), &upstream)?;
    let cases = case::load(&support::repository().join("examples/pod-privileged/cases")).expect("the cases are valid");
    let objects: Vec<Value> = cases
        .iter()
        .filter_map(|case| match &case.admission()?.request {
            admit_host::request::Request::Kubernetes(request) => serde_json::to_value(request).ok(),
            admit_host::request::Request::Raw(_) => None,
        })
        .collect();
    for (abi, ours) in OURS.each() {
        let same = compared(&objects, &side(&upstream, Map::new().into()), &side(ours, Map::new().into()))?;
        let verdicts: Vec<&Change> = same.changes.keys().filter(|change| **change != Change::Error).collect();
        if same.requests < 14 || !verdicts.is_empty() {
            return Err(format!("{abi}: {same:#?}").into());
        }
        let skips = json!({ "skip_init_containers": true });
        let lenient = compared(&objects, &side(&upstream, Map::new().into()), &side(ours, skips))?;
        let accepted = lenient.changes.get(&Change::RejectToAccept).ok_or("nothing was let in")?;
        let groups = accepted.groups.largest_first();
        if !groups[0].was.contains("/initContainers/N: container `…` is privileged")
            || lenient.suggests != Release::Minor
        {
            return Err(format!("{abi}: {lenient:#?}").into());
        }
    }
    Ok(())
}

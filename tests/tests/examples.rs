//! The examples: every case on every ABI, and what happens when their host fails.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Arc, LazyLock};

use admit_host::artifact::{Artifact, BuildOptions, Project};
use admit_host::case::{self, Case, Fate, Reaction};
use admit_host::{Abi, CompiledPolicy, Deadline, RunOptions};
use libtest_mimic::{Failed, Trial};

use crate::support::{engine, repository};

/// What each example is built for.
const ABIS: &[(&str, &[Abi])] = &[
    ("commit-signed", &[Abi::Extism]),
    ("pod-privileged", &[Abi::Wapc, Abi::Wasi, Abi::Extism]),
    ("sbom-licenses", &[Abi::Extism]),
    ("signed-images", &[Abi::Wapc, Abi::Wasi]),
    ("unique-ingress-hosts", &[Abi::Wapc, Abi::Wasi]),
];

/// The examples by name, each built for every ABI when the first of its tests wants it.
static EXAMPLES: LazyLock<BTreeMap<String, Example>> = LazyLock::new(|| {
    let folders = fs::read_dir(repository().join("examples")).expect("the examples are there");
    let names = folders.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    names.map(|name| (name.clone(), LazyLock::new(Box::new(move || build(&name)) as Build))).collect()
});

type Build = Box<dyn FnOnce() -> Vec<CompiledPolicy> + Send>;
type Example = LazyLock<Vec<CompiledPolicy>, Build>;

fn build(name: &str) -> Vec<CompiledPolicy> {
    let project = Project::open(&repository().join("examples").join(name)).expect("the example is a policy");
    let artifacts = project.build_all(&[], &BuildOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let abis: Vec<_> = artifacts.iter().map(|artifact| artifact.abi).collect();
    assert!(ABIS.contains(&(name, &abis)), "{name} is built for {abis:?}");
    let of_kubewarden = |artifact: &&Artifact| artifact.abi != Abi::Extism;
    assert!(artifacts.iter().filter(of_kubewarden).all(|artifact| artifact.annotated), "{name} says what it is");
    let load = |path| CompiledPolicy::from_file(engine(), path).unwrap_or_else(|error| panic!("{error}"));
    artifacts.iter().map(|artifact| load(&artifact.path)).collect()
}

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (name, policies) in &*EXAMPLES {
        let cases = repository().join("examples").join(name).join("cases");
        let cases: Arc<[Case]> = case::load(&cases).unwrap_or_else(|errors| panic!("{}", errors[0])).into();
        assert!(cases.len() >= 10, "{name} has lost its cases");
        for index in 0..cases.len() {
            let (trial, cases) = (format!("examples::{name}::{}", cases[index].name), cases.clone());
            trials.push(Trial::test(trial, move || passes(&cases[index], policies)));
        }
        let moved = cases.clone();
        trials.push(Trial::test(format!("examples::{name}::shapes"), move || lets_nothing_slip(&moved, policies)));
        trials.push(Trial::test(format!("examples::{name}::faults"), move || fails_closed(&cases, policies)));
    }
    trials
}

fn passes(case: &Case, policies: &[CompiledPolicy]) -> Result<(), Failed> {
    let applicable: Vec<_> = policies.iter().filter(|policy| case.applies_to(policy.abi())).collect();
    assert!(!applicable.is_empty(), "the case runs nowhere");
    for policy in applicable {
        let run = case.run(policy, &RunOptions::default());
        if !run.passed() {
            return Err(format!("on {}: {:#?}", policy.abi(), run.differences).into());
        }
    }
    Ok(())
}

/// Whatever is rejected is rejected wherever it is, and the rules deliver it.
fn lets_nothing_slip(cases: &[Case], policies: &[CompiledPolicy]) -> Result<(), Failed> {
    let cases: Vec<Case> = cases.iter().map(|case| Case { shapes: true, ..case.clone() }).collect();
    let report = case::run_shapes(&cases, policies, &RunOptions::default(), Deadline::NEVER, |_, _| {});
    if let Some(wrong) = report.runs.iter().find(|run| run.is_wrong() || run.fate == Fate::NoAnswer) {
        return Err(format!("{wrong:#?}").into());
    }
    if let Some(undelivered) = report.undelivered.first() {
        return Err(format!("{undelivered:#?}").into());
    }
    Ok(())
}

/// Whatever the host does instead of answering, nothing gets in by it, and no policy traps over it.
fn fails_closed(cases: &[Case], policies: &[CompiledPolicy]) -> Result<(), Failed> {
    let report = case::run_faults(cases, policies, &RunOptions::default(), Deadline::NEVER, |_, _| {});
    assert!(report.left_out.is_empty(), "{:?}", report.left_out);
    for run in report.runs {
        if run.reaction == Reaction::Open || run.trapped {
            return Err(format!("{run:#?}").into());
        }
    }
    Ok(())
}

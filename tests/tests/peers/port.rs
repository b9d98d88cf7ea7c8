//! The port that the book shows (`docs/how-to/port-from-kubewarden-sdk.md`): a policy on the upstream SDK, and what became of it
//! on this project's.
//!
//! The cases are those of the port, and the upstream policy runs them, too. It passes the same ones, but for those whose names
//! begin with `differs-`: these are the differences that the chapter tells of. One case shows a broken law of mutations as well.

use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use admit_host::artifact::{BuildOptions, Project};
use admit_host::case::{self, Case, CaseRun, MutantOptions};
use admit_host::{Abi, CompiledPolicy, Deadline, RunOptions};
use libtest_mimic::{Failed, Trial};

use crate::support::{engine, repository};

/// What the upstream policy says to the cases with which it does not agree: what is not as expected, and what it is.
const DIFFERENT: [(&str, &str); 5] = [
    (
        "differs-delete",
        "verdict: error: the policy reported an error: error deserializing JSON data: invalid type: null, expected Pod",
    ),
    ("differs-ephemeral", "verdict: accept"),
    (
        "differs-malformed",
        "message: the policy reported an error: error deserializing JSON data: invalid type: integer `1`, expected a string",
    ),
    ("differs-newer-field", r#"patch[1]: {"op":"remove","path":"/spec/workloadRef"}"#),
    ("differs-typo", "verdict: accept"),
];

/// What is not asked by a case but by a law of mutations: the types of the upstream policy lose what they do not know.
const LAWS: [(&str, &str); 1] = [(
    "deployment",
    "law keeps-unknown-fields: lost: /metadata/admitCanary, /spec/selector/admitCanary, /spec/template/metadata/admitCanary, \
     /spec/template/spec/containers/0/admitCanary, /spec/template/spec/containers/1/admitCanary, and 4 more",
)];

static UPSTREAM: LazyLock<Built> = LazyLock::new(|| build("upstream-registries", Abi::Wapc));
static PORTED: LazyLock<Built> = LazyLock::new(|| build("ported-registries", Abi::Wapc));
static PORTED_AS_WASI: LazyLock<Built> = LazyLock::new(|| build("ported-registries", Abi::Wasi));

struct Built {
    policy: CompiledPolicy,
    path: PathBuf,
    size: u64,
}

fn folder(name: &str) -> PathBuf {
    repository().join("tests/peers").join(name)
}

fn build(name: &str, abi: Abi) -> Built {
    let project = Project::open(&folder(name)).expect("the policy crate is there");
    let artifact = project.build(Some(abi), &BuildOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let policy = CompiledPolicy::from_file(engine(), &artifact.path).unwrap_or_else(|error| panic!("{error}"));
    Built { policy, path: artifact.path, size: artifact.size }
}

pub(super) fn trials() -> Vec<Trial> {
    let cases = case::load(&folder("ported-registries").join("cases")).expect("the cases are valid");
    assert!(cases.len() >= 12, "the port has lost its cases");
    let differing = cases.iter().map(|case| case.name.as_str()).filter(|name| name.starts_with("differs-"));
    assert!(differing.eq(DIFFERENT.map(|(name, _)| name)), "each difference is a case");
    let (accepted, rejected) = (named(&cases, "deployment"), named(&cases, "foreign"));
    let mut trials: Vec<Trial> = cases
        .into_iter()
        .map(|case| Trial::test(format!("peers::port::{}", case.name), move || compare(&case)))
        .collect();
    trials.push(Trial::test("peers::port::costs", move || costs(&[accepted, rejected])));
    trials.push(Trial::test("peers::port::mutants", mutants));
    trials.push(Trial::test("peers::port::upstream_tests_compile", upstream_tests_compile));
    trials
}

fn named(cases: &[Case], name: &str) -> Case {
    cases.iter().find(|case| case.name == name).unwrap_or_else(|| panic!("there is no case {name}")).clone()
}

fn run<'c>(case: &'c Case, built: &Built) -> CaseRun<'c> {
    case.run(&built.policy, &RunOptions::default())
}

fn shown(run: &CaseRun<'_>) -> String {
    let lines = run.differences.iter().map(|found| format!("{}: {}", found.field, found.actual));
    lines.collect::<Vec<_>>().join("\n")
}

fn compare(case: &Case) -> Result<(), Failed> {
    for ported in [&*PORTED, &*PORTED_AS_WASI] {
        let ran = run(case, ported);
        if !ran.passed() {
            return Err(format!("the port, as {}:\n{}", ran.abi, shown(&ran)).into());
        }
    }
    let upstream = shown(&run(case, &UPSTREAM));
    let expected =
        DIFFERENT.iter().chain(&LAWS).find(|(name, _)| *name == case.name).map_or("", |(_, differences)| differences);
    if upstream == expected {
        Ok(())
    } else {
        Err(format!("the upstream policy:\n{upstream}\nexpected:\n{expected}").into())
    }
}

/// The chapter says how much less the port is.
fn costs(cases: &[Case]) -> Result<(), Failed> {
    let (upstream, ported) = (UPSTREAM.size, PORTED.size);
    assert!(ported * 5 < upstream, "{ported} bytes, and upstream {upstream}");
    for case in cases {
        let (upstream, ported) = (run(case, &UPSTREAM).trace.fuel, run(case, &PORTED).trace.fuel);
        assert!(ported * 3 < upstream * 2, "{}: {ported} units of fuel, and upstream {upstream}", case.name);
    }
    Ok(())
}

/// A module without a name and without a line: what is changed is what its cases reach.
fn mutants() -> Result<(), Failed> {
    let mut cases = case::load(&folder("ported-registries").join("cases")).expect("the cases are valid");
    // The upstream policy passes these, but for the law of fields that it does not know.
    cases.retain(|case| !case.name.starts_with("differs-") && run(case, &UPSTREAM).passed());
    let module = std::fs::read(&UPSTREAM.path)?;
    let how = MutantOptions { folder: None, most: 40, deadline: Deadline::NEVER };
    let report = case::run_mutants(&cases, &module, engine(), &RunOptions::default(), how, |_, _| {})?;
    assert!(!report.by_lines && report.left_out.is_empty(), "{report:?}");
    assert_eq!(report.mutants.len(), 40, "those that are reached are as many as were asked for");
    assert_eq!(report.not_reached(), report.unreached, "a sample is of what is reached");
    assert!(report.killed() > 10 && report.sampled_out > 1000, "{report:?}");
    Ok(())
}

/// The chapter shows one of them. They are compiled, not run: that would compile k8s-openapi once more, for this machine.
fn upstream_tests_compile() -> Result<(), Failed> {
    let folder = folder("upstream-registries");
    let mut cargo = Command::new("cargo");
    cargo.args(["check", "--quiet", "--tests", "--config", "profile.dev.package.\"*\".opt-level=0"]);
    let output = cargo.args(["--package", "upstream-registries"]).current_dir(folder).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned().into()) }
}

//! Policies written with the SDK, as real modules, on both ABIs: the answers, the host calls, the log, panics, and what
//! the modules import.

pub(crate) mod chainloop;
mod markers;
mod mutation;
mod raw;
mod settings_schema;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use admit_host::artifact::{Artifact, BuildOptions, Project};
use admit_host::capabilities::{Grants, HostCapabilities, Scripted};
use admit_host::outcome::{EvaluationOutcome, Failure};
use admit_host::request::Request;
use admit_host::{Abi, CompiledPolicy, RunOptions};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::support::{self, answering};

/// A policy crate of this repository on both ABIs, built once.
pub(crate) struct Built(BTreeMap<&'static str, (CompiledPolicy, Artifact)>);

impl Built {
    pub(crate) fn new(folder: &str) -> Self {
        let project = Project::open(&support::repository().join(folder)).expect("the policy crate is there");
        assert!(project.abis().starts_with(&[Abi::Wapc, Abi::Wasi]));
        Self(
            [("wapc", Abi::Wapc), ("wasi", Abi::Wasi)]
                .into_iter()
                .map(|(name, abi)| {
                    let artifact = project.build(Some(abi), &BuildOptions::default()).expect("the policy builds");
                    let compiled = CompiledPolicy::from_file(support::engine(), &artifact.path).expect("it loads");
                    assert_eq!(compiled.abi(), abi);
                    (name, (compiled, artifact))
                })
                .collect(),
        )
    }

    pub(crate) fn each(&self) -> impl Iterator<Item = (&'static str, &CompiledPolicy)> {
        self.0.iter().map(|(name, (policy, _))| (*name, policy))
    }
}

static PROBE: LazyLock<Built> = LazyLock::new(|| Built::new("tests/guests/rust/probe"));
static EXAMPLE: LazyLock<Built> = LazyLock::new(|| Built::new("examples/pod-privileged"));

pub(crate) fn trials() -> Vec<Trial> {
    let own = trials![
        answers,
        errors_reach_the_host,
        panics_are_readable,
        backtraces_show_source_lines_on_request,
        logs_are_structured,
        capabilities_answer_and_fail,
        typed_capabilities_reach_the_host,
        settings_are_checked,
        imports_are_linked_when_they_are_used,
        mutation_keeps_what_it_does_not_know,
        wasi_stderr_needs_nothing_of_the_host,
        cost_grows_with_the_request_and_not_faster,
        the_example_is_small_and_cheap,
    ];
    own.into_iter()
        .chain(chainloop::trials())
        .chain(markers::trials())
        .chain(mutation::trials())
        .chain(raw::trials())
        .chain(settings_schema::trials())
        .collect()
}

fn pod() -> Request {
    support::request(
        r#"{"uid": "u-1", "operation": "CREATE", "object": {"metadata": {"name": "web", "labels": {}}, "fromTheFuture": {"x": [1.50, null]}}}"#,
    )
}

fn run(policy: &CompiledPolicy, settings: Value, options: &RunOptions) -> EvaluationOutcome {
    let Value::Object(settings) = settings else { panic!("settings are an object") };
    policy.validate(&pod(), &settings, options)
}

fn answers() {
    for (abi, policy) in PROBE.each() {
        let accepted = run(policy, json!({}), &RunOptions::default());
        assert!(accepted.response.allowed, "{abi}: {accepted:?}");
        assert_eq!(accepted.response.uid, "u-1");
        let rejected = run(policy, json!({"action": "reject_with_everything"}), &RunOptions::default());
        assert_eq!(
            serde_json::to_value(&rejected.response).unwrap(),
            json!({
                "uid": "u-1",
                "allowed": false,
                "status": {"message": "the first reason; /spec: the second reason", "code": 422},
                "auditAnnotations": {"key": "value"},
                "warnings": ["a warning"],
            }),
            "{abi}"
        );
    }
}

fn errors_reach_the_host() {
    for (abi, policy) in PROBE.each() {
        let failed = run(policy, json!({"action": "fail"}), &RunOptions::default());
        assert_eq!(failed.result, Err(Failure::Guest("the policy cannot decide".into())), "{abi}");
        let invalid = run(policy, json!({"acton": "fail"}), &RunOptions::default());
        let expected =
            "the settings are invalid: /acton: unknown field; did you mean `action`; the fields are: action, max, min";
        assert_eq!(invalid.result, Err(Failure::Guest(expected.into())), "{abi}");
    }
}

fn panics_are_readable() {
    for (abi, policy) in PROBE.each() {
        let outcome = run(policy, json!({"action": "panic"}), &RunOptions::default());
        let logged = &outcome.trace.logs[0];
        assert_eq!(logged.level, "error", "{abi}");
        assert!(logged.message.starts_with("the policy panicked at "), "{abi}: {}", logged.message);
        assert!(logged.message.ends_with(": a bug in the policy"), "{abi}: {}", logged.message);
        assert!(logged.data["file"].as_str().unwrap().ends_with("lib.rs"), "{abi}: {logged:?}");
        assert!(logged.data["line"].as_u64().unwrap() > 40, "{abi}: {logged:?}");
        let failure = outcome.result.as_ref().unwrap_err();
        assert!(matches!(failure, Failure::Trap { .. }), "{failure:?}");
        assert!(failure.to_string().starts_with("the policy trapped: the policy panicked at "), "{failure}");
        if abi == "wasi" {
            // Kubewarden makes what a WASI policy wrote to stderr the message of the rejection.
            let message = outcome.response.status.unwrap().message.unwrap();
            assert!(message.starts_with("the policy panicked at "), "{message}");
        }
    }
}

fn backtraces_show_source_lines_on_request() {
    let project =
        Project::open(&support::repository().join("tests/guests/rust/probe")).expect("the policy crate is there");
    let options = BuildOptions { debug_info: true, ..BuildOptions::default() };
    let artifact = project.build(Some(Abi::Wapc), &options).expect("the policy builds");
    let policy = CompiledPolicy::from_file(support::engine(), &artifact.path).expect("it loads");
    let outcome = run(&policy, json!({"action": "panic"}), &RunOptions::default());
    let Err(Failure::Trap { backtrace: Some(backtrace), .. }) = outcome.result else { panic!("a trap expected") };
    assert!(backtrace.contains("tests/guests/rust/probe/src/lib.rs:"), "{backtrace}");
    // What is tested with debug data is what is shipped without.
    let code = |policy: &CompiledPolicy| {
        policy.inspection().sections.iter().find(|section| section.name == "code").map(|section| section.size)
    };
    assert_eq!(code(&policy), code(&PROBE.0["wapc"].0));
}

fn logs_are_structured() {
    for (abi, policy) in PROBE.each() {
        let outcome = run(policy, json!({"action": "log"}), &RunOptions::default());
        assert!(outcome.response.allowed, "{abi}: {outcome:?}");
        let logs: Vec<_> =
            outcome.trace.logs.iter().map(|log| (log.level.as_str(), log.message.as_str(), log.data.clone())).collect();
        assert_eq!(
            logs,
            [
                ("info", "a text", json!({})),
                ("warning", "with fields", json!({"uid": "u-1", "level_": 3})),
                ("trace", "", json!({})),
            ],
            "{abi}"
        );
        assert_eq!(outcome.trace.stderr, "", "{abi}");
    }
}

fn capabilities_answer_and_fail() {
    let call = json!({"action": {"call": {"namespace": "net", "operation": "v1/dns_lookup_host", "payload": "\"a.example\""}}});
    for (abi, policy) in PROBE.each() {
        // The second answer is shorter than the first: what is read must not be a rest of what came before.
        let answered = run(policy, call.clone(), &answering([Ok(b"{\"ips\":[\"192.0.2.1\"]}"), Ok(b"")]));
        assert_eq!(answered.response.warnings.unwrap(), ["{\"ips\":[\"192.0.2.1\"]}", ""], "{abi}");
        let calls: Vec<_> = answered.trace.host_calls.iter().map(|call| call.payload.as_slice()).collect();
        assert_eq!(calls, [b"\"a.example\"", b"\"a.example\""], "{abi}");

        let failed = run(policy, call.clone(), &answering([Ok(b"first"), Err("no such host")]));
        let expected = "error invoking host capability net/v1/dns_lookup_host: no such host";
        assert_eq!(failed.result, Err(Failure::Guest(expected.into())), "{abi}");
    }
}

fn typed_capabilities_reach_the_host() {
    for (abi, policy) in PROBE.each() {
        let scripted = Scripted::new()
            .on("kubernetes", "get_resource", |request| {
                assert_eq!(request["name"], "shop");
                Ok(json!({"metadata": {"name": "shop", "labels": {"team": "red"}}}))
            })
            .on("net", "v1/dns_lookup_host", |_| Ok(json!({"ips": ["192.0.2.1", "2001:db8::1"]})))
            .on("oci", "v1/manifest_digest", |_| Ok(json!({"digest": "sha256:abc"})))
            .on("oci", "v2/verify", |_| Err("no signatures found for image: registry.example/a:1 ".to_owned()));
        let options = RunOptions { capabilities: Arc::new(scripted), ..RunOptions::default() };
        let outcome = run(policy, json!({"action": "ask"}), &options);
        assert_eq!(
            outcome.response.warnings.unwrap_or_else(|| panic!("{abi}: {:?}", outcome.result)),
            ["team red", "2 addresses", "sha256:abc", "NotVerified"],
            "{abi}"
        );
        let calls: Vec<_> = outcome.trace.host_calls.iter().map(|call| call.operation.as_str()).collect();
        assert_eq!(calls, ["get_resource", "v1/dns_lookup_host", "v1/manifest_digest", "v2/verify"], "{abi}");

        // The same policy, without the grant.
        let host_capabilities = HostCapabilities::parse(["net/*"]).expect("a pattern");
        let grants = Grants { host_capabilities, ..Grants::default() };
        let options = RunOptions { grants, ..RunOptions::default() };
        let denied = run(policy, json!({"action": "ask"}), &options).result.unwrap_err().to_string();
        assert!(
            denied.contains("has not been granted access to the 'kubernetes/get_resource' host capability"),
            "{denied}"
        );
    }
}

fn settings_are_checked() {
    for (abi, policy) in PROBE.each() {
        let check = |settings: Value| {
            let outcome = policy.validate_settings(settings.as_object().unwrap(), &RunOptions::default());
            (outcome.response.valid, outcome.response.message)
        };
        assert_eq!(check(json!({})), (true, None), "{abi}");
        assert_eq!(check(json!({"min": 2})), (false, Some("/min: must not be larger than `max`".into())), "{abi}");
        assert_eq!(
            check(json!({"action": {"call": {"namespace": 1}}})),
            (false, Some("/action/call/namespace: expected a string, found 1".into())),
            "{abi}"
        );
    }
}

fn imports_are_linked_when_they_are_used() {
    // The probe takes a host, the example does not: its WASI module loads on hosts that have no `host.call`.
    assert_eq!(host_imports(&PROBE.0["wasi"].0), 1);
    assert_eq!(host_imports(&EXAMPLE.0["wasi"].0), 0);
}

fn mutation_keeps_what_it_does_not_know() {
    for (abi, policy) in PROBE.each() {
        let outcome = run(policy, json!({"action": "mutate"}), &RunOptions::default());
        let patch = serde_json::to_value(outcome.patch.unwrap()).unwrap();
        assert_eq!(patch, json!([{"op": "add", "path": "/metadata/labels/checked", "value": "true"}]), "{abi}");
    }
}

/// The feature `wasi-stderr`: for hosts that have no `host.call`.
fn wasi_stderr_needs_nothing_of_the_host() {
    let compiled = support::Compiled::new("probe", "wasi-stderr", &[]);
    let module = compiled.folder().join("probe.wasm");
    let policy = CompiledPolicy::from_file(support::engine(), &module).expect("it loads");
    assert_eq!(policy.abi(), Abi::Wasi);
    assert_eq!(host_imports(&policy), 0);

    let logged = run(&policy, json!({"action": "log"}), &RunOptions::default());
    assert!(logged.response.allowed, "{logged:?}");
    assert_eq!(logged.trace.stderr.lines().next(), Some(r#"{"level":"info","message":"a text"}"#));
    let call = json!({"action": {"call": {"namespace": "net", "operation": "v1/x", "payload": ""}}});
    let refused = run(&policy, call, &RunOptions::default()).result.unwrap_err().to_string();
    assert!(refused.contains("built without host calls"), "{refused}");
}

fn host_imports(policy: &CompiledPolicy) -> usize {
    let imports = policy.inspection().imports.iter();
    imports.filter(|import| import.module == "host").count()
}

/// A request that is ten times as large costs about ten times as much, whatever it is made of.
fn cost_grows_with_the_request_and_not_faster() {
    let policy = &EXAMPLE.0["wapc"].0;
    let fuel = |count: usize| {
        let extra: serde_json::Map<String, Value> = (0..count).map(|i| (format!("key-{i}"), json!(["v"]))).collect();
        let container = json!({"name": "c", "securityContext": {"privileged": true}});
        let request = support::request(
            &json!({
                "operation": "CREATE",
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "userInfo": {"extra": extra},
                "object": {"spec": {"containers": vec![container; count]}},
            })
            .to_string(),
        );
        let outcome = policy.validate(&request, &Default::default(), &RunOptions::default());
        assert!(outcome.result.is_ok(), "{:?}", outcome.result);
        outcome.trace.fuel
    };
    let (small, large) = (fuel(100), fuel(1_000));
    assert!(large < small * 12, "{small} units of fuel for 100 containers, {large} for 1,000");
}

/// The numbers of README: a module of at most 200 KB that reads its Pod request of 3.4 KB for at most 120,000 units.
fn the_example_is_small_and_cheap() {
    let path = support::repository().join("examples/pod-privileged/requests/pod-create.json");
    let bytes = std::fs::read(&path).expect("the request is there");
    let name = path.display().to_string();
    let read = admit_host::request::read(&bytes, &name, &Default::default()).expect("the request is valid");
    let (policy, artifact) = &EXAMPLE.0["wapc"];
    let outcome = policy.validate(&read.request, &Default::default(), &RunOptions::default());
    assert!(!outcome.response.allowed);
    assert!(artifact.size <= 200_000, "the module has {} bytes", artifact.size);
    assert!(outcome.trace.fuel <= 120_000, "the evaluation took {} units of fuel", outcome.trace.fuel);
}

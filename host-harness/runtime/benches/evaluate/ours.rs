//! This project's runtime, in both profiles.

use admit_runtime::request::PreparedRequest;
use admit_runtime::{CompiledPolicy, Engine, EngineOptions, RunOptions};
use divan::Bencher;

use crate::modules::{OURS, Subject, UPSTREAMS, kubernetes};

fn ours(bencher: Bencher, subject: &Subject, engine: EngineOptions, options: RunOptions) {
    let engine = Engine::new(engine).expect("an engine");
    let policy = CompiledPolicy::from_bytes(&engine, &subject.module).expect("it loads");
    let request = kubernetes();
    bencher.bench_local(|| {
        let outcome = policy.validate(&request, &subject.settings, &options);
        assert!(outcome.response.allowed, "{:?}", outcome.result);
        outcome
    });
}

#[divan::bench]
fn testing_our_policy(bencher: Bencher) {
    ours(bencher, &OURS, EngineOptions::default(), RunOptions::default());
}

#[divan::bench]
fn testing_upstream_policy(bencher: Bencher) {
    ours(bencher, &UPSTREAMS, EngineOptions::default(), RunOptions::default());
}

#[divan::bench]
fn serving_our_policy(bencher: Bencher) {
    ours(bencher, &OURS, EngineOptions::serving(), RunOptions::serving());
}

#[divan::bench]
fn serving_upstream_policy(bencher: Bencher) {
    ours(bencher, &UPSTREAMS, EngineOptions::serving(), RunOptions::serving());
}

/// What serialising the request takes, which is done once for all policies.
#[divan::bench]
fn prepare_request(bencher: Bencher) {
    let request = kubernetes();
    bencher.bench_local(|| PreparedRequest::from(request.clone()));
}

/// With a request that is prepared already, as for every policy but the first.
#[divan::bench]
fn serving_our_policy_prepared(bencher: Bencher) {
    let engine = Engine::new(EngineOptions::serving()).expect("an engine");
    let policy = CompiledPolicy::from_bytes(&engine, &OURS.module).expect("it loads");
    let (request, options) = (PreparedRequest::from(kubernetes()), RunOptions::serving());
    bencher.bench_local(|| policy.validate_prepared(&request, &OURS.settings, &options));
}

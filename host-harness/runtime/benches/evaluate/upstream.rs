//! `wapc` and `wasmtime-provider`, as Kubewarden's policy-server uses them: compiled and linked once, an instance for each request.

use divan::Bencher;
use wapc::WapcHost;
use wasmtime_provider::{EpochDeadlines, WasmtimeEngineProviderBuilder};

use serde_json::json;

use crate::modules::{OURS, Subject, UPSTREAMS, request};

/// Far away: nobody advances the epoch here.
const DEADLINES: EpochDeadlines = EpochDeadlines { wapc_init: 1000, wapc_func: 1000 };

fn wapc(bencher: Bencher, subject: &Subject) {
    let mut config = wasmtime_provider::wasmtime::Config::new();
    config.epoch_interruption(true);
    let engine = wasmtime_provider::wasmtime::Engine::new(&config).expect("an engine");
    let module = wasmtime_provider::wasmtime::Module::new(&engine, &subject.module).expect("it compiles");
    let builder = WasmtimeEngineProviderBuilder::new().engine(engine).module(module);
    let provider = builder.build_pre().expect("it links");
    let request = request();
    bencher.bench_local(|| {
        // As policy-server does it for each policy.
        let payload = json!({"request": request, "settings": subject.settings}).to_string().into_bytes();
        let instance = provider.rehydrate(Some(DEADLINES)).expect("an instance");
        let host =
            WapcHost::new(Box::new(instance), Some(Box::new(|_, _, _, _, _| Ok(Vec::new())))).expect("it starts");
        let answer = host.call("validate", &payload).expect("an answer");
        let answer: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
        assert_eq!(answer["accepted"], true);
        answer
    });
}

#[divan::bench]
fn wapc_our_policy(bencher: Bencher) {
    wapc(bencher, &OURS);
}

#[divan::bench]
fn wapc_upstream_policy(bencher: Bencher) {
    wapc(bencher, &UPSTREAMS);
}

//! The SDK decodes into the types of k8s-openapi, whose Kubernetes version the policy chooses.

use std::sync::Arc;

use admit_host::capabilities::Scripted;
use admit_host::{Abi, CompiledPolicy, RunOptions};
use libtest_mimic::Trial;
use serde_json::json;

use super::guest::build;
use crate::support::{engine, request, settings};

pub(super) fn trials() -> Vec<Trial> {
    trials![types_of_k8s_openapi_fit]
}

fn types_of_k8s_openapi_fit() {
    let script = Scripted::new()
        .on("kubernetes", "get_resource", |request| {
            let metadata = json!({"name": request["name"], "labels": {"team": "shop"}, "fromTheFuture": {}});
            Ok(json!({"apiVersion": "v1", "kind": request["kind"], "metadata": metadata}))
        })
        .on("kubernetes", "list_resources_by_namespace", |_| {
            // As the API server has them: the items do not say what they are.
            let item =
                |name: &str| json!({"metadata": {"name": name}, "spec": {"ports": [{"port": 80}, {"port": 443}]}});
            Ok(json!({"apiVersion": "v1", "kind": "ServiceList", "metadata": {}, "items": [item("web"), item("api")]}))
        });
    let policy = CompiledPolicy::from_bytes(engine(), &build("tests/peers/typed", Abi::Wapc));
    let policy = policy.unwrap_or_else(|error| panic!("{error}"));
    let options = RunOptions { capabilities: Arc::new(script.clone()), ..RunOptions::default() };
    let pod = r#"{"object": {"spec": {"containers": [{"name": "a"}, {"name": "b"}]}}}"#;
    let outcome = policy.validate(&request(pod), &settings("{}"), &options);
    let answer = outcome.result.unwrap_or_else(|failure| panic!("{failure}"));
    let expected = ["2 containers", r#"labels {"team": "shop"}"#, "service web [80, 443]", "service api [80, 443]"];
    assert_eq!(answer.warnings.unwrap_or_default(), expected);
    script.assert_used();
}

//! The kinds of resources that a policy may read.

use std::sync::Arc;

use admit_host::RunOptions;
use admit_host::capabilities::{ContextAware, Grants};
use libtest_mimic::Trial;

use super::caller::{call, received};
use crate::support::Echo;

pub(crate) fn trials() -> Vec<Trial> {
    trials![reads_need_a_grant_for_the_kind, can_i_needs_none, without_a_list_every_kind_may_be_read]
}

const READS: [(&str, &str); 3] = [
    ("kubernetes/get_resource", r#"{"api_version":"apps/v1","kind":"Deployment","name":"n"}"#),
    ("kubernetes/list_resources_all", r#"{"api_version":"apps/v1","kind":"Deployment"}"#),
    ("kubernetes/list_resources_by_namespace", r#"{"api_version":"apps/v1","kind":"Deployment","namespace":"n"}"#),
];

fn options(context_aware_resources: ContextAware) -> RunOptions {
    let grants = Grants { context_aware_resources, ..Grants::default() };
    RunOptions { capabilities: Arc::new(Echo), grants, ..RunOptions::default() }
}

fn reads_need_a_grant_for_the_kind() {
    let calls = READS.map(|(path, payload)| call(path, payload));
    for granted in [vec![("apps/v1", "Deployment")], vec![("v1", "Pod"), ("apps/v1", "Deployment")]] {
        let answers = received(calls, &options(ContextAware::only(granted)));
        assert_eq!(answers, READS.map(|(_, payload)| Ok(payload.to_owned())));
    }
    let denied = "Policy has not been granted access to Kubernetes apps/v1/Deployment resources. \
                  The violation has been reported.";
    // Both are compared letter by letter, and together.
    for granted in [
        vec![],
        vec![("v1", "Deployment")],
        vec![("apps/v1", "deployment")],
        vec![("apps/v1", "*")],
        vec![("apps/v1", "ReplicaSet"), ("v1", "Deployment")],
    ] {
        let answers = received(calls, &options(ContextAware::only(granted.clone())));
        assert_eq!(answers, READS.map(|_| Err(denied.to_owned())), "{granted:?}");
    }
}

fn can_i_needs_none() {
    let payload = r#"{"subject_access_review":{"user":"u","resource_attributes":{"resource":"pods","verb":"get"}}}"#;
    let [answer] = received([call("kubernetes/can_i", payload)], &options(ContextAware::none()));
    assert_eq!(answer.as_deref(), Ok(payload));
}

fn without_a_list_every_kind_may_be_read() {
    let answers = received(READS.map(|(path, payload)| call(path, payload)), &options(ContextAware::default()));
    assert_eq!(answers, READS.map(|(_, payload)| Ok(payload.to_owned())));
}

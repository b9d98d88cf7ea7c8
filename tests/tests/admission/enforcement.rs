//! From the policy's response to the one that is sent.

use admit_host::{CompiledPolicy, RunOptions, admission::Enforcement};
use serde_json::json;

use crate::{
    cli::{archive::Archive, policies},
    support::{engine, request, settings},
};

/// The response to a policy that answers with the file `validate`, on both ABIs, and whether the outcome has a patch.
pub(super) fn response(archive: &Archive) -> String {
    archive.only_options(&["mode", "allowed_to_mutate", "message"]);
    let enforcement = Enforcement {
        mode: archive.option("mode").map(|mode| mode.parse().expect("a mode")).unwrap_or_default(),
        allowed_to_mutate: archive.option("allowed_to_mutate").is_none_or(|text| text == "true"),
        message: archive.option("message"),
        policy_id: "clusterwide-demo".to_owned(),
    };
    let (_, answer) = archive.file(|name| name == "validate").expect("an answer");
    let request = request(&json!({"uid": "u", "object": {"a": 1}}).to_string());
    let mut texts = [policies::wapc, policies::wasi].map(|make| {
        let bytes = wat::parse_str(make(answer.trim(), r#"{"valid":true}"#)).expect("valid text");
        let policy = CompiledPolicy::from_bytes(engine(), &bytes).expect("a policy");
        let outcome = policy.validate(&request, &settings("{}"), &RunOptions::default());
        let failed = outcome.result.is_err();
        let outcome = outcome.enforced(&enforcement);
        assert_eq!(outcome.result.is_err(), failed, "a failure stays one");
        assert_eq!(outcome.patch.is_some(), outcome.response.patch.is_some());
        serde_json::to_string(&outcome.response).expect("JSON")
    });
    // A trap has another text in each ABI.
    let [wapc, wasi] = &mut texts;
    if wapc == wasi { wapc.clone() } else { format!("wapc {wapc}\nwasi {wasi}") }
}

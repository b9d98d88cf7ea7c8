//! Policies of the SDK on Chainloop, natively: args and materials.

use std::collections::{BTreeMap, BTreeSet};

use admit::__private::{Policy, PolicyOf, PolicySettings, validate_with_settings};
use admit::chainloop::Execute;
use admit::json::Document;
use admit::{Error, Evaluation, Host, Material, Raw, Request, Settings, Verdict};
use serde::Deserialize;
use serde_json::Value;

pub(crate) const WORDS: &[&str] = &[
    "args",
    "material",
    "chainloop_metadata",
    "elements",
    "content",
    "W10=",
    "apiVersion",
    "v1",
    "apps/v1",
    "kind",
    "Pod",
    "List",
    "DeploymentList",
    "items",
    "metadata",
    "name",
    "namespace",
    "flag",
    "true",
    "number",
    "list",
    "set",
    "map",
    "{\"a\":1}",
    "mode",
    "strict",
    "pair",
    "null",
    "annotations",
    "digest",
    "sha256",
];

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Args {
    flag: bool,
    number: Option<i64>,
    list: Vec<String>,
    set: BTreeSet<u8>,
    map: BTreeMap<String, u8>,
    mode: Option<Mode>,
    pair: (u8, String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "as above")]
enum Mode {
    Strict,
    Limit { max: u8 },
}

impl Settings for Args {}

const MATERIAL: PolicyOf<Material> = Policy {
    validate: |payload, _| {
        let check = |material: &Material, _: &Args| -> Result<Evaluation, Error> {
            let metadata = material.metadata()?;
            let kind = metadata.kind()?.unwrap_or_default();
            let _ = material.content();
            Ok(Evaluation::fail(format!("{kind} {}", material.value().raw().len())))
        };
        validate_with_settings::<Material, Args, _, _>(check, payload)
    },
    settings: PolicySettings::of::<Args>(),
};

const REQUEST: Policy = Policy {
    validate: |payload, _| {
        let check = |request: &Request, _: &Args| {
            assert!(request.object().is_some(), "a request to create has an object");
            Verdict::reject(request.kind().kind.into_owned() + " ")
        };
        validate_with_settings::<Request, Args, _, _>(check, payload)
    },
    settings: PolicySettings::of::<Args>(),
};

const RAW: Policy = Policy {
    validate: |payload, _| {
        let check = |raw: &Raw, _: &Args| {
            assert!(raw.value().get("chainloop_metadata").is_none(), "the document is without Chainloop's key");
            Verdict::reject("no")
        };
        validate_with_settings::<Raw, Args, _, _>(check, payload)
    },
    settings: PolicySettings::of::<Args>(),
};

/// `{"args": …, "material": …}`. Whatever comes in, what goes out is the document that Chainloop reads.
pub(crate) fn material(bytes: &[u8]) {
    executed::<Material>(&MATERIAL, bytes);
    executed::<Request>(&REQUEST, bytes);
    executed::<Raw>(&RAW, bytes);
}

fn executed<I: Execute>(policy: &PolicyOf<I>, bytes: &[u8]) {
    let Ok(payload) = Document::parse(bytes.to_vec()) else { return };
    let Ok(output) = I::execute(policy, payload, &[], &Host::silent()) else { return };
    let json = output.into_json().expect("an output can be written");
    let value: Value = serde_json::from_slice(&json).expect("an output is JSON");
    for key in ["skipped", "violations", "skip_reason", "ignore"] {
        assert!(value.get(key).is_some(), "{value}");
    }
    assert_eq!(value["skipped"] == true, value["violations"] == serde_json::json!([]), "{value}");
}

use serde::Deserialize;

use super::{SUCCESS, execute, failed, skipped};
use crate::chainloop::Rule;
use crate::dispatch::{Policy, PolicySettings, validate_request, validate_with_settings};
use crate::testing::test;
use crate::{Error, Request, Settings, SettingsError, Verdict};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Limits {
    exempt: Vec<String>,
    max: u8,
}

impl Settings for Limits {
    fn check(&self) -> Result<(), SettingsError> {
        if self.max > 100 { Err(SettingsError::new("at most 100").at("/max")) } else { Ok(()) }
    }
}

/// Says what it was asked about, unless the name is exempt.
fn validate(request: &Request, limits: &Limits) -> Result<Verdict, Error> {
    let mut verdict = Verdict::accept();
    if request.object().is_some_and(|object| object.get("fail").is_some()) {
        return Err(Error::new("cannot tell"));
    }
    let name = request.name().unwrap_or_default().into_owned();
    if !limits.exempt.contains(&name) {
        let (kind, resource) = (request.kind(), request.resource());
        let text = format!(
            "{} {} {}/{}/{} {}",
            request.operation(),
            request.namespace().unwrap_or("-".into()),
            kind.group,
            kind.version,
            kind.kind,
            resource.resource
        );
        verdict.reject_at("/spec", text);
    }
    Ok(verdict)
}

const POLICY: Policy = Policy {
    validate: |payload, _| validate_with_settings(validate, payload),
    settings: PolicySettings::of::<Limits>(),
};

const PODS: Rule = Rule { groups: &[""], versions: &["v1"], resources: &["pods", "pods/ephemeralcontainers"] };

fn run(rules: &[Rule], args: &str, material: &str) -> Result<String, String> {
    execute::<Request>(&POLICY, rules, args, material)
}

const POD: &str =
    r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop"},"chainloop_metadata":{}}"#;

#[test]
fn an_object_becomes_a_request() {
    assert_eq!(run(&[], "", POD).unwrap(), failed(&["Pod shop/web: /spec: CREATE shop /v1/Pod pods"]));
    assert_eq!(run(&[], r#"{"exempt":"web"}"#, POD).unwrap(), SUCCESS);
    assert_eq!(run(&[], r#"{"exempt":["a","web"],"max":"7"}"#, POD).unwrap(), SUCCESS);
}

/// An object that is the whole material has Chainloop's key in it, which is no part of the object.
#[test]
fn an_object_is_as_it_was() {
    const ECHO: Policy = Policy {
        validate: |payload, _| {
            let echo = |request: &Request| Verdict::reject(request.object().map_or("", |object| object.raw()));
            validate_request::<Request, _, _>(echo, payload)
        },
        settings: PolicySettings::of::<Limits>(),
    };
    let said = execute::<Request>(&ECHO, &[], "", POD).unwrap();
    let object = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop"}}"#;
    assert_eq!(said, failed(&[&format!("Pod shop/web: {object}")]));
}

#[test]
fn lists_and_arrays() {
    let list = r#"{"kind":"List","apiVersion":"v1","items":[
        {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"a"}},
        {"apiVersion":"apps/v1","kind":"DeploymentList","items":[{"metadata":{"name":"b"}}]}]}"#;
    let expected = failed(&[
        "NetworkPolicy a: /spec: CREATE - networking.k8s.io/v1/NetworkPolicy networkpolicies",
        "Deployment b: /spec: CREATE - apps/v1/Deployment deployments",
    ]);
    assert_eq!(run(&[], "", list).unwrap(), expected);
    let array = r#"{"elements":[null,{"apiVersion":"v1","kind":"Pod"}],"chainloop_metadata":{}}"#;
    assert_eq!(run(&[], "", array).unwrap(), failed(&["Pod (no name): /spec: CREATE - /v1/Pod pods"]));
}

#[test]
fn other_documents_are_skipped_with_a_reason() {
    let reason = "the material holds no Kubernetes objects: it has no `apiVersion` and `kind`";
    assert_eq!(run(&[], "", r#"{"bomFormat":"CycloneDX"}"#).unwrap(), skipped(reason));
    assert_eq!(run(&[], "", r#"{"elements":[1]}"#).unwrap(), skipped(reason));
    assert_eq!(
        run(&[], "", r#"{"kind":"List","apiVersion":"v1","items":[]}"#).unwrap(),
        skipped("the material holds no Kubernetes objects")
    );
    let mixed = r#"{"elements":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x"}},{"a":1}]}"#;
    assert_eq!(
        run(&[], r#"{"exempt":"x"}"#, mixed).unwrap(),
        r#"{"skipped":false,"violations":[],"skip_reason":"1 of the documents are no Kubernetes objects and were not looked at","ignore":false}"#
    );
}

#[test]
fn rules_say_which_objects_are_meant() {
    let service = r#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"}}"#;
    let reason = "the material holds no Kubernetes object that the policy's rules name";
    assert_eq!(run(&[PODS], "", service).unwrap(), skipped(reason));
    assert_eq!(run(&[PODS], "", POD).unwrap(), failed(&["Pod shop/web: /spec: CREATE shop /v1/Pod pods"]));
    let everything = Rule { groups: &["*"], versions: &["*"], resources: &["*/*"] };
    assert_eq!(
        run(&[PODS, everything], "", service).unwrap(),
        failed(&["Service s: /spec: CREATE - /v1/Service services"])
    );
    // A rule that is not about creating objects names nothing.
    let nothing = Rule { groups: &[], versions: &[], resources: &[] };
    assert_eq!(run(&[nothing], "", POD).unwrap(), skipped(reason));
}

#[test]
fn resources_have_the_plurals_that_people_give_them() {
    const KINDS: [(&str, &[&str]); 6] = [
        ("NetworkPolicy", &["networkpolicies"]),
        ("Gateway", &["gateways"]),
        ("Ingress", &["ingresses"]),
        ("Mesh", &["meshes"]),
        ("Endpoints", &["endpoints"]),
        ("Job", &["jobs"]),
    ];
    for (kind, resources) in KINDS {
        let rule = Rule { groups: &["x.io"], versions: &["v1"], resources };
        let object = format!(r#"{{"apiVersion":"x.io/v1","kind":"{kind}","metadata":{{"name":"a"}}}}"#);
        let expected = failed(&[&*format!("{kind} a: /spec: CREATE - x.io/v1/{kind} {}", resources[0])]);
        assert_eq!(run(&[rule], "", &object).unwrap(), expected);
    }
}

#[test]
fn errors_name_the_object() {
    let failing = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"web"},"fail":1}"#;
    assert_eq!(run(&[], "", failing).unwrap_err(), "Pod web: cannot tell");
    assert_eq!(
        run(&[], r#"{"exmpt":"x"}"#, POD).unwrap_err(),
        "Pod shop/web: the args are invalid: /exmpt: unknown field; did you mean `exempt`; the fields are: exempt, max"
    );
    assert_eq!(run(&[], r#"{"max":"101"}"#, POD).unwrap_err(), "Pod shop/web: the args are invalid: /max: at most 100");
}

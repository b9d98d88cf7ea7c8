//! What metadata decide: raw documents, the oldest Kubewarden, the audit scanner.

use admit_host::{
    CompiledPolicy, Engine, EngineOptions, LoadError, PolicyModule, RunOptions,
    admission::Skipped,
    case,
    group::{GroupError, Member, PolicyGroup},
    request::{Request, read_stored},
};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::{
    cli::policies,
    support::{engine, settings},
};

pub(super) fn trials() -> Vec<Trial> {
    trials![
        newer_policies_are_not_loaded,
        only_major_and_minor_version_count,
        raw_policies_are_in_no_group,
        cases_have_to_fit_the_policy,
        the_audit_scanner_skips_some,
        a_stored_object_becomes_a_synthetic_review,
        only_objects_are_audited,
    ]
}

/// A policy that accepts everything, with these metadata beside the required ones.
fn annotated(extra: Value) -> Vec<u8> {
    let mut metadata = json!({"rules": [], "mutating": false});
    metadata.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
    let text = policies::wapc(r#"{"accepted":true}"#, r#"{"valid":true}"#);
    let section: String = metadata.to_string().bytes().map(|byte| format!("\\{byte:02x}")).collect();
    let text = text.replacen("(module", &format!("(module (@custom \"io.kubewarden.metadata\" \"{section}\")"), 1);
    wat::parse_str(text).expect("valid text")
}

fn policy(extra: Value) -> CompiledPolicy {
    CompiledPolicy::from_bytes(engine(), &annotated(extra)).expect("a policy")
}

fn module(bytes: Vec<u8>) -> PolicyModule {
    PolicyModule::from_bytes(engine(), bytes).expect("a policy")
}

fn newer_policies_are_not_loaded() {
    let error = CompiledPolicy::from_bytes(engine(), &annotated(json!({"minimumKubewardenVersion": "1.37.0"})));
    let error = error.expect_err("too new");
    assert!(matches!(error, LoadError::TooOld(_)));
    assert_eq!(error.to_string(), "Policy required Kubewarden version 1.37.0 but is running on 1.36.0");
    let kubewarden_version = "1.37.0-rc1".parse().expect("a version");
    let newer = Engine::new(EngineOptions { kubewarden_version, ..EngineOptions::default() }).expect("an engine");
    CompiledPolicy::from_bytes(&newer, &annotated(json!({"minimumKubewardenVersion": "1.37.0"}))).expect("new enough");
}

fn only_major_and_minor_version_count() {
    for version in ["1.36.0", "1.36.9", "1.0.0", "0.99.0", "1.36.0-rc1"] {
        policy(json!({"minimumKubewardenVersion": version}));
    }
    for version in ["1.37.0-alpha", "2.0.0"] {
        assert!(
            CompiledPolicy::from_bytes(engine(), &annotated(json!({"minimumKubewardenVersion": version}))).is_err(),
            "{version}"
        );
    }
}

fn raw_policies_are_in_no_group() {
    let raw = policy(json!({"policyType": "raw"}));
    assert!(raw.is_raw() && !policy(json!({})).is_raw());
    let member =
        Member { name: "raw".to_owned(), policy: raw, settings: settings("{}"), options: RunOptions::default() };
    let error = PolicyGroup::new(vec![member], "raw()", "no").expect_err("a raw policy");
    assert_eq!(error, GroupError::Raw("raw".to_owned()));
}

fn cases_have_to_fit_the_policy() {
    let folder = tempfile::tempdir().expect("a folder");
    let object = "object: {apiVersion: v1, kind: Pod}\nexpect: accept\n";
    std::fs::write(folder.path().join("raw.yaml"), "raw: 1\nexpect: accept\n").expect("a file");
    std::fs::write(folder.path().join("object.yaml"), object).expect("a file");
    std::fs::write(folder.path().join("audit.yaml"), format!("audit: true\n{object}")).expect("a file");
    let cases = case::load(folder.path()).expect("cases");
    let unfit = |extra: Value| -> Vec<String> {
        let errors = case::check_fit(&cases, &[module(annotated(extra))]).err().unwrap_or_default();
        errors.iter().map(|error| error.to_string().replace(&format!("{}/", folder.path().display()), "")).collect()
    };
    let raw =
        "the policy is a raw one (policyType in its metadata), which takes any document as it is: give it as `raw`";
    assert_eq!(
        unfit(json!({"policyType": "raw"})),
        [format!("audit.yaml:2:1: object: {raw}"), format!("object.yaml:1:1: object: {raw}")]
    );
    assert_eq!(
        unfit(json!({})),
        [
            "audit.yaml:1:1: audit: the audit scanner skips this policy: none of its rules lists the operation CREATE (`*` does not count)",
            "raw.yaml:1:1: raw: the policy takes Kubernetes requests (policyType in its metadata): give an `object` or a `request`",
        ]
    );
    // Without metadata nothing is known.
    let text = policies::wapc(r#"{"accepted":true}"#, r#"{"valid":true}"#);
    case::check_fit(&cases, &[module(wat::parse_str(text).expect("valid text"))]).expect("no complaint");
}

fn the_audit_scanner_skips_some() {
    let skipped = |operations: &[&[&str]], background: bool| {
        let rule = |operations: &&[&str]| json!({"apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"], "operations": operations});
        let rules: Vec<Value> = operations.iter().map(rule).collect();
        let policy = policy(json!({"rules": rules, "backgroundAudit": background}));
        Skipped::by_metadata(policy.metadata().expect("metadata"))
    };
    assert_eq!(skipped(&[&["UPDATE"], &["CREATE"]], true), None);
    assert_eq!(skipped(&[&["*"]], true), Some(Skipped::NoCreateRule));
    assert_eq!(skipped(&[], true), Some(Skipped::NoCreateRule));
    assert_eq!(skipped(&[&["CREATE"]], false), Some(Skipped::SwitchedOff));
}

fn a_stored_object_becomes_a_synthetic_review() {
    let object = json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "shop", "uid": "7"}});
    let Ok(Request::Kubernetes(request)) = read_stored(object.to_string().as_bytes(), "<stdin>") else {
        panic!("a request is expected")
    };
    assert_eq!(
        json!(request),
        json!({
            "uid": "7", "operation": "CREATE", "userInfo": {}, "name": "web", "namespace": "shop", "object": object,
            "kind": {"group": "apps", "version": "v1", "kind": "Deployment"},
            "resource": {"group": "apps", "version": "v1", "resource": "Deployment"},
        })
    );
}

fn only_objects_are_audited() {
    let error = read_stored(b"kind: AdmissionReview\nrequest: {}\n", "r.yaml").expect_err("no object");
    assert_eq!(
        error.to_string(),
        "r.yaml:1:1: expected a Kubernetes object, with apiVersion and kind: the audit scanner asks about stored objects"
    );
}

//! How policies are deployed: expressions of groups, custom resources, policy-server's `policies.yml`.

use std::path::PathBuf;
use std::sync::LazyLock;

use admit_host::group::{GroupError, Member, PolicyGroup};
use admit_host::policy_resource::{self, Modules, ResourceOptions};
use admit_host::request::Request;
use admit_host::{CompiledPolicy, RunOptions};

use crate::evaluation::{engine, pod_request};

pub(crate) const EXPRESSION_WORDS: &[&str] = &[
    "yes()",
    "no()",
    "&&",
    "||",
    "==",
    "!=",
    "!",
    "(",
    ")",
    "true",
    "false",
    "yes",
    "no(1)",
    "maybe()",
    "if ",
    "while true {}",
    "loop {}",
    "let x = 1;",
    "eval",
    "1 + 1",
    "\"a\"",
    "`${no()}`",
    "fn",
    "&",
    "|",
    "=",
    "é",
    "/*",
    "//",
    "\n",
];

pub(crate) const RESOURCE_WORDS: &[&str] = &[
    "apiVersion",
    "policies.kubewarden.io/v1",
    "policies.kubewarden.io/v1alpha2",
    "kind",
    "ClusterAdmissionPolicy",
    "AdmissionPolicy",
    "ClusterAdmissionPolicyGroup",
    "AdmissionPolicyGroup",
    "metadata",
    "name",
    "namespace",
    "spec",
    "module",
    "policies",
    "expression",
    "message",
    "settings",
    "rules",
    "apiGroups",
    "apiVersions",
    "resources",
    "operations",
    "scope",
    "Namespaced",
    "matchPolicy",
    "failurePolicy",
    "namespaceSelector",
    "objectSelector",
    "matchLabels",
    "matchExpressions",
    "operator",
    "NotIn",
    "matchConditions",
    "has(object.metadata.labels)",
    "request.operation == 'CREATE' || ",
    "object.spec.containers.all(c, c.name != '')",
    "List",
    "items",
    "mutating",
    "allowedToMutate",
    "mode",
    "policyMode",
    "protect",
    "monitor",
    "backgroundAudit",
    "contextAwareResources",
    "hostCapabilities",
    "timeoutEvalSeconds",
    "policyServer",
    "url",
    "file://",
    "registry://",
    "---",
    "&a ",
    "*a",
];

fn policy(text: &str) -> CompiledPolicy {
    let bytes = wat::parse_str(text).expect("the guest is a module");
    CompiledPolicy::from_bytes(engine(), &bytes).expect("the guest loads")
}

/// Accepts everything.
static YES: LazyLock<CompiledPolicy> = LazyLock::new(|| policy(&saying(r#"{\"accepted\":true }"#, 18)));
/// Rejects everything.
static NO: LazyLock<CompiledPolicy> = LazyLock::new(|| policy(&saying(r#"{\"accepted\":false}"#, 18)));

fn saying(answer: &str, length: usize) -> String {
    format!(
        r#"(module
            (import "wapc" "__guest_response" (func $say (param i32 i32)))
            (memory (export "memory") 1)
            (data (i32.const 0) "{answer}")
            (func (export "__guest_call") (param i32 i32) (result i32)
                (call $say (i32.const 0) (i32.const {length}))
                (i32.const 1)))"#
    )
}

/// An expression that is accepted has a result, for every request and in a bounded time; one that is not says where and why.
pub(crate) fn group_expression(data: &[u8]) {
    let expression = String::from_utf8_lossy(data).into_owned();
    let member = |name: &str, policy: &CompiledPolicy| Member {
        name: name.to_owned(),
        policy: policy.clone(),
        settings: serde_json::Map::new(),
        options: RunOptions::default(),
    };
    let members = vec![member("yes", &YES), member("no", &NO)];
    let group = match PolicyGroup::new(members, expression.as_str(), "no") {
        Ok(group) => group,
        Err(GroupError::Expression(error)) => {
            assert!((1..=expression.chars().count() + 1).contains(&error.position), "{error}");
            return assert!(!error.message.is_empty());
        }
        Err(error) => panic!("{error}"),
    };
    let Request::Kubernetes(request) = pod_request() else { panic!("it is about a Pod") };
    let outcome = group.validate(&request);
    assert!(!serde_json::to_string(&outcome.response).expect("a response is JSON").is_empty());
    // The name of a member is a name of any kind.
    let _ = PolicyGroup::new(vec![member(&expression, &YES)], "true", "no");
}

static FOLDER: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("there is a place for temporary files");
    std::fs::write(folder.path().join("policy.wasm"), b"\0asm\x01\0\0\0").expect("a temporary file can be written");
    folder
});

/// Custom resources, or a `policies.yml`.
pub(crate) fn policy_file(data: &[u8]) {
    let file = FOLDER.path().join("policies.yml");
    std::fs::write(&file, data).expect("a temporary file can be written");
    let modules = Modules::from([("registry://a".to_owned(), PathBuf::from("/nonexistent"))]);
    match policy_resource::read(&file, &ResourceOptions { modules, ..ResourceOptions::default() }) {
        Ok(resources) => {
            for resource in resources {
                assert!(!resource.id.is_empty());
                assert!(!resource.body.policies().is_empty());
                let Request::Kubernetes(request) = pod_request() else { panic!("it is about a Pod") };
                // Whatever the answer is, it is one.
                let _ = resource.matching.asked(&request, None);
            }
        }
        Err(error) => crate::documents::check_place(&error, data, &file.display().to_string()),
    }
}

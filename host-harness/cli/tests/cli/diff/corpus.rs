//! What requests are read from.

use serde_json::{Value, json};

use super::{STRICT, STRICTER, pod, pods, policies};
use crate::support::{Folder, Ran};

fn folder() -> Folder {
    policies(&STRICT, &STRICTER)
}

fn run(folder: &Folder) -> Ran {
    folder.run("diff old.wasm new.wasm -r corpus")
}

/// A Pod that is accepted before and rejected now.
fn object(name: &str) -> Value {
    let context = json!({ "privileged": false });
    json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": name, "namespace": "shop" },
        "spec": { "containers": [{ "name": "a", "securityContext": context }] },
    })
}

/// The request about it.
fn request(name: &str) -> Value {
    json!({
        "uid": "1", "operation": "CREATE", "userInfo": { "username": "ann" }, "name": name, "namespace": "shop",
        "kind": { "group": "", "version": "v1", "kind": "Pod" },
        "resource": { "group": "", "version": "v1", "resource": "pods" },
        "object": object(name),
    })
}

#[test]
fn whatever_people_have() {
    let review =
        json!({ "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request("review") });
    let nameless = |name: &str| {
        let mut object = object(name);
        object.as_object_mut().expect("an object").retain(|key, _| !["apiVersion", "kind"].contains(&key.as_str()));
        object
    };
    let list = json!({ "apiVersion": "v1", "kind": "List", "items": [object("list-1"), object("list-2")] });
    let pod_list = json!({ "kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": [nameless("of-pods")] });
    let yaml_list = "apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: of-yaml, namespace: shop}\n  spec:\n    containers:\n    - name: a\n      securityContext: {privileged: false}\n- apiVersion: v1\n  kind: Pod\n  metadata: {name: other, namespace: shop}\nkind: List\nmetadata:\n  resourceVersion: ''\n";
    let anchors = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod, metadata: {name: anchor, namespace: shop}, spec: &spec {containers: [{name: a, securityContext: {privileged: false}}]}}\n- {apiVersion: v1, kind: Pod, metadata: {name: alias, namespace: shop}, spec: *spec}\n";
    let folder = folder()
        .file("corpus/review.json", review.to_string())
        .file("corpus/deep/er/request.json", format!("{:#}", request("request")))
        .file("corpus/list.json", format!("{list:#}"))
        .file("corpus/pods.json", pod_list.to_string())
        .file("corpus/list.yaml", yaml_list)
        .file("corpus/anchors.yml", anchors)
        .file("corpus/some.jsonl", format!("{}\n\n{}\n", object("line-1"), object("line-3")))
        .file(
            "corpus/documents.yaml",
            format!("# a comment\n---\n{}---\n# and\n{}", pod("shop", "one", None), pod("shop", "two", Some(false))),
        )
        .file("corpus/.git/ignored.yaml", "not: an object\n");
    let ran = folder.run("diff old.wasm new.wasm -r corpus --format json").exits(1);
    let json = ran.json();
    assert_eq!((&json["requests"], &json["changed"]), (&13.into(), &11.into()), "{json:#}");
    assert_eq!(json["left_out"], json!({}));
    // All of them, by shards of one, as reports have five examples of each group.
    let mut places: Vec<String> = Vec::new();
    for shard in 1..=14 {
        let part = folder.run(&format!("diff old.wasm new.wasm -r corpus --format json --shard {shard}/14")).json();
        let examples =
            part["changes"]["accept-to-reject"]["groups"][0]["examples"].as_array().cloned().unwrap_or_default();
        places.extend(examples.iter().map(|example| {
            let text = |key: &str| example[key].as_str().expect("a text").to_owned();
            let item = example.get("item").map_or(String::new(), |item| format!(" item {item}"));
            format!("{}:{}{item} {}", text("file"), example["line"], text("name"))
        }));
    }
    places.sort();
    assert_eq!(
        places,
        [
            "corpus/anchors.yml:1 item 1 anchor",
            "corpus/anchors.yml:1 item 2 alias",
            "corpus/deep/er/request.json:1 request",
            "corpus/documents.yaml:6 two",
            "corpus/list.json:22 item 2 list-2",
            "corpus/list.json:4 item 1 list-1",
            "corpus/list.yaml:3 item 1 of-yaml",
            "corpus/pods.json:1 item 1 of-pods",
            "corpus/review.json:1 review",
            "corpus/some.jsonl:1 line-1",
            "corpus/some.jsonl:3 line-3",
        ]
    );
}

#[test]
fn from_stdin() {
    let ran = folder().run_with("diff old.wasm new.wasm -r -", &pods(), &[]).exits(1);
    ran.prints("<stdin>:3  Pod shop/db\n");
    let ran = folder().run_with("diff old.wasm new.wasm -r -", &object("web").to_string(), &[]).exits(1);
    ran.prints("<stdin>:1  Pod shop/web\n");
    folder().run("diff old.wasm new.wasm -r - -").exits(2).tells("stdin can be read once");
}

#[test]
fn what_is_left_out_is_told() {
    let folder = folder()
        .file("corpus/pods.yaml", pods())
        .file("corpus/Chart.yaml", "apiVersion: v2\nname: shop\n")
        .file("corpus/values.yaml", "replicas: 1\n")
        .file("corpus/NOTES.txt", "hello\n");
    let ran = run(&folder).exits(1);
    ran.prints("1 left out: a file of another kind\n  corpus/NOTES.txt\n").prints(
        "2 left out: neither a request nor an object\n  corpus/Chart.yaml:1  it has not both apiVersion and kind\n  corpus/values.yaml:1  it has not both apiVersion and kind\n",
    );
}

/// A corpus that is smaller than it seems is not passed.
#[test]
fn what_cannot_be_read_fails() {
    let broken = format!("{}---\na: [\n---\n{}", pod("shop", "one", None), pod("shop", "two", None));
    let folder = policies(&STRICT, &STRICT)
        .file("corpus/broken.yaml", broken)
        .file("corpus/cut.jsonl", format!("{}\n{{\"kind\": \"Pod\n{}\n", object("a"), object("b")))
        .file("corpus/wrong.yaml", "# a Pod\napiVersion: v1\nkind: Pod\nmetadata:\n  name: 1\n");
    let ran = run(&folder).exits(2);
    ran.prints("4 requests compared: 4 the same")
        .prints("3 left out: cannot be read\n")
        .prints("  corpus/broken.yaml:3  not valid YAML: ")
        .prints("  corpus/cut.jsonl:2  the line ends before its JSON does\n")
        .prints("  corpus/wrong.yaml:5  metadata.name: must be a string, found the number 1")
        .tells("error: not everything was compared: 3 could not be read; correct them, or leave them out with --skip-unreadable");
    folder.run("diff old.wasm new.wasm -r corpus --skip-unreadable").exits(0).prints("3 left out: cannot be read");
}

#[test]
fn nothing_to_compare_is_no_success() {
    let folder = folder().file("corpus/values.yaml", "a: 1\n");
    run(&folder).exits(2).tells("error: nothing was evaluated: there is no request in the corpus");
    folder.run("diff old.wasm new.wasm -r none").exits(2).prints_nothing().tells("none: cannot read the requests: ");
}

#[cfg(unix)]
#[test]
fn links_do_not_lead_out() {
    use std::os::unix::fs::symlink;

    let folder = folder()
        .file("corpus/pods.yaml", pods())
        .file("outside/pods.yaml", pods())
        .file("corpus/..data/pod.yaml", pod("shop", "in", None));
    let at = |name: &str| folder.path().join("corpus").join(name);
    symlink("..data/pod.yaml", at("in.yaml")).expect("a link");
    symlink("../outside/pods.yaml", at("out.yaml")).expect("a link");
    symlink("../outside", at("folder")).expect("a link");
    symlink(".", at("round")).expect("a link");
    symlink("nothing", at("dangling.yaml")).expect("a link");
    let ran = run(&folder).exits(1);
    ran.prints("\n4 requests compared: 3 the same, 1 changed\n").prints(
        "4 left out: a link that is not followed\n  corpus/dangling.yaml  it leads nowhere\n  corpus/folder  it leads to a folder\n  corpus/out.yaml  it leads out of the folder\n  corpus/round  it leads to a folder\n",
    );
    // What the user names is where the user says.
    folder.run("diff old.wasm new.wasm -r corpus/out.yaml").exits(1).prints("corpus/out.yaml:3");
}

/// Policies are asked about what their rules name.
#[test]
fn rules_of_the_metadata() {
    let services = r#"{"rules":[{"apiGroups":[""],"apiVersions":["v1"],"resources":["services"],"operations":["CREATE"]}],"mutating":false}"#;
    let folder = Folder::new().answers(r#"{"valid":true}"#, super::REJECTS).metadata(services);
    let folder = folder
        .file("corpus/pods.yaml", pods())
        .file("corpus/service.yaml", "{apiVersion: v1, kind: Service, metadata: {name: web}}\n");
    let ran = folder.run("diff policy.wasm policy.wasm -r corpus").exits(0);
    ran.prints("\n1 request compared: 1 the same, 0 changed\n3 left out: no rule of either policy is about it\n  corpus/pods.yaml:1  Pod shop/web\n");
    folder.run("diff policy.wasm policy.wasm -r corpus --ignore-rules").exits(0).prints("4 requests compared");
    // A policy that declares nothing is asked about everything, and so are both.
    let folder = folder.file("old.wasm", STRICT.module());
    folder.run("diff policy.wasm old.wasm -r corpus").exits(1).prints("4 requests compared");
}

fn event(verb: &str, name: &str, more: Value) -> Value {
    let mut event = json!({
        "apiVersion": "audit.k8s.io/v1", "kind": "Event", "level": "Request", "auditID": "x", "stage": "ResponseComplete",
        "verb": verb, "requestURI": "/api/v1/namespaces/shop/pods", "user": { "username": "ann", "groups": ["dev"] },
        "objectRef": { "resource": "pods", "namespace": "shop", "name": name, "apiVersion": "v1" },
        "responseStatus": { "metadata": {}, "code": 200 },
    });
    for (key, value) in more.as_object().expect("an object") {
        event[key] = value.clone();
    }
    event
}

#[test]
fn an_audit_log() {
    let status = json!({ "apiVersion": "v1", "kind": "Status", "status": "Success" });
    let patch = json!({ "spec": { "containers": [{ "name": "a", "securityContext": { "privileged": true } }] } });
    let options = json!({ "apiVersion": "meta.k8s.io/v1", "kind": "DeleteOptions" });
    let events = [
        event("create", "made", json!({ "requestObject": object("made") })),
        event("create", "made", json!({ "requestObject": object("made"), "stage": "RequestReceived" })),
        event("update", "changed", json!({ "requestObject": object("changed") })),
        event(
            "patch",
            "patched",
            json!({ "level": "RequestResponse", "requestObject": patch, "responseObject": object("patched") }),
        ),
        event("patch", "patched", json!({ "requestObject": patch })),
        event(
            "delete",
            "gone",
            json!({ "level": "RequestResponse", "requestObject": options, "responseObject": object("gone") }),
        ),
        event("delete", "unknown", json!({ "requestObject": options, "responseObject": status })),
        event("get", "read", json!({})),
        event("list", "", json!({})),
        event("deletecollection", "", json!({})),
        event(
            "create",
            "shell",
            json!({ "objectRef": { "resource": "pods", "subresource": "exec", "namespace": "shop", "name": "web" } }),
        ),
        event("create", "secret", json!({ "level": "Metadata" })),
    ];
    let lines: Vec<String> = events.iter().map(Value::to_string).collect();
    let folder = folder().file("corpus/audit.log", lines.join("\n"));
    let ran = run(&folder).exits(1);
    ran.prints("accept-to-reject: accepted before, rejected now, 4 requests\n")
        .prints("corpus/audit.log:1  Pod shop/made\n")
        .prints("corpus/audit.log:3  UPDATE Pod shop/changed\n")
        .prints("corpus/audit.log:4  UPDATE Pod shop/patched\n")
        .prints("corpus/audit.log:6  DELETE Pod shop/gone\n")
        .prints("\n5 requests compared: 1 the same, 4 changed\n")
        .prints("\n2 left out: audit log: a request that changes nothing\n  corpus/audit.log:8  get pods shop/read\n")
        .prints("\n1 left out: audit log: another stage of the same request\n  corpus/audit.log:2  create pods shop/made\n")
        .prints("\n1 left out: audit log: an event without the object; it is logged at level Request\n  corpus/audit.log:12  create pods shop/secret\n")
        .prints("\n1 left out: audit log: a patch without its result, which is logged at level RequestResponse\n  corpus/audit.log:5  patch pods shop/patched\n")
        .prints("\n2 left out: audit log: a deletion of a collection, or a connection\n  corpus/audit.log:10  deletecollection pods")
        .prints("\n2 requests: an audit log has not the object that an update replaces: assumed the same as the new one\n")
        .prints("\n1 request: an audit log at level Request has not the object that is deleted: asked without `oldObject`\n");
}

/// What the policy is asked, by a policy that looks for it.
#[test]
fn events_are_the_requests_that_they_were() {
    let update = event(
        "update",
        "web",
        json!({
            "requestObject": { "apiVersion": "example.com/v1", "kind": "Mouse", "metadata": { "name": "web" } },
            "objectRef": { "resource": "mice", "apiGroup": "example.com", "apiVersion": "v1", "name": "web", "subresource": "status" },
            "impersonatedUser": { "username": "bob", "extra": { "a": ["b"] } },
            "requestURI": "/apis/example.com/v1/mice/web/status?dryRun=All",
        }),
    );
    let delete = event(
        "delete",
        "web",
        json!({ "requestObject": { "kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 7 } }),
    );
    let log = format!("{update}\n{delete}\n");
    for (needle, count) in [
        (r#""resource":{"group":"example.com","resource":"mice","version":"v1"}"#, 1),
        (r#""kind":{"group":"example.com","kind":"Mouse","version":"v1"}"#, 1),
        (r#""subResource":"status""#, 1),
        (r#""userInfo":{"extra":{"a":["b"]},"username":"bob"}"#, 1),
        (r#""userInfo":{"groups":["dev"],"username":"ann"}"#, 1),
        (r#""dryRun":true"#, 1),
        (r#""oldObject":{"apiVersion":"example.com/v1","kind":"Mouse""#, 1),
        (r#""operation":"DELETE""#, 1),
        (r#""options":{"apiVersion":"v1","gracePeriodSeconds":7,"kind":"DeleteOptions"}"#, 1),
        (r#""kind":{"group":"","kind":"Pod","version":"v1"},"name":"web","namespace":"shop""#, 1),
        (r#""name":"web""#, 2),
        (r#""namespace":"default""#, 0),
    ] {
        let asked = super::Answers { needle, yes: super::REJECTS, no: super::ACCEPTS };
        let never = super::Answers { needle: "nothing of the kind", ..asked };
        let folder = policies(&never, &asked).file("corpus/audit.log", &log);
        let json = folder.run("diff old.wasm new.wasm -r corpus --format json").json();
        assert_eq!((&json["requests"], &json["changed"]), (&2.into(), &count.into()), "{needle}: {json:#}");
    }
}

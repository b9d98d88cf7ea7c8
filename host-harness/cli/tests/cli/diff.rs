//! `cargo admit diff`.

mod allow;
mod corpus;
mod job;
mod shards;

use std::fs;

use crate::support::{Folder, fixtures};

/// What a policy says to requests with a text in them, and to others.
pub(crate) struct Answers<'a> {
    pub(crate) needle: &'a str,
    pub(crate) yes: &'a str,
    pub(crate) no: &'a str,
}

const ACCEPTS: &str = r#"{"accepted":true}"#;
const REJECTS: &str = r#"{"accepted":false,"message":"container `a` is privileged"}"#;

/// Rejects what is privileged.
const STRICT: Answers<'_> = Answers { needle: r#""privileged":true"#, yes: REJECTS, no: ACCEPTS };

/// Rejects what says that it is not privileged as well.
const STRICTER: Answers<'_> = Answers { needle: r#""privileged":"#, yes: REJECTS, no: ACCEPTS };

impl Answers<'_> {
    /// The module.
    pub(crate) fn module(&self) -> Vec<u8> {
        let mut text = fs::read_to_string(fixtures().join("modules/contains.wat")).expect("a fixture");
        for (name, content) in [("NEEDLE", self.needle), ("YES", self.yes), ("NO", self.no)] {
            let escaped = content.bytes().map(|byte| format!("\\{byte:02x}")).collect::<String>();
            text = text.replace(&format!("{{{name}}}"), &escaped);
            text = text.replace(&format!("{{{name}_LENGTH}}"), &content.len().to_string());
        }
        wat::parse_str(text).expect("valid text")
    }
}

/// A folder with two policies.
fn policies(old: &Answers<'_>, new: &Answers<'_>) -> Folder {
    Folder::new().file("old.wasm", old.module()).file("new.wasm", new.module())
}

/// A Pod in a line of YAML; `privileged` is what it says of itself.
fn pod(namespace: &str, name: &str, privileged: Option<bool>) -> String {
    let context =
        privileged.map_or(String::new(), |privileged| format!(", securityContext: {{privileged: {privileged}}}"));
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: {name}, namespace: {namespace}}}, spec: {{containers: [{{name: a{context}}}]}}}}\n"
    )
}

fn pods() -> String {
    [pod("shop", "web", None), pod("shop", "db", Some(false)), pod("lab", "agent", Some(true))].join("---\n")
}

#[test]
fn nothing_changed() {
    let folder = policies(&STRICT, &STRICT).file("pods.yaml", pods());
    let ran = folder.run("diff old.wasm new.wasm --requests pods.yaml").exits(0);
    let (same, cost) = ran.stdout.rsplit_once("3 requests compared").expect("a summary");
    assert_eq!(same, "old  old.wasm  wapc\nnew  new.wasm  wapc\n\n");
    assert!(cost.starts_with(": 3 the same, 0 changed\n"), "{cost}");
    assert!(cost.ends_with("\nsuggested release: patch (nothing changed)\n"), "{cost}");
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_boundary_that_moved() {
    let folder = policies(&STRICT, &STRICTER).file("pods.yaml", pods());
    let ran = folder.run("diff old.wasm new.wasm --requests pods.yaml").exits(1);
    ran.prints(
        "\naccept-to-reject: accepted before, rejected now, 1 request\n  1  container `…` is privileged\n       pods.yaml:3  Pod shop/db\n         container `a` is privileged\n\n",
    )
    .prints("\n3 requests compared: 2 the same, 1 changed\n")
    .prints("\nsuggested release: major (accept-to-reject)\n");
    let back = folder.run("diff new.wasm old.wasm --requests pods.yaml").exits(1);
    back.prints("reject-to-accept: rejected before, accepted now, 1 request\n")
        .prints("suggested release: minor (reject");
}

/// What an API server does not look at is no change.
#[test]
fn what_no_cluster_sees() {
    let of = |no| Answers { no, ..STRICT };
    let (one, other) = (of(r#"{"accepted":true,"message":"fine","code":200}"#), of(ACCEPTS));
    policies(&one, &other).file("pods.yaml", pods()).run("diff old.wasm new.wasm -r pods.yaml").exits(0);
    let warned = of(r#"{"accepted":true,"warnings":["soon\u001b[31m gone"]}"#);
    let ran = policies(&other, &warned).file("pods.yaml", pods()).run("diff old.wasm new.wasm -r pods.yaml").exits(1);
    ran.prints("warnings: new warnings, 2 requests\n")
        .prints("soon\\u{1b}[31m gone")
        .prints("release: minor (warnings)");
}

#[test]
fn what_is_told_for_programs() {
    let folder = policies(&STRICT, &STRICTER).file("pods.yaml", pods());
    let json = folder.run("diff old.wasm new.wasm -r pods.yaml --format json").exits(1).json();
    assert_eq!(json["schema"], "admit-diff/1");
    assert_eq!((&json["requests"], &json["same"], &json["changed"]), (&3.into(), &2.into(), &1.into()));
    assert_eq!(json["suggests"], "major");
    assert_eq!(json["old"]["module"], "old.wasm");
    assert_eq!(json["new"]["sha256"].as_str().expect("a text").len(), 64);
    let group = &json["changes"]["accept-to-reject"]["groups"][0];
    assert_eq!((&group["is"], &group["count"]), (&"container `…` is privileged".into(), &1.into()));
    let example = serde_json::json!({
        "file": "pods.yaml", "line": 3, "operation": "CREATE", "kind": "Pod", "namespace": "shop", "name": "db",
        "was": "", "is": "container `a` is privileged",
    });
    assert_eq!(group["examples"][0], example);
}

#[test]
fn policies_that_cannot_be_compared() {
    let folder = policies(&STRICT, &STRICT).file("pods.yaml", pods()).chainloop("{}", "");
    folder.run("diff old.wasm policy.wasm -r pods.yaml").exits(2).prints_nothing().tells("is a policy of Chainloop");
    let folder = policies(&STRICT, &STRICT).file("pods.yaml", pods()).answers(r#"{"valid":true}"#, ACCEPTS);
    let raw = folder.metadata(r#"{"rules":[],"mutating":false,"policyType":"raw"}"#);
    raw.run("diff old.wasm policy.wasm -r pods.yaml")
        .exits(2)
        .tells("takes raw documents, as its metadata say, and old.wasm");
    let both = raw.run("diff policy.wasm policy.wasm -r pods.yaml").exits(0);
    both.prints("3 requests compared: 3 the same");
    let folder = policies(&STRICT, &STRICT).file("pods.yaml", pods());
    let refuses = folder.answers(r#"{"valid":false,"message":"no such key"}"#, ACCEPTS);
    let ran = refuses.run("diff old.wasm policy.wasm -r pods.yaml").exits(2);
    ran.tells("the policy does not accept these settings: no such key (policy.wasm)");
}

/// What is not known is neither the same nor a change.
#[test]
fn questions_to_the_host() {
    let folder = policies(&STRICT, &STRICT).module("lookup").file("pods.yaml", pods());
    let ran = folder.run("diff policy.wasm old.wasm -r pods.yaml").exits(2);
    ran.prints("3 left out: no answer for what a policy asked its host\n  pods.yaml:1  Pod shop/web: ")
        .tells("error: not everything was compared: for 3 a policy asked its host what the world does not say; add it to --world");
    let world = folder.file("world.yaml", "dns: {a.example: [192.0.2.1]}\n");
    let ran = world.run("diff old.wasm policy.wasm -r pods.yaml --world world.yaml").exits(1);
    ran.prints("host-calls: new host calls, 2 requests\n  2  net/v1/dns_lookup_host\n")
        .prints("reject-to-accept: rejected before, accepted now, 1 request\n");
}

#[test]
fn errors_are_compared_without_their_frames() {
    let folder = policies(&STRICT, &STRICT).module("trap").file("pods.yaml", pods());
    let ran = folder.run("diff old.wasm policy.wasm -r pods.yaml").exits(1);
    ran.prints("accept-to-error: accepted before, no answer now, 2 requests\n")
        .prints("reject-to-error: rejected before, no answer now, 1 request\n")
        .prints("  2  the policy trapped: wasm trap: wasm `…` instruction executed\n")
        .prints("suggested release: major (accept-to-error, reject-to-error)");
    folder.run("diff policy.wasm policy.wasm -r pods.yaml").exits(0).prints("3 the same");
}

#[test]
fn settings_of_each() {
    let needle = Answers { needle: r#""settings":{"strict""#, yes: REJECTS, no: ACCEPTS };
    let folder =
        policies(&needle, &needle).file("pods.yaml", pods()).file("s.yaml", "strict: true\n").file("n.yaml", "{}");
    folder.run("diff old.wasm new.wasm -r pods.yaml --settings s.yaml").exits(0);
    folder.run("diff old.wasm new.wasm -r pods.yaml --new-settings s.yaml").exits(1).prints("accept-to-reject: ");
    folder
        .run("diff old.wasm new.wasm -r pods.yaml -s s.yaml --new-settings n.yaml")
        .exits(1)
        .prints("reject-to-accept: ");
}

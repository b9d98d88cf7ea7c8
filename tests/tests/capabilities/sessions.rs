//! Recording and replaying.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use admit_host::capabilities::{Faulty, Grants, HostCapabilities, HostRequest, Recorder, Replay, Scripted, Session};
use admit_host::{Abi, CallError, Capabilities, RunOptions};
use libtest_mimic::Trial;
use serde_json::json;

use super::caller::{Call, Received, call, received, received_each, unanswerable};
use crate::support::Echo;

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        what_is_recorded_is_replayed,
        a_recording_is_the_file_that_kwctl_writes,
        denied_calls_and_logs_are_not_recorded,
        what_cannot_be_recorded_is_named,
        a_recording_that_cannot_be_saved_is_kept,
        strict_replay_wants_the_recorded_order,
        keyed_replay_takes_any_order,
        a_miss_names_the_closest_exchange,
        a_miss_of_another_kind_says_what_there_is,
        replays_are_gated,
        guests_cannot_exhaust_what_keeps_their_calls,
    ]
}

/// Every operation and variant, with the characters that YAML is particular about.
const CALLS: [(&str, &str); 15] = [
    ("oci/v1/manifest_digest", r#""ghcr.io/a/b:1""#),
    ("oci/v1/oci_manifest", r#""yes""#),
    ("oci/v1/oci_manifest_config", r#""1.5""#),
    ("oci/v1/verify", r#"{"SigstorePubKeyVerify":{"image":"i","pub_keys":["-----BEGIN\nkey\n-----END\n","b"]}}"#),
    ("oci/v1/verify", r##"{"SigstoreKeylessVerify":{"image":"i","keyless":[{"issuer":"a: b","subject":"#c"}]}}"##),
    ("oci/v2/verify", r#"{"type":"SigstorePubKeyVerify","image":"i","pub_keys":[],"annotations":{"env":"0x1"}}"#),
    (
        "oci/v2/verify",
        r#"{"type":"SigstoreKeylessPrefixVerify","image":"i","keyless_prefix":[{"issuer":"~","url_prefix":"null"}]}"#,
    ),
    ("oci/v2/verify", r#"{"type":"SigstoreGithubActionsVerify","image":"i","owner":"o","repo":"r","annotations":{}}"#),
    (
        "oci/v2/verify",
        r#"{"type":"SigstoreCertificateVerify","image":"i","certificate":[1,255],"certificate_chain":[[1],[]],"require_rekor_bundle":true}"#,
    ),
    ("net/v1/dns_lookup_host", r#""a\u0085\ufeffb\u007f\t #: x\r\n \n\n  z\ud83d\ude00é ""#),
    (
        "crypto/v1/is_certificate_trusted",
        r#"{"cert":{"encoding":"Pem","data":[45,10]},"cert_chain":[],"not_after":"2030-01-01T00:00:00Z"}"#,
    ),
    (
        "kubernetes/list_resources_by_namespace",
        r#"{"api_version":"v1","kind":"Pod","namespace":"n","label_selector":"a=b,!c","field_masks":["spec.a","metadata"]}"#,
    ),
    ("kubernetes/list_resources_all", r#"{"api_version":"v1","kind":"Pod","field_selector":"","field_masks":[]}"#),
    ("kubernetes/get_resource", r#"{"api_version":"v1","kind":"Pod","name":"p","disable_cache":true}"#),
    (
        "kubernetes/can_i",
        r#"{"subject_access_review":{"user":"u","groups":["g"],"resource_attributes":{"resource":"pods","verb":"get"}}}"#,
    ),
];

/// Answers with the payload; everything of Kubernetes fails with a text of several lines.
struct Half;

impl Capabilities for Half {
    fn call(&self, namespace: &str, _operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        match namespace {
            "kubernetes" => Err("Callback evaluation failure: first\n\nCaused by:\n    0: second\n ".to_owned().into()),
            _ => Ok(payload.to_vec()),
        }
    }
}

fn options(capabilities: impl Capabilities + 'static) -> RunOptions {
    RunOptions { capabilities: Arc::new(capabilities), ..RunOptions::default() }
}

/// Makes the calls against a recorder and returns what the guests received, and the path of the saved session.
fn record<const N: usize>(
    calls: [Call<'_>; N],
    inner: impl Capabilities + 'static,
    folder: &Path,
) -> ([Received; N], PathBuf) {
    let inner: Arc<dyn Capabilities> = Arc::new(inner);
    let mut recorders = Vec::new();
    let received = received_each(calls, |_| {
        let recorder = Arc::new(Recorder::new(inner.clone()));
        recorders.push(recorder.clone());
        RunOptions { capabilities: recorder, ..RunOptions::default() }
    });
    let [first, second] = &recorders[..] else { panic!("one recorder for each ABI") };
    assert_eq!(first.session().expect("a session"), second.session().expect("a session"), "the ABIs differ");
    let path = folder.join("session.yml");
    first.save(&path).unwrap_or_else(|error| panic!("{error}"));
    (received, path)
}

fn open(path: &Path) -> Session {
    Session::open(path).unwrap_or_else(|error| panic!("{error}"))
}

fn parse(text: &str) -> Session {
    Session::parse(text.as_bytes(), "session.yml").unwrap_or_else(|error| panic!("{error}"))
}

fn what_is_recorded_is_replayed() {
    let folder = tempfile::tempdir().expect("a folder");
    let calls = CALLS.map(|(path, payload)| call(path, payload));
    let (recorded, path) = record(calls, Half, folder.path());
    assert_eq!(recorded.iter().filter(|answer| answer.is_ok()).count(), 11);
    let session = open(&path);
    let requests: Vec<_> = session.exchanges().iter().map(|exchange| exchange.request.clone()).collect();
    let made: Vec<_> = calls
        .iter()
        .map(|call| HostRequest::parse(call.namespace, call.operation, call.payload.as_bytes()).expect("it is one"))
        .collect();
    assert_eq!(requests, made);
    assert_eq!(received_each(calls, |_| options(Replay::strict(session.clone()))), recorded);
    assert_eq!(received_each(calls, |_| options(Replay::keyed(session.clone()))), recorded);
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "the temporary file is gone");
}

/// Written down from the contract.
const SESSION: &str = "\
- type: Exchange
  request: |
    !KubernetesGetResource
    api_version: v1
    kind: Namespace
    name: test
    namespace: null
    disable_cache: false
    field_masks: null
  response:
    type: Error
    message: Cannot find v1/Namespace named 'test' inside of namespace 'None'
- type: Exchange
  request: |
    !DNSLookupHost
    host: example.com
  response:
    type: Success
    payload: \"{\\\"ips\\\":[]}\"
";

fn a_recording_is_the_file_that_kwctl_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = Scripted::new()
        .on("kubernetes", "get_resource", |_| {
            Err("Cannot find v1/Namespace named 'test' inside of namespace 'None'".to_owned())
        })
        .on("net", "v1/dns_lookup_host", |_| Ok(json!({"ips": []})));
    let calls = [
        call("kubernetes/get_resource", r#"{"api_version":"v1","kind":"Namespace","name":"test"}"#),
        call("net/v1/dns_lookup_host", r#""example.com""#),
    ];
    let (_, path) = record(calls, script, folder.path());
    let text = fs::read_to_string(&path).expect("a file");
    assert_eq!(text, SESSION);
    // An empty session is one too.
    Session::default().save(&path).expect("a file");
    assert_eq!(open(&path).exchanges(), []);
}

fn denied_calls_and_logs_are_not_recorded() {
    let recorder = Arc::new(Recorder::new(Arc::new(Half)));
    let options = RunOptions {
        capabilities: recorder.clone(),
        grants: Grants {
            host_capabilities: HostCapabilities::parse(["net/*"]).expect("a pattern"),
            ..Grants::default()
        },
        ..RunOptions::default()
    };
    let calls = [
        call("oci/v1/oci_manifest", r#""i""#),
        call("net/v1/dns_lookup_host", "1"),
        call("net/x", "1"),
        call("net/v1/dns_lookup_host", r#""h""#),
    ];
    assert_eq!(received(calls, &options).map(|answer| answer.is_ok()), [false, false, false, true]);
    // Once for each ABI.
    let session = recorder.session().expect("a session");
    let host = HostRequest::DNSLookupHost { host: "h".to_owned() };
    assert_eq!(session.exchanges().iter().map(|exchange| &exchange.request).collect::<Vec<_>>(), [&host, &host]);
}

fn what_cannot_be_recorded_is_named() {
    struct Bytes;
    impl Capabilities for Bytes {
        fn call(&self, _: &str, _: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
            Ok(if payload == br#""bad""# { vec![b'a', 0xff] } else { b"{}".to_vec() })
        }
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("session.yml");
    fs::write(&path, "as it was").expect("a file");
    let recorder = Recorder::new(Arc::new(Bytes));
    for host in [br#""good""#.as_slice(), br#""bad""#] {
        recorder.call("net", "v1/dns_lookup_host", host).expect("an answer");
    }
    let error = recorder.save(&path).expect_err("an answer is not text").to_string();
    assert!(
        error.starts_with(
            "exchange 2 (net/v1/dns_lookup_host) cannot be written to a session file: the answer is not text"
        ),
        "{error}"
    );
    assert_eq!(fs::read_to_string(&path).expect("a file"), "as it was");

    let recorder = Recorder::new(Arc::new(Echo));
    assert_eq!(recorder.call("elsewhere", "x", b"y").as_deref(), Ok(&b"y"[..]));
    let error = recorder.save(&path).expect_err("kwctl has no such operation").to_string();
    assert_eq!(error, "exchange 1 (elsewhere/x) cannot be written to a session file: unknown namespace: elsewhere");
}

fn a_recording_that_cannot_be_saved_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let recorder = Recorder::new(Arc::new(Half));
    recorder.call("net", "v1/dns_lookup_host", br#""h""#).expect("an answer");
    let missing = folder.path().join("missing/session.yml");
    let error = recorder.save(&missing).expect_err("there is no such folder").to_string();
    assert!(error.starts_with(&format!("cannot write the session to {}: ", missing.display())), "{error}");
    let path = folder.path().join("session.yml");
    recorder.save(&path).expect("a file");
    assert_eq!(open(&path).exchanges(), recorder.session().expect("a session").exchanges());
}

fn strict_replay_wants_the_recorded_order() {
    let [get, host] = [
        call("kubernetes/get_resource", r#"{"api_version":"v1","kind":"Namespace","name":"test"}"#),
        call("net/v1/dns_lookup_host", r#""example.com""#),
    ];
    let found = Ok(r#"{"ips":[]}"#.to_owned());
    let not_found =
        Err("Callback evaluation failure: Cannot find v1/Namespace named 'test' inside of namespace 'None'".to_owned());
    let unexpected = Err(concat!(
        "Callback evaluation failure: Replay error: unexpected request. Was expecting ",
        r#"KubernetesGetResource { api_version: "v1", kind: "Namespace", name: "test", namespace: None, "#,
        r#"disable_cache: false, field_masks: None }, got DNSLookupHost { host: "example.com" } instead"#
    )
    .to_owned());
    let empty = Err("Callback evaluation failure: the list of recorded responses is empty".to_owned());
    let strict = |calls| received_each(calls, |_: Abi| options(Replay::strict(parse(SESSION))));

    assert_eq!(strict([get, host, host]), [not_found, found.clone(), empty.clone()]);
    // The exchange that was due is used up.
    assert_eq!(strict([host, host, get]), [unexpected, found, empty]);
}

fn keyed_replay_takes_any_order() {
    let exchange = |host: &str, answer: &str| {
        format!(
            "- type: Exchange\n  request: |\n    !DNSLookupHost\n    host: {host}\n  response:\n    type: Success\n    payload: '{answer}'\n"
        )
    };
    let text = ["a", "b", "a", "c"].iter().zip(1..).map(|(host, n)| exchange(host, &n.to_string())).collect::<String>();
    let replay = Arc::new(Replay::keyed(parse(&text)));
    let hosts = ["b", "a", "a", "b", "a"].map(|host| format!("{host:?}"));
    let calls = hosts.each_ref().map(|host| call("net/v1/dns_lookup_host", host));
    // The same request again gets the next answer, and the last one from then on.
    let answers = received_each(calls, |_| options(Replay::keyed(parse(&text))));
    assert_eq!(answers, ["2", "1", "3", "2", "3"].map(|answer| Ok(answer.to_owned())));
    for call in calls {
        replay.call(call.namespace, call.operation, call.payload.as_bytes()).expect("an answer");
    }
    let left: Vec<_> = replay.leftovers().iter().map(|exchange| exchange.response.clone()).collect();
    assert_eq!(left, [Ok("4".to_owned())]);
}

const THREE: &str = "\
- type: Exchange
  request: |
    !KubernetesGetResource
    api_version: v1
    kind: ConfigMap
    name: settings
    namespace: other
    disable_cache: true
  response: {type: Success, payload: '{}'}
- type: Exchange
  request: |
    !KubernetesGetResource
    api_version: v1
    kind: Namespace
    name: production
    namespace: null
    disable_cache: false
  response: {type: Success, payload: '{}'}
- type: Exchange
  request: |
    !KubernetesGetResource
    api_version: v1
    kind: Namespace
    name: staging-eu
    namespace: null
    disable_cache: false
  response: {type: Success, payload: '{}'}
";

fn a_miss_names_the_closest_exchange() {
    let get = |name: &str| {
        format!(
            r#"{{"api_version":"v1","kind":"Namespace","name":"{name}","disable_cache":false,"field_masks":["spec"]}}"#
        )
    };
    let [near, long] = [get("staging-us"), get(&"é".repeat(1_000))];
    let miss =
        |get: &str| unanswerable(&[call("kubernetes/get_resource", get)], || options(Replay::keyed(parse(THREE))));
    assert_eq!(
        miss(&near),
        concat!(
            "Replay error: call 1, KubernetesGetResource {\"api_version\":\"v1\",\"disable_cache\":false,\"field_masks\":[\"spec\"],",
            "\"kind\":\"Namespace\",\"name\":\"staging-us\",\"namespace\":null}: session.yml has no such KubernetesGetResource; ",
            "exchange 3 of 3 comes closest and differs in\n",
            "  field_masks: recorded null, asked [\"spec\"]\n",
            "  name: recorded \"staging-eu\", asked \"staging-us\"\n",
            "Record the session again; or let the policy have the error that kwctl's replay gives: ",
            "`--replay-missing error`, in a case `missing: error` in its `session`"
        )
    );
    let long = miss(&long);
    assert!(long.contains(&format!("asked \"{}…\n", "é".repeat(119))), "{long}");
}

fn a_miss_of_another_kind_says_what_there_is() {
    let calls = [call("net/v1/dns_lookup_host", r#""h""#)];
    let miss = |session: fn() -> Session| unanswerable(&calls, || options(Replay::keyed(session())));
    let text = "Replay error: call 1, DNSLookupHost {\"host\":\"h\"}: session.yml has no DNSLookupHost; it has 3 KubernetesGetResource\n";
    assert!(miss(|| parse(THREE)).starts_with(text));
    assert!(miss(Session::default).contains("it has nothing at all\n"));
}

fn replays_are_gated() {
    let options = RunOptions { grants: Grants::none(), ..options(Replay::strict(parse(SESSION))) };
    let [answer] = received([call("net/v1/dns_lookup_host", r#""h""#)], &options);
    assert!(answer.expect_err("it is not granted").starts_with("Policy has not been granted access to the 'net/"));
}

/// The guest decides how many calls there are, and how large they are.
fn guests_cannot_exhaust_what_keeps_their_calls() {
    struct Empty;
    impl Capabilities for Empty {
        fn call(&self, _: &str, _: &str, _: &[u8]) -> Result<Vec<u8>, CallError> {
            Ok(b"{}".to_vec())
        }
    }
    let payload = format!("\"{}\"", "x".repeat(1 << 20));
    let scripted = Scripted::new().on("net", "v1/dns_lookup_host", |_| Ok(json!({})));
    let keepers: [Box<dyn Capabilities>; 3] = [
        Box::new(Recorder::new(Arc::new(Empty))),
        Box::new(Faulty::new(Arc::new(Empty), Vec::new())),
        Box::new(scripted),
    ];
    for keeper in keepers {
        let call = |_| keeper.call("net", "v1/dns_lookup_host", payload.as_bytes());
        let error = (0..64).find_map(|number| call(number).err()).expect("64 MiB and a bit are too much");
        assert!(matches!(&error, CallError::Unanswerable(text) if text.contains("64 MiB")), "{error:?}");
    }
}

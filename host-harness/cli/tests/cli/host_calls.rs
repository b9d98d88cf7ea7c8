//! Where `cargo admit run` and `cargo admit test` take the answers to host calls from.

use crate::support::{Folder, POD, Ran, fixtures};

const WORLD: &str = "dns: {a.example: [192.0.2.1]}\n";

/// A folder with a policy that looks up `a.example`, a request and a world. When annotated, the policy declares `net/*`.
fn lookup(annotated: bool) -> Folder {
    let text = std::fs::read_to_string(fixtures().join("modules/lookup.wat")).expect("a fixture");
    let text = text.replace("{SECTION}", if annotated { "io.kubewarden.metadata" } else { "unknown" });
    let module = wat::parse_str(text).expect("valid text");
    Folder::new().file("policy.wasm", module).file("pod.json", POD).file("world.yaml", WORLD)
}

fn run(folder: &Folder, arguments: &str) -> Ran {
    folder.run(&format!("run policy.wasm --request pod.json {arguments}"))
}

#[test]
fn a_world_answers() {
    let folder = lookup(false).file("gone.yaml", "dns: {a.example: []}\n").file("folder/dns.yaml", WORLD);
    run(&folder, "--world world.yaml").exits(0).tells("host call net/v1/dns_lookup_host");
    run(&folder, "--world folder").exits(0);
    run(&folder, "--world gone.yaml").exits(1).tells("rejected: no address");
    run(&folder, "--world none").exits(2).tells("none").prints_nothing();
}

#[test]
fn without_an_answer_there_is_no_verdict() {
    let folder = lookup(false).file("other.yaml", "dns: {b.example: []}\n");
    let ran = run(&folder, "").exits(2).prints_nothing();
    ran.tells("net/v1/dns_lookup_host with \"a.example\"; this run has no world; give --world or --replay");
    run(&folder, "--world other.yaml").exits(2).prints_nothing().tells("a.example");
}

#[test]
fn what_was_recorded_is_replayed_with_the_same_outcome() {
    let folder = lookup(false);
    let first = run(&folder, "--world world.yaml --record s.yml").exits(0);
    let session = std::fs::read_to_string(folder.path().join("s.yml")).expect("a recording");
    assert!(session.contains("!DNSLookupHost") && session.contains("192.0.2.1"), "{session}");
    for order in ["", "--replay-order any", "--replay-order recorded"] {
        let again = run(&folder, &format!("--replay s.yml {order}")).exits(0);
        assert_eq!(again.stdout, first.stdout);
    }
    // kwctl's names, and a recording of a replay.
    let arguments = "--replay-host-capabilities-interactions s.yml --record-host-capabilities-interactions again.yml";
    run(&folder, arguments).exits(0);
    let again = std::fs::read_to_string(folder.path().join("again.yml")).expect("a recording");
    assert_eq!(again, session);
}

#[test]
fn a_run_that_fails_is_recorded_all_the_same() {
    let folder = lookup(false).file("gone.yaml", "dns: {a.example: []}\n");
    run(&folder, "--world gone.yaml --record s.yml").exits(1);
    let session = std::fs::read_to_string(folder.path().join("s.yml")).expect("a recording");
    assert!(session.contains("type: Error") && session.contains("failed to lookup address"), "{session}");
    run(&folder, "--replay s.yml --replay-order recorded").exits(1).tells("no address");
}

#[test]
fn a_run_without_a_call_leaves_an_empty_recording() {
    let folder = lookup(false).file("other.yaml", "dns: {}\n");
    run(&folder, "--world other.yaml --record s.yml").exits(2);
    let session = std::fs::read_to_string(folder.path().join("s.yml")).expect("a recording");
    assert_eq!(session.trim(), "[]");
    run(&folder, "--replay s.yml").exits(2).tells("nothing at all");
}

#[test]
fn a_recording_that_cannot_be_written_is_2_after_the_answer() {
    let ran = run(&lookup(false), "--world world.yaml --record none/s.yml").exits(2);
    assert_eq!(ran.json()["allowed"], true);
    ran.tells("cannot write the session to none/s.yml");
}

#[test]
fn what_a_strict_replay_leaves_is_told_in_upstreams_words() {
    let folder = lookup(false);
    run(&folder, "--world world.yaml --record s.yml").exits(0);
    let once = std::fs::read_to_string(folder.path().join("s.yml")).expect("a recording");
    let folder = folder.file("twice.yml", format!("{once}{once}"));
    let told = "warning: Some of the recorded exchanges have not been replayed";
    let ran = run(&folder, "--replay twice.yml --replay-order recorded").exits(0).tells(told);
    ran.tells("\n  exchange 2 of 2: DNSLookupHost {\"host\":\"a.example\"}\n");
    for arguments in ["--replay twice.yml", "--replay s.yml --replay-order recorded"] {
        let ran = run(&folder, arguments).exits(0);
        assert!(!ran.stderr.contains("have not been replayed"), "{}", ran.stderr);
    }
}

#[test]
fn grants_are_those_of_the_metadata_or_of_the_command_line() {
    let (declares, silent) = (lookup(true), lookup(false));
    run(&declares, "--world world.yaml --allow-context-aware").exits(0);
    run(&declares, "--world world.yaml").exits(0).tells("note: of the hostCapabilities").tells("\"nte\"");
    let denied = "Policy has not been granted access to the 'net/v1/dns_lookup_host' host capability";
    run(&declares, "--world world.yaml --allow-host-capability oci/*").exits(1).tells(denied);
    run(&silent, "--world world.yaml --allow-host-capability oci/* --allow-host-capability net/*").exits(0);
    run(&silent, "--world world.yaml --allowed-host-capabilities kubernetes/can_i").exits(1).tells(denied);
    run(&silent, "--allow-host-capability oci*").exits(2).prints_nothing().tells(
        "error: Invalid host capabilities pattern: invalid pattern \"oci*\": wildcard '*' must be the entire last path segment",
    );
    run(&silent, "--world world.yaml --allow-context-aware").exits(2).tells("this policy has no metadata");
}

/// kwctl grants no resources of the cluster unless it is told to.
#[test]
fn what_the_metadata_declares_of_the_cluster_can_be_denied() {
    let text = std::fs::read_to_string(fixtures().join("modules/lookup.wat")).expect("a fixture");
    let text = text
        .replace("{SECTION}", "io.kubewarden.metadata")
        .replace(
            r#"\"hostCapabilities\":[\"net/*\",\"nte/*\"]"#,
            r#"\"contextAwareResources\":[{\"apiVersion\":\"v1\",\"kind\":\"Pod\"}]"#,
        )
        .replace(
            r#""kubewardennetv1/dns_lookup_host\"a.example\"""#,
            r#""kubewardenkuberneteslist_resources_all{\"api_version\":\"v1\",\"kind\":\"Pod\"}""#,
        )
        .replace("(i32.const 10) (i32.const 3)", "(i32.const 10) (i32.const 10)")
        .replace(
            "(i32.const 13) (i32.const 18) (i32.const 31) (i32.const 11)",
            "(i32.const 20) (i32.const 18) (i32.const 38) (i32.const 33)",
        );
    let module = wat::parse_str(text).expect("valid text");
    let folder = Folder::new().file("policy.wasm", module).file("pod.json", POD).file("world.yaml", "cluster:\n");
    run(&folder, "--world world.yaml").exits(0);
    let denied = "Policy has not been granted access to Kubernetes v1/Pod resources";
    run(&folder, "--world world.yaml --deny-context-aware").exits(1).tells(denied);
    run(&folder, "--deny-context-aware").exits(1).tells(denied);
    run(&folder, "--deny-context-aware --allow-context-aware").exits(2).tells("cannot be used with");
}

#[test]
fn options_that_do_not_go_together_are_2() {
    let folder = lookup(false).file("s.yml", "[]");
    run(&folder, "--world world.yaml --replay s.yml").exits(2).tells("cannot be used with");
    run(&folder, "--record s2.yml").exits(2).tells("--world");
    run(&folder, "--replay-order any").exits(2).tells("--replay");
    run(&folder, "--replay s.yml --replay-order recoded").exits(2).tells("did you mean `recorded`?");
    run(&folder, "--replay pod.json").exits(2).tells("pod.json:1:1: must be an array");
    run(&folder, "--world s.yml").exits(2).tells("s.yml:1:1");
}

#[test]
fn a_recording_replaces_no_input() {
    let folder = lookup(false).file("settings.yml", "{}").file("folder/sub/dns.yaml", WORLD).file("old.json", POD);
    run(&folder, "--world world.yaml --record s.yml").exits(0);
    let text = |name: &str| std::fs::read(folder.path().join(name)).expect("a file");
    let refused = |arguments: &str, output: &str, told: &str| {
        let before = folder.path().join(output).exists().then(|| text(output));
        let ran = run(&folder, &format!("{arguments} --record {output}")).exits(2).prints_nothing();
        ran.tells(output).tells(told);
        assert!(folder.path().join(output).exists().then(|| text(output)) == before, "{output} was written");
    };
    refused("--world world.yaml", "pod.json", "is what `--request` names");
    refused("--world world.yaml", "./pod.json", "is what `--request` names");
    refused("--world world.yaml", "world.yaml", "is what `--world` names");
    refused("--world world.yaml", "policy.wasm", "is the policy");
    refused("--replay s.yml", "s.yml", "is what `--replay` names");
    refused("--world world.yaml --settings settings.yml", "settings.yml", "is what `--settings` names");
    refused("--world world.yaml --operation UPDATE --old-object old.json", "old.json", "is what `--old-object` names");
    // Next time it would be a part of the world, whether it was there before or not.
    refused("--world folder", "folder/sub/dns.yaml", "is inside of `folder`, which `--world` names");
    refused("--world folder", "folder/s.yml", "is inside of `folder`, which `--world` names");
    refused("--world folder", "folder/sub/../s.yml", "is inside of `folder`, which `--world` names");
    let folder = folder
        .file("named.yaml", "{cluster: {objects: [{file: ns.yaml}]}, dns: {a.example: [192.0.2.1]}}")
        .file("ns.yaml", "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}");
    run(&folder, "--world named.yaml --record ns.yaml")
        .exits(2)
        .prints_nothing()
        .tells("ns.yaml: is what the world names");
    run(&folder, "--world named.yaml --record beside.yml").exits(0);
    run(&folder, "--world folder --record beside.yml").exits(0);
    run(&folder, "--world folder --record beside.yml").exits(0);
}

#[test]
fn a_strict_replay_of_other_calls_is_2_whatever_the_policy_makes_of_it() {
    let folder = lookup(false);
    run(&folder, "--world world.yaml --record s.yml").exits(0);
    let recorded = std::fs::read_to_string(folder.path().join("s.yml")).expect("a recording");
    let folder = folder
        .file("other.yml", recorded.replace("a.example", "b.example"))
        .file("none.yml", "[]")
        .file("p.yml", "a: {module: policy.wasm, hostCapabilities: ['*']}\n");
    for policy in ["policy.wasm", "p.yml"] {
        let replay = |session: &str| {
            folder.run(&format!("run {policy} --request pod.json --replay {session} --replay-order recorded"))
        };
        let ran = replay("other.yml --record again.yml").exits(2).tells("rejected: no address");
        assert_eq!(ran.json()["allowed"], false);
        ran.tells("error: the policy did not make the recorded calls in their order")
            .tells("call 1, net/v1/dns_lookup_host: exchange 1 of 1 in other.yml was due, DNSLookupHost {\"host\":\"b.example\"}; ")
            .tells("host: recorded \"b.example\", asked \"a.example\"");
        assert!(folder.path().join("again.yml").exists(), "the recording is written all the same");
        std::fs::remove_file(folder.path().join("again.yml")).expect("a recording");
        let ran = replay("none.yml").exits(2).tells("the list of recorded responses is empty");
        let ran = ran.tells(
            "all 0 exchanges of none.yml have been replayed; none.yml has no DNSLookupHost; it has nothing at all",
        );
        assert!(!ran.stderr.contains("--replay-order any"), "it would not help: {}", ran.stderr);
        replay("s.yml").exits(0);
        let ran = replay("other.yml --record none/s.yml").exits(2);
        ran.tells("did not make the recorded calls").tells("cannot write the session to none/s.yml");
    }
}

/// The policy has the error of kwctl's replay, and its answer counts.
#[test]
fn calls_that_were_not_recorded_can_be_errors() {
    let folder = lookup(false);
    run(&folder, "--world world.yaml --record s.yml").exits(0);
    let recorded = std::fs::read_to_string(folder.path().join("s.yml")).expect("a recording");
    let folder = folder.file("other.yml", recorded.replace("a.example", "b.example")).file("none.yml", "[]");
    for order in ["any", "recorded"] {
        let replay =
            |session: &str| run(&folder, &format!("--replay {session} --replay-order {order} --replay-missing error"));
        let ran = replay("other.yml").exits(1).tells("rejected: no address");
        assert_eq!(ran.json()["allowed"], false);
        ran.tells("error: Callback evaluation failure: Replay error: unexpected request. Was expecting DNSLookupHost { host: \"b.example\" }, got DNSLookupHost { host: \"a.example\" } instead")
            .tells("note: call 1, net/v1/dns_lookup_host: exchange 1 of 1 in other.yml was due");
        replay("none.yml").exits(1).tells("Callback evaluation failure: the list of recorded responses is empty");
        replay("s.yml").exits(0);
    }
    let ran = run(&folder, "--replay other.yml").exits(2).prints_nothing();
    ran.tells("call 1, DNSLookupHost {\"host\":\"a.example\"}: other.yml has no such DNSLookupHost; exchange 1 of 1 comes closest")
        .tells("`--replay-missing error`");
    run(&folder, "--replay s.yml --replay-missing ignore").exits(2).tells("use `stop` or `error`");
    run(&folder, "--replay-missing error").exits(2).tells("--replay");
}

#[test]
fn answers_are_shown_from_their_start() {
    let folder = lookup(false);
    let many = (0..40).map(|n| format!("192.0.2.{n}")).collect::<Vec<_>>().join(", ");
    let folder = folder.file("many.yaml", format!("dns: {{a.example: [{many}]}}\n"));
    run(&folder, "--world world.yaml").exits(0).tells("\"a.example\" -> 21 bytes: {\"ips\":[\"192.0.2.1\"]}\n");
    let ran = run(&folder, "--world many.yaml").exits(0).tells("bytes: {\"ips\":[\"192.0.2.0\",");
    assert!(ran.stderr.contains("…\n") && !ran.stderr.contains("192.0.2.39"), "{}", ran.stderr);
    run(&folder, "--world many.yaml --verbose").exits(0).tells("\"192.0.2.39\"]}\n");
    // What ends the run is told once.
    let ran = run(&folder, "").exits(2);
    assert_eq!(ran.stderr.matches("this run has no world").count(), 1, "{}", ran.stderr);
}

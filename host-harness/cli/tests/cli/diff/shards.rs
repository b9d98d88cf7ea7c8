//! Parts of a corpus, and their sum.

use std::fs;

use super::{STRICT, STRICTER, pod, policies};
use crate::support::Folder;

/// A corpus with everything that a report counts: changes in more groups than one, examples beyond the limit, what is left out.
fn folder() -> Folder {
    let stricter =
        super::Answers { yes: r#"{"accepted":false,"message":"container `a` is privileged","code":403}"#, ..STRICTER };
    let mut folder = policies(&STRICT, &stricter)
        .file("corpus/README.md", "nothing")
        .file("corpus/values.yaml", "replicas: 1\n")
        .file("corpus/more/values.yaml", "replicas: 2\n")
        .file("allow.yaml", "- {change: code, where: {name: web-1*}, why: known}\n- {change: error, why: never}\n");
    for file in 0..5 {
        let pods: Vec<String> = (0..12)
            .map(|number| {
                let privileged = [None, Some(false), Some(true)][number % 3];
                pod(&format!("team-{file}"), &format!("web-{number}"), privileged)
            })
            .collect();
        folder = folder.file(&format!("corpus/{file}.yaml"), pods.join("---\n"));
    }
    folder
}

const RUN: &str = "diff old.wasm new.wasm -r corpus --allow allow.yaml --format json";

/// Each shard as a file, named `1.json` and so on.
fn shards(mut folder: Folder, of: usize) -> Folder {
    for shard in 1..=of {
        let ran = folder.run(&format!("{RUN} --shard {shard}/{of}"));
        assert!([0, 1].contains(&ran.code), "{}", ran.stderr);
        folder = folder.file(&format!("{shard}.json"), ran.stdout);
    }
    folder
}

#[test]
fn shards_add_up_to_the_whole() {
    let whole = folder().run(RUN).exits(1);
    let json = whole.json();
    assert_eq!((&json["requests"], &json["changed"]), (&60.into(), &40.into()));
    assert_eq!(json["left_out"]["no-object"]["count"], 2);
    for of in [1, 2, 3, 7] {
        let folder = shards(folder(), of);
        // In any order.
        let names: Vec<String> = (1..=of).rev().map(|shard| format!("{shard}.json")).collect();
        let merged = folder.run(&format!("diff --merge {} --format json", names.join(" "))).exits(1);
        assert_eq!(merged.stdout, whole.stdout, "{of} shards");
        if of > 1 {
            let one = fs::read_to_string(folder.path().join("1.json")).expect("a file");
            let one: serde_json::Value = serde_json::from_str(&one).expect("JSON");
            let part = one["requests"].as_u64().expect("a number");
            assert!(part > 0 && part < 60, "{part} of 60 in a shard of {of}");
        }
    }
    let folder = shards(folder(), 3);
    let text = folder.run("diff old.wasm new.wasm -r corpus --allow allow.yaml").exits(1).stdout;
    let merged = folder.run("diff --merge 1.json 2.json 3.json").exits(1).stdout;
    assert_eq!(merged, text);
}

/// What is in a shard does not depend on files and their order.
#[test]
fn shards_are_those_of_contents() {
    let counts = |folder: &Folder, requests: &str| -> Vec<serde_json::Value> {
        let of = |shard: usize| {
            let ran = folder.run(&format!("diff old.wasm new.wasm -r {requests} --shard {shard}/4 --format json"));
            ran.json()["requests"].clone()
        };
        (1..=4).map(of).collect()
    };
    let pods: Vec<String> = (0..30).map(|number| pod("shop", &format!("web-{number}"), None)).collect();
    let reversed: Vec<String> = pods.iter().rev().cloned().collect();
    let (first, second) = reversed.split_at(11);
    let folder = policies(&STRICT, &STRICT)
        .file("all.yaml", pods.join("---\n"))
        .file("b.yaml", first.join("---\n"))
        .file("a.yaml", second.join("---\n"));
    let whole = counts(&folder, "all.yaml");
    assert_eq!(counts(&folder, "b.yaml a.yaml"), whole);
    assert_eq!(whole.iter().filter_map(serde_json::Value::as_u64).sum::<u64>(), 30);
}

#[test]
fn what_does_not_add_up_is_refused() {
    let folder = shards(folder(), 3);
    folder.run("diff --merge 1.json 3.json").exits(2).prints_nothing().tells("error: shards are missing: 2/3");
    folder.run("diff --merge 1.json 1.json").exits(2).tells("error: 1.json and 1.json are both shard 1/3");
    let other = folder.run("diff old.wasm old.wasm -r corpus --allow allow.yaml --format json --shard 2/3").stdout;
    let whole = folder.run(RUN).stdout;
    let folder = folder.file("other.json", other).file("whole.json", whole.clone());
    folder
        .run("diff --merge 1.json other.json")
        .exits(2)
        .tells("error: other.json and 1.json have not the same new module");
    folder.run("diff --merge whole.json").exits(2).tells("error: whole.json is about the whole corpus");
    let folder = folder.file("next.json", whole.replace("admit-diff/1", "admit-diff/2")).file("pod.json", "{}");
    folder
        .run("diff --merge next.json")
        .exits(2)
        .tells("error: next.json has the schema `admit-diff/2`, and this program");
    folder
        .run("diff --merge pod.json")
        .exits(2)
        .tells("error: pod.json is no report of `cargo admit diff --format json`");
    // Numbers that somebody changed.
    let shard: serde_json::Value =
        serde_json::from_slice(&std::fs::read(folder.path().join("1.json")).expect("a shard")).expect("JSON");
    let mut folder = folder;
    for (key, value) in [("same", 1_000_000), ("changed", 0), ("requests", u64::MAX)] {
        let mut odd = shard.clone();
        odd[key] = value.into();
        folder = folder.file("odd.json", odd.to_string());
        folder
            .run("diff --merge odd.json")
            .exits(2)
            .prints_nothing()
            .tells("odd.json is no report")
            .tells("its numbers do not add up");
    }
    let mut odd = shard.clone();
    odd["changes"] = serde_json::json!({});
    folder
        .file("odd.json", odd.to_string())
        .run("diff --merge odd.json")
        .exits(2)
        .tells("there are fewer `changes` than `changed` says");
}

//! The Job that compares shard by shard.

use std::path::Path;
use std::process::Command;

use super::{STRICT, STRICTER, pod, policies};
use crate::support::Folder;

const JOB: &str = "scaffold diff-job --image registry.example/cargo-admit:v1 --shards 3 --";

#[test]
fn what_is_no_argument_of_diff() {
    let folder = Folder::new();
    for (arguments, why) in [
        ("a.wasm b.wasm", "behind `--` are the arguments of `cargo admit diff`: the following required arguments"),
        ("a.wasm b.wasm -r c --alow d", "unexpected argument '--alow' found"),
        ("a.wasm b.wasm -r c --shard 1/2", "--shard is that of each Pod"),
        ("a.wasm b.wasm -r c --format text", "--format is given by the Job"),
        ("a.wasm b.wasm -r -", "a Pod has nothing on its stdin"),
        ("--merge a.json", "--merge is for the reports of the Job"),
    ] {
        folder.run(&format!("{JOB} {arguments}")).exits(2).prints_nothing().tells(why);
    }
    let long = format!("scaffold diff-job --image i --shards 3 --name {} -- a b -r c", "x".repeat(53));
    folder.run(&long).exits(2).tells("cannot be the name of a Job: use at most 52 lowercase letters");
}

/// What each Pod runs, with folders of this machine in place of the volume.
#[cfg(unix)]
#[test]
fn its_pods_make_the_report() {
    let pods: Vec<String> =
        (0..20).map(|number| pod("shop", &format!("web-{number}"), Some(number % 2 == 0))).collect();
    let folder = policies(&STRICT, &STRICTER).file("a corpus/pods.yaml", pods.join("---\n"));
    let job = [
        "scaffold",
        "diff-job",
        "--image",
        "registry.example/cargo-admit:v1",
        "--shards",
        "3",
        "--",
        "old.wasm",
        "new.wasm",
    ];
    let ran = folder.run_words(&[&job[..], &["--requests", "a corpus"]].concat()).exits(0);
    ran.tells("`cargo admit diff --merge` makes the report of the files in /data/reports");
    let yaml = folder.run_words(&[&job[..], &["--requests", "a corpus"]].concat()).exits(0).stdout;
    let job = parsed(&yaml);
    assert_eq!((&job["kind"], &job["spec"]["completionMode"]), (&"Job".into(), &"Indexed".into()));
    assert_eq!((&job["spec"]["completions"], &job["spec"]["parallelism"]), (&3.into(), &3.into()));
    let command: Vec<String> = job["spec"]["template"]["spec"]["containers"][0]["command"]
        .as_array()
        .expect("a command")
        .iter()
        .map(|word| word.as_str().expect("a word").replace("/data/reports", "reports"))
        .collect();
    let program = Path::new(env!("CARGO_BIN_EXE_cargo-admit")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").expect("a path"));
    for index in 0..3 {
        let status = Command::new(&command[0])
            .args(&command[1..])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
            .env("JOB_COMPLETION_INDEX", index.to_string())
            .status()
            .expect("a shell");
        assert!(status.success(), "changes are no failure of the Pod");
    }
    let merged = folder.run("diff --merge reports/1.json reports/2.json reports/3.json --format json").exits(1);
    let whole = folder.run_words(&["diff", "old.wasm", "new.wasm", "-r", "a corpus", "--format", "json"]).exits(1);
    assert_eq!(merged.stdout, whole.stdout);
    // What cannot be compared is a failure.
    std::fs::write(folder.path().join("old.wasm"), "no module").expect("a file");
    let broken = Command::new(&command[0])
        .args(&command[1..])
        .current_dir(folder.path())
        .env("PATH", &path)
        .env("JOB_COMPLETION_INDEX", "0")
        .output()
        .expect("a shell");
    assert_eq!(broken.status.code(), Some(2));
}

fn parsed(text: &str) -> serde_json::Value {
    admit_host::input::Document::parse(text.as_bytes(), "job.yaml").expect("YAML").value().clone()
}

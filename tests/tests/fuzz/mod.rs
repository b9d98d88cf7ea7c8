//! The fuzz targets, each for a moment and with a fixed seed, on stable Rust. How to fuzz for longer is told in the
//! documentation of `fuzz/targets`; a middle way is `ADMIT_FUZZ_ROUNDS=50`, the factor by which this here tries more inputs, and
//! `ADMIT_FUZZ_SEED=2`, for other ones.
//!
//! The inputs of a target are the files of its corpus, then a few large ones, then mutations. They are tried in a process of
//! their own ([`worker`]), because what a decoder must not do (overflow the stack, allocate without bounds, never come back) ends
//! a process. A failure is reported with the input, made smaller, in a form that can be added to the corpus.

mod inputs;
mod json;
mod mutate;
mod random;
mod report;
mod self_test;
mod supervise;
mod worker;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use admit_fuzz_targets::{Language, TARGETS, Target};
use libtest_mimic::Trial;

use crate::support;

pub(crate) use worker::worker;

pub(crate) fn trials() -> Vec<Trial> {
    let targets = TARGETS.iter().map(|target| {
        Trial::test(format!("fuzz::target::{}", target.name), move || supervise::run(target).map_err(Into::into))
    });
    let mut trials = trials![every_target_has_a_corpus_and_a_binary];
    trials.extend(targets);
    trials.extend(self_test::trials());
    trials
}

/// The folder with the corpora.
fn corpus() -> PathBuf {
    support::repository().join("fuzz/corpus")
}

/// A target by name, also those that only test this harness.
fn target(name: &str) -> Option<&'static Target> {
    admit_fuzz_targets::target(name).or_else(|| self_test::TARGETS.iter().find(|target| target.name == name))
}

fn every_target_has_a_corpus_and_a_binary() {
    let names: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names.len(), TARGETS.len(), "two targets have the same name");

    let folders: BTreeSet<String> = fs::read_dir(corpus())
        .expect("there is a corpus")
        .map(|entry| entry.expect("a directory entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(folders, names, "the folders of fuzz/corpus");
    for target in TARGETS {
        let seeds = inputs::seeds(target);
        assert!(!seeds.is_empty(), "{} has no corpus", target.name);
        if target.language == Language::Json {
            // Structured mutations need something that parses.
            assert!(seeds.iter().any(|seed| json::parse(seed).is_some()), "no seed of {} parses", target.name);
        }
    }

    let manifest = fs::read_to_string(support::repository().join("fuzz/Cargo.toml")).expect("fuzz has a manifest");
    let manifest: toml::Table = manifest.parse().expect("the manifest is TOML");
    let binaries: BTreeSet<String> = manifest["bin"]
        .as_array()
        .expect("a list of binaries")
        .iter()
        .map(|binary| {
            let (name, path) = (binary["name"].as_str().unwrap(), binary["path"].as_str().unwrap());
            let source =
                fs::read_to_string(support::repository().join("fuzz").join(path)).expect("its source is there");
            assert!(source.contains(&format!("run(\"{name}\", data)")), "{path} does not run {name}");
            name.to_owned()
        })
        .collect();
    assert_eq!(binaries, names, "the binaries of fuzz/Cargo.toml");
}

//! How much memory a large material takes.

use std::collections::BTreeMap;
use std::io::Write as _;

use admit_host::chainloop::{Kind, Material, Policy};
use admit_host::{CompiledPolicy, RunOptions};
use libtest_mimic::Trial;

/// Says to this program what it measures, and how much it may take. No other test may allocate meanwhile.
const MEASURED: &str = "ADMIT_TESTS_CHAINLOOP_MEMORY";

const SIZE: usize = 50 << 20;

/// Every test of this module.
pub(super) fn trials() -> Vec<Trial> {
    trials![a_large_document_takes_less_than_four_times_its_size]
}

/// Evaluates a material, if this program was started for that. It ends where it needs more memory than it may take.
pub(crate) fn measure() -> bool {
    let Ok(what) = std::env::var(MEASURED) else { return false };
    let (most, path) = what.split_once(' ').expect("a number and a path");
    let most: usize = most.parse().expect("a number");
    // What the engine takes to compile a policy is not what the material takes.
    let module = wat::parse_str(LENGTH).expect("valid text");
    let module = CompiledPolicy::from_bytes(crate::support::engine(), &module).expect("a policy");
    let policy = Policy::of_module("length", module);
    crate::ALLOCATOR.set_limit(crate::ALLOCATOR.allocated() + most).expect("not so much is in use");
    let bytes = std::fs::read(path).expect("the document is there");
    let material = Material::bytes(Kind::SbomCyclonedxJson, "sbom.json", bytes).expect("a material");
    let evaluated = policy.evaluate(material, &BTreeMap::new(), &RunOptions::default());
    println!("{}", evaluated.result.expect("a result").violations[0].message);
    true
}

/// A policy whose violation is the length of its input, in ten digits.
const LENGTH: &str = r#"(module
    (import "extism:host/env" "input_length" (func $input_length (result i64)))
    (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
    (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
    (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
    (memory (export "memory") 1)
    (data (i32.const 0) "{\"violations\":[\"0000000000\"]}")
    (func (export "Execute") (result i32) (local $at i32) (local $left i64) (local $block i64)
        (local.set $left (call $input_length))
        (local.set $at (i32.const 25))
        (loop $digit
            (i32.store8 (local.get $at) (i32.add (i32.const 48) (i32.wrap_i64 (i64.rem_u (local.get $left) (i64.const 10)))))
            (local.set $left (i64.div_u (local.get $left) (i64.const 10)))
            (local.set $at (i32.sub (local.get $at) (i32.const 1)))
            (br_if $digit (i64.ne (local.get $left) (i64.const 0))))
        (local.set $block (call $alloc (i64.const 29)))
        (local.set $at (i32.const 0))
        (loop $byte
            (call $store_u8 (i64.add (local.get $block) (i64.extend_i32_u (local.get $at))) (i32.load8_u (local.get $at)))
            (local.set $at (i32.add (local.get $at) (i32.const 1)))
            (br_if $byte (i32.lt_u (local.get $at) (i32.const 29))))
        (call $output_set (local.get $block) (i64.const 29))
        (i32.const 0)))"#;

fn a_large_document_takes_less_than_four_times_its_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sbom.json");
    let document = document();
    let size = document.len();
    std::fs::write(&path, document).expect("written");
    let measured = |most: usize| {
        let mut program = std::process::Command::new(std::env::current_exe().expect("this program has a path"));
        program.env(MEASURED, format!("{most} {}", path.display())).output().expect("it runs")
    };
    let enough = measured(size * 4 - 1);
    assert!(enough.status.success(), "{}", String::from_utf8_lossy(&enough.stderr));
    let input: usize = String::from_utf8_lossy(&enough.stdout).trim().parse().expect("a number");
    assert!(input > size * 2, "the document is in the input twice, once in base64: {input}");
    // Nobody can hold the document and the input in less, so this must be noticed.
    assert!(!measured(size * 3).status.success(), "the limit limits nothing");
}

/// Components as generators write them: compact, with keys that are not sorted and texts with escapes.
fn document() -> Vec<u8> {
    let mut text = Vec::with_capacity(SIZE + 1024);
    text.extend_from_slice(br#"{"specVersion":"1.5","bomFormat":"CycloneDX","metadata":{"component":{"name":"app","type":"application"}},"components":["#);
    let mut index = 0;
    while text.len() < SIZE {
        if index > 0 {
            text.push(b',');
        }
        let component = format!(
            r#"{{"version":"1.{index}","type":"library","name":"package-{index}","purl":"pkg:npm/package-{index}@1.{index}","description":"A <b>package</b> & \"more\" \u00fc","hashes":[{{"content":"0123456789abcdef0123456789abcdef","alg":"MD5"}}],"licenses":[{{"license":{{"id":"Apache-2.0"}}}}]}}"#
        );
        text.write_all(component.as_bytes()).expect("memory");
        index += 1;
    }
    text.extend_from_slice(b"]}");
    text
}

//! How much memory a large material takes.

use std::io::Write as _;

use admit_host::chainloop::{Kind, Material};
use libtest_mimic::Trial;

/// Says to this program what it measures, and how much it may take. No other test may allocate meanwhile.
const MEASURED: &str = "ADMIT_TESTS_CHAINLOOP_MEMORY";

const SIZE: usize = 50 << 20;

/// Every test of this module.
pub(super) fn trials() -> Vec<Trial> {
    trials![a_large_document_takes_less_than_four_times_its_size]
}

/// Makes the input of a policy, if this program was started for that. It ends where it needs more memory than it may take.
pub(crate) fn measure() -> bool {
    let Ok(what) = std::env::var(MEASURED) else { return false };
    let (most, path) = what.split_once(' ').expect("a number and a path");
    let most: usize = most.parse().expect("a number");
    crate::ALLOCATOR.set_limit(crate::ALLOCATOR.allocated() + most).expect("not so much is in use");
    let input = Material::file(Kind::SbomCyclonedxJson, path.as_ref()).and_then(Material::into_input);
    println!("{}", input.map_or(0, |input| input.len()));
    true
}

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

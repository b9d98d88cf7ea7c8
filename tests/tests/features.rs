//! What there is in WebAssembly beyond its first version: everything that the engine runs, every command reads, and what the hosts of
//! the platforms do not run is refused. Each file in `guests/wat/features` has one feature, and says in its header who runs it.

use std::fs;
use std::path::Path;

use admit_host::annotation::{Written, annotate, embed};
use admit_host::inspect::{Problem, inspect};
use admit_host::{Abi, CompiledPolicy, LoadError, Profile, RunOptions};
use libtest_mimic::Trial;

use crate::support::{self, engine_of, files, guests, request, settings};

pub(crate) fn trials() -> Vec<Trial> {
    let paths = files(&guests("features"), "wat");
    assert!(paths.len() >= 16, "the features are missing");
    let trial = |path: std::path::PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned();
        Trial::test(format!("features::{stem}"), move || {
            of(&path);
            Ok(())
        })
    };
    paths.into_iter().map(trial).collect()
}

fn of(path: &Path) {
    let text = fs::read_to_string(path).expect("a guest");
    let runs = |platform: &str| match text.lines().find_map(|line| line.strip_prefix(&format!(";; {platform}: "))) {
        Some("runs") => true,
        Some("refuses") => false,
        other => panic!("{platform}: {other:?}"),
    };
    let wasm = wat::parse_str(&text).expect("valid text");
    assert!(runs("kubewarden"), "Kubewarden has the engine of this host");

    assert_eq!(inspect(&wasm).expect("it can be read").recognised.abi(), Ok(Abi::Wapc));
    let written = Written::from_yaml(b"rules: []\nmutating: false", "metadata.yml").expect("valid metadata");
    let annotated = annotate(support::engine(), &wasm, written, None).expect("it can be annotated");
    assert_eq!(embed(&wasm, &annotated.metadata).expect("it can be written"), annotated.module);
    for profile in [Profile::Testing, Profile::Serving] {
        let policy = CompiledPolicy::from_bytes(engine_of(profile), &annotated.module).expect("it can be compiled");
        let outcome = policy.validate(&request("{}"), &settings("{}"), &RunOptions::default());
        assert!(outcome.response.allowed, "{outcome:?}");
    }

    let loaded = CompiledPolicy::from_bytes(support::engine(), &wat::parse_str(for_chainloop(&text)).expect("valid"));
    match (runs("chainloop"), loaded) {
        (true, loaded) => assert_eq!(loaded.expect("Chainloop runs it").abi(), Abi::Extism),
        (false, Err(LoadError::Unfit { abi: Abi::Extism, problems })) => {
            assert!(matches!(problems[..], [Problem::Feature { .. }]), "{problems:?}");
            let text = problems[0].to_string();
            assert!(text.starts_with("it uses what the host of Chainloop does not have: "), "{text}");
        }
        (false, loaded) => panic!("Chainloop refuses it: {loaded:?}"),
    }
}

/// The same, with an entry point of Chainloop and no host.
fn for_chainloop(text: &str) -> String {
    let replaced = [
        (r#"(import "wapc" "__guest_request" (func $request (param i32 i32)))"#, "(func $request (param i32 i32))"),
        (r#"(import "wapc" "__guest_response" (func $answer (param i32 i32)))"#, "(func $answer (param i32 i32))"),
        (
            r#"(func (export "__guest_call") (param $op i32) (param $len i32) (result i32)"#,
            r#"(func (export "Execute") (result i32) (local $op i32)"#,
        ),
    ];
    replaced.iter().fold(text.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "no `{from}`");
        text.replace(from, to)
    })
}

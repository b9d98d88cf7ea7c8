//! Running cases and saying what differs.

use admit_host::{CompiledPolicy, Engine, EngineOptions, RunOptions, case};

use super::{Archive, policies};

/// What differs between `case.yaml` and a policy with fixed answers, which must be the same in every ABI.
///
/// The files `validate` and `validate_settings` hold the answers; `(trap)` is not an answer but a trap.
pub(super) fn compare(archive: &Archive) -> String {
    archive.only_options(&[]);
    let answer = |op: &str, default| archive.file(|name| name == op).map_or(default, |(_, content)| content.trim());
    let validate = answer("validate", r#"{"accepted":true}"#);
    let validate_settings = answer("validate_settings", r#"{"valid":true}"#);

    let folder = tempfile::tempdir().expect("a folder");
    let (_, case) = archive.file(|name| name == "case.yaml").expect("a case");
    std::fs::write(folder.path().join("case.yaml"), case).expect("a file");
    let cases = case::load(folder.path()).expect("a valid case");

    let engine = Engine::new(EngineOptions::default()).expect("an engine");
    let texts = [policies::wapc(validate, validate_settings), policies::wasi(validate, validate_settings)];
    let policies = texts.map(|text| {
        let bytes = wat::parse_str(&text).expect("valid text");
        CompiledPolicy::from_bytes(&engine, &bytes).expect("a policy")
    });
    let runs = case::run_all(&cases, &policies, &RunOptions::default());
    assert_eq!(runs.len(), 2);
    let mut shown: Vec<String> = runs
        .iter()
        .map(|run| {
            let lines = run.differences.iter().map(|d| {
                format!(
                    "{}\n  expected {}\n  actual   {}\n",
                    d.field,
                    d.expected,
                    d.actual.replace('\n', "\n           ")
                )
            });
            if run.passed() { "passed\n".to_owned() } else { lines.collect() }
        })
        .collect();
    shown.dedup();
    if shown.len() == 1 { shown.concat() } else { format!("wapc:\n{}wasi:\n{}", shown[0], shown[1]) }
}

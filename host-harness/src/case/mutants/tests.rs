use wasmparser::{Validator, WasmFeatures};

use super::{author::Author, change::Change, module::Module, rewrite::rewrite, run::sites_of, sites};

/// Everything that is changed.
const ALL: &str = r#"(module
  (import "wapc" "__host_call" (func $call (param i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 64) "istio")
  (data (i32.const 96) "\0bcontainer `\c0\04` is\00")
  (func $take (param i32 i32))
  (func (export "run") (param $i i32) (param $l i64) (param $f f64) (result i32)
    (call $take (i32.const 64) (i32.const 5))
    (call $take (i32.const 96) (local.get $i))
    (drop (call $call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)
      (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
    (drop (i32.and (i32.gt_s (local.get $i) (i32.const 4)) (i64.le_u (local.get $l) (i64.const 7))))
    (drop (i64.mul (local.get $l) (i64.const 60)))
    (drop (i64.eq (local.get $l) (i64.const 0x4554454c45444f4e)))
    (drop (select (i32.const 1) (i32.const 2) (f64.lt (local.get $f) (f64.const 0))))
    (block $a (block $b (br_table $a $b (local.get $i))))
    (block $ok (br_if $ok (i32.lt_u (local.get $i) (i32.const 9))) unreachable)
    (loop $again (br_if $again (i32.eqz (local.get $i))))
    (if (result i32) (i32.or (local.get $i) (i32.const 2)) (then (i32.const 1)) (else (i32.const 0)))))"#;

fn changes(text: &str) -> (Vec<u8>, Vec<Change>) {
    let bytes = wat::parse_str(text).expect("a module");
    let found = sites::find(&Module::read(&bytes).expect("valid"), &Author::Names, |_| true).expect("valid");
    (bytes, found)
}

#[test]
fn every_kind_of_change_is_found_and_no_check_is_changed() {
    let (_, found) = changes(ALL);
    let told: Vec<&str> = found.iter().map(|change| change.told.as_str()).collect();
    assert_eq!(
        told,
        [
            "text \"istio\" became \"istip\"",
            "text \"container `\" became \"containes `\"",
            "call of the host function `wapc/__host_call` dropped",
            "constant 4 became 5",
            "`>` became `>=`",
            "constant 7 became 8",
            "`<=` became `<`",
            "`i32.and` became `i32.or`",
            "constant 60 became 61",
            "\"NODELETE\", in a text, became \"NODELETF\"",
            "`==` became `!=`",
            "`<` became `<=`",
            "choice of two values is always the first",
            "choice of two values is always the second",
            "choice of a `match` became the next one",
            "branch is always taken",
            "branch is never taken",
            "`i32.or` became `i32.and`",
            "branch is always taken",
            "branch is never taken",
        ]
    );
}

#[test]
fn a_module_with_all_changes_is_valid() {
    let (bytes, found) = changes(ALL);
    let made = rewrite(&Module::read(&bytes).expect("valid"), &found, &sites_of(&found, &[])).expect("it is made");
    Validator::new_with_features(WasmFeatures::default()).validate_all(&made.bytes).expect("it is valid");
    let again = Module::read(&made.bytes).expect("valid");
    assert!(again.exports.contains(made.chooser.as_str()) && again.exports.contains("run"));
    // One global chooses, and another one has the bits of less than 64 places.
    assert_eq!((made.seen.len(), again.globals), (1, 2));
}

#[test]
fn exports_keep_their_names() {
    let (bytes, found) = changes(&ALL.replace("\"run\"", "\"admit-mutant\""));
    let made = rewrite(&Module::read(&bytes).expect("valid"), &found, &sites_of(&found, &[])).expect("it is made");
    assert_eq!(made.chooser, "admit--mutant");
}

//! What people read when a policy fails.

use admit_host::RunOptions;
use admit_host::chainloop::{Category, ExecutionError};
use admit_host::outcome::Failure;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::{ask, material, modules, orders};

pub(super) fn trials() -> Vec<Trial> {
    trials![errors_are_one_line, a_panic_has_its_category, args_that_do_not_fit, materials_that_do_not_fit]
}

fn errors_are_one_line() {
    let text = "it cannot be decided\nbecause of \"é\"\r\nand more";
    let execution = material().run(&ask(json!({"error": text})), &Value::Null, &RunOptions::default());
    let expected = "it cannot be decided because of \"é\"  and more";
    assert_eq!(execution.result, Err(Failure::Guest(expected.to_owned())));
    let explained = ExecutionError::of(execution.host_error().expect("a text"));
    assert_eq!((explained.category, explained.message.as_str()), (Category::Unknown, expected));
    let skipped = material().error(&ask(json!({"skip": " "})), &Value::Null);
    assert_eq!(skipped, "the policy skipped the material without saying why");
    let empty = material().error(&ask(json!({"fail": ["one", ""]})), &Value::Null);
    assert_eq!(empty, "a violation of the policy has an empty `message`: it needs one");
}

fn a_panic_has_its_category() {
    let execution = material().run(&ask(json!({"panic": "a bug\n(number 1)"})), &Value::Null, &RunOptions::default());
    let explained = ExecutionError::of(execution.host_error().expect("a text"));
    assert_eq!(explained.category, Category::Panic);
    assert!(explained.message.starts_with("Runtime error in policy: a bug [number 1] at "), "{}", explained.message);
    assert!(explained.message.contains("lib.rs:"), "{}", explained.message);
    // A policy without a host panics as well.
    let silent = ExecutionError::of(&modules().silent.error(&json!({"panic": true}), &Value::Null));
    assert!(silent.message.starts_with("Runtime error in policy: asked to at "), "{}", silent.message);
}

fn args_that_do_not_fit() {
    for (args, expected) in [
        (json!({"limit": "many"}), "/limit"),
        (json!({"limit": ["1", "2"]}), "/limit"),
        (json!({"strict": "maybe"}), "/strict"),
        (json!({"level": "medium"}), "/level"),
        (json!({"limit": "13"}), "/limit: brings bad luck"),
        (json!({"wrods": "a"}), "/wrods: unknown"),
    ] {
        let error = material().error(&ask(json!("success")), &args);
        assert!(error.contains(expected) && !error.contains('\n'), "{args}: {error}");
    }
    // A policy for admission reads its settings from them.
    let order = json!({"customer": "Ann", "lines": []});
    let error = orders().error(&order, &json!({"maxQuantity": "0"}));
    assert!(error.contains("/maxQuantity: nobody could order anything"), "{error}");
}

fn materials_that_do_not_fit() {
    let error = |bytes: &[u8]| super::error(&material().policy.execute(bytes.to_vec(), None, &RunOptions::default()));
    assert_eq!(error(b""), "the material is empty");
    assert!(error(b"{\"ask\": ").starts_with("the material is not JSON: "), "{}", error(b"{\"ask\": "));
    assert!(error(b"{}").starts_with("the material cannot be read: missing field `ask`"), "{}", error(b"{}"));
    let deep = error(br#"{"ask":"success","items":[{"name":"a"},{"name":7}]}"#);
    assert!(deep.contains("/items/1/name: expected a string, found 7"), "{deep}");
}

//! What a policy says about its settings: the JSON Schema that it gives, and the form that is made of it.

use std::path::PathBuf;

use admit_host::artifact::{BuildOptions, Project};
use admit_host::outcome::Failure;
use admit_host::settings_schema::{self, questions};
use admit_host::{Abi, CompiledPolicy, RunOptions};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::raw::ORDERS;
use crate::support;

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        schema_and_form_of_every_kind_of_setting,
        both_abis_give_the_same_schema,
        shipped_modules_know_nothing_of_schemas,
        forms_of_schemas_that_are_odd,
        forms_of_schemas_that_are_hostile,
    ]
}

fn orders() -> Project {
    Project::open(&support::repository().join("tests/guests/rust/orders")).expect("the policy crate is there")
}

/// Compares with a file, or writes it when the tests are blessed.
fn assert_file(name: &str, found: &str) {
    let path = support::repository().join("tests/tests/sdk/settings_schema").join(name);
    if std::env::var_os("ADMIT_BLESS").is_some_and(|bless| bless == "1") {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, found).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(found, expected, "{} is out of date; look at the difference, then `cargo bless`", path.display());
}

fn schema_and_form_of_every_kind_of_setting() {
    let schema = settings_schema::of(&orders(), support::engine()).expect("a schema");
    assert_file("orders.schema.json", &format!("{schema:#}\n"));
    let form = questions(&schema);
    assert_file("orders.questions-ui.yml", &form.yaml);
    let left_out: Vec<_> = form.left_out.iter().map(|left| (left.variable.as_str(), left.required)).collect();
    assert_eq!(left_out, []);

    // The defaults are those of the policy, which takes all of them at once.
    let defaults: serde_json::Map<String, Value> = schema["properties"]
        .as_object()
        .unwrap()
        .iter()
        .filter_map(|(name, schema)| Some((name.clone(), schema.get("default")?.clone())))
        .collect();
    assert_eq!(defaults["maxQuantity"], 100);
    for (abi, policy) in ORDERS.each() {
        let answer = policy.validate_settings(&defaults, &RunOptions::default());
        assert!(answer.response.valid, "{abi}: {:?}", answer.response.message);
        // As strict as the schema says.
        let more = json!({"discount": "none", "exceptions": [{"customer": "Ann", "max_quantity": 1, "x": 1}]});
        let answer = policy.validate_settings(more.as_object().unwrap(), &RunOptions::default());
        assert!(answer.response.message.unwrap().starts_with("/exceptions/0/x: unknown field"), "{abi}");
    }
}

fn both_abis_give_the_same_schema() {
    let given: Vec<Value> = [Abi::Wapc, Abi::Wasi]
        .into_iter()
        .map(|abi| {
            let options = BuildOptions { settings_schema: true, ..BuildOptions::default() };
            let artifact = orders().build(Some(abi), &options).expect("the policy builds");
            let policy = CompiledPolicy::from_file(support::engine(), &artifact.path).expect("it loads");
            policy.settings_schema(&RunOptions::default()).expect("an answer").expect("a schema")
        })
        .collect();
    assert_eq!(given[0], given[1]);
    assert_eq!(given[0]["title"], "Settings");
}

fn shipped_modules_know_nothing_of_schemas() {
    for (abi, policy) in ORDERS.each() {
        let failure = policy.settings_schema(&RunOptions::default()).unwrap_err();
        assert!(matches!(failure, Failure::Guest(_)), "{abi}: {failure:?}");
    }
    for (_, artifact) in ORDERS.0.values() {
        let bytes = std::fs::read::<&PathBuf>(&artifact.path).expect("the module");
        for text in ["additionalProperties", "json-schema.org", "Who gets a discount."] {
            assert!(!bytes.windows(text.len()).any(|window| window == text.as_bytes()), "{text} is in the module");
        }
    }
}

fn forms_of_schemas_that_are_odd() {
    let left_out = |property: Value| {
        let form = questions(&json!({"properties": {"a": property}, "required": ["a"], "$defs": {
            "Node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}, "name": {"type": "string"}}},
        }}));
        let left_out: Vec<_> = form.left_out.into_iter().map(|left| (left.variable, left.reason)).collect();
        (form.yaml.matches("variable:").count(), left_out)
    };
    let all = |reason: &'static str| (0, vec![("a".to_owned(), reason)]);
    assert_eq!(left_out(json!({})), all("any JSON"));
    assert_eq!(left_out(json!({"type": ["string", "integer"]})), all("any JSON"));
    assert_eq!(left_out(json!({"$ref": "#/nowhere"})), (0, vec![]));
    assert_eq!(
        left_out(json!({"type": "array", "items": {"type": "integer"}})),
        all("a list of numbers or booleans, of which the form would make texts")
    );
    assert_eq!(left_out(json!({"type": "array", "items": {"type": "array"}})), all("a list of lists or maps"));
    assert_eq!(
        left_out(json!({"type": "object", "additionalProperties": {"type": "integer"}})),
        all("a map whose values are no texts")
    );
    assert_eq!(
        left_out(json!({"oneOf": [{"type": "string", "const": "a"}, {"type": "object", "properties": {"b": {}}}]})),
        all("an enum whose variants have fields")
    );
    // `a` and `a.name` are asked for, `a.next` would go on forever.
    assert_eq!(
        left_out(json!({"$ref": "#/$defs/Node"})),
        (2, vec![("a.next".to_owned(), "a type that contains itself")])
    );
    assert_eq!(questions(&json!({"properties": {"a.b": {"type": "string"}}})).left_out.len(), 1);
    for nonsense in [json!(null), json!([]), json!({"properties": 5}), json!({"properties": {"a": 5}})] {
        assert!(questions(&nonsense).left_out.is_empty(), "{nonsense}");
    }
}

/// A schema is what a module answered, and a module may say anything.
fn forms_of_schemas_that_are_hostile() {
    // Types that contain themselves without an object in between.
    let list = json!({"type": "array", "items": {"$ref": "#/$defs/L"}});
    let form = questions(&json!({"properties": {"a": {"$ref": "#/$defs/L"}}, "$defs": {"L": list}}));
    assert_eq!(form.left_out.len(), 1);
    questions(&json!({"properties": {"a": {"$ref": "#/$defs/L"}}, "$defs": {"L": {"$ref": "#/$defs/L"}}}));
    // A few lines that describe 10^10 settings.
    let types: serde_json::Map<String, Value> = (0..10)
        .map(|level| {
            let next = json!({"$ref": format!("#/$defs/T{}", level + 1)});
            let fields: serde_json::Map<String, Value> = (0..10).map(|i| (format!("f{i}"), next.clone())).collect();
            (format!("T{level}"), json!({"type": "object", "properties": fields}))
        })
        .collect();
    let form = questions(&json!({"properties": {"a": {"$ref": "#/$defs/T0"}}, "$defs": types}));
    assert!(form.yaml.matches("variable:").count() <= 500);
    assert!(form.left_out.iter().any(|left| left.reason == "the form is full: it has 500 inputs"));
}

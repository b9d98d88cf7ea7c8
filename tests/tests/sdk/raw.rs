//! A policy for requests that are not about Kubernetes, on both ABIs.

use std::sync::LazyLock;

use admit_host::RunOptions;
use admit_host::outcome::EvaluationOutcome;
use admit_host::request::Request;
use libtest_mimic::Trial;
use serde_json::{Value, json};

use super::Built;

pub(super) static ORDERS: LazyLock<Built> = LazyLock::new(|| Built::new("tests/guests/rust/orders"));

pub(crate) fn trials() -> Vec<Trial> {
    trials![
        requests_are_typed_by_the_author,
        a_mutation_is_the_whole_request,
        a_request_of_another_shape_is_rejected_where_it_is_wrong,
    ]
}

/// The outcome on each ABI.
fn run(request: &Value, settings: &Value) -> Vec<(&'static str, EvaluationOutcome)> {
    let settings = settings.as_object().expect("settings are an object");
    let evaluate = |(abi, policy): (&'static str, &admit_host::CompiledPolicy)| {
        (abi, policy.validate(&Request::Raw(request.clone()), settings, &RunOptions::default()))
    };
    ORDERS.each().map(evaluate).collect()
}

fn order() -> Value {
    json!({
        "uid": "order-1",
        "customer": "Ann",
        "lines": [{"product": "tea", "quantity": 500, "fromTheFuture": {"x": 1.50}}, {"product": "cup", "quantity": 1}],
        "fromTheFuture": [{}],
    })
}

fn requests_are_typed_by_the_author() {
    for (abi, outcome) in run(&order(), &json!({"banned": ["cup"], "maxQuantity": 1000})) {
        assert_eq!(
            serde_json::to_value(&outcome.response).unwrap(),
            json!({
                "uid": "order-1",
                "allowed": false,
                "status": {"message": "/lines/1/product: `cup` is not for sale"},
                "auditAnnotations": null,
                "warnings": null,
            }),
            "{abi}"
        );
    }
}

fn a_mutation_is_the_whole_request() {
    for (abi, outcome) in run(&order(), &json!({"aliases": {"tea": "green tea"}, "wrap": true})) {
        assert!(outcome.response.allowed, "{abi}: {outcome:?}");
        let mutated = outcome.result.unwrap().mutated_object.unwrap();
        let mut expected = order();
        expected["lines"][0]["quantity"] = 100.into();
        expected["lines"][0]["product"] = "green tea".into();
        expected["wrapping"] = "paper".into();
        assert_eq!(mutated, expected, "{abi}");
        let patch = serde_json::to_value(outcome.patch.unwrap()).unwrap();
        assert_eq!(
            patch,
            json!([
                {"op": "replace", "path": "/lines/0/product", "value": "green tea"},
                {"op": "replace", "path": "/lines/0/quantity", "value": 100},
                {"op": "add", "path": "/wrapping", "value": "paper"},
            ]),
            "{abi}"
        );
    }
    for (abi, outcome) in run(&json!({"customer": "Ann", "lines": []}), &json!({})) {
        assert_eq!((outcome.response.allowed, outcome.patch.is_some()), (true, false), "{abi}");
    }
}

fn a_request_of_another_shape_is_rejected_where_it_is_wrong() {
    for (request, message) in [
        (
            json!({"customer": "Ann", "lines": [{"product": "tea", "quantity": -1}]}),
            "/lines/0/quantity: expected u32, found -1",
        ),
        (json!({"customer": "Ann"}), "missing field `lines`"),
        (json!([1]), "expected an object, found an array"),
        (json!("order"), "expected an object, found a string"),
        (json!(null), "expected an object, found null"),
    ] {
        for (abi, outcome) in run(&request, &json!({})) {
            let status = outcome.response.status.unwrap_or_else(|| panic!("{abi}: accepted {request}"));
            assert_eq!((status.message.as_deref(), status.code), (Some(message), Some(400)), "{abi}");
            assert!(outcome.result.is_ok(), "{abi}: it is not the policy that failed");
        }
    }
}

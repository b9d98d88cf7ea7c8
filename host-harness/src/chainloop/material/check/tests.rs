//! What every schema has to be.

use serde_json::json;

use super::schema::{self, ALL};
use super::{check, yaml};
use crate::chainloop::Kind;

#[test]
fn every_schema_compiles_and_refuses_what_is_nothing_of_it() {
    for schema in ALL {
        let unfit = schema.check(&json!([]), |_| false).expect_err("a list is none of these documents");
        assert_eq!(unfit.pointer, "", "{schema:?}");
    }
}

#[test]
fn the_place_of_a_complaint_goes_through_references() {
    let document =
        json!({ "openapi": "3.0.3", "info": { "title": "t", "version": "1" }, "paths": { "/a": { "get": {} } } });
    let unfit = schema::OPENAPI_3_0.check(&document, |_| false).expect_err("an operation has responses");
    let expected = "jsonschema: '/paths/~1a/get' does not validate with \
                    https://spec.openapis.org/oas/3.0/schema/2021-09-28#/properties/paths/$ref/patternProperties/%5E%5C~1/$ref/\
                    patternProperties/%5E%28get%7Cput%7Cpost%7Cdelete%7Coptions%7Chead%7Cpatch%7Ctrace%29$/$ref/required: \
                    missing properties: 'responses'";
    assert_eq!(unfit.words, expected);
}

#[test]
fn keys_that_are_no_strings_are_noted() {
    let read = |text: &str| yaml::document(text.as_bytes()).expect("YAML");
    assert!(read("a: { b: [1, {c: d}] }").1);
    assert!(!read("a: { b: [1, {200: d}] }").1);
    assert_eq!(read("a: yes\nb: 10").0, json!({ "a": "yes", "b": 10 }));
    assert!(yaml::document(b"a: [").is_err());
}

#[test]
fn depth_is_no_danger() {
    let nested = |levels: usize, open: &str, close: &str| format!("{}{}", open.repeat(levels), close.repeat(levels));
    let of = |levels: usize| {
        let components = nested(levels, r#"{"type":"library","name":"a","components":["#, "]}");
        format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{components}]}}"#)
    };
    assert!(check(Kind::SbomCyclonedxJson, "f", of(248).as_bytes()).is_ok());
    assert!(check(Kind::SbomCyclonedxJson, "f", of(251).as_bytes()).is_err());
    for levels in [100, 600] {
        for (open, close) in
            [("{\"a\":", "}"), ("[", "]"), ("{a: ", "}"), ("- ", ""), ("input A {b: [[", "]]}"), ("<a>", "</a>")]
        {
            for kind in Kind::ALL {
                let _ = check(*kind, "f", nested(levels, open, close).as_bytes());
                let _ = check(
                    *kind,
                    "f",
                    format!("openapi: x\nasyncapi: x\nb: {}", nested(levels, open, close)).as_bytes(),
                );
            }
        }
    }
}

#[test]
fn no_bytes_at_all_make_any_check_panic() {
    for kind in Kind::ALL {
        for bytes in [
            &b""[..],
            b"\0",
            b"{}",
            b"[]",
            b"null",
            b"[null]",
            b"\"",
            b"<",
            b"PK\x03\x04",
            b"\x1f\x8b\x08\0\0\0\0\0\0\0\0",
        ] {
            let _ = check(*kind, "f", bytes);
        }
    }
}

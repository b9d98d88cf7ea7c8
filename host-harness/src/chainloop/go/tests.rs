//! What Go answered.

use super::{Types, Url, quoted};
use crate::chainloop::json::Json;

const TYPES: &str = "\
A: b B, l [string]
B: cs [C], m {string}, f float64, x C, k bool
C: n int, s string, t time";

fn decoded(text: &str) -> String {
    let json = Json::document(text.as_bytes()).expect("JSON");
    match Types::new("main", TYPES).check(&json, json.start(), "A", |_, _| Ok(())) {
        Ok(()) => "<nil>".to_owned(),
        Err(mismatch) => mismatch.words,
    }
}

#[test]
fn what_does_not_fit_is_said_as_go_says_it() {
    for (text, expected) in [
        (r#"{"b":{"cs":[{"n":"x"}]}}"#, "json: cannot unmarshal string into Go struct field C.b.cs.n of type int"),
        (r#"{"b":{"m":{"a":1}}}"#, "json: cannot unmarshal number into Go struct field B.b.m of type string"),
        (r#"{"b":3}"#, "json: cannot unmarshal number into Go struct field A.b of type main.B"),
        (r#"{"b":{"x":{"n":1.5}}}"#, "json: cannot unmarshal number 1.5 into Go struct field C.b.x.n of type int"),
        (r#"{"b":{"x":{"s":{}}}}"#, "json: cannot unmarshal object into Go struct field C.b.x.s of type string"),
        ("[]", "json: cannot unmarshal array into Go value of type main.A"),
        ("3", "json: cannot unmarshal number into Go value of type main.A"),
        (r#"{"l":["a",3]}"#, "json: cannot unmarshal number into Go struct field A.l of type string"),
        (r#"{"l":{}}"#, "json: cannot unmarshal object into Go struct field A.l of type []string"),
        (r#"{"b":{"f":"x"}}"#, "json: cannot unmarshal string into Go struct field B.b.f of type float64"),
        (r#"{"b":{"f":1e999}}"#, "json: cannot unmarshal number 1e999 into Go struct field B.b.f of type float64"),
        (r#"{"b":{"x":{"t":3}}}"#, "Time.UnmarshalJSON: input is not a JSON string"),
        (r#"{"b":{"k":"x"}}"#, "json: cannot unmarshal string into Go struct field B.b.k of type bool"),
        (r#"{"b":{"cs":{"n":"x"}}}"#, "json: cannot unmarshal object into Go struct field B.b.cs of type []*main.C"),
        (r#"{"B":{"CS":[{"N":"x"}]}}"#, "json: cannot unmarshal string into Go struct field C.b.cs.n of type int"),
        (r#"{"b":{"cs":[3]}}"#, "json: cannot unmarshal number into Go struct field B.b.cs of type main.C"),
        (r#"{"b":null,"l":null,"z":3}"#, "<nil>"),
        (r#"{"b":{"x":{"t":"2024-01-02T03:04:05.6Z"}}}"#, "<nil>"),
    ] {
        assert_eq!(decoded(text), expected, "{text}");
    }
}

#[test]
fn texts_are_quoted_as_go_quotes_them() {
    assert_eq!(quoted("a'b\"\u{e9}\u{200b}\0\n\u{2028}"), r#""a'b\"é\u200b\x00\n\u2028""#);
    assert_eq!(quoted("\u{1f600}\u{ad}\u{85}\u{7f}"), r#""😀\u00ad\u0085\x7f""#);
}

#[test]
fn urls_are_those_of_go() {
    for (text, expected) in [
        ("", Some(false)),
        ("a", Some(false)),
        ("/a", Some(false)),
        ("//h/p", Some(false)),
        ("https://example.com/a b", Some(true)),
        ("https://example.com/%zz", None),
        ("https://exa mple.com/", None),
        ("https://h:80/", Some(true)),
        ("https://h:8x/", None),
        ("https://[::1]:80/", Some(true)),
        ("https://[::1", None),
        ("git+ssh://git@github.com/a/b.git", Some(true)),
        ("urn:uuid:1", Some(true)),
        ("a:b", Some(true)),
        ("1a:b", None),
        ("a/b:c", Some(false)),
        ("./a:b", Some(false)),
        (":x", None),
        ("http://h/p?q=%zz", Some(true)),
        ("http://h/p#f%zz", None),
        ("http://h/\u{7f}", None),
        ("mailto:x@y", Some(true)),
        ("http://user:pa ss@h/", None),
        ("http://us%zz@h/", None),
        ("http://h%41/", None),
        ("http://h%c3%a9/", Some(true)),
        ("http://é.com/ü", Some(true)),
        ("http://h/p\\q", Some(true)),
        ("http://a:b:c/", None),
        ("///x", Some(false)),
        ("http:", Some(true)),
        ("http://", Some(true)),
        ("urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#r", Some(true)),
        ("http://[fe80::1%25en0]/", Some(true)),
        ("*", Some(false)),
        ("a b", Some(false)),
        ("http://h/a\"b", Some(true)),
        ("http://h<b/", Some(true)),
        ("http://h^/", None),
    ] {
        assert_eq!(Url::parse(text).map(|url| url.absolute), expected, "{text}");
    }
}

//! The scanner and the decoder against serde_json, which Kubewarden hosts use: same texts accepted, same values.

use serde::Deserialize;
use serde_json::Value as Reference;

use super::{Document, Kind};
use crate::testing::test;

fn ours(text: &[u8]) -> Result<Reference, String> {
    let document = Document::parse(text.to_vec()).map_err(|error| error.to_string())?;
    document.root().decode().map_err(|error| error.to_string())
}

fn theirs(text: &[u8]) -> Result<Reference, String> {
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

/// Equality, but for the last digit of a float: serde_json rounds its own way unless `float_roundtrip` is on.
fn equal(ours: &Reference, theirs: &Reference) -> bool {
    match (ours, theirs) {
        (Reference::Array(a), Reference::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Reference::Object(a), Reference::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| equal(value, other)))
        }
        (Reference::Number(a), Reference::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            a.to_bits().abs_diff(b.to_bits()) <= 1
        }
        _ => ours == theirs,
    }
}

fn agree(text: &[u8]) {
    let (ours, theirs) = (ours(text), theirs(text));
    let same = match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => equal(ours, theirs),
        (Err(_), Err(_)) => true,
        _ => false,
    };
    assert!(same, "on {}:\n  ours:   {ours:?}\n  theirs: {theirs:?}", String::from_utf8_lossy(text));
}

/// Texts that touch every rule of the grammar; each is right or wrong by itself, and the seed of mutations.
const TEXTS: &[&str] = &[
    "",
    " ",
    "null",
    "nul",
    "truefalse",
    " true ",
    "\u{feff}null",
    "[]",
    "{}",
    "[ ]",
    "{ }",
    "[,]",
    "[1,]",
    "{\"a\":1,}",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{a:1}",
    "{\"a\" : [ ] , \"b\" : { } }",
    "[}",
    "{]",
    "[1}",
    "]",
    "}",
    "[[],{},[{}]]",
    "[1 2]",
    "{\"a\":1 \"b\":2}",
    "0",
    "-0",
    "01",
    "-",
    "1.",
    ".5",
    "1.5e3",
    "1e+",
    "1E-2",
    "-12.0",
    "18446744073709551615",
    "18446744073709551616",
    "-9223372036854775808",
    "-9223372036854775809",
    "1e999",
    "-1e999",
    r#""plain""#,
    r#""\"\\\/\b\f\n\r\t""#,
    r#""\u00e9\uD83D\uDE00""#,
    r#""\uD83D""#,
    r#""\uD83D\u0041""#,
    r#""\uDE00""#,
    r#""\u12""#,
    r#""\x""#,
    "\"\u{1}\"",
    "\"tab\there\"",
    "\"\u{7f}\u{80}é€😀\"",
    "\"no end",
    "\"no end\\",
    r#"{"a":1,"a":2}"#,
    r#"{"eight___":"a string of more than eight bytes, with \\ far behind","":{"k":[null,false,-1.5,"x"]}}"#,
    "{\"request\":{\"object\":{\"spec\":{\"containers\":[{\"name\":\"a\"},{\"name\":\"b\"}]}}},\"settings\":{}}",
];

#[test]
fn agrees_with_serde_json() {
    for text in TEXTS {
        agree(text.as_bytes());
    }
    agree(b"\"\xff\"");
    agree(b"\"\xc3\"");
    agree(b"{\"\xe2\x82\":1}");
}

#[test]
fn agrees_with_serde_json_on_mutations() {
    const BYTES: &[u8] = b"{}[]\",:\\u0123456789abefDd.+-eEtrnl \n\t\x00\x1f\x7f\x80\xc3\xff";
    // xorshift with a fixed seed: every run tries the same texts.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for round in 0..60_000 {
        let mut text = TEXTS[round % TEXTS.len()].as_bytes().to_vec();
        for _ in 0..=random(3) {
            let at = random(text.len() + 1);
            match random(3) {
                0 => text.insert(at, BYTES[random(BYTES.len())]),
                1 if at < text.len() => text[at] = BYTES[random(BYTES.len())],
                _ if at < text.len() => drop(text.remove(at)),
                _ => {}
            }
        }
        agree(&text);
    }
}

#[test]
fn nests_as_deep_as_serde_json() {
    for depth in [127, 128, 129, 100_000] {
        agree(("[".repeat(depth) + &"]".repeat(depth)).as_bytes());
    }
}

#[test]
fn syntax_errors_have_a_place() {
    let error = Document::parse(b"{\n  \"a\": tru\n}".to_vec()).unwrap_err();
    assert_eq!((error.line(), error.column()), (2, 8));
    assert_eq!(error.to_string(), "expected a value at line 2 column 8");
}

#[test]
fn values_are_kept_as_they_came() {
    let document = Document::parse(br#"{"n": 1.50, "s": "\u0041", "a": [1, 2]}"#.to_vec()).unwrap();
    let root = document.root();
    assert_eq!(root.get("n").unwrap().raw(), "1.50");
    assert_eq!(root.get("s").unwrap().raw(), r#""\u0041""#);
    assert_eq!(root.get("s").unwrap().as_str().unwrap(), "A");
    assert_eq!(root.get("a").unwrap().raw(), "[1, 2]");
    assert_eq!(root.raw().len(), 39);
}

#[test]
fn pointers_lead_back() {
    let document = Document::parse(br#"{"a/b": [{}, {"~": {"c\u0064": [[], [1]]}}], "x": 2}"#.to_vec()).unwrap();
    let root = document.root();
    for pointer in ["", "/a~1b", "/a~1b/0", "/a~1b/1/~0/cd/1/0", "/x"] {
        assert_eq!(root.at(pointer).unwrap().pointer(), pointer);
    }
    assert!(root.at("/a~1b/2").is_none());
    for not_an_index in ["/a~1b/00", "/a~1b/+0", "/a~1b/-", "/a~1b/"] {
        assert!(root.at(not_an_index).is_none(), "{not_an_index}");
    }
    assert!(root.at("/nothing/at/all").is_none());
}

#[test]
fn typed_getters_name_what_they_found() {
    let document = Document::parse(br#"{"spec": {"replicas": "3", "gone": null}}"#.to_vec()).unwrap();
    let spec = document.root().object("spec").unwrap().unwrap();
    assert_eq!(spec.kind(), Kind::Object);
    assert_eq!(spec.str("gone").unwrap(), None);
    assert_eq!(spec.bool("absent").unwrap(), None);
    // A getter on what is no object finds nothing to be absent.
    let replicas = spec.get("replicas").unwrap();
    assert_eq!(replicas.str("x").unwrap_err().to_string(), "/spec/replicas: expected an object, found a string");
    assert_eq!(replicas.i64("x").unwrap_err().to_string(), "/spec/replicas: expected an object, found a string");
    let error = spec.i64("replicas").unwrap_err();
    assert_eq!(error.to_string(), "/spec/replicas: expected an integer of at most 64 bits, found a string");
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Shape {
    #[serde(default)]
    list: Vec<Item>,
    pair: Option<(u8, String)>,
    #[serde(default)]
    by_port: std::collections::BTreeMap<u16, Mode>,
    #[serde(default)]
    by_level: std::collections::BTreeMap<Level, u8>,
}

#[derive(Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Level {
    Low,
    High,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Item {
    name: String,
}

#[derive(Debug, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Open,
    Limited(u32),
    Named { user: String },
}

fn strict(text: &str) -> Result<Shape, String> {
    let document = Document::parse(text.as_bytes().to_vec()).map_err(|error| error.to_string())?;
    document.root().decode_strict().map_err(|error| error.to_string())
}

#[test]
fn decodes_what_serde_can_describe() {
    let text = r#"{"list": [{"name": "a"}], "pair": [1, "x"], "byPort": {"80": "open", "81": {"limited": 5}, "82": {"named": {"user": "u"}}}, "byLevel": {"high": 2}}"#;
    assert_eq!(strict(text).unwrap(), serde_json::from_str(text).unwrap());
}

#[test]
fn decode_errors_say_where() {
    for (text, expected) in [
        (r#"{"list": [{"name": 5}]}"#, "/list/0/name: expected a string, found 5"),
        (r#"{"list": [{}]}"#, "/list/0: missing field `name`"),
        (r#"{"list": "a"}"#, "/list: expected an array, found \"a\""),
        (r#"{"byPort": []}"#, "/byPort: expected an object, found an array"),
        (
            r#"{"list": [{"name": "a", "nmae": 1}]}"#,
            "/list/0/nmae: unknown field; did you mean `name`; the fields are: name",
        ),
        (r#"{"pair": [1, "x", 2]}"#, "/pair: the array has too many items"),
        (r#"{"pair": [300, "x"]}"#, "/pair/0: expected u8, found 300"),
        (r#"{"byPort": {"http": "open"}}"#, "/byPort/http: expected u16, found \"http\""),
        (r#"{"byPort": {"080": "open"}}"#, "/byPort/080: expected u16, found \"080\""),
        (r#"{"byPort": {"+80": "open"}}"#, "/byPort/+80: expected u16, found \"+80\""),
        (
            r#"{"byPort": {"80": "shut"}}"#,
            "/byPort/80: unknown variant `shut`, expected one of `open`, `limited`, `named`",
        ),
        (
            r#"{"byPort": {"80": {"named": {"usr": "u"}}}}"#,
            "/byPort/80/named/usr: unknown field; did you mean `user`; the fields are: user",
        ),
        (
            r#"{"byPort": {"80": {"wrong": 5}}}"#,
            "/byPort/80/wrong: unknown variant `wrong`, expected one of `open`, `limited`, `named`",
        ),
        (r#"{"byPort": {"80": {"limited": "x"}}}"#, "/byPort/80/limited: expected u32, found \"x\""),
        (r#"{"byPort": {"80": {"named": [1]}}}"#, "/byPort/80/named: expected an object, found an array"),
        (r#"{"byPort": {"80": {}}}"#, "/byPort/80: expected an object with exactly one key, the name of the variant"),
        (r#"{"byPort": {"80": 5}}"#, "/byPort/80: expected the name of a variant, found a number"),
        (r#"{"byLevel": {"middle": 5}}"#, "/byLevel/middle: unknown variant `middle`, expected `low` or `high`"),
        (r#"{"byLevel": {"low": "x"}}"#, "/byLevel/low: expected u8, found \"x\""),
        ("[]", "expected an object, found an array"),
    ] {
        assert_eq!(strict(text).unwrap_err(), expected, "on {text}");
    }
}

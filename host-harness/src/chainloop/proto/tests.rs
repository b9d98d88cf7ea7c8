use super::super::json::Json;
use super::{Field, Message, Unknown, Value, check};

const INNER: Message = Message { fields: &[Field::one("flag", Value::Bool)] };

const OUTER: Message = Message {
    fields: &[
        Field::one("a_text", Value::String),
        Field::many("texts", Value::String),
        Field::strings("map"),
        Field::one("score", Value::Double),
        Field::one("line", Value::Int32),
        Field::one("word", Value::Enum(&[&["NOTHING"], &["SOME", "MORE"]])),
        Field::many("inner", Value::Message(&INNER)),
        Field::either("left", "a.b.Outer.side"),
        Field::either("right", "a.b.Outer.side"),
    ],
};

fn of(text: &str, unknown: Unknown) -> String {
    let json = Json::document(text.as_bytes()).expect("JSON");
    check(&json, &OUTER, unknown).err().unwrap_or_default()
}

/// The texts are those of `google.golang.org/protobuf/encoding/protojson`.
#[test]
fn the_first_mistake_is_told_in_the_words_of_protojson() {
    for (text, expected) in [
        (
            r#"{"aText": "x", "texts": ["y"], "map": {"k": "v"}, "score": 1, "line": "7", "word": "SOME", "left": ""}"#,
            "",
        ),
        (r#"{"a_text": null, "texts": null, "map": null, "inner": null, "word": 2, "left": null, "right": "x"}"#, ""),
        (r#"{"score": "NaN", "line": 1e2, "inner": [{}]}"#, ""),
        ("[]", "proto: syntax error (line 1:1): unexpected token ["),
        (r#"{"x": 1}"#, r#"proto: (line 1:2): unknown field "x""#),
        ("{\n \"line\": 1.5}", "proto: (line 2:10): invalid value for int32 field line: 1.5"),
        (r#"{"aText": 1}"#, "proto: (line 1:11): invalid value for string field aText: 1"),
        (r#"{"a_text": ["é"]}"#, "proto: (line 1:12): invalid value for string field aText: ["),
        (r#"{"aText": "", "a_text": ""}"#, r#"proto: (line 1:15): duplicate field "a_text""#),
        (r#"{"texts": "x"}"#, r#"proto: syntax error (line 1:11): unexpected token "x""#),
        (r#"{"texts": [null]}"#, "proto: (line 1:12): invalid value for string field texts: null"),
        (r#"{"map": []}"#, "proto: syntax error (line 1:9): unexpected token ["),
        (r#"{"map": {"k": true}}"#, "proto: (line 1:15): invalid value for string field value: true"),
        (r#"{"score": "much"}"#, r#"proto: (line 1:11): invalid value for double field score: "much""#),
        (r#"{"score": "+1"}"#, r#"proto: (line 1:11): invalid value for double field score: "+1""#),
        (r#"{"line": 3000000000}"#, "proto: (line 1:10): invalid value for int32 field line: 3000000000"),
        (r#"{"word": "OTHER"}"#, r#"proto: (line 1:10): invalid value for enum field word: "OTHER""#),
        (r#"{"inner": [{"flag": "yes"}]}"#, r#"proto: (line 1:21): invalid value for bool field flag: "yes""#),
        (r#"{"inner": {}}"#, "proto: syntax error (line 1:11): unexpected token {"),
        (
            r#"{"left": "", "right": ""}"#,
            r#"proto: (line 1:14): error parsing "right", oneof a.b.Outer.side is already set"#,
        ),
    ] {
        assert_eq!(of(text, Unknown::Refused), expected, "{text}");
    }
}

#[test]
fn unknown_fields_may_be_dropped() {
    assert_eq!(of(r#"{"x": {"y": 1}, "line": 1}"#, Unknown::Dropped), "");
}

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::chainloop::{Arg, Args};
use crate::decode_args::decode as decode_args;
use crate::json::Document;
use crate::testing::test;

fn decode<T: serde::de::DeserializeOwned>(args: &str) -> Result<T, String> {
    let document = Document::parse(args.as_bytes().to_vec()).unwrap();
    decode_args(document.root()).map_err(|error| error.to_string())
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    Strict,
    Limit { max: u8 },
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Typed {
    flag: bool,
    number: Option<i64>,
    share: f64,
    text: String,
    list: Vec<String>,
    numbers: BTreeSet<u8>,
    pair: (u8, u8),
    mode: Option<Mode>,
    map: BTreeMap<String, u8>,
    maps: Vec<BTreeMap<String, u8>>,
}

#[test]
fn the_type_says_what_a_text_means() {
    let typed: Typed = decode(
        r#"{"flag":"true","number":"-7","share":"0.5","text":"12","list":["a","b"],"numbers":"3","pair":["1"," 2 "],
            "mode":"strict","map":"{\"x\":1}","maps":["{\"a\":1}","{}"]}"#,
    )
    .unwrap();
    let map = |entries: &[(&str, u8)]| entries.iter().map(|(key, value)| ((*key).to_owned(), *value)).collect();
    assert_eq!(
        typed,
        Typed {
            flag: true,
            number: Some(-7),
            share: 0.5,
            text: "12".into(),
            list: vec!["a".into(), "b".into()],
            numbers: [3].into(),
            pair: (1, 2),
            mode: Some(Mode::Strict),
            map: map(&[("x", 1)]),
            maps: vec![map(&[("a", 1)]), map(&[])],
        }
    );
    assert_eq!(decode::<Typed>("{}").unwrap(), Typed::default());
    let one: Typed = decode(r#"{"list":"a","mode":"{\"limit\":{\"max\":3}}"}"#).unwrap();
    assert_eq!((one.list, one.mode), (vec!["a".to_owned()], Some(Mode::Limit { max: 3 })));
}

#[test]
fn mistakes_have_a_place() {
    for (args, message) in [
        (r#"{"flag":"yes"}"#, r#"/flag: expected a boolean, found "yes""#),
        (r#"{"number":"7.5"}"#, r#"/number: expected i64, found "7.5""#),
        (r#"{"numbers":["1","300"]}"#, r#"/numbers/1: expected u8, found "300""#),
        (
            r#"{"text":["a","b"]}"#,
            "/text: expected one string, found an array: write a comma that belongs to the string as `\\,`",
        ),
        (
            r#"{"flags":"true"}"#,
            "/flags: unknown field; did you mean `flag`; the fields are: flag, list, map, maps, mode, number, numbers, pair, share, text",
        ),
        (r#"{"mode":"loose"}"#, "/mode: unknown variant `loose`, expected `strict` or `limit`"),
        (r#"{"map":"x"}"#, "/map: expected an object as JSON text"),
        (
            r#"{"map":["{\"a\":1","\"b\":2}"]}"#,
            "/map: expected an object as JSON text, found an array: write its commas as `\\,`",
        ),
        (r#"{"map":"{\"a\":-1}"}"#, "/map: in its JSON text: /a: expected u8, found -1"),
        (
            r#"{"map":"{"}"#,
            "/map: expected an object as JSON text: expected a key, or the end of the object at line 1 column 2",
        ),
        (r#"{"pair":["1","2","3"]}"#, "/pair: the list has too many items"),
        (r#"{"text":7}"#, "/text: expected a string, found a number"),
        ("[]", "expected an object, found an array"),
    ] {
        let error = decode::<Typed>(args).unwrap_err();
        if args.contains(r#""map":"{""#) {
            assert!(error.starts_with("/map: expected an object as JSON text: "), "{error}");
            continue;
        }
        assert_eq!(error, message, "{args}");
    }
}

#[test]
fn untyped() {
    let args: Args = decode(r#"{"a":"x","b":["y","z"]}"#).unwrap();
    assert_eq!(args, [("a", Arg::from("x")), ("b", Arg::from(["y", "z"]))].into());
    assert_eq!((args.string("a"), args.string("b"), args.string("c")), (Some("x"), None, None));
    assert_eq!((args.list("a"), args.list("b"), args.list("c")), (vec!["x"], vec!["y", "z"], vec![]));
}

//! Documents that have a public schema.

use serde_json::Value;

use super::super::super::go::field;
use super::super::super::json::Json;
use super::documents::small;
use super::schema::{self, Schema, Unfit};
use super::{Refused, document, fits, text, yaml};

/// A document as a tree; a number that no float can hold is an error, as in Go.
pub(super) fn tree(json: &Json<'_>, refused: &dyn Fn() -> Refused) -> Result<Value, Refused> {
    json.tree(json.start()).map_err(|number| refused().detail(format!("the number {number} is too large")))
}

/// Where the value is that a JSON pointer leads to.
pub(super) fn locate(json: &Json<'_>, start: usize, pointer: &str) -> usize {
    pointer.split('/').skip(1).fold(start, |at, token| {
        let token = token.replace("~1", "/").replace("~0", "~");
        let found = match json.byte(at) {
            b'[' => token.parse().ok().and_then(|index: usize| json.items(at).nth(index)),
            _ => json.member(at, &token),
        };
        found.unwrap_or(at)
    })
}

/// What is wrong with a value, and where it is.
pub(super) fn unfit(refused: Refused, json: &Json<'_>, start: usize, unfit: &Unfit) -> Refused {
    let name = if unfit.pointer.is_empty() { "the document".to_owned() } else { format!("`{}`", unfit.pointer) };
    refused.detail(format!("{name}: {}", unfit.what)).at(locate(json, start, &unfit.pointer))
}

pub(super) fn csaf(bytes: &[u8], category: &str) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid CSAF file");
    let json = document(bytes, &refused)?;
    let of_file = json.member(json.start(), "document").filter(|at| json.byte(*at) == b'{');
    let Some(of_file) = of_file else { return Err(refused().detail("it has no object `document`").at(json.start())) };
    if let Some(at) = json.member(of_file, "category")
        && let Some(found) = json.string(at).filter(|found| !found.is_empty() && found != category)
    {
        return Err(Refused::new(format!("invalid CSAF category field in file, expected: {category}"))
            .detail(format!("`document.category` is {found:?}"))
            .at(at));
    }
    let found = tree(&json, &refused)?;
    let later = "https://docs.oasis-open.org/csaf/csaf/v2.1/csaf_json_schema.json";
    let Err(of_later) = schema::CSAF_2_0.changed(later, to_2_1, &found) else { return Ok(()) };
    let Err(of_earlier) = schema::CSAF_2_0.check(&found, |_| false) else { return Ok(()) };
    // What is said is about the version that the document says it is of.
    let version = json.member(of_file, "csaf_version").and_then(|at| json.string(at));
    let told = if version.as_deref() == Some("2.1") { of_later } else { of_earlier };
    Err(unfit(refused(), &json, json.start(), &told))
}

/// What Chainloop's schema of CSAF 2.1 has, other than that of 2.0.
fn to_2_1(schema: &mut Value) {
    schema["$id"] = "https://docs.oasis-open.org/csaf/csaf/v2.1/csaf_json_schema.json".into();
    schema["properties"]["document"]["properties"]["csaf_version"]["enum"][0] = "2.1".into();
    schema["properties"]["vulnerabilities"]["items"]["properties"]["scores"]["items"]["properties"]["cvss_v4"] =
        true.into();
}

pub(super) fn scorecard(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid OpenSSF Scorecard report file");
    let json = document(bytes, &refused)?;
    fits(&small(), &json, "Scorecard").map_err(|error| refused().mismatch(&error))?;
    let version = field(&json, json.start(), "scorecard").map(|at| text(&json, at, "version")).unwrap_or_default();
    if version.is_empty() {
        return Err(refused().detail("it has no `scorecard.version`").at(json.start()));
    }
    let found = tree(&json, &refused)?;
    schema::SCORECARD.check(&found, |_| false).map_err(|error| unfit(refused(), &json, json.start(), &error))
}

/// A document that may be JSON or YAML, and where its values are if it is JSON.
struct Document<'t> {
    value: Value,
    json: Option<Json<'t>>,
    /// Whether all keys of objects are strings.
    plain: bool,
}

fn either<'t>(bytes: &'t [u8], refused: &dyn Fn() -> Refused) -> Result<Document<'t>, Refused> {
    match Json::document(bytes) {
        Ok(json) => Ok(Document { value: tree(&json, refused)?, json: Some(json), plain: true }),
        Err(error) => match yaml::document(bytes) {
            Ok((value, plain)) => Ok(Document { value, json: None, plain }),
            Err(_) if bytes.trim_ascii_start().starts_with(b"{") => Err(refused().syntax(&error, bytes)),
            Err(words) => Err(refused().detail(format!("neither valid JSON nor valid YAML: {words}"))),
        },
    }
}

/// What Chainloop says when keys of objects are no strings, or values are none that JSON has.
const ODD: &str = "invalid JSON payload";

pub(super) fn openapi(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid OpenAPI spec file");
    let Document { mut value, json, plain } = either(bytes, &refused)?;
    let Some(object) = value.as_object_mut() else { return Err(refused().detail("it is not an object")) };
    // `swagger: 2.0` without quotes is a number.
    if let Some(version) = object.get("swagger").and_then(Value::as_f64) {
        object.insert("swagger".to_owned(), format!("{version:.1}").into());
    }
    let marked = |name: &str| object.get(name).is_some_and(Value::is_string);
    if !marked("openapi") && !marked("swagger") {
        return Err(refused().detail("it has neither a string `openapi` nor `swagger`"));
    }
    let version = object.get("openapi").or_else(|| object.get("swagger")).and_then(Value::as_str);
    let version = version.unwrap_or_default().to_owned();
    if !plain {
        return Err(Refused::new(format!("invalid OpenAPI spec file: {ODD}"))
            .detail("a key in it is no string")
            .advise("put keys that look like numbers in quotes, for example \"200\""));
    }
    let mut complaints = Vec::new();
    for (schema, of) in [
        (schema::OPENAPI_3_2, "3.2"),
        (schema::OPENAPI_3_1, "3.1"),
        (schema::OPENAPI_3_0, "3.0"),
        (schema::OPENAPI_2_0, "2.0"),
    ] {
        match schema.check(&value, |_| false) {
            Ok(()) => return Ok(()),
            Err(complaint) => complaints.push((of, complaint)),
        }
    }
    let all: String = complaints.iter().map(|(_, unfit)| format!("\t* {}\n", unfit.words)).collect();
    let refused = Refused::new(format!("invalid OpenAPI spec file: 4 errors occurred:\n{all}\n"));
    let told = complaints.iter().find(|(of, _)| version.starts_with(of));
    Err(match (told, json) {
        (Some((_, told)), Some(json)) => unfit(refused, &json, json.start(), told),
        (Some((_, told)), None) => refused.detail(format!("`{}`: {}", told.pointer, told.what)),
        (None, _) => refused.detail(format!("no version {version} is known")),
    })
}

pub(super) fn asyncapi(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid AsyncAPI spec file");
    let Document { value, json, plain } = either(bytes, &refused)?;
    let Some(object) = value.as_object() else { return Err(refused().detail("it is not an object")) };
    let Some(version) = object.get("asyncapi").and_then(Value::as_str) else {
        return Err(refused().detail("it has no string `asyncapi`"));
    };
    if !plain {
        return Err(refused().detail("a key in it is no string").advise("put keys that look like numbers in quotes"));
    }
    let check = |schema: Schema| schema.check(&value, |_| false);
    let (Err(of_3), Err(of_2)) = (check(schema::ASYNCAPI_3_0), check(schema::ASYNCAPI_2_6)) else { return Ok(()) };
    let told = if version.starts_with('3') { of_3 } else { of_2 };
    Err(match json {
        Some(json) => unfit(refused(), &json, json.start(), &told),
        None => refused().detail(format!("`{}`: {}", told.pointer, told.what)),
    })
}

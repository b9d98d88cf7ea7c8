//! SARIF 2.1.0: a result for everything that failed, at the object that the policy was asked about.

use serde_json::{Value, json};

use super::{
    Told,
    finding::{Finding, Rule, Spot},
    paths::Root,
};
use crate::output::plain;

pub(super) fn render(told: &Told<'_, '_>) -> Value {
    let rules = Rule::ALL.map(|rule| json!({ "id": rule.id(), "shortDescription": { "text": rule.about() } }));
    let results: Vec<Value> = told.findings.iter().map(|finding| result(finding, told)).collect();
    let errors = told.findings.iter().any(|finding| finding.rule.is_error());
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "cargo admit",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{ "executionSuccessful": !errors }],
            "results": results,
        }],
    })
}

fn result(finding: &Finding, told: &Told<'_, '_>) -> Value {
    let (rule, root) = (finding.rule, &told.root);
    // Where there is room for a line only, the first one is shown.
    let message = match finding.summary == finding.text {
        true => format!("{}: {}", finding.title, finding.text),
        false => format!("{}: {}\n\n{}", finding.title, finding.summary, finding.text),
    };
    let index = Rule::ALL.iter().position(|known| *known == rule);
    // GitHub takes no result without a place.
    let main = finding.input.as_ref().or(finding.at.as_ref()).or(told.policy.as_ref());
    let related = finding.related.iter().enumerate().map(|(id, (spot, about))| {
        let mut location = location(spot, root);
        location["id"] = json!(id);
        location["message"] = json!({ "text": unlinked(about) });
        location
    });
    let mut result = json!({
        "ruleId": rule.id(),
        "ruleIndex": index,
        "level": "error",
        "message": { "text": unlinked(&message) },
        "locations": main.iter().map(|spot| location(spot, root)).collect::<Vec<_>>(),
        "relatedLocations": related.collect::<Vec<_>>(),
    });
    if !rule.is_error() {
        // What makes it the same result in another run.
        result["partialFingerprints"] = json!({ "case/v1": format!("{} {}", plain(&told.name), finding.title) });
    }
    result
}

fn location(spot: &Spot, root: &Root) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&root.name(&spot.file)) } });
    if let Some(at) = spot.position {
        physical["region"] = json!({ "startLine": at.line, "startColumn": at.column });
    }
    json!({ "physicalLocation": physical })
}

/// A file as a URI, relative to the root of the repository where it is below it.
fn uri(name: &str) -> String {
    let mut uri = if name.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => uri.push(byte.into()),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// A text of a policy makes no link: in SARIF `[text](target)` is one.
fn unlinked(text: &str) -> String {
    text.replace("](", "] (")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_uris() {
        for (name, expected) in [
            ("cases/a.yaml", "cases/a.yaml"),
            ("my cases/ä#1?%.yaml", "my%20cases/%C3%A4%231%3F%25.yaml"),
            ("/tmp/a b", "file:///tmp/a%20b"),
            ("a:b.yaml", "a%3Ab.yaml"),
        ] {
            assert_eq!(uri(name), expected);
        }
    }
}

//! Requests and settings.

use admit_host::request::{self, ReadRequest, Request, RequestOptions};
use serde_json::json;

use super::Archive;

/// The request that is made of the first file, or the error.
pub(super) fn request(archive: &Archive) -> String {
    let known = ["raw", "operation", "user", "group", "name", "namespace", "sub_resource", "dry_run", "several"];
    archive.only_options(&known);
    let read = || {
        let old_object = match archive.file(|name| name.starts_with("old.")) {
            Some((name, content)) => Some(request::read_object(content.as_bytes(), name)?),
            None => None,
        };
        let options = RequestOptions {
            raw: archive.option("raw").is_some_and(|raw| raw == "true"),
            operation: archive.option("operation").map(|text| text.parse().expect("an operation")),
            old_object,
            user: archive.option("user"),
            groups: Some(archive.option_values("group")).filter(|groups| !groups.is_empty()),
            name: archive.option("name"),
            namespace: archive.option("namespace"),
            sub_resource: archive.option("sub_resource"),
            dry_run: archive.option("dry_run").map(|text| text == "true"),
        };
        let (name, content) = archive.file(|name| !name.starts_with("old.")).expect("an input");
        match archive.option("several") {
            Some(_) => request::read_all(content.as_bytes(), name, &options),
            None => Ok(vec![request::read(content.as_bytes(), name, &options)?]),
        }
    };
    let one = |read: ReadRequest| match read.request {
        Request::Kubernetes(request) => pretty(&json!(request), &read.notes),
        Request::Raw(raw) => pretty(&json!({ "raw": raw }), &read.notes),
    };
    match read() {
        Ok(read) => read.into_iter().map(one).collect::<Vec<_>>().join("\n"),
        Err(error) => error.to_string(),
    }
}

fn pretty(value: &serde_json::Value, notes: &[String]) -> String {
    let notes: String = notes.iter().map(|note| format!("\nnote: {note}")).collect();
    format!("{value:#}{notes}")
}

/// The settings in the first file, or the error.
pub(super) fn settings(archive: &Archive) -> String {
    archive.only_options(&[]);
    let (name, content) = archive.file(|_| true).expect("an input");
    match request::read_settings(content.as_bytes(), name) {
        Ok(settings) => json!(settings).to_string(),
        Err(error) => error.to_string(),
    }
}

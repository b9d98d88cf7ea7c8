//! A limit on replicas, and what becomes of it in later versions.

use admit::prelude::*;
use serde_json::{Value, json};

/// Which version it is.
#[derive(Deserialize, Settings)]
struct Settings {
    version: Version,
}

#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "kebab-case")]
enum Version {
    /// Three replicas at most; the label `checked` is set; of none there is a warning.
    First,
    /// The boundary is off by one.
    OffByOne,
    /// A Deployment that does not say how many.
    Panics,
    /// Such a one again.
    Fails,
    /// Other words.
    Reworded,
    /// Another code.
    Recoded,
    /// Another label.
    Relabelled,
    /// The same label, set in another way.
    LabelsAnew,
    /// One more warning.
    Warns,
    /// No warning.
    Silent,
    /// A question to the host.
    Asks,
    /// An entry for the audit log.
    Annotates,
    /// A loop that nobody needs.
    Slow,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings, host: &Host) -> Result<Verdict, Error> {
    let version = settings.version;
    let mut verdict = Verdict::accept();
    let mut object = request.edit()?;
    let spec = object.update(|object| object["spec"].clone());
    let replicas = match spec["replicas"].as_i64() {
        Some(replicas) => replicas,
        None if version == Version::Panics => panic!("there are always replicas"),
        None if version == Version::Fails => return Err(Error::new("no replicas")),
        None => 1,
    };
    let most = if version == Version::OffByOne { 2 } else { 3 };
    if replicas > most {
        let message = match version {
            Version::Reworded => format!("not more than 3 replicas, and not {replicas}"),
            _ => format!("{replicas} replicas are too many"),
        };
        let code = if version == Version::Recoded { 403 } else { 422 };
        verdict.add_reason(Reason::new(message).at("/spec/replicas").code(code));
        return Ok(verdict);
    }
    if replicas == 0 && version != Version::Silent {
        verdict.warn("there is no replica");
    }
    match version {
        Version::Warns => drop(verdict.warn(format!("only {replicas} of 3 replicas"))),
        Version::Asks => drop(host.net().dns_lookup_host("a.example")?),
        Version::Annotates => drop(verdict.audit("replicas", replicas.to_string())),
        Version::Slow => drop((0..1000).fold(json!(0), |sum: Value, step| json!(sum.as_i64().unwrap_or(0) + step))),
        _ => {}
    }
    match version {
        Version::Relabelled => object.metadata_mut().set_label("checked", "true")?,
        Version::LabelsAnew => {
            let mut labels = object.update(|object| object["metadata"]["labels"].clone());
            if labels.is_null() {
                labels = json!({});
            }
            labels["checked"] = "yes".into();
            object.set("/metadata/labels", labels)?;
        }
        _ => object.metadata_mut().set_label("checked", "yes")?,
    }
    verdict.mutate(object);
    Ok(verdict)
}

//! Mutations as they go wrong, one at a time.

use std::collections::BTreeMap;

use admit::prelude::*;
use serde::Serialize;
use serde_json::json;

/// What goes wrong.
#[derive(Deserialize, Settings)]
struct Settings {
    fault: Fault,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Fault {
    /// Nothing: a label is set.
    None,
    /// A finalizer is added each time.
    Appends,
    /// What has the label is rejected.
    RejectsItsOwn,
    /// The pod spec is written as a type that lacks the newer fields.
    OldType,
    /// The whole object is refused when it has a field that is not known.
    StrictType,
    /// The server's names for the object are taken away, as when an object is copied.
    Anonymous,
}

/// A pod spec of some earlier time.
#[derive(Deserialize, Serialize)]
struct OldSpec {
    containers: Vec<OldContainer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    volumes: Option<serde_json::Value>,
}

#[derive(Deserialize, Serialize)]
struct OldContainer {
    name: String,
    image: Option<String>,
    #[serde(default)]
    args: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictMetadata {
    #[serde(rename = "name")]
    _name: String,
    #[serde(rename = "namespace")]
    _namespace: String,
    #[serde(default, rename = "labels")]
    _labels: BTreeMap<String, String>,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let mut object = request.edit()?;
    let before = object.update(|object| object.clone());
    let labelled = before.pointer("/metadata/labels/lawless").is_some();
    match settings.fault {
        Fault::None => object.metadata_mut().set_label("lawless", "no")?,
        Fault::Appends => object.push("/metadata/finalizers", "example.com/last")?,
        Fault::RejectsItsOwn if labelled => return Ok(Verdict::reject("the label `lawless` is reserved")),
        Fault::RejectsItsOwn => object.metadata_mut().set_label("lawless", "yes")?,
        Fault::OldType => {
            let spec = before["spec"].clone();
            let mut spec: OldSpec = serde_json::from_value(spec).map_err(|error| Error::new(error.to_string()))?;
            spec.containers.iter_mut().for_each(|container| container.args = vec!["--safe".to_owned()]);
            object.set("/spec", json!(spec))?;
        }
        Fault::StrictType => {
            serde_json::from_value::<StrictMetadata>(before["metadata"].clone())
                .map_err(|error| Error::new(error.to_string()))?;
            object.metadata_mut().set_label("lawless", "strict")?;
        }
        Fault::Anonymous => {
            object.metadata_mut().set_label("lawless", "yes")?;
            object.remove("/metadata/uid")?;
            object.remove("/metadata/resourceVersion")?;
        }
    }
    let mut verdict = Verdict::accept();
    verdict.mutate(object);
    Ok(verdict)
}

//! Every way to edit, one at a time.

use admit::prelude::*;
use serde_json::json;

/// How to edit.
#[derive(Deserialize, Settings)]
struct Settings {
    edit: Edit,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Edit {
    /// Not at all.
    Nothing,
    /// Sets what is there already.
    Same,
    /// Fields and items by JSON pointer.
    Pointers,
    /// Metadata, pod spec and containers by views.
    Views,
    /// The JSON in a closure.
    Closure,
    /// JSON Patch.
    Patch,
    /// JSON Merge Patch.
    Merge,
    /// A field of a text, which is not there.
    Wrong,
}

#[admit::policy]
fn validate(request: &Request, settings: &Settings) -> Result<Verdict, Error> {
    let mut object = request.edit()?;
    match settings.edit {
        Edit::Nothing => {}
        Edit::Same => {
            object.set("/metadata/name", "web")?;
            object.metadata_mut().remove_annotation("nobody-has-this")?;
        }
        Edit::Pointers => {
            object.set("/metadata/labels/edited", "pointers")?;
            object.set("/new/parents/are/made", [1, 2])?;
            object.remove("/metadata/annotations/old")?;
            object.push("/metadata/finalizers", "example.com/last")?;
        }
        Edit::Views => {
            object.metadata_mut().set_label("edited", "views")?;
            object.pod_metadata_mut()?.set_annotation("edited", "views")?;
            let mut spec = object.pod_spec_mut()?;
            spec.set_host_network(false)?;
            for mut container in spec.all_containers_mut()? {
                let image = format!("mirror.example/{}", container.image()?.unwrap_or_default());
                container.set_image(image)?;
                container.set_env("EDITED", "views")?;
            }
        }
        Edit::Closure => object.update(|object| object["metadata"]["labels"]["edited"] = "closure".into()),
        Edit::Patch => {
            let patch = json!([
                {"op": "test", "path": "/metadata/name", "value": "web"},
                {"op": "add", "path": "/metadata/labels/edited", "value": "patch"},
            ]);
            object.patch(&serde_json::from_value(patch).map_err(|error| Error::new(error.to_string()))?)?;
        }
        Edit::Merge => {
            object.merge(&json!({"metadata": {"labels": {"edited": "merge"}, "annotations": {"old": null}}}));
        }
        Edit::Wrong => object.set("/metadata/name/first", "w")?,
    }
    let mut verdict = Verdict::accept();
    verdict.mutate(object);
    Ok(verdict)
}

//! Reading one case.

use std::{path::Path, sync::Arc};

use super::{AdmissionSubject, Case, Subject, enforcement, expect, host, material, sources::Sources};
use crate::{
    Abi,
    chainloop::PolicyFile,
    input::{Cursor, Document, InputError},
    request::{
        Operation, Request, RequestOptions, made_from, no_unknown_fields, plain_object, review_or_request, settings_of,
        stored,
    },
};

/// Keys that shape the request which is made of a plain object.
const OBJECT_KEYS: [&str; 8] =
    ["operation", "old_object", "sub_resource", "user", "groups", "namespace", "name", "dry_run"];

const OTHER_KEYS: [&str; 7] = ["about", "request", "object", "raw", "settings", "only", "expect"];

/// Reads the case file at `path`; `own_folder` says whether the files beside it belong to the case.
pub(super) fn case(
    name: &str,
    path: &Path,
    own_folder: bool,
    policy: Option<&Arc<PolicyFile>>,
) -> Result<Case, InputError> {
    let document = Document::open(path)?;
    let root = document.root();
    let sources = Sources::read(&root, path, own_folder)?;
    if root.object().is_ok_and(|keys| keys.contains_key("material")) || sources.host_file("material").is_some() {
        root.only_keys(&[&material::KEYS[..], &host::KEYS[..], &["about", "only", "expect"]].concat())?;
        sources.of_material()?;
        let subject = Subject::Material(Box::new(material::parse(&root, &sources, policy)?));
        return finished(&root, name, path, &sources, subject, Vec::new());
    }
    for key in material::KEYS {
        if let Some(given) = root.given(key)? {
            return Err(given.error("only goes with a `material`, and the case has none"));
        }
    }
    root.only_keys(&[&OTHER_KEYS[..], &OBJECT_KEYS[..], &host::KEYS[..], &enforcement::KEYS[..]].concat())?;
    let mut notes = Vec::new();
    let request = request(&root, &sources, &mut notes)?;
    let settings = sources.get(&root, "settings")?.map(|settings| settings_of(&settings)).transpose()?;
    let expect = expect::parse(&root.required("expect", "say what the policy has to answer, for example `accept`")?)?;
    let subject = AdmissionSubject {
        request,
        settings: settings.unwrap_or_default(),
        audit: enforcement::audit(&root)?,
        enforcement: enforcement::enforcement(&root, name)?,
        expect,
    };
    finished(&root, name, path, &sources, Subject::Admission(Box::new(subject)), notes)
}

/// The case, with what every case has.
fn finished(
    root: &Cursor<'_>,
    name: &str,
    path: &Path,
    sources: &Sources,
    subject: Subject,
    notes: Vec<String>,
) -> Result<Case, InputError> {
    Ok(Case {
        name: name.to_owned(),
        path: path.to_owned(),
        about: root.optional("about")?.map(|about| one_line(&about)).transpose()?,
        subject,
        only: root.optional("only")?.map(|only| abis(&only)).transpose()?,
        host: host::parse(root, sources)?,
        notes,
    })
}

fn one_line(about: &Cursor<'_>) -> Result<String, InputError> {
    let text = about.string()?.trim();
    if text.contains('\n') {
        return Err(about.error("must be one line"));
    }
    Ok(text.to_owned())
}

fn abis(only: &Cursor<'_>) -> Result<Vec<Abi>, InputError> {
    let abi = |item: &Cursor<'_>| item.string()?.parse::<Abi>().map_err(|error| item.error(error.to_string()));
    let abis = only.list()?.iter().map(abi).collect::<Result<Vec<_>, _>>()?;
    if abis.is_empty() {
        return Err(only.error("names no ABI, so the case would never run; leave `only` out to run on every one"));
    }
    Ok(abis)
}

fn request(root: &Cursor<'_>, sources: &Sources, notes: &mut Vec<String>) -> Result<Request, InputError> {
    let given = (sources.get(root, "request")?, sources.get(root, "object")?, sources.get(root, "raw")?);
    match given {
        (Some(request), None, None) => {
            no_audit(root)?;
            no_object_keys(root, sources, "the request already says it")?;
            no_unknown_fields(&request)?;
            Ok(Request::Kubernetes(Box::new(review_or_request(&request)?)))
        }
        (None, None, Some(raw)) => {
            no_audit(root)?;
            no_object_keys(root, sources, "a raw request is sent as it is")?;
            Ok(Request::Raw(raw.exact()))
        }
        (None, Some(object), None) if enforcement::audit(root)? => {
            no_object_keys(root, sources, "the audit scanner makes its own request of it")?;
            stored(&object)
        }
        (None, object, None) => {
            no_audit(root)?;
            let mut options = request_options(root)?;
            let old_object = sources.get(root, "old_object")?.filter(|old| !old.value().is_null());
            let subject = match (object, old_object, options.operation) {
                (Some(object), old_object, _) => {
                    options.old_object = old_object.map(|old| plain_object(&old)).transpose()?;
                    object
                }
                (None, Some(old_object), Some(Operation::Delete)) => old_object,
                (None, Some(_), _) => {
                    return Err(root.error_at("old_object", "only a case with `operation: DELETE` has no `object`"));
                }
                (None, None, _) => {
                    return Err(root.error("has no input: give one of `object`, `request` and `raw`"));
                }
            };
            plain_object(&subject)?;
            if let (Some(Operation::Update), None) = (options.operation, &options.old_object) {
                // Not at the object: many cases can have the same file.
                let message = "an UPDATE also needs the object as it is stored: give it as `old_object`";
                return Err(root.error_at("operation", message));
            }
            Ok(Request::Kubernetes(Box::new(made_from(&subject, &options, notes)?)))
        }
        _ => Err(root.error("has more than one input: give one of `object`, `request` and `raw`")),
    }
}

fn no_audit(root: &Cursor<'_>) -> Result<(), InputError> {
    match root.given("audit")?.filter(|audit| audit.value() == true) {
        Some(audit) => Err(audit.error("goes with `object` only: the audit scanner asks about stored objects")),
        None => Ok(()),
    }
}

fn no_object_keys(root: &Cursor<'_>, sources: &Sources, why: &str) -> Result<(), InputError> {
    for key in OBJECT_KEYS {
        // `old_object` can also come from a companion file.
        let given = if key == "old_object" { sources.get(root, "old_object")? } else { root.given(key)? };
        if let Some(given) = given {
            return Err(given.error(format!("`{key}` only goes with a plain `object`: {why}")));
        }
    }
    Ok(())
}

fn request_options(root: &Cursor<'_>) -> Result<RequestOptions, InputError> {
    let text = |key| root.optional(key)?.map(|value| value.string().map(str::to_owned)).transpose();
    let operation = match root.optional("operation")? {
        Some(operation) => Some(operation.string()?.parse::<Operation>().map_err(|e| operation.error(e.to_string()))?),
        None => None,
    };
    Ok(RequestOptions {
        raw: false,
        operation,
        old_object: None,
        user: text("user")?,
        groups: root.given("groups")?.map(|groups| groups.strings_or_nothing()).transpose()?,
        name: text("name")?,
        namespace: text("namespace")?,
        sub_resource: text("sub_resource")?,
        dry_run: root.optional("dry_run")?.map(|flag| flag.boolean()).transpose()?,
    })
}

//! What a case asks: the keys `request`, `object` and `raw`, and those that shape the request which is made of an object.

use super::{enforcement, sources::Sources};
use crate::{
    input::{Cursor, InputError, Place},
    request::{
        Item, Operation, Request, RequestOptions, made_from, no_unknown_fields, plain_object, review_or_request, stored,
    },
};

/// Keys that shape the request which is made of a plain object.
pub(super) const OBJECT_KEYS: [&str; 8] =
    ["operation", "old_object", "sub_resource", "user", "groups", "namespace", "name", "dry_run"];

/// One of the requests of a case.
pub(super) struct Input {
    pub(super) request: Request,
    /// Where it stands, or what it is made of.
    pub(super) at: Place,
    /// What had to be guessed to make it.
    pub(super) notes: Vec<String>,
}

impl Input {
    fn new(request: Request, cursor: &Cursor<'_>) -> Self {
        Self { request, at: cursor.located(), notes: Vec::new() }
    }
}

/// The requests of a case, of which there is one at least: a file can hold several documents, and a list several objects.
pub(super) fn read(root: &Cursor<'_>, sources: &Sources) -> Result<Vec<Input>, InputError> {
    let given = (sources.get_all(root, "request")?, sources.get_all(root, "object")?, sources.get_all(root, "raw")?);
    match given {
        (Some(requests), None, None) => {
            no_audit(root)?;
            no_object_keys(root, sources, "the request already says it")?;
            let request = |request: &Cursor<'_>| {
                no_unknown_fields(request)?;
                let made = Request::Kubernetes(Box::new(review_or_request(request)?));
                Ok(Input::new(made, request))
            };
            requests.iter().map(request).collect()
        }
        (None, None, Some(raw)) => {
            no_audit(root)?;
            no_object_keys(root, sources, "a raw request is sent as it is")?;
            Ok(raw.iter().map(|raw| Input::new(Request::Raw(raw.exact()), raw)).collect())
        }
        (None, Some(objects), None) if enforcement::audit(root)? => {
            no_object_keys(root, sources, "the audit scanner makes its own request of it")?;
            items(&objects)?.iter().map(|item| Ok(Input::new(stored(item)?, &item.cursor))).collect()
        }
        (None, objects, None) => {
            no_audit(root)?;
            of_objects(root, sources, objects)
        }
        _ => Err(root.error("has more than one input: give one of `object`, `request` and `raw`")),
    }
}

/// The name of each of the cases that a file with this name makes: with several inputs, that of the object is behind it.
pub(super) fn names(file: &str, inputs: &[Input]) -> Vec<String> {
    if let [_] = inputs {
        return vec![file.to_owned()];
    }
    let mut names: Vec<String> = Vec::new();
    for (index, input) in inputs.iter().enumerate() {
        let of = match &input.request {
            Request::Kubernetes(request) => {
                let parts = [Some(&request.kind.kind), request.namespace.as_ref(), request.name.as_ref()];
                parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/")
            }
            Request::Raw(_) => (index + 1).to_string(),
        };
        let name = format!("{file}[{of}]");
        names.push(if names.contains(&name) { format!("{file}[{of}#{}]", index + 1) } else { name });
    }
    names
}

fn items<'d>(objects: &[Cursor<'d>]) -> Result<Vec<Item<'d>>, InputError> {
    let mut items = Vec::new();
    for object in objects {
        items.extend(Item::all(object)?);
    }
    match (items.is_empty(), objects.first()) {
        (true, Some(list)) => Err(list.error("is a list without items, so there is no object to ask about")),
        _ => Ok(items),
    }
}

fn of_objects(
    root: &Cursor<'_>,
    sources: &Sources,
    objects: Option<Vec<Cursor<'_>>>,
) -> Result<Vec<Input>, InputError> {
    let mut options = request_options(root)?;
    let old_object = sources.get(root, "old_object")?.filter(|old| !old.value().is_null());
    let items = match (objects, old_object, options.operation) {
        (Some(objects), old_object, _) => {
            let items = items(&objects)?;
            if let ([_, _, ..], Some(old)) = (items.as_slice(), &old_object) {
                return Err(
                    old.error("is what is stored of one object, and the case has several; give each a case of its own")
                );
            }
            options.old_object = old_object.map(|old| plain_object(&old)).transpose()?;
            items
        }
        (None, Some(old_object), Some(Operation::Delete)) => vec![Item::new(old_object)],
        (None, Some(_), _) => {
            return Err(root.error_at("old_object", "only a case with `operation: DELETE` has no `object`"));
        }
        (None, None, _) => return Err(root.error("has no input: give one of `object`, `request` and `raw`")),
    };
    for item in items.iter().filter(|item| !item.of_list()) {
        plain_object(&item.cursor)?;
    }
    if let (Some(Operation::Update), None) = (options.operation, &options.old_object) {
        // Not at the object: many cases can have the same file.
        let message = "an UPDATE also needs the object as it is stored: give it as `old_object`";
        return Err(root.error_at("operation", message));
    }
    let made = |item: &Item<'_>| {
        let mut notes = Vec::new();
        let request = made_from(item, &options, &mut notes)?;
        Ok(Input { request: Request::Kubernetes(Box::new(request)), at: item.cursor.located(), notes })
    };
    items.iter().map(made).collect()
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

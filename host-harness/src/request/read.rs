//! Recognising what a document is.

use serde_json::Value;

use super::{AdmissionRequest, Item, Request, RequestOptions, made_from, make::check_object, resources};
use crate::input::{Cursor, Document, InputError, nearest};

/// A request, and remarks for the person who asked for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadRequest {
    /// The request.
    pub request: Request,
    /// Notes about what had to be guessed.
    pub notes: Vec<String>,
}

/// Reads a request from an AdmissionReview, an AdmissionRequest or a plain Kubernetes object, in JSON or YAML.
///
/// `name` (a path, or something like `<stdin>`) goes into errors and selects the format as for any [`Document`].
pub fn read(bytes: &[u8], name: &str, options: &RequestOptions) -> Result<ReadRequest, InputError> {
    let document = Document::parse(bytes, name)?;
    let root = document.root();
    if options.raw {
        return raw(&root, options);
    }
    one(&Item::new(root), options)
}

/// Reads every request in a text: any number of YAML documents, each of them something that [`read`] takes, or a list of plain
/// objects (`kind: List`, as `kubectl get` prints it, or a list of one kind, such as PodList). With
/// [`raw`](RequestOptions::raw) each document is one request, lists, too. There is one at least.
///
/// A namespace in the options is for those that have none and whose kind lives in one.
///
/// # Errors
///
/// As those of [`read`], and options that are about one object where there are several.
pub fn read_all(bytes: &[u8], name: &str, options: &RequestOptions) -> Result<Vec<ReadRequest>, InputError> {
    Documents::parse(bytes, name)?.requests(options)
}

/// The documents in a text, parsed once, for whoever asks for several things in them.
#[derive(Clone, Debug)]
pub struct Documents {
    name: String,
    /// There is one at least, `null` when the text holds none.
    documents: Vec<Document>,
}

impl Documents {
    /// Parses a text. `name` (a path, or something like `<stdin>`) goes into errors and selects the format as for any [`Document`].
    ///
    /// # Errors
    ///
    /// What is not valid JSON or YAML.
    pub fn parse(bytes: &[u8], name: &str) -> Result<Self, InputError> {
        let mut documents = Document::parse_all(bytes, name)?;
        if documents.is_empty() {
            documents.push(Document::parse(bytes, name)?);
        }
        Ok(Self { name: name.to_owned(), documents })
    }

    /// The requests in them, as [`read_all`] says.
    ///
    /// # Errors
    ///
    /// As those of [`read_all`].
    pub fn requests(&self, options: &RequestOptions) -> Result<Vec<ReadRequest>, InputError> {
        if options.raw {
            return self.documents.iter().map(|document| raw(&document.root(), options)).collect();
        }
        match self.items()?.as_slice() {
            [only] => Ok(vec![one(only, options)?]),
            several => {
                let of_one = [(options.name.is_some(), "name"), (options.old_object.is_some(), "old object")];
                if let Some((_, what)) = of_one.iter().find(|(given, _)| *given) {
                    let message = format!(
                        "holds {} objects, and the {what} is that of one of them; give it alone",
                        several.len()
                    );
                    return Err(InputError::whole(&self.name, message));
                }
                several.iter().map(|item| one(item, &of_several(item, options))).collect()
            }
        }
    }

    /// The objects in them, those of lists one by one; a text without any document has one, which is `null`.
    ///
    /// # Errors
    ///
    /// Lists that hold no objects, and items that cannot be objects.
    pub(super) fn items(&self) -> Result<Vec<Item<'_>>, InputError> {
        if let [only] = self.documents.as_slice()
            && only.value().is_null()
        {
            return Ok(vec![Item::new(only.root())]);
        }
        let mut items = Vec::new();
        for document in &self.documents {
            items.extend(Item::all(&document.root())?);
        }
        match (items.as_slice(), self.documents.first()) {
            ([], Some(list)) => Err(list.root().error("is a list without items, so there is no object to ask about")),
            _ => Ok(items),
        }
    }
}

/// A namespace is not meant for kinds that live in none.
fn of_several(item: &Item<'_>, options: &RequestOptions) -> RequestOptions {
    let cluster_wide = item.kind().is_ok_and(|kind| !resources::served(&kind.group, &kind.kind).namespaced);
    RequestOptions { namespace: options.namespace.clone().filter(|_| !cluster_wide), ..options.clone() }
}

pub(crate) fn raw(root: &Cursor<'_>, options: &RequestOptions) -> Result<ReadRequest, InputError> {
    no_object_options(root, options, "a raw request is sent as it is")?;
    Ok(ReadRequest { request: Request::Raw(root.exact()), notes: Vec::new() })
}

pub(crate) fn one(item: &Item<'_>, options: &RequestOptions) -> Result<ReadRequest, InputError> {
    let root = &item.cursor;
    if root.value().is_null() {
        return Err(root.error(format!("holds no document; {EXPECTED}")));
    }
    if item.of_list() || looks_like_object(root)? {
        let mut notes = Vec::new();
        let request = made_from(item, options, &mut notes)?;
        return Ok(ReadRequest { request: Request::Kubernetes(Box::new(request)), notes });
    }
    let request = review_or_request(root)?;
    no_object_options(root, options, "the request in the document already says it")?;
    Ok(ReadRequest { request: Request::Kubernetes(Box::new(request)), notes: oddities(root)? })
}

/// Reads a plain Kubernetes object, for [`RequestOptions::old_object`].
pub fn read_object(bytes: &[u8], name: &str) -> Result<Value, InputError> {
    let document = Document::parse(bytes, name)?;
    plain_object(&document.root())
}

pub(crate) fn plain_object(cursor: &Cursor<'_>) -> Result<Value, InputError> {
    if !looks_like_object(cursor)? {
        return Err(cursor.error("expected a Kubernetes object, with apiVersion and kind"));
    }
    check_object(cursor)?;
    Ok(cursor.value().clone())
}

const EXPECTED: &str =
    "expected an AdmissionReview, an AdmissionRequest or a Kubernetes object (with apiVersion and kind)";

/// What to do with a document of any other shape.
const RAW: &str = "send it as it is with `--raw` (in a case: `raw`)";

/// Reads an AdmissionReview or an AdmissionRequest; nothing else.
pub(crate) fn review_or_request(cursor: &Cursor<'_>) -> Result<AdmissionRequest, InputError> {
    let object = cursor.object()?;
    if object.get("kind").and_then(Value::as_str) == Some("AdmissionReview") {
        return admission_request(&cursor.required("request", "an AdmissionReview carries its request there")?);
    }
    const REQUIRED: [&str; 5] = ["uid", "kind", "resource", "operation", "userInfo"];
    let found: Vec<_> =
        REQUIRED.iter().filter(|key| object.contains_key(**key)).map(|key| format!("`{key}`")).collect();
    if ["uid", "operation", "resource", "userInfo"].iter().any(|key| object.contains_key(*key)) {
        return admission_request(cursor).map_err(|mut error| {
            // Raw documents have a key or two of these by chance.
            if found.len() < 3 {
                error.message.push_str(&format!(
                    "; of these, the document has {}. If it is not meant for Kubernetes, {RAW}",
                    found.join(", ")
                ));
            }
            error
        });
    }
    if object.contains_key("request") {
        return Err(cursor.error(format!(
            "has a `request` but no `kind: AdmissionReview`; add apiVersion and kind, or give the content of `request` alone. If \
             it is not meant for Kubernetes, {RAW}"
        )));
    }
    Err(cursor.error(format!("{EXPECTED}; other documents can be sent with `--raw` (in a case: `raw`)")))
}

fn looks_like_object(cursor: &Cursor<'_>) -> Result<bool, InputError> {
    let object = cursor.object()?;
    let review = object.get("kind").and_then(Value::as_str) == Some("AdmissionReview");
    let request = object.contains_key("uid") && object.contains_key("operation");
    Ok(!review && !request && object.contains_key("apiVersion") && object.contains_key("kind"))
}

fn no_object_options(cursor: &Cursor<'_>, options: &RequestOptions, why: &str) -> Result<(), InputError> {
    match options.about_objects() {
        Some(what) => Err(cursor.error(format!("{what} can only be given together with a plain object: {why}"))),
        None => Ok(()),
    }
}

/// Checks every field that a host reads, then decodes.
fn admission_request(cursor: &Cursor<'_>) -> Result<AdmissionRequest, InputError> {
    let why = "an AdmissionRequest needs uid, kind, resource, operation and userInfo";
    cursor.required("uid", why)?.string()?;
    group_version(&cursor.required("kind", why)?, "kind")?;
    group_version(&cursor.required("resource", why)?, "resource")?;
    cursor.required("operation", why)?.string()?;
    user_info(&cursor.required("userInfo", why)?)?;
    if let Some(kind) = cursor.optional("requestKind")? {
        group_version(&kind, "kind")?;
    }
    if let Some(resource) = cursor.optional("requestResource")? {
        group_version(&resource, "resource")?;
    }
    for key in ["subResource", "requestSubResource", "name", "namespace"] {
        cursor.optional(key)?.map(|text| text.string()).transpose()?;
    }
    cursor.optional("dryRun")?.map(|flag| flag.boolean()).transpose()?;
    // An API server has written it already: a host takes the numbers as they are.
    let decoded = serde_json::from_value(cursor.exact());
    decoded.map_err(|error| cursor.error(format!("cannot be read as an AdmissionRequest: {error}")))
}

/// Refuses fields that an AdmissionRequest does not have: in what people write by hand they are slips, which a host would
/// drop without a word.
pub(crate) fn no_unknown_fields(request: &Cursor<'_>) -> Result<(), InputError> {
    if request.object()?.get("kind").and_then(Value::as_str) == Some("AdmissionReview") {
        // An AdmissionReview is recorded, not written by hand.
        return Ok(());
    }
    request.only_keys(&[
        "uid",
        "kind",
        "resource",
        "subResource",
        "requestKind",
        "requestResource",
        "requestSubResource",
        "name",
        "namespace",
        "operation",
        "userInfo",
        "object",
        "oldObject",
        "dryRun",
        "options",
    ])
}

/// Notes about what hosts accept silently and API servers never send.
fn oddities(root: &Cursor<'_>) -> Result<Vec<String>, InputError> {
    const OPERATIONS: [&str; 4] = ["CREATE", "UPDATE", "DELETE", "CONNECT"];
    let mut notes: Vec<String> = no_unknown_fields(root).err().iter().map(ToString::to_string).collect();
    let request = match root.optional("request")? {
        Some(request) if root.object()?.contains_key("kind") => request,
        _ => root.clone(),
    };
    let operation = request.required("operation", "a request has one")?;
    let word = operation.string()?;
    if !OPERATIONS.contains(&word) {
        let hint = nearest(word, &OPERATIONS).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        notes.push(operation.error(format!("no API server sends the operation `{word}`{hint}")).to_string());
    }
    Ok(notes)
}

fn group_version(cursor: &Cursor<'_>, third: &'static str) -> Result<(), InputError> {
    let why = format!("needs group (empty for the core group), version and {third}");
    for key in ["group", "version", third] {
        let Some(text) = cursor.optional(key)? else {
            return Err(cursor.error_at(key, format!("missing; {why}")));
        };
        text.string()?;
    }
    Ok(())
}

fn user_info(cursor: &Cursor<'_>) -> Result<(), InputError> {
    cursor.object()?;
    for key in ["username", "uid"] {
        cursor.optional(key)?.map(|text| text.string()).transpose()?;
    }
    cursor.optional("groups")?.map(|groups| groups.strings()).transpose()?;
    if let Some(extra) = cursor.optional("extra")? {
        for (_, values) in extra.entries()? {
            values.strings()?;
        }
    }
    Ok(())
}

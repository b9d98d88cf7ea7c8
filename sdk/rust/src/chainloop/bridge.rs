//! Policies for admission requests and raw requests on Chainloop: requests are made of a material, and verdicts become
//! violations.

use std::borrow::Cow;

use super::document::{self, document};
use super::manifest::{Manifest, Manifests};
use super::{Execute, MATERIAL, Output, Rule};
use crate::dispatch::Policy;
use crate::error::Error;
use crate::host::Host;
use crate::json::{Document, Value};
use crate::raw::{Raw, Shape};
use crate::request::Request;
use crate::verdict::Verdict;
use crate::wire::chainloop::{ARGS, object_name};

impl Execute for Request {
    fn execute(policy: &Policy, payload: Document, rules: &[Rule], host: &Host) -> Result<Output, Error> {
        manifests(policy, &payload, rules, host)
    }
}

impl<T: Shape> Execute for Raw<T> {
    fn execute(policy: &Policy, payload: Document, _: &[Rule], host: &Host) -> Result<Output, Error> {
        raw(policy, &payload, host)
    }
}

/// Asks an admission policy about every object in the material that its rules name.
fn manifests(policy: &Policy, payload: &Document, rules: &[Rule], host: &Host) -> Result<Output, Error> {
    let document = document(material(payload)?);
    let manifests = Manifests::of(document);
    if manifests.objects.is_empty() {
        return Ok(Output::skipped(match manifests.others {
            0 => "the material holds no Kubernetes objects",
            _ => "the material holds no Kubernetes objects: it has no `apiVersion` and `kind`",
        }));
    }
    let mut output = Output::default();
    let mut asked = 0;
    for manifest in manifests.objects.iter().filter(|manifest| manifest.is_meant_by(rules)) {
        asked += 1;
        let (namespace, name) = manifest.place();
        let of = object_name(&manifest.kind, namespace.as_deref(), name.as_deref());
        // An object that is the whole material also has the key `chainloop_metadata`, which is not part of the request.
        let object = match manifest.object.index() == document.index() {
            true => Cow::Owned(document::text(document)),
            false => Cow::Borrowed(manifest.object.raw()),
        };
        let asking = Document::parse(request(manifest, &object, asked, args(payload))?)?;
        let verdict = (policy.validate)(asking, host).map_err(|error| Error::new(format!("{of}{error}")))?;
        add(&mut output, &verdict, &of)?;
    }
    if asked == 0 {
        return Ok(Output::skipped("the material holds no Kubernetes object that the policy's rules name"));
    }
    if manifests.others > 0 {
        // The policy applied (`skipped` is false), so Chainloop shows this reason only in the raw output.
        output.skip_reason =
            format!("{} of the documents are no Kubernetes objects and were not looked at", manifests.others);
    }
    Ok(output)
}

/// Asks a raw policy about the material's document.
fn raw(policy: &Policy, payload: &Document, host: &Host) -> Result<Output, Error> {
    let material = material(payload)?;
    if document::is_empty(material) {
        return Ok(Output::skipped("the material holds no JSON document"));
    }
    let request = document::text(document(material));
    let asking = Document::parse(join(&[r#"{"args":"#, args(payload), r#","request":"#, &request, "}"]))?;
    let mut output = Output::default();
    add(&mut output, &(policy.validate)(asking, host)?, "")?;
    Ok(output)
}

fn material(payload: &Document) -> Result<Value<'_>, Error> {
    payload.root().field(MATERIAL).ok_or_else(|| Error::new("missing field `material`"))
}

fn args(payload: &Document) -> &str {
    payload.root().field(ARGS).map_or("{}", Value::raw)
}

/// Adds the reasons of the verdict as violations, each with the object's name `of` in front, and logs its warnings.
fn add(output: &mut Output, verdict: &Verdict, of: &str) -> Result<(), Error> {
    for reason in verdict.reasons() {
        reason.check()?;
        let mut text = of.to_owned();
        reason.write(&mut text);
        output.violations.push(text);
    }
    verdict.tell(of);
    Ok(())
}

/// The payload of a request to create the object.
fn request(manifest: &Manifest<'_>, object: &str, number: usize, args: &str) -> Result<Vec<u8>, Error> {
    let quoted = |text: &str| serde_json::to_string(text).map_err(|error| Error::new(error.to_string()));
    let (namespace, name) = manifest.place();
    let mut place = String::new();
    for (key, text) in [(r#","namespace":"#, namespace), (r#","name":"#, name)] {
        if let Some(text) = text {
            place.push_str(key);
            place.push_str(&quoted(&text)?);
        }
    }
    Ok(join(&[
        r#"{"args":"#,
        args,
        r#","request":{"uid":"material-"#,
        &number.to_string(),
        r#"","kind":{"group":"#,
        &quoted(&manifest.group)?,
        r#","version":"#,
        &quoted(&manifest.version)?,
        r#","kind":"#,
        &quoted(&manifest.kind)?,
        r#"},"resource":{"group":"#,
        &quoted(&manifest.group)?,
        r#","version":"#,
        &quoted(&manifest.version)?,
        r#","resource":"#,
        &quoted(&manifest.resource())?,
        "}",
        &place,
        r#","operation":"CREATE","userInfo":{"username":"chainloop"},"object":"#,
        object,
        "}}",
    ]))
}

fn join(parts: &[&str]) -> Vec<u8> {
    parts.concat().into_bytes()
}

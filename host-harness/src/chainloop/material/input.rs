//! The input of a policy.

use std::borrow::Cow;

use super::super::json::{Json, Sink, base64_length};
use super::super::kind::Kind;
use super::{Content, Material, MaterialError, envelope, metadata, project, sbom};

/// Key of the descriptor. A document's own entry of this name is replaced.
const METADATA: &str = "chainloop_metadata";

/// Key of the items of a document that is an array.
const ELEMENTS: &str = "elements";

/// Capacity for the descriptor without its content, in bytes.
const DESCRIPTOR: usize = 1024;

/// The input: what the document says, with the descriptor, in the order of the keys.
pub(super) fn input(material: &Material) -> Result<Vec<u8>, MaterialError> {
    let (name, content) = match &material.content {
        Content::File { name, bytes } => (name.as_str(), bytes.as_slice()),
        // There is nothing to read but the descriptor.
        Content::Text(text) => ("--material", text.as_bytes()),
        Content::Image(_) => ("--material", &b""[..]),
    };
    let document = document(material.kind, name, content)?;
    let json = Json::first(&document).map_err(|error| {
        let made = MaterialError::syntax(name, &document, &error);
        match advice(material.kind) {
            Some(advice) => made.advise(advice),
            None => made,
        }
    })?;
    let component = match material.kind {
        Kind::SbomCyclonedxJson => sbom::of_cyclonedx(&json),
        Kind::SbomSpdxJson => sbom::of_spdx(&json),
        _ => None,
    };
    let mut sink = Sink::with_capacity(document.len() + base64_length(content.len()) + DESCRIPTOR);
    let descriptor = |sink: &mut Sink| {
        sink.push(format!("\"{METADATA}\":").as_bytes());
        metadata::write(material, component.as_ref(), sink);
    };
    let root = json.start();
    sink.push(b"{");
    match json.byte(root) {
        b'{' => {
            let (mut written, mut separator) = (false, &b""[..]);
            for member in json.sorted_members(root) {
                let key = json.key(member);
                if key == METADATA {
                    continue;
                }
                if !written && *key > *METADATA {
                    sink.push(separator);
                    descriptor(&mut sink);
                    (written, separator) = (true, b",");
                }
                sink.push(separator);
                json.write_member(member, &mut sink);
                separator = b",";
            }
            if !written {
                sink.push(separator);
                descriptor(&mut sink);
            }
        }
        b'[' => {
            descriptor(&mut sink);
            sink.push(format!(",\"{ELEMENTS}\":").as_bytes());
            json.write(root, &mut sink);
        }
        // A document that is neither an object nor an array is left out.
        _ => descriptor(&mut sink),
    }
    sink.push(b"}");
    Ok(sink.into_bytes())
}

/// The JSON from which the input is made.
fn document<'m>(kind: Kind, name: &str, content: &'m [u8]) -> Result<Cow<'m, [u8]>, MaterialError> {
    let found = match kind {
        Kind::String | Kind::ContainerImage => Cow::Borrowed(&b"{}"[..]),
        Kind::Attestation => Cow::Owned(envelope::payload(name, content)?),
        kind if kind.is_projected() => Cow::Owned(project::project(kind, name, content)?),
        _ => Cow::Borrowed(content),
    };
    Ok(if found.is_empty() { Cow::Borrowed(b"{}") } else { found })
}

fn advice(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::HelmChart => {
            Some("a chart that is stored inline cannot be evaluated by Chainloop, whatever the policy is")
        }
        Kind::Evidence | Kind::Artifact => {
            Some("policies are asked about JSON only; a text can be given as a STRING, or inside of a JSON document")
        }
        Kind::ZapDastZip | Kind::GraphqlSpec => Some("Chainloop evaluates JSON only, and this kind is none"),
        Kind::OpenapiSpec | Kind::AsyncapiSpec => Some("Chainloop evaluates JSON only; convert the document to JSON"),
        _ => None,
    }
}

//! `chainloop_metadata`: an in-toto resource descriptor of the material.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::super::json::{Sink, write_string};
use super::super::policy_file::hexadecimal;
use super::{Content, Material, sbom};

/// The value of an annotation.
enum Annotation<'m> {
    Text(&'m str),
    Flag(bool),
}

/// Writes the descriptor. Fields and annotations have a fixed order; empty ones are left out.
pub(super) fn write(material: &Material, main_component: Option<&sbom::Component>, sink: &mut Sink) {
    let (name, digest, content) = match &material.content {
        Content::Text(text) => ("", sha256(text.as_bytes()), text.as_bytes()),
        Content::Image(image) => {
            (image.repository.as_str(), image.digest.trim_start_matches("sha256:").to_owned(), &b""[..])
        }
        Content::File { name, bytes } => (name.as_str(), sha256(bytes), bytes.as_slice()),
    };
    sink.push(b"{");
    if !name.is_empty() {
        sink.push(b"\"name\":");
        write_string(name, sink);
        sink.push(b",");
    }
    sink.push(format!("\"digest\":{{\"sha256\":\"{digest}\"}},").as_bytes());
    if !content.is_empty() {
        sink.push(b"\"content\":\"");
        sink.push_base64(content);
        sink.push(b"\",");
    }
    sink.push(b"\"annotations\":");
    for (index, (key, value)) in annotations(material, main_component).into_iter().enumerate() {
        sink.push(if index == 0 { b"{" } else { b"," });
        write_string(key, sink);
        sink.push(b":");
        match value {
            Annotation::Text(text) => write_string(text, sink),
            Annotation::Flag(flag) => sink.push(if flag { b"true" } else { b"false" }),
        }
    }
    sink.push(b"}}");
}

fn annotations<'m>(
    material: &'m Material,
    main_component: Option<&'m sbom::Component>,
) -> BTreeMap<&'m str, Annotation<'m>> {
    use Annotation::{Flag, Text};
    let given = material.annotations.iter().map(|(key, value)| (key.as_str(), Text(value)));
    let mut all: BTreeMap<&str, Annotation<'_>> = given.collect();
    // What Chainloop sets itself wins.
    all.insert("chainloop.material.type", Text(material.kind.name()));
    all.insert("chainloop.material.name", Text(&material.name));
    match &material.content {
        Content::Text(_) => {}
        Content::Image(image) => {
            if !image.tag.is_empty() {
                all.insert("chainloop.material.image.tag", Text(&image.tag));
            }
            all.insert("chainloop.material.image.is_latest_tag", Flag(image.is_latest));
            if let Some(signature) = &image.signature {
                all.insert("chainloop.material.signature.digest", Text(&signature.digest));
                all.insert("chainloop.material.signature.provider", Text(&signature.provider));
                all.insert("chainloop.material.signature", Text(&signature.payload));
            }
        }
        Content::File { .. } => {
            all.insert("chainloop.material.cas.inline", Flag(true));
        }
    }
    if let Some(sbom::Component { name, kind, version }) = main_component {
        all.insert("chainloop.material.sbom.main_component.name", Text(name));
        all.insert("chainloop.material.sbom.main_component.type", Text(kind));
        all.insert("chainloop.material.sbom.main_component.version", Text(version));
    }
    all
}

fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

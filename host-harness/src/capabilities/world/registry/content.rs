//! Manifests, indexes and configurations.

use std::collections::BTreeMap;

use oci_spec::image::{ImageIndex, ImageManifest};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::capabilities::world::files::named_file;
use crate::input::{self, Cursor, Document, Format, InputError};
use crate::suite::Base;

const MANIFEST_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";

/// The documents of an image. They keep fields that this crate does not know.
pub(super) enum Content {
    Single(Single),
    Index {
        index: Value,
        /// Digest and content by platform, for example `linux/amd64`.
        platforms: BTreeMap<String, (String, Single)>,
    },
}

/// An image for one platform.
#[derive(Clone)]
pub(super) struct Single {
    pub(super) manifest: Value,
    pub(super) config: Option<Value>,
}

/// A document, and the bytes that a registry would have of it.
struct Written {
    value: Value,
    bytes: Vec<u8>,
}

impl Written {
    fn new(value: Value) -> Self {
        let bytes = value.to_string().into_bytes();
        Self { value, bytes }
    }

    fn digest(&self) -> String {
        let hex: String = Sha256::digest(&self.bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    }
}

/// Content and digest of an entry, as far as it says them.
pub(super) fn read(entry: &Cursor<'_>, base: &Base) -> Result<(Option<Content>, Option<String>), InputError> {
    let manifest = entry.optional("manifest")?;
    let platforms = entry.optional("platforms")?;
    let is_index = |written: &Written| written.value.get("manifests").is_some();
    let written = manifest.as_ref().map(|manifest| document(manifest, base)).transpose()?;
    let config = entry.optional("config")?;
    match (written, manifest, platforms) {
        (None, _, None) => match config {
            Some(config) => Err(config.error("does not go without a `manifest`")),
            None => Ok((None, None)),
        },
        (Some(written), Some(at), None) if !is_index(&written) => {
            let digest = written.digest();
            Ok((Some(Content::Single(single(written, &at, config.as_ref(), base)?)), Some(digest)))
        }
        (Some(written), Some(_), Some(platforms)) if !is_index(&written) => {
            Err(platforms.error("only an index has platforms, and the `manifest` is none: it has no `manifests`"))
        }
        (written, at, platforms) => {
            if let Some(config) = config {
                return Err(config.error("an index has no configuration: give one for each of the `platforms`"));
            }
            let platforms = match platforms {
                Some(platforms) => by_platform(&platforms, written.as_ref().map(|written| &written.value), base)?,
                None => BTreeMap::new(),
            };
            let written = written.unwrap_or_else(|| made_of(&platforms));
            valid::<ImageIndex>(&written.value, at.as_ref().unwrap_or(entry), "image index")?;
            let digest = written.digest();
            let platforms = platforms.into_iter().map(|(name, (digest, single, _))| (name, (digest, single))).collect();
            Ok((Some(Content::Index { index: written.value, platforms }), Some(digest)))
        }
    }
}

/// Digest, content and size of the manifest.
type Platform = (String, Single, usize);

fn by_platform(
    platforms: &Cursor<'_>,
    index: Option<&Value>,
    base: &Base,
) -> Result<BTreeMap<String, Platform>, InputError> {
    let descriptors = index.and_then(|index| index["manifests"].as_array()).into_iter().flatten();
    // Of two with the same platform, the first one counts.
    let listed: BTreeMap<String, &Value> =
        descriptors.rev().filter_map(|descriptor| Some((platform_of(descriptor)?, descriptor))).collect();
    let mut known = BTreeMap::new();
    for (name, entry) in platforms.entries()? {
        if !(2..=3).contains(&name.split('/').filter(|part| !part.is_empty()).count()) {
            return Err(entry.error("must be a platform, for example `linux/amd64` or `linux/arm/v7`"));
        }
        entry.only_keys(&["digest", "manifest", "config"])?;
        let at = entry.required("manifest", "it is what a platform consists of")?;
        let written = document(&at, base)?;
        let (size, computed) = (written.bytes.len(), written.digest());
        let single = single(written, &at, entry.optional("config")?.as_ref(), base)?;
        let given = entry.optional("digest")?;
        let stated = given.as_ref().map(digest).transpose()?;
        let listed = match index {
            None => None,
            Some(_) => {
                let descriptor =
                    listed.get(name).ok_or_else(|| entry.error("the index in `manifest` has no such platform"))?;
                descriptor["digest"].as_str().map(str::to_owned)
            }
        };
        if let (Some(given), Some(stated), Some(listed)) = (&given, &stated, &listed)
            && stated != listed
        {
            return Err(given.error(format!("the index in `manifest` says {listed}")));
        }
        let digest = listed.or(stated).unwrap_or(computed);
        known.insert(name.to_owned(), (digest, single, size));
    }
    Ok(known)
}

fn made_of(platforms: &BTreeMap<String, Platform>) -> Written {
    let descriptor = |(name, (digest, single, size)): (&String, &Platform)| {
        let mut parts = name.split('/');
        let [os, architecture, variant] = [(); 3].map(|()| parts.next());
        let mut platform = json!({"architecture": architecture, "os": os});
        if let Some(variant) = variant {
            platform["variant"] = variant.into();
        }
        let media_type = single.manifest["mediaType"].as_str().unwrap_or(MANIFEST_TYPE);
        json!({"mediaType": media_type, "digest": digest, "size": size, "platform": platform})
    };
    let manifests: Vec<Value> = platforms.iter().map(descriptor).collect();
    Written::new(json!({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": manifests}))
}

/// The platform of a descriptor, for example `linux/amd64` or `linux/arm/v7`.
pub(super) fn platform_of(descriptor: &Value) -> Option<String> {
    let platform = &descriptor["platform"];
    let (os, architecture) = (platform["os"].as_str()?, platform["architecture"].as_str()?);
    match platform["variant"].as_str().filter(|variant| !variant.is_empty()) {
        Some(variant) => Some(format!("{os}/{architecture}/{variant}")),
        None => Some(format!("{os}/{architecture}")),
    }
}

fn single(written: Written, at: &Cursor<'_>, config: Option<&Cursor<'_>>, base: &Base) -> Result<Single, InputError> {
    valid::<ImageManifest>(&written.value, at, "image manifest")?;
    let config = config.map(|config| {
        let written = document(config, base)?;
        match written.value.is_object() {
            true => Ok(written.value),
            false => Err(config.error("must be an image configuration, which is an object")),
        }
    });
    Ok(Single { manifest: written.value, config: config.transpose()? })
}

/// A document in place or in a file.
fn document(cursor: &Cursor<'_>, base: &Base) -> Result<Written, InputError> {
    let Some(path) = named_file(cursor, base)? else { return Ok(Written::new(cursor.value().clone())) };
    let inner = |error: InputError| cursor.error(error.to_string());
    base.count(cursor, &path)?;
    let bytes = input::read(&path).map_err(inner)?;
    let document = Document::parse(&bytes, path.display().to_string()).map_err(inner)?;
    match document.format() {
        Format::Json => Ok(Written { value: document.value().clone(), bytes }),
        // Registries serve JSON, so the bytes are those of the document as JSON.
        Format::Yaml | Format::Toml => Ok(Written::new(document.value().clone())),
    }
}

fn valid<T: serde::de::DeserializeOwned>(value: &Value, at: &Cursor<'_>, what: &str) -> Result<(), InputError> {
    match serde_json::from_value::<T>(value.clone()) {
        Ok(_) => Ok(()),
        Err(error) => Err(at.error(format!("is not an OCI {what}: {error}"))),
    }
}

/// A digest that is written down.
pub(super) fn digest(cursor: &Cursor<'_>) -> Result<String, InputError> {
    let text = cursor.string()?;
    let hex = text.strip_prefix("sha256:").unwrap_or_default();
    match hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        true => Ok(text.to_owned()),
        false => Err(cursor.error("must be `sha256:` and 64 hexadecimal digits in lower case")),
    }
}

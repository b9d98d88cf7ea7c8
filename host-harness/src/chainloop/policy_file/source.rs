//! Where a script is, and its bytes.

use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::Source;
use crate::input::{Cursor, InputError};

/// Where a script can be.
pub(super) const KEYS: [&str; 3] = ["path", "ref", "embedded"];

/// Where the script of a policy with only one can be.
pub(super) const OLD_KEYS: [&str; 2] = ["path", "embedded"];

const MAGIC: &[u8] = b"\0asm";

/// The entries of `object` with these keys.
pub(super) fn given<'d>(object: &Cursor<'d>, keys: &[&'static str]) -> Result<Vec<Cursor<'d>>, InputError> {
    let mut found = Vec::new();
    for key in keys {
        found.extend(object.optional(key)?);
    }
    Ok(found)
}

/// The source of a script, of which there has to be exactly one.
pub(super) fn one_of(object: &Cursor<'_>, folder: &Path) -> Result<Source, InputError> {
    if let [_, second, ..] = given(object, &KEYS)?.as_slice() {
        return Err(second.error("a script has one source; give exactly one of `path`, `ref` and `embedded`"));
    }
    if let Some(path) = object.optional("path")? {
        return file(&path, path.string()?, folder, None);
    }
    if let Some(reference) = object.optional("ref")? {
        let text = reference.string()?;
        let (location, digest) = text.split_once('@').map_or((text, None), |(before, after)| (before, Some(after)));
        let digest = digest.map(|digest| sha256(&reference, digest)).transpose()?;
        return file(&reference, location, folder, digest);
    }
    match object.optional("embedded")? {
        Some(embedded) => {
            let text = embedded.string()?;
            if text.trim().is_empty() {
                return Err(embedded.error("is empty; put the module in base64 here"));
            }
            Ok(Source::Embedded(text.as_bytes().to_vec()))
        }
        None => Err(object.error("has no script; give one of `path`, `ref` and `embedded`")),
    }
}

fn sha256(reference: &Cursor<'_>, digest: &str) -> Result<String, InputError> {
    let hexadecimal = digest.strip_prefix("sha256:");
    let fits = |hexadecimal: &&str| hexadecimal.len() == 64 && hexadecimal.bytes().all(|b| b.is_ascii_hexdigit());
    let Some(found) = hexadecimal.filter(fits) else {
        return Err(reference.error("the digest after `@` must be `sha256:` and 64 hexadecimal digits"));
    };
    Ok(found.to_ascii_lowercase())
}

fn file(at: &Cursor<'_>, location: &str, folder: &Path, sha256: Option<String>) -> Result<Source, InputError> {
    let path = match location.split_once("://") {
        Some(("file", path)) => path,
        Some(("http" | "https", _)) => {
            return Err(at.error("nothing is downloaded; save the module next to this file and give its path"));
        }
        Some((scheme, _)) => {
            return Err(at.error(format!("`{scheme}://` is not known; give the path of a file")));
        }
        None if location.starts_with('/') => {
            return Err(at.error(format!(
                "Chainloop looks for this below the folder of the policy file; write a relative path, or `ref: file://{location}`"
            )));
        }
        None => location,
    };
    if path.is_empty() {
        return Err(at.error("is empty; give the path of the module, relative to this file"));
    }
    Ok(Source::Path { path: joined(folder, path), sha256 })
}

/// The path without the `./` that would show in every message.
fn joined(folder: &Path, path: &str) -> PathBuf {
    folder.join(path).components().collect()
}

/// The bytes of a module.
pub(super) fn load(source: &Source) -> Result<Vec<u8>, String> {
    let bytes = match source {
        Source::Embedded(bytes) => bytes.clone(),
        Source::Path { path, sha256 } => {
            let shown = path.display();
            let bytes = std::fs::read(path).map_err(|error| {
                format!("cannot read {shown}: {error}; is the policy built, and the path relative to this file?")
            })?;
            if let Some(expected) = sha256 {
                let found = hexadecimal(&Sha256::digest(&bytes));
                if found != *expected {
                    return Err(format!(
                        "digest mismatch: got sha256:{found}, want sha256:{expected}; {shown} is not the file that was referred to"
                    ));
                }
            }
            bytes
        }
    };
    let bytes = unpacked(bytes);
    if !bytes.starts_with(MAGIC) {
        let what = match source {
            Source::Embedded(_) => "this text".to_owned(),
            Source::Path { path, .. } => path.display().to_string(),
        };
        return Err(format!(
            "{what} is not a WebAssembly module, and so Chainloop takes it for Rego; only WebAssembly policies are run here, as a .wasm file or its base64"
        ));
    }
    Ok(bytes)
}

/// The module in these bytes, if they are base64 of one.
fn unpacked(bytes: Vec<u8>) -> Vec<u8> {
    if bytes.starts_with(MAGIC) {
        return bytes;
    }
    let text: Vec<u8> = bytes.iter().copied().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    match STANDARD.decode(text) {
        Ok(decoded) if decoded.starts_with(MAGIC) => decoded,
        _ => bytes,
    }
}

/// Bytes in hexadecimal.
pub(in crate::chainloop) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

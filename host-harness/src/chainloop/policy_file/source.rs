//! Where a script is, and its bytes.

use std::io;
use std::path::{Component, Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::errors::system_error;
use super::Source;
use crate::file::{MAX_MODULE, Refused, read};
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
        let path = path.string()?;
        // Any other scheme is a folder to Chainloop.
        let is_url = path.starts_with("http://") || path.starts_with("https://");
        return Ok(if is_url { Source::Url(path.to_owned()) } else { Source::Path(joined(folder, path)) });
    }
    if let Some(reference) = object.optional("ref")? {
        let reference = reference.string()?;
        let is_url = reference.contains("://");
        return Ok(if is_url { Source::Url(reference.to_owned()) } else { Source::Path(joined(folder, reference)) });
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

/// The path of a script below the folder of the policy file, as Go joins and cleans paths: an absolute one is below it, too.
fn joined(folder: &Path, path: &str) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in folder.join(path.trim_start_matches('/')).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(clean.components().next_back(), Some(Component::Normal(_))) => {
                clean.pop();
            }
            // Above the root is the root.
            Component::ParentDir if clean.has_root() => {}
            part => clean.push(part),
        }
    }
    if clean.as_os_str().is_empty() { PathBuf::from(".") } else { clean }
}

/// The bytes of a module; else what Chainloop says, and what to do.
pub(super) fn load(source: &Source) -> Result<Vec<u8>, (Option<String>, String)> {
    let bytes = match source {
        Source::Embedded(bytes) => bytes.clone(),
        Source::Url(url) => return Err(behind_scheme(url)),
        Source::Path(path) => {
            let failed = |error: io::Error| match Refused::of(&error) {
                Some(refused) => (None, format!("{} is not read: {refused}", path.display())),
                None => (Some(loading(&system_error(path, &error))), missing(path, &error)),
            };
            read(path, MAX_MODULE).map_err(failed)?
        }
    };
    let bytes = unpacked(bytes);
    if !bytes.starts_with(MAGIC) {
        let what = match source {
            Source::Path(path) => path.display().to_string(),
            _ => "this text".to_owned(),
        };
        return Err((
            None,
            format!(
                "{what} is not a WebAssembly module, and so Chainloop takes it for Rego; only WebAssembly policies are run \
                 here, as a .wasm file or its base64"
            ),
        ));
    }
    Ok(bytes)
}

fn loading(what: &str) -> String {
    format!("failed to load policy script: loading policy content: {what}")
}

/// What is said about a reference with a scheme.
fn behind_scheme(url: &str) -> (Option<String>, String) {
    let scheme = url.split_once("://").map_or(url, |(scheme, _)| scheme);
    match scheme {
        "http" | "https" => {
            (None, "nothing is downloaded; save the module next to this file and give its path".to_owned())
        }
        "env" => (None, "Chainloop takes the module from the environment here; give the path of a file".to_owned()),
        scheme => {
            let words = loading(&format!("loading URL: unrecognized scheme: {scheme}://"));
            (Some(words), format!("write the path of the module without `{scheme}://`, relative to this file"))
        }
    }
}

/// What to do about a module that cannot be read.
fn missing(path: &Path, error: &io::Error) -> String {
    let advice = match path.to_str() {
        Some(text) if text.contains("@sha256:") => {
            "Chainloop takes a digest behind the name of a policy file, not behind that of a script"
        }
        _ => "is the policy built, and the path relative to this file?",
    };
    format!("cannot read {}: {error}; {advice}", path.display())
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

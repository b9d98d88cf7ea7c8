//! Writing metadata into a module.

use admit_runtime::internal::FEATURES;
use wasmparser::{Encoding, ImportSectionReader, Imports, Parser, Payload, TypeRef, Validator};

use crate::inspect::InspectError;
use crate::metadata::{Metadata, SECTION};

/// Metadata that cannot be written into a module.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EmbedError {
    /// The bytes are not a module.
    #[error(transparent)]
    Module(InspectError),
    /// The result is not a valid module, which is a mistake of this crate.
    #[error("the module with its metadata is not valid WebAssembly: {0}; please report this, together with the module")]
    Result(String),
}

/// The module from which the JavaScript toolchain imports the host's function, and the one that every host has.
const JAVY: &str = "kubewarden:javy/host";
const HOST: &str = "host";

const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;

/// The module with `metadata`, which replaces all that it has: Kubewarden takes the first of several.
///
/// Everything else stays as it is, byte for byte, except that an import of `call` from `kubewarden:javy/host` becomes one from
/// `host`, as kwctl has it.
///
/// # Errors
///
/// [`EmbedError`].
pub fn embed(module: &[u8], metadata: &Metadata) -> Result<Vec<u8>, EmbedError> {
    let invalid = |error: wasmparser::BinaryReaderError| {
        EmbedError::Module(InspectError::Invalid { offset: error.offset() as u64, message: error.message().to_owned() })
    };
    crate::inspect::inspect(module).map_err(EmbedError::Module)?;
    let mut out = Vec::with_capacity(module.len() + 1024);
    // Offset of the current section, with its header.
    let mut start = 0;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload.map_err(invalid)?;
        let end = match &payload {
            Payload::Version { encoding: Encoding::Module, range, .. } => range.end,
            // Parts of a section that came before.
            Payload::CodeSectionEntry(_) | Payload::End(_) => continue,
            payload => match payload.as_section() {
                Some((_, range)) => range.end,
                None => continue,
            },
        };
        let section = slice(module, start, end);
        start = end;
        match &payload {
            Payload::CustomSection(custom) if custom.name() == SECTION => {}
            Payload::ImportSection(imports) => match rewritten(module, imports).map_err(invalid)? {
                Some(content) => push_section(&mut out, IMPORT, &content),
                None => out.extend_from_slice(section),
            },
            _ => out.extend_from_slice(section),
        }
    }
    let json = serde_json::to_vec(metadata).map_err(|error| EmbedError::Result(error.to_string()))?;
    let mut content = Vec::new();
    push_text(&mut content, SECTION);
    content.extend_from_slice(&json);
    push_section(&mut out, CUSTOM, &content);
    Validator::new_with_features(FEATURES)
        .validate_all(&out)
        .map_err(|error| EmbedError::Result(format!("{} (at offset {:#x})", error.message(), error.offset())))?;
    Ok(out)
}

fn slice(module: &[u8], start: usize, end: usize) -> &[u8] {
    // The parser's offsets are those of the bytes that it was given.
    module.get(start..end).unwrap_or_default()
}

/// The content of the import section, if it has something to rewrite.
fn rewritten(
    module: &[u8],
    imports: &ImportSectionReader<'_>,
) -> Result<Option<Vec<u8>>, wasmparser::BinaryReaderError> {
    let mut groups = Vec::new();
    for group in imports.clone() {
        match group? {
            Imports::Single(start, import) => groups.push((start, Some(import))),
            // An encoding of imports that no toolchain for policies writes yet: the section stays as it is.
            _ => return Ok(None),
        }
    }
    let wanted = |import: &wasmparser::Import<'_>| {
        import.module == JAVY && import.name == "call" && matches!(import.ty, TypeRef::Func(_) | TypeRef::FuncExact(_))
    };
    if !groups.iter().any(|(_, import)| import.as_ref().is_some_and(wanted)) {
        return Ok(None);
    }
    let mut content = Vec::new();
    push_number(&mut content, u64::from(imports.count()));
    let ends = groups.iter().skip(1).map(|(start, _)| *start).chain([imports.range().end]);
    for ((start, import), end) in groups.iter().zip(ends) {
        let entry = slice(module, *start, end);
        match import.as_ref().filter(|import| wanted(import)) {
            Some(_) => {
                // A length (its last byte has no upper bit), the module's name, and then what does not change.
                let length = entry.iter().take_while(|byte| **byte >= 0x80).count() + 1;
                push_text(&mut content, HOST);
                content.extend_from_slice(entry.get(length + JAVY.len()..).unwrap_or_default());
            }
            None => content.extend_from_slice(entry),
        }
    }
    Ok(Some(content))
}

fn push_section(out: &mut Vec<u8>, id: u8, content: &[u8]) {
    out.push(id);
    push_number(out, content.len() as u64);
    out.extend_from_slice(content);
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    push_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Appends a number in LEB128.
fn push_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

//! Reads a module's sections.

use admit::wire::{MARKER_SECTION, Marker};
use wasmparser::types::{EntityType, Types};
use wasmparser::{
    BinaryReaderError, Encoding, KnownCustom, Parser, Payload, ProducersSectionReader, ValidPayload, Validator,
};

use super::{Export, ExternType, Import, InspectError, Inspection, Recognised, Section, recognise, rego, traces};
use crate::abi::FEATURES;
use crate::metadata::{self, Metadata};

/// Custom sections of a module. One of a language with debug data has a dozen, one with a section for each schema some hundreds.
const MAX_CUSTOM: usize = 10_000;

/// Imports of a module, and exports: as many as can be compiled.
const MAX_NAMES: usize = 100_000;

/// Languages and tools, each, that the producers of a module are read up to.
const MAX_PRODUCERS: usize = 100;

const MAGIC: &[u8] = b"\0asm";

pub(super) fn read(bytes: &[u8]) -> Result<Inspection, InspectError> {
    header(bytes)?;
    let mut validator = Validator::new_with_features(FEATURES);
    let (mut sections, mut custom) = (Vec::new(), 0);
    let mut types: Option<Types> = None;
    let mut metadata = None;
    let mut made_with: Option<Marker> = None;
    let (mut languages, mut tools) = (Vec::new(), Vec::new());
    let mut data = traces::Data::default();
    let mut rego = rego::Reader::default();
    for payload in Parser::new(0).parse_all(bytes) {
        let payload = payload.map_err(invalid)?;
        sections.extend(section(&payload));
        bounded(&payload, &mut custom)?;
        rego.look(&payload);
        if let Payload::CustomSection(custom) = &payload
            && custom.name() == metadata::SECTION
        {
            metadata.get_or_insert_with(|| Metadata::from_section(custom.data()));
        }
        match &payload {
            // Other tools can use a section of this name, so content that is not a marker is ignored.
            Payload::CustomSection(custom) if custom.name() == MARKER_SECTION => {
                made_with = made_with.or_else(|| serde_json::from_slice(custom.data()).ok());
            }
            Payload::CustomSection(custom) => {
                if let KnownCustom::Producers(fields) = custom.as_known() {
                    (languages, tools) = producers(fields);
                }
            }
            Payload::DataSection(segments) => {
                for segment in segments.clone() {
                    data.add(segment.map_err(invalid)?.data);
                }
            }
            _ => {}
        }
        if let ValidPayload::End(end) = validator.payload(&payload).map_err(invalid)? {
            types = Some(end);
        }
    }
    let Some(types) = types else {
        return Err(InspectError::Invalid {
            offset: bytes.len() as u64,
            message: "the module ends too early".to_owned(),
        });
    };
    let types = types.as_ref();
    let core = |ty: EntityType| describe(ty, &types);
    let imports: Vec<Import> = types
        .core_imports()
        .into_iter()
        .flatten()
        .map(|(module, name, ty)| Import { module: module.to_owned(), name: name.to_owned(), ty: core(ty) })
        .collect();
    let exports: Vec<Export> = types
        .core_exports()
        .into_iter()
        .flatten()
        .map(|(name, ty)| Export { name: name.to_owned(), ty: core(ty) })
        .collect();
    // A policy without the host cannot call it, even when its data contains names of operations.
    let capabilities = match &made_with {
        Some(Marker { host: false, .. }) => Default::default(),
        _ => data.capabilities().into_iter().chain(imported(&imports)).collect(),
    };
    let recognised = recognise::recognise(&imports, &exports);
    let rego = matches!(recognised, Recognised::Rego { .. }).then(|| rego.finish(&imports));
    Ok(Inspection {
        recognised,
        rego,
        size: bytes.len() as u64,
        imports,
        exports,
        sections,
        metadata: metadata.transpose(),
        languages,
        tools,
        capabilities,
        mutates: data.mutates(made_with.as_ref()),
        made_with,
    })
}

/// Whether the module has no more than can be kept of what is listed one by one; `custom` counts on.
fn bounded(payload: &Payload<'_>, custom: &mut usize) -> Result<(), InspectError> {
    let (what, count, most) = match payload {
        Payload::CustomSection(_) => {
            *custom += 1;
            ("custom sections", *custom, MAX_CUSTOM)
        }
        // A group of imports counts as what is in it.
        Payload::ImportSection(imports) => {
            let imports = imports.clone().into_imports().map_while(Result::ok);
            ("imports", imports.take(MAX_NAMES + 1).count(), MAX_NAMES)
        }
        Payload::ExportSection(exports) => ("exports", exports.count() as usize, MAX_NAMES),
        _ => return Ok(()),
    };
    if count > most { Err(InspectError::TooMany { what, most }) } else { Ok(()) }
}

/// The languages and the tools in a section that every toolchain writes; what cannot be read of it is left out.
fn producers(fields: ProducersSectionReader<'_>) -> (Vec<String>, Vec<String>) {
    let (mut languages, mut tools) = (Vec::new(), Vec::new());
    for field in fields.into_iter().flatten() {
        for value in field.values.into_iter().flatten() {
            match field.name {
                "language" if languages.len() < MAX_PRODUCERS => languages.push(value.name.to_owned()),
                "processed-by" if tools.len() < MAX_PRODUCERS => {
                    tools.push(format!("{} {}", value.name, value.version).trim_end().to_owned())
                }
                _ => {}
            }
        }
    }
    (languages, tools)
}

/// The host calls that are imports of their own.
fn imported(imports: &[Import]) -> impl Iterator<Item = String> {
    let calls = [("http_request", "http/request"), (recognise::DISCOVER, "chainloop/discover")];
    let is_imported = |name: &str| imports.iter().any(|import| import.name == name);
    calls.into_iter().filter(move |(name, _)| is_imported(name)).map(|(_, call)| call.to_owned())
}

fn header(bytes: &[u8]) -> Result<(), InspectError> {
    if bytes.get(..4) != Some(MAGIC) {
        let start = match bytes.get(..bytes.len().min(16)) {
            Some([]) | None => "nothing, the file is empty".to_owned(),
            Some(start) => format!("\"{}\"", start.escape_ascii()),
        };
        return Err(InspectError::NotWasm { start });
    }
    match bytes.get(4..8) {
        Some([1, 0, 0, 0]) => Ok(()),
        // The upper half is the layer: 1 is a component.
        Some([_, _, 1, 0]) => Err(InspectError::Component),
        Some(version) => {
            Err(InspectError::Version(u32::from_le_bytes([version[0], version[1], version[2], version[3]])))
        }
        None => Err(InspectError::Invalid {
            offset: bytes.len() as u64,
            message: "the module ends in its header".to_owned(),
        }),
    }
}

fn invalid(error: BinaryReaderError) -> InspectError {
    InspectError::Invalid { offset: error.offset() as u64, message: error.message().to_owned() }
}

fn describe(ty: EntityType, types: &wasmparser::types::TypesRef<'_>) -> ExternType {
    match ty {
        EntityType::Func(id) | EntityType::FuncExact(id) => {
            let function = types[id].unwrap_func();
            ExternType::function(function.params(), function.results())
        }
        EntityType::Memory(memory) if memory.memory64 => ExternType::Memory64,
        EntityType::Memory(memory) if memory.shared => ExternType::SharedMemory,
        EntityType::Memory(_) => ExternType::Memory,
        EntityType::Table(_) => ExternType::Table,
        EntityType::Global(_) => ExternType::Global,
        EntityType::Tag(_) => ExternType::Tag,
    }
}

fn section(payload: &Payload<'_>) -> Option<Section> {
    let (name, range) = match payload {
        Payload::Version { encoding: Encoding::Module | Encoding::Component, .. }
        | Payload::CodeSectionEntry(_)
        | Payload::End(_) => {
            return None;
        }
        Payload::CustomSection(custom) => {
            let size = custom.data().len() as u64;
            return Some(Section { name: custom.name().to_owned(), custom: true, size });
        }
        Payload::TypeSection(reader) => ("type", reader.range()),
        Payload::ImportSection(reader) => ("import", reader.range()),
        Payload::FunctionSection(reader) => ("function", reader.range()),
        Payload::TableSection(reader) => ("table", reader.range()),
        Payload::MemorySection(reader) => ("memory", reader.range()),
        Payload::TagSection(reader) => ("tag", reader.range()),
        Payload::GlobalSection(reader) => ("global", reader.range()),
        Payload::ExportSection(reader) => ("export", reader.range()),
        Payload::StartSection { range, .. } => ("start", range.clone()),
        Payload::ElementSection(reader) => ("element", reader.range()),
        Payload::DataCountSection { range, .. } => ("data count", range.clone()),
        Payload::CodeSectionStart { range, .. } => ("code", range.clone()),
        Payload::DataSection(reader) => ("data", reader.range()),
        _ => return None,
    };
    Some(Section { name: name.to_owned(), custom: false, size: (range.end - range.start) as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: [u8; 8] = *b"\0asm\x01\0\0\0";

    /// A module with sections that are all this.
    fn module(section: &[u8], times: usize) -> Vec<u8> {
        [&HEADER[..], &section.repeat(times)].concat()
    }

    fn unsigned(mut number: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let low = (number & 0x7f) as u8;
            number >>= 7;
            bytes.push(if number > 0 { low | 0x80 } else { low });
            if number == 0 {
                return bytes;
            }
        }
    }

    fn error(module: &[u8]) -> String {
        read(module).expect_err("there are too many").to_string()
    }

    #[test]
    fn what_is_listed_one_by_one_has_a_bound() {
        let empty = [0, 2, 1, b'a'];
        let few = read(&module(&empty, MAX_CUSTOM)).expect("a module");
        assert_eq!(few.sections.len(), MAX_CUSTOM);
        let text = error(&module(&empty, MAX_CUSTOM + 1));
        assert!(text.contains("more than 10000 custom sections"), "{text}");
        // A memory, imported many times and exported many times.
        let import = [1, b'm', 1, b'n', 2, 0, 0].repeat(MAX_NAMES + 1);
        let export = [1, b'e', 2, 0].repeat(MAX_NAMES + 1);
        for (number, what, items) in [(2, "imports", import), (7, "exports", export)] {
            let content = [unsigned(MAX_NAMES + 1), items].concat();
            let text = error(&module(&[&[number], &unsigned(content.len())[..], &content].concat(), 1));
            assert!(text.contains(&format!("more than 100000 {what}")), "{text}");
        }
    }

    #[test]
    fn producers_are_the_first_ones() {
        let value = [1, b'x', 1, b'1'].repeat(5_000);
        let field = [&[1, 12][..], b"processed-by", &unsigned(5_000), &value].concat();
        let content = [&[9][..], b"producers", &field].concat();
        let found = read(&module(&[&[0], &unsigned(content.len())[..], &content].concat(), 1)).expect("a module");
        assert_eq!(found.tools.len(), MAX_PRODUCERS);
    }
}

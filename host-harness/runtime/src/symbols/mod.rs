//! The source lines of a module's code, from its debug data (DWARF).
//!
//! Debug data is a guest's like everything else in a module: parts of it can refer to each other so that a few kilobytes take
//! gigabytes to read. It is read when a run has failed, and only when a bound on what that can take ([`work`]) is kept.

mod work;

use std::collections::BTreeMap;

use addr2line::Context;
use addr2line::gimli::{self, Dwarf, EndianSlice, LittleEndian};
use wasmparser::{Parser, Payload};

/// Largest debug data that is kept, in bytes.
const MAX_SIZE: usize = 64 << 20;

/// The debug data of a module.
pub struct DebugData {
    /// Contents of the custom sections whose names begin with `.debug_`.
    sections: BTreeMap<String, Box<[u8]>>,
    /// Where the content of the code section begins in the module: addresses in debug data count from there.
    code: u64,
}

/// Debug data that was read.
pub struct SourceLines<'a> {
    context: Context<EndianSlice<'a, LittleEndian>>,
    code: u64,
}

/// A place in the source of a guest.
#[derive(Debug, PartialEq, Eq)]
pub struct Place {
    /// Its file, as the compiler named it.
    pub file: String,
    /// Its line, counted from 1.
    pub line: Option<u32>,
    /// Its column, counted from 1.
    pub column: Option<u32>,
    /// The function that it is in, as the debug data name it: without the modules that it is in.
    pub function: Option<String>,
}

impl DebugData {
    /// The debug data of a module that was found to be valid; `None` when it has none, or more than is kept.
    pub fn of(module: &[u8]) -> Option<Self> {
        let (mut sections, mut code, mut size) = (BTreeMap::new(), None, 0);
        for payload in Parser::new(0).parse_all(module) {
            match payload.ok()? {
                Payload::CustomSection(section) if section.name().starts_with(".debug_") => {
                    size += section.data().len();
                    if size > MAX_SIZE {
                        return None;
                    }
                    sections.insert(section.name().to_owned(), section.data().into());
                }
                Payload::CodeSectionStart { range, .. } => code = Some(range.start as u64),
                _ => {}
            }
        }
        let code = code.filter(|_| sections.contains_key(".debug_info"))?;
        Some(Self { sections, code })
    }

    /// Reads it; `None` when it is damaged, or takes too much.
    pub fn read(&self) -> Option<SourceLines<'_>> {
        let section = |id: gimli::SectionId| {
            let bytes = self.sections.get(id.name()).map_or(&[][..], |section| section);
            Ok::<_, gimli::Error>(EndianSlice::new(bytes, LittleEndian))
        };
        let dwarf = Dwarf::load(section).ok()?;
        if !work::is_bounded(&dwarf) {
            return None;
        }
        Some(SourceLines { context: Context::from_dwarf(dwarf).ok()?, code: self.code })
    }
}

impl SourceLines<'_> {
    /// Where the instruction at this offset of the module comes from: the place in the innermost inlined function first.
    pub fn places(&self, offset: usize) -> Vec<Place> {
        let mut places = Vec::new();
        let Some(address) = (offset as u64).checked_sub(self.code) else { return places };
        let Ok(mut frames) = self.context.find_frames(address).skip_all_loads() else { return places };
        while let Ok(Some(frame)) = frames.next() {
            let Some(location) = frame.location else { continue };
            let Some(file) = location.file else { continue };
            let function = frame.function.and_then(|function| Some(function.raw_name().ok()?.into_owned()));
            places.push(Place { file: file.to_owned(), line: location.line, column: location.column, function });
        }
        places
    }
}

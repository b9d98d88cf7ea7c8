//! A module with all of its changes, of which a global chooses one (mutant schemata): it is compiled once.

use std::collections::BTreeMap;

use wasm_encoder::{BlockType, Encode as _, Instruction as I, RawSection, Section as _};
use wasmparser::{BinaryReaderError, Parser, Payload, ValType};

use super::{
    change::{Change, Edit},
    module::{Function, Module},
};

/// A module that was made so.
pub(super) struct Rewritten {
    pub(super) bytes: Vec<u8>,
    /// The exported global that chooses: the number of a change, counted from 1, or 0 for none.
    pub(super) chooser: String,
    /// The exported globals that have a bit for each place: whether it was reached.
    pub(super) seen: Vec<String>,
}

/// A place of a module: the position of a function among its own ones, and the offset of an operator.
pub(super) type Site = (usize, usize);

/// The module with all changes; `sites` are their places, and others that are only watched, each with its bit.
pub(super) fn rewrite(
    module: &Module<'_>,
    changes: &[Change],
    sites: &BTreeMap<Site, usize>,
) -> Result<Rewritten, BinaryReaderError> {
    let mut by_site: BTreeMap<Site, Vec<(usize, &Change)>> = sites.keys().map(|site| (*site, Vec::new())).collect();
    for (position, change) in changes.iter().enumerate() {
        by_site.entry((change.function, change.offset)).or_default().push((position + 1, change));
    }
    let mut types = NewTypes { first: module.types.len() as u32, types: Vec::new() };
    let mut code = Vec::new();
    (module.functions.len() as u32).encode(&mut code);
    for (position, function) in module.functions.iter().enumerate() {
        let mut sites_of = by_site.range((position, 0)..(position + 1, 0)).peekable();
        if sites_of.peek().is_none() {
            module.bytes[function.body.range()].encode(&mut code);
            continue;
        }
        let mut weaver = Weaver { module, bits: sites, types: &mut types, out: Vec::new() };
        weaver.function(function, sites_of.map(|(site, changes)| (*site, &changes[..])))?;
        weaver.out[..].encode(&mut code);
    }
    let words = sites.len().div_ceil(64);
    let prefix = free_prefix(module);
    let made = Rewritten {
        bytes: Vec::new(),
        chooser: format!("{prefix}mutant"),
        seen: (0..words).map(|word| format!("{prefix}seen-{word}")).collect(),
    };
    let bytes = assemble(module, &types, &made, &code)?;
    Ok(Rewritten { bytes, ..made })
}

/// A beginning of names that no export has.
fn free_prefix(module: &Module<'_>) -> String {
    let mut prefix = "admit-".to_owned();
    while module.exports.iter().any(|name| name.starts_with(&prefix)) {
        prefix.push('-');
    }
    prefix
}

/// Types that blocks have.
struct NewTypes {
    first: u32,
    types: Vec<(Vec<ValType>, Vec<ValType>)>,
}

impl NewTypes {
    fn block(&mut self, operands: &[ValType], results: &[ValType]) -> BlockType {
        let known = self.types.iter().position(|(a, b)| a == operands && b == results);
        let position = known.unwrap_or_else(|| {
            self.types.push((operands.to_vec(), results.to_vec()));
            self.types.len() - 1
        });
        BlockType::FunctionType(self.first + position as u32)
    }
}

/// Writes a function with its changes.
struct Weaver<'w, 'a> {
    module: &'w Module<'a>,
    bits: &'w BTreeMap<Site, usize>,
    types: &'w mut NewTypes,
    out: Vec<u8>,
}

impl Weaver<'_, '_> {
    fn function<'c>(
        &mut self,
        function: &Function<'_>,
        sites: impl Iterator<Item = (Site, &'c [(usize, &'c Change)])>,
    ) -> Result<(), BinaryReaderError> {
        let range = function.body.range();
        let offsets: Vec<usize> = function.operators()?.into_iter().map(|(_, offset)| offset).collect();
        let mut copied = range.start;
        for ((position, offset), changes) in sites {
            let after = offsets.partition_point(|other| *other <= offset);
            let end = offsets.get(after).copied().unwrap_or(range.end);
            self.out.extend_from_slice(&self.module.bytes[copied..offset]);
            if let Some(bit) = self.bits.get(&(position, offset)) {
                self.note(*bit);
            }
            let mut open = 0;
            for (number, change) in changes {
                match &change.edit {
                    Edit::Byte { .. } => {}
                    Edit::Condition(code) => {
                        self.begin(*number, &[ValType::I32], &[ValType::I32]);
                        self.write(code);
                        I::End.encode(&mut self.out);
                    }
                    Edit::Instead { operands, results, code } => {
                        self.begin(*number, operands, results);
                        self.write(code);
                        I::Else.encode(&mut self.out);
                        open += 1;
                    }
                }
            }
            self.out.extend_from_slice(&self.module.bytes[offset..end]);
            self.write(&vec![I::End; open]);
            copied = end;
        }
        self.out.extend_from_slice(&self.module.bytes[copied..range.end]);
        Ok(())
    }

    fn write(&mut self, code: &[I<'_>]) {
        for instruction in code {
            instruction.encode(&mut self.out);
        }
    }

    /// What follows is run when the change of this number is chosen.
    fn begin(&mut self, number: usize, operands: &[ValType], results: &[ValType]) {
        let block = self.types.block(operands, results);
        let chooser = I::GlobalGet(self.module.globals);
        self.write(&[chooser, I::I32Const(number as i32), I::I32Eq, I::If(block)]);
    }

    /// Notes that a place was reached.
    fn note(&mut self, bit: usize) {
        let global = self.module.globals + 1 + (bit / 64) as u32;
        let mask = (1_u64 << (bit % 64)).cast_signed();
        self.write(&[I::GlobalGet(global), I::I64Const(mask), I::I64Or, I::GlobalSet(global)]);
    }
}

const TYPES: u8 = 1;
const GLOBALS: u8 = 6;
const EXPORTS: u8 = 7;
const CODE: u8 = 10;

/// The module with other code, and what that needs.
fn assemble(
    module: &Module<'_>,
    types: &NewTypes,
    made: &Rewritten,
    code: &[u8],
) -> Result<Vec<u8>, BinaryReaderError> {
    let mut out = wasm_encoder::Module::HEADER.to_vec();
    let mut globals_are_written = false;
    for payload in Parser::new(0).parse_all(module.bytes) {
        let payload = payload?;
        if let Payload::CustomSection(section) = &payload
            && section.name().starts_with(".debug_")
        {
            // It tells where the code of the module was.
            continue;
        }
        let Some((id, range)) = payload.as_section() else { continue };
        let data = &module.bytes[range];
        let section = match (id, &payload) {
            (TYPES, Payload::TypeSection(groups)) => extended(data, groups.count(), &new_types(types)),
            (GLOBALS, Payload::GlobalSection(globals)) => {
                globals_are_written = true;
                extended(data, globals.count(), &new_globals(made))
            }
            (EXPORTS, Payload::ExportSection(exports)) => {
                if !globals_are_written {
                    append(&mut out, GLOBALS, &extended(&[0], 0, &new_globals(made)));
                }
                extended(data, exports.count(), &new_exports(module, made))
            }
            (CODE, _) => code.to_vec(),
            _ => data.to_vec(),
        };
        append(&mut out, id, &section);
    }
    Ok(out)
}

fn append(out: &mut Vec<u8>, id: u8, data: &[u8]) {
    RawSection { id, data }.append_to(out);
}

/// A section that begins with a count, and some more entries.
fn extended(section: &[u8], count: u32, entries: &[Vec<u8>]) -> Vec<u8> {
    let length_of_count = section.iter().position(|byte| byte & 0x80 == 0).map_or(0, |last| last + 1);
    let mut out = Vec::new();
    (count + entries.len() as u32).encode(&mut out);
    out.extend_from_slice(&section[length_of_count..]);
    out.extend(entries.iter().flatten());
    out
}

fn new_types(types: &NewTypes) -> Vec<Vec<u8>> {
    let value = |ty: &ValType| match ty {
        ValType::I32 => 0x7f,
        ValType::I64 => 0x7e,
        ValType::F32 => 0x7d,
        // Nothing else is compared, or given to the host.
        _ => 0x7c,
    };
    let list = |types: &[ValType]| types.iter().map(value).collect::<Vec<u8>>();
    let entry = |(operands, results): &(Vec<ValType>, Vec<ValType>)| {
        let mut out = vec![0x60];
        list(operands)[..].encode(&mut out);
        list(results)[..].encode(&mut out);
        out
    };
    types.types.iter().map(entry).collect()
}

/// The chooser of type `i32`, and globals of type `i64` for what is seen; all can be changed, and are 0.
fn new_globals(made: &Rewritten) -> Vec<Vec<u8>> {
    let chooser = vec![0x7f, 1, 0x41, 0, 0x0b];
    let seen = made.seen.iter().map(|_| vec![0x7e, 1, 0x42, 0, 0x0b]);
    std::iter::once(chooser).chain(seen).collect()
}

fn new_exports(module: &Module<'_>, made: &Rewritten) -> Vec<Vec<u8>> {
    let names = std::iter::once(&made.chooser).chain(&made.seen);
    let entry = |(name, index): (&String, u32)| {
        let mut out = Vec::new();
        name.as_str().encode(&mut out);
        out.push(3);
        index.encode(&mut out);
        out
    };
    names.zip(module.globals..).map(entry).collect()
}

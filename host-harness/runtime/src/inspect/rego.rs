//! What `opa build -t wasm` writes into a module about the policy.

use serde::Serialize;
use wasmparser::{DataKind, ExternalKind, FunctionBody, Operator, Payload};

use super::{ExternType, Import};

/// Names that are read of each kind: more are no policy's.
const MAX_NAMES: usize = 10_000;

/// Longest name, in bytes.
const MAX_NAME: usize = 1_024;

/// Addresses times segments of data that are looked up: constants of the code, of which a policy has thousands and some segments.
const MAX_LOOKUPS: usize = 20_000_000;

/// What a Rego policy says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rego {
    /// The version of OPA's ABI, major and minor.
    pub abi_version: Option<(i32, i32)>,
    /// The rules that a host can ask, by their numbers: `policy/violation`.
    pub entrypoints: Vec<String>,
    /// The functions of Rego that the host has to have, as the policy does not bring them: `sprintf`.
    pub builtins: Vec<String>,
}

/// Collects on the way what is looked at in the end.
#[derive(Default)]
pub(super) struct Reader<'m> {
    /// Indices of what is exported by these names.
    entrypoints: Option<u32>,
    builtins: Option<u32>,
    version: [Option<u32>; 2],
    /// The constants that the module's own globals begin with.
    globals: Vec<Option<i32>>,
    bodies: Vec<FunctionBody<'m>>,
    segments: Vec<(u32, &'m [u8])>,
}

impl<'m> Reader<'m> {
    /// Looks at a part of the module; what cannot be read is left out, whether the module is valid is others' business.
    pub(super) fn look(&mut self, payload: &Payload<'m>) {
        match payload {
            Payload::GlobalSection(globals) => {
                for global in globals.clone().into_iter().flatten() {
                    let constant = global.init_expr.get_operators_reader().read();
                    self.globals.push(match constant {
                        Ok(Operator::I32Const { value }) => Some(value),
                        _ => None,
                    });
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports.clone().into_iter().flatten() {
                    let place = match (export.kind, export.name) {
                        (ExternalKind::Func, "entrypoints") => &mut self.entrypoints,
                        (ExternalKind::Func, "builtins") => &mut self.builtins,
                        (ExternalKind::Global, "opa_wasm_abi_version") => &mut self.version[0],
                        (ExternalKind::Global, "opa_wasm_abi_minor_version") => &mut self.version[1],
                        _ => continue,
                    };
                    *place = Some(export.index);
                }
            }
            Payload::CodeSectionEntry(body) if self.entrypoints.is_some() || self.builtins.is_some() => {
                self.bodies.push(body.clone());
            }
            Payload::DataSection(segments) => {
                for segment in segments.clone().into_iter().flatten() {
                    if let DataKind::Active { memory_index: 0, offset_expr } = segment.kind
                        && let Ok(Operator::I32Const { value }) = offset_expr.get_operators_reader().read()
                    {
                        self.segments.push((value as u32, segment.data));
                    }
                }
            }
            _ => {}
        }
    }

    /// What there is; `imports` are before everything else in the indices.
    pub(super) fn finish(self, imports: &[Import]) -> Rego {
        let functions = imports.iter().filter(|import| matches!(import.ty, ExternType::Function { .. })).count();
        let globals = imports.iter().filter(|import| matches!(import.ty, ExternType::Global)).count();
        let global = |index: Option<u32>| {
            let own = (index? as usize).checked_sub(globals)?;
            self.globals.get(own).copied().flatten()
        };
        let names = |index: Option<u32>| {
            let own = index.and_then(|index| (index as usize).checked_sub(functions));
            own.and_then(|own| self.bodies.get(own)).map(|body| self.names(body)).unwrap_or_default()
        };
        let [major, minor] = self.version.map(global);
        Rego { abi_version: major.zip(minor), entrypoints: names(self.entrypoints), builtins: names(self.builtins) }
    }

    /// The names that a function puts into an object, each with a number, in the order of the numbers: it has the address of a
    /// name as a constant of 32 bits, and the number as one of 64.
    fn names(&self, body: &FunctionBody<'_>) -> Vec<String> {
        let Ok(operators) = body.get_operators_reader() else { return Vec::new() };
        let mut names: Vec<(i64, String)> = Vec::new();
        let mut name = None;
        let mut left = MAX_LOOKUPS;
        for operator in operators.into_iter().flatten() {
            match operator {
                Operator::I32Const { value } => match left.checked_sub(self.segments.len()) {
                    Some(less) => (left, name) = (less, self.text(value as u32)),
                    None => break,
                },
                Operator::I64Const { value } if names.len() < MAX_NAMES => {
                    names.extend(name.take().map(|name| (value, name)));
                }
                _ => {}
            }
        }
        names.sort();
        names.into_iter().map(|(_, name)| name).collect()
    }

    /// The text at an address, which a zero ends.
    fn text(&self, address: u32) -> Option<String> {
        self.segments.iter().find_map(|(offset, data)| {
            let text = data.get(address.checked_sub(*offset)? as usize..)?;
            let end = text.iter().take(MAX_NAME).position(|byte| *byte == 0)?;
            let text = std::str::from_utf8(&text[..end]).ok()?;
            (!text.is_empty()).then(|| text.to_owned())
        })
    }
}

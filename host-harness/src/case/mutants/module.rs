//! What of a module is looked at to change it.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::{
    BinaryReaderError, CompositeInnerType, DataKind, FuncType, FunctionBody, KnownCustom, Name, Operator, Parser,
    Payload, TypeRef,
};

/// A module, which was found to be valid before.
pub(super) struct Module<'a> {
    pub(super) bytes: &'a [u8],
    /// The types, by index; none where a type is not one of functions.
    pub(super) types: Vec<Option<FuncType>>,
    /// The imported functions, by index: module and name.
    pub(super) imports: Vec<(&'a str, &'a str)>,
    /// The functions of the module itself.
    pub(super) functions: Vec<Function<'a>>,
    /// How many globals there are, imported ones included.
    pub(super) globals: u32,
    /// The names of the exports.
    pub(super) exports: BTreeSet<&'a str>,
    /// Addresses and contents of the active data segments of the first memory.
    pub(super) data: Vec<(u32, &'a [u8])>,
    names: BTreeMap<u32, &'a str>,
    /// The types of the functions, by index.
    types_of_functions: Vec<u32>,
}

/// A function of a module.
pub(super) struct Function<'a> {
    /// Its index, imported functions included.
    pub(super) index: u32,
    pub(super) body: FunctionBody<'a>,
}

impl<'a> Module<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, BinaryReaderError> {
        let mut module = Self {
            bytes,
            types: Vec::new(),
            types_of_functions: Vec::new(),
            imports: Vec::new(),
            functions: Vec::new(),
            globals: 0,
            exports: BTreeSet::new(),
            data: Vec::new(),
            names: BTreeMap::new(),
        };
        for payload in Parser::new(0).parse_all(bytes) {
            module.add(payload?)?;
        }
        Ok(module)
    }

    fn add(&mut self, payload: Payload<'a>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::TypeSection(groups) => {
                for group in groups {
                    self.types.extend(group?.into_types().map(|ty| match ty.composite_type.inner {
                        CompositeInnerType::Func(ty) => Some(ty),
                        _ => None,
                    }));
                }
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    let import = import?;
                    match import.ty {
                        TypeRef::Func(ty) | TypeRef::FuncExact(ty) => {
                            self.imports.push((import.module, import.name));
                            self.types_of_functions.push(ty);
                        }
                        TypeRef::Global(_) => self.globals += 1,
                        _ => {}
                    }
                }
            }
            Payload::FunctionSection(types) => {
                for ty in types {
                    self.types_of_functions.push(ty?);
                }
            }
            Payload::GlobalSection(globals) => self.globals += globals.count(),
            Payload::ExportSection(exports) => {
                for export in exports {
                    self.exports.insert(export?.name);
                }
            }
            Payload::CodeSectionEntry(body) => {
                let index = (self.imports.len() + self.functions.len()) as u32;
                self.functions.push(Function { index, body });
            }
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment?;
                    if let DataKind::Active { memory_index: 0, offset_expr } = &segment.kind
                        && let Ok(Operator::I32Const { value }) = offset_expr.get_operators_reader().read()
                    {
                        self.data.push((value.cast_unsigned(), segment.data));
                    }
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(names) = section.as_known() {
                    // A section of names that is damaged names nothing: the module runs all the same.
                    for names in names.into_iter().map_while(Result::ok) {
                        if let Name::Function(names) = names {
                            let names = names.into_iter().map_while(Result::ok);
                            self.names.extend(names.map(|naming| (naming.index, naming.name)));
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The name of a function, if it has one, as its language writes it.
    pub(super) fn name(&self, function: u32) -> Option<String> {
        let name = self.names.get(&function)?;
        Some(match rustc_demangle::try_demangle(name) {
            Ok(name) => format!("{name:#}"),
            Err(_) => (*name).to_owned(),
        })
    }

    /// The type of a function.
    pub(super) fn type_of(&self, function: u32) -> Option<&FuncType> {
        let ty = self.types_of_functions.get(function as usize)?;
        self.types.get(*ty as usize)?.as_ref()
    }

    /// The bytes of a data segment from an address on.
    pub(super) fn bytes_at(&self, address: u32) -> Option<&'a [u8]> {
        self.data.iter().find_map(|(start, data)| data.get(address.checked_sub(*start)? as usize..))
    }
}

impl<'a> Function<'a> {
    /// Its operators, and at which offsets of the module they are.
    pub(super) fn operators(&self) -> Result<Vec<(Operator<'a>, usize)>, BinaryReaderError> {
        self.body.get_operators_reader()?.into_iter_with_offsets().collect()
    }
}

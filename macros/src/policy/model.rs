//! What the rules and the expansion need to know about the function.

use proc_macro2::Ident;
use syn::{Attribute, FnArg, Pat, PatType, Path, Signature, Token, Type, TypeReference};

use super::parse::Function;
use crate::arguments::Arguments;

/// A function that is to become a policy.
pub(crate) struct Policy<'a> {
    /// The path of the crate `admit`.
    pub(crate) krate: Path,
    pub(crate) signature: &'a Signature,
    /// The semicolon of a function without a body.
    pub(crate) semicolon: Option<Token![;]>,
    /// Without `self`.
    pub(crate) parameters: Vec<Parameter<'a>>,
}

impl<'a> Policy<'a> {
    pub(crate) fn new(arguments: &Arguments, function: &'a Function) -> Self {
        let parameters = function.signature.inputs.iter().filter_map(|input| match input {
            FnArg::Typed(typed) => Some(Parameter::new(typed)),
            FnArg::Receiver(_) => None,
        });
        Policy {
            krate: arguments.krate(),
            signature: &function.signature,
            semicolon: function.semicolon,
            parameters: parameters.collect(),
        }
    }

    /// The name of the function.
    pub(crate) fn name(&self) -> &'a Ident {
        &self.signature.ident
    }

    /// The type of what the policy looks at, without the reference; `None` when the function has no parameters, which is a
    /// mistake.
    pub(crate) fn incoming(&self) -> Option<&'a Type> {
        self.parameters.first().map(|parameter| parameter.ty)
    }

    /// The type of the settings, without the reference; `None` when the function takes no settings.
    pub(crate) fn settings(&self) -> Option<&'a Type> {
        self.parameters.get(1).map(|parameter| parameter.ty)
    }

    /// Whether the function takes the host.
    pub(crate) fn takes_host(&self) -> bool {
        self.parameters.len() > 2
    }
}

/// One parameter of the function.
pub(crate) struct Parameter<'a> {
    pub(crate) syntax: &'a PatType,
    /// `None` for a parameter that is taken by value.
    pub(crate) reference: Option<&'a TypeReference>,
    /// The type, without the reference.
    pub(crate) ty: &'a Type,
}

impl<'a> Parameter<'a> {
    fn new(syntax: &'a PatType) -> Self {
        match without_grouping(&syntax.ty) {
            Type::Reference(reference) => {
                Parameter { syntax, reference: Some(reference), ty: without_grouping(&reference.elem) }
            }
            ty => Parameter { syntax, reference: None, ty },
        }
    }

    /// The name of the parameter; `None` when it is a pattern.
    pub(crate) fn name(&self) -> Option<&'a Ident> {
        match &*self.syntax.pat {
            Pat::Ident(pattern) => Some(&pattern.ident),
            _ => None,
        }
    }

    /// The last word of the type's path: `Request` for `&admit::Request<'_>`.
    pub(crate) fn type_name(&self) -> Option<&'a Ident> {
        match self.ty {
            Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
            _ => None,
        }
    }

    pub(crate) fn attributes(&self) -> &'a [Attribute] {
        &self.syntax.attrs
    }
}

/// Looks through parentheses, and through the invisible ones around what a `macro_rules` macro was given.
fn without_grouping(mut ty: &Type) -> &Type {
    loop {
        ty = match ty {
            Type::Group(group) => &group.elem,
            Type::Paren(paren) => &paren.elem,
            ty => return ty,
        };
    }
}

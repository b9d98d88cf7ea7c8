//! Attributes to arguments.

use syn::{Attribute, Meta};

use crate::arguments::{Arguments, Grammar, Key};
use crate::errors::Errors;

const GRAMMAR: Grammar = Grammar {
    attribute: "#[settings(…)]",
    keys: &[Key { name: "check", example: "check_settings" }, Key { name: "crate", example: "policy_kit" }],
};

/// Reads every `#[settings(…)]` among the attributes; their arguments count as one list.
pub(crate) fn arguments(attributes: &[Attribute], errors: &mut Errors) -> Arguments {
    let mut arguments = Arguments::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("settings")) {
        match &attribute.meta {
            Meta::List(list) => arguments.read(&GRAMMAR, list.tokens.clone(), errors),
            // `#[settings]` and `#[settings = …]`
            Meta::Path(_) | Meta::NameValue(_) => {
                let message = format!("`{}` takes {} between parentheses", GRAMMAR.attribute, GRAMMAR.usage());
                errors.at(&attribute.meta, message);
            }
        }
    }
    arguments
}

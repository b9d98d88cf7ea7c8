//! The rules of a settings type: one function per rule, with a comment that shows what it refuses. All of them look at
//! every type, so that one build shows all mistakes.

use proc_macro2::TokenTree;
use syn::{Data, Fields, GenericParam};

use super::model::Settings;
use crate::errors::Errors;

type Rule = fn(&Settings, &mut Errors);

const RULES: &[Rule] = &[only_structs_with_named_fields, no_generics, no_attributes_on_fields, no_flatten];

/// Reports every mistake in the type.
pub(crate) fn check(settings: &Settings, errors: &mut Errors) {
    for rule in RULES {
        rule(settings, errors);
    }
}

/// Settings are a JSON object.
///
/// ```text
/// enum Settings { Strict, Lenient }
/// union Settings { strict: u8, lenient: u8 }
/// struct Settings(Vec<String>);
/// struct Settings;
/// ```
fn only_structs_with_named_fields(settings: &Settings, errors: &mut Errors) {
    let name = &settings.input.ident;
    match &settings.input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(_) => {}
            Fields::Unnamed(fields) => {
                let message = format!(
                    "settings are a JSON object, so their fields have names: write `struct {name} {{ some_name: … }}`"
                );
                errors.at(fields, message);
            }
            Fields::Unit => {
                let message = format!(
                    "settings are a JSON object: write `struct {name} {{}}`, \
                     or use `admit::NoSettings` for a policy without settings"
                );
                errors.at(name, message);
            }
        },
        Data::Enum(data) => {
            let message = format!(
                "settings are a JSON object, so they are a struct: write one with a field `some_name: {name}`, \
                 and move `derive(Settings)` there"
            );
            errors.at(data.enum_token, message);
        }
        Data::Union(data) => {
            let message = format!("settings are a JSON object, so they are a struct: write `struct {name} {{ … }}`");
            errors.at(data.union_token, message);
        }
    }
}

/// ```text
/// struct Settings<T> { limit: T }
/// struct Settings<const N: usize> { limits: [u32; N] }
/// struct Settings<'a> { name: &'a str }
/// ```
fn no_generics(settings: &Settings, errors: &mut Errors) {
    for parameter in &settings.input.generics.params {
        let message = match parameter {
            GenericParam::Type(_) => "settings have no generic types: write the type that is meant",
            GenericParam::Const(_) => "settings have no generic constants: write the number that is meant",
            GenericParam::Lifetime(_) => {
                "settings own their data: remove the lifetime, \
                 and write `String` in place of `&str` and `Vec<T>` in place of `&[T]`"
            }
        };
        errors.at(parameter, message);
    }
}

/// ```text
/// struct Settings {
///     #[settings(check = positive)]
///     limit: i64,
/// }
/// ```
fn no_attributes_on_fields(settings: &Settings, errors: &mut Errors) {
    let Data::Struct(data) = &settings.input.data else { return };
    for attribute in data.fields.iter().flat_map(|field| &field.attrs) {
        if attribute.path().is_ident("settings") {
            let message = "`#[settings(…)]` belongs on the struct: move it there; \
                           the function that `check` names sees all fields";
            errors.at(attribute, message);
        }
    }
}

/// What is flattened takes any key, so nothing can tell a typo in the settings from one of its fields.
///
/// ```text
/// struct Settings { #[serde(flatten)] common: Common }
/// ```
fn no_flatten(settings: &Settings, errors: &mut Errors) {
    let Data::Struct(data) = &settings.input.data else { return };
    for attribute in data.fields.iter().flat_map(|field| &field.attrs) {
        let Ok(list) = attribute.meta.require_list() else { continue };
        let flatten = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "flatten");
        if let Some(word) = list.tokens.clone().into_iter().find(|token| list.path.is_ident("serde") && flatten(token))
        {
            let message = "`flatten` takes every key, so a typo in the settings would go unnoticed: \
                           remove it, and the part becomes an object under the name of this field";
            errors.at(word, message);
        }
    }
}

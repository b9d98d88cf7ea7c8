//! Implementation detail of the crate `admit`: its attribute `#[admit::policy]` and its derives `Settings` and `JsonSchema`. What they are for, with
//! examples, is said where `admit` re-exports them.
//!
//! The macros have the same stages, one module each: parse (tokens to syntax), model (what the expansion needs to
//! know), rules (every mistake, reported together), expand (tokens out) and fallback (what is emitted next to the
//! mistakes, so that one mistake does not cause a second message). An expansion holds no logic: it names the author's
//! items and hands them to library code in `admit::__private`.

mod arguments;
mod errors;
mod places;
mod policy;
mod schema;
mod settings;
mod shadow;
#[cfg(test)]
mod testing;
mod words;

use proc_macro::TokenStream;

/// # Arguments
///
/// `crate = path` names the path of the crate `admit`, when it was renamed or is re-exported by another crate. Without it,
/// the path is `::admit`.
///
/// # Errors
///
/// Everything the macro cannot use is a compile error at the token in question that says what to write instead; all
/// mistakes of a function are reported at once. Types are not judged by their names, except to tell when the parameters
/// are in the wrong order: whether a settings type implements `Settings`, and whether the returned type is a verdict, is
/// a question to the compiler.
#[proc_macro_attribute]
pub fn policy(arguments: TokenStream, item: TokenStream) -> TokenStream {
    policy::policy(arguments.into(), item.into()).into()
}

/// # Arguments
///
/// * `#[settings(check = path)]` names a function `fn(&S) -> Result<(), E>`, where `E` becomes a `SettingsError`, that
///   runs after the settings were decoded: for what the types of the fields cannot say. `Self::check` is a path too.
/// * `#[settings(crate = path)]` names the path of the crate `admit`, when it was renamed or is re-exported by another
///   crate. Without it, the path is `::admit`.
///
/// # Errors
///
/// Everything the macro cannot use is a compile error at the token in question that says what to write instead; all
/// mistakes of a struct are reported at once.
#[proc_macro_derive(Settings, attributes(settings, schemars))]
pub fn derive_settings(input: TokenStream) -> TokenStream {
    settings::derive(input.into()).into()
}

/// # Arguments
///
/// * `#[settings(crate = path)]` names the path of the crate `admit`, when it was renamed or is re-exported by another
///   crate. Without it, the path is `::admit`.
///
/// # Errors
///
/// Everything the macro cannot use is a compile error at the token in question that says what to write instead.
#[proc_macro_derive(JsonSchema, attributes(settings, schemars))]
pub fn derive_json_schema(input: TokenStream) -> TokenStream {
    schema::derive(input.into()).into()
}

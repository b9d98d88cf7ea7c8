//! Implementation detail of the crate `admit`: its attribute `#[admit::policy]` and its derive `Settings`.
//!
//! Both macros have the same stages, one module each: parse (tokens to syntax), model (what the expansion needs to
//! know), rules (every mistake, reported together), expand (tokens out) and fallback (what is emitted next to the
//! mistakes, so that one mistake does not cause a second message). An expansion holds no logic: it names the author's
//! items and hands them to library code in `admit::__private`.

mod arguments;
mod errors;
mod places;
mod policy;
mod settings;
#[cfg(test)]
mod testing;
mod words;

use proc_macro::TokenStream;

/// Makes a function the entry point of an admission policy.
///
/// The function takes the request, and after it, as far as it needs them, its settings and the host:
///
/// ```rust,ignore
/// #[admit::policy]
/// fn validate(request: &Request) -> Verdict { /* … */ }
///
/// #[admit::policy]
/// fn validate(request: &Request, settings: &Settings) -> Verdict { /* … */ }
///
/// #[admit::policy]
/// fn validate(request: &Request, settings: &Settings, host: &Host) -> Result<Verdict, MyError> { /* … */ }
/// ```
///
/// It may have any name and any visibility, and may be `const`. It stays exactly as it was written, so a unit test calls
/// it like every other function. A policy that needs the host and no settings takes `settings: &NoSettings`.
///
/// It borrows its parameters and returns a `Verdict`, or a `Result` of it whose error owns its data.
///
/// One crate has one policy: the macro adds the entry points of the whole module.
///
/// # Arguments
///
/// `#[admit::policy(crate = policy_kit)]` names the path of the crate `admit`, when it was renamed or is re-exported by
/// another crate. Without it, the path is `::admit`.
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

/// Makes a struct the settings of an admission policy.
///
/// Settings are a JSON object, so the struct has named fields; it also derives (or implements) `Deserialize`. It owns
/// its data: it has no lifetimes, and no other generics.
///
/// ```rust,ignore
/// #[derive(Deserialize, Settings)]
/// #[serde(deny_unknown_fields)]
/// #[settings(check = minimum_below_maximum)]
/// struct Settings {
///     minimum: u32,
///     maximum: u32,
/// }
///
/// fn minimum_below_maximum(settings: &Settings) -> Result<(), String> { /* … */ }
/// ```
///
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
#[proc_macro_derive(Settings, attributes(settings))]
pub fn derive_settings(input: TokenStream) -> TokenStream {
    settings::derive(input.into()).into()
}

//! `#[derive(Settings)]`.

mod expand;
mod fallback;
mod model;
mod parse;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use parse::arguments;
use proc_macro2::TokenStream;
use syn::DeriveInput;

use crate::errors::Errors;
use model::Settings;

/// The whole macro: the item the derive stands on in, expansion out.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match syn::parse2::<DeriveInput>(input) {
        Ok(input) => derive_for(&input),
        Err(error) => error.to_compile_error(),
    }
}

fn derive_for(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = parse::arguments(&input.attrs, &mut errors);
    let settings = Settings::new(&arguments, input);
    rules::check(&settings, &mut errors);
    match errors.finish() {
        Ok(()) => expand::expand(&settings),
        Err(error) => fallback::expand(&settings, &error),
    }
}

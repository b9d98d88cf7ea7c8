//! JSON Schemas of settings: `#[derive(JsonSchema)]`, and the part of `#[derive(Settings)]` that is about schemas.
//!
//! Both hand a copy of the author's type to a macro of the library, which drops it unless the feature `schema` of `admit`
//! is on. With the feature, schemars derives the schema of the copy. So no policy has schemars in its module, and no
//! author needs it among the dependencies.

mod rules;
#[cfg(test)]
mod tests;

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::DeriveInput;

use crate::errors::Errors;
use crate::settings;
use crate::shadow::shadow;

/// The derive macro: the item it stands on in, expansion out.
pub(crate) fn derive(input: TokenStream) -> TokenStream {
    match syn::parse2::<DeriveInput>(input) {
        Ok(input) => derive_for(&input),
        Err(error) => error.to_compile_error(),
    }
}

fn derive_for(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    let krate = settings::arguments(&input.attrs, &mut errors).krate();
    rules::check(input, &mut errors);
    if let Err(error) = errors.finish() {
        return error.to_compile_error();
    }
    let name = &input.ident;
    let shadow = shadow(&krate, input);
    let krate = quote!(#krate);
    quote_spanned! {Span::mixed_site()=>
        #krate::__private::json_schema!(#name { #shadow });
    }
}

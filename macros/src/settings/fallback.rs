//! What is emitted when there are mistakes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Data;

use super::expand::implementation;
use super::model::Settings;

/// The mistakes, and an empty impl: without it, the policy that uses the type would be one more error.
///
/// There is none where the impl itself would be one more error: a generic type has bounds we do not know, and no union
/// can derive `Deserialize`.
pub(crate) fn expand(settings: &Settings, error: &syn::Error) -> TokenStream {
    let mistakes = error.to_compile_error();
    let plain = settings.input.generics.params.is_empty() && !matches!(settings.input.data, Data::Union(_));
    let implementation = plain.then(|| implementation(settings, None));
    quote! {
        #mistakes
        #implementation
    }
}

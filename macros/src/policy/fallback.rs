//! What is emitted when there are mistakes.

use proc_macro2::TokenStream;
use quote::quote;

/// The mistakes, and the author's item as it was: without it, every use of the function would be one more error.
pub(crate) fn expand(item: &TokenStream, error: &syn::Error) -> TokenStream {
    let mistakes = error.to_compile_error();
    quote! {
        #mistakes
        #item
    }
}

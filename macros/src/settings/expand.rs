//! The expansion: one impl, in which the author's check, if there is one, is handed to the library.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned as _;

use super::model::Settings;

/// Expands a type that keeps all the rules.
pub(crate) fn expand(settings: &Settings) -> TokenStream {
    let krate = &settings.krate;
    let check = settings.check.as_ref().map(|path| {
        // Tokens at the place of the path, as that is what the compiler complains about if the function does not fit.
        // They stay tokens of the macro (mixed site) and so do not wake lints about code that the author did not write.
        let place = Span::mixed_site().located_at(path.span());
        let call = quote_spanned!(place=> #krate::__private::check_settings);
        quote_spanned! {Span::mixed_site()=>
            fn check(&self) -> ::core::result::Result<(), #krate::SettingsError> {
                #call(#path, self)
            }
        }
    });
    implementation(settings, check)
}

/// The impl with these items in it.
pub(super) fn implementation(settings: &Settings, items: Option<TokenStream>) -> TokenStream {
    let krate = &settings.krate;
    let name = &settings.input.ident;
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #krate::Settings for #name {
            #items
        }
    }
}

//! The expansion: one impl, in which the author's check, if there is one, is handed to the library, and a copy of the type
//! to the library's macro for schemas.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::model::Settings;
use crate::places::at;
use crate::shadow::shadow;

/// Expands a type that keeps all the rules.
pub(crate) fn expand(settings: &Settings) -> TokenStream {
    let krate = &settings.krate;
    let check = settings.check.as_ref().map(|path| {
        // The call and its error are at the place of the path, as that is what is wrong if a type does not fit.
        let author = quote_spanned!(at(path)=> |settings| #path(settings));
        let error = quote_spanned!(at(path)=> _);
        quote_spanned! {Span::mixed_site()=>
            fn check(&self) -> ::core::result::Result<(), #krate::SettingsError> {
                #krate::__private::check_settings::<Self, #error>(#author, self)
            }
        }
    });
    let shadow = shadow(krate, settings.input);
    let schema = quote_spanned!(Span::mixed_site()=> #krate::__private::settings_schema! { #shadow });
    implementation(settings, Some(quote_spanned!(Span::mixed_site()=> #check #schema)))
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

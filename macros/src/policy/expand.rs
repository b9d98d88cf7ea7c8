//! The expansion: the author's function, token for token, and next to it what the library makes entry points of.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ReturnType;

use super::model::Policy;
use crate::places::{at, moved};

/// Expands a function that keeps all the rules.
pub(crate) fn expand(policy: &Policy, rules: &TokenStream, item: &TokenStream) -> TokenStream {
    let krate = &policy.krate;
    let validate = validate(policy);
    let settings = settings(policy);
    let incoming = policy.incoming();
    let host = if policy.takes_host() { quote!(with_host) } else { quote!(without_host) };
    quote_spanned! {Span::mixed_site()=>
        #item

        const _: () = {
            #krate::__private::export_policy! {
                #validate,
                #settings,
                #host,
                #incoming,
                #rules,
            }
        };
    }
}

/// The closure that hands the author's function to the library. It captures nothing, so it is a function pointer.
///
/// The function is wrapped in a closure of its own, as the parameters of a closure have lifetimes of their own also when
/// those of the function share one. Errors in its types are shown at the author's types.
fn validate(policy: &Policy) -> TokenStream {
    let krate = &policy.krate;
    let name = policy.name();
    let incoming = policy.incoming();
    let settings = policy.settings();
    let result = result(policy);
    let arguments = arguments(policy);
    let author = quote_spanned!(Span::mixed_site()=> |#(#arguments),*| #name(#(#arguments),*));
    match policy.parameters.len() {
        1 => quote_spanned! {Span::mixed_site()=>
            |payload, _| #krate::__private::validate_request::<#incoming, #result, _>(#author, payload)
        },
        2 => quote_spanned! {Span::mixed_site()=>
            |payload, _| #krate::__private::validate_with_settings::<#incoming, #settings, #result, _>(#author, payload)
        },
        _ => quote_spanned! {Span::mixed_site()=>
            |payload, host| #krate::__private::validate_with_host::<#incoming, #settings, #result, _>(#author, payload, host)
        },
    }
}

/// What the author's function is called with: the names are hygienic, so that the function itself may have one of them.
fn arguments(policy: &Policy) -> Vec<Ident> {
    let names = ["request", "settings", "host"];
    names.iter().zip(&policy.parameters).map(|(name, parameter)| Ident::new(name, at(parameter.ty))).collect()
}

/// The returned type, which the compiler infers: named here, its lifetimes would be others.
fn result(policy: &Policy) -> TokenStream {
    let place = match &policy.signature.output {
        ReturnType::Type(_, ty) => at(ty),
        ReturnType::Default => at(policy.name()),
    };
    quote_spanned!(place=> _)
}

/// The library's `PolicySettings` for the author's settings, or for `NoSettings`.
fn settings(policy: &Policy) -> TokenStream {
    let krate = &policy.krate;
    match policy.settings() {
        Some(settings) => {
            let place = at(settings);
            let krate = moved(krate, place);
            quote_spanned!(place=> #krate::__private::PolicySettings::of::<#settings>())
        }
        None => quote_spanned!(Span::mixed_site()=> #krate::__private::PolicySettings::of::<#krate::NoSettings>()),
    }
}

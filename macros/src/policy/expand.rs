//! The expansion: the author's function, token for token, and next to it a table of function pointers that the library
//! turns into entry points.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::model::Policy;

/// Expands a function that keeps all the rules.
pub(crate) fn expand(policy: &Policy, item: &TokenStream) -> TokenStream {
    let krate = &policy.krate;
    let validate = validate(policy);
    let validate_settings = validate_settings(policy);
    let host = if policy.takes_host() { quote!(with_host) } else { quote!(without_host) };
    // The table has a name that the author cannot have chosen, as it shadows what is outside of the block.
    quote_spanned! {Span::mixed_site()=>
        #item

        const _: () = {
            static __ADMIT_POLICY: #krate::__private::Policy = #krate::__private::Policy {
                validate: #validate,
                validate_settings: #validate_settings,
            };
            #krate::__private::export_policy!(__ADMIT_POLICY, #host);
        };
    }
}

/// The closure that calls the author's function. It captures nothing, so it is a function pointer; its parameters are
/// hygienic, so the author's function may be called `request`.
fn validate(policy: &Policy) -> TokenStream {
    let krate = &policy.krate;
    let name = policy.name();
    // Tokens at the place of the returned type, as that is what the compiler complains about if it is no verdict. They
    // stay tokens of the macro (mixed site) and so do not wake lints about code that the author did not write.
    let returned = Span::mixed_site().located_at(policy.signature.output.span());
    let call = match policy.parameters.len() {
        1 => quote_spanned!(returned=> #krate::__private::validate_request),
        2 => quote_spanned!(returned=> #krate::__private::validate_with_settings),
        _ => {
            let call = quote_spanned!(returned=> #krate::__private::validate_with_host);
            return quote_spanned!(Span::mixed_site()=> |request, host| #call(#name, request, host));
        }
    };
    quote_spanned!(Span::mixed_site()=> |request, _| #call(#name, request))
}

/// The instance of the library's function that decodes and checks the author's settings.
fn validate_settings(policy: &Policy) -> TokenStream {
    let krate = &policy.krate;
    match policy.settings() {
        Some(settings) => {
            let place = Span::mixed_site().located_at(settings.span());
            quote_spanned!(place=> #krate::__private::validate_settings::<#settings>)
        }
        None => quote_spanned!(Span::mixed_site()=> #krate::__private::validate_settings::<#krate::NoSettings>),
    }
}

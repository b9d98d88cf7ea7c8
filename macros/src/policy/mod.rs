//! `#[admit::policy]`.

mod declared;
mod expand;
mod fallback;
mod model;
mod parse;
mod rules;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::errors::Errors;
use model::Policy;

/// The whole macro: arguments of the attribute and the item it stands on in, expansion out.
pub(crate) fn policy(arguments: TokenStream, item: TokenStream) -> TokenStream {
    try_policy(arguments, &item).unwrap_or_else(|error| fallback::expand(&item, &error))
}

fn try_policy(arguments: TokenStream, item: &TokenStream) -> syn::Result<TokenStream> {
    let mut errors = Errors::default();
    let arguments = parse::arguments(arguments, &mut errors);
    let function = match parse::function(item) {
        Ok(function) => function,
        Err(error) => return Err(errors.and(error)),
    };
    let policy = Policy::new(&arguments, &function);
    rules::check(&policy, &mut errors);
    errors.finish()?;
    let rules = declared::rules(&policy.krate)?;
    Ok(expand::expand(&policy, &rules, item))
}

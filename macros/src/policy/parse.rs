//! Tokens to syntax.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Signature, Token, Visibility};

use crate::arguments::{Arguments, Grammar, Key};
use crate::errors::Errors;

const GRAMMAR: Grammar =
    Grammar { attribute: "#[admit::policy]", keys: &[Key { name: "crate", example: "policy_kit" }] };

/// The part of a function that the macro looks at: everything but the body.
pub(crate) struct Function {
    pub(crate) signature: Signature,
    /// The semicolon of a function without a body.
    pub(crate) semicolon: Option<Token![;]>,
}

/// Reads the arguments of the attribute.
pub(crate) fn arguments(tokens: TokenStream, errors: &mut Errors) -> Arguments {
    let mut arguments = Arguments::default();
    arguments.read(&GRAMMAR, tokens, errors);
    arguments
}

/// Reads the item the attribute stands on.
pub(crate) fn function(item: &TokenStream) -> syn::Result<Function> {
    let read = |input: ParseStream| {
        input.call(Attribute::parse_outer)?;
        input.parse::<Visibility>()?;
        only_on_a_function(input)?;
        let signature = input.parse()?;
        let semicolon = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(Function { signature, semicolon })
    };
    read.parse2(item.clone())
}

/// The attribute stands on a function and on no other item.
///
/// ```text
/// #[admit::policy]
/// struct Policy;
/// ```
fn only_on_a_function(input: ParseStream) -> syn::Result<()> {
    // Before `fn` there are only words and, after `extern`, a string.
    let mut before_groups = input
        .fork()
        .parse::<TokenStream>()?
        .into_iter()
        .take_while(|token| matches!(token, TokenTree::Ident(_) | TokenTree::Literal(_)));
    if before_groups.any(|token| token.to_string() == "fn") {
        return Ok(());
    }
    Err(input.error(
        "a policy is a function: put `#[admit::policy]` on \
         `fn validate(request: &Request, settings: &Settings) -> Verdict`",
    ))
}

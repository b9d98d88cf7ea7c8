//! A look at syntax as a flat list of words, for rules that ask whether something occurs anywhere in a type.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

/// The tokens at every depth, without brackets. A lifetime is one word, with its quote.
pub(crate) fn words(syntax: impl ToTokens) -> Vec<String> {
    let mut words = Vec::new();
    collect(syntax.into_token_stream(), &mut words);
    words
}

fn collect(tokens: TokenStream, words: &mut Vec<String>) {
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) => collect(group.stream(), words),
            TokenTree::Punct(quote) if quote.as_char() == '\'' => {
                let name = tokens.next().map(|name| name.to_string()).unwrap_or_default();
                words.push(format!("'{name}"));
            }
            token => words.push(token.to_string()),
        }
    }
}

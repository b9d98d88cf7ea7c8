//! Places: where the compiler points when the types of the author's code do not fit into an expansion.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;

/// The first token of something the author wrote, as the place of tokens of the macro.
///
/// They stay tokens of the macro in every other respect: their names are hygienic, and they do not trigger lints about code
/// that the author did not write.
pub(crate) fn at(author: impl ToTokens) -> Span {
    let first = author.into_token_stream().into_iter().next();
    let place = first.map_or_else(Span::call_site, |token| token.span());
    Span::mixed_site().located_at(place)
}

/// The same tokens, all of them at `place`. Names in them mean what they meant before.
pub(crate) fn moved(tokens: impl ToTokens, place: Span) -> TokenStream {
    let moved = |mut token: TokenTree| {
        token.set_span(token.span().located_at(place));
        token
    };
    tokens.into_token_stream().into_iter().map(moved).collect()
}

//! Helpers of the unit tests: the macros are called in-process, with `proc_macro2` streams.

use proc_macro2::TokenStream;

/// An expansion as formatted source text.
pub(crate) fn pretty(expansion: TokenStream) -> String {
    let file = syn::parse2(expansion).expect("an expansion is a list of items");
    prettyplease::unparse(&file)
}

/// The messages of the `compile_error!`s in an expansion, in their order.
pub(crate) fn messages(expansion: TokenStream) -> Vec<String> {
    let file: syn::File = syn::parse2(expansion).expect("an expansion is a list of items");
    let message = |item: &syn::Item| match item {
        syn::Item::Macro(call) if call.mac.path.segments.last()?.ident == "compile_error" => {
            let message: syn::LitStr = call.mac.parse_body().ok()?;
            Some(message.value())
        }
        _ => None,
    };
    file.items.iter().filter_map(message).collect()
}

use insta::assert_snapshot;
use proc_macro2::TokenStream;
use quote::quote;

use super::derive;
use crate::testing::{messages, pretty};

fn expand(input: TokenStream) -> String {
    pretty(derive(input))
}

#[test]
fn without_check() {
    let expansion = expand(quote! {
        pub struct Settings {
            /// Containers with these names are not checked.
            exempt_containers: BTreeSet<String>,
        }
    });
    assert_snapshot!(expansion);
}

#[test]
fn with_check() {
    let expansion = expand(quote! {
        #[settings(check = checks::minimum_below_maximum)]
        struct Settings {
            minimum: u32,
            maximum: u32,
        }
    });
    assert_snapshot!(expansion);
}

#[test]
fn crate_override() {
    let expansion = expand(quote! {
        #[settings(check = Self::is_sound, crate = policy_kit)]
        struct Settings {
            minimum: u32,
        }
    });
    assert_snapshot!(expansion);
}

#[test]
fn fallback() {
    let expansion = expand(quote! {
        struct Settings(u32);
    });
    assert_snapshot!(expansion);
}

/// An impl for a generic type would need bounds that the macro cannot know.
#[test]
fn fallback_of_a_generic_type_has_no_impl() {
    let expansion = derive(quote! { struct Settings<'a> { name: &'a str } });
    assert_eq!(messages(expansion.clone()).len(), 1);
    assert!(!expansion.to_string().contains("impl"), "{expansion}");
}

#[test]
fn all_mistakes_at_once() {
    let found = messages(derive(quote! {
        #[settings]
        #[settings(chek = a, check = b)]
        #[settings(check = c, crate)]
        struct Settings<'a, T, const N: usize>(#[settings(check = d)] &'a [T; N]);
    }));
    assert_eq!(found.len(), 9, "{found:#?}");
}

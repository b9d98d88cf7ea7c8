use insta::assert_snapshot;
use quote::quote;

use super::derive;
use crate::testing::{messages, pretty};

/// The copy has what a schema shows, a default of its own, and is strict like the decoder.
#[test]
fn a_part_of_settings() {
    let expansion = pretty(derive(quote! {
        /// A range.
        #[settings(crate = kit::admit)]
        #[serde(rename_all = "camelCase", default = "Range::everything")]
        #[derive(Debug)]
        pub struct Range {
            /// The least.
            #[validate(min = 0)]
            pub least: u32,
            #[serde(skip)]
            most: u32,
        }
    }));
    // The pretty-printer leaves calls of macros as they are.
    assert_snapshot!(expansion);
}

#[test]
fn strictness_is_that_of_the_decoder() {
    let strict = |input| derive(input).to_string().contains("deny_unknown_fields");
    assert!(strict(quote!(
        struct A {
            a: u8,
        }
    )));
    assert!(strict(quote!(
        enum A {
            B { b: u8 },
        }
    )));
    assert!(!strict(quote!(
        struct A(u8);
    )));
    assert!(!strict(quote!(
        struct A {
            #[serde(flatten)]
            a: B,
        }
    )));
    assert!(!strict(quote!(
        #[serde(untagged)]
        enum A {
            B { b: u8 },
        }
    )));
    assert!(!strict(quote!(
        #[serde(tag = "t", content = "c")]
        enum A {
            B { b: u8 },
        }
    )));
}

#[test]
fn mistakes() {
    let found = messages(derive(quote!(
        #[settings(crate)]
        struct Range<'a, T>(&'a T);
    )));
    assert_eq!(found.len(), 3, "{found:#?}");
    assert_eq!(messages(derive(quote!(union Number { a: u8, b: u8 }))).len(), 1);
}

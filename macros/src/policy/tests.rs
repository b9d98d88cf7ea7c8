use insta::assert_snapshot;
use proc_macro2::TokenStream;
use quote::quote;

use super::policy;
use crate::testing::{messages, pretty};

fn expand(arguments: TokenStream, item: TokenStream) -> String {
    pretty(policy(arguments, item))
}

#[test]
fn request_only() {
    let expansion = expand(
        quote!(),
        quote! {
            /// Accepts everything.
            fn validate(request: &Request) -> Verdict {
                Verdict::accept()
            }
        },
    );
    assert_snapshot!(expansion);
}

#[test]
fn with_settings() {
    let expansion = expand(
        quote!(),
        quote! {
            #[must_use]
            pub(crate) const fn only_known_names<'a>(request: &'a Request, names: &settings::Names<u8>) -> Result<Verdict, Error> {
                Ok(Verdict::accept())
            }
        },
    );
    assert_snapshot!(expansion);
}

#[test]
fn with_host() {
    let expansion = expand(
        quote!(),
        quote! {
            pub fn validate(request: &Request, _: &NoSettings, host: &Host) -> Verdict {
                host.log("hello");
                Verdict::accept()
            }
        },
    );
    assert_snapshot!(expansion);
}

#[test]
fn raw_request() {
    let expansion = expand(
        quote!(),
        quote! {
            fn validate(orders: &admit::Raw<Vec<Order>>, settings: &Settings) -> Verdict {
                Verdict::accept()
            }
        },
    );
    assert_snapshot!(expansion);
}

#[test]
fn crate_override() {
    let expansion = expand(
        quote!(crate = policy_kit::admit),
        quote! {
            fn validate(request: &Request) -> Verdict {
                Verdict::accept()
            }
        },
    );
    assert_snapshot!(expansion);
}

#[test]
fn fallback() {
    let expansion = expand(
        quote!(),
        quote! {
            async fn validate(request: Request) -> Verdict {
                Verdict::accept()
            }
        },
    );
    assert_snapshot!(expansion);
}

/// The author's tokens come out as they went in: same number, same order, nothing looked into.
#[test]
fn item_is_untouched() {
    let item = quote! {
        #[allow(dead_code, reason = "test")]
        pub(super) fn validate(request: &Request) -> Verdict { this body is : not + even Rust }
    };
    let expansion = policy(quote!(), item.clone()).to_string();
    assert!(expansion.starts_with(&item.to_string()), "{expansion}");
    let broken = policy(quote!(wrong), item.clone()).to_string();
    assert!(broken.ends_with(&item.to_string()), "{broken}");
}

/// Types that a `macro_rules` macro was given come in invisible groups.
#[test]
fn looks_through_groups() {
    let request = TokenStream::from(proc_macro2::TokenTree::from(proc_macro2::Group::new(
        proc_macro2::Delimiter::None,
        quote!(&Request),
    )));
    let expansion = policy(quote!(), quote!(fn validate(request: #request, settings: (&(Settings))) -> Verdict {}));
    assert_eq!(messages(expansion.clone()), [""; 0]);
    assert!(expansion.to_string().contains("PolicySettings :: of :: < Settings >"), "{expansion}");
}

#[test]
fn all_mistakes_at_once() {
    let expansion = policy(
        quote!(krate = x, crate, crate = "y"),
        quote! {
            async unsafe extern "C" fn validate<T, const N: usize>(
                host: Host, request: &mut Request, settings: &impl Limits, more: &More,
            ) -> bool {}
        },
    );
    let found = messages(expansion);
    assert_eq!(found.len(), 15, "{found:#?}");
}

/// Reading goes on after an item that is no function: the arguments are judged all the same.
#[test]
fn arguments_on_a_struct() {
    let found = messages(policy(
        quote!(krate = x),
        quote!(
            struct Policy;
        ),
    ));
    assert_eq!(found.len(), 2, "{found:#?}");
}

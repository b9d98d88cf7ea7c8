//! The copy of the author's type from which schemars derives a schema.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::{Attribute, Data, DeriveInput, Expr, ExprLit, Fields, Lit, Meta, Path, Token};

/// The copy, and how its default comes from the author's type.
pub(crate) fn shadow(krate: &Path, input: &DeriveInput) -> TokenStream {
    let mut copy = input.clone();
    copy.ident = Ident::new("__AdmitShadow", Span::mixed_site());
    copy.vis = syn::Visibility::Inherited;
    let container_default = own_default(&mut copy.attrs);
    let strict = refuses_unknown_fields(input);
    keep_what_schemas_show(&mut copy);

    let name = input.ident.to_string();
    let schemars = format!("{}::__private::schemars", krate.to_token_stream()).replace(' ', "");
    let strict = strict.then(|| quote!(deny_unknown_fields,));
    let default = container_default.and_then(|from| default(input, &copy.ident, &from));
    quote_spanned! {Span::mixed_site()=>
        #[derive(#krate::__private::schemars::JsonSchema)]
        #[schemars(#strict rename = #name, crate = #schemars)]
        #[allow(dead_code, missing_docs, reason = "nobody makes one: its fields are what a schema is made of")]
        #copy
        #default
    }
}

/// Whether the decoder refuses unknown fields, also without `deny_unknown_fields`: where serde tells it the names of the
/// fields, which it does not for flattened structs and for enums that need a tag to be found first.
fn refuses_unknown_fields(input: &DeriveInput) -> bool {
    let says = |attributes: &[Attribute], word: &str| metas(attributes).any(|meta| meta.path().is_ident(word));
    match &input.data {
        Data::Struct(data) => {
            matches!(data.fields, Fields::Named(_))
                && !says(&input.attrs, "deny_unknown_fields")
                && !data.fields.iter().any(|field| says(&field.attrs, "flatten"))
        }
        Data::Enum(_) => !["tag", "untagged", "deny_unknown_fields"].iter().any(|word| says(&input.attrs, word)),
        Data::Union(_) => false,
    }
}

/// Where the defaults of a whole struct come from: a function, or the trait.
enum ContainerDefault {
    Trait,
    Function(Path),
}

/// Takes `#[serde(default = "function")]` of the struct, which gives an author's struct and not its copy, for
/// `#[serde(default)]`.
fn own_default(attributes: &mut [Attribute]) -> Option<ContainerDefault> {
    let mut found = None;
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("serde")) {
        let Ok(mut arguments) = attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else {
            continue;
        };
        for meta in arguments.iter_mut().filter(|meta| meta.path().is_ident("default")) {
            found = match meta {
                Meta::NameValue(pair) => match &pair.value {
                    Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => text.parse().ok().map(ContainerDefault::Function),
                    _ => None,
                },
                _ => Some(ContainerDefault::Trait),
            };
            *meta = syn::parse_quote!(default);
        }
        *attribute = syn::parse_quote!(#[serde(#arguments)]);
    }
    found
}

/// The default of the copy: that of the author's type, field by field.
fn default(input: &DeriveInput, copy: &Ident, from: &ContainerDefault) -> Option<TokenStream> {
    let Data::Struct(data) = &input.data else { return None };
    let name = &input.ident;
    let members = data.fields.members();
    let value = match from {
        ContainerDefault::Trait => quote!(<#name as ::core::default::Default>::default()),
        ContainerDefault::Function(path) => quote!(#path()),
    };
    // Hygienic, as the name of a variable is not visible outside of the macro.
    let fields = members.map(|member| quote_spanned!(Span::mixed_site()=> #member: value.#member));
    Some(quote_spanned! {Span::mixed_site()=>
        impl ::core::default::Default for #copy {
            fn default() -> Self {
                let value: #name = #value;
                Self { #(#fields),* }
            }
        }
    })
}

/// Leaves the attributes that say something about the schema, and takes those of other macros away.
fn keep_what_schemas_show(copy: &mut DeriveInput) {
    let keep = |attributes: &mut Vec<Attribute>| {
        let shown = ["doc", "serde", "schemars", "deprecated"];
        attributes.retain(|attribute| shown.iter().any(|name| attribute.path().is_ident(name)));
    };
    keep(&mut copy.attrs);
    match &mut copy.data {
        Data::Struct(data) => data.fields.iter_mut().for_each(|field| keep(&mut field.attrs)),
        Data::Enum(data) => {
            for variant in &mut data.variants {
                keep(&mut variant.attrs);
                variant.fields.iter_mut().for_each(|field| keep(&mut field.attrs));
            }
        }
        Data::Union(_) => {}
    }
}

/// What is between the parentheses of `#[serde(…)]`.
fn metas(attributes: &[Attribute]) -> impl Iterator<Item = Meta> {
    let serde = attributes.iter().filter(|attribute| attribute.path().is_ident("serde"));
    let parsed =
        serde.filter_map(|attribute| attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok());
    parsed.flatten()
}

//! The rules that the crate of the policy declares in its manifest.
//!
//! A cluster asks a policy about the resources that its rules name and about no other. Chainloop knows no rules, so the
//! policy itself has them and keeps to them.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::Path;

/// A list of rules, as an expression. It is empty without the feature `chainloop`: only policies on Chainloop use it.
#[cfg(not(feature = "chainloop"))]
pub(crate) fn rules(_: &Path) -> syn::Result<TokenStream> {
    Ok(quote_spanned!(Span::mixed_site()=> &[]))
}

#[cfg(feature = "chainloop")]
pub(crate) fn rules(krate: &Path) -> syn::Result<TokenStream> {
    // A build without cargo has no manifest, and so no rules.
    let manifest =
        std::env::var_os("CARGO_MANIFEST_DIR").map(|folder| std::path::Path::new(&folder).join("Cargo.toml"));
    let Some(text) = manifest.and_then(|manifest| std::fs::read_to_string(manifest).ok()) else {
        return Ok(quote_spanned!(Span::mixed_site()=> &[]));
    };
    let rules = read(&text).map_err(|message| syn::Error::new(Span::call_site(), message))?;
    if rules.is_empty() {
        return Ok(quote_spanned!(Span::mixed_site()=> &[]));
    }
    let rules = rules.iter().map(|Rule { groups, versions, resources }| {
        quote_spanned! {Span::mixed_site()=>
            #krate::__private::Rule {
                groups: &[#(#groups),*],
                versions: &[#(#versions),*],
                resources: &[#(#resources),*],
            }
        }
    });
    // `include_bytes!` makes the compiler expand the macro again when only the manifest changed.
    Ok(quote_spanned! {Span::mixed_site()=>
        {
            const _: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
            &[#(#rules),*]
        }
    })
}

/// A rule that includes CREATE. One without names matches no object.
#[cfg(feature = "chainloop")]
#[derive(Debug, Default, PartialEq)]
struct Rule {
    groups: Vec<String>,
    versions: Vec<String>,
    resources: Vec<String>,
}

/// The rules of `[package.metadata.admit]`. One that does not include CREATE becomes a rule without names.
#[cfg(feature = "chainloop")]
fn read(manifest: &str) -> Result<Vec<Rule>, String> {
    let manifest: toml::Table = manifest.parse().map_err(|error| format!("the Cargo.toml cannot be read: {error}"))?;
    let table = ["package", "metadata", "admit"]
        .iter()
        .try_fold(&manifest, |table, key| table.get(*key).and_then(toml::Value::as_table));
    let Some(rules) = table.and_then(|table| table.get("rules")) else { return Ok(Vec::new()) };
    let rules = rules.as_array().ok_or("`rules` in [package.metadata.admit] must be an array")?;
    rules.iter().enumerate().map(|(index, rule)| rule_of(index, rule)).collect()
}

#[cfg(feature = "chainloop")]
fn rule_of(index: usize, rule: &toml::Value) -> Result<Rule, String> {
    let texts = |key: &str| -> Result<Vec<String>, String> {
        let list = rule.get(key).and_then(toml::Value::as_array);
        let texts: Option<Vec<String>> =
            list.and_then(|list| list.iter().map(|item| item.as_str().map(str::to_owned)).collect());
        texts.ok_or_else(|| format!("`{key}` of rule {index} in [package.metadata.admit] must be an array of strings"))
    };
    let operations = texts("operations")?;
    let rule = Rule { groups: texts("api-groups")?, versions: texts("api-versions")?, resources: texts("resources")? };
    let creates = operations.iter().any(|operation| operation == "CREATE" || operation == "*");
    Ok(if creates { rule } else { Rule::default() })
}

#[cfg(all(test, feature = "chainloop"))]
mod tests {
    use super::*;

    const MANIFEST: &str = r#"
        [package]
        name = "p"

        [package.metadata.admit]
        rules = [
            { api-groups = ["apps"], api-versions = ["v1"], resources = ["deployments"], operations = ["CREATE"] },
            { api-groups = [""], api-versions = ["*"], resources = ["pods"], operations = ["UPDATE"] },
        ]
    "#;

    #[test]
    fn only_rules_about_creating_name_something() {
        let texts = |text: &str| vec![text.to_owned()];
        let first = Rule { groups: texts("apps"), versions: texts("v1"), resources: texts("deployments") };
        assert_eq!(read(MANIFEST), Ok(vec![first, Rule::default()]));
        assert_eq!(read("[package]\nname = \"p\""), Ok(vec![]));
    }

    #[test]
    fn mistakes_are_told() {
        let broken = MANIFEST.replace("[\"deployments\"]", "\"deployments\"");
        let message = "`resources` of rule 0 in [package.metadata.admit] must be an array of strings";
        assert_eq!(read(&broken), Err(message.to_owned()));
    }

    #[test]
    fn they_become_data() {
        let krate: Path = syn::parse_quote!(::admit);
        assert_eq!(rules(&krate).map(|tokens| tokens.to_string()).unwrap(), "& []");
    }
}

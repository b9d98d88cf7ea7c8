//! A policy where no name is in scope by itself, the SDK has another name, and every lint is an error.

#![no_implicit_prelude]
#![forbid(unsafe_code)]
#![deny(warnings)]
// Lints that are off by default and that an expansion could wake.
#![deny(
    elided_lifetimes_in_paths,
    let_underscore_drop,
    missing_docs,
    non_ascii_idents,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unreachable_pub,
    unused_import_braces,
    unused_lifetimes,
    unused_qualifications,
    unused_results
)]

/// Settings with a check.
#[::core::prelude::v1::derive(::serde::Deserialize, ::policy_kit::Settings)]
#[settings(crate = ::policy_kit, check = ordered)]
pub struct Limits {
    /// May not be larger than `most`.
    pub least: u32,
    /// May not be smaller than `least`.
    pub most: u32,
    /// Where the limits are.
    #[serde(default)]
    pub place: Place,
}

/// A part of the settings.
#[::core::prelude::v1::derive(
    ::core::prelude::v1::Clone, ::core::prelude::v1::Copy, ::serde::Deserialize, ::policy_kit::JsonSchema,
)]
#[settings(crate = ::policy_kit)]
#[serde(default = "Place::inside")]
pub struct Place {
    /// Inside of the limits.
    pub inside: bool,
}

impl Place {
    fn inside() -> Self {
        Self { inside: true }
    }
}

impl ::core::default::Default for Place {
    fn default() -> Self {
        Self::inside()
    }
}

fn ordered(limits: &Limits) -> ::core::result::Result<(), &'static str> {
    if limits.least <= limits.most {
        ::core::result::Result::Ok(())
    } else {
        ::core::result::Result::Err("`least` is larger than `most`")
    }
}

/// Accepts requests when there is room between the limits.
#[::policy_kit::policy(crate = ::policy_kit)]
pub fn validate(
    _request: &::policy_kit::Request,
    limits: &Limits,
    _host: &::policy_kit::Host,
) -> ::policy_kit::Verdict {
    if limits.least < limits.most { ::policy_kit::Verdict::accept() } else { ::policy_kit::Verdict::reject("no room") }
}

/// A second policy is for tests only: a module has one.
#[cfg(test)]
#[::policy_kit::policy(crate = ::policy_kit)]
pub fn validate_raw(number: &::policy_kit::Raw<u32>, _limits: &Limits) -> ::policy_kit::Verdict {
    if **number == 0 { ::policy_kit::Verdict::reject("nothing") } else { ::policy_kit::Verdict::accept() }
}

// The same names, with other meanings, where a careless expansion would find them.
mod decoys {
    #![allow(dead_code, non_camel_case_types, reason = "only their names matter")]

    pub(crate) struct Result;
    pub(crate) struct Settings;
    pub(crate) struct SettingsError;
    pub(crate) struct Policy;
    pub(crate) struct JsonSchema;
    pub(crate) struct Option;
    pub(crate) mod schemars {}
    pub(crate) mod serde_json {}
    pub(crate) mod core {}
    pub(crate) mod admit {}
}
#[allow(unused_imports, reason = "only their names matter")]
use decoys::{JsonSchema, Option, Policy, Result, Settings, SettingsError, admit, core, schemars, serde_json};

#[cfg(test)]
mod tests {
    #[::core::prelude::v1::test]
    fn functions_stay_functions() {
        let request = ::policy_kit::Request::from_json(
            r#"{
                "uid": "1", "operation": "CREATE", "userInfo": {},
                "kind": {"group": "", "version": "v1", "kind": "Pod"},
                "resource": {"group": "", "version": "v1", "resource": "pods"},
                "object": {}
            }"#,
        );
        let ::core::result::Result::Ok(request) = request else { ::core::panic!("a request that cannot be read") };
        let host = ::policy_kit::Host::silent();
        let accepted = |least, most| super::validate(&request, &super::Limits { least, most, place: super::Place::inside() }, &host).is_accepted();
        ::core::assert!(accepted(1, 2));
        ::core::assert!(!accepted(2, 2));
    }

    #[::core::prelude::v1::test]
    fn requests_may_be_of_any_shape() {
        let accepted = |text| {
            let number = ::policy_kit::Raw::from_json(text);
            let ::core::result::Result::Ok(number) = number else { ::core::panic!("a number that cannot be read") };
            super::validate_raw(&number, &super::Limits { least: 1, most: 2, place: super::Place::inside() }).is_accepted()
        };
        ::core::assert!(accepted("1"));
        ::core::assert!(!accepted("0"));
    }

    #[::core::prelude::v1::test]
    fn the_check_is_called() {
        let check = |least, most| ::policy_kit::Settings::check(&super::Limits { least, most, place: super::Place::inside() });
        ::core::assert!(check(1, 2).is_ok());
        ::core::assert!(check(2, 1).is_err());
    }
}

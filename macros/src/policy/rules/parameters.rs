//! Rules about the parameters. The comment of each shows what it refuses.

use crate::errors::Errors;
use crate::policy::model::Policy;
use crate::words::words;

/// ```text
/// fn validate(&self, request: &Request) -> Verdict
/// ```
pub(super) fn no_self(policy: &Policy, errors: &mut Errors) {
    if let Some(receiver) = policy.signature.receiver() {
        let message = "a policy is a free function, as there is nothing it could be a method of: \
                       move it out of the `impl` and remove `self`; what it needs comes in as `settings`";
        errors.at(receiver, message);
    }
}

/// ```text
/// fn validate() -> Verdict
/// fn validate(request: &Request, settings: &Settings, host: &Host, more: &More) -> Verdict
/// ```
pub(super) fn one_to_three(policy: &Policy, errors: &mut Errors) {
    if policy.parameters.is_empty() {
        let message = "a policy looks at a request: write `request: &Request` between the parentheses";
        errors.add(syn::Error::new(policy.signature.paren_token.span.join(), message));
    }
    for parameter in policy.parameters.iter().skip(3) {
        let message = "a policy has at most three parameters, `request: &Request, settings: &Settings, host: &Host`: \
                       remove this one; what an operator can choose is a field of the settings";
        errors.at(parameter.syntax, message);
    }
}

/// ```text
/// fn validate(request: &Request, more: ...) -> Verdict
/// ```
pub(super) fn no_variadic(policy: &Policy, errors: &mut Errors) {
    if let Some(variadic) = &policy.signature.variadic {
        let message = "a policy has at most three parameters, \
                       `request: &Request, settings: &Settings, host: &Host`: remove this one";
        errors.at(variadic.dots, message);
    }
}

/// The macro counts parameters before the compiler drops any of them.
///
/// ```text
/// fn validate(request: &Request, #[cfg(feature = "strict")] settings: &Settings) -> Verdict
/// ```
pub(super) fn always_there(policy: &Policy, errors: &mut Errors) {
    for attribute in policy.parameters.iter().flat_map(|parameter| parameter.attributes()) {
        if attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr") {
            let message = "a parameter of a policy cannot depend on a configuration: remove this attribute, \
                           and put `#[cfg(…)]` on two functions that differ in their parameters";
            errors.at(attribute, message);
        }
    }
}

/// ```text
/// fn validate(request: Request) -> Verdict
/// fn validate(request: &mut Request) -> Verdict
/// fn validate(request: &'static Request) -> Verdict
/// ```
pub(super) fn borrowed(policy: &Policy, errors: &mut Errors) {
    for parameter in policy.parameters.iter().take(3) {
        match parameter.reference {
            None => {
                let ty = parameter.ty;
                let message = match (parameter.name(), parameter.type_name()) {
                    (Some(name), Some(type_name)) if is_one_word(ty, type_name) => {
                        format!("a policy borrows what it looks at: write `{name}: &{type_name}`")
                    }
                    _ => "a policy borrows what it looks at: put `&` before the type".to_owned(),
                };
                errors.at(ty, message);
            }
            Some(reference) => {
                if let Some(lifetime) = reference.lifetime.as_ref().filter(|lifetime| lifetime.ident == "static") {
                    let message = "what a policy looks at does not outlive its answer: remove `'static`";
                    errors.at(lifetime, message);
                }
                if let Some(token) = reference.mutability {
                    let message = "a policy cannot change what it looks at: remove `mut`; \
                                   a change of the object is part of the verdict";
                    errors.at(token, message);
                }
            }
        }
    }
}

fn is_one_word(ty: &syn::Type, word: &syn::Ident) -> bool {
    matches!(ty, syn::Type::Path(path) if path.path.is_ident(word))
}

/// ```text
/// fn validate(request: &Request, settings: &impl Limits) -> Verdict
/// ```
pub(super) fn named_types(policy: &Policy, errors: &mut Errors) {
    for parameter in policy.parameters.iter().take(3) {
        if words(parameter.ty).iter().any(|word| word == "impl") {
            let message =
                "a policy has no generic types, as nobody would choose them: write a type instead of `impl …`";
            errors.at(parameter.ty, message);
        }
    }
}

/// Only what can be seen without knowing types: two names that mean something here, at a place that is not theirs.
///
/// ```text
/// fn validate(settings: &Settings, request: &Request) -> Verdict
/// fn validate(request: &Request, host: &Host) -> Verdict
/// ```
pub(super) fn in_order(policy: &Policy, errors: &mut Errors) {
    for (index, parameter) in policy.parameters.iter().enumerate().take(3) {
        let Some(name) = parameter.type_name() else { continue };
        if (name == "Request" || name == "Raw" || name == "Material") && index != 0 {
            let message = format!("the request comes first: write `(request: &{name}, settings: &Settings)`");
            errors.at(parameter.syntax, message);
        }
        if name == "Host" && index != 2 {
            let message = "the host comes third: write `(request: &Request, settings: &Settings, host: &Host)`, \
                           with `settings: &NoSettings` if there are none";
            errors.at(parameter.syntax, message);
        }
    }
}

/// ```text
/// fn validate(order: &Raw<Order<'_>>) -> Verdict
/// fn validate(order: &Raw<&str>) -> Verdict
/// ```
pub(super) fn raw_requests_own_their_data(policy: &Policy, errors: &mut Errors) {
    if let Some(parameter) = policy.parameters.first()
        && parameter.type_name().is_some_and(|name| name == "Raw" || name == "Material")
        && words(parameter.ty).iter().any(|word| word.starts_with('\'') || word == "&")
    {
        let message = "what a raw request is decoded into owns its data: use a type without lifetimes, \
                       with `String` in place of `&str` and `Vec<T>` in place of `&[T]`";
        errors.at(parameter.ty, message);
    }
}

/// ```text
/// fn validate(request: &Request, settings: &Settings<'_>) -> Verdict
/// ```
pub(super) fn settings_own_their_data(policy: &Policy, errors: &mut Errors) {
    if let Some(settings) = policy.settings()
        && words(settings).iter().any(|word| word.starts_with('\''))
    {
        let message = "settings own their data: use a type without lifetimes, \
                       with `String` in place of `&str` and `Vec<T>` in place of `&[T]`";
        errors.at(settings, message);
    }
}

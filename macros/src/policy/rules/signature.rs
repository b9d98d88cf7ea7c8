//! Rules about the function as a whole. The comment of each shows what it refuses.

use quote::ToTokens as _;
use syn::{GenericParam, ReturnType, Safety, Type};

use crate::errors::Errors;
use crate::policy::model::Policy;
use crate::words::words;

/// ```text
/// async fn validate(request: &Request) -> Verdict
/// ```
pub(super) fn not_async(policy: &Policy, errors: &mut Errors) {
    if let Some(token) = policy.signature.asyncness {
        let message = "a policy cannot be async, as a module has nothing else to do while it waits: remove `async`; \
                       calls of the host return when the answer is there";
        errors.at(token, message);
    }
}

/// ```text
/// unsafe fn validate(request: &Request) -> Verdict
/// ```
pub(super) fn not_unsafe(policy: &Policy, errors: &mut Errors) {
    if let Safety::Unsafe(token) = policy.signature.safety {
        let message = "a policy cannot be unsafe, as the host does not know what it would have to promise: \
                       remove `unsafe`";
        errors.at(token, message);
    }
}

/// ```text
/// extern "C" fn validate(request: &Request) -> Verdict
/// ```
pub(super) fn no_abi(policy: &Policy, errors: &mut Errors) {
    if let Some(abi) = &policy.signature.abi {
        let words = abi.to_token_stream();
        let message =
            format!("a policy is an ordinary function, and the macro adds the entry points: remove `{words}`");
        errors.at(abi, message);
    }
}

/// Lifetimes are fine.
///
/// ```text
/// fn validate<T>(request: &Request, settings: &T) -> Verdict
/// fn validate<const LIMIT: usize>(request: &Request) -> Verdict
/// ```
pub(super) fn no_generics(policy: &Policy, errors: &mut Errors) {
    for parameter in &policy.signature.generics.params {
        match parameter {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(ty) => {
                let name = &ty.ident;
                let message = format!(
                    "a policy has no generic types, as nobody would choose them: write a type instead of `{name}`"
                );
                errors.at(ty, message);
            }
            GenericParam::Const(constant) => {
                let name = &constant.ident;
                let message = format!(
                    "a policy has no generic constants, as nobody would choose them: \
                     write `const {name}` outside of the function, or make it a field of the settings"
                );
                errors.at(constant, message);
            }
        }
    }
}

/// ```text
/// fn validate(request: &Request) -> Verdict;
/// ```
pub(super) fn has_a_body(policy: &Policy, errors: &mut Errors) {
    if let Some(semicolon) = policy.semicolon {
        errors.at(semicolon, "a policy needs a body: write `{ … }` instead of `;`");
    }
}

/// What is returned is judged by its type and not by its name. These are seen before, as the compiler's own words
/// would not say what a policy returns.
///
/// ```text
/// fn validate(request: &Request)
/// fn validate(request: &Request) -> ()
/// fn validate(request: &Request) -> bool
/// ```
pub(super) fn returns_a_verdict(policy: &Policy, errors: &mut Errors) {
    match &policy.signature.output {
        ReturnType::Default => {
            let message = "a policy returns its verdict: \
                           write `-> Verdict` (or `-> Result<Verdict, E>`) after the parameters";
            errors.at(policy.name(), message);
        }
        ReturnType::Type(_, ty) => match &**ty {
            Type::Tuple(tuple) if tuple.elems.is_empty() => {
                let message = "a policy returns its verdict: write `Verdict` (or `Result<Verdict, E>`) instead of `()`";
                errors.at(tuple, message);
            }
            Type::Path(path) if path.path.is_ident("bool") => {
                let message = "a policy says why it rejects: \
                               return a `Verdict` (or `Result<Verdict, E>`) instead of a `bool`";
                errors.at(path, message);
            }
            _ => {}
        },
    }
}

/// The library keeps what is returned for longer than it lends the request. `'static` is fine.
///
/// ```text
/// fn validate(request: &Request) -> Result<Verdict, &str>
/// fn validate<'a>(request: &'a Request) -> Result<Verdict, Error<'a>>
/// fn validate(request: &Request) -> impl IntoAnswer<Verdict>
/// ```
pub(super) fn returns_what_it_owns(policy: &Policy, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = &policy.signature.output else { return };
    let words = words(ty);
    let borrows = words.iter().enumerate().any(|(index, word)| match word.as_str() {
        "&" => words.get(index + 1).is_none_or(|next| !next.starts_with('\'')),
        word => word.starts_with('\'') && word != "'static",
    });
    if borrows {
        let message = "what a policy returns owns its data, as it outlives the request: \
                       use a type without lifetimes, with `String` in place of `&str`";
        errors.at(ty, message);
    }
    if words.iter().any(|word| word == "impl") {
        errors.at(ty, "a policy names what it returns: write `Verdict` (or `Result<Verdict, E>`) instead of `impl …`");
    }
}

//! The rules of a policy function: one function per rule. All of them look at every function, so that one build shows
//! all mistakes.

mod parameters;
mod signature;

use super::model::Policy;
use crate::errors::Errors;

type Rule = fn(&Policy, &mut Errors);

const RULES: &[Rule] = &[
    signature::not_async,
    signature::not_unsafe,
    signature::no_abi,
    signature::no_generics,
    signature::has_a_body,
    signature::returns_a_verdict,
    signature::returns_what_it_owns,
    parameters::no_self,
    parameters::one_to_three,
    parameters::no_variadic,
    parameters::always_there,
    parameters::borrowed,
    parameters::named_types,
    parameters::in_order,
    parameters::raw_requests_own_their_data,
    parameters::settings_own_their_data,
];

/// Reports every mistake in the function.
pub(crate) fn check(policy: &Policy, errors: &mut Errors) {
    for rule in RULES {
        rule(policy, errors);
    }
}

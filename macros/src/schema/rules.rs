//! What cannot have a schema.

use syn::{Data, DeriveInput};

use crate::errors::Errors;

/// ```text
/// struct Range<T> { min: T, max: T }
/// union Number { small: u8, large: u64 }
/// ```
pub(super) fn check(input: &DeriveInput, errors: &mut Errors) {
    for parameter in &input.generics.params {
        let message = "a part of settings has no generics when it derives `JsonSchema`: write the type that is meant";
        errors.at(parameter, message);
    }
    if let Data::Union(data) = &input.data {
        errors.at(data.union_token, "a part of settings is a struct or an enum, as nothing else can be decoded");
    }
}

//! JSON Schemas of settings. Without the feature `schema`, the macros here expand to nothing.
//!
//! The derives call the macros with a copy of the author's type. schemars derives the schema of the copy, which is in a
//! scope of its own and called `__AdmitShadow`.

/// The item of `impl Settings for …` that returns the schema.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "schema")]
macro_rules! __settings_schema {
    ($($shadow:tt)*) => {
        fn __schema() -> ::core::option::Option<$crate::__private::Json> {
            // Names that schemars' expansion takes from the prelude, which a crate may not have. They are imported one by
            // one, as another name could be that of a type of the author's.
            #[allow(unused_imports, reason = "how many of them are needed depends on the type")]
            use ::core::{convert::Into as _, default::Default as _, iter::Extend as _, option::Option::{None, Some}};
            $($shadow)*
            ::core::option::Option::Some($crate::__private::schema_of::<__AdmitShadow>())
        }
    };
}

/// Expands to nothing, without the feature `schema`.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "schema"))]
macro_rules! __settings_schema {
    ($($shadow:tt)*) => {};
}

/// The schema of a type that is a part of settings.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "schema")]
macro_rules! __json_schema {
    ($name:ident { $($shadow:tt)* }) => {
        const _: () = {
            #[allow(unused_imports, reason = "as above")]
            use ::core::{convert::Into as _, default::Default as _, iter::Extend as _, option::Option::{None, Some}};
            $($shadow)*

            #[automatically_derived]
            impl $crate::__private::schemars::JsonSchema for $name {
                fn schema_name() -> $crate::__private::Text {
                    <__AdmitShadow as $crate::__private::schemars::JsonSchema>::schema_name()
                }

                fn schema_id() -> $crate::__private::Text {
                    <__AdmitShadow as $crate::__private::schemars::JsonSchema>::schema_id()
                }

                fn json_schema(
                    generator: &mut $crate::__private::schemars::SchemaGenerator,
                ) -> $crate::__private::schemars::Schema {
                    <__AdmitShadow as $crate::__private::schemars::JsonSchema>::json_schema(generator)
                }

                fn inline_schema() -> bool {
                    <__AdmitShadow as $crate::__private::schemars::JsonSchema>::inline_schema()
                }
            }
        };
    };
}

/// Expands to nothing, without the feature `schema`.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "schema"))]
macro_rules! __json_schema {
    ($($shadow:tt)*) => {};
}

pub use __json_schema as json_schema;
pub use __settings_schema as settings_schema;
#[cfg(feature = "schema")]
pub use schemars;

/// The schema of a type: draft 2020-12, for what is decoded.
#[cfg(feature = "schema")]
pub fn schema_of<T: schemars::JsonSchema>() -> serde_json::Value {
    schemars::generate::SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
}

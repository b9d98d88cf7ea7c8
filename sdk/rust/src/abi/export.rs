//! Which entry points a policy gets. The choice is made by the features of this crate, so that the policy's source and
//! the macro's expansion are the same for every ABI.

/// Emits the entry points of a waPC module.
#[doc(hidden)]
#[macro_export]
#[cfg(all(target_arch = "wasm32", feature = "wapc", not(any(feature = "wasi", feature = "chainloop"))))]
macro_rules! __export_policy {
    ($validate:expr, $settings:expr, $host:ident, $incoming:ty, $rules:expr $(,)?) => {
        // A name that only the expansion uses: an item here shadows items of the same name in the author's code.
        static __ADMIT_POLICY: $crate::__private::Policy =
            $crate::__private::Policy { validate: $validate, settings: $settings };
        $crate::__private::mark_module!($host, $incoming);

        #[unsafe(no_mangle)]
        extern "C" fn wapc_init() {
            $crate::__private::wapc::init();
        }

        #[unsafe(no_mangle)]
        extern "C" fn __guest_call(operation: u32, payload: u32) -> u32 {
            $crate::__private::wapc::guest_call(&__ADMIT_POLICY, operation, payload)
        }
    };
}

/// Emits the entry point of a WASI module. Only a policy that takes a host imports `host.call`.
#[doc(hidden)]
#[macro_export]
#[cfg(all(target_arch = "wasm32", feature = "wasi", not(feature = "chainloop")))]
macro_rules! __export_policy {
    ($validate:expr, $settings:expr, $host:ident, $incoming:ty, $rules:expr $(,)?) => {
        // A name that only the expansion uses: an item here shadows items of the same name in the author's code.
        static __ADMIT_POLICY: $crate::__private::Policy =
            $crate::__private::Policy { validate: $validate, settings: $settings };
        $crate::__private::mark_module!($host, $incoming);

        #[unsafe(no_mangle)]
        extern "C" fn _start() {
            $crate::__private::wasi::$host(&__ADMIT_POLICY);
        }
    };
}

/// Emits the entry point of an Extism module, as Chainloop calls it.
#[doc(hidden)]
#[macro_export]
#[cfg(all(target_arch = "wasm32", feature = "chainloop"))]
macro_rules! __export_policy {
    ($validate:expr, $settings:expr, $host:ident, $incoming:ty, $rules:expr $(,)?) => {
        // A name that only the expansion uses: an item here shadows items of the same name in the author's code.
        static __ADMIT_POLICY: $crate::__private::PolicyOf<$incoming> =
            $crate::__private::Policy { validate: $validate, settings: $settings };
        $crate::__private::mark_module!($host, $incoming);

        #[unsafe(export_name = "Execute")]
        extern "C" fn __admit_execute() -> i32 {
            $crate::__private::extism::$host::<$incoming>(&__ADMIT_POLICY, $rules)
        }
    };
}

/// Puts the custom section into the module that says how it was made: see [`crate::wire::Marker`].
#[doc(hidden)]
#[macro_export]
#[cfg(all(target_arch = "wasm32", any(feature = "wapc", feature = "wasi", feature = "chainloop")))]
macro_rules! __mark_module {
    ($host:ident, $incoming:ty) => {
        const __ADMIT_MARKER: &str =
            $crate::__private::marker::$host(<$incoming as $crate::__private::Incoming>::TAKES);
        // Bytes, not a reference to them: that is what becomes a custom section. With `#[used]`, the bytes would be in the
        // module's memory as well.
        #[unsafe(link_section = "admit")]
        static __ADMIT_SECTION: [u8; __ADMIT_MARKER.len()] = $crate::__private::marker::bytes(__ADMIT_MARKER);
    };
}

/// Natively, or without an ABI feature, there is nothing to export; the policy is still type-checked.
#[doc(hidden)]
#[macro_export]
#[cfg(not(all(target_arch = "wasm32", any(feature = "wapc", feature = "wasi", feature = "chainloop"))))]
macro_rules! __export_policy {
    ($validate:expr, $settings:expr, $host:ident, $incoming:ty, $rules:expr $(,)?) => {
        // The type of the answer is inferred: if it were named here, the compiler would report each mistake twice.
        const _: fn() = || {
            let _ = $crate::__private::Policy { validate: $validate, settings: $settings };
        };
    };
}

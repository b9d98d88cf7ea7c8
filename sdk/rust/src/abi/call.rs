//! The host call that both ABIs have: the same eight arguments, with opposite results.
#![allow(unsafe_code, reason = "this file is the border to the host: pointers cross it")]

use crate::wire::BINDING;

/// The import: binding, namespace, operation and payload, each as a pointer and its length in bytes.
pub(super) type Import =
    unsafe extern "C" fn(*const u8, usize, *const u8, usize, *const u8, usize, *const u8, usize) -> u32;

/// Calls the host through `import`, and gives back its result code.
///
/// # Safety
///
/// `import` must read only the four ranges that it is given, and only during the call.
pub(super) unsafe fn call(import: Import, namespace: &str, operation: &str, payload: &[u8]) -> u32 {
    // SAFETY: the slices live until the call returns; the rest is what the caller promised.
    unsafe {
        import(
            BINDING.as_ptr(),
            BINDING.len(),
            namespace.as_ptr(),
            namespace.len(),
            operation.as_ptr(),
            operation.len(),
            payload.as_ptr(),
            payload.len(),
        )
    }
}

//! The waPC ABI, for Kubewarden's execution mode `kubewarden-wapc`.
//!
//! Buffers belong to the guest; the host copies in and out of them during an import call. Contract: the host passes the
//! lengths of operation and payload to `__guest_call`, fills both buffers in `__guest_request`, and reads the answer
//! during `__guest_response` or `__guest_error`. The result is 1 for an answer, 0 for an error.
#![allow(unsafe_code, reason = "this file is the border to the host: pointers cross it")]

use super::{call, panic};
use crate::dispatch::Policy;
use crate::host::{Host, HostClient};

#[link(wasm_import_module = "wapc")]
unsafe extern "C" {
    fn __guest_request(operation: *mut u8, payload: *mut u8);
    fn __guest_response(answer: *const u8, length: usize);
    fn __guest_error(text: *const u8, length: usize);
    fn __host_call(
        binding: *const u8,
        binding_length: usize,
        namespace: *const u8,
        namespace_length: usize,
        operation: *const u8,
        operation_length: usize,
        payload: *const u8,
        payload_length: usize,
    ) -> u32;
    safe fn __host_response_len() -> usize;
    fn __host_response(answer: *mut u8);
    safe fn __host_error_len() -> usize;
    fn __host_error(text: *mut u8);
}

/// `wapc_init`: called once, before any operation.
pub fn init() {
    panic::install(|panic| {
        let _ = Imports.call("tracing", "log", &panic.record().to_json());
    });
}

/// `__guest_call`: lengths in bytes in, 1 (answered) or 0 (failed) out.
pub fn guest_call(policy: &Policy, operation_length: u32, payload_length: u32) -> u32 {
    let mut operation = Vec::with_capacity(operation_length as usize);
    let mut payload = Vec::with_capacity(payload_length as usize);
    // SAFETY: the host writes exactly the lengths that it gave to `__guest_call`, which are the capacities of the buffers.
    // They are not zeroed before: that alone would cost a unit of fuel for every byte.
    unsafe {
        __guest_request(operation.as_mut_ptr(), payload.as_mut_ptr());
        operation.set_len(operation_length as usize);
        payload.set_len(payload_length as usize);
    }
    match policy.call(&operation, payload, &Host::new(Imports)) {
        Ok(answer) => {
            // SAFETY: the host reads `length` bytes of a live buffer during the call.
            unsafe { __guest_response(answer.as_ptr(), answer.len()) };
            1
        }
        Err(text) => {
            // SAFETY: as above.
            unsafe { __guest_error(text.as_ptr(), text.len()) };
            0
        }
    }
}

/// The host as this ABI gives it: a [`HostClient`] over the imports.
struct Imports;

impl HostClient for Imports {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, String> {
        // SAFETY: a waPC host reads the four ranges during the call and keeps none of them.
        let answered = unsafe { call::call(__host_call, namespace, operation, payload) };
        if answered == 1 {
            let mut answer = vec![0; __host_response_len()];
            // SAFETY: the host writes the answer of the call above, whose length it has just told.
            unsafe { __host_response(answer.as_mut_ptr()) };
            Ok(answer)
        } else {
            let mut text = vec![0; __host_error_len()];
            // SAFETY: as above.
            unsafe { __host_error(text.as_mut_ptr()) };
            Err(String::from_utf8_lossy(&text).into_owned())
        }
    }
}

//! Traps two calls deep; compiled with debug data.
#![no_std]
#![crate_type = "cdylib"]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

#[inline(never)]
fn deep_down(length: usize) -> i32 {
    if length > 0 {
        core::arch::wasm32::unreachable()
    }
    1
}

#[unsafe(no_mangle)]
extern "C" fn __guest_call(operation: usize, _message: usize) -> i32 {
    deep_down(operation)
}

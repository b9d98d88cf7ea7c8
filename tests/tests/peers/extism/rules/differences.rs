//! Where the runtime of the Extism project does otherwise than Chainloop's host.

use Said::{Error, Output, Refused};

/// What a module gives there.
#[derive(Debug)]
pub(super) enum Said {
    Output(&'static str),
    /// The call failed.
    Error(&'static str),
    /// There was nothing to call.
    Refused(&'static str),
}

const UNREACHABLE: &str = "wasm trap: wasm `unreachable` instruction executed";
const OUT_OF_BOUNDS: &str = "wasm trap: out of bounds memory access";
const BAD_STATUS: &str = "exit with invalid exit status outside of [0..126)";

/// The name of a module in `guests/chainloop`; what it gives here is in its header.
#[rustfmt::skip]
pub(super) const DIFFERENCES: &[(&str, Said)] = &[
    // An error that was set is not hidden by a trap or an exit.
    ("exit-3", Error("boom")),
    ("trap-after-an-error", Error("boom")),
    // Nor does it have to be readable to be one.
    ("error-not-utf8", Error("unable to load error message from memory: invalid utf-8 sequence of 1 bytes from index 1")),

    // Exit codes are those of a process.
    ("exit-200", Error(BAD_STATUS)),
    ("exit-like-a-timeout", Error(BAD_STATUS)),
    ("exit-minus-2", Error(BAD_STATUS)),

    // Other words for the same.
    ("timeout", Error("timeout")),
    ("trap", Error(UNREACHABLE)),
    ("trap-after-a-log", Error(UNREACHABLE)),
    ("trap-conversion", Error("wasm trap: invalid conversion to integer")),
    ("trap-division", Error("wasm trap: integer divide by zero")),
    ("trap-memory", Error(OUT_OF_BOUNDS)),
    ("trap-null", Error("wasm trap: uninitialized element")),
    ("trap-overflow", Error("wasm trap: integer overflow")),
    ("trap-signature", Error("wasm trap: indirect call type mismatch")),
    ("trap-stack", Error("wasm trap: call stack exhausted")),
    ("trap-table", Error("wasm trap: undefined element: out of bounds table access")),
    ("haskell-type", Error("expected 1 arguments, got 2")),
    ("http-denied", Error("HTTP request to https://example.com/x is not allowed")),
    ("http-not-a-request", Error("invalid type: integer `7`, expected a string at line 1 column 8")),

    // A request needs its fields.
    ("http-nowhere", Error("invalid type: null, expected struct HttpRequest at line 1 column 4")),

    // Constructors come first, and before the input.
    ("initialize-first", Output("99 0 ")),
    // What a reactor starts with is called when it is instantiated, or it is none.
    ("initialize-exits", Refused("Exited with i32 exit status 0")),
    ("initialize-traps", Refused(UNREACHABLE)),
    ("initialize-with-parameters", Refused("expected 0 types, found 1")),
    ("haskell-initialize-traps", Refused(UNREACHABLE)),
    // The start section can call what a call can.
    ("start-section-import", Output("")),
    ("start-section-trap", Refused(UNREACHABLE)),

    // Words behind the end of the memory are 0 and are not stored. So are bytes, but for the first one behind it: a trap.
    ("load-u64-out-of-range", Output("")),
    ("store-u64-out-of-range", Output("")),
    ("input-load-u64-out-of-range", Output("")),
    ("load-u8-out-of-range", Error(OUT_OF_BOUNDS)),
    ("store-u8-out-of-range", Error(OUT_OF_BOUNDS)),
    // Addresses of words have 64 bits, too.
    ("words-see-half-an-address", Output("0 0 ")),
    // The end of an input that was moved is the end of the input.
    ("input-set", Output("3 120 0 3 ")),
    // The length is cut to 32 bits.
    ("alloc-too-large", Output("0 0 77 ")),

    // Blocks that were given away are freed, and what is none is an error.
    ("config-args", Error("invalid handle offset for config key: 77")),
    ("log-frees-its-message", Error("invalid handle offset for log message: 18446744073709551615")),
    // Other sums.
    ("vars-almost-full", Error("Variable store is full")),
    // The WASI of the time before it had a name.
    ("load-old-wasi", Output("")),
];

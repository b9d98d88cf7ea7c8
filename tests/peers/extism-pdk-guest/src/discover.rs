//! The function that Chainloop adds to the ABI, under its two names.

use extism_pdk::{host_fn, Error};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Request {
    digest: String,
    kind: String,
    module: Module,
}

/// What the function is imported from.
#[derive(Deserialize)]
enum Module {
    #[serde(rename = "extism:host/user")]
    User,
    #[serde(rename = "env")]
    Env,
}

mod user {
    use super::*;

    #[host_fn]
    extern "ExtismHost" {
        pub(super) fn chainloop_discover(digest: String, kind: String) -> String;
    }
}

mod env {
    use super::*;

    #[host_fn("env")]
    extern "ExtismHost" {
        pub(super) fn chainloop_discover(digest: String, kind: String) -> String;
    }
}

pub(crate) fn discover(request: Request) -> Result<String, Error> {
    let Request { digest, kind, module } = request;
    // SAFETY: the kit calls every function of a host unsafe; this one is given two blocks and gives one.
    unsafe {
        match module {
            Module::User => user::chainloop_discover(digest, kind),
            Module::Env => env::chainloop_discover(digest, kind),
        }
    }
}

//! Does what its input asks for. An input that asks for nothing is its output.

mod discover;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI32, Ordering};

use extism_pdk::{
    config, debug, error, http, info, input_bytes, plugin_fn, trace, var, warn, Error, FnResult, HttpRequest, Memory,
    WithReturnCode,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Deserialize)]
struct Question {
    ask: Ask,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ask {
    /// The value of a key of the configuration.
    Config(String),
    /// A record of each level.
    Log,
    /// An error with this text.
    Fail(String),
    /// The same, with a return code.
    FailWith(String, i32),
    /// An output, and a return code.
    Return(String, i32),
    /// An output, and then an error all the same.
    OutputAndFail(String, String),
    Panic(String),
    Vars,
    Http(Request),
    Discover(discover::Request),
    /// Whether blocks of every length up to this one come back as they were written.
    Blocks(usize),
}

#[derive(Deserialize)]
struct Request {
    url: String,
    method: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<String>,
}

/// What `Execute` returns with an output: the kit's own functions return 0 then.
static CODE: AtomicI32 = AtomicI32::new(0);

/// Calls the function that the kit makes of [`answer`].
#[no_mangle]
#[allow(non_snake_case, reason = "Chainloop calls it by this name")]
pub extern "C" fn Execute() -> i32 {
    match answer() {
        0 => CODE.load(Ordering::Relaxed),
        failed => failed,
    }
}

#[plugin_fn]
pub fn answer() -> FnResult<Vec<u8>> {
    let input = input_bytes();
    let Ok(Question { ask }) = serde_json::from_slice(&input) else { return Ok(input) };
    Ok(match ask {
        Ask::Config(key) => said(&config::get(key)?)?,
        Ask::Log => {
            trace!("a {}", "trace");
            debug!("a {}", "debug");
            info!("a {}", "info");
            warn!("a {}", "warn");
            error!("an {}", "error");
            said(&"logged")?
        }
        Ask::Fail(text) => return Err(Error::msg(text).into()),
        Ask::FailWith(text, code) => return Err(WithReturnCode::new(Error::msg(text), code)),
        Ask::Return(text, code) => {
            CODE.store(code, Ordering::Relaxed);
            text.into_bytes()
        }
        Ask::OutputAndFail(text, error) => {
            extism_pdk::output(text)?;
            return Err(Error::msg(error).into());
        }
        Ask::Panic(text) => panic!("{text}"),
        Ask::Vars => vars()?,
        Ask::Http(request) => requested(request)?,
        Ask::Discover(request) => said(&discover::discover(request)?)?,
        Ask::Blocks(longest) => blocks(longest)?,
    })
}

fn said(value: &impl Serialize) -> Result<Vec<u8>, Error> {
    Ok(serde_json::to_vec(value)?)
}

fn vars() -> Result<Vec<u8>, Error> {
    let mut seen: Vec<Option<String>> = vec![var::get("key")?];
    var::set("key", "first")?;
    seen.push(var::get("key")?);
    var::set("key", "the second one")?;
    var::set("other", "other")?;
    seen.push(var::get("key")?);
    var::remove("key")?;
    seen.push(var::get("key")?);
    seen.push(var::get("other")?);
    said(&seen)
}

fn requested(request: Request) -> Result<Vec<u8>, Error> {
    let head = HttpRequest { url: request.url, method: request.method, headers: request.headers };
    let response = http::request(&head, request.body)?;
    let body = String::from_utf8(response.body())?;
    said(&json!({"status": response.status_code(), "headers": response.headers().len(), "body": body}))
}

fn blocks(longest: usize) -> Result<Vec<u8>, Error> {
    let mut wrong = Vec::new();
    for length in 0..=longest {
        let bytes: Vec<u8> = (0..length).map(|at| (at * 7 + length) as u8).collect();
        let block = Memory::from_bytes(&bytes)?;
        // A block without bytes is none.
        let read = Memory::find(block.offset()).map(|found| found.to_vec()).unwrap_or_default();
        if read != bytes || block.to_vec() != bytes {
            wrong.push(length);
        }
        // Every second one, so that later blocks come where earlier ones were.
        if length % 2 == 0 {
            block.free();
        }
    }
    said(&wrong)
}

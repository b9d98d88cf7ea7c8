//! A policy server in few lines: `policy-server ADDRESS NAME=POLICY.wasm…` answers `POST /NAME` with an AdmissionReview.
//!
//! TLS, which API servers ask for, is left to what is in front of it.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use admit_runtime::request::{AdmissionRequest, Request};
use admit_runtime::{CompiledPolicy, Engine, EngineOptions, RunOptions};
use serde_json::{Map, Value, json};

/// Requests are not larger on any API server.
const MAX_BODY: u64 = 8 << 20;

type Policies = BTreeMap<String, CompiledPolicy>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("give the address to listen on")?;
    // One engine for all policies; each policy is compiled once.
    let engine = Engine::new(EngineOptions::serving())?;
    let mut policies = Policies::new();
    for argument in arguments {
        let (name, path) = argument.split_once('=').ok_or("policies are given as NAME=POLICY.wasm")?;
        policies.insert(format!("/{name}"), CompiledPolicy::from_file(&engine, Path::new(path))?);
    }
    let (listener, policies) = (TcpListener::bind(address)?, Arc::new(policies));
    println!("listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        let policies = Arc::clone(&policies);
        thread::spawn(move || stream.and_then(|stream| serve(stream, &policies)));
    }
    Ok(())
}

/// Answers one request.
fn serve(mut stream: TcpStream, policies: &Policies) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?.take(MAX_BODY));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    loop {
        line.clear();
        // The last header field is followed by an empty line.
        if reader.read_line(&mut line)? <= 2 {
            break;
        }
        if let Some((name, value)) =
            line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        {
            length = value.trim().parse().map_err(|_| io::Error::other(format!("{name} is not a number")))?;
        }
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    let (status, answer) = match policies.get(&path).map(|policy| review(policy, &body)) {
        Some(Ok(review)) => ("200 OK", review.to_string()),
        Some(Err(error)) => ("400 Bad Request", error.to_string()),
        None => ("404 Not Found", format!("there is no policy {path}")),
    };
    write!(stream, "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{answer}", answer.len())
}

/// An AdmissionReview with the policy's response.
fn review(policy: &CompiledPolicy, body: &[u8]) -> serde_json::Result<Value> {
    let mut review: Value = serde_json::from_slice(body)?;
    let request: AdmissionRequest = serde_json::from_value(review["request"].take())?;
    // The clocks of this machine, real randomness, and no capability: a server grants what its administrator says.
    let options = RunOptions::serving();
    let outcome = policy.validate(&Request::Kubernetes(Box::new(request)), &Map::new(), &options);
    Ok(json!({"apiVersion": review["apiVersion"], "kind": "AdmissionReview", "response": outcome.response}))
}

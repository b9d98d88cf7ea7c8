//! The example `policy-server`, from outside.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// Rejects every request.
const POLICY: &str = r#"(module
  (import "wapc" "__guest_response" (func $respond (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "{\"accepted\":false,\"message\":\"not today\",\"code\":403}")
  (func (export "__guest_call") (param i32 i32) (result i32)
    (call $respond (i32.const 0) (i32.const 51)) (i32.const 1)))"#;

struct Server {
    process: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Server {
    fn start(policy: &std::path::Path) -> Self {
        let mut process = Command::new(example())
            .arg("127.0.0.1:0")
            .arg(format!("no={}", policy.display()))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the example starts");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on ").expect("its address").to_owned();
        Self { process, address }
    }

    /// Status line and body.
    fn post(&self, path: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        (head.lines().next().unwrap_or_default().to_owned(), body.to_owned())
    }
}

/// Cargo builds it with the tests, beside them.
fn example() -> PathBuf {
    let tests = std::env::current_exe().expect("a path");
    let folder = tests.parent().and_then(|deps| deps.parent()).expect("target/debug/deps");
    let example = folder.join("examples").join(format!("policy-server{}", std::env::consts::EXE_SUFFIX));
    assert!(example.exists(), "{} is missing: run `cargo test -p admit-runtime`", example.display());
    example
}

#[test]
fn reviews_are_answered() {
    let folder = tempfile::TempDir::new().unwrap();
    let policy = folder.path().join("policy.wasm");
    std::fs::write(&policy, wat::parse_str(POLICY).unwrap()).unwrap();
    let server = Server::start(&policy);
    let review = json!({
        "apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview",
        "request": {
            "uid": "u-1", "operation": "CREATE", "userInfo": {},
            "kind": {"group": "", "version": "v1", "kind": "Pod"},
            "resource": {"group": "", "version": "v1", "resource": "pods"},
            "object": {"apiVersion": "v1", "kind": "Pod"},
        },
    });
    let (status, body) = server.post("/no", &review.to_string());
    assert_eq!(status, "HTTP/1.1 200 OK");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(answer["apiVersion"], "admission.k8s.io/v1");
    assert_eq!(answer["response"]["uid"], "u-1");
    assert_eq!(answer["response"]["allowed"], false);
    assert_eq!(answer["response"]["status"]["message"], "not today");

    assert_eq!(server.post("/yes", "{}").0, "HTTP/1.1 404 Not Found");
    assert_eq!(server.post("/no", "no JSON").0, "HTTP/1.1 400 Bad Request");
    assert_eq!(server.post("/no", "{}").0, "HTTP/1.1 400 Bad Request");
}

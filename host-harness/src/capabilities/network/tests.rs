use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;

use super::*;
use crate::capabilities::{Faulty, NoSource, Recorder};
use admit_runtime::internal::{HttpError, perform};

/// Answers one connection after the other with these, and hands back what it was sent.
fn serve(answers: Vec<Vec<u8>>) -> (SocketAddr, thread::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = thread::spawn(move || answers.iter().map(|answer| exchange(&listener, answer)).collect());
    (address, server)
}

fn exchange(listener: &TcpListener, answer: &[u8]) -> String {
    let (mut stream, _) = listener.accept().expect("a connection");
    let mut reader = BufReader::new(stream.try_clone().expect("a reader"));
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let start = text.len();
        reader.read_line(&mut text).expect("a line");
        let line = text[start..].trim().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().expect("a number");
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).expect("a body");
    text.push_str(&String::from_utf8_lossy(&body));
    // The client may have gone away.
    let _ = stream.write_all(answer);
    text
}

fn answer(status: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n{fields}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn network() -> Network {
    Network::new(Arc::new(NoSource::new("there is nothing else")), Duration::from_secs(20))
}

fn ask(method: &str, url: String, body: &[u8]) -> Result<HttpResponse, CallError> {
    let headers = [("X-Asked", "yes"), ("Host", "other.example")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let request = HttpRequest { method: method.to_owned(), url, headers, body: body.to_vec() };
    hop(&network(), &request)
}

fn hop(network: &Network, request: &HttpRequest) -> Result<HttpResponse, CallError> {
    let payload = serde_json::to_vec(request).expect("JSON");
    let answer = network.call("http", "request", &payload)?;
    Ok(serde_json::from_slice(&answer).expect("a response"))
}

#[test]
fn a_request_and_its_response() {
    let fields = "X-Twice: a\r\nx-twice: b\r\n";
    let (address, server) = serve(vec![answer("200 OK", fields, &[0xff, 0]), answer("404 Not Found", "", b"gone")]);
    let response = ask("GET", format!("http://{address}/a?b=c#d"), b"").expect("a response");
    assert_eq!((response.status, response.body), (200, vec![0xff, 0]));
    assert_eq!(response.headers["x-twice"], "a,b");
    let response = ask("GET", format!("http://{address}/none"), b"").expect("a response");
    assert_eq!((response.status, response.body), (404, b"gone".to_vec()));
    let asked = server.join().expect("it ends");
    assert!(asked[0].starts_with("GET /a?b=c HTTP/1.1\r\n"), "{}", asked[0]);
    let lines: Vec<String> = asked[0].lines().map(str::to_ascii_lowercase).collect();
    assert!(lines.contains(&"x-asked: yes".to_owned()) && lines.contains(&format!("host: {address}")), "{lines:?}");
}

#[test]
fn bodies_arrive() {
    let (address, server) = serve(vec![answer("201 Created", "", b""); 3]);
    let response = ask("POST", format!("http://{address}/"), b"{\"a\": 1}").expect("a response");
    assert_eq!((response.status, response.body), (201, Vec::new()));
    ask("POST", format!("http://{address}/"), b"").expect("a response");
    ask("DELETE", format!("http://{address}/"), b"why").expect("a response");
    let asked = server.join().expect("it ends");
    assert!(asked[0].starts_with("POST / ") && asked[0].ends_with("\r\n\r\n{\"a\": 1}"), "{}", asked[0]);
    assert!(asked[1].to_lowercase().contains("content-length: 0\r\n"), "{}", asked[1]);
    assert!(asked[2].starts_with("DELETE / ") && asked[2].ends_with("why"), "{}", asked[2]);
}

#[test]
fn there_may_be_no_response() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let refused = ask("GET", format!("http://{address}/"), b"").expect_err("nobody listens");
    assert!(matches!(&refused, CallError::Failed(text) if text.contains("refused")), "{refused:?}");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let network = Network::new(Arc::new(NoSource::new("")), Duration::from_millis(100));
    let request = HttpRequest { method: "GET".to_owned(), url, ..HttpRequest::default() };
    assert_eq!(hop(&network, &request), Err(CallError::TimedOut));
    // The time of the run is shorter than that of a request; and what is around the network tells it.
    let network = Network::new(Arc::new(NoSource::new("")), Duration::from_secs(3600));
    let network = Recorder::new(Arc::new(Faulty::new(Arc::new(network), [])));
    let payload = serde_json::to_vec(&request).expect("a request");
    let answer = network.call_until(Deadline::after(Duration::from_millis(100)), HTTP, REQUEST, &payload);
    assert_eq!(answer, Err(CallError::TimedOut));
    for (method, url, text) in [
        ("GET", "ftp://127.0.0.1/", "unsupported protocol scheme \"ftp\""),
        ("GET", "x", "invalid url: relative URL without a base"),
        ("G T", "http://127.0.0.1/", "net/http: invalid method \"G T\""),
    ] {
        assert_eq!(ask(method, url.to_owned(), b""), Err(CallError::Failed(text.to_owned())));
    }
}

#[test]
fn a_redirect_leads_nowhere_by_itself() {
    let to = |url: &str| answer("302 Found", &format!("Location: {url}\r\n"), b"moved");
    let (address, server) = serve(vec![to("/next"), to("http://localhost:1/x"), to("/next")]);
    let start = HttpRequest { method: "GET".to_owned(), url: format!("http://{address}/"), ..HttpRequest::default() };
    let network = network();
    let performed = perform(start.clone(), &["127.0.0.1".to_owned()], &mut |request| hop(&network, request));
    assert_eq!(performed, Err(HttpError::Denied("http://localhost:1/x".to_owned())));
    let response = hop(&network, &start).expect("a response");
    assert_eq!((response.status, response.headers["location"].as_str()), (302, "/next"));
    assert!(server.join().expect("it ends")[1].starts_with("GET /next "));
}

#[test]
fn other_calls_are_for_others() {
    let error = network().call("chainloop", "discover", br#"{"digest": "d"}"#).expect_err("there is nothing");
    assert!(error.text().ends_with("; there is nothing else"), "{error}");
}

//! An HTTP server that tells what it was asked.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;

use serde_json::json;

static SERVER: LazyLock<SocketAddr> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it has an address");
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            // Whoever hangs up gets no answer.
            let _ = answer(connection);
        }
    });
    address
});

/// The address of a path on it. The path is the status of the answer, and `/204` has no body.
pub(super) fn url(path: &str) -> String {
    format!("http://{}{path}", *SERVER)
}

fn answer(mut connection: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let (mut length, mut kind) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.trim().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap_or(0),
            "content-type" => kind = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut asked = first.split(' ');
    let (method, path) = (asked.next().unwrap_or_default(), asked.next().unwrap_or_default());
    let answer = match path {
        "/204" => String::new(),
        _ => json!({"method": method, "type": kind, "body": String::from_utf8_lossy(&body)}).to_string(),
    };
    let status = path.trim_start_matches('/');
    let length = answer.len();
    write!(connection, "HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{answer}")
}

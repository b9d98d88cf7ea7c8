//! Recorded host calls, in the file format of kwctl's `--record-host-capabilities-interactions`.

mod closest;
mod read;
mod record;
mod replay;
mod write;

pub use record::Recorder;
pub use replay::{Mismatch, Missing, Replay};
pub use write::SessionError;

use super::HostRequest;

/// Host calls and their answers, in the order in which they were made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Session {
    /// Where it was read from, for messages.
    name: String,
    exchanges: Vec<Exchange>,
}

/// One host call and its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// The host call.
    pub request: HostRequest,
    /// The answer, or the text of the host's failure without `Callback evaluation failure: `.
    pub response: Result<String, String>,
}

impl Session {
    /// A session with these exchanges.
    pub fn new(exchanges: Vec<Exchange>) -> Self {
        Self { name: "the session".to_owned(), exchanges }
    }

    /// The exchanges, in order.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use super::*;
    use crate::capabilities::{CallError, Capabilities, World};

    #[test]
    fn calls_on_chainloop_are_recorded_and_replayed() {
        let world = b"{http: {'https://a.example': {body: \"a\\nb\"}, 'POST https://a.example': {error: down}},
                       chainloop: {discover: {'sha256:a': {kind: SARIF}, gone: null}}}";
        let world = World::parse(world, "world", Path::new(".")).expect("a world");
        let recorder = Recorder::new(Arc::new(world));
        let calls = [
            ("http", "request", r#"{"url": "https://a.example", "headers": {"A": "b: c"}}"#),
            ("http", "request", r#"{"url": "https://a.example", "method": "POST", "body_base64": "AP8="}"#),
            ("chainloop", "discover", r#"{"digest": "sha256:a"}"#),
            ("chainloop", "discover", r#"{"digest": "gone", "kind": "SARIF"}"#),
        ];
        let ask = |who: &dyn Capabilities| {
            calls.map(|(namespace, name, payload)| who.call(namespace, name, payload.as_bytes()))
        };
        let recorded = ask(&recorder);
        assert_eq!(recorded[1], Err(CallError::Failed("down".to_owned())));
        let text = recorder.session().and_then(|session| session.to_yaml()).expect("a session");
        assert!(text.contains("!HttpRequest") && text.contains("!ChainloopDiscover"), "{text}");
        let session = || Session::parse(text.as_bytes(), "session.yml").expect("it is read");
        assert_eq!(ask(&Replay::strict(session())), recorded);
        assert_eq!(ask(&Replay::keyed(session())), recorded);
        let miss = Replay::keyed(session()).call("http", "request", br#"{"url": "https://b.example"}"#);
        let text = miss.expect_err("it was not recorded").to_string();
        assert!(text.contains("request.url: recorded \"https://a.example\", asked \"https://b.example\""), "{text}");
    }
}

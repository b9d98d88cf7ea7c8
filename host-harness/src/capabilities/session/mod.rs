//! Recorded host calls, in the file format of kwctl's `--record-host-capabilities-interactions`.

mod closest;
mod read;
mod record;
mod replay;
mod write;

pub use record::Recorder;
pub use replay::Replay;
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
    /// What was asked.
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

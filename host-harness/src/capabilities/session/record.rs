//! Records the answers of other capabilities.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Exchange, Session, SessionError};
use crate::capabilities::kept::Kept;
use crate::capabilities::{CALLBACK_FAILURE, CallError, Capabilities, Deadline, HostRequest};

/// Passes calls on to other capabilities and keeps what they answer.
///
/// As with kwctl, what is not authorised and what is logged is not recorded. Nothing is written by itself: [`save`](Self::save)
/// does that, also after a run that failed, and can be called again. Record one evaluation at a time: the order of
/// calls is the order in which they were answered.
pub struct Recorder {
    inner: Arc<dyn Capabilities>,
    exchanges: Mutex<Vec<Result<Exchange, Unrecordable>>>,
    kept: Kept,
}

/// An exchange that the format cannot express.
#[derive(Clone)]
struct Unrecordable {
    call: String,
    reason: String,
}

impl Recorder {
    /// Records what `inner` answers.
    pub fn new(inner: Arc<dyn Capabilities>) -> Self {
        Self { inner, exchanges: Mutex::default(), kept: Kept::default() }
    }

    /// What was recorded so far.
    ///
    /// # Errors
    ///
    /// [`SessionError::Exchange`] for the first exchange that a session file cannot hold: an answer that is not UTF-8, or
    /// an operation that Kubewarden does not have.
    pub fn session(&self) -> Result<Session, SessionError> {
        let recorded = self.exchanges();
        let exchanges = recorded.iter().enumerate().map(|(index, exchange)| {
            exchange.clone().map_err(|Unrecordable { call, reason }| SessionError::Exchange {
                number: index + 1,
                call,
                reason,
            })
        });
        exchanges.collect::<Result<_, _>>().map(Session::new)
    }

    /// Writes what was recorded so far to a file, all of it or nothing. Recording continues, also after an error.
    ///
    /// # Errors
    ///
    /// As [`session`](Self::session) and [`Session::save`].
    pub fn save(&self, path: &Path) -> Result<(), SessionError> {
        self.session()?.save(path)
    }

    fn exchanges(&self) -> MutexGuard<'_, Vec<Result<Exchange, Unrecordable>>> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Capabilities for Recorder {
    fn call(&self, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        self.call_until(Deadline::NEVER, namespace, operation, payload)
    }

    fn call_until(
        &self,
        deadline: Deadline,
        namespace: &str,
        operation: &str,
        payload: &[u8],
    ) -> Result<Vec<u8>, CallError> {
        let answer = self.inner.call_until(deadline, namespace, operation, payload);
        self.kept.keep(payload.len() + answer.as_ref().map_or(0, Vec::len))?;
        let request = HostRequest::parse(namespace, operation, payload);
        let response = match &answer {
            Ok(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Ok(text.to_owned())),
                Err(error) => Err(format!("the answer is not text: {error}")),
            },
            // They end the run, and were no answer of a host.
            Err(CallError::Unanswerable(_) | CallError::TimedOut) => return answer,
            // A replay adds the prefix again.
            Err(CallError::Failed(text)) => Ok(Err(text.strip_prefix(CALLBACK_FAILURE).unwrap_or(text).to_owned())),
        };
        let exchange = request.and_then(|request| Ok(Exchange { request, response: response? }));
        let call = || format!("{namespace}/{operation}");
        self.exchanges().push(exchange.map_err(|reason| Unrecordable { call: call(), reason }));
        answer
    }

    fn is_extension(&self, namespace: &str, operation: &str) -> bool {
        self.inner.is_extension(namespace, operation)
    }
}

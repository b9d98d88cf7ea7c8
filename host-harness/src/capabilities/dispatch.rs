//! Where every host call arrives, whatever the ABI.

use std::sync::Arc;

use admit::wire::BINDING;

use super::Capabilities;
use super::log::LogBook;
use crate::limits::Limits;
use crate::outcome::HostCall;

/// Bytes that a kept call costs besides its texts.
const RECORD_OVERHEAD: usize = 128;

/// The host's end of an evaluation: it answers calls and keeps what was said.
pub(crate) struct HostSide {
    capabilities: Arc<dyn Capabilities>,
    pub(crate) logs: LogBook,
    calls: Vec<HostCall>,
    dropped: u64,
    room: usize,
}

impl HostSide {
    pub(crate) fn new(capabilities: Arc<dyn Capabilities>, limits: &Limits) -> Self {
        Self { capabilities, logs: LogBook::new(limits.log), calls: Vec::new(), dropped: 0, room: limits.answer }
    }

    /// Answers one call; `Err` is the text that the guest receives.
    pub(crate) fn call(
        &mut self,
        binding: &str,
        namespace: String,
        operation: String,
        payload: Vec<u8>,
    ) -> Result<Vec<u8>, String> {
        if binding == BINDING && namespace == "tracing" && operation == "log" {
            self.logs.event(&payload);
            return Ok(Vec::new());
        }
        let answer = if binding != BINDING {
            Err(format!("unknown binding: {binding}"))
        } else if namespace == "tracing" {
            Err(format!("unknown operation: {operation}"))
        } else {
            self.capabilities.call(&namespace, &operation, &payload)
        };
        self.keep(namespace, operation, payload, &answer);
        answer
    }

    /// The calls that were kept, and how many were not.
    pub(crate) fn into_parts(self) -> (LogBook, Vec<HostCall>, u64) {
        (self.logs, self.calls, self.dropped)
    }

    fn keep(&mut self, namespace: String, operation: String, payload: Vec<u8>, answer: &Result<Vec<u8>, String>) {
        let answer_len = answer.as_ref().map_or_else(String::len, Vec::len);
        let cost = RECORD_OVERHEAD + namespace.len() + operation.len() + payload.len() + answer_len;
        match self.room.checked_sub(cost) {
            // Once one is missing the rest is too: a list with holes would lie about the order.
            Some(room) if self.dropped == 0 => {
                self.room = room;
                self.calls.push(HostCall { namespace, operation, payload, answer: answer.clone() });
            }
            _ => self.dropped += 1,
        }
    }
}

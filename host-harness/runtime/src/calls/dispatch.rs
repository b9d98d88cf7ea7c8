//! Answers the host calls of every ABI.

use std::sync::Arc;

use admit::wire::BINDING;

use super::log::LogBook;
use super::{CallError, Capabilities, Grants, HostRequest, OPERATIONS};
use crate::deadline::Deadline;
use crate::outcome::HostCall;

/// Cost of a recorded call in the budget besides its names, payload and answer, in bytes.
const RECORD_OVERHEAD: usize = 128;

/// Budgets for what a trace keeps.
pub(crate) struct Budget {
    /// Log records.
    pub(crate) logs: LogBook,
    /// For host calls with their answers, in bytes.
    pub(crate) calls: usize,
}

/// The host's end of an evaluation: it answers calls, and records them and the log.
pub(crate) struct HostSide {
    capabilities: Arc<dyn Capabilities>,
    grants: Grants,
    pub(crate) logs: LogBook,
    calls: Vec<HostCall>,
    dropped: u64,
    /// Budget for recorded calls that is left, in bytes.
    budget: usize,
    deadline: Deadline,
}

impl HostSide {
    /// `capabilities` answers what the grants let through, until the deadline.
    pub(crate) fn new(capabilities: Arc<dyn Capabilities>, grants: Grants, budget: Budget, deadline: Deadline) -> Self {
        Self { capabilities, grants, logs: budget.logs, calls: Vec::new(), dropped: 0, budget: budget.calls, deadline }
    }

    /// Answers one call, or says why there is no answer.
    pub(crate) fn call(
        &mut self,
        binding: &str,
        namespace: String,
        operation: String,
        payload: Vec<u8>,
    ) -> Result<Vec<u8>, CallError> {
        if binding == BINDING && namespace == "tracing" && operation == "log" {
            self.logs.event(&payload);
            return Ok(Vec::new());
        }
        let answer = self.pass(binding, &namespace, &operation, &payload);
        self.keep(namespace, operation, payload, &answer);
        answer
    }

    /// Answers a call of a policy on Chainloop. It needs no grant: the allow-list of hosts was checked before, and the
    /// payload is made by this host, so it is not parsed.
    pub(crate) fn chainloop(
        &mut self,
        namespace: &str,
        operation: &str,
        payload: Vec<u8>,
    ) -> Result<Vec<u8>, CallError> {
        let answer = self.capabilities.call_until(self.deadline, namespace, operation, &payload);
        self.keep(namespace.to_owned(), operation.to_owned(), payload, &answer);
        answer
    }

    /// Authorises a call and has it answered, in upstream's order: what is denied is not even parsed.
    fn pass(&self, binding: &str, namespace: &str, operation: &str, payload: &[u8]) -> Result<Vec<u8>, CallError> {
        if binding != BINDING {
            return Err(format!("unknown binding: {binding}").into());
        }
        // Of `tracing`, everything but `log` is unknown, which is not a matter of grants.
        if namespace != "tracing" && !self.grants.host_capabilities.allows(namespace, operation) {
            return Err(denied(namespace, operation).into());
        }
        let known = OPERATIONS.contains(&format!("{namespace}/{operation}").as_str());
        if known || namespace == "tracing" || !self.capabilities.is_extension(namespace, operation) {
            let request = HostRequest::parse_kubewarden(namespace, operation, payload)?;
            if let Some((api_version, kind)) = request.reads()
                && !self.grants.context_aware_resources.allows(api_version, kind)
            {
                return Err(format!(
                    "Policy has not been granted access to Kubernetes {api_version}/{kind} resources. The violation has been reported."
                )
                .into());
            }
        }
        self.capabilities.call_until(self.deadline, namespace, operation, payload)
    }

    /// The calls that were kept, and how many were not.
    pub(crate) fn into_parts(self) -> (LogBook, Vec<HostCall>, u64) {
        (self.logs, self.calls, self.dropped)
    }

    fn keep(&mut self, namespace: String, operation: String, payload: Vec<u8>, answer: &Result<Vec<u8>, CallError>) {
        let answer_len = answer.as_ref().map_or_else(|error| error.text().len(), Vec::len);
        let cost = RECORD_OVERHEAD + namespace.len() + operation.len() + payload.len() + answer_len;
        match self.budget.checked_sub(cost) {
            // Once a call was dropped, all later ones are: what is kept has no gaps.
            Some(left) if self.dropped == 0 => {
                self.budget = left;
                self.calls.push(HostCall {
                    namespace,
                    operation,
                    payload,
                    answer: answer.clone().map_err(|error| error.text().to_owned()),
                });
            }
            _ => self.dropped += 1,
        }
    }
}

/// What a guest is told about a call that was not granted.
pub(super) fn denied(namespace: &str, operation: &str) -> String {
    format!(
        "Policy has not been granted access to the '{namespace}/{operation}' host capability. The violation has been reported."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers everything with an empty object.
    struct Empty;

    impl Capabilities for Empty {
        fn call(&self, _namespace: &str, _operation: &str, _payload: &[u8]) -> Result<Vec<u8>, CallError> {
            Ok(b"{}".to_vec())
        }
    }

    #[test]
    fn chainloops_calls_are_unknown_to_kubewarden() {
        let budget = Budget { logs: LogBook::new(1000, None), calls: 1000 };
        let mut host = HostSide::new(Arc::new(Empty), Grants::default(), budget, Deadline::NEVER);
        let ask = br#"{"digest": "d"}"#.to_vec();
        let denied = host.call(BINDING, "chainloop".to_owned(), "discover".to_owned(), ask.clone());
        assert_eq!(denied, Err("unknown namespace: chainloop".to_owned().into()));
        assert_eq!(host.chainloop("chainloop", "discover", ask), Ok(b"{}".to_vec()));
        let (_, calls, dropped) = host.into_parts();
        assert_eq!((calls.len(), calls[1].answer.as_deref(), dropped), (2, Ok(&b"{}"[..]), 0));
    }
}

//! On this project's host.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use admit::wire::chainloop::{CHAINLOOP, DISCOVER, DiscoverRequest};
use admit_host::capabilities::Network;
use admit_host::execution::ExecutionOutcome;
use admit_host::{CallError, Capabilities, ChainloopOptions, CompiledPolicy, RunOptions};

use super::{Run, Seen};

/// Runs a module with the real network.
pub(super) fn run(policy: &CompiledPolicy, run: &Run) -> Seen {
    let discover = Discover(Mutex::new(run.discover.clone().into()));
    let mut options = RunOptions {
        capabilities: Arc::new(Network::new(Arc::new(discover), Duration::from_secs(10))),
        chainloop: ChainloopOptions { allowed_hostnames: run.allowed_hosts.clone(), log_level: run.log_level },
        ..RunOptions::default()
    };
    options.limits.wall_time = run.timeout;
    seen(&policy.execute(run.input.clone(), run.args.as_deref(), &options))
}

/// What there is to compare.
pub(super) fn seen(execution: &ExecutionOutcome) -> Seen {
    let result = match &execution.result {
        Ok(executed) => Ok(executed.output.clone()),
        Err(_) => Err(execution.host_error().expect("a failure has a text of the host").to_owned()),
    };
    let calls = execution.trace.host_calls.iter().filter(|call| call.namespace == CHAINLOOP);
    let discovered = calls.map(|call| {
        let asked: DiscoverRequest = serde_json::from_slice(&call.payload).expect("the call is of its type");
        (asked.digest, asked.kind)
    });
    Seen {
        result,
        logs: execution.trace.logs.iter().map(|log| format!("{}: {}", log.level, log.message)).collect(),
        discovered: discovered.collect(),
    }
}

struct Discover(Mutex<VecDeque<Option<String>>>);

impl Capabilities for Discover {
    fn call(&self, namespace: &str, operation: &str, _: &[u8]) -> Result<Vec<u8>, CallError> {
        assert_eq!((namespace, operation), (CHAINLOOP, DISCOVER));
        match self.0.lock().expect("no test panics in between").pop_front().flatten() {
            Some(answer) => Ok(answer.into_bytes()),
            None => Err(CallError::Failed("not found".to_owned())),
        }
    }
}

//! Executing a policy of Chainloop.

use crate::options::RunOptions;
use crate::outcome::{Executed, Failure, Trace};
use crate::policy::{CompiledPolicy, traced};

/// Everything that is known after one [`execute`](CompiledPolicy::execute).
#[derive(Clone, Debug)]
#[must_use = "an execution tells whether the policy gave a result or failed"]
pub struct ExecutionOutcome {
    /// What the policy gave, or why it gave nothing.
    pub result: Result<Executed, Failure>,
    /// What the run used and said.
    pub trace: Trace,
    said: Option<String>,
}

impl ExecutionOutcome {
    /// The text of the error as Chainloop's host words it, without its stack trace, for example
    /// `wasm error: unreachable`; none when there is a result.
    ///
    /// Chainloop says `failed to create WASM plugin` in front of it when the failure is [`Failure::Instantiate`], and
    /// makes `policy execution failed` out of every other one.
    pub fn host_error(&self) -> Option<&str> {
        self.said.as_deref()
    }
}

impl CompiledPolicy {
    /// Executes a policy of Chainloop: gives it `input`, and `args` as the text of the configuration key of this name.
    ///
    /// Both are passed on as they are. Chainloop's inputs are JSON objects, made of a material and what is known about it, and
    /// its arguments are a JSON object, or absent when there are none.
    ///
    /// A policy of another ABI is not run: that is a [`Failure::Protocol`].
    pub fn execute(&self, input: Vec<u8>, args: Option<&str>, options: &RunOptions) -> ExecutionOutcome {
        let (result, trace) = self.protocol().execute(self.linked(), input, args, options);
        let (result, said) = match result {
            Ok(executed) => (Ok(executed), None),
            Err(run) => (Err(trace.explained(run.failure)), Some(run.said)),
        };
        ExecutionOutcome { result, trace: traced(trace, options), said }
    }
}

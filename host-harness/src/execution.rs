//! Executing a policy of Chainloop.

use crate::inspect::Abi;
use crate::options::RunOptions;
use crate::outcome::{Failure, Trace};
use crate::policy::{CompiledPolicy, explained};
use crate::runtime::extism;

/// Everything that is known after one [`execute`](CompiledPolicy::execute).
#[derive(Clone, Debug)]
#[must_use = "an execution tells whether the policy gave a result or failed"]
pub struct Execution {
    /// What the policy gave, or why it gave nothing.
    pub result: Result<Executed, Failure>,
    /// What the run used and said.
    pub trace: Trace,
    said: Option<String>,
}

/// What a policy gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Executed {
    /// What it set as its output, in which Chainloop looks for violations; nothing when it set none.
    pub output: Vec<u8>,
    /// What `Execute` returned, as an unsigned number of 32 bits; 0 when it returns nothing or ended with `proc_exit(0)`.
    /// Chainloop does not look at it.
    pub return_code: i64,
}

impl Execution {
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
    pub fn execute(&self, input: Vec<u8>, args: Option<&str>, options: &RunOptions) -> Execution {
        if self.abi() != Abi::Chainloop {
            let text = format!("a {} policy is not executed, it validates requests", self.abi());
            let failure = Failure::Protocol(text);
            return Execution { said: Some(failure.to_string()), result: Err(failure), trace: Trace::default() };
        }
        let (result, trace) = extism::execute(self.instance(), input, args, options);
        let (result, said) = match result {
            Ok(executed) => (Ok(executed), None),
            Err(stopped) => (Err(explained(stopped.failure, &trace)), Some(stopped.said)),
        };
        Execution { result, trace, said }
    }
}

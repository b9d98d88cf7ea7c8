//! A module that takes too much to be compiled, in words.

use std::fmt;

use super::{CompileLimits, FunctionCost};

/// What a module has too much of.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TooCostly {
    /// What it has too much of, and where.
    pub what: Excess,
    /// How much it has. Counting may have ended when it was clear that it is too much.
    pub count: u64,
    /// How much it may have.
    pub limit: u64,
    /// How the limit is raised.
    pub raised_by: &'static str,
}

/// What can be too much.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Excess {
    /// The work of one function.
    Function {
        /// Its number among all functions, imported ones included.
        index: u64,
        /// What it has.
        cost: Box<FunctionCost>,
    },
    /// The work of the functions so far.
    Module {
        /// How many functions were looked at.
        functions: u64,
        /// The size of their code in bytes.
        size: u64,
    },
    /// The number of something.
    Count(&'static str),
}

impl TooCostly {
    pub(super) fn many(what: &'static str, count: u64, limit: u64, limits: &CompileLimits) -> Self {
        Self { what: Excess::Count(what), count, limit, raised_by: limits.raised_by }
    }
}

impl fmt::Display for TooCostly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, count, limit, raised_by } = self;
        let advice = "build the module with optimisation";
        match what {
            Excess::Function { index, cost } => write!(
                f,
                "function {index} would take too much to be compiled: {cost}, which is work of {count}, and the limit is \
                 {limit}; {advice} and split the function, or {raised_by}"
            ),
            Excess::Module { functions, size } => write!(
                f,
                "the module would take too much to be compiled: {functions} functions of {size} bytes are work of {count}, and \
                 the limit is {limit}; {advice}, or {raised_by}"
            ),
            Excess::Count(what) => write!(
                f,
                "the module would take too much to be compiled: it has {count} or more {what}, and the limit is {limit}; \
                 {advice}, or {raised_by}"
            ),
        }
    }
}

impl std::error::Error for TooCostly {}

impl fmt::Display for FunctionCost {
    /// What counts, the most first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = self.parts();
        parts.sort_by_key(|part| std::cmp::Reverse(part.work));
        write!(f, "{} bytes", self.size)?;
        for part in parts.iter().filter(|part| part.count > 0 && part.name != "bytes").take(4) {
            write!(f, ", {} {}", part.count, part.name)?;
        }
        Ok(())
    }
}

//! How much a module may take to be compiled.

/// How much a module may have to be compiled; more is refused with [`LoadError::TooCostly`](crate::LoadError::TooCostly), before the
/// compiler sees it. Without it a module of some kilobytes takes minutes and gigabytes.
///
/// What toolchains make is far below: of the modules that were looked at, no function has more than two fifths of the work that one of its
/// size may have, and most have a tenth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CompileLimits {
    /// [Work](crate::cost::FunctionCost::work) of one function, besides what its size gives it. Default: 3,000,000.
    pub function: u64,
    /// Work that is added to it for each byte of the function. Default: 50.
    pub function_per_byte: u64,
    /// Work that no function may have, of whatever size. Default: 10,000,000.
    pub largest_function: u64,
    /// Work of all functions together, besides what their size gives them. Default: 6,000,000.
    pub module: u64,
    /// Work that is added to it for each byte of the code. Default: 30.
    pub per_byte: u64,
    /// Functions that are not imported. Default: 500,000.
    pub functions: u64,
    /// Types, each of which counts as one more than it has parameters, results or fields. Default: 50,000.
    pub types: u64,
    /// Of each of these: imports, exports, globals, segments of data, and tables, memories and tags together. Default: 100,000, which
    /// is also how many segments of data WebAssembly allows, and how many Go programs have.
    pub items: u64,
    /// Segments of elements. Default: 10,000.
    pub element_segments: u64,
    /// Elements of segments, but for those that a table of the module starts with. Default: 50,000.
    pub elements: u64,
    /// How these limits are raised: the last words of the error. Default: that the host does it.
    pub raised_by: &'static str,
}

impl Default for CompileLimits {
    fn default() -> Self {
        Self {
            function: 3_000_000,
            function_per_byte: 50,
            largest_function: 10_000_000,
            module: 6_000_000,
            per_byte: 30,
            functions: 500_000,
            types: 50_000,
            items: 100_000,
            element_segments: 10_000,
            elements: 50_000,
            raised_by: "whoever runs it can raise the limit (`EngineOptions::compile_limits`)",
        }
    }
}

impl CompileLimits {
    /// The same limits, each of them `factor` times as high.
    pub fn times(self, factor: u64) -> Self {
        let times = |limit: u64| limit.saturating_mul(factor);
        Self {
            function: times(self.function),
            function_per_byte: times(self.function_per_byte),
            largest_function: times(self.largest_function),
            module: times(self.module),
            per_byte: times(self.per_byte),
            functions: times(self.functions),
            types: times(self.types),
            items: times(self.items),
            element_segments: times(self.element_segments),
            elements: times(self.elements),
            raised_by: self.raised_by,
        }
    }

    /// The work that a function of this size may have.
    pub(super) fn of_function(&self, size: u64) -> u64 {
        self.function.saturating_add(self.function_per_byte.saturating_mul(size)).min(self.largest_function)
    }
}

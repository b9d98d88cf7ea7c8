//! What is known of mutants.

use wasmparser::BinaryReaderError;

use crate::{Abi, LoadError};

/// What became of all mutants of a module.
#[derive(Clone, Debug)]
pub struct MutantReport {
    /// The ABI of the module.
    pub abi: Abi,
    /// Every mutant that was run, and those that no case reaches, in the order of the module.
    pub mutants: Vec<Mutant>,
    /// Changes that are in no sample, because there are more than are run.
    pub sampled_out: usize,
    /// Changes in places that no case reaches, besides the mutants that are known to be there: they are in no sample.
    pub unreached: usize,
    /// Mutants that were not run because the time was up.
    pub out_of_time: usize,
    /// The cases that were left out, because they are not as expected when the module is watched: those that expect what watching
    /// changes, as its cost.
    pub left_out: Vec<String>,
    /// Whether source lines told what is the author's code; else it is the names of functions.
    pub by_lines: bool,
}

/// A module with one change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// What was changed, as in "`<` became `<=`". Code that is there several times, since it is inlined, is one mutant.
    pub change: String,
    /// The name of the function, or its number.
    pub function: String,
    /// Where in the module the changed instruction begins, in bytes.
    pub offset: usize,
    /// Where in the source it was changed, when that is known.
    pub place: Option<SourceLine>,
    /// What became of it.
    pub fate: MutantFate,
}

/// A line of the author's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SourceLine {
    /// The file: relative to the folder of the package, when that is known.
    pub file: String,
    /// Its line, counted from 1.
    pub line: u32,
    /// What the line says, if it can be read.
    pub text: Option<String>,
}

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MutantFate {
    /// This case noticed it.
    Killed(String),
    /// Every case that reaches the place is as expected nevertheless.
    Survived,
    /// No case reaches the place.
    NotReached,
}

impl MutantReport {
    /// How many mutants cases noticed.
    pub fn killed(&self) -> usize {
        self.mutants.iter().filter(|mutant| matches!(mutant.fate, MutantFate::Killed(_))).count()
    }

    /// How many mutants no case noticed although some reach the place.
    pub fn survived(&self) -> usize {
        self.mutants.iter().filter(|mutant| mutant.fate == MutantFate::Survived).count()
    }

    /// How many mutants are in places that no case reaches.
    pub fn not_reached(&self) -> usize {
        self.mutants.len() - self.killed() - self.survived() + self.unreached
    }
}

/// Why there are no mutants.
#[derive(Debug, thiserror::Error)]
pub enum MutantsError {
    /// There is no code of the author's, or nothing that could be changed in it.
    #[error(
        "there is nothing to change: {}",
        match with_lines {
            true => "no instruction that compares, branches or computes comes from a source line of the policy's own",
            false => "no function that the cases reach is the policy's own, by its name",
        }
    )]
    Nothing {
        /// Whether source lines told what is the author's.
        with_lines: bool,
    },
    /// No case is as expected on the module that is watched.
    #[error(
        "no case is as expected any more when the module notes what was reached: they depend on what that takes, as on its fuel"
    )]
    NoCaseAsBefore,
    /// The module cannot be read.
    #[error("the module cannot be read: {0}")]
    Read(#[from] BinaryReaderError),
    /// The module with the changes in it cannot be loaded.
    #[error("the module with all changes in it cannot be loaded; change fewer at once with --mutants=N: {0}")]
    Load(#[from] LoadError),
}

impl MutantFate {
    /// How much it tells.
    pub(super) fn known(&self) -> u8 {
        match self {
            Self::NotReached => 0,
            Self::Survived => 1,
            Self::Killed(_) => 2,
        }
    }
}

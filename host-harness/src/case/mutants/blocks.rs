//! Where branches lead.

use std::collections::{BTreeMap, BTreeSet};

use wasmparser::Operator;

/// As many operators as a path to a trap is followed.
const MAX_PATH: usize = 64;

/// Blocks of a function, and its branches that only decide whether it traps: checks of bounds, assertions.
pub(super) struct Blocks {
    checks: BTreeSet<usize>,
    /// What a branch decides whether to do: the operators from the one up to the other.
    decided: BTreeMap<usize, (usize, usize)>,
}

impl Blocks {
    pub(super) fn of(operators: &[(Operator<'_>, usize)]) -> Self {
        let (mut ends, mut elses, mut open) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for (index, (operator, _)) in operators.iter().enumerate() {
            match operator {
                Operator::End => {
                    if let Some(start) = open.pop() {
                        ends.insert(start, index);
                    }
                }
                Operator::Else => {
                    if let Some(start) = open.last() {
                        elses.insert(*start, index);
                    }
                }
                _ if opens(operator) => open.push(index),
                _ => {}
            }
        }
        let (mut checks, mut decided) = (BTreeSet::new(), BTreeMap::new());
        for (index, (operator, _)) in operators.iter().enumerate() {
            let other = match operator {
                Operator::End => {
                    open.pop();
                    continue;
                }
                Operator::BrIf { relative_depth } => {
                    let target = open.iter().rev().nth(*relative_depth as usize);
                    // A branch to a loop goes back to its start.
                    let target = target.filter(|start| !matches!(operators[**start].0, Operator::Loop { .. }));
                    target.and_then(|start| ends.get(start)).map(|end| end + 1)
                }
                Operator::If { .. } => elses.get(&index).or_else(|| ends.get(&index)).map(|end| end + 1),
                _ => None,
            };
            if opens(operator) {
                open.push(index);
            }
            if let Some(other) = other.filter(|_| !elses.contains_key(&index)) {
                decided.insert(index, (index + 1, other - 1));
            }
            if matches!(operator, Operator::BrIf { .. } | Operator::If { .. })
                && [Some(index + 1), other]
                    .into_iter()
                    .flatten()
                    .any(|path| traps(&operators[path.min(operators.len())..]))
            {
                checks.insert(index);
            }
        }
        Self { checks, decided }
    }

    /// What a branch decides whether to do, when that is all that it decides.
    pub(super) fn decided<'o, 'a>(
        &self,
        index: usize,
        operators: &'o [(Operator<'a>, usize)],
    ) -> Option<&'o [(Operator<'a>, usize)]> {
        let (from, to) = self.decided.get(&index)?;
        operators.get(*from..*to)
    }

    /// Whether a branch only decides whether the function traps.
    pub(super) fn is_check(&self, index: usize) -> bool {
        self.checks.contains(&index)
    }
}

fn opens(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Try { .. }
            | Operator::TryTable { .. }
    )
}

/// Whether a path goes straight to a trap.
pub(super) fn traps(path: &[(Operator<'_>, usize)]) -> bool {
    for (operator, _) in path.iter().take(MAX_PATH) {
        match operator {
            Operator::Unreachable => return true,
            Operator::End | Operator::Block { .. } => {}
            Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::Return
            | Operator::ReturnCall { .. }
            | Operator::ReturnCallIndirect { .. }
            | Operator::Throw { .. } => return false,
            _ => {}
        }
    }
    false
}

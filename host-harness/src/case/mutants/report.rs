//! Makes the report.

use std::collections::BTreeMap;

use super::{
    change::Change,
    module::Module,
    outcome::{Mutant, MutantFate, MutantReport, SourceLine},
    run::Covered,
};

pub(super) fn of(
    module: &Module<'_>,
    covered: &Covered<'_, '_>,
    fates: Vec<Option<MutantFate>>,
    by_lines: bool,
) -> MutantReport {
    let mut ordered: Vec<(&Change, Option<MutantFate>)> = covered.changes().iter().zip(fates).collect();
    ordered.sort_by(|(a, _), (b, _)| (a.function, a.offset, &a.told).cmp(&(b.function, b.offset, &b.told)));
    let mut mutants: Vec<Mutant> = Vec::new();
    let mut out_of_time = 0;
    // Code that is inlined, or generic, is there several times. The author wrote it once, so that a change of any copy is one of it.
    let mut copies: BTreeMap<(&SourceLine, Option<u32>, &str), usize> = BTreeMap::new();
    for (change, fate) in ordered {
        let Some(fate) = fate else {
            out_of_time += 1;
            continue;
        };
        // Where lines tell what is the author's, other code is there whether the author needs it or not.
        if by_lines && change.own.is_none() && fate == MutantFate::NotReached {
            continue;
        }
        let key = change.own.as_ref().map(|own| (&own.place, own.column, change.told.as_str()));
        match key.and_then(|key| copies.get(&key)).and_then(|known| mutants.get_mut(*known)) {
            Some(mutant) if mutant.fate.known() < fate.known() => mutant.fate = fate,
            Some(_) => {}
            None => {
                copies.extend(key.map(|key| (key, mutants.len())));
                mutants.push(mutant(module, change, fate));
            }
        }
    }
    let left_out = covered.left_out().to_vec();
    MutantReport { abi: covered.abi(), mutants, sampled_out: 0, unreached: 0, out_of_time, left_out, by_lines }
}

fn mutant(module: &Module<'_>, change: &Change, fate: MutantFate) -> Mutant {
    let index = module.functions.get(change.function).map_or(0, |function| function.index);
    let of_source = change.own.as_ref().and_then(|own| own.function.clone());
    Mutant {
        change: change.told.clone(),
        function: of_source.or_else(|| module.name(index)).unwrap_or_else(|| format!("function {index}")),
        offset: change.offset,
        place: change.own.as_ref().map(|own| own.place.clone()),
        fate,
    }
}

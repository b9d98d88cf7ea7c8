//! Reads the faults of a case.

use crate::{
    capabilities::{Fault, FaultRule, HostCapabilities},
    input::{Cursor, InputError, nearest},
};

pub(super) fn faults(list: &Cursor<'_>) -> Result<Vec<FaultRule>, InputError> {
    let rules = list.list()?.iter().map(rule).collect::<Result<Vec<_>, _>>()?;
    if rules.is_empty() {
        return Err(list.error("names no fault; leave `faults` out for answers that are right"));
    }
    Ok(rules)
}

fn rule(item: &Cursor<'_>) -> Result<FaultRule, InputError> {
    item.only_keys(&["call", "nth", "with"])?;
    let call = item.required("call", "say which calls, for example `kubernetes/*`")?;
    let calls = HostCapabilities::parse_calls([call.string()?]).map_err(|error| call.error(error.to_string()))?;
    let nth = match item.optional("nth")? {
        Some(nth) => Some(nth.value().as_u64().filter(|nth| *nth > 0).ok_or_else(|| {
            nth.error("must be a whole number from 1: the first of these calls is 1; leave it out for every one")
        })?),
        None => None,
    };
    let fault = fault(&item.required("with", "say what goes wrong, for example `fail` or `timeout`")?)?;
    Ok(FaultRule { calls, nth, fault })
}

fn fault(with: &Cursor<'_>) -> Result<Fault, InputError> {
    if with.value().is_object() {
        with.only_keys(&["fail"])?;
        let text = with.required("fail", "it is the text of the host's failure")?;
        return Ok(Fault::Fail(text.string()?.to_owned()));
    }
    let word = with.string()?;
    if let Some(fault) = Fault::all().into_iter().find(|fault| fault.name() == word) {
        return Ok(fault);
    }
    let known = Fault::all().each_ref().map(Fault::name);
    Err(with.error(match nearest(word, &known) {
        Some(near) => format!("`{word}` is not a fault; did you mean `{near}`?"),
        None => format!("`{word}` is not a fault; use one of {}, or {{fail: text}}", known.join(", ")),
    }))
}

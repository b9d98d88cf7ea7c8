//! Numbers as they arrive at a policy.
//!
//! kubectl and API servers are written in Go: an integer of 64 bits stays one, any other number becomes a float, and a float
//! without a fraction is written as an integer. So `3.0`, `1e1` and `0008` arrive as `3`, `10` and `8`, and
//! `18446744073709551615` as the float that is nearest to it.

use serde_json::{Number, Value};

/// A float; `None` when it is infinite or not a number.
pub(super) fn of_f64(float: f64) -> Option<Number> {
    /// From here on Go writes floats with an exponent.
    const LARGE: f64 = 1e21;
    if float.fract() == 0.0 && float.abs() < LARGE {
        // Both languages write the shortest digits that name the float, and zeros behind them.
        let digits = (float + 0.0).to_string();
        let integer = digits.parse::<i64>().map(Number::from).or_else(|_| digits.parse::<u64>().map(Number::from));
        if let Ok(integer) = integer {
            return Some(integer);
        }
    }
    Number::from_f64(float)
}

/// An integer that is not negative.
pub(super) fn of_u64(integer: u64) -> Number {
    match i64::try_from(integer) {
        Ok(integer) => integer.into(),
        Err(_) => of_f64(integer as f64).unwrap_or_else(|| integer.into()),
    }
}

/// Whether there is a float in `value`.
pub(super) fn has_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_float),
        Value::Object(entries) => entries.values().any(has_float),
        Value::Null | Value::Bool(_) | Value::String(_) => false,
    }
}

/// `value` with every number as Go writes it.
pub(crate) fn as_sent(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(number_as_sent(number)),
        Value::Array(items) => items.iter().map(as_sent).collect(),
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), as_sent(value))).collect(),
        Value::Null | Value::Bool(_) | Value::String(_) => value.clone(),
    }
}

fn number_as_sent(number: &Number) -> Number {
    match (number.as_i64(), number.as_u64(), number.as_f64()) {
        (Some(_), ..) => number.clone(),
        (None, Some(integer), _) => of_u64(integer),
        (None, None, Some(float)) => of_f64(float).unwrap_or_else(|| number.clone()),
        (None, None, None) => number.clone(),
    }
}

/// A float as the key of an object: what kubectl makes of the float of 32 bits that is nearest to it.
pub(super) fn as_key(float: f64) -> String {
    let float = float as f32;
    if float.is_nan() {
        return ".nan".to_owned();
    }
    if float.is_infinite() {
        return if float > 0.0 { ".inf" } else { "-.inf" }.to_owned();
    }
    let scientific = format!("{float:e}");
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>() {
        Ok(exponent) if !(-4..6).contains(&exponent) => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
        }
        _ => float.to_string(),
    }
}

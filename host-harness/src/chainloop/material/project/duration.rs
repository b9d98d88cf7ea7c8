//! How long a test took.

/// Nanoseconds in a number of seconds, which may have commas, or in a text like `1m2.5s`. Anything else took no time.
pub(super) fn nanoseconds(text: &str) -> i64 {
    let text = text.replace(',', "");
    match text.parse::<f64>() {
        // Too large a number stops at the largest one.
        Ok(seconds) => (seconds * 1e9) as i64,
        Err(_) => units(&text).unwrap_or(0),
    }
}

fn units(text: &str) -> Option<i64> {
    let (sign, mut rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let mut sum = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        let factor = match unit {
            "h" => 3.6e12,
            "m" => 6e10,
            "s" => 1e9,
            "ms" => 1e6,
            "us" | "µs" | "μs" => 1e3,
            "ns" => 1.0,
            _ => return None,
        };
        sum += number.parse::<f64>().ok()? * factor;
        rest = after;
    }
    Some((sign * sum) as i64)
}

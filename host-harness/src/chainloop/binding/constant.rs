//! Constants in templates: texts in quotes, characters and numbers.

use super::quoted;
use super::tree::Is;

/// The text in Go's quotes.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let mut made = String::new();
    let mut letters = text.strip_prefix('"')?.strip_suffix('"')?.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            made.push(letter);
            continue;
        }
        let digits = |count: usize, letters: &mut std::str::Chars<'_>| {
            let digits: String = letters.by_ref().take(count).collect();
            let code = u32::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == count)?;
            char::from_u32(code)
        };
        made.push(match letters.next()? {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            same @ ('\\' | '"') => same,
            // What is beyond ASCII would be a byte and no character.
            'x' => digits(2, &mut letters).filter(char::is_ascii)?,
            'u' => digits(4, &mut letters)?,
            'U' => digits(8, &mut letters)?,
            _ => return None,
        });
    }
    Some(made)
}

/// A number in Go's grammar.
pub(super) fn number(text: &str) -> Result<Is, String> {
    let plain = text.replace('_', "");
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let radix = |prefix: [&str; 2]| prefix.iter().find_map(|prefix| digits.strip_prefix(prefix));
    let illegal = || Err(format!("illegal number syntax: {}", quoted(text)));
    let integer = match (radix(["0x", "0X"]), radix(["0o", "0O"]), radix(["0b", "0B"])) {
        (Some(digits), _, _) => i128::from_str_radix(digits, 16).ok(),
        (_, Some(digits), _) => i128::from_str_radix(digits, 8).ok(),
        (_, _, Some(digits)) => i128::from_str_radix(digits, 2).ok(),
        _ if digits.len() > 1 && digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            i128::from_str_radix(digits, 8).ok()
        }
        _ if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            // More digits than fit are too many all the same.
            Some(digits.parse::<i128>().unwrap_or(i128::MAX))
        }
        _ => None,
    };
    if let Some(integer) = integer {
        let fits = i64::try_from(integer.saturating_mul(sign)).map(Is::Integer);
        return fits.map_err(|_| format!("integer overflow: {}", quoted(text)));
    }
    if plain.ends_with('i') {
        return Err(format!("complex numbers are not evaluated here: {}", quoted(text)));
    }
    match plain.parse::<f64>() {
        Ok(number)
            if number.is_finite() && digits.starts_with(|first: char| first == '.' || first.is_ascii_digit()) =>
        {
            Ok(Is::Float(number))
        }
        _ => illegal(),
    }
}

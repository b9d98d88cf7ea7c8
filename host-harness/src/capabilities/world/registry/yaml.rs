//! The YAML in upstream's texts: as serde_yaml writes it, which is libyaml with its widest lines.

/// A scalar at the end of a line, behind `key: `; one of several lines goes on below, `indent` spaces from the left.
///
/// Strings that YAML would read as something else are quoted, texts of several lines are literal blocks.
pub(super) fn scalar(text: &str, indent: usize) -> String {
    let analysis = Analysis::of(text);
    if text.contains('\n') && analysis.block {
        return block(text, indent);
    }
    if !text.contains('\n') && !reads_as_something_else(text) && analysis.plain {
        return text.to_owned();
    }
    if !text.contains('\n') && analysis.single_quoted {
        return single_quoted(text, indent);
    }
    double_quoted(text)
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Longest key that stands on a line with its value.
const SIMPLE_KEY: usize = 128;

/// An entry of a map, whose lines begin `indent` spaces from the left.
pub(super) fn entry(key: &str, value: &str, indent: usize) -> String {
    let value = scalar(value, indent + 2);
    let margin = " ".repeat(indent);
    if key.len() <= SIMPLE_KEY && !key.contains(is_break) {
        return format!("{margin}{}: {value}\n", scalar(key, indent));
    }
    format!("{margin}? {}\n{margin}: {value}\n", scalar(key, indent + 2))
}

/// The styles that can hold a text.
struct Analysis {
    plain: bool,
    single_quoted: bool,
    block: bool,
}

impl Analysis {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { plain: true, single_quoted: true, block: false };
        }
        let is_blank = |c: Option<char>| c.is_none_or(|c| matches!(c, '\0' | ' ' | '\t') || is_break(c));
        let printable =
            |c: char| matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..) && c != '\u{feff}';
        let chars: Vec<char> = text.chars().collect();
        let special = chars.iter().any(|c| !printable(*c));
        let breaks = chars.iter().any(|c| is_break(*c));
        let (first, last) = (chars[0], chars[chars.len() - 1]);
        let pairs = || chars.iter().zip(chars.iter().skip(1));
        let space_break = pairs().any(|(a, b)| *a == ' ' && is_break(*b));
        let break_space = pairs().any(|(a, b)| is_break(*a) && *b == ' ');
        let indicator = |index: usize| {
            let next = chars.get(index + 1).copied();
            match chars[index] {
                '?' | '-' if index == 0 => is_blank(next),
                ':' => is_blank(next),
                '#' if index > 0 => is_blank(Some(chars[index - 1])),
                c => index == 0 && "#,[]{}&*!|>'\"%@`".contains(c),
            }
        };
        let indicators = text.starts_with("---") || text.starts_with("...") || (0..chars.len()).any(indicator);
        let edges = first == ' ' || last == ' ' || is_break(first) || is_break(last);
        let bad = special || space_break;
        Self {
            plain: !(edges || break_space || bad || breaks || indicators),
            single_quoted: !(break_space || bad),
            block: !(last == ' ' || bad),
        }
    }
}

/// Whether a plain scalar would not be a string: null, a boolean, a number, or digits that only look like one.
fn reads_as_something_else(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL" | "true" | "True" | "TRUE" | "false" | "False" | "FALSE")
        || digits(text)
        || integer(text)
        || float(text)
}

/// Leading zeros.
fn digits(text: &str) -> bool {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    unsigned.len() > 1 && unsigned.starts_with('0') && unsigned.bytes().all(|byte| byte.is_ascii_digit())
}

fn integer(text: &str) -> bool {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if unsigned.len() < text.len() && unsigned.starts_with(['+', '-']) {
        return false;
    }
    let (negative, digits) = match unsigned.strip_prefix('-') {
        Some(digits) if unsigned.len() == text.len() => (true, digits),
        _ => (false, unsigned),
    };
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix) {
            return u128::from_str_radix(digits, radix).is_ok() && !digits.starts_with('+');
        }
    }
    if negative { text.parse::<i128>().is_ok() } else { digits.parse::<u128>().is_ok() && !digits.starts_with('+') }
}

fn float(text: &str) -> bool {
    let unsigned = text.strip_prefix('+').unwrap_or(text);
    if unsigned.len() < text.len() && unsigned.starts_with(['+', '-']) {
        return false;
    }
    matches!(unsigned, ".inf" | ".Inf" | ".INF")
        || matches!(text, "-.inf" | "-.Inf" | "-.INF" | ".nan" | ".NaN" | ".NAN")
        || unsigned.parse::<f64>().is_ok_and(f64::is_finite)
}

/// `|`, with what is at its end.
fn block(text: &str, indent: usize) -> String {
    let hint = if text.starts_with([' ', '\n']) { "2" } else { "" };
    let end = match text.strip_suffix('\n') {
        None => "-",
        Some(rest) if rest.is_empty() || rest.ends_with('\n') => "+",
        Some(_) => "",
    };
    let margin = " ".repeat(indent);
    let mut written = format!("|{hint}{end}");
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        written.push('\n');
        if !line.is_empty() {
            written.push_str(&margin);
            written.push_str(line);
        }
    }
    written
}

fn single_quoted(text: &str, indent: usize) -> String {
    let margin = " ".repeat(indent);
    let mut written = String::from("'");
    let mut broken = false;
    for c in text.chars() {
        if broken && !is_break(c) {
            written.push_str(&margin);
        }
        broken = is_break(c);
        written.push(c);
        if c == '\'' {
            written.push(c);
        }
    }
    if broken {
        written.push_str(&margin);
    }
    written.push('\'');
    written
}

fn double_quoted(text: &str) -> String {
    let mut written = String::from("\"");
    for c in text.chars() {
        let name = match c {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            ' '..='~' | '\u{a0}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'.. => {
                written.push(c);
                continue;
            }
            c if c <= '\u{ff}' => {
                written.push_str(&format!("\\x{:02X}", c as u32));
                continue;
            }
            c => {
                written.push_str(&format!("\\u{:04X}", c as u32));
                continue;
            }
        };
        written.push('\\');
        written.push(name);
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What serde_yaml 0.9.34 writes.
    #[test]
    fn scalars_are_written_as_upstream_writes_them() {
        for (text, written) in [
            ("kubewarden@cncf.io", "kubewarden@cncf.io"),
            ("https://github.com/or/", "https://github.com/or/"),
            ("", "''"),
            ("1", "'1'"),
            ("0644", "'0644'"),
            ("1e3", "'1e3'"),
            ("0x10", "'0x10'"),
            (".inf", "'.inf'"),
            ("true", "'true'"),
            ("~", "'~'"),
            ("yes", "yes"),
            ("no", "no"),
            ("n: x", "'n: x'"),
            ("a:b", "a:b"),
            ("a #b", "'a #b'"),
            ("it's", "it's"),
            ("'quoted'", "'''quoted'''"),
            ("@a", "'@a'"),
            (" a", "' a'"),
            ("a\tb", "\"a\\tb\""),
            ("a\r\nb", "\"a\\r\\nb\""),
            ("\u{7f}", "\"\\x7F\""),
            ("ä 😀", "ä 😀"),
            ("a\nb", "|-\n  a\n  b"),
            ("a\n\nb\n", "|\n  a\n\n  b"),
            ("a\n\n", "|+\n  a\n"),
            (" a\nb", "|2-\n   a\n  b"),
            ("a \nb", "\"a \\nb\""),
        ] {
            assert_eq!(scalar(text, 2), written, "{text:?}");
        }
        assert_eq!(entry("n: x", "1", 2), "  'n: x': '1'\n");
        let long = "k".repeat(129);
        assert_eq!(entry(&long, "v", 2), format!("  ? {long}\n  : v\n"));
        assert_eq!(entry("a\nb", "v", 2), "  ? |-\n    a\n    b\n  : v\n");
    }
}

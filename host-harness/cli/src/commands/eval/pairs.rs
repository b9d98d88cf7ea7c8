//! `--input` and `--annotation`: names and values.

use std::collections::BTreeMap;

use admit_host::input::InputError;

use super::note;
use crate::error::CliError;

/// The inputs. One without `=` is dropped, as Chainloop does.
pub(super) fn inputs(given: &[String]) -> Result<BTreeMap<String, String>, CliError> {
    pairs("--input", given.iter().cloned())
}

/// The annotations: each argument is a line of CSV, so that a value in quotes may have commas in it.
pub(super) fn annotations(given: &[String]) -> Result<BTreeMap<String, String>, CliError> {
    let fields = given.iter().map(|line| {
        fields(line).map_err(|(column, what)| {
            let words = format!(
                "invalid argument {line:?} for \"--annotation\" flag: parse error on line 1, column {column}: {what}"
            );
            InputError::whole(
                "--annotation",
                format!("{words}; a value with quotes or commas in it is `\"name=a, \"\"b\"\"\"`"),
            )
        })
    });
    let fields = fields.collect::<Result<Vec<_>, _>>()?;
    pairs("--annotation", fields.into_iter().flatten())
}

/// Of the same name, the last one counts.
fn pairs(option: &str, given: impl Iterator<Item = String>) -> Result<BTreeMap<String, String>, CliError> {
    let mut pairs = BTreeMap::new();
    for text in given {
        match text.split_once('=') {
            Some((name, value)) => {
                pairs.insert(name.to_owned(), value.to_owned());
            }
            None => note(&format!("{option} {text} has no `=` in it, so it is dropped, as Chainloop does"))?,
        }
    }
    Ok(pairs)
}

/// The fields of the first line of a text in CSV; else the column, in bytes from 1, and what is wrong there, in Go's words.
fn fields(text: &str) -> Result<Vec<String>, (usize, &'static str)> {
    let text = text.trim_start_matches(['\r', '\n']);
    let (mut fields, mut rest) = (Vec::new(), text);
    if text.is_empty() {
        return Ok(fields);
    }
    loop {
        let column = |rest: &str| text.len() - rest.len() + 1;
        let after = match rest.strip_prefix('"') {
            None => {
                let end = rest.find([',', '\n']).unwrap_or(rest.len());
                let field = &rest[..end];
                if let Some(at) = field.find('"') {
                    return Err((column(&rest[at..]), "bare \" in non-quoted field"));
                }
                fields.push(field.trim_end_matches('\r').to_owned());
                &rest[end..]
            }
            Some(mut inside) => {
                let mut field = String::new();
                loop {
                    let Some(end) = inside.find('"') else {
                        return Err((column(""), "extraneous or missing \" in quoted-field"));
                    };
                    field.push_str(&inside[..end]);
                    inside = &inside[end + 1..];
                    match inside.strip_prefix('"') {
                        Some(more) => {
                            field.push('"');
                            inside = more;
                        }
                        None => break,
                    }
                }
                if !(inside.is_empty() || inside.starts_with([',', '\n']) || inside.starts_with("\r\n")) {
                    return Err((column(inside) - 1, "extraneous or missing \" in quoted-field"));
                }
                fields.push(field);
                inside
            }
        };
        match after.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Ok(fields),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::fields;

    /// As Go's `encoding/csv` reads them.
    #[test]
    fn a_line_of_csv() {
        let read = |text: &str| fields(text).map(|fields| fields.join("|"));
        assert_eq!(read("a=1,b=2,,"), Ok("a=1|b=2||".to_owned()));
        assert_eq!(read(""), Ok(String::new()));
        assert_eq!(read("\"a=1,2\",b=\u{e9}"), Ok("a=1,2|b=\u{e9}".to_owned()));
        assert_eq!(read("\"a=\"\"x\"\"\""), Ok("a=\"x\"".to_owned()));
        assert_eq!(read("a=1\r\nb=2"), Ok("a=1".to_owned()));
        assert_eq!(read("a=\"x\""), Err((3, "bare \" in non-quoted field")));
        assert_eq!(read("\"a"), Err((3, "extraneous or missing \" in quoted-field")));
        assert_eq!(read("\"a\"b"), Err((3, "extraneous or missing \" in quoted-field")));
    }
}

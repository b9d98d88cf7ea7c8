//! What is told about an input that a decoder does not survive.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use admit_fuzz_targets::Target;

use super::supervise::End;

/// Attempts to make an input smaller; each is a process.
const ATTEMPTS: usize = 150;
/// Bytes of the input, and of what the worker said, that are shown.
const SHOWN: usize = 2_000;

/// The report. `fails` tries another input, and tells how it ended if it failed.
pub(super) fn report(
    target: &Target,
    input: &[u8],
    end: &End,
    said: &str,
    mut fails: impl FnMut(&[u8]) -> Option<(End, String)>,
) -> String {
    // An endless loop cannot be made smaller in a time that anybody would wait for.
    let small = match end {
        End::Hang => input.to_vec(),
        End::Status(_) => shrink(input, |candidate| fails(candidate).is_some()),
    };
    let said = fails(&small).map_or_else(|| said.to_owned(), |(_, said)| said);
    let mut text = format!("fuzz target `{}`: ", target.name);
    match end {
        End::Status(status) => write!(text, "the decoder ended the process ({status})"),
        End::Hang => write!(text, "the decoder did not come back"),
    }
    .expect("a String takes everything");
    let escaped = small.escape_ascii().to_string();
    let more = if escaped.len() > SHOWN { "…" } else { "" };
    let shown = &escaped[..escaped.len().min(SHOWN)];
    let said = said.trim();
    let said = said.char_indices().nth(SHOWN).map_or(said, |(at, _)| &said[..at]);
    write!(text, "\n{said}\ninput ({} bytes, made of {}): b\"{shown}\"{more}", small.len(), input.len())
        .expect("a String takes everything");
    match save(target, &small) {
        Ok(path) => write!(
            text,
            "\nit is in {path}; once the decoder is mended, keep it as fuzz/corpus/{}/<what it is about>",
            target.name
        ),
        Err(error) => write!(text, "\nit could not be saved: {error}"),
    }
    .expect("a String takes everything");
    text
}

/// Leaves parts of the input out, large ones first, as long as it still fails.
pub(super) fn shrink(input: &[u8], mut fails: impl FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut small = input.to_vec();
    let mut attempts = ATTEMPTS;
    let mut size = small.len() / 2;
    while size > 0 {
        let mut at = 0;
        let mut shorter = false;
        while at < small.len() {
            if attempts == 0 {
                return small;
            }
            attempts -= 1;
            let mut candidate = small.clone();
            candidate.drain(at..(at + size).min(small.len()));
            if fails(&candidate) {
                small = candidate;
                shorter = true;
            } else {
                at += size;
            }
        }
        if !shorter || size > small.len() {
            size /= 2;
        }
    }
    small
}

fn save(target: &Target, input: &[u8]) -> std::io::Result<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    fs::create_dir_all(&folder)?;
    let path = folder.join(target.name);
    fs::write(&path, input)?;
    Ok(path.display().to_string())
}

//! What commands print, compared with what the book says.

use std::sync::LazyLock;

use regex_lite::Regex;

use crate::bless;

/// What differs from run to run.
static TIMES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| masks(&[(r"\d[\d,.]* ?(ms|s|µs)\b", "N s")]));

/// Figures that differ between machines and builds, where the book shows those of one run.
static FIGURES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    masks(&[
        (r"\d[\d,]* fuel", "N fuel"),
        (r"\([+-]\d[\d,.]*%\)", "(N%)"),
        (r"\d[\d,.]* (MiB|KiB)", "N iB"),
        (r"\d[\d,]* bytes", "N bytes"),
        // Sections of a module.
        (r" \d[\d,]* +\d+\.\d%", " N N%"),
        (r#""(fuel|size|peak_memory)":\d+"#, "\"$1\":N"),
        (r"0x[0-9a-f]+", "0xN"),
        (r"wasm function \d+", "wasm function N"),
        // Columns are as wide as their longest figure.
        (r"  +", "  "),
    ])
});

fn masks(patterns: &[(&str, &'static str)]) -> Vec<(Regex, &'static str)> {
    patterns.iter().map(|(pattern, with)| (Regex::new(pattern).expect("a regular expression"), *with)).collect()
}

/// Lines in which cargo, and `cargo admit` on a slow machine, tell how they get on.
static PROGRESS: LazyLock<Regex> = LazyLock::new(|| {
    let words = "Compiling|Checking|Locking|Updating|Downloading|Downloaded|Adding|Blocking|Finished|Running|Fresh|Creating|compiling";
    Regex::new(&format!("^ *({words}) ")).expect("a regular expression")
});

/// What a reader is shown: without cargo's progress.
pub(crate) fn shown(printed: &str) -> String {
    let lines = printed.lines().filter(|line| !PROGRESS.is_match(line)).map(str::trim_end);
    let text = lines.collect::<Vec<_>>().join("\n");
    let text = text.trim_matches('\n');
    if text.is_empty() { String::new() } else { format!("{text}\n") }
}

/// Whether this was expected. A line `...` stands for any lines. What is blessed has the figures of the same run, unless somebody
/// left lines out, which nobody should have to do again.
pub(crate) fn is_as_expected(expected: &str, shown: &str) -> bool {
    let exact = bless() && expected.lines().all(|line| line != "...");
    let figures: &[(Regex, &str)] = if exact { &[] } else { &FIGURES };
    let masked = |text: &str| -> Vec<String> {
        let mask = |line: &str| {
            let masks = TIMES.iter().chain(figures);
            masks.fold(line.to_owned(), |line, (regex, with)| regex.replace_all(&line, *with).into_owned())
        };
        text.lines().map(mask).collect()
    };
    lines_match(&masked(expected), &masked(shown))
}

fn lines_match(expected: &[String], shown: &[String]) -> bool {
    match expected.split_first() {
        None => shown.is_empty(),
        Some((line, rest)) if line == "..." => (0..=shown.len()).any(|skipped| lines_match(rest, &shown[skipped..])),
        Some((line, rest)) => shown.first() == Some(line) && lines_match(rest, &shown[1..]),
    }
}

//! How large the JSON may be that is made of a report.

use super::super::archive::Format;
use super::Unreadable;

/// Bytes of JSON that may be made of any report.
const ANYHOW: usize = 64 << 20;

/// How many times its own size the JSON of a larger report may have. What repeats names in each row has up to about five times its size.
const RATIO: usize = 8;

/// The same for an archive of reports, which take a tenth to a thirtieth of their size in it.
const RATIO_OF_ARCHIVE: usize = 32;

/// What may be made of any report at most, in bytes.
const MOST: usize = 1 << 30;

/// Characters of a report that an error repeats.
const SHOWN: usize = 200;

/// The JSON that may still be made of a report. Empty elements, rows without cells and texts that stand for others become much more than
/// they are: what writes takes the room for it first.
#[derive(Debug)]
pub(super) struct Room {
    most: usize,
    left: usize,
}

impl Room {
    /// For a report, or an archive of some.
    pub(super) fn of(content: &[u8]) -> Self {
        let ratio = if Format::of(content).is_some() { RATIO_OF_ARCHIVE } else { RATIO };
        let most = content.len().saturating_mul(ratio).clamp(ANYHOW, MOST);
        Self { most, left: most }
    }

    /// Takes room for so many bytes.
    ///
    /// # Errors
    ///
    /// There is less.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), Unreadable> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Unreadable::new(format!(
                "the JSON that is made of it is larger than {} MiB, which is the most that cargo admit makes of a report of its size; split \
                 the report, or leave out what the policy does not look at",
                self.most >> 20
            ))),
        }
    }
}

/// The beginning of a part of a report, for an error.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::json;
    use crate::chainloop::Kind;

    fn error(kind: Kind, report: impl AsRef<[u8]>) -> String {
        json(kind, "report", report.as_ref()).map(|json| json.len()).expect_err("it is too large").words
    }

    /// Each of these would be gigabytes.
    #[test]
    fn what_is_made_of_a_report_is_bounded_by_its_size() {
        let names: Vec<String> = (0..9_000).map(|number| format!("column{number}")).collect();
        let table = format!("Path,Verified,{}\n{}", names.join(","), "x\n".repeat(40_000));
        let cases = "<testcase/>".repeat(750_000);
        let classes = "<class/>".repeat(900_000);
        for (kind, report) in [
            (Kind::SysinternalsSigcheck, table),
            (Kind::TrufflehogJson, "{}".repeat(800_000)),
            (Kind::JunitXml, format!("<?xml version=\"1.0\"?><testsuite>{cases}</testsuite>")),
            (
                Kind::CoberturaXml,
                format!("<coverage><packages><package><classes>{classes}</classes></package></packages></coverage>"),
            ),
            (Kind::SysinternalsAccesschk, "x\n".repeat(1_500_000)),
        ] {
            let error = error(kind, report);
            assert!(error.contains("larger than 64 MiB") && error.contains("split the report"), "{kind}: {error}");
        }
        let object = format!("Testing COM Object - {{0}} {}\n", "x".repeat(400_000));
        let error = error(Kind::CertccDranzer, format!("{object}{}", "x at 0x1 :Bad read on 0x1\n".repeat(1_000)));
        assert!(error.contains("larger than 64 MiB"), "{error}");
    }

    #[test]
    fn what_a_report_lists_is_bounded() {
        let failures = error(Kind::CertccDranzer, "{a}-\n".repeat(200_001));
        assert!(failures.contains("lists more than 200000 objects"), "{failures}");
        let columns = error(Kind::SysinternalsSigcheck, format!("Path,Verified{}\nx\n", ",".repeat(10_000)));
        assert!(columns.contains("more than 10000 columns"), "{columns}");
    }

    /// As values, each would be a hundred times as large.
    #[test]
    fn records_are_kept_as_json() {
        let log = json(Kind::RadamsaReport, "report", "k: , k: \n".repeat(100_000).as_bytes()).expect("a log");
        assert_eq!(log.len(), 100_000 * 9 + 1);
    }

    #[test]
    fn an_error_has_the_beginning_of_a_line_only() {
        let line = error(Kind::RadamsaReport, "x".repeat(900_000));
        assert!(line.len() < 400, "{} bytes", line.len());
    }
}

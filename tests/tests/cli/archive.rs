//! Several small files in one.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use libtest_mimic::Trial;

/// One trial per file in a folder below `tests/tests`; `run` makes of it what is compared with `expected`.
pub(crate) fn trials(folder: &str, run: fn(&Archive) -> String) -> Vec<Trial> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut paths: Vec<_> = fs::read_dir(&path).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} has no tests");
    let trial = |path: PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned();
        Trial::test(format!("{}::{stem}", folder.replace('/', "::")), move || {
            let archive = Archive::read(&path);
            archive.check(&run(&archive)).map_err(Into::into)
        })
    };
    paths.into_iter().map(trial).collect()
}

/// The content of a test file.
pub(crate) struct Archive {
    path: PathBuf,
    /// The `key: value` lines at the top.
    options: Vec<(String, String)>,
    /// Name and content, in order.
    pub(crate) files: Vec<(String, String)>,
    expected: Option<String>,
}

impl Archive {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).expect("a test file");
        let mut archive = Self { path: path.to_owned(), options: Vec::new(), files: Vec::new(), expected: None };
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
            match (name, archive.files.last_mut()) {
                (Some(name), _) => archive.files.push((name.to_owned(), String::new())),
                (None, Some((_, content))) => content.push_str(line),
                (None, None) if line.trim().is_empty() || line.starts_with('#') => {}
                (None, None) => {
                    let (key, value) = line.split_once(':').expect("a line `key: value`");
                    archive.options.push((key.trim().to_owned(), value.trim().to_owned()));
                }
            }
        }
        archive.expected = archive.files.pop_if(|(name, _)| name == "expected").map(|(_, content)| content);
        archive
    }

    /// All values of an option.
    pub(crate) fn option_values(&self, key: &str) -> Vec<String> {
        self.options.iter().filter(|(k, _)| k == key).map(|(_, value)| value.clone()).collect()
    }

    pub(crate) fn option(&self, key: &str) -> Option<String> {
        self.option_values(key).pop()
    }

    /// Panics on options that the test does not know: a typo must not make it weaker.
    pub(crate) fn only_options(&self, known: &[&str]) {
        for (key, _) in &self.options {
            assert!(known.contains(&key.as_str()), "{}: unknown option `{key}`", self.path.display());
        }
    }

    pub(crate) fn file(&self, wanted: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
        self.files.iter().find(|(name, _)| wanted(name)).map(|(name, content)| (name.as_str(), content.as_str()))
    }

    /// Compares with what is expected, or rewrites that when asked to.
    pub(crate) fn check(&self, actual: &str) -> Result<(), String> {
        let actual = format!("{}\n", actual.trim_end());
        if self.expected.as_deref() == Some(&actual) {
            return Ok(());
        }
        if std::env::var_os("ADMIT_BLESS").is_some_and(|bless| bless == "1") {
            self.write(&actual);
            return Ok(());
        }
        let expected = self.expected.as_deref().unwrap_or("(nothing yet)\n");
        Err(format!(
            "{}\n--- expected\n{expected}--- actual\n{actual}--- run with ADMIT_BLESS=1 if this is right",
            self.path.display()
        ))
    }

    fn write(&self, expected: &str) {
        let mut text = String::new();
        for (key, value) in &self.options {
            writeln!(text, "{key}: {value}").expect("a String takes everything");
        }
        for (name, content) in &self.files {
            write!(text, "-- {name} --\n{content}").expect("a String takes everything");
        }
        write!(text, "-- expected --\n{expected}").expect("a String takes everything");
        fs::write(&self.path, text).expect("a writable test file");
    }
}

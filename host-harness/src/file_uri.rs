//! Files as URIs, as custom resources and `kwctl` name modules.

use std::path::{Path, PathBuf};

use url::Url;

/// The file that a `file://` URI names; `None` when `text` is no such URI, but a path for example.
///
/// # Errors
///
/// Why it names no file of this machine, and what to write.
pub fn read(text: &str) -> Option<Result<PathBuf, String>> {
    // As in any URI, the scheme may be written in capitals.
    let scheme = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("file://"))?;
    let path = Url::parse(text).ok().and_then(|url| url.to_file_path().ok());
    let rest = &text[scheme.len()..];
    Some(path.ok_or_else(|| {
        format!(
            "`{text}` is not the URI of a file: a path follows `file://` that begins at the root (`file:///home/me/policy.wasm`); \
             a relative path is given without it: `{rest}`"
        )
    }))
}

/// The URI of a file, whose path is absolute.
pub fn of(path: &Path) -> String {
    Url::from_file_path(path).map_or_else(|()| format!("file://{}", path.display()), String::from)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn uris_of_files_are_read() {
        for (uri, path) in [
            ("file:///a/policy.wasm", "/a/policy.wasm"),
            ("FILE:///a", "/a"),
            ("file://localhost/a", "/a"),
            ("file:///my%20policies/%C3%A4%25.wasm", "/my policies/ä%.wasm"),
            ("file:///my policies/ä", "/my policies/ä"),
        ] {
            assert_eq!(read(uri), Some(Ok(PathBuf::from(path))), "{uri}");
        }
        for path in ["policy.wasm", "/a/file://b", "file:", "file:/a", "registry://ghcr.io/a/b:v1", ""] {
            assert_eq!(read(path), None, "{path}");
        }
        for uri in ["file://policy.wasm", "file://a/b.wasm", "file://./a"] {
            let error = read(uri).expect("a URI").expect_err(uri);
            assert!(error.contains(&format!("without it: `{}`", &uri[7..])), "{error}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for path in ["/a/policy.wasm", "/my policies/ä 100%#1?.wasm"] {
            assert_eq!(read(&of(Path::new(path))), Some(Ok(PathBuf::from(path))));
        }
    }
}

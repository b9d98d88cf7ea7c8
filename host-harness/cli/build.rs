//! Tells the program which public revision of its repository it was built of, if it was built of one.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Only this crate is compiled again after a commit. Without git, or outside of its repository, there is nothing to tell.
    let Some(head) = git(&["rev-parse", "--verify", "HEAD"]) else { return };
    let branch = git(&["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        if let Some(path) = git(&["rev-parse", "--git-path", name]).filter(|path| Path::new(path).exists()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
    // What the public repository does not have cannot be taken from there; a clone of a clone knows other ones.
    let branches =
        git(&["for-each-ref", "--contains", &head, "--format=%(refname)", "refs/remotes"]).unwrap_or_default();
    let remotes = branches.lines().filter_map(|branch| branch.strip_prefix("refs/remotes/")?.split('/').next());
    let is_public = remotes.filter_map(|remote| git(&["remote", "get-url", remote])).any(|url| is_repository(&url));
    let is_ours = git(&["ls-files", "--", "build.rs"]).is_some_and(|file| file == "build.rs");
    if is_public && is_ours {
        println!("cargo::rustc-env=ADMIT_REVISION={head}");
    }
}

/// Whether this is the address of the repository that the package names, over HTTPS or SSH.
fn is_repository(url: &str) -> bool {
    let Ok(repository) = std::env::var("CARGO_PKG_REPOSITORY") else { return false };
    let Some((host, path)) = repository.trim_start_matches("https://").split_once('/') else { return false };
    let url = url.trim_end_matches('/').trim_end_matches(".git");
    [format!("https://{host}/{path}"), format!("git@{host}:{path}"), format!("ssh://git@{host}/{path}")]
        .iter()
        .any(|public| public == url)
}

/// What git prints, if it can say anything.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

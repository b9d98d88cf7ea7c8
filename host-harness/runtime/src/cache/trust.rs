//! Whom the folder of compiled modules belongs to, and who else could write to it.
//!
//! What is in there is run as it is, so it must come from the user who runs it. A checksum does not tell: whoever writes a file can
//! write its checksum as well.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder of compiled modules is not used. Modules are compiled each time then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "compiled modules are not kept in {}: {} {why}, and could put other code there; let it belong to you and let nobody else write to it, \
     or set XDG_CACHE_HOME to a folder for which that is so", dir.display(), path.display()
)]
pub struct CacheRefused {
    /// The folder of compiled modules.
    dir: PathBuf,
    /// The folder itself, or the one above it that is the reason.
    path: PathBuf,
    why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Why {
    #[error("belongs to user {0}, who is somebody else")]
    Owner(u32),
    #[error("can be written to by {} (its mode is {mode:04o})", who(*.0), mode = .0)]
    Writable(u32),
}

fn who(mode: u32) -> &'static str {
    if mode & OTHERS_WRITE == 0 { "its group" } else { "everybody" }
}

/// What a file system says about who may write.
#[derive(Clone, Copy, Debug)]
struct Rights {
    user: u32,
    group: u32,
    mode: u32,
}

const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
/// Only its owner may rename or remove what is in such a folder.
const STICKY: u32 = 0o1000;

impl Rights {
    /// Whether `me` alone could have written this file, or what is in this folder.
    fn mine(self, me: u32) -> Result<(), Why> {
        match self {
            Self { user, .. } if user != me => Err(Why::Owner(user)),
            Self { mode, .. } if mode & (GROUP_WRITES | OTHERS_WRITE) != 0 => Err(Why::Writable(mode & 0o7777)),
            _ => Ok(()),
        }
    }

    /// Whether nobody but `me` and the administrator can put something else in the place of what is in this folder.
    fn keeps(self, me: u32) -> Result<(), Why> {
        // A group with the number of a user is that user's own, on systems that give everybody a group.
        let own_group = self.group == self.user;
        let others = OTHERS_WRITE | if own_group { 0 } else { GROUP_WRITES };
        match self {
            Self { user, .. } if user != me && user != 0 => Err(Why::Owner(user)),
            Self { mode, .. } if mode & others != 0 && mode & STICKY == 0 => Err(Why::Writable(mode & 0o7777)),
            _ => Ok(()),
        }
    }
}

/// The folder without links, if nobody else could have written what is in it: this user's, as are all above it or the
/// administrator's. A folder that is not there yet is judged by those above it.
pub(super) fn folder(dir: &Path) -> Result<PathBuf, CacheRefused> {
    let Some(me) = me() else { return Ok(dir.to_owned()) };
    let refused = |path: &Path| {
        let path = path.to_owned();
        |why| CacheRefused { dir: dir.to_owned(), path, why }
    };
    // What cannot be found out is not there, or fails when it is used.
    let Some((found, missing)) = resolved(dir) else { return Ok(dir.to_owned()) };
    for above in found.ancestors() {
        let Some(rights) = rights(fs::metadata(above)) else { continue };
        let judged = if missing.is_none() && above == found { rights.mine(me) } else { rights.keeps(me) };
        judged.map_err(refused(above))?;
    }
    Ok(missing.map_or_else(|| found.clone(), |missing| found.join(missing)))
}

/// Whether only this user could have written the file that was opened.
pub(super) fn file(opened: io::Result<Metadata>) -> bool {
    match (me(), rights(opened)) {
        (Some(me), Some(rights)) => rights.mine(me).is_ok(),
        (None, _) => true,
        (Some(_), None) => false,
    }
}

/// The part of a path that is there, without links, and the rest.
fn resolved(dir: &Path) -> Option<(PathBuf, Option<PathBuf>)> {
    let dir = std::path::absolute(dir).ok()?;
    dir.ancestors().find_map(|above| {
        let rest = dir.strip_prefix(above).ok()?;
        let rest = (!rest.as_os_str().is_empty()).then(|| rest.to_owned());
        Some((above.canonicalize().ok()?, rest))
    })
}

/// The user as whom this process opens files.
#[cfg(unix)]
fn me() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

#[cfg(unix)]
fn rights(metadata: io::Result<Metadata>) -> Option<Rights> {
    use std::os::unix::fs::MetadataExt as _;
    let metadata = metadata.ok()?;
    Some(Rights { user: metadata.uid(), group: metadata.gid(), mode: metadata.mode() })
}

/// Not known here: a user's folders are that user's.
#[cfg(not(unix))]
fn me() -> Option<u32> {
    None
}

#[cfg(not(unix))]
fn rights(_: io::Result<Metadata>) -> Option<Rights> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const ME: u32 = 1000;
    const OTHER: u32 = 1001;

    fn of(user: u32, group: u32, mode: u32) -> Rights {
        Rights { user, group, mode }
    }

    #[test]
    fn only_what_this_user_alone_could_write_is_mine() {
        assert_eq!(of(ME, ME, 0o100600).mine(ME), Ok(()));
        assert_eq!(of(ME, 100, 0o40755).mine(ME), Ok(()));
        assert_eq!(of(0, 0, 0).mine(0), Ok(()));
        for (user, mode, why) in [
            (OTHER, 0o40700, Why::Owner(OTHER)),
            // An administrator's file is not that of the user, and the other way around.
            (0, 0o40700, Why::Owner(0)),
            (ME, 0o40770, Why::Writable(0o770)),
            (ME, 0o100602, Why::Writable(0o602)),
            (ME, 0o41777, Why::Writable(0o1777)),
        ] {
            assert_eq!(of(user, ME, mode).mine(ME), Err(why));
        }
        assert_eq!(of(ME, ME, 0o40755).mine(0), Err(Why::Owner(ME)));
    }

    #[test]
    fn above_are_this_users_and_the_administrators() {
        for kept in [of(ME, ME, 0o40755), of(0, 0, 0o40755), of(0, 0, 0o41777), of(ME, 100, 0o41777), of(0, 0, 0o40775)]
        {
            assert_eq!(kept.keeps(ME), Ok(()), "{kept:?}");
        }
        // The group of a user alone is that of nobody else.
        assert_eq!(of(ME, ME, 0o40775).keeps(ME), Ok(()));
        for (above, why) in [
            (of(OTHER, OTHER, 0o40755), Why::Owner(OTHER)),
            (of(OTHER, OTHER, 0o41777), Why::Owner(OTHER)),
            (of(ME, ME, 0o40777), Why::Writable(0o777)),
            (of(ME, 100, 0o40775), Why::Writable(0o775)),
            (of(0, 100, 0o40775), Why::Writable(0o775)),
        ] {
            assert_eq!(above.keeps(ME), Err(why), "{above:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_resolved_and_what_is_not_there_is_judged_by_what_is_above() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let root = tempfile::tempdir().unwrap();
        let real = root.path().canonicalize().unwrap().join("real");
        fs::create_dir(&real).unwrap();
        let mode = |mode| fs::set_permissions(&real, fs::Permissions::from_mode(mode)).unwrap();
        let link = root.path().join("link");
        symlink("real", &link).unwrap();
        mode(0o700);
        assert_eq!(folder(&link), Ok(real.clone()));
        assert_eq!(folder(&link.join("a/b")), Ok(real.join("a/b")));
        mode(0o777);
        let refused = folder(&link).unwrap_err();
        assert_eq!((&refused.path, refused.why), (&real, Why::Writable(0o777)));
        assert_eq!(folder(&link.join("a/b")).unwrap_err().path, real);
        let text = refused.to_string();
        assert!(text.contains("can be written to by everybody (its mode is 0777)"), "{text}");
        fs::create_dir(real.join("a")).unwrap();
        fs::set_permissions(real.join("a"), fs::Permissions::from_mode(0o700)).unwrap();
        assert_eq!(folder(&link.join("a")).unwrap_err().path, real, "somebody could put another folder there");
    }
}

//! Writing files.

use std::{
    io::{self, Write as _},
    path::Path,
};

/// Writes a file so that nobody ever sees half of it: a file that is there stays as it is until the new one is complete.
///
/// # Errors
///
/// The operating system's; nothing was written then.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Next to its destination, because a rename does not leave the file system.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".admit-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    // Temporary files are private; what is asked for is not.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path)?;
    Ok(())
}

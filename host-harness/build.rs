//! Embeds the files of `templates`, which is a link to the folder in the root of the repository: a published package has a copy.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    // Where git makes no links, the link is a file.
    let link = manifest.join("templates");
    let root = if link.is_dir() { link } else { manifest.join("../templates") }.canonicalize()?;
    println!("cargo::rerun-if-changed={}", root.display());
    let mut code = String::from("&[\n");
    for template in entries(&root)?.into_iter().filter(|path| path.is_dir()) {
        code.push_str(&format!("    ({:?}, &[\n", name(&template)));
        let mut files = Vec::new();
        collect(&template, &mut files)?;
        for file in files {
            let inside = file.strip_prefix(&template).expect("it was found there");
            let path = inside.to_str().expect("names in templates are plain").replace('\\', "/");
            code.push_str(&format!("        ({path:?}, include_str!({:?})),\n", file.display().to_string()));
        }
        code.push_str("    ]),\n");
    }
    code.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    fs::write(out.join("templates.rs"), code)
}

/// Every file in `folder`, in an order that is always the same.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for path in entries(folder)? {
        match path.is_dir() {
            true => collect(&path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("names in templates are plain")
}

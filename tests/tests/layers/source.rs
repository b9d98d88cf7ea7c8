//! The modules of a crate, and which of them each one uses, read from its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Names from the root of the crate to a module; none for the root.
pub(super) type ModulePath = Vec<String>;

/// A crate, without its unit tests.
#[derive(Default)]
pub(super) struct Crate {
    modules: BTreeMap<ModulePath, Module>,
}

#[derive(Default)]
struct Module {
    file: PathBuf,
    /// What names stand for that come from a `use`.
    imports: BTreeMap<String, Vec<String>>,
    /// Paths into the crate, as they are written.
    mentions: BTreeSet<Vec<String>>,
}

/// One module uses another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Use {
    pub(super) from: ModulePath,
    pub(super) to: ModulePath,
    /// Where, and as what.
    pub(super) example: String,
}

impl Crate {
    /// Reads the crate whose root is `file`.
    pub(super) fn read(file: &Path) -> Self {
        let mut found = Self::default();
        found.file(file, Vec::new(), file.parent().expect("a file is in a folder"));
        found
    }

    /// What each module uses of the crate; names that lead elsewhere stand for what they lead to.
    pub(super) fn uses(&self) -> impl Iterator<Item = Use> {
        self.modules.iter().flat_map(move |(from, module)| {
            module.mentions.iter().filter_map(move |mention| {
                let to = self.resolve(&self.absolute(mention, from)?, 0);
                let example = format!("{} has `{}`", module.file.display(), mention.join("::"));
                Some(Use { from: from.clone(), to, example })
            })
        })
    }

    fn file(&mut self, file: &Path, path: ModulePath, folder: &Path) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let tokens = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.modules.entry(path.clone()).or_default().file = file.to_owned();
        self.tokens(tokens, &path, folder);
    }

    /// Reads what is in a module, or in a group of its tokens. Files of modules in it are in `folder`.
    fn tokens(&mut self, tokens: TokenStream, path: &ModulePath, folder: &Path) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at..] {
                rest if is_test(rest) => {
                    at += item_length(rest);
                    continue;
                }
                [TokenTree::Ident(word), TokenTree::Ident(name), content, ..] if word == "mod" => {
                    self.module(&name.to_string(), content, path, folder);
                    at += 3;
                    continue;
                }
                [TokenTree::Ident(word), rest @ ..] if word == "use" => {
                    let end = rest.iter().position(|token| is(token, ';')).unwrap_or(rest.len());
                    self.tree(&rest[..end], &[], path);
                    at += end + 1;
                    continue;
                }
                [TokenTree::Group(group), ..] => self.tokens(group.stream(), path, folder),
                // In the middle of a path it has begun before. What follows a `$` is part of a macro, and leads wherever that is used.
                rest if starts_path(rest)
                    && !matches!(&tokens[..at], [.., a, b] if is(a, ':') && is(b, ':'))
                    && !matches!(&tokens[..at], [.., dollar] if is(dollar, '$')) =>
                {
                    let (names, _) = leading_path(rest);
                    self.modules.entry(path.clone()).or_default().mentions.insert(names);
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn module(&mut self, name: &str, content: &TokenTree, parent: &ModulePath, folder: &Path) {
        let path = [parent.as_slice(), &[name.to_owned()]].concat();
        let folder = folder.join(name);
        match content {
            TokenTree::Group(group) => {
                let file = self.modules[parent].file.clone();
                self.modules.entry(path.clone()).or_default().file = file;
                self.tokens(group.stream(), &path, &folder);
            }
            _ => {
                let beside = folder.with_extension("rs");
                let file = if beside.exists() { beside } else { folder.join("mod.rs") };
                self.file(&file, path, &folder);
            }
        }
    }

    /// Notes what a `use` names, or one of its branches after the names of `before`.
    fn tree(&mut self, tokens: &[TokenTree], before: &[String], module: &ModulePath) {
        let (names, rest) = leading_path(tokens);
        let path = [before, &names].concat();
        match rest {
            [TokenTree::Group(group), ..] => {
                let branches: Vec<_> = group.stream().into_iter().collect();
                branches.split(|token| is(token, ',')).for_each(|branch| self.tree(branch, &path, module));
            }
            rest => {
                let module = self.modules.entry(module.clone()).or_default();
                let path = if path.last().is_some_and(|name| name == "self") && path.len() > 1 {
                    path[..path.len() - 1].to_vec()
                } else {
                    path
                };
                let name = match rest {
                    [TokenTree::Ident(word), TokenTree::Ident(name), ..] if word == "as" => Some(name.to_string()),
                    [] => path.last().cloned(),
                    // All that there is.
                    _ => None,
                };
                if path.is_empty() {
                    return;
                }
                if let Some(name) = name {
                    module.imports.insert(name, path.clone());
                }
                module.mentions.insert(path);
            }
        }
    }

    /// The path from the root of the crate; none when it leads to another crate.
    fn absolute(&self, path: &[String], module: &ModulePath) -> Option<Vec<String>> {
        let mut base = module.clone();
        let rest = match path.first()?.as_str() {
            "crate" => {
                base.clear();
                &path[1..]
            }
            "self" => &path[1..],
            "super" => {
                let levels = path.iter().take_while(|name| *name == "super").count();
                base.truncate(base.len().saturating_sub(levels));
                &path[levels..]
            }
            name => {
                let is_child = self.modules.contains_key(&[base.as_slice(), &[name.to_owned()]].concat());
                if !is_child {
                    return None;
                }
                path
            }
        };
        Some([base, rest.to_vec()].concat())
    }

    /// The module in which the thing at this path is.
    fn resolve(&self, path: &[String], depth: usize) -> ModulePath {
        let mut at = ModulePath::new();
        for (index, name) in path.iter().enumerate() {
            let child = [at.as_slice(), std::slice::from_ref(name)].concat();
            if self.modules.contains_key(&child) {
                at = child;
                continue;
            }
            let import = self.modules[&at].imports.get(name).filter(|_| depth < 16);
            return match import.and_then(|import| self.absolute(import, &at)) {
                // A module and a macro, say, may have one name.
                Some(target) if target != path[..=index] => {
                    self.resolve(&[&target, &path[index + 1..]].concat(), depth + 1)
                }
                _ => at,
            };
        }
        at
    }
}

fn is(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

/// Whether an item begins here that only tests have.
fn is_test(tokens: &[TokenTree]) -> bool {
    let [hash, TokenTree::Group(attribute), ..] = tokens else { return false };
    let text = attribute.stream().to_string().replace(' ', "");
    is(hash, '#')
        && attribute.delimiter() == Delimiter::Bracket
        && ["cfg(test)", "cfg(doctest)"].contains(&text.as_str())
}

/// How many tokens an item has, attributes included.
fn item_length(tokens: &[TokenTree]) -> usize {
    let attributes = 2 * tokens.chunks(2).take_while(|pair| is(&pair[0], '#')).count();
    let to_semicolon =
        tokens.get(attributes).is_some_and(|token| ["use", "const", "static"].contains(&token.to_string().as_str()));
    let ends = |token: &TokenTree| match token {
        TokenTree::Group(group) => !to_semicolon && group.delimiter() == Delimiter::Brace,
        token => is(token, ';'),
    };
    let length = tokens[attributes..].iter().position(ends);
    length.map_or(tokens.len(), |length| attributes + length + 1)
}

/// Whether a path into the crate begins here.
fn starts_path(tokens: &[TokenTree]) -> bool {
    match tokens {
        [TokenTree::Ident(word), first, second, ..] => {
            ["crate", "self", "super"].iter().any(|start| word == start) && is(first, ':') && is(second, ':')
        }
        _ => false,
    }
}

/// The names with `::` between them, and what comes after the last one.
fn leading_path(tokens: &[TokenTree]) -> (Vec<String>, &[TokenTree]) {
    let mut names = Vec::new();
    let mut rest = tokens;
    while let [TokenTree::Ident(name), after @ ..] = rest {
        if name == "as" {
            break;
        }
        names.push(name.to_string());
        rest = after;
        match after {
            [first, second, after @ ..] if is(first, ':') && is(second, ':') => rest = after,
            _ => break,
        }
    }
    (names, rest)
}

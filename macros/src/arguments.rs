//! Arguments of our attributes: `key = path`, separated by commas.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Path, Token};

use crate::errors::Errors;

/// The arguments that an attribute takes.
pub(crate) struct Grammar {
    /// The attribute as its user writes it, for messages.
    pub(crate) attribute: &'static str,
    /// The keys that it knows; the value of each is a path.
    pub(crate) keys: &'static [Key],
}

/// One key of an attribute.
pub(crate) struct Key {
    /// The word before the equals sign.
    pub(crate) name: &'static str,
    /// A path that could come after the equals sign, for messages.
    pub(crate) example: &'static str,
}

impl Grammar {
    fn key(&self, name: &Ident) -> Option<&Key> {
        self.keys.iter().find(|key| name == key.name)
    }

    /// The arguments as they are written, for messages: "`crate = policy_kit`", or several of these with "or" between.
    pub(crate) fn usage(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| format!("`{} = {}`", key.name, key.example)).collect();
        keys.join(" or ")
    }
}

/// The arguments that were given, each key at most once.
#[derive(Default)]
pub(crate) struct Arguments {
    given: Vec<(Ident, Path)>,
}

impl Arguments {
    /// Reads one list of arguments, and adds those that can be used to the ones read before. The others are mistakes;
    /// each is reported, and reading goes on behind the next comma.
    pub(crate) fn read(&mut self, grammar: &Grammar, tokens: TokenStream, errors: &mut Errors) {
        let list = |input: ParseStream| {
            while !input.is_empty() {
                if let Err(error) = argument(grammar, input).and_then(|(key, path)| self.add(key, path)) {
                    errors.add(error);
                    skip_to_comma(input)?;
                } else if !input.is_empty() && !input.peek(Token![,]) {
                    errors.add(input.error("unexpected token: arguments are separated by commas"));
                    skip_to_comma(input)?;
                }
                input.parse::<Option<Token![,]>>()?;
            }
            Ok(())
        };
        if let Err(error) = list.parse2(tokens) {
            errors.add(error);
        }
    }

    fn add(&mut self, key: Ident, path: Path) -> syn::Result<()> {
        if self.given.iter().any(|(known, _)| *known == key) {
            return Err(syn::Error::new(key.span(), format!("`{key}` is given twice: remove one of them")));
        }
        self.given.push((key, path));
        Ok(())
    }

    /// The path that was given for a key.
    pub(crate) fn get(&self, name: &str) -> Option<&Path> {
        self.given.iter().find(|(key, _)| key == name).map(|(_, path)| path)
    }

    /// The path of the crate `admit` in the user's crate.
    pub(crate) fn krate(&self) -> Path {
        self.get("crate").cloned().unwrap_or_else(|| syn::parse_quote!(::admit))
    }
}

/// Reads one `key = path`.
fn argument(grammar: &Grammar, input: ParseStream) -> syn::Result<(Ident, Path)> {
    let Ok(name) = input.call(Ident::parse_any) else {
        return Err(input.error(format!("expected a name: `{}` takes {}", grammar.attribute, grammar.usage())));
    };
    let Some(key) = grammar.key(&name) else {
        let message = format!("unknown argument `{name}`: `{}` takes {}", grammar.attribute, grammar.usage());
        return Err(syn::Error::new(name.span(), message));
    };
    if !input.peek(Token![=]) {
        let message = format!("`{name}` needs a path: write `{name} = {}`", key.example);
        return Err(syn::Error::new(name.span(), message));
    }
    input.parse::<Token![=]>()?;
    if let Ok(text) = input.fork().parse::<LitStr>() {
        let message = format!("`{name}` takes a path, not a string: write `{name} = {}`", text.value());
        return Err(syn::Error::new(text.span(), message));
    }
    match input.call(Path::parse_mod_style) {
        Ok(path) => Ok((name, path)),
        Err(error) => {
            let message = format!("expected a path: write `{name} = {}`", key.example);
            Err(syn::Error::new(error.span(), message))
        }
    }
}

fn skip_to_comma(input: ParseStream) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

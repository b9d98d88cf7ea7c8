//! Does what its material asks for, so that one module shows everything the SDK can do on Chainloop.

use admit::prelude::*;

/// A material that asks for something.
#[derive(Deserialize)]
struct Asking {
    ask: Ask,
    /// What is counted.
    #[serde(default)]
    items: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    name: String,
    version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Ask {
    Success,
    Fail(Vec<String>),
    Skip(String),
    Ignore,
    Error(String),
    Panic(String),
    Log,
    /// Answers with the args.
    Args,
    /// Answers with what is known about the material.
    Metadata,
    /// Answers with how many items have no version, and the names of the first two of them.
    Count,
    /// Answers with status and body.
    Get(String),
    /// The same.
    Post {
        url: String,
        body: String,
    },
    /// The same; the body is the list of the items' names as JSON, which comes with a header.
    PostJson(String),
    /// Answers with kind and digest of what the artifact refers to.
    Discover {
        digest: String,
        #[serde(default)]
        kind: String,
    },
}

/// The args.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
#[settings(check = limit_is_not_13)]
struct Args {
    words: Vec<String>,
    limit: u32,
    strict: bool,
    level: Option<Grade>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Grade {
    Low,
    High,
}

fn limit_is_not_13(args: &Args) -> Result<(), SettingsError> {
    match args.limit {
        13 => Err(SettingsError::new("brings bad luck").at("/limit")),
        _ => Ok(()),
    }
}

#[admit::policy]
fn check(material: &Material<Asking>, args: &Args, host: &Host) -> Result<Evaluation, Error> {
    let said = |response: admit::HttpResponse| -> Result<Evaluation, Error> {
        Ok(Evaluation::fail(format!("{} {}", response.status(), response.text()?)))
    };
    Ok(match &material.ask {
        Ask::Success => Evaluation::success(),
        Ask::Fail(violations) => {
            let mut evaluation = Evaluation::success();
            evaluation.extend(violations.iter().cloned());
            evaluation
        }
        Ask::Skip(reason) => Evaluation::skip(reason),
        Ask::Ignore => Evaluation::ignore(),
        Ask::Error(text) => return Err(Error::new(text)),
        Ask::Panic(text) => panic!("{text}"),
        Ask::Log => {
            for level in [Level::Trace, Level::Debug, Level::Info, Level::Warning, Level::Error] {
                host.log(Record::new(level, format!("a record of level {}", level.as_str())));
            }
            host.log(Record::new(Level::Warning, "with fields").with("items", material.items.len()));
            Evaluation::success()
        }
        Ask::Args => Evaluation::fail(format!("{args:?}")),
        Ask::Metadata => {
            let metadata = material.metadata()?;
            let (kind, name) = (metadata.kind()?.unwrap_or_default(), metadata.name()?.unwrap_or_default());
            let digest = metadata.digest("sha256")?.unwrap_or_default();
            Evaluation::fail(format!("{kind} {name} {digest}: {}", material.text()?))
        }
        Ask::Count => {
            let unversioned: Vec<_> = material.items.iter().filter(|item| item.version.is_none()).collect();
            let names: Vec<_> = unversioned.iter().take(2).map(|item| item.name.as_str()).collect();
            Evaluation::fail(format!("{} of {}: {}", unversioned.len(), material.items.len(), names.join(", ")))
        }
        Ask::Get(url) => said(host.http().get(url)?)?,
        Ask::Post { url, body } => said(host.http().post(url, body.as_str())?)?,
        Ask::PostJson(url) => {
            let names: Vec<&str> = material.items.iter().map(|item| item.name.as_str()).collect();
            said(host.http().post_json(url, &names)?)?
        }
        Ask::Discover { digest, kind } => {
            let artifact = if kind.is_empty() { host.discover(digest)? } else { host.discover_kind(digest, kind)? };
            let mut evaluation = Evaluation::success();
            evaluation.extend(artifact.references.iter().map(|other| format!("{}@{}", other.kind, other.digest)));
            evaluation
        }
    })
}

//! Documents that Chainloop makes itself.

use serde_json::{Map, Value, json};

use super::super::super::go::{Mismatch, Types, field, word};
use super::super::super::json::Json;
use super::schema::{self, Schema};
use super::specifications::{tree, unfit};
use super::{Refused, document, fits};

fn types() -> Types {
    Types::new("materials", include_str!("types/chainloop.txt"))
}

pub(super) fn runner_context(bytes: &[u8]) -> Result<(), Refused> {
    let refused = || Refused::of_type("invalid Chainloop runner context file");
    let json = document(bytes, &refused)?;
    let found = tree(&json, &refused)?;
    schema::RUNNER_CONTEXT.check(&found, |_| false).map_err(|error| unfit(refused(), &json, json.start(), &error))
}

pub(super) fn ai_agent_config(bytes: &[u8]) -> Result<(), Refused> {
    of_data(bytes, "Config", schema::AI_AGENT_CONFIG, "AI agent config")
}

pub(super) fn ai_coding_session(bytes: &[u8]) -> Result<(), Refused> {
    of_data(bytes, "CodingSession", schema::AI_CODING_SESSION, "AI coding session")
}

/// A document whose `data` is what its schema is about.
fn of_data(bytes: &[u8], kind: &'static str, schema: Schema, title: &str) -> Result<(), Refused> {
    let json = whole(bytes)?;
    if json.byte(json.start()) != b'{' && json.byte(json.start()) != b'n' {
        let found = word(json.byte(json.start()));
        let words = format!(
            "json: cannot unmarshal {found} into Go value of type struct {{ Data json.RawMessage \"json:\\\"data\\\"\" }}"
        );
        return Err(Refused::new(format!("invalid JSON format: {words}")));
    }
    let data =
        json.members(json.start()).into_iter().rev().find(|member| json.key(*member).eq_ignore_ascii_case("data"));
    let Some(data) = data.map(|member| member.value()) else {
        return Err(Refused::new("failed to unmarshal data: unexpected end of JSON input")
            .detail("it has no `data`")
            .at(json.start()));
    };
    types().check(&json, data, kind, |_, _| Ok(())).map_err(|error| {
        let words =
            error.words.replace(&format!("materials.{kind}"), "Data").replace(&format!("field {kind}."), "field Data.");
        Refused::new(format!("failed to unmarshal data: {words}")).mismatch(&error)
    })?;
    let found = json.tree(data).map_err(|number| {
        Refused::new(format!("failed to unmarshal data for validation: the number {number} is too large"))
    })?;
    schema.check(&found, |_| false).map_err(|error| {
        unfit(Refused::new(format!("{title} validation failed: {}", error.words)), &json, data, &error)
    })
}

fn whole(bytes: &[u8]) -> Result<Json<'_>, Refused> {
    Json::document(bytes)
        .map_err(|error| Refused::new(format!("invalid JSON format: {}", error.of_a_document())).syntax(&error, bytes))
}

/// What is known of a pull request. Chainloop reads the fields that it knows and checks what it makes of them.
pub(super) fn pr_info(bytes: &[u8]) -> Result<(), Refused> {
    let json = whole(bytes)?;
    let wrong = |error: &Mismatch, words: &str| Refused::new(format!("invalid JSON format: {words}")).mismatch(error);
    fits(&types(), &json, "Evidence").map_err(|error| wrong(&error, &error.words))?;
    let data = field(&json, json.start(), "data");
    let mut found = Map::new();
    for name in ["platform", "type", "number", "title", "description", "source_branch", "target_branch", "url"] {
        found.insert(name.to_owned(), data.map(|data| super::text(&json, data, name)).unwrap_or_default().into());
    }
    if let Some(data) = data {
        types().check(&json, data, "Alias", |_, _| Ok(())).map_err(|error| {
            let words = match error
                .words
                .split_once("Go struct field ")
                .and_then(|(head, rest)| Some((head, rest.split_once('.')?)))
            {
                Some((head, (_, rest))) => format!("{head}Go struct field Evidence.data.Alias.{rest}"),
                None => error.words.clone(),
            };
            wrong(&error, &words)
        })?;
        people(&json, data, &mut found)?;
    }
    schema::PR_INFO.check(&Value::Object(found), |_| false).map_err(|error| {
        let refused = Refused::new(format!("PR info validation failed: {}", error.words));
        unfit(refused, &json, data.unwrap_or(json.start()), &error)
    })
}

/// Who made the request and who looked at it.
fn people(json: &Json<'_>, data: usize, found: &mut Map<String, Value>) -> Result<(), Refused> {
    let text = |at: usize, name: &str| super::text(json, at, name);
    if let Some(author) = field(json, data, "author") {
        let object = types().check(json, author, "Reviewer", |_, _| Ok(())).is_ok();
        let author = match json.string(author) {
            _ if object => json!({ "login": text(author, "login"), "type": text(author, "type") }),
            Some(login) => json!({ "login": login, "type": "unknown" }),
            None => {
                let words = "author field must be a string or an object with login and type fields";
                return Err(Refused::new(format!("invalid JSON format: {words}")).at(author));
            }
        };
        found.insert("author".to_owned(), author);
    }
    let reviewers = field(json, data, "reviewers").map(|list| json.items(list).collect::<Vec<_>>()).unwrap_or_default();
    if !reviewers.is_empty() {
        let reviewer = |at: usize| {
            let requested = field(json, at, "requested").is_some_and(|at| json.byte(at) == b't');
            let mut one = json!({ "login": text(at, "login"), "type": text(at, "type"), "requested": requested });
            let status = text(at, "review_status");
            if !status.is_empty() {
                one["review_status"] = status.into();
            }
            one
        };
        found.insert("reviewers".to_owned(), reviewers.into_iter().map(reviewer).collect());
    }
    Ok(())
}

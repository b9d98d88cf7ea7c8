//! Lets only attestations of signed commits through, by authors of known domains.

use std::collections::BTreeMap;

use admit::prelude::*;

/// What is asked for.
#[derive(Debug, Default, Deserialize, Settings)]
#[serde(default)]
pub struct Rules {
    /// Domains that the author's address has to be in; any when there are none.
    pub domains: Vec<String>,
    /// Whether attestations that refer to this one must be without violations, too.
    pub check_references: bool,
}

/// An in-toto statement.
#[derive(Debug, Deserialize)]
struct Statement {
    #[serde(rename = "_type")]
    statement_type: Option<String>,
    #[serde(default)]
    subject: Vec<Subject>,
}

#[derive(Debug, Deserialize)]
struct Subject {
    name: String,
    #[serde(default)]
    digest: BTreeMap<String, String>,
    #[serde(default)]
    annotations: Annotations,
}

/// What Chainloop knows about a commit.
#[derive(Debug, Default, Deserialize)]
struct Annotations {
    #[serde(default, rename = "author.email")]
    author_email: String,
    #[serde(default)]
    signature: String,
}

#[admit::policy]
fn check(attestation: &Material<Statement>, rules: &Rules, host: &Host) -> Result<Evaluation, Error> {
    if !attestation.statement_type.as_deref().is_some_and(|found| found.starts_with("https://in-toto.io/Statement/")) {
        return Ok(Evaluation::skip("the material is no in-toto statement"));
    }
    let Some(commit) = attestation.subject.iter().find(|subject| subject.name == "git.head") else {
        return Ok(Evaluation::fail("the attestation has no commit: there is no subject `git.head`"));
    };
    let mut evaluation = Evaluation::success();
    let short = commit.digest.get("sha1").map_or("without a digest", |digest| digest.get(..7).unwrap_or(digest));
    if commit.annotations.signature.trim().is_empty() {
        evaluation.add(format!("commit {short} is not signed"));
    }
    let author = &commit.annotations.author_email;
    let domain = author.rsplit_once('@').map(|(_, domain)| domain);
    if !rules.domains.is_empty()
        && !rules.domains.iter().any(|known| domain.is_some_and(|d| d.eq_ignore_ascii_case(known)))
    {
        evaluation.add(format!("commit {short} is by `{author}`, which is not in {}", rules.domains.join(", ")));
    }
    if rules.check_references {
        evaluation.extend(violated(attestation, host)?);
    }
    Ok(evaluation)
}

/// The attestations that Chainloop knows to violate policies, of those that refer to this one.
fn violated(attestation: &Material<Statement>, host: &Host) -> Result<Vec<String>, Error> {
    let metadata = attestation.metadata()?;
    let Some(digest) = metadata.digest("sha256")? else {
        return Err(Error::new("the attestation has no digest to ask Chainloop about"));
    };
    let artifact = host.discover(&format!("sha256:{digest}"))?;
    let violates = |reference: &&admit::Artifact| {
        reference.kind == "ATTESTATION"
            && reference.metadata.get("hasPolicyViolations").is_some_and(|has| has == "true")
    };
    let references = artifact.references.iter().filter(violates);
    Ok(references.map(|reference| format!("attestation {} has policy violations", reference.digest)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsigned_commit() -> Result<(), Error> {
        let attestation = Material::from_json(
            r#"{"_type": "https://in-toto.io/Statement/v1", "subject": [
                {"name": "git.head", "digest": {"sha1": "0123456789abcdef"}, "annotations": {"author.email": "a@b.example"}}
            ]}"#,
        )?;
        let rules = Rules { domains: vec!["c.example".into()], ..Rules::default() };
        assert_eq!(
            check(&attestation, &rules, &Host::silent())?.violations(),
            ["commit 0123456 is not signed", "commit 0123456 is by `a@b.example`, which is not in c.example"]
        );
        Ok(())
    }
}

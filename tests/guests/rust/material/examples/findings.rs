//! Finds vulnerabilities: whatever its material lists.

use admit::prelude::*;

#[derive(Deserialize)]
struct Report {
    matches: Vec<Match>,
}

#[derive(Deserialize)]
struct Match {
    id: String,
    purl: String,
    severity: String,
    score: Option<f64>,
    #[serde(default)]
    accepted: bool,
}

#[admit::policy]
fn check(report: &Material<Report>) -> Evaluation<Vulnerability> {
    let mut evaluation = Evaluation::success();
    for found in &report.matches {
        let message = format!("{} is in {}", found.id, found.purl);
        let mut finding = Vulnerability::new(message, &found.id, &found.purl, found.severity.as_str());
        if let Some(score) = found.score {
            finding = finding.cvss_v3_score(score);
        }
        evaluation.add(if found.accepted { finding.suppressed() } else { finding });
    }
    evaluation
}

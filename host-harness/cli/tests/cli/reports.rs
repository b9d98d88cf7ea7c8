//! `cargo admit test --report`.

use std::fs;

use boon::{Compiler, Schemas};
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

use crate::support::{Folder, POD, Ran};

const ALL: &str = "--report junit=out/deep/junit.xml --report sarif=out/admit.sarif --report json=out/report.json \
                   --report markdown=out/summary.md --report github=out/annotations";

/// A policy that rejects, and four cases: two objects of one file, one of which is meant to get in; a code and a warning that are not as
/// expected; one for another ABI.
fn folder(answer: &Value) -> Folder {
    let pods = "# Two of them.\napiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\n---\n\napiVersion: v1\nkind: Pod\nmetadata: {name: db}\n";
    Folder::new()
        .answers(r#"{"valid": true}"#, &answer.to_string())
        .file("cases/_shared/my pods.yaml", pods)
        .file(
            "cases/both.yaml",
            "about: they get in\nobject: {file: _shared/my pods.yaml}\nexpect:\n  verdict: accept\n",
        )
        .file(
            "cases/more.yaml",
            format!("object: {POD}\nexpect:\n  verdict: reject\n  code: 403\n  warnings:\n  - w\n"),
        )
        .file("cases/other.yaml", format!("object: {POD}\nonly: [wasi]\nexpect: accept\n"))
        .file("cases/right.yaml", format!("object: {POD}\nexpect: {{verdict: reject, code: 400}}\n"))
}

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn report(folder: &Folder) -> Value {
    serde_json::from_str(&read(folder, "out/report.json")).expect("JSON")
}

fn sarif(folder: &Folder) -> Value {
    let sarif: Value = serde_json::from_str(&read(folder, "out/admit.sarif")).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    sarif["runs"][0].clone()
}

/// File and line of a location in SARIF.
fn place(location: &Value) -> (String, u64) {
    let physical = &location["physicalLocation"];
    let file = physical["artifactLocation"]["uri"].as_str().expect("a URI");
    (file.to_owned(), physical["region"]["startLine"].as_u64().unwrap_or(0))
}

/// Checks a report with the schema that the program prints.
#[track_caller]
pub(crate) fn is_valid(report: &Value) {
    let schema: Value =
        serde_json::from_str(&Folder::new().run("scaffold report-schema").exits(0).stdout).expect("JSON");
    let id = schema["$id"].as_str().expect("an $id").to_owned();
    assert_eq!((report["schema"].as_str(), &report["version"]), (Some(id.as_str()), &json!(1)));
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    compiler.add_resource(&id, schema).expect("an absolute $id");
    let root = compiler.compile(&id, &mut schemas).expect("a schema");
    if let Err(error) = schemas.validate(report, root) {
        panic!("{error:#}\n{report:#}");
    }
    let mut broken = report.clone();
    broken["summary"]["failed"] = json!("one");
    assert!(schemas.validate(&broken, root).is_err(), "the schema refuses nothing");
}

#[test]
fn all_of_them_at_once() {
    let folder = folder(&json!({ "accepted": false, "message": "not <here>\nand \"there\"", "code": 400 }));
    let plain = folder.run("test policy.wasm").exits(1);
    let ran = folder.run(&format!("test policy.wasm {ALL}")).exits(1);
    let without_times = |ran: &Ran| -> Vec<String> {
        ran.stdout.lines().filter(|line| !line.contains(" ms")).map(str::to_owned).collect()
    };
    assert_eq!(without_times(&ran), without_times(&plain), "what people read stays what it is");

    let junit = read(&folder, "out/deep/junit.xml");
    let xml = roxmltree::Document::parse(&junit).expect("XML");
    let counts = |node: roxmltree::Node<'_, '_>| {
        ["tests", "failures", "errors", "skipped"].map(|name| node.attribute(name).expect("a count").to_owned())
    };
    assert_eq!(counts(xml.root_element()), ["5", "3", "0", "1"]);
    let suite = xml.root_element().first_element_child().expect("a suite");
    assert_eq!((suite.attribute("name"), counts(suite)), (Some("policy.wasm (wapc)"), counts(xml.root_element())));
    let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
    let outcome = |case: &roxmltree::Node<'_, '_>| {
        let result = case.first_element_child().map_or("passed", |result| result.tag_name().name());
        let of = |name| case.attribute(name).unwrap_or("-").to_owned();
        format!("{} {}:{} {result}", of("name"), of("file"), of("line"))
    };
    assert_eq!(
        cases.iter().map(outcome).collect::<Vec<_>>(),
        [
            "both[Pod/shop/web] cases/both.yaml:4 failure",
            "both[Pod/default/db] cases/both.yaml:4 failure",
            "more cases/more.yaml:4 failure",
            "other cases/other.yaml:- skipped",
            "right cases/right.yaml:- passed",
        ]
    );
    let failure = cases[0].first_element_child().expect("a failure");
    let text = "they get in\nverdict  cases/both.yaml:4\n  expected  accept\n  actual    reject: not <here>\n            and \"there\"";
    assert_eq!(failure.text(), Some(text));
    assert_eq!(
        failure.attribute("message"),
        Some("verdict: expected accept, actual reject: not <here>\\nand \"there\"")
    );

    let sarif = sarif(&folder);
    let results = sarif["results"].as_array().expect("results");
    let places: Vec<_> = results.iter().map(|result| place(&result["locations"][0])).collect();
    let pods = "cases/_shared/my%20pods.yaml".to_owned();
    assert_eq!(places, [(pods.clone(), 2), (pods, 7), ("cases/more.yaml".to_owned(), 1)], "the objects");
    let related: Vec<_> = results[2]["relatedLocations"].as_array().expect("a list").iter().map(place).collect();
    assert_eq!(related, [("cases/more.yaml".to_owned(), 4), ("cases/more.yaml".to_owned(), 6)], "the expectations");
    let rules = sarif["tool"]["driver"]["rules"].as_array().expect("rules");
    for result in results {
        assert_eq!(rules[result["ruleIndex"].as_u64().expect("a number") as usize]["id"], result["ruleId"]);
        assert_eq!(result["ruleId"], "case");
    }
    assert_eq!(sarif["invocations"][0]["executionSuccessful"], true);

    let report = report(&folder);
    is_valid(&report);
    assert_eq!(report, folder.run("test policy.wasm --format json").exits(1).json(), "the one of --format json");
    assert_eq!(report["runs"][2]["differences"][1]["at"], json!({ "line": 6, "column": 5 }));
    assert_eq!(
        report["runs"][1]["input"],
        json!({ "file": "cases/_shared/my pods.yaml", "at": { "line": 7, "column": 1 } })
    );

    let annotations = read(&folder, "out/annotations");
    let lines: Vec<&str> = annotations.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(
        lines[2],
        "::error file=cases/more.yaml,line=4,col=3,title=case more on wapc::code  cases/more.yaml:4%0A  expected  403%0A  \
         actual    400%0Awarnings[0]  cases/more.yaml:6%0A  expected  w%0A  actual    (none)"
    );

    let summary = read(&folder, "out/summary.md");
    assert!(summary.starts_with("### <code>policy&#46;wasm</code>: 1 passed, 3 failed, 1 skipped\n"), "{summary}");
    assert!(
        summary.contains("| <code>case more on wapc</code> | <code>cases/more&#46;yaml&#58;4</code> |\n"),
        "{summary}"
    );
}

/// Ends of texts in each format, commands, markup, mentions, and characters that XML has no place for.
const TRICK: &str = "</failure>]]> <b>bold</b> <script>x</script> | `a` ``` @org/team [click](https://evil.example) \
                     www.evil.example\n```\n::error::forged\n::set-env name=A::b\n  ::add-mask::x\n##[error]forged\n| a | b | c |\n\
                     %0A::warning::forged\r::debug::forged\u{1b}[31m\u{0}\u{8}\u{202e}\u{200b}\u{fffe}\u{ffff} &amp; %25\n</details>\n# head";

#[test]
fn no_text_of_a_policy_is_anything_but_text() {
    let trick = TRICK.replace('\u{ffff}', "");
    let folder = folder(&json!({ "accepted": false, "message": trick, "warnings": [trick] }));
    let ran = folder
        .run(&format!("test policy.wasm --report github=- {}", ALL.replace("--report github=out/annotations", "")));
    let ran = ran.exits(1);
    let hidden = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{200b}');
    for text in [&ran.stdout, &read(&folder, "out/deep/junit.xml"), &read(&folder, "out/summary.md")] {
        assert!(!text.contains(hidden), "{text:?}");
    }

    // GitHub's runner sees commands behind blanks, too, but not between these two lines.
    let lines: Vec<&str> = ran.stdout.lines().collect();
    let token = lines[0].strip_prefix("::stop-commands::").expect("no commands from here on");
    assert!(token.len() > 30, "{token}");
    let end = lines.iter().position(|line| *line == format!("::{token}::")).expect("the end of it");
    let again = folder.run("test policy.wasm --report github=-").exits(1);
    assert!(!again.stdout.contains(token), "nobody can guess it");
    assert!(
        lines[1..end].iter().any(|line| line.trim_start().starts_with("::set-env")),
        "the text is there:\n{}",
        ran.stdout
    );
    assert_eq!(lines[end + 1..].len(), 4, "one line for each of what failed");
    assert!(lines[end + 1..].iter().all(|line| line.starts_with("::error file=cases/")), "{}", ran.stdout);
    assert!(lines[end + 1].contains("%250A"), "no escape of the text is one of the command");

    let junit = read(&folder, "out/deep/junit.xml");
    let xml = roxmltree::Document::parse(&junit).expect("XML");
    let failures: Vec<_> = xml.descendants().filter(|node| node.has_tag_name("failure")).collect();
    assert_eq!(failures.len(), 4);
    let text = failures[0].text().expect("a text");
    assert!(
        text.contains("</failure>]]> <b>bold</b>") && text.contains("\\u{0}\\u{8}\\u{202e}\\u{200b}\\u{fffe}"),
        "{text}"
    );

    let summary = read(&folder, "out/summary.md");
    let (mut blocks, mut headings) = (0, 0);
    for event in Parser::new_ext(&summary, Options::ENABLE_TABLES) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let ours = ["<details>", "<summary>", "</summary>", "</details>", "<code>", "</code>", "\n"];
                let rest = ours.iter().fold(html.to_string(), |rest, tag| rest.replace(tag, ""));
                assert!(!rest.contains('<'), "{html}");
            }
            Event::Start(Tag::CodeBlock(_)) => blocks += 1,
            Event::Start(Tag::Table(columns)) => assert_eq!(columns.len(), 2),
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::Emphasis | Tag::List(_))) => {
                panic!("{tag:?}")
            }
            _ => {}
        }
    }
    assert_eq!(blocks, 4, "a block for each of what failed:\n{summary}");
    assert_eq!(headings, 1, "{summary}");

    let sarif = sarif(&folder);
    let text = sarif["results"][0]["message"]["text"].as_str().expect("a text");
    assert!(
        text.contains("[click] (https://evil.example)") && !text.contains("](") && !text.contains(hidden),
        "{text}"
    );
}

#[test]
fn mistakes_in_case_files() {
    let folder = folder(&json!({ "accepted": true }))
        .file("cases/typo.yaml", format!("object: {POD}\n\nexpcet: accept\n"))
        .file("cases/verdict.yaml", format!("object: {POD}\nexpect:\n  verdict: acept\n"));
    let ran = folder.run(&format!("test policy.wasm {ALL}")).exits(2).prints_nothing();
    ran.tells("error: cases/typo.yaml:3:1: expcet: unknown key");

    let junit = read(&folder, "out/deep/junit.xml");
    let xml = roxmltree::Document::parse(&junit).expect("XML");
    assert_eq!(xml.root_element().attribute("errors"), Some("2"));
    let errors: Vec<_> = xml.descendants().filter(|node| node.has_tag_name("error")).collect();
    let case = errors[1].parent_element().expect("a test");
    assert_eq!((case.attribute("file"), case.attribute("line")), (Some("cases/verdict.yaml"), Some("3")));
    assert_eq!(
        errors[1].text(),
        Some("cases/verdict.yaml:3:3: expect.verdict: `acept` is not a verdict; did you mean `accept`?")
    );

    let sarif = sarif(&folder);
    let results = sarif["results"].as_array().expect("results");
    let places: Vec<_> = results.iter().map(|result| place(&result["locations"][0])).collect();
    assert_eq!(places, [("cases/typo.yaml".to_owned(), 3), ("cases/verdict.yaml".to_owned(), 3)]);
    assert_eq!(
        (&results[0]["ruleId"], &sarif["invocations"][0]["executionSuccessful"]),
        (&json!("input"), &json!(false))
    );

    let report = report(&folder);
    is_valid(&report);
    assert_eq!(report["errors"][0]["at"], json!({ "line": 3, "column": 1 }));
    assert_eq!(report["errors"][0]["file"], "cases/typo.yaml");
    let annotations = read(&folder, "out/annotations");
    assert!(
        annotations
            .starts_with("::error file=cases/typo.yaml,line=3,col=1,title=mistake in cases/typo.yaml::cases/typo.yaml"),
        "{annotations}"
    );
    assert!(read(&folder, "out/summary.md").contains(": the tests did not run\n"));
}

/// Whatever keeps tests from running is in the reports, so that a CI that looks at them only does not take it for success.
#[test]
fn no_run_is_no_success() {
    let folder = folder(&json!({ "accepted": true }));
    for (command, why) in [
        ("test none.wasm", "cannot read none.wasm"),
        ("test policy.wasm --filter nothing", "no case has `nothing` in its name"),
        ("test policy.wasm --filter other", "no case runs on wapc"),
    ] {
        folder.run(&format!("{command} {ALL}")).exits(2).tells(why);
        let junit = read(&folder, "out/deep/junit.xml");
        let xml = roxmltree::Document::parse(&junit).expect("XML");
        assert_eq!(xml.root_element().attribute("errors"), Some("1"), "{junit}");
        assert!(junit.contains(why), "{junit}");
        let report = report(&folder);
        is_valid(&report);
        assert!(report["errors"][0]["message"].as_str().expect("a text").contains(why), "{report}");
        assert!(read(&folder, "out/annotations").contains(why));
    }
    assert_eq!(place(&sarif(&folder)["results"][0]["locations"][0]), ("policy.wasm".to_owned(), 0));
}

#[test]
fn what_passes() {
    let folder = folder(&json!({ "accepted": false, "code": 400 }));
    folder.run(&format!("test policy.wasm --filter right {ALL}")).exits(0);
    is_valid(&report(&folder));
    assert_eq!(sarif(&folder)["results"], json!([]));
    assert_eq!(read(&folder, "out/annotations"), "");
    assert_eq!(read(&folder, "out/summary.md"), "### <code>policy&#46;wasm</code>: 1 passed, 0 failed\n");
    folder.run("test policy.wasm --filter right --report github=-").exits(0).prints("::stop-commands::");
}

/// A summary says that the cases show nothing, and so does the JSON.
#[test]
fn cases_that_show_nothing() {
    let folder = Folder::new()
        .answers(r#"{"valid": true}"#, r#"{"accepted": true}"#)
        .file("cases/plain.yaml", format!("object: {POD}\nexpect: accept\n"));
    folder.run(&format!("test policy.wasm {ALL}")).exits(0).prints("vacuous: a policy that");
    let summary = read(&folder, "out/summary.md");
    assert!(summary.contains("1 passed, 0 failed\n\nvacuous: a policy that"), "{summary}");
    is_valid(&report(&folder));
    assert!(!report(&folder)["vacuous"].as_array().expect("a list").is_empty());
    let folder = folder.file("cases/new.yaml", format!("object: {POD}\n"));
    let blessed = folder.run("test policy.wasm --bless --report json=out/report.json --format json").exits(0).json();
    is_valid(&blessed);
    assert_eq!(blessed["blessed"][0]["case"], "new");
}

/// Files are named from the root of the repository, as those name them who show the reports.
#[test]
fn in_a_folder_of_a_repository() {
    let case = format!("object: {POD}\nexpect: reject\n");
    let folder = Folder::new()
        .answers(r#"{"valid": true}"#, r#"{"accepted": true}"#)
        .file(".git/HEAD", "")
        .file("policies/my,a:b/cases/no.yaml", case);
    let (from, to) = (folder.path().join("policy.wasm"), folder.path().join("policies/my,a:b/policy.wasm"));
    fs::rename(from, to).expect("a file");
    let ran = folder.run("test policies/my,a:b/policy.wasm --report github=- --report sarif=policies/x.sarif").exits(1);
    ran.prints("::error file=policies/my%2Ca%3Ab/cases/no.yaml,line=2,col=1,title=case no on wapc::");
    let sarif = read(&folder, "policies/x.sarif");
    assert!(sarif.contains("\"uri\": \"policies/my%2Ca%3Ab/cases/no.yaml\""), "{sarif}");
}

#[test]
fn policies_that_fail_open() {
    let folder = Folder::new().krate("quota");
    let test = format!("test quota --faults=closed --filter open --abi wapc {ALL}");
    folder.run(&test).exits(1);
    let sarif = sarif(&folder);
    assert_eq!(sarif["results"][0]["ruleId"], "fault");
    let text = sarif["results"][0]["message"]["text"].as_str().expect("a text").to_owned();
    assert!(text.contains("a request entered 4 times although the policy had no answer"), "{text}");
    assert!(
        text.contains("wapc: call 1 kubernetes/list_resources_by_namespace goes wrong (garbage): accept"),
        "{text}"
    );
    let junit = read(&folder, "out/deep/junit.xml");
    let xml = roxmltree::Document::parse(&junit).expect("XML");
    let failure = xml.descendants().find(|node| node.has_tag_name("failure")).expect("a failure");
    assert_eq!(failure.parent_element().and_then(|case| case.attribute("classname")), Some("quota.faults"));
    is_valid(&report(&folder));
    assert!(read(&folder, "out/summary.md").contains("4 faults let a request in"));
    // Where that is no failure, it is none in the reports.
    folder.run(&test.replace("=closed", "")).exits(0);
    assert!(!read(&folder, "out/deep/junit.xml").contains("<failure"));
    // What was not tried is an error, and what is known is told as well.
    folder.run(&format!("{test} --faults-timeout 0.000001")).exits(2);
    let junit = read(&folder, "out/deep/junit.xml");
    assert!(junit.contains("<error type=\"run\"") && junit.contains("name=\"quota (wapc)\""), "{junit}");
}

#[test]
fn a_material_has_no_line() {
    let file = "apiVersion: chainloop.dev/v1\nkind: Policy\nmetadata: { name: plain }\nspec: { policies: [{ kind: EVIDENCE, path: policy.wasm }] }\n";
    let folder = Folder::new()
        .chainloop(r#"{"violations": ["a"]}"#, file)
        .file("cases/_shared/doc.json", "{}")
        .file("cases/file.yaml", "material: {file: _shared/doc.json}\nexpect: success\n")
        .file("cases/here.yaml", "kind: EVIDENCE\nmaterial: {x: 1}\nexpect: {verdict: fail,\n  violations: [b]}\n");
    folder.run(&format!("test policy.yaml {ALL}")).exits(1);
    let sarif = sarif(&folder);
    let places = |key: &str, of: usize| place(&sarif["results"][of][key][0]);
    assert_eq!(places("locations", 0), ("cases/_shared/doc.json".to_owned(), 0));
    assert_eq!(places("locations", 1), ("cases/here.yaml".to_owned(), 2));
    assert_eq!(places("relatedLocations", 1), ("cases/here.yaml".to_owned(), 4));
    is_valid(&report(&folder));
}

/// What the cases of a table share stands elsewhere than what is theirs.
#[test]
fn rows_of_a_table() {
    let own = "- case: own\n  expect: {verdict: accept,\n    code: 7}\n- case: other\n  set: {/metadata/name: db}\n";
    let folder = Folder::new()
        .answers(r#"{"valid": true}"#, r#"{"accepted": true}"#)
        .file("cases/table.yaml", format!("object: {POD}\nexpect: reject\ncases:\n- case: shared\n{own}"));
    let ran = folder.run(&format!("test policy.wasm {ALL}")).exits(1);
    ran.prints("verdict  cases/table.yaml:2\n").prints("code  cases/table.yaml:7\n");
    let sarif = sarif(&folder);
    let places = |key: &str| -> Vec<u64> {
        let results = sarif["results"].as_array().expect("results");
        results.iter().map(|result| place(&result[key][0]).1).collect()
    };
    assert_eq!(places("locations"), [1, 1, 1], "the object is the same one");
    assert_eq!(places("relatedLocations"), [2, 7, 2]);
}

#[test]
fn reports_replace_nothing_that_is_read() {
    let folder = folder(&json!({ "accepted": true }));
    for (options, told) in [
        ("--report junit=-", "`junit` is a document, which cannot stand behind others on stdout: name a file"),
        ("--format json --report github=-", "`github` cannot stand behind the JSON of `--format json`"),
        ("--report github=- --report markdown=-", "two reports go to -; give each a file of its own"),
        ("--report github=a --report junit=a", "two reports go to a; give each a file of its own"),
        ("--report junit=cases", "--report: cases is a folder; name a file"),
        ("--report json=cases/report.json", "cases/report.json: is inside of `cases`"),
        ("--report junit=policy.wasm", "policy.wasm: is the policy"),
        ("--report junit=policy.wasm/a.xml", "cannot write policy.wasm/a.xml"),
        ("--report xml=a", "`xml` is not a format of reports; the formats are junit, sarif, github, markdown and json"),
        ("--report out.xml", "give a format and a file, as in `junit=out/junit.xml`"),
    ] {
        folder.run(&format!("test policy.wasm {options}")).exits(2).prints_nothing().tells(told);
    }
    assert!(!folder.path().join("a").exists() && folder.path().join("policy.wasm").is_file());
    // A file that cannot be written stays, and that is not success.
    let folder = folder.file("kept.xml", "old");
    let kept = folder.path().join("kept.xml");
    let mut mode = fs::metadata(&kept).expect("a file").permissions();
    mode.set_readonly(true);
    fs::set_permissions(&kept, mode).expect("a mode");
    folder
        .run("test policy.wasm --filter other --abi wapc --report junit=kept.xml")
        .exits(2)
        .tells("no case runs on wapc")
        .tells("cannot write kept.xml");
    folder
        .run("test policy.wasm --filter both --report junit=kept.xml")
        .exits(2)
        .tells("cannot write kept.xml: it is read-only");
    assert_eq!(read(&folder, "kept.xml"), "old");
}

//! Go, as far as it can be checked without its compiler and Chainloop's SDK: the grammar, the names of the SDK, how many arguments
//! its functions take, and that every import is used.

use std::ops::RangeInclusive;

use tree_sitter::{Node, Parser};

/// What the SDK is imported as, in its documentation and here.
const PACKAGE: &str = "chainlooppolicy";

/// Where it is imported from.
const PATH: &str = "github.com/chainloop-dev/chainloop/labs/wasm-policy-sdk/go";

/// Functions of the SDK, with how many arguments they take.
const FUNCTIONS: [(&str, RangeInclusive<usize>); 22] = [
    ("Discover", 2..=2),
    ("DiscoverByDigest", 1..=1),
    ("Fail", 0..=usize::MAX),
    ("GetArgString", 1..=1),
    ("GetArgStringDefault", 2..=2),
    ("GetArgs", 0..=0),
    ("GetMaterialBytes", 0..=0),
    ("GetMaterialJSON", 1..=1),
    ("GetMaterialString", 0..=0),
    ("HTTPGet", 1..=1),
    ("HTTPGetJSON", 2..=2),
    ("HTTPGetString", 1..=1),
    ("LogDebug", 1..=usize::MAX),
    ("LogError", 1..=usize::MAX),
    ("LogInfo", 1..=usize::MAX),
    ("LogTrace", 1..=usize::MAX),
    ("LogWarn", 1..=usize::MAX),
    ("OutputResult", 1..=1),
    ("Run", 1..=1),
    ("Skip", 1..=1),
    ("Skipf", 1..=usize::MAX),
    ("Success", 0..=0),
];

/// Types of the SDK.
const TYPES: [&str; 3] = ["DiscoverReference", "DiscoverResult", "Result"];

/// What a `Result`, which the book calls `result`, has.
const OF_RESULT: [&str; 8] =
    ["AddViolation", "AddViolationf", "HasViolations", "Ignore", "IsSuccess", "SkipReason", "Skipped", "Violations"];

/// Reads a file, or a part of one.
pub(crate) fn check(text: &str) -> Result<(), String> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_go::LANGUAGE.into()).map_err(|error| error.to_string())?;
    let tree = parser.parse(text, None).ok_or("Go cannot be parsed")?;
    let mut found = Found { text, complaints: Vec::new(), imports: Vec::new(), qualifiers: Vec::new(), is_file: false };
    found.visit(tree.root_node());
    found.imports_are_used();
    if found.complaints.is_empty() { Ok(()) } else { Err(found.complaints.join("\n")) }
}

struct Found<'t> {
    text: &'t str,
    complaints: Vec<String>,
    /// What packages are called here, and their paths.
    imports: Vec<(&'t str, &'t str)>,
    /// What stands in front of a dot.
    qualifiers: Vec<&'t str>,
    /// Whether it begins with `package`.
    is_file: bool,
}

impl<'t> Found<'t> {
    fn of(&self, node: Node<'_>) -> &'t str {
        &self.text[node.byte_range()]
    }

    fn field(&self, node: Node<'_>, name: &str) -> &'t str {
        node.child_by_field_name(name).map_or("", |child| self.of(child))
    }

    fn complain(&mut self, node: Node<'_>, what: &str) {
        self.complaints.push(format!("line {} of the block: {what}", node.start_position().row + 1));
    }

    fn visit(&mut self, node: Node<'_>) {
        match node.kind() {
            _ if node.is_error() || node.is_missing() => {
                let near = self.of(node).lines().next().unwrap_or_default();
                return self.complain(node, &format!("this is no Go: `{near}`"));
            }
            "package_clause" => self.is_file = true,
            "import_spec" => {
                let path = self.field(node, "path").trim_matches('"');
                let name = match self.field(node, "name") {
                    "" => path.rsplit('/').next().unwrap_or_default(),
                    name => name,
                };
                self.imports.push((name, path));
                if name == PACKAGE && path != PATH {
                    self.complain(node, &format!("the SDK is in {PATH}"));
                }
            }
            "selector_expression" => self.selected(node, self.field(node, "operand"), self.field(node, "field")),
            "qualified_type" => {
                let (package, name) = (self.field(node, "package"), self.field(node, "name"));
                self.qualifiers.push(package);
                if package == PACKAGE && !TYPES.contains(&name) {
                    self.complain(node, &format!("the SDK has no type `{name}`"));
                }
            }
            _ => {}
        }
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            self.visit(child);
        }
    }

    fn selected(&mut self, node: Node<'_>, operand: &'t str, name: &'t str) {
        self.qualifiers.push(operand);
        if operand == "result" && !OF_RESULT.contains(&name) {
            self.complain(node, &format!("a result has no `{name}`"));
        }
        if operand != PACKAGE {
            return;
        }
        let Some((_, arguments)) = FUNCTIONS.iter().find(|(function, _)| *function == name) else {
            return self.complain(node, &format!("the SDK has no function `{name}`"));
        };
        let call = node.parent().filter(|parent| parent.kind() == "call_expression");
        if let Some(given) = call.and_then(|call| call.child_by_field_name("arguments"))
            && !arguments.contains(&given.named_child_count())
        {
            self.complain(node, &format!("`{name}` does not take {} arguments", given.named_child_count()));
        }
    }

    /// Go compiles neither a file with an import that it does not use, nor one that uses what it does not import.
    fn imports_are_used(&mut self) {
        if !self.is_file {
            return;
        }
        let unused = self.imports.iter().filter(|(name, _)| !self.qualifiers.contains(name));
        self.complaints.extend(unused.map(|(_, path)| format!("`{path}` is imported and not used")));
        for package in [PACKAGE, "fmt", "slices", "strings"] {
            if self.qualifiers.contains(&package) && !self.imports.iter().any(|(name, _)| *name == package) {
                self.complaints.push(format!("`{package}` is used and not imported"));
            }
        }
    }
}

/// What is wrong is found.
pub(crate) fn finds_mistakes() -> Result<(), String> {
    let file = |imports: &str, body: &str| {
        format!("package main\n\nimport (\n{imports})\n\n//export Execute\nfunc Execute() int32 {{\n{body}}}\n")
    };
    let sdk = format!("\t{PACKAGE} \"{PATH}\"\n");
    let right = format!("\tresult := {PACKAGE}.Success()\n\tresult.AddViolation(\"no\")\n\treturn 0\n");
    check(&file(&sdk, &right)).map_err(|complaint| format!("this is right: {complaint}"))?;
    check("var sbom Sbom\nfor _, c := range sbom.Components {\n}\n").map_err(|c| format!("so is this: {c}"))?;
    let wrong = [
        (file(&sdk, "\treturn 0 +\n"), "this is no Go"),
        (file(&sdk, &right.replace("Success()", "Succeed()")), "the SDK has no function `Succeed`"),
        (file(&sdk, &right.replace("Success()", "Skip()")), "`Skip` does not take 0 arguments"),
        (file(&sdk, &right.replace("AddViolation", "Add")), "a result has no `Add`"),
        (file(&sdk, &right.replace(&format!("{PACKAGE}.Success()"), "0")), "is imported and not used"),
        (file("\t\"fmt\"\n", "\tfmt.Println()\n\tstrings.Fields(\"\")\n"), "`strings` is used and not imported"),
        (file(&sdk.replace("/go\"", "/golang\""), &right), "the SDK is in"),
        (file(&sdk, &format!("{right}\tvar other {PACKAGE}.Outcome\n")), "the SDK has no type `Outcome`"),
    ];
    for (text, expected) in wrong {
        match check(&text) {
            Err(complaint) if complaint.contains(expected) => {}
            other => return Err(format!("expected `{expected}`, found {other:?} in\n{text}")),
        }
    }
    Ok(())
}

//! The report about what `--bless` wrote.

use admit_host::case::{Blessing, Change};
use serde_json::{Value, json};

use crate::output::{BAD, DIM, GOOD, Text, hanging, line, shortened, text};

/// The longest value that is shown, in characters.
const MAX_SHOWN: usize = 200;

/// The longest reason: it can have in it what is to be written by hand.
const MAX_WHY: usize = 4_000;

/// For people: the fields of each case, as they were and as they are.
pub(super) fn text(blessed: &[Blessing]) -> Vec<Text> {
    let mut blocks = Vec::new();
    for Blessing { case, path, result } in blessed {
        match result {
            Ok(changes) => {
                blocks.push(text!(
                    "{}blessed{:#}  {}  {}{}{:#}",
                    GOOD,
                    GOOD,
                    line(case),
                    DIM,
                    line(path.display()),
                    DIM
                ));
                blocks.extend(changes.iter().map(change));
            }
            Err(why) => {
                blocks.push(text!(
                    "{}not blessed{:#}  {}  {}{}{:#}",
                    BAD,
                    BAD,
                    line(case),
                    DIM,
                    line(path.display()),
                    DIM
                ));
                blocks.push(text!("      {}", hanging(shortened(why, MAX_WHY), 6)));
            }
        }
    }
    if !blocks.is_empty() {
        blocks.push(Text::default());
    }
    blocks
}

fn change(Change { field, was, is }: &Change) -> Text {
    let shown = |value: &Option<String>| {
        value.as_deref().map_or_else(|| "(none)".to_owned(), |text| shortened(text, MAX_SHOWN))
    };
    let (was, is) = (shown(was), shown(is));
    text!("      {}\n        was  {}\n        is   {}", line(field), hanging(&was, 13), hanging(&is, 13))
}

/// For programs.
pub(super) fn json(blessed: &[Blessing]) -> Value {
    let entry = |Blessing { case, path, result }: &Blessing| match result {
        Ok(changes) => {
            let changes = changes.iter().map(|Change { field, was, is }| json!({"field": field, "was": was, "is": is}));
            json!({"case": case, "file": path, "changes": changes.collect::<Vec<_>>()})
        }
        Err(why) => json!({"case": case, "file": path, "refused": why}),
    };
    blessed.iter().map(entry).collect()
}

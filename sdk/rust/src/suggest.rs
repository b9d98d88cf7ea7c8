//! Suggestions for misspelled names: "did you mean".

/// The message for a field that does not exist; its path goes in front.
#[cold]
pub(crate) fn unknown_field(name: &str, known: &[&str]) -> String {
    let mut message = String::from("unknown field");
    // The cost of a comparison is the product of the two lengths, and the length of `name` has no limit.
    let similar = known.iter().filter(|candidate| candidate.len().abs_diff(name.len()) <= 3);
    let near = similar.map(|candidate| (distance(name, candidate), *candidate)).min();
    // A suggestion differs in at most half of its letters, and in at most three.
    if let Some((_, candidate)) =
        near.filter(|(distance, candidate)| *distance <= 3 && *distance * 2 <= candidate.len())
    {
        message.push_str("; did you mean `");
        message.push_str(candidate);
        message.push('`');
    }
    message.push_str(if known.is_empty() { "; there are no fields" } else { "; the fields are: " });
    let mut known = known.to_vec();
    known.sort_unstable();
    message.push_str(&known.join(", "));
    message
}

/// Number of letters to insert, delete or replace (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::unknown_field;
    use crate::testing::test;

    #[test]
    fn suggests_what_is_near_and_lists_the_rest() {
        assert_eq!(
            unknown_field("skip_init_container", &["skip_init_containers", "min"]),
            "unknown field; did you mean `skip_init_containers`; the fields are: min, skip_init_containers"
        );
        assert_eq!(unknown_field("replicas", &["min", "max"]), "unknown field; the fields are: max, min");
        assert_eq!(unknown_field("x", &[]), "unknown field; there are no fields");
    }
}

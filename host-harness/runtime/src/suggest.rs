//! Suggestions for misspelled names: "did you mean".

/// The known word that is nearest to `word`; `None` when all of them are too different.
pub fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    let squash = |s: &str| s.to_ascii_lowercase().replace(['-', '_'], "");
    let word = squash(word);
    let letters = word.chars().count();
    let distance = |k: &'k str| {
        let (squashed, most) = (squash(k), (k.len() / 3).max(1));
        // Words of such different lengths cannot be near; comparing a very long one takes time and memory.
        if letters.abs_diff(squashed.chars().count()) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&word, &squashed);
        (distance <= most).then_some((distance, k))
    };
    known.iter().filter_map(|k| distance(k)).min_by_key(|(distance, _)| *distance).map(|(_, k)| k)
}

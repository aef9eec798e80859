//! Guesses which name was meant by one that does not exist.

/// More edits than this and the guess would be noise.
const MOST_EDITS: usize = 3;

/// The name fewest edits away from `given`, the earlier on ties; `None` when all are more than 3 edits away, or as
/// many as `given` has characters.
pub(super) fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = MOST_EDITS.min(given.chars().count().saturating_sub(1));
    let distances = names.map(|name| (edits(given, name), name));
    distances.filter(|(edits, _)| *edits <= most).min_by_key(|(edits, _)| *edits).map(|(_, name)| name)
}

/// Levenshtein's distance: insertions, deletions and replacements of one character.
fn edits(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (above, letter) in from.chars().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (at, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(diagonal + 1).min(row[at] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_insertions_deletions_and_replacements() {
        let cases = [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0)];
        for (from, to, expected) in cases {
            assert_eq!(edits(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn guesses_only_what_is_near() {
        let names = ["momentum", "sma-cross"];
        let guess = |given| nearest(given, names.into_iter());
        assert_eq!(guess("momentun"), Some("momentum"));
        assert_eq!(guess("smacros"), Some("sma-cross"));
        assert_eq!(guess("pairs"), None);
        assert_eq!(guess(""), None);
    }
}

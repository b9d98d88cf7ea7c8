//! Aligned columns.

use super::{Text, indent, line, text, thousands};

/// Widest column, in characters. Names of modules can be of any length: a cell that is longer moves what is right of it, and no other
/// row.
const MAX_WIDTH: usize = 100;

/// Most rows of what a module or a file has any number of; in JSON there are all of them.
const MAX_ROWS: usize = 1_000;

/// The rows of a table about `items`, of which only the first are shown: the last row says how many more there are.
pub(crate) fn rows<T>(items: &[T], row: impl FnMut(&T) -> Vec<Text>) -> Vec<Vec<Text>> {
    let (first, more) = first(items);
    first.iter().map(row).chain(more.map(|more| vec![more])).collect()
}

/// The first of `items`, and what to say about the others, if there are any.
pub(crate) fn first<T>(items: &[T]) -> (&[T], Option<Text>) {
    match items.split_at_checked(MAX_ROWS) {
        Some((first, [_, ..])) => (first, Some(text!("  … and {} more", thousands((items.len() - MAX_ROWS) as u64)))),
        _ => (items, None),
    }
}

/// Lays `rows` out in columns two spaces apart; `right` names the columns whose cells are aligned to the right.
pub(crate) fn table(rows: &[Vec<Text>], right: &[usize]) -> Text {
    Text::join(&aligned(rows, right), "\n")
}

/// The lines of a table, one for each row, whatever is in the cells.
pub(crate) fn aligned(rows: &[Vec<Text>], right: &[usize]) -> Vec<Text> {
    // Widths count characters, so a cell is one line, and has no styles.
    let rows: Vec<Vec<Text>> = rows.iter().map(|row| row.iter().map(line).collect()).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(Text::width);
        cells.filter(|width| *width <= MAX_WIDTH).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<Text>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let blanks = indent(width.saturating_sub(cell.width()));
            if right.contains(&column) { text!("{}{}", blanks, cell) } else { text!("{}{}", cell, blanks) }
        });
        Text::join(&cells.collect::<Vec<_>>(), "  ").trim_end()
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells<const N: usize, const M: usize>(rows: [[&str; M]; N]) -> Vec<Vec<Text>> {
        rows.map(|row| row.map(line).to_vec()).to_vec()
    }

    #[test]
    fn a_cell_of_any_length_widens_its_own_row_only() {
        let long = "x".repeat(70_000);
        let rows = cells([[long.as_str(), "1"], ["a", "2"], ["bc", "3"]]);
        assert_eq!(table(&rows, &[]).as_str(), format!("{long}  1\na   2\nbc  3"));
    }

    #[test]
    fn of_many_rows_the_first_are_shown() {
        let row = |number: &usize| vec![line(number)];
        let items: Vec<usize> = (0..1_234_567).collect();
        let shown = super::rows(&items, row);
        assert_eq!(shown.len(), MAX_ROWS + 1);
        assert_eq!(shown[MAX_ROWS][0].as_str(), "  … and 1,233,567 more");
        assert_eq!(super::rows(&items[..MAX_ROWS], row).len(), MAX_ROWS);
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        assert_eq!(table(&cells([["a", "1", "x"], ["bcd", "23", ""]]), &[1]).as_str(), "a     1  x\nbcd  23");
    }

    #[test]
    fn a_row_is_a_line() {
        let lines = aligned(&cells([["a\nb", "1"], ["c", "2"]]), &[]);
        assert_eq!(lines.iter().map(Text::as_str).collect::<Vec<_>>(), ["a\\nb  1", "c     2"]);
    }
}

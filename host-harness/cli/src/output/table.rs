//! Aligned columns.

/// Widest column, in characters. Names of modules can be of any length: a cell that is longer moves what is right of it, and no other
/// row.
const MAX_WIDTH: usize = 100;

/// Lays `rows` out in columns two spaces apart; `right` names the columns whose cells are aligned to the right.
///
/// Widths count characters, so cells must not carry styles.
pub(crate) fn table(rows: &[Vec<String>], right: &[usize]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.filter(|width| *width <= MAX_WIDTH).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            if right.contains(&column) { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_of_any_length_widens_its_own_row_only() {
        let long = "x".repeat(70_000);
        let rows = [[long.as_str(), "1"], ["a", "2"], ["bc", "3"]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows, &[]), format!("{long}  1\na   2\nbc  3"));
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [["a", "1", "x"], ["bcd", "23", ""]].map(|row| row.map(str::to_owned).to_vec());
        assert_eq!(table(&rows, &[1]), "a     1  x\nbcd  23");
    }
}

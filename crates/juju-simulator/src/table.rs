use std::fmt;

/// A table of text, the columns two blanks apart.
#[derive(Debug)]
pub(crate) struct Table {
    aligns: Vec<Align>,
    /// The header first.
    rows: Vec<Vec<String>>,
}

/// On which side a column is even.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Align {
    Left,
    Right,
}

impl Table {
    pub(crate) fn new(columns: &[(&str, Align)]) -> Self {
        let header = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        Self { aligns: columns.iter().map(|(_, align)| *align).collect(), rows: vec![header] }
    }

    /// Adds a row of as many cells as there are columns.
    pub(crate) fn add(&mut self, row: Vec<String>) {
        debug_assert_eq!(row.len(), self.aligns.len());
        self.rows.push(row);
    }

    /// Tells whether there is nothing below the header.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.len() < 2
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| row[column].chars().count());
            cells.max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..self.aligns.len()).map(width).collect();
        for row in &self.rows {
            let cells = row.iter().zip(&self.aligns).zip(&widths);
            let cells = cells.map(|((cell, align), width)| match align {
                Align::Left => format!("{cell:width$}"),
                Align::Right => format!("{cell:>width$}"),
            });
            writeln!(f, "{}", cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aligns_columns_and_leaves_no_blanks_at_the_end() {
        let mut table =
            Table::new(&[("App", Align::Left), ("Scale", Align::Right), ("Message", Align::Left)]);
        assert!(table.is_empty());
        table.add(vec!["exporter".to_owned(), "1".to_owned(), String::new()]);
        table.add(vec!["é".to_owned(), "10".to_owned(), "x".to_owned()]);
        assert_eq!(
            table.to_string(),
            "App       Scale  Message\nexporter      1\né            10  x\n"
        );
    }
}

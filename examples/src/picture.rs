//! Pictures for the terminal.

use std::fmt::Write as _;

/// Points of the square from `-bound` to `bound` as text, `width` characters wide and half as high: the more points a
/// character stands for, the darker it is.
#[must_use]
pub fn scatter(points: &[[f32; 2]], bound: f32, width: usize) -> String {
    let height = width / 2;
    #[expect(clippy::cast_sign_loss, reason = "positions outside are no cells")]
    let cell = |coordinate: f32, cells: usize| {
        let position = (coordinate + bound) / (2.0 * bound) * cells as f32;
        (position >= 0.0 && position < cells as f32).then_some(position as usize)
    };
    let mut counts = vec![vec![0_usize; width]; height];
    for [x, y] in points {
        if let (Some(column), Some(row)) = (cell(*x, width), cell(-*y, height)) {
            counts[row][column] += 1;
        }
    }
    let shade =
        |count: usize| [' ', '.', ':', 'o', '8', '@'][count.checked_ilog2().map_or(0, |log| log as usize + 1).min(5)];
    let lines: Vec<String> = counts.iter().map(|row| row.iter().map(|count| shade(*count)).collect()).collect();
    lines.join("\n")
}

/// Blocks of text beside each other, each under its title.
#[must_use]
pub fn side_by_side<const COUNT: usize>(blocks: [(&str, &str); COUNT]) -> String {
    let width = |(title, block): &(&str, &str)| block.lines().chain([*title]).map(|line| line.chars().count()).max();
    let widths = blocks.each_ref().map(|block| width(block).unwrap_or(0));
    let height = blocks.iter().map(|(_, block)| block.lines().count()).max().unwrap_or(0);
    let mut text = String::new();
    for row in 0..=height {
        let mut line = String::new();
        for ((title, block), width) in blocks.iter().zip(widths) {
            let part = if row == 0 { title } else { block.lines().nth(row - 1).unwrap_or("") };
            let _ = write!(line, "{part:width$}   ");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{scatter, side_by_side};

    #[test]
    fn points_are_where_they_are() {
        let points = [[-0.9, 0.9], [0.9, -0.9], [0.9, -0.9], [2.0, 0.0], [f32::NAN, 0.0]];
        assert_eq!(scatter(&points, 1.0, 4), ".   \n   :");
    }

    #[test]
    fn blocks_stand_in_columns() {
        assert_eq!(side_by_side([("left", "a\nb"), ("x", "ccc")]), "left   x\na      ccc\nb\n");
    }
}

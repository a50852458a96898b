//! Pictures for the terminal, and as a file.

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

/// An 8x8 image as text, a pixel two characters wide.
#[must_use]
pub fn shaded(image: &[f32; 64]) -> String {
    let shade = |pixel: &f32| match *pixel {
        ..0.125 => "  ",
        ..0.375 => "░░",
        ..0.625 => "▒▒",
        ..0.875 => "▓▓",
        _ => "██",
    };
    let lines: Vec<String> = image.chunks(8).map(|row| row.iter().map(shade).collect()).collect();
    lines.join("\n")
}

/// Rows of 8x8 images as a file of the format PGM, ink black on white, each pixel `scale` pixels wide.
#[must_use]
pub fn pgm(rows: &[&[[f32; 64]]], scale: usize) -> Vec<u8> {
    const EDGE: usize = 10;
    let columns = rows.iter().map(|row| row.len()).max().unwrap_or(0);
    let (width, height) = (columns * EDGE * scale, rows.len() * EDGE * scale);
    let ink = |x: usize, y: usize| {
        let image = rows[y / EDGE].get(x / EDGE)?;
        let (column, row) = ((x % EDGE).checked_sub(1)?, (y % EDGE).checked_sub(1)?);
        (column < 8 && row < 8).then(|| image[8 * row + column])
    };
    let mut file = format!("P5 {width} {height} 255\n").into_bytes();
    #[expect(clippy::cast_sign_loss, reason = "a cast to an integer saturates")]
    let grey = |ink: f32| (255.0 * (1.0 - ink)).round() as u8;
    for y in 0..height {
        file.extend((0..width).map(|x| grey(ink(x / scale, y / scale).unwrap_or(0.0))));
    }
    file
}

/// Blocks of text beside each other.
#[must_use]
pub fn side_by_side<B: AsRef<str>>(blocks: &[B]) -> String {
    let blocks: Vec<Vec<&str>> = blocks.iter().map(|block| block.as_ref().lines().collect()).collect();
    let width = |block: &Vec<&str>| block.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = blocks.iter().map(width).collect();
    let height = blocks.iter().map(Vec::len).max().unwrap_or(0);
    let mut text = String::new();
    for row in 0..height {
        let mut line = String::new();
        for (block, width) in blocks.iter().zip(&widths) {
            let _ = write!(line, "{:width$}   ", block.get(row).unwrap_or(&""));
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{pgm, scatter, shaded, side_by_side};

    #[test]
    fn points_are_where_they_are() {
        let points = [[-0.9, 0.9], [0.9, -0.9], [0.9, -0.9], [2.0, 0.0], [f32::NAN, 0.0]];
        assert_eq!(scatter(&points, 1.0, 4), ".   \n   :");
    }

    #[test]
    fn blocks_stand_in_columns() {
        assert_eq!(side_by_side(&["left\na\nb", "x\nccc"]), "left   x\na      ccc\nb\n");
    }

    #[test]
    fn pixels_are_shaded_and_written() {
        let mut image = [0.0; 64];
        (image[0], image[63]) = (1.0, 0.5);
        let text = shaded(&image);
        assert!(text.starts_with("██ ") && text.ends_with(" ▒▒") && text.lines().count() == 8);
        let file = pgm(&[&[image], &[]], 2);
        let pixels = file.strip_prefix(b"P5 20 40 255\n").expect("one column of two rows");
        assert_eq!((pixels.len(), pixels[2 * 20 + 2], pixels[3 * 20 + 3], pixels[4 * 20 + 4]), (800, 0, 0, 255));
        assert_eq!((pixels[16 * 20 + 16], pixels[22 * 20 + 2]), (128, 255));
    }
}

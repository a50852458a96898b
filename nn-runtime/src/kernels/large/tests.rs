use std::vec::Vec;

use super::*;
use crate::init::{rng, unit};
use crate::kernels::single::AnyRows;
use crate::kernels::{at_each_level, single};

const COLUMNS: usize = 140;

/// A product with a matrix of so many rows that begins somewhere in memory, and what is already there plus as much.
struct Products<'a> {
    matrix: &'a [f32],
    rows: usize,
}

impl Products<'_> {
    fn input(column: usize) -> f32 {
        0.1 * column as f32 - 2.0
    }

    fn expected(&self, row: usize) -> f32 {
        let product = |column| f64::from(self.matrix[column * self.rows + row]) * f64::from(Self::input(column));
        (0.5 + (0..COLUMNS).map(product).sum::<f64>()) as f32
    }
}

impl Kernel for Products<'_> {
    type Output = [Vec<f32>; 2];

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Self { matrix, rows } = self;
        let input: [f32; COLUMNS] = core::array::from_fn(Self::input);
        let (mut product, mut sum) = (std::vec![0.0; rows], std::vec![0.5; rows]);
        single::product::<I, f32, AnyRows>(isa, matrix, Some(&std::vec![0.5; rows]), &input, &mut product);
        let affine = Affine { matrix, rows, first: 0, input: &input, bias: &[] };
        single::sum::<I, f32, AnyRows, true, false>(isa, affine, None, &mut sum);
        [product, sum]
    }
}

fn random(count: usize) -> Vec<f32> {
    let mut rng = rng(0);
    (0..count).map(|_| unit(&mut rng) as f32).collect()
}

#[test]
fn any_number_of_rows_is_computed() {
    for rows in [64, 65, 84, 100, 119, 120, 121, 128, 200, 256, 300, 400] {
        let matrix = random(rows * COLUMNS);
        for (level, outputs) in at_each_level(|| Products { matrix: &matrix, rows }).iter().enumerate() {
            for (row, value) in outputs.iter().flat_map(|output| output.iter().enumerate()) {
                let expected = Products { matrix: &matrix, rows }.expected(row);
                assert!((value - expected).abs() < 1e-4 * expected.abs(), "{row} of {rows}, level {level}");
            }
        }
    }
}

/// What is there of two products, begun with either half.
struct Both<'a>(Products<'a>);

impl Kernel for Both<'_> {
    type Output = [Vec<f32>; 2];

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let Products { matrix, rows } = self.0;
        let input: [f32; COLUMNS] = core::array::from_fn(Products::input);
        let affine = Affine { matrix, rows, first: 0, input: &input, bias: &[] };
        let bias = std::vec![0.5; rows];
        [(); 2].map(|()| {
            let mut output = std::vec![0.0; rows];
            single::sum::<I, f32, AnyRows, false, true>(
                isa,
                Affine { bias: &bias, ..affine },
                Some(affine),
                &mut output,
            );
            output
        })
    }
}

#[test]
fn the_bits_do_not_depend_on_which_half_of_the_columns_is_first() {
    for rows in [64, 100, 192, 256, 320] {
        let matrix = random(rows * COLUMNS);
        for [first, second] in at_each_level(|| Both(Products { matrix: &matrix, rows })) {
            assert!(first == second, "other bits of {rows} rows");
            for (row, value) in first.iter().enumerate() {
                let expected = 2.0 * Products { matrix: &matrix, rows }.expected(row) - 0.5;
                assert!((value - expected).abs() < 1e-4 * expected.abs(), "{row} of {rows}: {value} is not {expected}");
            }
        }
    }
}

#[test]
fn the_bits_do_not_depend_on_where_the_matrix_stands() {
    for rows in [120, 192, 256] {
        let mut memory = random(rows * COLUMNS);
        let first = at_each_level(|| Products { matrix: &memory, rows });
        for start in 1..16 {
            memory.insert(0, 0.0);
            assert!(
                at_each_level(|| Products { matrix: &memory[start..], rows }) == first,
                "other bits of {rows} rows when {start} values stand before it"
            );
        }
    }
}

//! Where the vectors of lanes are that a tile is made of: neighbours, or in several rows of pixels.

/// Where a vector of lanes is.
#[derive(Clone, Copy, Default)]
pub(super) struct Place {
    /// That of the first term.
    pub(super) source: usize,
    /// That of the first row's sums.
    pub(super) output: usize,
    /// How many of its lanes belong to the vector before it as well.
    pub(super) done: usize,
}

/// Pixels of lanes: rows of pixels, pieces of a row, lanes of a piece.
#[derive(Clone, Copy)]
pub(super) struct Pixels {
    pub(super) first: Place,
    pub(super) rows: usize,
    /// How far neighbouring rows of pixels are apart, in the source and in the output.
    pub(super) row_moves: [usize; 2],
    pub(super) pieces: usize,
    pub(super) piece_moves: [usize; 2],
    pub(super) lanes: usize,
}

/// The most lanes of a stretch.
pub(super) const STRETCH: usize = 256;

/// How many terms of a vector take as long as a vector's copy to its row. Measured with single samples of 3x3 and 5x5 windows:
/// where less is saved, a stretch is slower than rows that end with some lanes computed twice.
const COPY: usize = 16;

impl Pixels {
    /// How many rows at once to work off in [a stretch](Self::in_a_stretch), if that takes so much fewer vectors of `L` lanes, of
    /// so many terms each, that its lanes can be copied to their rows.
    #[inline(always)]
    pub(super) fn stretch<const L: usize>(self, terms: usize) -> Option<usize> {
        let [distance, _] = self.row_moves;
        let most = STRETCH.checked_sub(self.lanes)?.checked_div(distance)? + 1;
        let rows = self.rows.div_ceil(self.rows.div_ceil(most).max(1));
        let part = Self { rows, ..self };
        let lanes = part.in_a_stretch().lanes;
        let saved = part.vectors::<L>().checked_sub(lanes.div_ceil(L))?;
        (self.pieces == 1 && lanes >= L && saved * terms >= COPY * rows * self.lanes.div_ceil(8)).then_some(rows)
    }

    /// How many vectors of `L` lanes the pixels take, or single lanes, if there are fewer in a row.
    #[inline(always)]
    pub(super) fn vectors<const L: usize>(self) -> usize {
        self.rows * self.pieces * if self.lanes >= L { self.lanes.div_ceil(L) } else { self.lanes }
    }

    /// How many vectors they take in stretches of so many rows.
    #[inline(always)]
    pub(super) fn in_stretches<const L: usize>(self, rows: usize) -> usize {
        let lanes = Self { rows, ..self }.in_a_stretch().lanes;
        self.rows.div_ceil(rows.max(1)) * lanes.div_ceil(L)
    }

    /// Whether vectors that are joined of two halves of `L` lanes, each in a row of its own, take less time than so many vectors.
    /// To join them takes a seventh of it, with 6 rows at once.
    #[inline(always)]
    pub(super) fn pay_in_halves<const L: usize>(self, vectors: usize) -> bool {
        self.lanes >= L && 4 * self.vectors::<L>() < 7 * vectors
    }

    /// The pixels in parts of so many rows, and how many rows of each belong to the part before it as well: the last part begins
    /// earlier where fewer are left.
    #[inline(always)]
    pub(super) fn parts(self, rows: usize) -> impl Iterator<Item = (Self, usize)> {
        let last = self.rows.saturating_sub(rows);
        (0..self.rows).step_by(rows.max(1)).map(move |next| {
            let row = next.min(last);
            (Self { first: self.first.moved(self.row_moves.map(|distance| row * distance)), rows, ..self }, next - row)
        })
    }

    /// A single row of the source, from the first lane to the last, with all that is between the rows; its output begins at 0.
    #[inline(always)]
    pub(super) fn in_a_stretch(self) -> Self {
        let lanes = self.rows.saturating_sub(1) * self.row_moves[0] + self.lanes;
        Self { first: Place { output: 0, ..self.first }, rows: 1, lanes, ..self }
    }

    #[inline(always)]
    pub(super) fn places(self) -> Places {
        let Self { first, rows, pieces, .. } = self;
        Places { pixels: self, row: first, piece: first, rows_left: rows, pieces_left: pieces, lane: 0 }
    }
}

/// The places of the vectors of lanes that pixels are made of.
pub(super) struct Places {
    pixels: Pixels,
    /// The beginning of the row and of the piece.
    row: Place,
    piece: Place,
    /// How many rows are left, how many pieces of the row, and which lane of the piece is next.
    rows_left: usize,
    pieces_left: usize,
    lane: usize,
}

impl Places {
    /// The next `P` places of `L` lanes each; where fewer are left, the last one again.
    #[inline(always)]
    pub(super) fn next_tile<const L: usize, const P: usize>(&mut self) -> Option<[Place; P]> {
        let mut place = self.next::<L>()?;
        let mut places = [place; P];
        for next in places.iter_mut().skip(1) {
            place = self.next::<L>().unwrap_or(place);
            *next = place;
        }
        Some(places)
    }

    /// The next place. The last of a piece begins earlier where less than `L` lanes are left.
    #[inline(always)]
    fn next<const L: usize>(&mut self) -> Option<Place> {
        if self.rows_left == 0 {
            return None;
        }
        let (piece, lane) = (self.piece, self.lane.min(self.pixels.lanes.saturating_sub(L)));
        let place = Place { source: piece.source + lane, output: piece.output + lane, done: self.lane - lane };
        self.lane = lane + L;
        if self.lane >= self.pixels.lanes {
            self.lane = 0;
            self.pieces_left -= 1;
            self.piece = piece.moved(self.pixels.piece_moves);
            if self.pieces_left == 0 {
                self.pieces_left = self.pixels.pieces;
                self.rows_left -= 1;
                self.row = self.row.moved(self.pixels.row_moves);
                self.piece = self.row;
            }
        }
        Some(place)
    }
}

impl Place {
    #[inline(always)]
    fn moved(self, [source, output]: [usize; 2]) -> Self {
        Self { source: self.source + source, output: self.output + output, ..self }
    }
}

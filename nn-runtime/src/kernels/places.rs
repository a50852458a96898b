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

/// The vectors of lanes of some pixels: rows of pixels, pieces of a row, lanes of a piece.
pub(super) struct Places {
    /// The beginning of the row and of the piece.
    pub(super) row: Place,
    pub(super) piece: Place,
    pub(super) row_moves: [usize; 2],
    pub(super) piece_moves: [usize; 2],
    pub(super) pieces: usize,
    pub(super) lanes: usize,
    /// How many rows are left, how many pieces of the row, and which lane of the piece is next.
    pub(super) rows_left: usize,
    pub(super) pieces_left: usize,
    pub(super) lane: usize,
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
        let (piece, lane) = (self.piece, self.lane.min(self.lanes.saturating_sub(L)));
        let place = Place { source: piece.source + lane, output: piece.output + lane, done: self.lane - lane };
        self.lane = lane + L;
        if self.lane >= self.lanes {
            self.lane = 0;
            self.pieces_left -= 1;
            self.piece = piece.moved(self.piece_moves);
            if self.pieces_left == 0 {
                self.pieces_left = self.pieces;
                self.rows_left -= 1;
                self.row = self.row.moved(self.row_moves);
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

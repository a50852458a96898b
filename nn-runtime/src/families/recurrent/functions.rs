//! The functions of a recurrent layer.

/// Writes the functions of a layer whose formulas are a [`Cell`](super::Cell): a zero-sized type for each choice of options, so that a
/// network contains only the code of its own choice. `recurrent!([A: Elementwise] Rnn<A>, as large as Rnn<Tanh>)`: the block sizes of
/// all these cells are those of `Rnn<Tanh>`.
///
/// Arrays have one entry for each of the `D` directions.
macro_rules! recurrent {
    ([$($generics:tt)*] $Cell:ty, as large as $Size:ty) => {
        use core::marker::PhantomData;

        use nalgebra::{SMatrix, SVector};
        use rand_core::Rng;

        use $crate::init;
        use $crate::families::recurrent::{
            BackwardInput, BackwardParameters, BackwardShared, Block, Direction, Forward, Gradients, Parameters, Step,
            backward_start, copy,
        };

        /// Draws all parameters evenly from `-1/√H` to `1/√H`.
        pub fn init<
            T: Scalar, R: Rng + ?Sized, const GATES: usize, const IN: usize, const H: usize, const D: usize,
        >(
            weight_ih: [&mut SMatrix<T, GATES, IN>; D],
            weight_hh: [&mut SMatrix<T, GATES, H>; D],
            bias_ih: [&mut SVector<T, GATES>; D],
            bias_hh: [&mut SVector<T, GATES>; D],
            rng: &mut R,
        ) {
            let bound = 1.0 / Scalar::sqrt(H as f64);
            for (((weight_ih, weight_hh), bias_ih), bias_hh) in
                weight_ih.into_iter().zip(weight_hh).zip(bias_ih).zip(bias_hh)
            {
                init::draw::uniform(weight_ih.as_mut_slice(), bound, rng);
                init::draw::uniform(weight_hh.as_mut_slice(), bound, rng);
                init::draw::uniform(bias_ih.as_mut_slice(), bound, rng);
                init::draw::uniform(bias_hh.as_mut_slice(), bound, rng);
            }
        }

        /// Overwrites `output`, and `cache` with what the backward pass needs. `start` are the states before the first step, zeros
        /// where they are not given.
        pub fn forward<
            I: Isa, T: Scalar, $($generics)*, L: Lengths<BATCH>, const STATES: usize, const BATCH: usize, const IN: usize, const H: usize, const GATES: usize,
            const D: usize, const N: usize, const M: usize, const CACHE: usize,
        >(
            isa: I,
            cell: $Cell,
            weight_ih: [&SMatrix<T, GATES, IN>; D],
            weight_hh: [&SMatrix<T, GATES, H>; D],
            bias_ih: [&SVector<T, GATES>; D],
            bias_hh: [&SVector<T, GATES>; D],
            start: [Option<&[T]>; STATES],
            lengths: L,
            input: &SMatrix<T, BATCH, N>,
            output: &mut SMatrix<T, BATCH, M>,
            cache: &mut SMatrix<T, BATCH, CACHE>,
        ) {
            let kept = <$Size as Cell>::KEPT * (M / D.max(1)) * BATCH;
            let caches = cache.as_mut_slice().chunks_exact_mut(kept.max(1));
            let parameters = weight_ih.into_iter().zip(weight_hh).zip(bias_ih).zip(bias_hh);
            for ((index, (((weight_ih, weight_hh), bias_ih), bias_hh)), cache) in parameters.enumerate().zip(caches) {
                let (direction, zeros) = (Direction { index, count: D }, [[T::ZERO; BATCH]; H]);
                let mut carried = [[[T::ZERO; BATCH]; H]; <$Size as Cell>::CARRIED];
                copy(direction.start(&start, 1, &[]), carried.as_flattened_mut().as_flattened_mut());
                isa.call_for::<_, BATCH>(Forward::<_, T, L, BATCH> {
                    cell,
                    direction,
                    lengths,
                    parameters: Parameters::new(weight_ih, weight_hh, bias_ih, bias_hh),
                    bias: &mut [T::ZERO; GATES],
                    start: direction.start(&start, 0, zeros.as_flattened()),
                    carried: carried.as_flattened_mut().as_flattened_mut(),
                    gates: &mut [],
                    input: input.as_slice(),
                    output: output.as_mut_slice(),
                    cache,
                });
            }
        }

        /// Overwrites `output`.
        pub fn infer<
            I: Isa, T: Scalar, $($generics)*, L: Lengths<BATCH>, const STATES: usize, const BATCH: usize, const IN: usize, const H: usize, const GATES: usize,
            const D: usize, const N: usize, const M: usize,
        >(
            isa: I,
            cell: $Cell,
            weight_ih: [&SMatrix<T, GATES, IN>; D],
            weight_hh: [&SMatrix<T, GATES, H>; D],
            bias_ih: [&SVector<T, GATES>; D],
            bias_hh: [&SVector<T, GATES>; D],
            start: [Option<&[T]>; STATES],
            lengths: L,
            input: &SMatrix<T, BATCH, N>,
            output: &mut SMatrix<T, BATCH, M>,
        ) {
            let parameters = weight_ih.into_iter().zip(weight_hh).zip(bias_ih).zip(bias_hh);
            for (index, (((weight_ih, weight_hh), bias_ih), bias_hh)) in parameters.enumerate() {
                let (direction, zeros) = (Direction { index, count: D }, [[T::ZERO; BATCH]; H]);
                let mut carried = [[[T::ZERO; BATCH]; H]; <$Size as Cell>::CARRIED];
                copy(direction.start(&start, 1, &[]), carried.as_flattened_mut().as_flattened_mut());
                isa.call_for::<_, BATCH>(Forward::<_, T, L, BATCH> {
                    cell,
                    direction,
                    lengths,
                    parameters: Parameters::new(weight_ih, weight_hh, bias_ih, bias_hh),
                    bias: &mut [T::ZERO; GATES],
                    start: direction.start(&start, 0, zeros.as_flattened()),
                    carried: carried.as_flattened_mut().as_flattened_mut(),
                    gates: [[[T::ZERO; BATCH]; H]; <$Size as Cell>::BLOCKS].as_flattened_mut().as_flattened_mut(),
                    input: input.as_slice(),
                    output: output.as_mut_slice(),
                    cache: &mut [],
                });
            }
        }

        /// Overwrites `output` with that of the next step of a sequence. `state` is what the step before left: its output,
        /// then what else it hands on; zeros before the first.
        #[inline(always)]
        pub fn step<
            I: Isa, T: Scalar, $($generics)*, const IN: usize, const H: usize, const GATES: usize, const STATE: usize,
        >(
            isa: I,
            cell: $Cell,
            weight_ih: &SMatrix<T, GATES, IN>,
            weight_hh: &SMatrix<T, GATES, H>,
            bias_ih: &SVector<T, GATES>,
            bias_hh: &SVector<T, GATES>,
            state: &mut SVector<T, STATE>,
            input: &SMatrix<T, 1, IN>,
            output: &mut SMatrix<T, 1, H>,
        ) {
            let Some((previous, carried)) = state.as_mut_slice().split_first_chunk_mut::<H>() else { return };
            // from here to both places: copied from the one to the other, it would wait until it is there
            let mut lanes = [T::ZERO; H];
            let mut gates = [[T::ZERO; H]; <$Size as Cell>::BLOCKS];
            let step = Step::<_, T, H> {
                cell,
                parameters: Parameters::new(weight_ih, weight_hh, bias_ih, bias_hh),
                previous,
                carried,
                gates: gates.as_flattened_mut(),
                input: input.as_slice(),
                output: &mut lanes,
            };
            if const { I::IN_PLACE } {
                isa.call_in_place(step);
            } else {
                isa.call_widest(step);
            }
            *previous = lanes;
            if let Some(output) = output.as_mut_slice().first_chunk_mut() {
                *output = lanes;
            }
        }

        /// Overwrites `output` with the outputs of the next steps, one row each. Agrees with [`step`] except for the order of
        /// summation in the gates. `gates` is scratch memory.
        pub fn step_block<
            I: Isa, T: Scalar, $($generics)*, const FRAMES: usize, const IN: usize, const H: usize, const GATES: usize,
            const STATE: usize, const MEMORY: usize,
        >(
            isa: I,
            cell: $Cell,
            weight_ih: &SMatrix<T, GATES, IN>,
            weight_hh: &SMatrix<T, GATES, H>,
            bias_ih: &SVector<T, GATES>,
            bias_hh: &SVector<T, GATES>,
            state: &mut SVector<T, STATE>,
            input: &SMatrix<T, FRAMES, IN>,
            output: &mut SMatrix<T, FRAMES, H>,
            gates: &mut SMatrix<T, FRAMES, MEMORY>,
        ) {
            const { assert!(MEMORY >= <$Size as Cell>::BLOCKS * H, "there is memory for the gates of all steps") }
            let Some((previous, carried)) = state.as_mut_slice().split_first_chunk_mut::<H>() else { return };
            let memory = FRAMES * <$Size as Cell>::BLOCKS * H;
            isa.call_widest(Block::<_, T, FRAMES, H> {
                cell,
                parameters: Parameters::new(weight_ih, weight_hh, bias_ih, bias_hh),
                bias: &mut [T::ZERO; GATES],
                previous,
                carried,
                gates: gates.as_mut_slice().get_mut(..memory).unwrap_or_default(),
                input: input.as_slice(),
                output: &mut output.data.0,
            });
        }

        /// Overwrites `cache` with the gradients of the gates and of the states before the first step, which the other functions need.
        pub fn backward_shared<
            I: Isa, T: Scalar, $($generics)*, L: Lengths<BATCH>, const STATES: usize, const BATCH: usize, const H: usize, const GATES: usize, const D: usize,
            const M: usize, const CACHE: usize,
        >(
            isa: I,
            cell: $Cell,
            weight_hh: [&SMatrix<T, GATES, H>; D],
            start: [Option<&[T]>; STATES],
            lengths: L,
            output: &SMatrix<T, BATCH, M>,
            cache: &mut SMatrix<T, BATCH, CACHE>,
            grad_output: &SMatrix<T, BATCH, M>,
        ) {
            let kept = <$Size as Cell>::KEPT * (M / D.max(1)) * BATCH;
            let (steps, grad_start) = cache.as_mut_slice().split_at_mut_checked(D * kept).unwrap_or_default();
            let caches = steps.chunks_exact_mut(kept.max(1));
            for ((index, weight_hh), cache) in weight_hh.into_iter().enumerate().zip(caches) {
                let (direction, zeros) = (Direction { index, count: D }, [[T::ZERO; BATCH]; H]);
                let mut grad_state = zeros;
                let mut grad_carried = [[[T::ZERO; BATCH]; H]; <$Size as Cell>::CARRIED];
                isa.call_for::<_, BATCH>(BackwardShared::<_, T, L, BATCH> {
                    cell,
                    direction,
                    lengths,
                    weight_hh: weight_hh.as_slice(),
                    start: direction.start(&start, 0, zeros.as_flattened()),
                    zeros: zeros.as_flattened(),
                    output: output.as_slice(),
                    cache,
                    grad_output: grad_output.as_slice(),
                    grad_state: grad_state.as_flattened_mut(),
                    grad_carried: grad_carried.as_flattened_mut().as_flattened_mut(),
                });
                let carried = grad_carried.as_flattened().as_flattened();
                for (place, grad) in [(index, grad_state.as_flattened()), (D + index, carried)] {
                    if let Some(grad_start) = grad_start.chunks_exact_mut((H * BATCH).max(1)).nth(place) {
                        copy(grad, grad_start);
                    }
                }
            }
        }

        /// Adds to the gradients of the parameters.
        pub fn backward_parameters<
            I: Isa, T: Scalar, $($generics)*, const STATES: usize, const BATCH: usize, const IN: usize, const H: usize, const GATES: usize,
            const D: usize, const N: usize, const M: usize, const CACHE: usize,
        >(
            isa: I,
            _cell: $Cell,
            start: [Option<&[T]>; STATES],
            input: &SMatrix<T, BATCH, N>,
            output: &SMatrix<T, BATCH, M>,
            cache: &SMatrix<T, BATCH, CACHE>,
            grad_weight_ih: [&mut SMatrix<T, GATES, IN>; D],
            grad_weight_hh: [&mut SMatrix<T, GATES, H>; D],
            grad_bias_ih: [&mut SVector<T, GATES>; D],
            grad_bias_hh: [&mut SVector<T, GATES>; D],
        ) {
            let kept = <$Size as Cell>::KEPT * (M / D.max(1)) * BATCH;
            let caches = cache.as_slice().chunks_exact(kept.max(1));
            let to_input = grad_weight_ih.into_iter().zip(grad_bias_ih);
            let to_hidden = grad_weight_hh.into_iter().zip(grad_bias_hh);
            for (index, ((cache, (weight_ih, bias_ih)), (weight_hh, bias_hh))) in
                caches.zip(to_input).zip(to_hidden).enumerate()
            {
                isa.call_for::<_, BATCH>(BackwardParameters::<$Cell, T, BATCH> {
                    cell: PhantomData,
                    direction: Direction { index, count: D },
                    hidden_size: H,
                    start: start.first().copied().flatten().map(|start| Direction { index, count: D }.part(start)),
                    input: input.as_slice(),
                    output: output.as_slice(),
                    cache,
                    to_input: Gradients { weight: weight_ih.as_mut_slice(), bias: bias_ih.as_mut_slice() },
                    to_hidden: Gradients { weight: weight_hh.as_mut_slice(), bias: bias_hh.as_mut_slice() },
                });
            }
        }

        /// Overwrites `grad_input`.
        pub fn backward_input<
            I: Isa, T: Scalar, const BATCH: usize, const IN: usize, const GATES: usize, const D: usize,
            const N: usize, const CACHE: usize,
        >(
            isa: I,
            weight_ih: [&SMatrix<T, GATES, IN>; D],
            cache: &SMatrix<T, BATCH, CACHE>,
            grad_input: &mut SMatrix<T, BATCH, N>,
        ) {
            let hidden = GATES / <$Size as Cell>::GATES;
            let steps = N / IN.max(1);
            let caches = cache.as_slice().chunks_exact((<$Size as Cell>::KEPT * hidden * steps * BATCH).max(1));
            for (index, (weight_ih, cache)) in weight_ih.into_iter().zip(caches).enumerate() {
                isa.call_for::<_, BATCH>(BackwardInput::<T, BATCH> {
                    direction: Direction { index, count: D },
                    rows: GATES,
                    kept: hidden * <$Size as Cell>::KEPT,
                    weight_ih: weight_ih.as_slice(),
                    cache,
                    grad_input: grad_input.as_mut_slice(),
                });
            }
        }

        /// Overwrites `grad` with the gradient of the hidden state before the first step.
        #[inline]
        pub fn backward_h_0<I: Isa, T: Scalar, $($generics)*, const BATCH: usize, const N: usize, const CACHE: usize>(
            _isa: I,
            _cell: $Cell,
            cache: &SMatrix<T, BATCH, CACHE>,
            grad: &mut SMatrix<T, BATCH, N>,
        ) {
            backward_start::<$Cell, T, BATCH, N, CACHE>(0, cache, grad);
        }
    };
}

pub(crate) use recurrent;

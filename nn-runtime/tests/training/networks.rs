//! Networks written by hand, of the kinds that training treats differently.

use bytemuck::{Pod, Zeroable};
use nn_runtime::Pass;
use nn_runtime::kernels::Isa;
use nn_runtime::layers::{dropout, embedding, linear, tanh};
use nn_runtime::loss::needs::{Ending, Other, Outputs};
use nn_runtime::nalgebra::{SMatrix, SVector};
use nn_runtime::network::{
    Architecture, LayerInfo, Network, Parameters, Parts, PartsMut, Port, Predict, Run, Tile, Trainable,
};
use nn_runtime::rand_core::Rng;

/// Implements what follows from `Parameters`; of a network with frozen parameters, `Trainable` alone.
macro_rules! hand_over {
    ($name:ident) => {
        hand_over!($name, trainable);

        impl Predict for $name {
            fn predict_with<'s, I: Isa, const BATCH: usize>(
                &self,
                isa: I,
                input: &Tile<Self::Input, BATCH>,
                scratch: &'s mut Self::Scratch<BATCH>,
            ) -> &'s Tile<Self::Output, BATCH> {
                self.infer_with(isa, &(), input, scratch)
            }
        }

        impl Network for $name {}

        impl Parts<Self> for $name {
            fn parts(&self) -> (&Self, &()) {
                (self, &())
            }
        }

        impl PartsMut<Self> for $name {
            fn parts_mut(&mut self) -> (&mut Self, &()) {
                (self, &())
            }
        }
    };
    ($name:ident, trainable) => {
        impl Trainable for $name {
            type Parameters = Self;

            fn parameters(&self) -> &Self {
                self
            }

            fn parameters_mut(&mut self) -> &mut Self {
                self
            }
        }
    };
}

/// Writes the parts of `Parameters` that are the same for all networks of this file.
macro_rules! constants {
    ($runs:expr, needs_whole_batch = $whole:literal) => {
        const RUNS: &'static [Run] = $runs;
        const NEEDS_WHOLE_BATCH: bool = $whole;
        const NEEDS_SEVERAL_SAMPLES: bool = $whole;
        const HAS_INPUT_GRADIENT: bool = false;

        fn backward_input_with<I: Isa, const BATCH: usize>(
            &self,
            _isa: I,
            _frozen: &Self::Frozen,
            _input_then_grad: &mut Tile<Self::Input, BATCH>,
            _workspace: &mut Self::Workspace<BATCH>,
            _pass: Pass,
        ) {
        }
    };
}

/// `IN -> HIDDEN` linear, tanh, dropout, `HIDDEN -> OUT` linear, in type `T`.
macro_rules! mlp {
    ($name:ident, $T:ident, $in:literal, $hidden:literal, $out:literal, dropout $p:literal) => {
        #[repr(C)]
        #[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
        pub struct $name {
            pub hidden: SMatrix<$T, $hidden, $in>,
            pub hidden_bias: SVector<$T, $hidden>,
            pub out: SMatrix<$T, $out, $hidden>,
            pub out_bias: SVector<$T, $out>,
        }

        const _: () = {
            #[derive(Clone, Zeroable)]
            #[zeroable(bound = "")]
            pub struct Workspace<const BATCH: usize> {
                hidden: SMatrix<$T, BATCH, $hidden>,
                dropped: SMatrix<$T, BATCH, $hidden>,
                output: SMatrix<$T, BATCH, $out>,
            }

            hand_over!($name);

            impl Architecture for $name {
                type Scalar = $T;
                type Input = [$T; $in];
                type Output = [$T; $out];
                type Ending = Ending<Other, Outputs<$out, { $out > 1 }>, 1, Outputs<$out, { $out > 1 }>>;
                type Scratch<const BATCH: usize> = Workspace<BATCH>;

                const LAYERS: &'static [LayerInfo] = &[];
                const INPUTS: &'static [Port] = &[Port::new("", &[])];
                const OUTPUTS: &'static [Port] = &[Port::new("", &[])];
            }

            impl Parameters for $name {
                type Frozen = ();
                type Workspace<const BATCH: usize> = Workspace<BATCH>;
                type PredictFits = ();
                type OutputFits = ();

                const NAME: &'static str = stringify!($name);
                constants!(
                    &[Run { start: 0, len: $hidden * ($in + 1) + $out * ($hidden + 1), is_trained: true }],
                    needs_whole_batch = false
                );

                fn init<R: Rng + ?Sized>(&mut self, rng: &mut R) {
                    linear::init(&mut self.hidden, Some(&mut self.hidden_bias), rng);
                    linear::init(&mut self.out, Some(&mut self.out_bias), rng);
                }

                fn init_frozen<R: Rng + ?Sized>(_frozen: &mut (), _rng: &mut R) {}

                fn forward_with<I: Isa, const BATCH: usize>(
                    &self,
                    isa: I,
                    _frozen: &(),
                    input: &SMatrix<$T, BATCH, $in>,
                    workspace: &mut Workspace<BATCH>,
                    pass: Pass,
                ) {
                    let Workspace { hidden, dropped, output } = workspace;
                    linear::forward(isa, &self.hidden, Some(&self.hidden_bias), input, hidden);
                    tanh::forward(isa, hidden);
                    dropped.data.0 = hidden.data.0;
                    dropout::forward(isa, $p, dropped, pass);
                    linear::forward(isa, &self.out, Some(&self.out_bias), dropped, output);
                }

                fn output_then_grad<const BATCH: usize>(
                    workspace: &mut Workspace<BATCH>,
                ) -> &mut SMatrix<$T, BATCH, $out> {
                    &mut workspace.output
                }

                fn backward_with<I: Isa, const BATCH: usize>(
                    &self,
                    isa: I,
                    _frozen: &(),
                    input: &SMatrix<$T, BATCH, $in>,
                    workspace: &mut Workspace<BATCH>,
                    gradient: &mut Self,
                    pass: Pass,
                ) {
                    let Workspace { hidden, dropped, output } = workspace;
                    linear::backward_parameters(isa, dropped, output, &mut gradient.out, Some(&mut gradient.out_bias));
                    linear::backward_input(isa, &self.out, output, dropped);
                    dropout::backward_input(isa, $p, dropped, pass);
                    tanh::backward_input(isa, hidden, dropped);
                    let bias = Some(&mut gradient.hidden_bias);
                    linear::backward_parameters(isa, input, dropped, &mut gradient.hidden, bias);
                }

                fn infer_with<'w, I: Isa, const BATCH: usize>(
                    &self,
                    isa: I,
                    frozen: &(),
                    input: &SMatrix<$T, BATCH, $in>,
                    workspace: &'w mut Workspace<BATCH>,
                ) -> &'w SMatrix<$T, BATCH, $out> {
                    let pass = Pass { training: false, ..Pass::training(0, BATCH as u32) };
                    self.forward_with(isa, frozen, input, workspace, pass);
                    &workspace.output
                }
            }
        };
    };
}

mlp!(Small, f64, 3, 5, 2, dropout 0.0);
mlp!(Dropping, f64, 3, 5, 2, dropout 0.4);
mlp!(Xor, f32, 2, 4, 1, dropout 0.0);
mlp!(Large, f32, 784, 512, 10, dropout 0.0);

/// `output = weight · input + frozen`, and a count of the rows it was trained on. Wants mini-batches to be one tile.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Counting {
    pub weight: f32,
    pub rows: f32,
    pub unused: f32,
}

hand_over!(Counting, trainable);

impl Architecture for Counting {
    type Scalar = f32;
    type Input = [f32; 1];
    type Output = [f32; 1];
    type Ending = Ending<Other, Outputs<1, false>, 1, Outputs<1, false>>;
    type Scratch<const BATCH: usize> = SMatrix<f32, BATCH, 1>;

    const LAYERS: &'static [LayerInfo] = &[];
    const INPUTS: &'static [Port] = &[Port::new("", &[])];
    const OUTPUTS: &'static [Port] = &[Port::new("", &[])];
}

impl Parameters for Counting {
    type Frozen = f32;
    type Workspace<const BATCH: usize> = SMatrix<f32, BATCH, 1>;
    type PredictFits = ();
    type OutputFits = ();

    const NAME: &'static str = "Counting";
    constants!(
        &[
            Run { start: 0, len: 1, is_trained: true },
            Run { start: 1, len: 1, is_trained: false },
            Run { start: 2, len: 1, is_trained: true },
        ],
        needs_whole_batch = true
    );

    fn init<R: Rng + ?Sized>(&mut self, _rng: &mut R) {}

    fn init_frozen<R: Rng + ?Sized>(_frozen: &mut f32, _rng: &mut R) {}

    fn forward_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &f32,
        input: &SMatrix<f32, BATCH, 1>,
        workspace: &mut SMatrix<f32, BATCH, 1>,
        _pass: Pass,
    ) {
        self.infer_with(isa, frozen, input, workspace);
    }

    fn output_then_grad<const BATCH: usize>(workspace: &mut SMatrix<f32, BATCH, 1>) -> &mut SMatrix<f32, BATCH, 1> {
        workspace
    }

    fn backward_with<I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        _frozen: &f32,
        input: &SMatrix<f32, BATCH, 1>,
        workspace: &mut SMatrix<f32, BATCH, 1>,
        gradient: &mut Self,
        pass: Pass,
    ) {
        gradient.weight += input.dot(workspace);
        gradient.rows += pass.rows as f32;
    }

    fn infer_with<'w, I: Isa, const BATCH: usize>(
        &self,
        _isa: I,
        frozen: &f32,
        input: &SMatrix<f32, BATCH, 1>,
        workspace: &'w mut SMatrix<f32, BATCH, 1>,
    ) -> &'w SMatrix<f32, BATCH, 1> {
        *workspace = (input * self.weight).add_scalar(*frozen);
        workspace
    }
}

/// For each of two tokens below 4, the logits of what follows it.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Following {
    pub logits: SMatrix<f32, 4, 4>,
}

hand_over!(Following);

impl Architecture for Following {
    type Scalar = f32;
    type Input = [u8; 2];
    type Output = [f32; 8];
    type Ending = Ending<Other, Outputs<8, true>, 2, Outputs<4, true>>;
    type Scratch<const BATCH: usize> = SMatrix<f32, BATCH, 8>;

    const LAYERS: &'static [LayerInfo] = &[];
    const INPUTS: &'static [Port] = &[Port::new("", &[]).indices(Some(4))];
    const OUTPUTS: &'static [Port] = &[Port::new("", &[])];
}

impl Parameters for Following {
    type Frozen = ();
    type Workspace<const BATCH: usize> = SMatrix<f32, BATCH, 8>;
    type PredictFits = ();
    type OutputFits = ();

    const NAME: &'static str = "Following";
    constants!(&[Run { start: 0, len: 16, is_trained: true }], needs_whole_batch = false);

    fn init<R: Rng + ?Sized>(&mut self, rng: &mut R) {
        embedding::init(&mut self.logits, rng);
    }

    fn init_frozen<R: Rng + ?Sized>(_frozen: &mut (), _rng: &mut R) {}

    fn forward_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        frozen: &(),
        input: &SMatrix<u8, BATCH, 2>,
        workspace: &mut SMatrix<f32, BATCH, 8>,
        _pass: Pass,
    ) {
        self.infer_with(isa, frozen, input, workspace);
    }

    fn output_then_grad<const BATCH: usize>(workspace: &mut SMatrix<f32, BATCH, 8>) -> &mut SMatrix<f32, BATCH, 8> {
        workspace
    }

    fn backward_with<I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        _frozen: &(),
        input: &SMatrix<u8, BATCH, 2>,
        workspace: &mut SMatrix<f32, BATCH, 8>,
        gradient: &mut Self,
        _pass: Pass,
    ) {
        embedding::backward_parameters(isa, input, workspace, &mut gradient.logits);
    }

    fn infer_with<'w, I: Isa, const BATCH: usize>(
        &self,
        isa: I,
        _frozen: &(),
        input: &SMatrix<u8, BATCH, 2>,
        workspace: &'w mut SMatrix<f32, BATCH, 8>,
    ) -> &'w SMatrix<f32, BATCH, 8> {
        embedding::forward(isa, &self.logits, input, workspace);
        workspace
    }
}

//! Ten steps against PyTorch 2.15 in `f64`: three parameters, loss Σ factor · (parameter - goal)² / 2.

use std::vec::Vec;

use approx::assert_relative_eq;

use super::*;
use crate::kernels::{Kernel, Portable, dispatch};

const START: [f64; 3] = [0.1, 0.2, -0.3];
const GOAL: [f64; 3] = [1.0, -2.0, 0.5];
const FACTOR: [f64; 3] = [1.0, 0.3, 4.0];

/// An update of all parameters.
fn update<O: Optimizer<T>, I: Isa, T: Scalar, const N: usize>(
    optimizer: &O,
    isa: I,
    step: u64,
    parameters: &mut [T; N],
    gradient: &[T; N],
    state: &mut O::State<[T; N]>,
) where
    [T; N]: Pod,
{
    let mut state: Vec<_> = scalars_mut(state).chunks_exact_mut(N).collect();
    optimizer.update(isa, step, 0, parameters, gradient, &mut state);
}

struct TenSteps<'a, O>(&'a O);

impl<O: Optimizer<f64>> Kernel for TenSteps<'_, O> {
    type Output = ([f64; 10], [f64; 3]);

    fn run<I: Isa>(self, isa: I) -> Self::Output {
        let mut parameters = START;
        let mut state: O::State<[f64; 3]> = bytemuck::zeroed();
        let losses = core::array::from_fn(|step| {
            let gradient: [f64; 3] = core::array::from_fn(|i| FACTOR[i] * (parameters[i] - GOAL[i]));
            let loss = (0..3).map(|i| gradient[i] * (parameters[i] - GOAL[i]) / 2.0).sum();
            update(self.0, isa, step as u64 + 1, &mut parameters, &gradient, &mut state);
            loss
        });
        (losses, parameters)
    }
}

fn check(optimizer: &impl Optimizer<f64>, losses: [f64; 10], parameters: [f64; 3]) {
    for (computed, end) in [dispatch(TenSteps(optimizer)), TenSteps(optimizer).run(Portable)] {
        for (computed, expected) in computed.iter().chain(&end).zip(losses.iter().chain(&parameters)) {
            assert_relative_eq!(computed, expected, max_relative = 1e-12);
        }
    }
}

#[test]
fn sgd_is_pytorchs() {
    let losses = [
        2.411_000_000_000_000_5,
        1.471_943_399_999_999_8,
        1.074_331_080_059_999_9,
        0.879_690_960_578_453_8,
        0.764_835_983_801_767_2,
        0.684_324_354_894_217_8,
        0.620_899_797_747_572_9,
        0.567_613_208_179_422,
        0.521_356_572_130_563_6,
        0.480_510_940_646_067_9,
    ];
    check(&Sgd::new(0.1), losses, [0.686_189_403_91, -0.377_666_920_831_157_8, 0.495_162_705_92]);
}

#[test]
fn sgd_with_weight_decay_is_pytorchs() {
    let losses = [
        2.411_000_000_000_000_5,
        1.468_832_974_999_999_8,
        1.073_424_205_969_374_8,
        0.880_650_829_228_989_3,
        0.766_958_846_750_137_4,
        0.687_272_676_782_312_6,
        0.624_588_697_985_522_3,
        0.572_058_203_275_632_2,
        0.526_592_948_692_962_9,
        0.486_563_886_881_563_77,
    ];
    check(
        &Sgd::new(0.1).weight_decay(0.05),
        losses,
        [0.671_278_852_803_445_7, -0.373_745_360_906_894_86, 0.489_412_517_268_222],
    );
}

#[test]
fn momentum_is_pytorchs() {
    let losses = [
        2.411_000_000_000_000_5,
        1.471_943_399_999_999_8,
        0.816_316_790_459_999_8,
        0.976_297_378_931_574_3,
        1.259_054_812_114_388,
        0.971_393_966_980_649_7,
        0.390_630_587_983_811_23,
        0.206_484_320_981_225_13,
        0.489_558_719_878_576_7,
        0.690_152_411_561_573_4,
    ];
    check(&Sgd::new(0.1).momentum(0.9), losses, [1.529_910_449_92, -1.887_176_974_693_283, 0.086_657_000_000_000_11]);
}

#[test]
fn momentum_with_weight_decay_is_pytorchs() {
    let losses = [
        2.411_000_000_000_000_5,
        1.468_832_974_999_999_8,
        0.815_996_775_544_375,
        0.975_075_568_858_872_9,
        1.239_532_378_437_889_3,
        0.932_252_430_481_210_1,
        0.359_596_477_600_896_7,
        0.204_250_335_563_837_18,
        0.496_045_280_107_196_8,
        0.669_094_777_662_098_1,
    ];
    check(
        &Sgd::new(0.1).weight_decay(0.05).momentum(0.9),
        losses,
        [1.448_770_680_642_799_8, -1.823_093_389_986_068_6, 0.095_544_854_217_864_06],
    );
}

#[test]
fn nesterovs_momentum_with_weight_decay_is_pytorchs() {
    let losses = [
        2.411_000_000_000_000_5,
        0.982_381_739_750_000_1,
        0.767_105_815_558_067,
        0.705_095_641_049_052_9,
        0.468_774_313_338_346_7,
        0.254_636_456_820_069_1,
        0.163_373_805_716_227_37,
        0.131_957_265_234_105_84,
        0.099_573_947_529_585_02,
        0.061_736_643_054_621_176,
    ];
    check(
        &Sgd::new(0.1).momentum(0.9).nesterov(true).weight_decay(0.05),
        losses,
        [1.233_557_241_190_176, -1.844_254_283_048_527, 0.479_118_192_434_908_5],
    );
}

#[test]
fn adam_is_pytorchs() {
    let losses = [
        2.411_000_000_000_000_5,
        1.961_500_002_718_434_4,
        1.566_788_684_116_749_8,
        1.227_380_023_144_217_6,
        0.943_072_625_074_366_2,
        0.712_724_282_512_766,
        0.534_005_462_105_595_6,
        0.403_169_623_797_145_4,
        0.314_907_682_722_167,
        0.262_378_768_412_556_86,
    ];
    check(&Adam::new(0.1), losses, [1.006_901_302_554_864, -0.778_516_668_517_789_6, 0.582_701_872_241_314_6]);
}

#[test]
fn adam_with_weight_decay_is_pytorchs() {
    let losses = [
        2.411_000_000_000_000_5,
        1.961_500_002_705_070_9,
        1.567_589_306_952_723_1,
        1.229_989_847_932_863,
        0.948_409_631_542_634_5,
        0.721_279_679_140_666_6,
        0.545_494_407_366_537_8,
        0.416_213_895_847_295_9,
        0.326_824_482_388_436_2,
        0.269_179_833_033_229_23,
    ];
    check(
        &Adam::new(0.1).betas(0.8, 0.95).weight_decay(0.05),
        losses,
        [0.962_490_906_837_583, -0.762_298_172_254_251_2, 0.543_182_411_015_430_4],
    );
}

#[test]
fn adamw_is_pytorchs() {
    let losses = [
        2.411_000_000_000_000_5,
        1.960_614_193_718_079_7,
        1.565_624_789_681_573_6,
        1.226_382_421_816_127,
        0.942_521_646_771_723_9,
        0.712_740_334_167_554_9,
        0.534_560_279_076_008,
        0.404_107_184_003_503_15,
        0.315_976_713_321_020_5,
        0.263_276_675_963_869_33,
    ];
    check(&AdamW::new(0.1), losses, [1.002_288_767_943_072_8, -0.776_090_883_480_800_1, 0.581_347_709_155_391_5]);
}

#[test]
fn without_the_slices_of_its_state_nothing_changes() {
    let mut parameters = [1.0_f32; 2];
    Adam::new(0.1).update(Portable, 1, 0, &mut parameters, &[1.0; 2], &mut [&mut [0.0; 2]]);
    assert_eq!(parameters, [1.0; 2]);
}

#[test]
fn only_what_is_used_is_remembered() {
    fn remembered<O: Optimizer<f64>>(_optimizer: O) -> usize {
        size_of::<O::State<f64>>() / size_of::<f64>()
    }
    assert_eq!(remembered(Sgd::new(0.1)), 0);
    assert_eq!(remembered(RmsProp::new(0.1)), 1);
    assert_eq!(remembered(RmsProp::new(0.1).centered()), 2);
    assert_eq!(remembered(RmsProp::new(0.1).momentum(0.9)), 2);
    assert_eq!(remembered(RmsProp::new(0.1).momentum(0.9).centered()), 3);
    assert_eq!(remembered(Lion::new(0.1)), 1);
    assert_eq!(remembered(Adagrad::new(0.1)), 1);
    assert_eq!(remembered(NAdam::new(0.1)), 2);
}

#[test]
fn a_variance_that_is_rounded_below_zero_is_zero() {
    let (optimizer, mut state) = (RmsProp::new(1e-3).alpha(0.9).centered(), [[0.0_f32; 64]; 2]);
    let gradient: [f32; 64] = core::array::from_fn(|i| 0.1 + 0.037 * i as f32);
    let mut parameters = [0.0_f32; 64];
    for step in 1..=200 {
        update(&optimizer, Portable, step, &mut parameters, &gradient, &mut state);
    }
    assert!(parameters.iter().all(|parameter| parameter.is_finite()), "{parameters:?}");
}

#[test]
fn nadam_is_adam_with_a_look_ahead_once_it_has_settled() {
    // after very many steps: mu = beta1, and nothing is corrected for the start
    let (mut parameters, mut state) = ([0.0_f64], [[0.5_f64], [4.0]]);
    update(&NAdam::new(0.1), Portable, u64::MAX, &mut parameters, &[2.0], &mut state);
    assert_relative_eq!(parameters[0], -0.1 * (0.9 * 0.65 + 0.1 * 2.0) / 2.0, max_relative = 1e-8);
}

#[test]
fn a_lion_without_a_gradient_does_not_move() {
    let (mut parameters, mut state) = ([1.0_f32, 1.0], [[0.0_f32; 2]; 1]);
    update(&Lion::new(0.25), Portable, 1, &mut parameters, &[0.0, -3.0], &mut state);
    assert_eq!(parameters, [1.0, 1.25]);
}

/// A gradient, then so many steps without one.
fn check_decay<O: Optimizer<f32>>(optimizer: &O, steps: u64) {
    let (mut parameters, mut state): (_, O::State<[f32; 1]>) = ([1.0], bytemuck::zeroed());
    update(optimizer, Portable, 1, &mut parameters, &[1e-3], &mut state);
    for step in 2..steps {
        update(optimizer, Portable, step, &mut parameters, &[0.0], &mut state);
        let state: &[f32] = bytemuck::cast_slice(bytemuck::bytes_of(&state));
        assert!(!state.iter().any(|value| value.is_subnormal()), "{state:?} after {step} steps");
    }
}

#[test]
fn what_decays_never_becomes_subnormal() {
    check_decay(&Adam::new(0.1), 100_000);
    check_decay(&NAdam::new(0.1), 100_000);
    check_decay(&RmsProp::new(0.1).centered().momentum(0.9), 10_000);
    check_decay(&Sgd::new(0.1).momentum(0.9), 1000);
    check_decay(&Lion::new(0.1), 10_000);
}

/// Two parameters without a gradient and one with a gradient whose square is 0, under an optimizer whose `eps` is 0.
fn check_without_eps<O: Optimizer<f32>>(optimizer: &O) {
    let (mut parameters, mut state): (_, O::State<[f32; 3]>) = ([1.0, 2.0, 3.0], bytemuck::zeroed());
    for step in 1..=3 {
        update(optimizer, Portable, step, &mut parameters, &[0.0, 0.0, 1e-30], &mut state);
    }
    assert_eq!(parameters[..2], [1.0, 2.0]);
    assert!((parameters[2] - 3.0).abs() < 1e-3, "{parameters:?}");
}

#[test]
fn nothing_is_divided_by_zero_without_eps() {
    check_without_eps(&Adam::new(1e-3).eps(0.0));
    check_without_eps(&AdamW::new(1e-3).weight_decay(0.0).eps(0.0));
    check_without_eps(&NAdam::new(1e-3).eps(0.0));
    check_without_eps(&RmsProp::new(1e-3).eps(0.0));
    check_without_eps(&RmsProp::new(1e-3).eps(0.0).centered().momentum(0.9));
    check_without_eps(&Adagrad::new(1e-3).eps(0.0));
}

/// Halves the learning rates of an optimizer, and returns their number.
fn halve<O: Optimizer<f32>>(optimizer: &mut O) -> usize {
    optimizer.learning_rates().map(|lr| *lr *= 0.5).count()
}

#[test]
fn the_learning_rate_of_each_optimizer_can_be_changed() {
    macro_rules! check {
        ($($new:expr),*) => {$(
            let new = $new;
            let mut optimizer = new(0.5);
            assert_eq!((halve(&mut optimizer), optimizer), (1, new(0.25)));
        )*};
    }
    check!(Sgd::new, Adagrad::new, Adam::new, AdamW::new, Lion::new, NAdam::new, RmsProp::new);
    check!(|lr| Sgd::new(lr).momentum(0.9), |lr| RmsProp::new(lr).centered(), |lr| RmsProp::new(lr).momentum(0.9));
    check!(|lr| RmsProp::new(lr).momentum(0.9).centered());
}

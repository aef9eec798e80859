//! The normal distribution: the error function by W. J. Cody's rational approximations (Math. Comp. 23, 1969), its
//! inverse by M. J. Wichura's (algorithm AS 241, 1988). Both to the last digits of an `f64`.

/// Cody, up to 0.46875: highest power first.
const NEAR: ([f64; 5], [f64; 5]) = (
    [
        0.185_777_706_184_603_15,
        3.161_123_743_870_565_6,
        113.864_154_151_050_16,
        377.485_237_685_302,
        3_209.377_589_138_469_5,
    ],
    [1.0, 23.601_290_952_344_122, 244.024_637_934_444_17, 1_282.616_526_077_372_3, 2_844.236_833_439_171],
);
/// Cody, up to 4.
const MIDDLE: ([f64; 9], [f64; 9]) = (
    [
        2.153_115_354_744_038_5e-8,
        0.564_188_496_988_670_1,
        8.883_149_794_388_376,
        66.119_190_637_141_63,
        298.635_138_197_400_1,
        881.952_221_241_769,
        1_712.047_612_634_070_6,
        2_051.078_377_826_071_5,
        1_230.339_354_797_997_2,
    ],
    [
        1.0,
        15.744_926_110_709_835,
        117.693_950_891_312_5,
        537.181_101_862_009_9,
        1_621.389_574_566_690_2,
        3_290.799_235_733_459_6,
        4_362.619_090_143_247,
        3_439.367_674_143_721_6,
        1_230.339_354_803_749_4,
    ],
);
/// Cody, beyond 4, in the inverse square.
const FAR: ([f64; 6], [f64; 6]) = (
    [
        0.016_315_387_137_302_098,
        0.305_326_634_961_232_36,
        0.360_344_899_949_804_45,
        0.125_781_726_111_229_26,
        0.016_083_785_148_742_275,
        6.587_491_615_298_378e-4,
    ],
    [
        1.0,
        2.568_520_192_289_822,
        1.872_952_849_923_467_2,
        0.527_905_102_951_428_5,
        0.060_518_341_312_441_32,
        0.002_335_204_976_268_691_8,
    ],
);

/// Wichura, the middle 85 %: highest power first.
const CENTRE: ([f64; 8], [f64; 8]) = (
    [
        2_509.080_928_730_122_7,
        33_430.575_583_588_13,
        67_265.770_927_008_7,
        45_921.953_931_549_87,
        13_731.693_765_509_46,
        1_971.590_950_306_551_3,
        133.141_667_891_784_38,
        3.387_132_872_796_366_5,
    ],
    [
        5_226.495_278_852_854,
        28_729.085_735_721_943,
        39_307.895_800_092_71,
        21_213.794_301_586_597,
        5_394.196_021_424_751,
        687.187_007_492_057_9,
        42.313_330_701_600_91,
        1.0,
    ],
);
/// Wichura, the tails down to about 1e-11.
const TAIL: ([f64; 8], [f64; 8]) = (
    [
        7.745_450_142_783_414e-4,
        0.022_723_844_989_269_184,
        0.241_780_725_177_450_6,
        1.270_458_252_452_368_4,
        3.647_848_324_763_204_5,
        5.769_497_221_460_691,
        4.630_337_846_156_546,
        1.423_437_110_749_683_5,
    ],
    [
        1.050_750_071_644_416_9e-9,
        5.475_938_084_995_345e-4,
        0.015_198_666_563_616_457,
        0.148_103_976_427_480_08,
        0.689_767_334_985_1,
        1.676_384_830_183_803_8,
        2.053_191_626_637_759,
        1.0,
    ],
);
/// Wichura, the rest of the tails.
const FAR_TAIL: ([f64; 8], [f64; 8]) = (
    [
        2.010_334_399_292_288_1e-7,
        2.711_555_568_743_487_6e-5,
        0.001_242_660_947_388_078_4,
        0.026_532_189_526_576_124,
        0.296_560_571_828_504_87,
        1.784_826_539_917_291_3,
        5.463_784_911_164_114,
        6.657_904_643_501_103,
    ],
    [
        2.044_263_103_389_939_8e-15,
        1.421_511_758_316_446e-7,
        1.846_318_317_510_054_8e-5,
        7.868_691_311_456_133e-4,
        0.014_875_361_290_850_615,
        0.136_929_880_922_735_8,
        0.599_832_206_555_888,
        1.0,
    ],
);

/// The error function, -1 to 1.
pub fn erf(x: f64) -> f64 {
    if x.abs() <= 0.46875 { x * ratio(&NEAR, x * x) } else { (1.0 - tail(x.abs())).copysign(x) }
}

/// 1 - erf(x), 0 to 2, exact in the right tail where the difference would lose its digits.
pub fn erfc(x: f64) -> f64 {
    if x.abs() <= 0.46875 {
        1.0 - erf(x)
    } else if x < 0.0 {
        2.0 - tail(-x)
    } else {
        tail(x)
    }
}

/// The probability that a standard normal value is at most `x`.
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The value below which a standard normal one lies with the given probability: infinite at 0 and 1, NaN outside.
pub fn normal_quantile(probability: f64) -> f64 {
    let centred = probability - 0.5;
    if centred.abs() <= 0.425 {
        return centred * ratio(&CENTRE, 0.180625 - centred * centred);
    }
    let tail = probability.min(1.0 - probability);
    if tail == 0.0 {
        return f64::INFINITY.copysign(centred);
    }
    let depth = (-tail.ln()).sqrt(); // NaN outside 0..1
    let size = if depth <= 5.0 { ratio(&TAIL, depth - 1.6) } else { ratio(&FAR_TAIL, depth - 5.0) };
    size.copysign(centred)
}

/// erfc of an x above 0.46875; NaN stays NaN.
fn tail(x: f64) -> f64 {
    let scaled = if x <= 4.0 {
        ratio(&MIDDLE, x)
    } else {
        let inverse = 1.0 / (x * x);
        let correction = inverse * ratio(&FAR, inverse);
        (0.5 * std::f64::consts::FRAC_2_SQRT_PI - correction) / x
    };
    // exp(-x^2) in two parts: the square of a number with few digits is exact.
    let short = (x * 16.0).trunc() / 16.0;
    if x > 27.0 { 0.0 } else { (-short * short).exp() * (-(x - short) * (x + short)).exp() * scaled }
}

fn ratio<const N: usize>((above, below): &([f64; N], [f64; N]), x: f64) -> f64 {
    let polynomial = |terms: &[f64; N]| terms.iter().fold(0.0, |sum, term| sum * x + term);
    polynomial(above) / polynomial(below)
}

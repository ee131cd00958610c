//! Random numbers that depend on nothing but a name and a place in line, so that the same two granules always give the
//! same product, in any order and on any number of threads.

use std::f64::consts::TAU;

/// A stream of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seed(u64);

impl Seed {
    /// The stream of a name; `purpose` keeps the streams of one name apart.
    pub(super) fn of(purpose: &str, name: &str) -> Self {
        // FNV-1a; the mixing below does the rest.
        let fold = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        let bytes = purpose.bytes().chain(std::iter::once(0)).chain(name.bytes());
        Self(mix(bytes.fold(0xcbf2_9ce4_8422_2325, fold)))
    }

    /// The number at a place in line, evenly spread over 64 bits (SplitMix64, Steele et al. 2014).
    pub(super) const fn bits(self, index: u64) -> u64 {
        mix(self.0.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// Evenly spread from 0 to below 1.
    pub(super) fn uniform(self, index: u64) -> f64 {
        (self.bits(index) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Evenly spread from `low` to `high`.
    pub(super) fn between(self, index: u64, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform(index)
    }

    /// Two independent numbers of the standard normal distribution (Box and Muller).
    pub(super) fn normals(self, index: u64) -> [f64; 2] {
        let bits = self.bits(index);
        // 32 bits for each of the two: finer than any phase is measured. Half a step up keeps the logarithm finite.
        let [a, b] = [bits >> 32, bits & 0xffff_ffff].map(|n| (n as f64 + 0.5) / 4_294_967_296.0);
        let (sin, cos) = (TAU * b).sin_cos();
        let radius = (-2.0 * a.ln()).sqrt();
        [radius * cos, radius * sin]
    }
}

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normals_are_normal_and_uniforms_uniform() {
        let seed = Seed::of("test", "a");
        let count = 40_000;
        let all: Vec<f64> = (0..count / 2).flat_map(|i| seed.normals(i)).collect();
        let mean = all.iter().sum::<f64>() / count as f64;
        let variance = all.iter().map(|v| v * v).sum::<f64>() / count as f64;
        let tail = all.iter().filter(|v| v.abs() > 1.96).count() as f64 / count as f64;
        assert!(
            mean.abs() < 0.02 && (variance - 1.0).abs() < 0.03 && (tail - 0.05).abs() < 0.006,
            "{mean} {variance}"
        );
        let mean = (0..count).map(|i| seed.uniform(i)).sum::<f64>() / count as f64;
        assert!((mean - 0.5).abs() < 0.01);
    }

    #[test]
    fn names_and_purposes_have_their_own_streams() {
        assert_eq!(Seed::of("a", "b"), Seed::of("a", "b"));
        assert_ne!(Seed::of("a", "b"), Seed::of("b", "a"));
        assert_ne!(Seed::of("ab", ""), Seed::of("a", "b"));
    }
}

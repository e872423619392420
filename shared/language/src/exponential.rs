//! The exponential function and the logarithm from the four operations alone: those of the system
//! differ between machines in the last bit, and weights must not.

#![expect(clippy::float_arithmetic, reason = "a confidence is an estimate, not money")]

const LN_2: f64 = std::f64::consts::LN_2;
/// Beyond this, either way, a result says nothing more.
const LARGEST: f64 = 700.0;

/// e to the power of x; x is held between -700 and 700.
pub fn exp(x: f64) -> f64 {
    let x = x.clamp(-LARGEST, LARGEST);
    let mut halvings = 0;
    let mut rest = x;
    while rest.abs() > 0.5 {
        rest *= 0.5;
        halvings += 1;
    }
    let mut sum = 1.0;
    for divisor in (1..=12).rev() {
        sum = 1.0 + sum * rest / f64::from(divisor);
    }
    for _ in 0..halvings {
        sum *= sum;
    }
    sum
}

/// The natural logarithm; of what is not positive, that of the smallest number.
pub fn ln(x: f64) -> f64 {
    let mut rest = x.max(f64::MIN_POSITIVE);
    let mut doublings = 0.0;
    while rest > 1.5 {
        rest *= 0.5;
        doublings += 1.0;
    }
    while rest < 0.75 {
        rest *= 2.0;
        doublings -= 1.0;
    }
    // ln(y) = 2 artanh((y - 1) / (y + 1))
    let ratio = (rest - 1.0) / (rest + 1.0);
    let square = ratio * ratio;
    let mut sum = 0.0;
    for odd in [25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3, 1] {
        sum = 1.0 / f64::from(odd) + sum * square;
    }
    doublings * LN_2 + 2.0 * ratio * sum
}

#[cfg(test)]
mod tests {
    use super::{exp, ln};

    #[test]
    fn they_agree_with_those_of_the_system() {
        for tenths in -300..=300 {
            let x = f64::from(tenths) / 10.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-12, "{x}");
            assert!((ln(x.exp()) - x).abs() < 1e-12, "{x}");
        }
        assert!(exp(-1e9) > 0.0 && exp(1e9).is_finite() && ln(0.0).is_finite());
    }
}

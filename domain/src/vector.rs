//! Arithmetic of three-vectors, as little of it as orbits need.
//!
//! It is inlined by order: the page is built for size, where a call to each of these costs more than what it does.

/// A vector in metres or metres per second, Earth-fixed.
pub(crate) type Vector = [f64; 3];

#[inline(always)]
pub(crate) fn add_scaled(a: Vector, factor: f64, b: Vector) -> Vector {
    [a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]]
}

#[inline(always)]
pub(crate) fn difference(a: Vector, b: Vector) -> Vector {
    add_scaled(a, -1.0, b)
}

#[inline(always)]
pub(crate) fn scaled(a: Vector, factor: f64) -> Vector {
    [factor * a[0], factor * a[1], factor * a[2]]
}

#[inline(always)]
pub(crate) fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline(always)]
pub(crate) fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[inline(always)]
pub(crate) fn norm(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

/// `a` at length one; not a number where `a` has no length.
#[inline(always)]
pub(crate) fn unit(a: Vector) -> Vector {
    scaled(a, 1.0 / norm(a))
}

//! One way to sort by two numbers.

/// The indices of keys in rising order, those of equal keys as they came.
///
/// The page carries the machinery of a sort once for each type that is sorted: what is sorted by numbers goes through
/// here.
pub(crate) fn order(keys: &[[f64; 2]]) -> Vec<usize> {
    let mut indices: Vec<usize> = (0..keys.len()).collect();
    let key = |index: &usize| keys.get(*index).copied().unwrap_or_default();
    indices.sort_by(|a, b| {
        let ([a, b], [c, d]) = (key(a), key(b));
        a.total_cmp(&c).then(b.total_cmp(&d))
    });
    indices
}

/// Things in the rising order of their keys.
pub fn ordered<T: Clone>(things: &[T], key: impl Fn(&T) -> [f64; 2]) -> Vec<T> {
    let keys: Vec<[f64; 2]> = things.iter().map(key).collect();
    order(&keys).into_iter().filter_map(|index| things.get(index).cloned()).collect()
}

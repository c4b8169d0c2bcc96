//! Which things hang together.

use petgraph::unionfind::UnionFind;

/// Returns the groups of `count` things that some pairs join, by the first thing of each; things of a
/// group are in order.
///
/// # Panics
///
/// Panics if a pair names a thing past the last one.
pub(crate) fn components(
    count: usize,
    pairs: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Vec<usize>> {
    let mut joined = UnionFind::<usize>::new(count);
    for (one, other) in pairs {
        joined.union(one, other);
    }
    let mut place = vec![None; count];
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for thing in 0..count {
        let group = *place[joined.find(thing)].get_or_insert(groups.len());
        if group == groups.len() {
            groups.push(Vec::new());
        }
        groups[group].push(thing);
    }
    groups
}

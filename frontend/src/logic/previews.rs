//! Which preview is fetched next.

use domain::run::PairView;

/// How many previews are fetched side by side: as many as a browser asks of one server anyway, so that a run of
/// hundreds of pairs neither crowds out what else is asked nor piles up at GitHub.
pub(crate) const AT_ONCE: usize = 6;

/// The artifact of the next preview that can be had and was not asked for: that of the pair in focus first.
pub(crate) fn next(pairs: &[PairView], focus: Option<&str>, asked: &dyn Fn(u64) -> bool) -> Option<u64> {
    let wanted = |pair: &PairView| {
        let preview = pair.preview.as_ref().filter(|preview| !preview.expired)?;
        (!asked(preview.id)).then_some(preview.id)
    };
    let focused = pairs.iter().filter(|pair| Some(pair.name.as_str()) == focus).find_map(wanted);
    focused.or_else(|| pairs.iter().find_map(wanted))
}

#[cfg(test)]
mod tests {
    use domain::run::{Artifact, State};

    use super::*;

    fn pair(name: &str, preview: Option<(u64, bool)>) -> PairView {
        let preview = preview.map(|(id, expired)| Artifact {
            id,
            name: name.to_owned(),
            bytes: 9,
            created: None,
            expires: None,
            expired,
        });
        PairView {
            name: name.to_owned(),
            state: State::Done,
            job: None,
            step: None,
            started: None,
            completed: None,
            product: None,
            preview,
        }
    }

    #[test]
    fn the_pair_in_focus_comes_first_and_nothing_is_fetched_twice_or_when_it_is_gone() {
        let pairs = [
            pair("a", None),
            pair("b", Some((2, true))),
            pair("c", Some((3, false))),
            pair("d", Some((4, false))),
        ];
        let asked = |ids: &'static [u64]| move |id: u64| ids.contains(&id);
        assert_eq!(next(&pairs, None, &asked(&[])), Some(3));
        assert_eq!(next(&pairs, Some("d"), &asked(&[])), Some(4));
        assert_eq!(next(&pairs, Some("d"), &asked(&[4])), Some(3));
        assert_eq!(next(&pairs, Some("b"), &asked(&[3, 4])), None);
    }
}

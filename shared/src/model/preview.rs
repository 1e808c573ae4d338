//! An exercise in bytes, as a device last saw it: shown at once when it is opened again, until the
//! document behind it is read, which takes several times as long. Nothing is ever computed from
//! it, and a device that has none, or an old one, only shows the exercise a moment later.

use super::Exercise;
use crate::{digest::Digest, ids::ExerciseId};

/// Grows whenever the bytes of the same exercise become others. Previews of another format are
/// ignored.
const FORMAT: u8 = 2;

impl Exercise {
    /// Its bytes, with the digest of its document, for [`Exercise::from_preview`].
    #[must_use]
    pub fn preview(&self, digest: Digest) -> Vec<u8> {
        postcard::to_extend(&(digest, self), vec![FORMAT]).expect("plain data has bytes")
    }

    /// The exercise that was put into these bytes, and the digest of its document; `None` where
    /// they are damaged, of another format, or of another exercise.
    #[must_use]
    pub fn from_preview(id: ExerciseId, bytes: &[u8]) -> Option<(Digest, Self)> {
        let (&FORMAT, bytes) = bytes.split_first()? else { return None };
        let (digest, exercise): (Digest, Self) = postcard::from_bytes(bytes).ok()?;
        (exercise.id == id).then_some((digest, exercise))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        key::{Key, ORDER},
        model::Cell,
        template::TableId,
        value::Value,
    };

    fn id() -> ExerciseId {
        ExerciseId::new("01", 2027).unwrap()
    }

    fn exercise() -> Exercise {
        let mut exercise = Exercise::new(id());
        let row = crate::ids::RowId::new("r1").unwrap();
        let mut put = |field: &str, cell| {
            exercise.put(&Key::cell(TableId::Focus, &row, field), Some(cell));
        };
        put(ORDER, Cell::Value(Value::Text("a0".into())));
        put("budget", Cell::Value(Value::Money(311_345_000)));
        put("coverage", Cell::Value(Value::ToBeDefined));
        put("description", Cell::Narrative("Ñuñoa".into()));
        let date = chrono::NaiveDate::from_ymd_opt(2026, 12, 30).unwrap();
        put("start", Cell::Value(Value::Date(date)));
        exercise.put(
            &Key::member(TableId::Focus, &row, "places", "01101"),
            Some(Cell::Value(Value::Flag(true))),
        );
        let peers = [1, 77_777].map(crate::ids::Peer::from_random);
        exercise.put_undecided(
            Key::cell(TableId::Focus, &row, "budget"),
            Some(vec![(peers[1], Some(Value::Money(311_345_000))), (peers[0], None)]),
        );
        exercise
    }

    #[test]
    fn a_preview_is_the_exercise() {
        let mut digest = Digest::default();
        digest.add("focus/r1/budget", "m311345000");
        let bytes = exercise().preview(digest);
        assert_eq!(Exercise::from_preview(id(), &bytes), Some((digest, exercise())));
        let other = ExerciseId::new("02", 2027).unwrap();
        assert_eq!(Exercise::from_preview(other, &bytes), None);
        assert_eq!(Exercise::from_preview(id(), &[]), None);
    }

    /// Where this fails, the model changed: raise `FORMAT`, so that no device reads what an older
    /// program wrote as something else.
    #[test]
    fn the_format_is_pinned() {
        let bytes = exercise().preview(Digest::default()).escape_ascii().to_string();
        let pinned = r"\x02\x00\x0701-2027\x01\x04\x01\x02r1\x02a0\x00\x05\x06budget\x00\x02\xd0\xfd\xf5\xa8\x02\x08coverage\x00\x06\x0bdescription\x02\x07\xc3\x91u\xc3\xb1oa\x06places\x01\x01\x0501101\x05start\x00\x04\n2026-12-30\x01\x00\x01\x0ffocus/r1/budget\x02\xd1\xdf\x04\x01\x02\xd0\xfd\xf5\xa8\x02\x02\x00";
        assert_eq!(bytes, pinned);
    }

    proptest! {
        #[test]
        fn damaged_bytes_are_none_or_whole(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let mut bytes = exercise().preview(Digest::default());
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Some((_, exercise)) = Exercise::from_preview(id(), &bytes) {
                prop_assert!(TableId::ALL.iter().all(|table| exercise.table(*table).rows().count() < 2));
            }
        }
    }
}

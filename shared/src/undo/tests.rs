use proptest::prelude::*;

use super::*;
use crate::{
    doc::Document,
    ids::{ExerciseId, Peer},
};

const TABLE: TableId = TableId::Focus;

fn row(name: &str) -> RowId {
    RowId::new(name).unwrap()
}

fn cell_key(name: &str, field: &str) -> Key {
    Key::cell(TABLE, &row(name), field)
}

fn place(name: &str, order: &str) -> Edit {
    Edit::PlaceRow { table: TABLE, row: row(name), order: order.into() }
}

fn set(name: &str, field: &str, value: Option<Value>) -> Edit {
    Edit::SetCell { key: cell_key(name, field), value }
}

fn delete(name: &str, deleted: bool) -> Edit {
    Edit::DeleteRow { table: TABLE, row: row(name), deleted }
}

/// A person at a device.
struct Person {
    document: Document,
    history: History,
}

impl Person {
    fn new(peer: u64) -> Self {
        let id = ExerciseId::new("01", 2027).unwrap();
        let document = Document::new(id, Peer::new(peer).unwrap());
        Self { document, history: History::default() }
    }

    fn does(&mut self, edits: &[Edit]) {
        let step = Step::of(self.document.exercise(), edits);
        if self.document.apply(edits).is_ok() {
            self.history.record(step);
        }
    }

    fn types(&mut self, name: &str, text: &str) {
        let key = cell_key(name, "description");
        let present = super::text(self.document.exercise(), &key);
        if let Some(edit) = Edit::splice(key, &present, text) {
            self.does(&[edit]);
        }
    }

    fn text(&self, name: &str) -> String {
        super::text(self.document.exercise(), &cell_key(name, "description"))
    }

    fn value(&self, name: &str, field: &str) -> Option<Value> {
        super::value(self.document.exercise(), &cell_key(name, field))
    }

    fn shown(&self) -> Vec<String> {
        self.document.exercise().table(TABLE).order().iter().map(ToString::to_string).collect()
    }

    fn plan(&self, back: bool) -> Option<Planned> {
        let (own, exercise) = (self.document.peer(), self.document.exercise());
        let is_mine = |key: &Key| self.document.writers(key).all(|peer| peer == own);
        if back {
            self.history.undo(exercise, is_mine)
        } else {
            self.history.redo(exercise, is_mine)
        }
    }

    /// Takes the last step back; what others changed since.
    fn undo(&mut self) -> Vec<Key> {
        let planned = self.plan(true).expect("something was done");
        self.document.apply(&planned.way.edits).unwrap();
        self.history.undone(&planned);
        planned.way.kept
    }

    fn redo(&mut self) -> Vec<Key> {
        let planned = self.plan(false).expect("something was taken back");
        self.document.apply(&planned.way.edits).unwrap();
        self.history.redone(&planned);
        planned.way.kept
    }
}

fn meet(one: &mut Person, other: &mut Person) {
    let (a, b) = (one.document.snapshot(), other.document.snapshot());
    one.document.merge(&b).unwrap();
    other.document.merge(&a).unwrap();
}

fn money(pesos: i64) -> Option<Value> {
    Some(Value::Money(pesos))
}

/// Two people with the same three rows.
fn two() -> (Person, Person) {
    let (mut ana, mut luis) = (Person::new(7), Person::new(9));
    let mut start = Person::new(3);
    for (at, name) in ["a", "b", "c"].into_iter().enumerate() {
        start.does(&[place(name, &format!("{at}V")), set(name, "budget", money(100 * at as i64))]);
        start.types(name, "uno dos tres");
    }
    meet(&mut start, &mut ana);
    meet(&mut start, &mut luis);
    (ana, luis)
}

#[test]
fn one_action_is_one_step() {
    let (mut ana, _) = two();
    ana.does(&[
        set("a", "budget", None),
        set("b", "budget", Some(Value::ToBeDefined)),
        place("new", "9V"),
        set("new", "budget", money(5)),
    ]);
    assert_eq!(ana.undo(), []);
    assert_eq!((ana.value("a", "budget"), ana.value("b", "budget")), (money(0), money(100)));
    assert_eq!(ana.shown(), ["a", "b", "c"]);
    assert!(!ana.history.has_done() && ana.history.has_undone());
    assert_eq!(ana.redo(), []);
    assert_eq!((ana.value("a", "budget"), ana.value("new", "budget")), (None, money(5)));
    assert_eq!(ana.shown(), ["a", "b", "c", "new"]);
}

#[test]
fn what_others_changed_since_stays_and_is_told() {
    let (mut ana, mut luis) = two();
    ana.does(&[set("a", "budget", money(1)), set("b", "budget", money(2))]);
    meet(&mut ana, &mut luis);
    luis.does(&[set("a", "budget", money(77))]);
    meet(&mut ana, &mut luis);
    assert_eq!(ana.undo(), [cell_key("a", "budget")]);
    assert_eq!((ana.value("a", "budget"), ana.value("b", "budget")), (money(77), money(100)));
}

#[test]
fn the_same_value_written_by_both_is_not_taken_back() {
    let (mut ana, mut luis) = two();
    ana.does(&[set("a", "budget", money(1))]);
    luis.does(&[set("a", "budget", money(1))]);
    meet(&mut ana, &mut luis);
    assert_eq!(ana.undo(), [cell_key("a", "budget")]);
    assert_eq!(ana.value("a", "budget"), money(1));
}

#[test]
fn typing_is_one_step_and_the_characters_of_others_stay() {
    let (mut ana, mut luis) = two();
    ana.types("a", "uno dos x tres");
    ana.types("a", "uno dos xy tres");
    meet(&mut ana, &mut luis);
    luis.types("a", "CERO uno dos xy tres");
    meet(&mut ana, &mut luis);
    ana.types("a", "CERO uno dos xyz tres");
    ana.history.seal();
    ana.types("a", "CERO uno dos xyz tres cuatro");
    meet(&mut ana, &mut luis);
    luis.types("a", "CERO uno dos xyz tres cuatro CINCO");
    meet(&mut ana, &mut luis);
    ana.undo();
    assert_eq!(ana.text("a"), "CERO uno dos xyz tres CINCO");
    ana.undo();
    assert_eq!(ana.text("a"), "CERO uno dos tres CINCO");
    ana.redo();
    ana.redo();
    assert_eq!(ana.text("a"), "CERO uno dos xyz tres cuatro CINCO");
}

#[test]
fn a_row_in_which_others_wrote_stays() {
    let (mut ana, mut luis) = two();
    ana.does(&[place("new", "9V"), set("new", "budget", money(5))]);
    meet(&mut ana, &mut luis);
    luis.does(&[set("new", "coverage", Some(Value::Integer(3)))]);
    meet(&mut ana, &mut luis);
    assert_eq!(ana.undo(), [cell_key("new", ORDER)]);
    assert_eq!(ana.shown(), ["a", "b", "c", "new"]);
    assert_eq!(
        (ana.value("new", "budget"), ana.value("new", "coverage")),
        (None, Some(Value::Integer(3)))
    );
}

#[test]
fn rows_come_back_and_go_back() {
    let (mut ana, _) = two();
    ana.does(&[delete("b", true)]);
    ana.does(&[place("a", "8V")]);
    assert_eq!(ana.shown(), ["c", "a"]);
    ana.undo();
    ana.undo();
    assert_eq!(ana.shown(), ["a", "b", "c"]);
    ana.redo();
    ana.redo();
    assert_eq!(ana.shown(), ["c", "a"]);
}

#[test]
fn members_of_sets_go_one_by_one() {
    let (mut ana, mut luis) = two();
    let member = |code: &str, present| Edit::SetMember {
        key: Key::member(TABLE, &row("a"), "places", code),
        present,
    };
    ana.does(&[member("01101", true), member("01107", true)]);
    meet(&mut ana, &mut luis);
    luis.does(&[member("01405", true), member("01107", false)]);
    meet(&mut ana, &mut luis);
    assert_eq!(ana.undo(), [], "what is gone already needs nothing");
    let members: Vec<&str> =
        ana.document.exercise().row(TABLE, &row("a")).unwrap().members("places").collect();
    assert_eq!(members, ["01405"]);
}

#[test]
fn doing_something_else_ends_redoing() {
    let (mut ana, _) = two();
    ana.does(&[set("a", "budget", money(1))]);
    ana.undo();
    ana.does(&[set("b", "budget", money(2))]);
    assert!(!ana.history.has_undone());
}

#[test]
fn it_survives_being_kept() {
    let (mut ana, _) = two();
    ana.does(&[set("a", "budget", money(1)), delete("b", true), place("new", "9V")]);
    ana.types("a", "otro");
    ana.undo();
    let kept = serde_json::to_string(&ana.history).unwrap();
    ana.history = serde_json::from_str(&kept).unwrap();
    ana.redo();
    ana.undo();
    ana.undo();
    assert_eq!((ana.value("a", "budget"), ana.text("a")), (money(0), "uno dos tres".into()));
    assert_eq!(ana.shown(), ["a", "b", "c"]);
}

#[test]
fn the_oldest_steps_make_room() {
    let (mut ana, _) = two();
    for pesos in 0..300 {
        ana.does(&[set("a", "budget", money(pesos))]);
    }
    let mut steps = 0;
    while ana.history.has_done() {
        ana.undo();
        steps += 1;
    }
    assert_eq!(steps, 200);
}

#[derive(Debug, Clone)]
enum Act {
    Budget(usize, Option<i64>),
    Place(usize, usize, bool),
    Type(usize, usize, usize, char),
    Add(usize),
    Delete(usize, bool),
    Move(usize, usize),
    Meet,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0usize..4, prop::option::of(0i64..4)).prop_map(|(r, v)| Act::Budget(r, v)),
        2 => (0usize..4, 0usize..3, any::<bool>()).prop_map(|(r, m, p)| Act::Place(r, m, p)),
        3 => (0usize..3, 0usize..20, 0usize..3, prop::char::range('a', 'z'))
            .prop_map(|(r, at, gone, new)| Act::Type(r, at, gone, new)),
        1 => (0usize..2).prop_map(Act::Add),
        1 => (0usize..4, any::<bool>()).prop_map(|(r, d)| Act::Delete(r, d)),
        1 => (0usize..3, 0usize..9).prop_map(|(r, to)| Act::Move(r, to)),
        2 => Just(Act::Meet),
    ]
}

const ROWS: [&str; 5] = ["a", "b", "c", "new0", "new1"];
const PLACES: [&str; 3] = ["01101", "01107", "01405"];

fn perform(person: &mut Person, act: &Act, loud: bool) {
    let member = |r: usize, m: usize| Key::member(TABLE, &row(ROWS[r]), "places", PLACES[m]);
    match act {
        Act::Budget(r, value) => person.does(&[set(ROWS[*r], "budget", value.map(Value::Money))]),
        Act::Place(r, m, present) => {
            person.does(&[Edit::SetMember { key: member(*r, *m), present: *present }]);
        }
        Act::Type(r, at, gone, new) => {
            let mut text: Vec<char> = person.text(ROWS[*r]).chars().collect();
            let at = (*at).min(text.len());
            let gone = (*gone).min(text.len() - at);
            // The others write loud letters and take none away, so that theirs can be told.
            let (gone, new) = if loud { (0, new.to_ascii_uppercase()) } else { (gone, *new) };
            let taken = text[at..at + gone].iter().any(char::is_ascii_uppercase);
            text.splice(at..at + if taken { 0 } else { gone }, [new]);
            person.types(ROWS[*r], &text.into_iter().collect::<String>());
            person.history.seal();
        }
        Act::Add(which) => {
            let name = ROWS[3 + which];
            person.does(&[
                place(name, &format!("5{}V", person.document.peer().number())),
                set(name, "budget", Some(Value::ToBeDefined)),
            ]);
        }
        Act::Delete(r, deleted) => person.does(&[delete(ROWS[*r], *deleted)]),
        Act::Move(r, to) => person.does(&[place(ROWS[*r], &format!("{to}V"))]),
        Act::Meet => {}
    }
}

/// Values, members, marks and places of rows, by key.
fn cells(exercise: &Exercise) -> BTreeMap<Key, String> {
    let mut cells = BTreeMap::new();
    for row in exercise.table(TABLE).all() {
        let id = &row.id;
        cells.insert(Key::cell(TABLE, id, ORDER), row.order.clone());
        cells.insert(Key::cell(TABLE, id, DELETED), row.deleted.to_string());
        for (field, cell) in row.cells.iter() {
            match cell {
                Cell::Set(members) => cells.extend(
                    members
                        .iter()
                        .map(|member| (Key::member(TABLE, id, field, member), "in".to_owned())),
                ),
                cell => {
                    cells.insert(Key::cell(TABLE, id, field), format!("{cell:?}"));
                }
            }
        }
    }
    cells
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn mine_goes_and_theirs_stays(acts in prop::collection::vec((any::<bool>(), act()), 1..30)) {
        let (mut ana, mut luis) = two();
        let start = cells(ana.document.exercise());
        let mut theirs = BTreeSet::new();
        for (mine, act) in &acts {
            if matches!(act, Act::Meet) {
                meet(&mut ana, &mut luis);
            } else if *mine {
                perform(&mut ana, act, false);
            } else {
                let before = cells(luis.document.exercise());
                perform(&mut luis, act, true);
                let after = cells(luis.document.exercise());
                theirs.extend(
                    before.keys().chain(after.keys())
                        .filter(|key| before.get(key) != after.get(key)).cloned(),
                );
                // Writing what is there already is writing all the same.
                if let Act::Budget(r, _) = act { theirs.insert(cell_key(ROWS[*r], "budget")); }
                if let Act::Place(r, m, _) = act {
                    theirs.insert(Key::member(TABLE, &row(ROWS[*r]), "places", PLACES[*m]));
                }
                if let Act::Add(which) = act {
                    theirs.insert(cell_key(ROWS[3 + which], ORDER));
                    theirs.insert(cell_key(ROWS[3 + which], "budget"));
                }
                if let Act::Delete(r, _) = act { theirs.insert(cell_key(ROWS[*r], DELETED)); }
                if let Act::Move(r, _) = act { theirs.insert(cell_key(ROWS[*r], ORDER)); }
            }
        }
        meet(&mut ana, &mut luis);
        let before = ana.document.exercise().clone();
        let own = ana.document.peer();
        let written_by_them: BTreeSet<Key> = cells(&before).into_keys()
            .filter(|key| theirs.contains(key))
            .filter(|key| ana.document.writers(key).any(|peer| peer != own))
            .collect();

        let mut steps = 0;
        while ana.history.has_done() {
            ana.undo();
            steps += 1;
            prop_assert!(steps <= acts.len());
        }
        let after = cells(ana.document.exercise());
        let was = cells(&before);
        for key in start.keys().chain(after.keys()) {
            let is_old = ["a", "b", "c"].contains(&key.row.as_str());
            let theirs_too = theirs.contains(key);
            if is_old && !theirs_too {
                prop_assert_eq!(after.get(key), start.get(key), "only mine: {}", key);
            }
        }
        for key in &written_by_them {
            if key.field != "description" {
                prop_assert_eq!(after.get(key), was.get(key), "theirs: {}", key);
            }
        }
        for name in ["a", "b", "c"] {
            let key = cell_key(name, "description");
            let loud = |text: &str| {
                let mut loud: Vec<char> =
                    text.chars().filter(char::is_ascii_uppercase).collect();
                loud.sort_unstable();
                loud
            };
            prop_assert_eq!(loud(&super::text(&before, &key)), loud(&ana.text(name)));
        }
        while ana.history.has_undone() {
            ana.redo();
        }
        prop_assert_eq!(cells(ana.document.exercise()), was, "done again");
    }
}

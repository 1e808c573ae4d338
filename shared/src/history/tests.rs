use super::*;
use crate::template::TableId;

const MINUTE: i64 = 60_000;

struct Log {
    documents: Vec<Document>,
    trace: Trace,
    seq: Seq,
}

impl Log {
    fn new() -> Self {
        let id = ExerciseId::new("01", 2027).unwrap();
        let documents =
            [2, 3].map(|peer| Document::new(id, Peer::new(peer).unwrap())).into_iter().collect();
        Self { documents, trace: Trace::new(id), seq: 0 }
    }

    /// One of two people does something, and everybody has it.
    fn add(&mut self, who: usize, minute: i64, edits: &[Edit]) {
        let update = self.documents[who].apply(edits).unwrap().update;
        self.documents[1 - who].merge(&update).unwrap();
        self.seq += 1;
        let (peer, at) = (self.documents[who].peer(), Some(minute * MINUTE));
        self.trace.add(Entry { seq: self.seq, peer, at, update: &update }).unwrap();
    }

    fn exercise(&self) -> &Exercise {
        self.documents[0].exercise()
    }

    fn steps(&self, key: &Key) -> Vec<Step> {
        self.trace.steps(key, usize::MAX, who)
    }
}

fn who(peer: Peer) -> Option<Author> {
    let name = if peer.number() == 2 { "Ana" } else { "Bruno" };
    Some(Author { name: name.into(), role: "r".into() })
}

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

fn money(pesos: i64) -> Edit {
    Edit::SetCell { key: key("focus/r1/budget"), value: Some(Value::Money(pesos)) }
}

fn typed(at: usize, insert: &str) -> Edit {
    let key = key("focus/r1/description");
    Edit::SpliceText { key, at, delete: 0, insert: insert.into() }
}

fn member(code: &str, present: bool) -> Edit {
    Edit::SetMember { key: key(&format!("focus/r1/places/{code}")), present }
}

fn pesos(pesos: i64) -> Option<Cell> {
    Some(Cell::Value(Value::Money(pesos)))
}

fn text(text: &str) -> Option<Cell> {
    Some(Cell::Narrative(text.into()))
}

#[test]
fn a_cell_tells_who_wrote_what_before_and_after() {
    let mut log = Log::new();
    log.add(0, 0, &[money(1)]);
    log.add(1, 1, &[money(2)]);
    log.add(1, 2, &[money(0)]);
    log.add(0, 9, &[Edit::SetCell { key: key("focus/r1/budget"), value: None }]);
    let steps = log.steps(&key("focus/r1/budget"));
    let told: Vec<_> = steps
        .iter()
        .map(|step| {
            let author = step.author.as_ref().unwrap().name.as_str();
            (author, step.before.clone(), step.after.clone(), step.at)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Ana", pesos(0), None, Some(9 * MINUTE)),
            ("Bruno", pesos(2), pesos(0), Some(2 * MINUTE)),
            ("Bruno", pesos(1), pesos(2), Some(MINUTE)),
            ("Ana", None, pesos(1), Some(0)),
        ]
    );
    assert_eq!(log.trace.steps(&key("focus/r1/budget"), 2, who).len(), 2, "the latest");
    assert_eq!(log.steps(&key("focus/r9/budget")), []);
}

#[test]
fn typing_is_one_step_until_somebody_else_types_or_a_while_passes() {
    let mut log = Log::new();
    log.add(0, 0, &[typed(0, "Fe")]);
    log.add(0, 1, &[typed(2, "ria")]);
    log.add(1, 2, &[typed(5, " ñandú")]);
    log.add(0, 3, &[typed(0, "La ")]);
    log.add(0, 30, &[typed(0, "¡")]);
    let steps = log.steps(&key("focus/r1/description"));
    let told: Vec<_> = steps.iter().map(|step| (step.before.clone(), step.after.clone())).collect();
    assert_eq!(
        told,
        [
            (text("La Feria ñandú"), text("¡La Feria ñandú")),
            (text("Feria ñandú"), text("La Feria ñandú")),
            (text("Feria"), text("Feria ñandú")),
            (None, text("Feria")),
        ]
    );
    assert_eq!((steps[3].from, steps[3].at), (Some(0), Some(MINUTE)));
}

#[test]
fn sets_are_told_as_a_whole_and_what_came_to_nothing_is_not_told() {
    let mut log = Log::new();
    log.add(0, 0, &[member("01101", true), member("01107", true)]);
    log.add(0, 1, &[member("014", true)]);
    log.add(1, 2, &[member("01101", false)]);
    log.add(0, 20, &[typed(0, "x")]);
    let undo = Edit::SpliceText {
        key: key("focus/r1/description"),
        at: 0,
        delete: 1,
        insert: String::new(),
    };
    log.add(0, 21, &[undo]);
    let set = |codes: &[&str]| Some(Cell::Set(codes.iter().map(|code| (*code).into()).collect()));
    let steps = log.steps(&key("focus/r1/places"));
    assert_eq!(steps.len(), 2);
    assert_eq!(steps[1].after, set(&["01101", "01107", "014"]));
    assert_eq!(steps[0].after, set(&["01107", "014"]));
    assert_eq!(log.steps(&key("focus/r1/description")), []);
}

#[test]
fn restoring_is_an_edit_like_any_other() {
    let mut log = Log::new();
    log.add(0, 0, &[money(1), typed(0, "añeja"), member("01101", true)]);
    let then = log.exercise().clone();
    log.add(1, 1, &[money(2), typed(1, "·"), member("01101", false), member("014", true)]);
    for field in ["budget", "description", "places"] {
        let key = key(&format!("focus/r1/{field}"));
        let wanted = cell(&then, &key);
        let edits = restoring(log.exercise(), &key, wanted.as_ref());
        log.add(0, 2, &edits);
        assert_eq!(cell(log.exercise(), &key), wanted, "{field}");
        assert_eq!(restoring(log.exercise(), &key, wanted.as_ref()), []);
        let edits = restoring(log.exercise(), &key, None);
        log.add(0, 3, &edits);
        assert_eq!(cell(log.exercise(), &key), None, "{field}");
        let edits = restoring(log.exercise(), &key, wanted.as_ref());
        log.add(0, 4, &edits);
        assert_eq!(cell(log.exercise(), &key), wanted, "{field}");
    }
}

#[test]
fn a_replay_may_begin_with_a_base() {
    let mut log = Log::new();
    log.add(0, 0, &[money(1), typed(0, "hola")]);
    let base = log.documents[0].snapshot();
    let id = log.exercise().id;
    let base = Document::load(id, Peer::SERVER, [base.as_slice()]).unwrap();
    let mut trace = Trace::from(base, 1);
    let update = log.documents[1].apply(&[money(2), typed(4, " tú")]).unwrap().update;
    let peer = log.documents[1].peer();
    trace.add(Entry { seq: 2, peer, at: None, update: &update }).unwrap();
    let steps = trace.steps(&key("focus/r1/description"), 9, who);
    assert_eq!((&steps[0].before, &steps[0].after), (&text("hola"), &text("hola tú")));
    let steps = trace.steps(&key("focus/r1/budget"), 9, who);
    assert_eq!((&steps[0].before, &steps[0].after), (&pesos(1), &pesos(2)));
    assert_eq!(trace.last_change(&key("focus/r1/budget"), 1), Some((peer, None)));
    assert_eq!(trace.last_change(&key("focus/r1/budget"), 2), None);
}

#[test]
fn moments_differ_by_cells_and_rows() {
    let mut log = Log::new();
    let row = crate::ids::RowId::new("r1").unwrap();
    let place = |order: &str| Edit::PlaceRow {
        table: TableId::Focus,
        row: row.clone(),
        order: order.into(),
    };
    log.add(0, 0, &[place("V"), money(1), typed(0, "hola")]);
    let then = log.exercise().clone();
    assert_eq!(differences(&then, log.exercise()), []);
    let delete = Edit::DeleteRow { table: TableId::Focus, row: row.clone(), deleted: true };
    log.add(1, 1, &[money(2), delete]);
    let found = differences(&then, log.exercise());
    let told: Vec<_> = found.iter().map(|found| found.key.to_string()).collect();
    assert_eq!(told, ["focus/r1/_deleted", "focus/r1/budget"]);
    assert_eq!((&found[1].before, &found[1].after), (&pesos(1), &pesos(2)));
}

#[test]
fn work_is_told_in_sessions() {
    let author = |name: &str| Author { name: name.into(), role: "r".into() };
    let entries = [(1, 0, "a"), (2, 10, "b"), (3, 20, "b"), (4, 60, "a")];
    let entries = entries.map(|(seq, minute, name)| (seq, minute * MINUTE, author(name)));
    let told = sessions(entries);
    assert_eq!(told.len(), 2);
    assert_eq!((told[0].from, told[0].to, told[0].last), (0, 20 * MINUTE, 3));
    assert_eq!(told[0].authors, [(author("b"), 2), (author("a"), 1)]);
    assert_eq!((told[1].from, told[1].last), (60 * MINUTE, 4));
    assert_eq!(sessions([]), []);
}

//! Every limit of the product with its reason. What passes one is refused with a message, and
//! whatever was typed stays where it was.

/// Characters of a short text cell: a title or a name; longer texts belong in a narrative cell.
pub const SHORT_TEXT: usize = 500;
/// Bytes of a narrative cell: some forty pages. The longest ex-ante field allows 3.000 characters.
pub const NARRATIVE_BYTES: usize = 100_000;
/// Rows of one table; the largest matrix to design for has 5.000.
pub const ROWS: usize = 10_000;
/// Members of one set-valued cell: all communes of the country fit.
pub const MEMBERS: usize = 400;
/// Pesos in one cell: ten times what the State spends in a year, and exact in a JSON number.
pub const MONEY: i64 = 1_000_000_000_000_000;
/// A count in one cell: more than the inhabitants of the country.
pub const COUNT: i64 = 100_000_000;
/// Bytes of one update: a paste of 5.000 rows is split into batches below this.
pub const UPDATE_BYTES: usize = 512 * 1024;
/// Bytes that edits of one update say, where there is a choice: on 50 kbit/s it takes ten seconds,
/// and a link that is silent for longer seems dead.
pub const PART_BYTES: usize = 64 * 1024;
/// Bytes of one frame on the wire, so that nobody can make the server buffer more.
pub const FRAME_BYTES: usize = 1024 * 1024;
/// Edits in one frame of the client: keeps one commit short for the others.
pub const BATCH_ENTRIES: usize = 500;
/// Bytes of one piece of a first transfer: on 50 kbit/s it takes eleven seconds, and a broken
/// transfer repeats no more than this.
pub const SNAPSHOT_CHUNK_BYTES: usize = 64 * 1024;
/// Bytes of a file to import: the largest exercise is about 12 MB as JSON.
pub const IMPORT_BYTES: usize = 32 * 1024 * 1024;
/// Bytes of a file to restore with what was officially done: the largest exercise, a dozen versions of
/// it, and twenty scanned letters. Only who runs the server restores one.
pub const ARCHIVE_BYTES: usize = 512 * 1024 * 1024;
/// Bytes of a file of a meeting, unpacked: everything that was ever written into the largest exercise
/// of a year, three times over.
pub const MEETING_BYTES: usize = 64 * 1024 * 1024;
/// Exercises that one connection may have open.
pub const OPEN_EXERCISES: usize = 16;
/// Tabs that share the connection of another one: more than anybody looks at.
pub const LANES: usize = 16;
/// Columns that a region may add to one table.
pub const REGIONAL_COLUMNS: usize = 40;
/// Bytes of a frame that says where somebody is: five times what an honest one takes.
pub const PRESENCE_BYTES: usize = 1024;
/// Bytes that are shown to others of what is being typed into a cell: its first words.
pub const DRAFT_BYTES: usize = 160;
/// Times in ten seconds that one connection may say where somebody is. The application says it some
/// three times a second at most.
pub const PRESENCE_PER_TEN_SECONDS: u32 = 100;
/// Steps of a cell's history that are shown at once.
pub const HISTORY_STEPS: usize = 200;
/// Differences between two moments that are listed; the rest is counted.
pub const DIFFERENCES: usize = 2_000;
/// Bytes of one attachment of a letter: a scanned agreement of a hundred pages, at 200 kB each.
pub const ATTACHMENT_BYTES: u64 = 20_000_000;
/// Attachments of one act: a letter with its annexes.
pub const ATTACHMENTS: usize = 20;
/// Characters of the subject of a letter: what DocDigital takes.
pub const SUBJECT: usize = 150;
/// Characters of a reason or note in the register: half a page, to be read on one screen.
pub const REASON: usize = 2_000;
/// Acts of one exercise: fifty times what a full year takes.
pub const ACTS: usize = 5_000;
/// Bytes of what a provider of identities answers: ten times what tokens and keys take.
pub const PROVIDER_ANSWER_BYTES: usize = 64 * 1024;
/// Milliseconds between leaving to a provider and coming back: for somebody who looks for a password,
/// and less than a shared computer is left to the next person.
pub const ENTRY_MS: i64 = 10 * 60 * 1000;
/// Ways to a provider that are under way at once: all people of the sixteen regions, several times.
pub const ENTRIES: usize = 10_000;

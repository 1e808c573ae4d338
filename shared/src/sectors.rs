//! Economic sectors as the SII classifies them: sections A to U and their *subrubros*.
//!
//! The six hundred activities below the subrubros are left out: no matrix goes that deep, and
//! they would weigh on the first download.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::fold::fold;

/// A section or one of its subrubros.
#[derive(Debug, PartialEq, Eq)]
pub struct Sector {
    /// The letter of a section, or the three digits of the CIIU group of a subrubro (of its first
    /// group, where it joins two).
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The letter of its section; a section's own.
    pub section: &'static str,
    aliases: &'static str,
}

impl Sector {
    /// Whether it is a whole section.
    #[must_use]
    pub fn is_section(&self) -> bool {
        self.code == self.section
    }

    /// Other names by which it is written.
    pub fn aliases(&self) -> impl Iterator<Item = &'static str> {
        self.aliases.split('|').filter(|alias| !alias.is_empty())
    }
}

/// All of them: each section, followed by its subrubros.
#[must_use]
pub fn sectors() -> &'static [Sector] {
    static SECTORS: OnceLock<Vec<Sector>> = OnceLock::new();
    SECTORS.get_or_init(|| parse(include_str!("../data/sectors.txt")))
}

fn parse(table: &'static str) -> Vec<Sector> {
    let mut section = "";
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let sector = |line: &'static str| {
        let mut fields = line.split('|');
        let code = fields.next().unwrap_or_default();
        if code.len() == 1 {
            section = code;
        }
        let name = fields.next().unwrap_or_default();
        let aliases = line.get(code.len() + name.len() + 2..).unwrap_or_default();
        Sector { code, name, section, aliases }
    };
    lines.map(sector).collect()
}

/// The sections A to U.
pub fn sections() -> impl Iterator<Item = &'static Sector> {
    sectors().iter().filter(|sector| sector.is_section())
}

/// The subrubros of a section; none if there is no such section.
pub fn subrubros_of(section: &str) -> impl Iterator<Item = &'static Sector> {
    sectors().iter().filter(move |sector| !sector.is_section() && sector.section == section)
}

/// The section or subrubro with this code.
#[must_use]
pub fn sector(code: &str) -> Option<&'static Sector> {
    // Rules ask for thousands.
    static BY_CODE: OnceLock<FxHashMap<&str, &Sector>> = OnceLock::new();
    let by_code =
        BY_CODE.get_or_init(|| sectors().iter().map(|sector| (sector.code, sector)).collect());
    by_code.get(code).copied()
}

/// Those with this name, written with or without accents and capitals; a section also by the
/// plain word for it («Comercio») and by the SII's «G – Comercio al por mayor…». Sections first.
#[must_use]
pub fn find(name: &str) -> Vec<&'static Sector> {
    let wanted = fold(name);
    let matches = |sector: &&Sector| {
        let name = fold(sector.name);
        name == wanted
            || wanted.strip_prefix(&fold(sector.code)).is_some_and(|rest| rest.trim() == name)
            || sector.aliases().any(|alias| fold(alias) == wanted)
    };
    let mut found: Vec<_> = sectors().iter().filter(matches).collect();
    found.sort_by_key(|sector| !sector.is_section());
    found
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn codes(name: &str) -> Vec<&'static str> {
        find(name).into_iter().map(|sector| sector.code).collect()
    }

    #[test]
    fn sections_run_from_a_to_u_and_every_code_is_one_sectors() {
        let letters: String = sections().map(|sector| sector.code).collect();
        assert_eq!(letters, "ABCDEFGHIJKLMNOPQRSTU");
        assert_eq!(sectors().len(), 21 + 234);
        let codes: HashSet<_> = sectors().iter().map(|sector| sector.code).collect();
        assert_eq!(codes.len(), 21 + 234);
        let subrubros: usize = sections().map(|sector| subrubros_of(sector.code).count()).sum();
        assert_eq!(subrubros, 234);
        assert!(
            sectors().iter().all(|sector| sector.name.len() >= 5 && !sector.name.contains('|'))
        );
    }

    #[test]
    fn known_sectors() {
        let group = sector("011").unwrap();
        assert_eq!((group.name, group.section), ("Cultivo de plantas no perennes", "A"));
        assert_eq!(
            sector("I").unwrap().name,
            "Actividades de alojamiento y de servicio de comidas"
        );
        assert!(sector("C").unwrap().is_section() && !group.is_section());
        for code in ["", "Z", "999", "c", "0111"] {
            assert_eq!(sector(code), None, "{code}");
        }
        assert_eq!(subrubros_of("011").count(), 0);
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        assert_eq!(codes("comercio"), ["G"]);
        assert_eq!(codes("MINERIA"), ["B"]);
        assert_eq!(codes("cultivo de plantas no perennes"), ["011"]);
        assert_eq!(codes("I – Actividades de alojamiento y de servicio de comidas"), ["I"]);
        assert_eq!(codes("Enseñanza"), ["P"]);
        assert_eq!(codes("Turismo"), [""; 0]);
        assert_eq!(codes(""), [""; 0]);
    }

    #[test]
    fn every_name_finds_its_sector() {
        for sector in sectors() {
            assert!(codes(sector.name).contains(&sector.code), "{}", sector.name);
        }
    }
}

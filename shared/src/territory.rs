//! Chile's regions, provinces and comunas with their *Código Único Territorial* (CUT).
//!
//! A CUT of two digits is a region, of three a province, of five a comuna, and each begins with
//! the code of what contains it; so a place is written as its code everywhere.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::fold::fold;

pub use north::{comunas_from_north, provinces_from_north};

mod north;

/// One of the 16 regions.
#[derive(Debug, PartialEq, Eq)]
pub struct Region {
    /// CUT, two digits.
    pub code: &'static str,
    /// The short name, as used in tables: «O'Higgins».
    pub name: &'static str,
    /// The name as the law gives it: «Región del Libertador General Bernardo O'Higgins».
    pub official_name: &'static str,
    /// The city that is its capital.
    pub capital: &'static str,
    aliases: &'static str,
}

/// One of the 56 provinces.
#[derive(Debug, PartialEq, Eq)]
pub struct Province {
    /// CUT, three digits.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    aliases: &'static str,
}

/// One of the 346 comunas.
#[derive(Debug, PartialEq, Eq)]
pub struct Comuna {
    /// CUT, five digits.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    aliases: &'static str,
}

impl Province {
    /// The CUT of its region.
    #[must_use]
    pub fn region_code(&self) -> &'static str {
        &self.code[..2]
    }
}

impl Comuna {
    /// The CUT of its province.
    #[must_use]
    pub fn province_code(&self) -> &'static str {
        &self.code[..3]
    }

    /// The CUT of its region.
    #[must_use]
    pub fn region_code(&self) -> &'static str {
        &self.code[..2]
    }
}

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlaceKind {
    /// *Región*.
    Region,
    /// *Provincia*.
    Province,
    /// *Comuna*.
    Comuna,
}

impl PlaceKind {
    /// The word for it on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Region => "región",
            Self::Province => "provincia",
            Self::Comuna => "comuna",
        }
    }
}

/// A region, province or comuna, seen alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Its CUT.
    pub code: &'static str,
    /// Its name; that of a region is the short one.
    pub name: &'static str,
    /// What it is.
    pub kind: PlaceKind,
    /// The region that contains it, or that it is.
    pub region: &'static Region,
}

struct Territory {
    regions: Vec<Region>,
    provinces: Vec<Province>,
    comunas: Vec<Comuna>,
}

fn territory() -> &'static Territory {
    static TERRITORY: OnceLock<Territory> = OnceLock::new();
    TERRITORY.get_or_init(|| parse(include_str!("../data/territory.txt")))
}

fn parse(table: &'static str) -> Territory {
    let mut territory =
        Territory { regions: Vec::new(), provinces: Vec::new(), comunas: Vec::new() };
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let mut fields = line.split(';');
        let mut field = || fields.next().unwrap_or_default();
        let (code, name) = (field(), field());
        match code.len() {
            2 => territory.regions.push(Region {
                code,
                name,
                official_name: field(),
                capital: field(),
                aliases: field(),
            }),
            3 => territory.provinces.push(Province { code, name, aliases: field() }),
            _ => territory.comunas.push(Comuna { code, name, aliases: field() }),
        }
    }
    territory
}

/// All regions from north to south, as the Reglamento lists them.
#[must_use]
pub fn regions() -> &'static [Region] {
    &territory().regions
}

/// All provinces in the order of their codes.
#[must_use]
pub fn provinces() -> &'static [Province] {
    &territory().provinces
}

/// All comunas in the order of their codes.
#[must_use]
pub fn comunas() -> &'static [Comuna] {
    &territory().comunas
}

/// The region with this CUT of two digits.
#[must_use]
pub fn region(code: &str) -> Option<&'static Region> {
    regions().iter().find(|region| region.code == code)
}

/// The province with this CUT of three digits.
#[must_use]
pub fn province(code: &str) -> Option<&'static Province> {
    provinces()
        .binary_search_by_key(&code, |province| province.code)
        .ok()
        .map(|at| &provinces()[at])
}

/// The comuna with this CUT of five digits.
#[must_use]
pub fn comuna(code: &str) -> Option<&'static Comuna> {
    comunas().binary_search_by_key(&code, |comuna| comuna.code).ok().map(|at| &comunas()[at])
}

/// The provinces of a region; none if there is no such region.
#[must_use]
pub fn provinces_of(region: &str) -> &'static [Province] {
    if region.len() == 2 { within(provinces(), region, |province| province.code) } else { &[] }
}

/// The comunas of a region or province; none if there is no such place.
#[must_use]
pub fn comunas_of(container: &str) -> &'static [Comuna] {
    if matches!(container.len(), 2 | 3) {
        within(comunas(), container, |comuna| comuna.code)
    } else {
        &[]
    }
}

/// The run of places, sorted by code, whose code begins with that of their container.
fn within<T>(
    places: &'static [T],
    container: &str,
    code: impl Fn(&T) -> &'static str,
) -> &'static [T] {
    let start = places.partition_point(|place| code(place) < container);
    let length = places[start..].partition_point(|place| code(place).starts_with(container));
    &places[start..start + length]
}

/// The place with this CUT, of whatever kind.
#[must_use]
pub fn place(code: &str) -> Option<Place> {
    // Rules ask for thousands.
    static BY_CODE: OnceLock<FxHashMap<&str, Place>> = OnceLock::new();
    BY_CODE
        .get_or_init(|| all_places().map(|place| (place.code, place)).collect())
        .get(code)
        .copied()
}

fn all_places() -> impl Iterator<Item = Place> {
    let regions = regions().iter().map(|found| (found.code, found.name, PlaceKind::Region));
    let provinces = provinces().iter().map(|found| (found.code, found.name, PlaceKind::Province));
    let comunas = comunas().iter().map(|found| (found.code, found.name, PlaceKind::Comuna));
    regions.chain(provinces).chain(comunas).filter_map(|(code, name, kind)| {
        Some(Place { code, name, kind, region: region(&code[..2])? })
    })
}

/// Whether the second place is the first or lies in it.
#[must_use]
pub fn contains(container: &str, code: &str) -> bool {
    place(container).is_some() && place(code).is_some() && code.starts_with(container)
}

/// The places with this name or alias, written with or without accents, capitals and a leading
/// «Región de», «Provincia de» or «Comuna de»: regions first, then provinces, then comunas.
///
/// Several places share a name («Antofagasta» is a region, a province and a comuna); the leading
/// word, where it is written, decides.
#[must_use]
pub fn find(name: &str) -> Vec<Place> {
    let wanted = fold(name);
    let (kind, rest) = match wanted.split_once(' ') {
        Some(("region", rest)) => (Some(PlaceKind::Region), rest),
        Some(("provincia", rest)) => (Some(PlaceKind::Province), rest),
        Some(("comuna", rest)) => (Some(PlaceKind::Comuna), rest),
        _ => (None, wanted.as_str()),
    };
    let rest =
        ["de la ", "del ", "de "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest);
    if rest.is_empty() {
        return Vec::new();
    }
    // «Región de La Araucanía» is written with and without the article that belongs to the name.
    let matches = |written: &str| {
        let written = fold(written);
        written == wanted || written == rest || written.strip_prefix("la ") == Some(rest)
    };
    let any = |name: &str, aliases: &str| {
        matches(name) || aliases.split('|').any(|alias| !alias.is_empty() && matches(alias))
    };
    let regions = regions()
        .iter()
        .filter(|found| any(found.name, found.aliases) || matches(found.official_name))
        .map(|found| found.code);
    let provinces = provinces().iter().filter(|found| any(found.name, found.aliases));
    let comunas = comunas().iter().filter(|found| any(found.name, found.aliases));
    regions
        .chain(provinces.map(|found| found.code))
        .chain(comunas.map(|found| found.code))
        .filter_map(place)
        .filter(|found| kind.is_none_or(|kind| found.kind == kind))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn codes(name: &str) -> Vec<&'static str> {
        find(name).into_iter().map(|place| place.code).collect()
    }

    #[test]
    fn the_country_is_complete() {
        assert_eq!((regions().len(), provinces().len(), comunas().len()), (16, 56, 346));
        let codes: HashSet<_> = regions()
            .iter()
            .map(|place| place.code)
            .chain(provinces().iter().map(|place| place.code))
            .chain(comunas().iter().map(|place| place.code))
            .collect();
        assert_eq!(codes.len(), 16 + 56 + 346);
        assert!(codes.iter().all(|code| code.bytes().all(|digit| digit.is_ascii_digit())));
    }

    #[test]
    fn every_place_lies_in_its_container() {
        assert!(provinces().is_sorted_by_key(|place| place.code));
        assert!(comunas().is_sorted_by_key(|place| place.code));
        for comuna in comunas() {
            assert_eq!(comuna.code.len(), 5);
            assert!(province(comuna.province_code()).is_some(), "{}", comuna.name);
            assert!(region(comuna.region_code()).is_some(), "{}", comuna.name);
        }
        let of_regions: usize = regions().iter().map(|place| comunas_of(place.code).len()).sum();
        let of_provinces: usize =
            provinces().iter().map(|place| comunas_of(place.code).len()).sum();
        let provinces: usize = regions().iter().map(|place| provinces_of(place.code).len()).sum();
        assert_eq!((of_regions, of_provinces, provinces), (346, 346, 56));
    }

    #[test]
    fn known_places() {
        assert_eq!(regions()[0].name, "Arica y Parinacota");
        assert_eq!(regions()[15].code, "12");
        assert_eq!(comunas_of("01").len(), 7);
        assert_eq!(comunas_of("014").len(), 5);
        assert_eq!(comunas_of("13").len(), 52);
        assert_eq!(provinces_of("05").len(), 8);
        let chillan = place("16101").unwrap();
        assert_eq!(
            (chillan.name, chillan.kind, chillan.region.name),
            ("Chillán", PlaceKind::Comuna, "Ñuble")
        );
        assert_eq!(place("011").unwrap().kind, PlaceKind::Province);
    }

    #[test]
    fn unknown_codes_are_none() {
        for code in ["", "0", "17", "00", "019", "01999", "011010", "ñu", "1é", "Ñuble"] {
            assert_eq!(place(code), None, "{code}");
            assert!(comunas_of(code).is_empty() && provinces_of(code).is_empty(), "{code}");
        }
        assert!(provinces_of("011").is_empty());
    }

    #[test]
    fn containment_follows_the_codes() {
        assert!(contains("01", "01401") && contains("014", "01401") && contains("01401", "01401"));
        assert!(!contains("02", "01401") && !contains("01401", "014"));
        assert!(!contains("0", "01401") && !contains("01", "01999"));
    }

    #[test]
    fn names_are_found_as_people_write_them() {
        assert_eq!(codes("nuble"), ["16"]);
        assert_eq!(codes("Región de Ñuble"), ["16"]);
        assert_eq!(codes("ANTOFAGASTA"), ["02", "021", "02101"]);
        assert_eq!(codes("comuna de antofagasta"), ["02101"]);
        assert_eq!(codes("Provincia del Tamarugal"), ["014"]);
        assert_eq!(codes("Llay-Llay"), ["05703"]);
        assert_eq!(codes("Región de la Araucanía"), ["09"]);
        assert_eq!(codes("araucania"), ["09"]);
        assert_eq!(codes("Región Metropolitana de Santiago"), ["13"]);
        assert_eq!(codes("RM"), ["13"]);
        assert_eq!(codes("O’Higgins"), ["06", "11302"]);
        assert_eq!(codes("Bío-Bío"), ["08"]);
        assert_eq!(codes("La Serena"), ["04101"]);
        assert!(codes("").is_empty());
        assert!(codes("región").is_empty());
        assert!(codes("Región de ").is_empty());
        assert!(codes("Atlántida").is_empty());
    }

    #[test]
    fn every_name_and_alias_finds_its_place() {
        for place in regions() {
            for name in
                [place.name, place.official_name].into_iter().chain(place.aliases.split('|'))
            {
                assert!(name.is_empty() || codes(name).contains(&place.code), "{name}");
            }
        }
        for place in comunas() {
            for name in std::iter::once(place.name).chain(place.aliases.split('|')) {
                assert!(name.is_empty() || codes(name).contains(&place.code), "{name}");
            }
        }
    }

    #[test]
    fn no_two_comunas_share_a_folded_name() {
        let names: HashSet<_> = comunas().iter().map(|place| fold(place.name)).collect();
        assert_eq!(names.len(), 346);
    }
}

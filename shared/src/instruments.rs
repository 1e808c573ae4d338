//! Sercotec's instruments: the eight whose focus the regions determine, and others that they
//! write beside them.
//!
//! The competence has seven items, a) to g), and the Reglamento eight instruments: item b) holds
//! *Semilla* and *Abeja* (CON-03). Nothing may count on «seven».

use crate::fold::fold;
use crate::norms::{Period, Source};

pub use table::INSTRUMENTS;

mod table;

/// An instrument, as it may be named in a row of the Matriz Focalización.
#[derive(Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Stable identifier, written into documents.
    pub id: &'static str,
    /// Its usual name.
    pub name: &'static str,
    /// Its name in the Reglamento or the offer, where that is longer; else the usual one.
    pub full_name: &'static str,
    /// The item of Decreto 64 de 2019 under which its competence was transferred, `a` to `g`;
    /// `None` for what was not transferred.
    pub item: Option<char>,
    /// The instruments that this entry stands for. Empty for nearly all; `emprende` is the joint
    /// row that the pilot of Tarapacá wrote for *Semilla* and *Abeja*.
    pub covers: &'static [&'static str],
    /// The name in Decreto 64 of the instrument whose place it took (CON-04).
    pub succeeds: Option<&'static str>,
    /// Other names by which it is written.
    pub aliases: &'static [&'static str],
    /// Meant for women by its own rules, which is not an arbitrary focus (DIS-03).
    pub women_only: bool,
    /// Budget years in which it may be used.
    pub years: Years,
    /// What it finances per beneficiary, part by part.
    pub caps: &'static [CapRule],
    /// What it may finance per beneficiary in all, the latest first. See
    /// [`Instrument::unit_cap`].
    pub unit_caps: &'static [UnitCap],
    /// Where it is named.
    pub source: Source,
}

/// Budget years, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Years {
    /// First year.
    pub from: i32,
    /// Last year; `None` while no end is known.
    pub to: Option<i32>,
}

impl Years {
    /// Whether the year lies in it.
    #[must_use]
    pub fn contains(self, year: i32) -> bool {
        self.from <= year && self.to.is_none_or(|to| year <= to)
    }
}

/// A limit on one part of what an instrument finances. Pesos per beneficiary.
#[derive(Debug, PartialEq, Eq)]
pub struct CapRule {
    /// What is financed, in Spanish.
    pub concept: &'static str,
    /// The least that must go to it.
    pub min: Option<i64>,
    /// The most that may go to it.
    pub max: Option<i64>,
    /// The time it counts for; `None` where the source names none (CON-19).
    pub period: Option<CapPeriod>,
    /// When it is in force.
    pub in_force: Period,
    /// Where it stands.
    pub source: Source,
}

/// The time that a cap counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CapPeriod {
    /// Per year.
    Year,
}

/// The most that one beneficiary may get in all. Pesos.
#[derive(Debug, PartialEq, Eq)]
pub struct UnitCap {
    /// The amount.
    pub amount: i64,
    /// Budget years for which it is the best known figure.
    pub years: Years,
    /// How it follows from the source, in Spanish.
    pub basis: &'static str,
    /// Where it stands.
    pub source: Source,
}

impl Instrument {
    /// Whether the regions determine its focus: only these count in the legal totals.
    #[must_use]
    pub fn transferred(&self) -> bool {
        self.item.is_some()
    }

    /// Whether it is one of the eight records of the Reglamento, and not a joint entry.
    #[must_use]
    pub fn is_legal_record(&self) -> bool {
        self.transferred() && self.covers.is_empty()
    }

    /// The instruments that a row with it accounts for: those it covers, or itself.
    pub fn accounts_for(&self) -> impl Iterator<Item = &'static str> {
        let itself = self.covers.is_empty().then_some(self.id);
        self.covers.iter().copied().chain(itself)
    }

    /// The yardstick for the cost per beneficiary in a budget year (VAL-22), or `None` where no
    /// source gives an amount.
    ///
    /// It is a yardstick and not a limit: budgets include the operator's costs and mostly exceed
    /// it. So the amounts of the Reglamento also serve for the years before it.
    #[must_use]
    pub fn unit_cap(&self, budget_year: i32) -> Option<&'static UnitCap> {
        self.unit_caps.iter().find(|cap| cap.years.contains(budget_year))
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.id, self.name, self.full_name]
            .into_iter()
            .chain(self.succeeds)
            .chain(self.aliases.iter().copied())
    }
}

/// The instrument with this id.
#[must_use]
pub fn instrument(id: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.iter().find(|instrument| instrument.id == id)
}

/// What may be chosen for a budget year, transferred ones first.
pub fn in_year(budget_year: i32) -> impl Iterator<Item = &'static Instrument> {
    INSTRUMENTS.iter().filter(move |instrument| instrument.years.contains(budget_year))
}

/// The instruments that the Matriz Focalización of a budget year must account for: eight since
/// 2019.
pub fn transferred_in(budget_year: i32) -> impl Iterator<Item = &'static Instrument> {
    in_year(budget_year).filter(|instrument| instrument.is_legal_record())
}

/// The instrument with this id, name or alias, written with or without accents and capitals.
#[must_use]
pub fn find(name: &str) -> Option<&'static Instrument> {
    let wanted = fold(name);
    if wanted.is_empty() {
        return None;
    }
    INSTRUMENTS.iter().find(|instrument| instrument.names().any(|name| fold(name) == wanted))
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::norms::date;

    fn id(name: &str) -> Option<&'static str> {
        find(name).map(|instrument| instrument.id)
    }

    #[test]
    fn eight_instruments_in_seven_items() {
        for year in [2019, 2021, 2027, 2040] {
            let items: Vec<_> = transferred_in(year).filter_map(|found| found.item).collect();
            assert_eq!(items.len(), 8, "{year}");
            assert_eq!(items.iter().collect::<HashSet<_>>().len(), 7);
            assert_eq!(items.iter().filter(|item| **item == 'b').count(), 2);
            assert!(items.iter().all(|item| ('a'..='g').contains(item)));
        }
        assert_eq!(transferred_in(2018).count(), 0);
    }

    #[test]
    fn ids_and_names_belong_to_one_instrument() {
        let mut owners: HashMap<String, &str> = HashMap::new();
        for instrument in &INSTRUMENTS {
            for name in instrument.names() {
                let owner = owners.entry(fold(name)).or_insert(instrument.id);
                assert_eq!(*owner, instrument.id, "{name}");
            }
            assert!(instrument.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
        }
    }

    #[test]
    fn the_names_of_the_pilot_are_found() {
        for (written, expected) in [
            ("Emprende", "emprende"),
            ("Juntos", "juntos"),
            ("Redes", "redes_oportunidades"),
            ("PROMOCION", "promocion_canales"),
            ("Almacenes", "digitaliza_almacen"),
            ("almacenes de chile", "digitaliza_almacen"),
            ("Crece", "crece"),
            ("Mejora  Negocios", "mejora_negocios"),
            ("Formación", "formacion"),
            ("Ferias Libres", "ferias_libres"),
            ("Gremios", "gremios"),
            ("Crece, Fondo de Desarrollo de Negocios", "crece"),
            ("capital semilla", "semilla_emprende"),
            ("EDE Abeja", "abeja_emprende"),
            ("semilla_emprende", "semilla_emprende"),
            ("CDN", "centros_negocios"),
        ] {
            assert_eq!(id(written), Some(expected), "{written}");
        }
        assert_eq!(id(""), None);
        assert_eq!(id("Capital Pioneras"), None);
    }

    #[test]
    fn the_joint_entry_accounts_for_both() {
        let joint = instrument("emprende").unwrap();
        assert_eq!(
            joint.accounts_for().collect::<Vec<_>>(),
            ["semilla_emprende", "abeja_emprende"]
        );
        assert!(joint.transferred() && !joint.is_legal_record());
        let crece = instrument("crece").unwrap();
        assert_eq!(crece.accounts_for().collect::<Vec<_>>(), ["crece"]);
        for instrument in &INSTRUMENTS {
            for covered in instrument.covers {
                assert!(super::instrument(covered).is_some_and(Instrument::is_legal_record));
            }
        }
    }

    #[test]
    fn unit_caps_of_the_regulation() {
        for (id, amount) in [
            ("crece", Some(7_000_000)),
            ("semilla_emprende", Some(3_500_000)),
            ("abeja_emprende", Some(3_500_000)),
            ("emprende", Some(3_500_000)),
            ("mejora_negocios", Some(1_500_000)),
            ("digitaliza_almacen", Some(1_850_000)),
            ("juntos", Some(31_000_000)),
            ("promocion_canales", None),
            ("redes_oportunidades", None),
            ("ferias_libres", None),
        ] {
            let cap = |year| instrument(id).unwrap().unit_cap(year).map(|cap| cap.amount);
            assert_eq!(cap(2019), amount, "{id}");
            assert_eq!(cap(2021), amount, "{id}");
        }
    }

    #[test]
    fn amounts_that_drifted_have_their_years() {
        let cap = |id: &str, year| instrument(id).unwrap().unit_cap(year).map(|cap| cap.amount);
        assert_eq!(cap("crece", 2023), Some(7_000_000));
        assert_eq!(cap("crece", 2024), Some(5_000_000));
        assert_eq!(cap("crece", 2026), Some(7_000_000));
        assert_eq!(cap("digitaliza_almacen", 2025), Some(2_950_000));
        for instrument in &INSTRUMENTS {
            assert!(
                instrument.unit_caps.is_sorted_by_key(|cap| -cap.years.from),
                "{}",
                instrument.id
            );
        }
    }

    #[test]
    fn the_parts_of_a_cap_fit_the_whole() {
        let day = date(2021, 5, 13);
        for instrument in &INSTRUMENTS {
            for cap in instrument.caps {
                assert!(cap.min.is_some() || cap.max.is_some());
                assert!(cap.min.is_none_or(|min| cap.max.is_none_or(|max| min <= max)));
                assert!(cap.in_force.contains(day), "{}", cap.concept);
                assert!(cap.source.strength().binding());
            }
        }
        let caps = |id: &str| instrument(id).unwrap().caps;
        let max = |id: &str| caps(id).iter().filter_map(|cap| cap.max).collect::<Vec<_>>();
        assert_eq!(max("crece").iter().sum::<i64>(), 7_000_000);
        assert_eq!(max("digitaliza_almacen").iter().sum::<i64>(), 1_850_000);
        for id in ["semilla_emprende", "abeja_emprende"] {
            let least: i64 = caps(id).iter().filter_map(|cap| cap.min).sum();
            assert_eq!(max(id), [3_500_000, 3_300_000]);
            assert_eq!(least + 3_300_000, 3_500_000);
        }
    }

    #[test]
    fn what_was_not_transferred_has_neither_item_nor_cap() {
        let others: Vec<_> = INSTRUMENTS.iter().filter(|found| !found.transferred()).collect();
        assert_eq!(others.len(), 11);
        assert!(others.iter().all(|found| found.caps.is_empty() && found.unit_caps.is_empty()));
    }
}

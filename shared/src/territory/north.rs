//! Places in the order in which they lie on a map.
//!
//! The CUT numbers the capital first and the others by name, which nobody recognises as a map.

use super::{Comuna, Province, comuna, province};

static ORDER: &str = include_str!("../../data/north_to_south.txt");

/// The provinces of a region from north to south; none if there is no such region.
pub fn provinces_from_north(region: &str) -> impl Iterator<Item = &'static Province> {
    let codes = lines().filter_map(|line| line.get(..3));
    codes.filter_map(province).filter(move |province| province.region_code() == region)
}

/// The comunas of a province from north to south.
pub fn comunas_from_north(province: &Province) -> impl Iterator<Item = &'static Comuna> {
    let code = province.code;
    let line = lines().find(|line| line.starts_with(code)).unwrap_or_default();
    line.split(' ').skip(1).filter_map(move |end| comuna(&format!("{code}{end}")))
}

fn lines() -> impl Iterator<Item = &'static str> {
    ORDER.lines().filter(|line| !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::territory::{comunas_of, provinces_of, regions};

    #[test]
    fn every_place_has_its_place() {
        for region in regions() {
            let mut found: Vec<_> = provinces_from_north(region.code).collect();
            for province in &found {
                let mut comunas: Vec<_> = comunas_from_north(province).collect();
                comunas.sort_by_key(|comuna| comuna.code);
                assert_eq!(comunas, comunas_of(province.code).iter().collect::<Vec<_>>());
            }
            found.sort_by_key(|province| province.code);
            assert_eq!(found, provinces_of(region.code).iter().collect::<Vec<_>>());
        }
        assert_eq!(provinces_from_north("99").count(), 0);
    }

    #[test]
    fn the_north_comes_first() {
        let names = |region: &str| -> Vec<&str> {
            provinces_from_north(region).flat_map(comunas_from_north).map(|c| c.name).collect()
        };
        let tarapaca =
            ["Iquique", "Alto Hospicio", "Colchane", "Camiña", "Huara", "Pozo Almonte", "Pica"];
        assert_eq!(names("01"), tarapaca);
        assert_eq!(names("15"), ["General Lagos", "Putre", "Arica", "Camarones"]);
    }
}

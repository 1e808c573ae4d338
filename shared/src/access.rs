//! Who may do what: the one permission table (`requirements.md` §1.4.2). The browser asks it to
//! know what to offer, the server to know what to accept.

use serde::{Deserialize, Serialize};

use crate::{ids::ExerciseId, key::Key, template::TableId, territory};

pub use action::Action;

mod action;

/// What a person is in the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// *Contraparte oficial* of the GORE.
    GoreCounterpart,
    /// DIFOI or DIPLADE professional.
    GoreEditor,
    /// *Gobernador(a)* or delegate.
    GoreSignatory,
    /// *Líder de descentralización* of the regional office.
    DrLeader,
    /// *Director(a) Regional*.
    DrDirector,
    /// *Ejecutivo(a) de fomento* or planning coordinator.
    DrEditor,
    /// Analyst of the *Gerencia de Regiones*.
    SercotecReviewer,
    /// *Gerente/a de Regiones* or *General*.
    SercotecManager,
    /// *Secretario(a) Ejecutivo(a)* of the CORE.
    CoreSecretary,
    /// *Consejero(a) regional*.
    CoreMember,
    /// Subdere, Corfo.
    Observer,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 11] = [
        Self::GoreCounterpart,
        Self::GoreEditor,
        Self::GoreSignatory,
        Self::DrLeader,
        Self::DrDirector,
        Self::DrEditor,
        Self::SercotecReviewer,
        Self::SercotecManager,
        Self::CoreSecretary,
        Self::CoreMember,
        Self::Observer,
    ];

    /// Its name on the command line and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GoreCounterpart => "gore_counterpart",
            Self::GoreEditor => "gore_editor",
            Self::GoreSignatory => "gore_signatory",
            Self::DrLeader => "dr_leader",
            Self::DrDirector => "dr_director",
            Self::DrEditor => "dr_editor",
            Self::SercotecReviewer => "sercotec_reviewer",
            Self::SercotecManager => "sercotec_manager",
            Self::CoreSecretary => "core_secretary",
            Self::CoreMember => "core_member",
            Self::Observer => "observer",
        }
    }

    /// The inverse of [`Role::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Whether it only exists in one region.
    #[must_use]
    pub fn is_regional(self) -> bool {
        !matches!(self, Self::SercotecReviewer | Self::SercotecManager | Self::Observer)
    }

    /// Whether people of this role are told that somebody of another one is in an exercise. Who
    /// reviews is not seen by those who write: that Sercotec's centre or an observer is reading
    /// would tell of a review before it is published.
    #[must_use]
    pub fn may_see(self, other: Self) -> bool {
        other.is_regional() || matches!(self, Self::SercotecReviewer | Self::SercotecManager)
    }

    /// What the screen calls it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::GoreCounterpart => "Contraparte oficial GORE",
            Self::GoreEditor => "Profesional GORE",
            Self::GoreSignatory => "Firmante GORE",
            Self::DrLeader => "Líder de descentralización",
            Self::DrDirector => "Dirección Regional Sercotec",
            Self::DrEditor => "Equipo Dirección Regional",
            Self::SercotecReviewer => "Revisión Sercotec",
            Self::SercotecManager => "Gerencia Sercotec",
            Self::CoreSecretary => "Secretaría Ejecutiva CORE",
            Self::CoreMember => "Consejo Regional",
            Self::Observer => "Observación",
        }
    }
}

/// A role, in one region or (for Sercotec's centre and observers) in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Two-digit CUT code; `None` for all regions.
    pub region: Option<String>,
}

impl Grant {
    /// Whether it reaches this exercise at all.
    #[must_use]
    pub fn may_read(&self, exercise: ExerciseId) -> bool {
        self.region.as_deref().is_none_or(|region| region == exercise.region())
    }

    /// Whether it may write anything in this exercise.
    #[must_use]
    pub fn may_edit(&self, exercise: ExerciseId) -> bool {
        use Role::{
            DrDirector, DrEditor, DrLeader, GoreCounterpart, GoreEditor, GoreSignatory,
            SercotecManager,
        };
        let writes = matches!(
            self.role,
            GoreCounterpart
                | GoreEditor
                | GoreSignatory
                | DrLeader
                | DrDirector
                | DrEditor
                | SercotecManager
        );
        writes && self.may_read(exercise)
    }

    /// Whether it may invite people with the other one, and change or close their accounts: each
    /// institution its own people, Sercotec's centre all of them.
    #[must_use]
    pub fn may_manage(&self, other: &Self) -> bool {
        use Role::{
            CoreMember, CoreSecretary, DrDirector, DrEditor, DrLeader, GoreCounterpart, GoreEditor,
            GoreSignatory, SercotecManager,
        };
        let is_here = self.region.is_some() && self.region == other.region;
        match self.role {
            SercotecManager => true,
            GoreCounterpart => {
                let of_region = matches!(
                    other.role,
                    GoreCounterpart | GoreEditor | GoreSignatory | CoreSecretary | CoreMember
                );
                is_here && of_region
            }
            DrLeader => is_here && matches!(other.role, DrLeader | DrDirector | DrEditor),
            _ => false,
        }
    }

    /// Whether it may manage anybody at all, and see who did what.
    #[must_use]
    pub fn may_manage_people(&self) -> bool {
        let same = |role| self.may_manage(&Self { role, region: self.region.clone() });
        Role::ALL.into_iter().any(same)
    }

    /// Why nobody can have it: a role of a region without one, or a region that does not exist.
    pub fn check(&self) -> Result<(), &'static str> {
        match &self.region {
            None if self.role.is_regional() => Err("Ese rol es de una región: elige cuál."),
            Some(code) if territory::region(code).is_none() => Err("No existe esa región."),
            _ => Ok(()),
        }
    }

    /// Whether it may write this key. Every path of writing asks this.
    #[must_use]
    pub fn may_write(&self, exercise: ExerciseId, key: &Key) -> bool {
        if !self.may_edit(exercise) {
            return false;
        }
        match self.role {
            // CAL-02 and CAL-12: Sercotec's centre informs amounts; the matrices are not its.
            Role::SercotecManager => key.table == TableId::Instruments,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(role: Role, region: Option<&str>) -> Grant {
        Grant { role, region: region.map(Into::into) }
    }

    #[test]
    fn nobody_writes_in_another_region() {
        let (here, there) =
            (ExerciseId::new("01", 2027).unwrap(), ExerciseId::new("05", 2027).unwrap());
        let key = Key::parse("focus/r1/budget").unwrap();
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert!(!grant(role, Some("01")).may_write(there, &key), "{role:?}");
            assert!(!grant(role, Some("01")).may_read(there), "{role:?}");
        }
        assert!(grant(Role::GoreEditor, Some("01")).may_write(here, &key));
        assert!(grant(Role::DrEditor, Some("01")).may_write(here, &key));
    }

    #[test]
    fn the_centre_reads_the_matrices_and_informs_amounts() {
        let exercise = ExerciseId::new("01", 2027).unwrap();
        let cell = Key::parse("focus/r1/budget").unwrap();
        let amount = Key::parse("instruments/crece/preliminary_amount").unwrap();
        for role in [Role::SercotecReviewer, Role::SercotecManager, Role::Observer] {
            assert!(grant(role, None).may_read(exercise));
            assert!(!grant(role, None).may_write(exercise, &cell), "{role:?}");
        }
        assert!(grant(Role::SercotecManager, None).may_write(exercise, &amount));
        assert!(!grant(Role::SercotecReviewer, None).may_write(exercise, &amount));
    }

    #[test]
    fn each_institution_manages_its_own_people() {
        use Role::*;
        let manages = |role: Role, region: Option<&str>| -> Vec<Role> {
            let may = |other: &Role| {
                let other_region = if other.is_regional() { Some("01") } else { None };
                grant(role, region).may_manage(&grant(*other, other_region))
            };
            Role::ALL.into_iter().filter(may).collect()
        };
        for role in Role::ALL {
            let expected: &[Role] = match role {
                SercotecManager => &Role::ALL,
                GoreCounterpart => {
                    &[GoreCounterpart, GoreEditor, GoreSignatory, CoreSecretary, CoreMember]
                }
                DrLeader => &[DrLeader, DrDirector, DrEditor],
                _ => &[],
            };
            let region = role.is_regional().then_some("01");
            assert_eq!(manages(role, region), expected, "{role:?}");
            assert_eq!(grant(role, region).may_manage_people(), !expected.is_empty(), "{role:?}");
            if role.is_regional() {
                assert_eq!(manages(role, Some("05")), [], "{role:?} of another region");
            }
        }
        assert!(
            grant(GoreEditor, None).check().is_err()
                && grant(GoreEditor, Some("99")).check().is_err()
        );
        assert!(
            grant(Observer, None).check().is_ok() && grant(GoreEditor, Some("16")).check().is_ok()
        );
    }

    #[test]
    fn who_reviews_is_not_seen_by_those_who_write() {
        use Role::{Observer, SercotecManager, SercotecReviewer};
        for role in Role::ALL {
            assert!(role.may_see(Role::GoreEditor) && role.may_see(Role::DrLeader), "{role:?}");
            for centre in [SercotecReviewer, SercotecManager, Observer] {
                let sees = matches!(role, SercotecReviewer | SercotecManager);
                assert_eq!(role.may_see(centre), sees, "{role:?} sees {centre:?}");
            }
        }
    }
}

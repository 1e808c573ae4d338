//! The milestones of the year, CAL-01 to CAL-18: who owes what to whom, when, and which text says so.
//!
//! What follows from a rule alone is here; what depends on an exercise (receptions, rulings, agreed
//! dates) is in [`super::deadline`].

use serde::{Deserialize, Serialize};

use crate::norms::{DECREE_246, GUIDE_METHOD, REGULATION, Source};

/// Who owes or receives something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Institution {
    /// The regional government, led by its *Gobernador(a)*.
    Gore,
    /// Sercotec's *Dirección Regional*.
    RegionalOffice,
    /// Regional government and *Dirección Regional* together.
    Jointly,
    /// The regional council.
    Core,
    /// Sercotec's *Gerencia General*, which signs.
    GeneralManagement,
    /// Sercotec's *Gerencia de Regiones y Descentralización*, which drafts and accompanies.
    RegionsManagement,
    /// Anybody else: Subdere, Corfo.
    #[serde(other)]
    Other,
}

impl Institution {
    /// What the screen calls it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gore => "Gobierno Regional",
            Self::RegionalOffice => "Dirección Regional de Sercotec",
            Self::Jointly => "Gobierno Regional y Dirección Regional",
            Self::Core => "Consejo Regional",
            Self::GeneralManagement => "Gerencia General de Sercotec",
            Self::RegionsManagement => "Gerencia de Regiones de Sercotec",
            Self::Other => "Otra institución",
        }
    }

    /// Whether it is Sercotec's centre.
    #[must_use]
    pub const fn is_central(self) -> bool {
        matches!(self, Self::GeneralManagement | Self::RegionsManagement)
    }
}

/// How the text sets the time. Months and days are of the year before the budget year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timing {
    /// Between two days, both included.
    Window((u32, u32), (u32, u32)),
    /// Until a day.
    Until((u32, u32)),
    /// Until the first business day of a month.
    FirstBusinessDay(u32),
    /// So many calendar days after Sercotec received the preliminary; the day after is the first.
    DaysAfterReception(u64),
    /// Before another one is due, without a day of its own.
    Before(Milestone),
    /// After another one, without an end.
    After(Milestone),
    /// Whenever.
    Undated,
}

/// The milestones, in the order of the catalogue of requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// Sercotec opens the exercise with its *oficio conductor*.
    Opening,
    /// Sercotec sends the *presupuesto exploratorio*.
    ExploratoryBudget,
    /// Region and *Dirección Regional* agree their calendar.
    AgreedCalendar,
    /// The meeting that the *Dirección Regional* calls before the exercise.
    PriorMeeting,
    /// First session: its convocation has the date, not its holding.
    FirstSession,
    /// The form for key actors goes out.
    ActorForms,
    /// Second session.
    SecondSession,
    /// What is contrasted in the field.
    TerritorialActivities,
    /// Third session.
    ThirdSession,
    /// The regional government sends the *focalización preliminar*.
    Preliminary,
    /// Sercotec answers it with its *observaciones*.
    Observations,
    /// Sercotec sends the *montos preliminares*.
    PreliminaryAmounts,
    /// The regional council approves the final.
    CouncilApproval,
    /// The regional government sends the *focalización final* with the approval of the CORE.
    Final,
    /// Sercotec notifies that the final must be adjusted.
    AdjustmentNotice,
    /// The focus of the year before is executed, because none was sent.
    Fallback,
    /// Reports and survey after the exercise.
    ClosingReports,
    /// A base document that is missing is begun, for the year after.
    MissingDocuments,
}

/// What the texts say of a milestone.
#[derive(Debug, Clone, Copy)]
struct Entry {
    id: &'static str,
    label: &'static str,
    owed_by: Institution,
    owed_to: Institution,
    timing: Timing,
    source: Source,
}

const fn conditions(place: &'static str) -> Source {
    DECREE_246.at(place)
}

impl Milestone {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::Opening,
        Self::ExploratoryBudget,
        Self::AgreedCalendar,
        Self::PriorMeeting,
        Self::FirstSession,
        Self::ActorForms,
        Self::SecondSession,
        Self::TerritorialActivities,
        Self::ThirdSession,
        Self::Preliminary,
        Self::Observations,
        Self::PreliminaryAmounts,
        Self::CouncilApproval,
        Self::Final,
        Self::AdjustmentNotice,
        Self::Fallback,
        Self::ClosingReports,
        Self::MissingDocuments,
    ];

    /// Identifier in the catalogue of requirements.
    #[must_use]
    pub const fn id(self) -> &'static str {
        self.entry().id
    }

    /// Its name on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.entry().label
    }

    /// Who answers for it.
    #[must_use]
    pub const fn owed_by(self) -> Institution {
        self.entry().owed_by
    }

    /// Who is to receive it.
    #[must_use]
    pub const fn owed_to(self) -> Institution {
        self.entry().owed_to
    }

    /// How its time is set.
    #[must_use]
    pub const fn timing(self) -> Timing {
        self.entry().timing
    }

    /// The text that sets it; its strength tells duty from recommendation.
    #[must_use]
    pub const fn source(self) -> Source {
        self.entry().source
    }

    /// An earlier day that a weaker text aims at: a target and never the deadline (CON-01).
    #[must_use]
    pub const fn target(self) -> Option<((u32, u32), Source)> {
        match self {
            Self::PreliminaryAmounts => Some(((11, 30), GUIDE_METHOD.at("C.4"))),
            _ => None,
        }
    }

    /// The conflict between texts that decides its date; see [`crate::norms::conflict`].
    #[must_use]
    pub const fn conflict(self) -> Option<&'static str> {
        match self {
            Self::Opening => Some("CON-02"),
            Self::PreliminaryAmounts => Some("CON-01"),
            Self::CouncilApproval => Some("CON-12"),
            Self::AdjustmentNotice => Some("CON-07"),
            Self::Fallback => Some("CON-08"),
            _ => None,
        }
    }

    const fn entry(self) -> Entry {
        use Institution::{Core, GeneralManagement, Gore, Jointly, RegionalOffice};
        use Timing::{After, Before, DaysAfterReception, FirstBusinessDay, Undated, Until, Window};
        let (id, label, owed_by, owed_to, timing, source) = match self {
            Self::Opening => (
                "CAL-01",
                "Oficio de inicio",
                GeneralManagement,
                Gore,
                Window((3, 1), (3, 15)),
                conditions("condiciones de ejercicio, párrafo 1"),
            ),
            Self::ExploratoryBudget => (
                "CAL-02",
                "Presupuesto exploratorio",
                GeneralManagement,
                Gore,
                Window((6, 16), (6, 30)),
                conditions("condiciones de ejercicio, párrafo 2"),
            ),
            Self::AgreedCalendar => (
                "CAL-03",
                "Calendario acordado",
                Jointly,
                Jointly,
                Before(Self::FirstSession),
                REGULATION.at("responsabilidades, Gobierno Regional, v"),
            ),
            Self::PriorMeeting => (
                "CAL-04",
                "Reunión previa",
                RegionalOffice,
                Gore,
                Before(Self::FirstSession),
                REGULATION.at("responsabilidades, Dirección Regional, iv"),
            ),
            Self::FirstSession => (
                "CAL-05",
                "Convocatoria a la primera sesión",
                Jointly,
                Jointly,
                Until((8, 30)),
                GUIDE_METHOD.at("primera sesión"),
            ),
            Self::ActorForms => (
                "CAL-06",
                "Formulario a actores claves",
                Jointly,
                Jointly,
                After(Self::FirstSession),
                GUIDE_METHOD.at("actores claves"),
            ),
            Self::SecondSession => (
                "CAL-07",
                "Segunda sesión",
                Jointly,
                Jointly,
                Before(Self::ThirdSession),
                GUIDE_METHOD.at("segunda sesión"),
            ),
            Self::TerritorialActivities => (
                "CAL-08",
                "Actividades territoriales",
                Gore,
                Jointly,
                Before(Self::ThirdSession),
                GUIDE_METHOD.at("actividades territoriales"),
            ),
            Self::ThirdSession => (
                "CAL-09",
                "Tercera sesión",
                Jointly,
                Jointly,
                Before(Self::Preliminary),
                GUIDE_METHOD.at("tercera sesión"),
            ),
            Self::Preliminary => (
                "CAL-10",
                "Focalización preliminar",
                Gore,
                GeneralManagement,
                Window((11, 1), (11, 15)),
                conditions("condiciones de ejercicio, párrafo 3"),
            ),
            Self::Observations => (
                "CAL-11",
                "Observaciones de Sercotec",
                GeneralManagement,
                Gore,
                DaysAfterReception(crate::calendar::OBSERVATION_DAYS),
                conditions("condiciones de ejercicio, párrafo 4"),
            ),
            Self::PreliminaryAmounts => (
                "CAL-12",
                "Montos preliminares",
                GeneralManagement,
                Gore,
                FirstBusinessDay(12),
                conditions("condiciones de ejercicio, párrafo 5"),
            ),
            Self::CouncilApproval => (
                "CAL-13",
                "Aprobación del CORE",
                Core,
                Gore,
                Before(Self::Final),
                REGULATION.at("hitos, focalización final"),
            ),
            Self::Final => (
                "CAL-14",
                "Focalización final",
                Gore,
                GeneralManagement,
                Until((12, 30)),
                conditions("condiciones de ejercicio, párrafo 6"),
            ),
            Self::AdjustmentNotice => (
                "CAL-15",
                "Oficio de ajuste",
                GeneralManagement,
                Gore,
                After(Self::Final),
                conditions("condiciones de ejercicio, párrafo 7"),
            ),
            Self::Fallback => (
                "CAL-16",
                "Focalización del año anterior",
                GeneralManagement,
                Gore,
                After(Self::Final),
                conditions("condiciones de ejercicio, párrafo 8"),
            ),
            Self::ClosingReports => (
                "CAL-17",
                "Informes de cierre",
                Jointly,
                GeneralManagement,
                After(Self::Final),
                REGULATION
                    .at("responsabilidades, Gobierno Regional, viii, y Dirección Regional, vi"),
            ),
            Self::MissingDocuments => (
                "CAL-18",
                "Elaboración de documentos que faltan",
                Gore,
                Gore,
                Undated,
                GUIDE_METHOD.at("documentos relevantes"),
            ),
        };
        Entry { id, label, owed_by, owed_to, timing, source }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::norms::conflict;

    #[test]
    fn ids_are_those_of_the_catalogue_in_its_order() {
        for (milestone, number) in Milestone::ALL.into_iter().zip(1..) {
            assert_eq!(milestone.id(), format!("CAL-{number:02}"));
            assert_eq!(milestone as usize + 1, number);
            assert!(milestone.conflict().is_none_or(|id| conflict(id).is_some()), "{milestone:?}");
        }
    }

    /// `requirements.md` §1.2: D and R bind, G and L do not.
    #[test]
    fn strength_tells_duties_from_recommendations() {
        use Milestone::{
            ActorForms, FirstSession, MissingDocuments, SecondSession, TerritorialActivities,
            ThirdSession,
        };
        let recommended = [
            FirstSession,
            ActorForms,
            SecondSession,
            TerritorialActivities,
            ThirdSession,
            MissingDocuments,
        ];
        for milestone in Milestone::ALL {
            let is_duty = milestone.source().strength().binding();
            assert_eq!(is_duty, !recommended.contains(&milestone), "{milestone:?}");
        }
    }
}

//! People, invitations and the audit, as they travel.
//!
//! | Request | Body | Answer |
//! |---|---|---|
//! | `GET /api/people` | | [`People`] that one manages |
//! | `PUT /api/people/{user}` | [`ChangePerson`] | 204 |
//! | `POST /api/people/{user}/password` | | [`Way`] to choose a new password |
//! | `POST /api/people/invitations` | [`Invite`] | [`Way`] to be sent to the person |
//! | `DELETE /api/people/invitations/{id}` | | 204 |
//! | `GET /api/invitations/{token}` | | [`Invitation`], for whoever has the way |
//! | `POST /api/invitations/{token}` | [`Accept`] | [`super::Person`], and the session's cookie |
//! | `GET /api/session/contact` | | [`Contact`] of the person |
//! | `PUT /api/session/contact` | [`Contact`] | 204 |
//! | `GET /api/people/{user}/contact` | | [`Contact`] of somebody whom one manages |
//! | `PUT /api/people/{user}/contact` | [`Contact`] | 204 |
//! | `GET /api/audit?before=id&region=01` | | a page of [`Audited`], the latest first |

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use crate::{access::Grant, ids::ExerciseId};

/// Characters of a login.
pub const LOGIN_CHARS: RangeInclusive<usize> = 2..=60;
/// Characters of a mail address (RFC 5321, 4.5.3.1).
pub const EMAIL_CHARS: RangeInclusive<usize> = 6..=254;
/// Characters of a person's name.
pub const NAME_CHARS: RangeInclusive<usize> = 2..=120;

/// Entries of a page of the audit; one with fewer is the last.
pub const AUDIT_PAGE: usize = 100;

/// The people that somebody manages, and those that are invited.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct People {
    /// By name.
    pub people: Vec<Managed>,
    /// Those that were not accepted yet, the latest first.
    pub invitations: Vec<Pending>,
}

/// An account, as whoever manages it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Managed {
    /// Number of the account.
    pub user: i64,
    /// What the person signs in as.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Role and region.
    #[serde(flatten)]
    pub grant: Grant,
    /// Acts for whoever holds the office (*subrogante*).
    pub acting: bool,
    /// May not sign in any more.
    pub disabled: bool,
    /// When the person last used the server: milliseconds since 1970, UTC.
    pub last_seen: Option<i64>,
}

/// An invitation that waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Pending {
    /// Its number.
    pub id: i64,
    /// What the person will sign in as.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Role and region.
    #[serde(flatten)]
    pub grant: Grant,
    /// It lets somebody who has an account choose another password.
    pub is_reset: bool,
    /// Who invites.
    pub by: String,
    /// When it ends: milliseconds since 1970, UTC.
    pub expires: i64,
}

/// Somebody to be invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invite {
    /// What the person will sign in as.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Role and region.
    #[serde(flatten)]
    pub grant: Grant,
    /// Acts for whoever holds the office (*subrogante*).
    pub acting: bool,
}

/// What is to be different of an account. All of it is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangePerson {
    /// The person's name.
    pub name: String,
    /// Role and region.
    #[serde(flatten)]
    pub grant: Grant,
    /// Acts for whoever holds the office (*subrogante*).
    pub acting: bool,
    /// May not sign in any more.
    pub disabled: bool,
}

/// A way in that whoever asked for it gives to the person. Told once: the server keeps its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Way {
    /// The secret in it.
    pub token: String,
    /// When it ends: milliseconds since 1970, UTC.
    pub expires: i64,
}

impl Way {
    /// The page to open, below the server's address.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/invitacion/{}", self.token)
    }
}

/// Where somebody is reminded of what is due.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Contact {
    /// The person's mail address; `None` where nobody gave one.
    pub email: Option<String>,
    /// Whether the person wants it.
    pub reminded: bool,
}

/// What whoever has the way is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Invitation {
    /// What the person will sign in as.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// Role and region.
    #[serde(flatten)]
    pub grant: Grant,
    /// Somebody who has an account chooses another password.
    pub is_reset: bool,
}

/// The password that somebody chose.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Accept {
    /// The password.
    pub password: String,
    /// A code of the second factor, where somebody who has one chooses another password.
    #[serde(default)]
    pub code: Option<String>,
}

/// Something that somebody did, beside what the exercises themselves keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Audited {
    /// Its number; later ones are greater.
    pub id: i64,
    /// When: milliseconds since 1970, UTC.
    pub at: i64,
    /// What.
    pub event: Event,
    /// Who; nobody where somebody could not sign in, or by command line.
    pub by: Option<String>,
    /// Whom it was about.
    pub about: Option<String>,
    /// In which exercise.
    pub exercise: Option<ExerciseId>,
    /// What else is to be known, in Spanish.
    pub detail: String,
}

/// Kinds of [`Audited`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Somebody signed in.
    SignedIn,
    /// Somebody could not.
    SignInRefused,
    /// Somebody signed out.
    SignedOut,
    /// Somebody was invited, or was given a way to another password.
    Invited,
    /// An invitation was taken back.
    InvitationRevoked,
    /// Somebody chose a password and has an account since.
    InvitationAccepted,
    /// Somebody chose another password.
    PasswordChanged,
    /// Name, role, region or standing of an account changed.
    PersonChanged,
    /// An account was closed.
    PersonClosed,
    /// A closed account was opened.
    PersonOpened,
    /// Somebody opened an exercise; noted once in twelve hours.
    ExerciseOpened,
    /// Somebody made an exercise.
    ExerciseCreated,
    /// Somebody read a file into an exercise.
    ExerciseImported,
    /// Somebody downloaded an exercise as a file.
    ExerciseExported,
    /// Somebody took an exercise to a meeting.
    MeetingTaken,
    /// Somebody brought a meeting back.
    MeetingBrought,
    /// Where somebody is written to, or whether, changed.
    ContactChanged,
    /// Somebody was reminded by mail of what is due.
    Reminded,
    /// As whom a provider of identities knows somebody was set, or taken away.
    IdentityChanged,
    /// A second factor was set up, or taken away.
    FactorChanged,
    /// Of a newer version.
    #[serde(other)]
    Unknown,
}

impl Event {
    /// All that are written.
    pub const ALL: [Self; 20] = [
        Self::SignedIn,
        Self::SignInRefused,
        Self::SignedOut,
        Self::Invited,
        Self::InvitationRevoked,
        Self::InvitationAccepted,
        Self::PasswordChanged,
        Self::PersonChanged,
        Self::PersonClosed,
        Self::PersonOpened,
        Self::ExerciseOpened,
        Self::ExerciseCreated,
        Self::ExerciseImported,
        Self::ExerciseExported,
        Self::MeetingTaken,
        Self::MeetingBrought,
        Self::ContactChanged,
        Self::Reminded,
        Self::IdentityChanged,
        Self::FactorChanged,
    ];

    /// Its name in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "signed_in",
            Self::SignInRefused => "sign_in_refused",
            Self::SignedOut => "signed_out",
            Self::Invited => "invited",
            Self::InvitationRevoked => "invitation_revoked",
            Self::InvitationAccepted => "invitation_accepted",
            Self::PasswordChanged => "password_changed",
            Self::PersonChanged => "person_changed",
            Self::PersonClosed => "person_closed",
            Self::PersonOpened => "person_opened",
            Self::ExerciseOpened => "exercise_opened",
            Self::ExerciseCreated => "exercise_created",
            Self::ExerciseImported => "exercise_imported",
            Self::ExerciseExported => "exercise_exported",
            Self::MeetingTaken => "meeting_taken",
            Self::MeetingBrought => "meeting_brought",
            Self::ContactChanged => "contact_changed",
            Self::Reminded => "reminded",
            Self::IdentityChanged => "identity_changed",
            Self::FactorChanged => "factor_changed",
            Self::Unknown => "unknown",
        }
    }

    /// The inverse of [`Event::as_str`].
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|event| event.as_str() == text).unwrap_or(Self::Unknown)
    }

    /// What the screen calls it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::SignedIn => "Entró",
            Self::SignInRefused => "Intento de entrar rechazado",
            Self::SignedOut => "Cerró sesión",
            Self::Invited => "Invitación",
            Self::InvitationRevoked => "Invitación anulada",
            Self::InvitationAccepted => "Invitación aceptada",
            Self::PasswordChanged => "Contraseña cambiada",
            Self::PersonChanged => "Cuenta modificada",
            Self::PersonClosed => "Cuenta cerrada",
            Self::PersonOpened => "Cuenta reabierta",
            Self::ExerciseOpened => "Abrió el ejercicio",
            Self::ExerciseCreated => "Creó el ejercicio",
            Self::ExerciseImported => "Importó el ejercicio",
            Self::ExerciseExported => "Descargó el ejercicio",
            Self::MeetingTaken => "Llevó el ejercicio a una reunión",
            Self::MeetingBrought => "Trajo una reunión",
            Self::ContactChanged => "Correo o avisos modificados",
            Self::Reminded => "Aviso de plazos enviado",
            Self::IdentityChanged => "Identidad para entrar modificada",
            Self::FactorChanged => "Segundo factor modificado",
            Self::Unknown => "Otro suceso",
        }
    }
}

/// The login as it is stored, or why it is none.
pub fn login(text: &str) -> Result<String, &'static str> {
    let login = text.trim().to_lowercase();
    if LOGIN_CHARS.contains(&login.chars().count()) && !login.chars().any(char::is_whitespace) {
        return Ok(login);
    }
    Err("El nombre con que se entra tiene de 2 a 60 caracteres, sin espacios.")
}

/// The mail address as it is stored, or why it is none. Whether somebody reads there shows when it is
/// written to.
pub fn email(text: &str) -> Result<String, &'static str> {
    let email = text.trim();
    let is_plain =
        email.is_ascii() && !email.contains(|c: char| c.is_whitespace() || c.is_control());
    let is_address = email.split_once('@').is_some_and(|(name, host)| {
        let labels = || host.split('.');
        let good = |label: &str| {
            !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        !name.is_empty()
            && name.chars().all(|c| c.is_ascii_alphanumeric() || "._+-".contains(c))
            && !name.starts_with('.')
            && !name.ends_with('.')
            && !name.contains("..")
            && labels().count() > 1
            && labels().all(good)
    });
    if is_plain && is_address && EMAIL_CHARS.contains(&email.len()) {
        return Ok(email.to_owned());
    }
    Err("Eso no es una dirección de correo.")
}

/// The person's name as it is stored, or why it is none.
pub fn name(text: &str) -> Result<String, &'static str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = words.join(" ");
    if NAME_CHARS.contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name);
    }
    Err("Escribe el nombre de la persona, de 2 a 120 caracteres.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_have_the_same_name_in_the_database_and_on_the_wire() {
        for event in Event::ALL {
            assert_eq!(Event::parse(event.as_str()), event);
            assert_eq!(serde_json::to_value(event).unwrap(), event.as_str());
        }
        assert_eq!(serde_json::from_str::<Event>("\"of_2040\"").unwrap(), Event::Unknown);
    }

    #[test]
    fn mail_addresses_are_plain_ones() {
        assert_eq!(email(" ana.rojas@example.org "), Ok("ana.rojas@example.org".into()));
        for bad in [
            "",
            "ana",
            "@example.org",
            "ana@org",
            "a b@example.org",
            "ana@example..org",
            "ana@example.org\nBcc: otro@example.org",
            "ana..r@example.org",
            "<a@example.org>",
        ] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn logins_and_names_are_stored_in_one_spelling() {
        assert_eq!(login("  Ana.Rojas "), Ok("ana.rojas".into()));
        assert!(login("ana rojas").is_err() && login("a").is_err());
        assert_eq!(name(" Ana   Rojas\n"), Ok("Ana Rojas".into()));
        assert!(name(" ").is_err() && name(&"a".repeat(121)).is_err());
    }
}

//! What people read about what the program knows as codes.

use std::collections::BTreeSet;

use shared::{
    api::entry::Refusal, format::format_integer, ids::ExerciseId, protocol::Code,
    sync::replica::Cause, territory,
};

use crate::{
    api::Trouble,
    clock,
    storage::{Damage, Failure},
    store::{Hindrance, Notice},
};

/// «1 cambio», «1.200 cambios».
#[must_use]
pub fn count(number: usize, one: &str, many: &str) -> String {
    let unit = if number == 1 { one } else { many };
    format!("{} {unit}", format_integer(i64::try_from(number).unwrap_or(i64::MAX)))
}

/// «Ana, Luis y Eva»; somebody where nobody is known.
#[must_use]
pub fn people(names: &BTreeSet<String>) -> String {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names.as_slice() {
        [] => "Otra persona".into(),
        [one] => (*one).into(),
        [first @ .., last] => format!("{} y {last}", first.join(", ")),
    }
}

/// What is said of a text that was merged with what others wrote.
#[must_use]
pub fn merged(by: &BTreeSet<String>) -> String {
    let wrote = if by.len() > 1 { "escribieron" } else { "escribió" };
    format!("{} también {wrote} en este texto, sin ver lo tuyo.", people(by))
}

/// The name of a region; its code where there is no such region.
#[must_use]
pub fn region(code: &str) -> &str {
    territory::region(code).map_or(code, |region| region.name)
}

/// «Tarapacá 2027».
#[must_use]
pub fn exercise(id: ExerciseId) -> String {
    format!("{} {}", region(id.region()), id.budget_year)
}

/// Clocks of devices are wrong by so many minutes, and nobody minds.
const WRONG_MIN: i64 = 10;

/// When something happened, in a few words: «hace 3 min», «14:05», «18-11-2026 14:05». What seems
/// to lie ahead did not happen just now: this device's clock is wrong.
#[must_use]
pub fn when(moment: i64) -> String {
    let ago = (clock::now() - moment) / 60_000;
    match ago {
        _ if (-WRONG_MIN..1).contains(&ago) => "recién".into(),
        1..60 => format!("hace {ago} min"),
        _ => at(moment),
    }
}

/// The time of a moment of today, the day of another: «14:05», «18-11-2026 14:05».
#[must_use]
pub fn at(moment: i64) -> String {
    let (day, hour, minute) = clock::local_time(moment);
    let time = format!("{hour}:{minute:02}");
    if day == clock::today() {
        time
    } else {
        format!("{} {time}", shared::format::format_date(day))
    }
}

/// Why a request came to nothing.
#[must_use]
pub fn trouble(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Offline => {
            "No se pudo llegar al servidor. Revisa tu conexión e inténtalo de nuevo.".into()
        }
        Trouble::Refused(problem) => problem.message.clone(),
    }
}

/// Why somebody who comes from a provider of identities is not in.
#[must_use]
pub fn refusal(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Unknown => {
            "Tu identidad se comprobó, pero ninguna cuenta de Focaliza está vinculada a ella. Pide a \
             quien administra las cuentas de tu institución que la vincule."
        }
        Refusal::Closed => {
            "Tu cuenta está cerrada. Habla con quien administra las de tu institución."
        }
        Refusal::Cancelled => "No se completó el ingreso. Puedes intentarlo de nuevo.",
        Refusal::Expired => {
            "El ingreso venció, ya se usó o empezó en otro navegador. Inténtalo de nuevo desde aquí."
        }
        Refusal::Provider => {
            "No se pudo comprobar tu identidad: el servicio no respondió como se esperaba. Inténtalo \
             en unos minutos."
        }
        Refusal::TooMany => "Demasiados intentos de entrar. Vuelve a intentarlo en 15 minutos.",
        Refusal::Invitation => {
            "Esta invitación ya se usó, se anuló o venció. Pide que te inviten de nuevo."
        }
        Refusal::Taken => {
            "Tu identidad ya abre otra cuenta, o el nombre de esta ya se usa. Pide que te inviten de \
             nuevo."
        }
    }
}

/// Why the server did not do something.
#[must_use]
pub fn code(code: Code) -> &'static str {
    match code {
        Code::Unauthenticated => "Tu sesión venció.",
        Code::Forbidden => "Tu rol no da acceso a esto, o dejó de darlo.",
        Code::ForeignPeer => "Este equipo escribió con la identidad de otra persona.",
        Code::Malformed => "El servidor no entendió lo que recibió.",
        Code::TooLarge => "Se pasó un tamaño máximo.",
        Code::RateLimited => "Hay demasiadas solicitudes; se intentará de nuevo en un momento.",
        Code::UnknownVersion => "Esta versión de la aplicación es distinta de la del servidor.",
        Code::Unavailable => "El servidor no pudo guardar en este momento; se intentará de nuevo.",
        Code::Incomplete => {
            "El servidor no tiene los cambios anteriores sobre los que se escribió."
        }
    }
}

/// Why the device did not keep or give something.
#[must_use]
pub fn failure(failure: &Failure) -> &'static str {
    match failure {
        Failure::Unavailable | Failure::Refused => {
            "Este equipo no permite guardar (modo privado o sin espacio)."
        }
        Failure::Newer => {
            "Este equipo ya usó una versión más nueva de Focaliza. Vuelve a cargar la página para \
             usarla; lo guardado no se tocó."
        }
        Failure::OtherKey => {
            "Lo guardado en este equipo se cerró con la llave de otro servidor o de otra cuenta. No \
             se tocó: avisa a quien administra Focaliza."
        }
        Failure::TimedOut => {
            "El almacenamiento de este equipo no responde. Cierra las otras pestañas de Focaliza \
             y vuelve a cargar la página."
        }
        Failure::PutAway | Failure::Other(_) => "No se pudo leer lo guardado en este equipo.",
    }
}

/// Why an exercise was not brought up to date.
#[must_use]
pub fn hindrance(hindrance: &Hindrance) -> String {
    match hindrance {
        Hindrance::Offline => "Sin conexión: se intentará de nuevo cuando la haya.".into(),
        Hindrance::Denied(denied) => code(*denied).into(),
        Hindrance::Storage(cause) => failure(cause).into(),
        Hindrance::Left => String::new(),
    }
}

/// What became of the exercise.
#[must_use]
pub fn notice(notice: Notice) -> String {
    match notice {
        Notice::Damage(Damage::Copy) => {
            "Una parte de la copia guardada en este equipo estaba dañada. Se descarga de nuevo del \
             servidor; lo que no se ha enviado no se tocó."
                .into()
        }
        Notice::Damage(Damage::Unsent) => {
            "Un cambio sin enviar estaba dañado y no se pudo leer. Quedó apartado en este equipo, \
             junto con los que lo siguen: revísalos en «Cambios apartados»."
                .into()
        }
        Notice::Damage(Damage::Quarantined) => {
            "Un cambio apartado estaba dañado y no se pudo leer. Se conserva en este equipo tal \
             como estaba."
                .into()
        }
        Notice::Reopened(Cause::Refused(refused)) => format!(
            "El servidor no aceptó tus últimos cambios. {} Quedaron guardados aparte: revísalos \
             en «Cambios apartados».",
            code(refused)
        ),
        Notice::Reopened(Cause::LeftBehind) => {
            "Se envían los cambios que quedaron en otra pestaña de este equipo.".into()
        }
        Notice::Reopened(Cause::Neighbours) => {
            "El servidor no aceptó cambios hechos en otra pestaña de este equipo. Quedaron guardados \
             aparte: revísalos en «Cambios apartados»."
                .into()
        }
        Notice::Reopened(Cause::OtherLog) => {
            "El servidor volvió a un respaldo. El ejercicio se descarga de nuevo y lo que no se \
             había enviado se conserva."
                .into()
        }
        Notice::Reopened(Cause::Damaged) => {
            "Este equipo y el servidor no tenían lo mismo. El ejercicio se descarga de nuevo y lo \
             que no se había enviado se conserva."
                .into()
        }
        Notice::Reopened(Cause::Carried) => {
            "Los cambios del respaldo están en este equipo y se envían desde aquí.".into()
        }
        Notice::Closed => {
            "El ejercicio no se pudo volver a abrir. Vuelve a cargar la página; lo guardado en \
             este equipo no se pierde."
                .into()
        }
    }
}

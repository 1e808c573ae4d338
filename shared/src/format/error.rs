//! Why a typed figure or date could not be read, said to the person who typed it.

use std::fmt;

/// What is wrong with a typed figure or date; its text says how to write it instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParseError {
    /// A sign or accounting brackets; nothing in the matrices is below zero.
    Negative,
    /// A part of a peso, or of a thing that is counted.
    Fraction,
    /// Commas between thousands, as in English. Holds the same number as it is written here.
    CommaBetweenThousands(String),
    /// A point where decimals begin. Holds the same number as it is written here.
    PointBeforeDecimals(String),
    /// More decimals than can be kept exactly.
    TooManyDecimals,
    /// Points that do not divide groups of three.
    Groups,
    /// `M` alone: thousands in Chilean accounts, millions elsewhere.
    BareM,
    /// Dollars, euros, UF.
    OtherCurrency,
    /// A number with words behind it, such as «25 comunas». Holds the number.
    WordsAfterNumber(String),
    /// More than the limit, as it is written here.
    TooLarge(String),
    /// No number, and none of the words that stand for one.
    NotANumber,
    /// No date.
    NotADate,
    /// A year with two digits.
    ShortYear,
    /// A day that the calendar does not have.
    NoSuchDay,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Negative => f.write_str("No se admiten valores negativos."),
            Self::Fraction => f.write_str("Debe ser un número entero, sin decimales."),
            Self::CommaBetweenThousands(number) => {
                write!(f, "Los miles se separan con punto: escribe {number}.")
            }
            Self::PointBeforeDecimals(number) => {
                write!(f, "Los decimales se separan con coma: escribe {number}.")
            }
            Self::TooManyDecimals => f.write_str("Tiene demasiados decimales."),
            Self::Groups => f.write_str(
                "Los puntos no separan grupos de tres cifras. Escribe, por ejemplo, 1.234.567.",
            ),
            Self::BareM => f.write_str("Escribe M$ si son miles de pesos o MM$ si son millones."),
            Self::OtherCurrency => f.write_str("Los montos se escriben en pesos chilenos."),
            Self::WordsAfterNumber(number) => {
                write!(f, "Escribe aquí solo el número ({number}).")
            }
            Self::TooLarge(limit) => write!(f, "Es demasiado grande: el máximo es {limit}."),
            Self::NotANumber => f.write_str(
                "No es un número. Escribe una cifra, «por definir» o «no aplica», o deja la celda \
                 vacía.",
            ),
            Self::NotADate => {
                f.write_str("No es una fecha. Escríbela como día-mes-año: 30-12-2026.")
            }
            Self::ShortYear => f.write_str("Escribe el año con cuatro cifras: 30-12-2026."),
            Self::NoSuchDay => {
                f.write_str("Esa fecha no existe. El orden es día-mes-año: 30-12-2026.")
            }
        }
    }
}

impl std::error::Error for ParseError {}

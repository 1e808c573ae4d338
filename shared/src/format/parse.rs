//! Reading figures and dates as people write them in Chile.
//!
//! Nothing is guessed: what could be read in two ways is refused with the way to write it.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{ParseError, format_integer};
use crate::fold::fold;
use crate::limits;

/// What somebody wrote in a cell for a figure or date. Five different things, never one for
/// another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsed<T> {
    /// Nothing was written.
    Missing,
    /// The figure or date itself; zero is one.
    Value(T),
    /// «Por definir».
    ToBeDefined,
    /// «No aplica».
    NotApplicable,
    /// `*`: withheld by its source.
    Masked,
}

/// An amount in pesos: `1.234.567`, `$ 1.234.567`, `250 M$` (thousands), `1,5 MM$` (millions).
///
/// # Errors
/// Negative amounts, parts of a peso, English grouping, other currencies, and more than
/// [`limits::MONEY`].
pub fn parse_money(text: &str) -> Result<Parsed<i64>, ParseError> {
    parse(text, |text| {
        let (amount, scale) = split_unit(text)?;
        let pesos = match scale {
            1 => whole_number(amount)?,
            _ => number(amount)?
                .checked_mul(Decimal::from(scale))
                .ok_or_else(|| too_large(limits::MONEY))?,
        };
        integer_up_to(pesos, limits::MONEY)
    })
}

/// A count: `1.234`.
///
/// # Errors
/// Negative numbers, decimals, English grouping, words behind the number, and more than
/// [`limits::COUNT`].
pub fn parse_integer(text: &str) -> Result<Parsed<i64>, ParseError> {
    parse(text, |text| integer_up_to(whole_number(text)?, limits::COUNT))
}

/// A number that may have decimals: `1.234,5`.
///
/// # Errors
/// Negative numbers, English grouping or decimal points, and more than [`limits::MONEY`].
pub fn parse_decimal(text: &str) -> Result<Parsed<Decimal>, ParseError> {
    parse(text, |text| {
        let found = number(text)?;
        if found > Decimal::from(limits::MONEY) { Err(too_large(limits::MONEY)) } else { Ok(found) }
    })
}

/// Percentage points, with or without the sign: `12,5 %` is 12.5. May pass a hundred, as the
/// execution of a budget does.
///
/// # Errors
/// As [`parse_decimal`].
pub fn parse_percentage(text: &str) -> Result<Parsed<Decimal>, ParseError> {
    let text = text.trim();
    parse_decimal(text.strip_suffix('%').unwrap_or(text))
}

/// A date: `30-12-2026`, `30/12/2026` or `2026-12-30`.
///
/// # Errors
/// Anything else: years of two digits, days that do not exist, years outside 1900 to 2100.
pub fn parse_date(text: &str) -> Result<Parsed<NaiveDate>, ParseError> {
    parse(text, |text| {
        let mut parts = text.split(['-', '/', '.']).map(str::trim);
        let (Some(first), Some(month), Some(last), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(ParseError::NotADate);
        };
        let (day, year) = if first.len() == 4 { (last, first) } else { (first, last) };
        if ![day, month, year].iter().all(|part| is_digits(part))
            || day.len() > 2
            || month.len() > 2
        {
            return Err(ParseError::NotADate);
        }
        if year.len() == 2 {
            return Err(ParseError::ShortYear);
        }
        let number = |part: &str| part.parse::<u32>().map_err(|_| ParseError::NotADate);
        NaiveDate::from_ymd_opt(number(year)?.cast_signed(), number(month)?, number(day)?)
            .filter(|date| (1900..=2100).contains(&date.year()))
            .ok_or(ParseError::NoSuchDay)
    })
}

/// Sorts out the empty cell and the words that stand in the place of a figure.
fn parse<T>(
    text: &str,
    value: impl FnOnce(&str) -> Result<T, ParseError>,
) -> Result<Parsed<T>, ParseError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Parsed::Missing);
    }
    if text == "*" {
        return Ok(Parsed::Masked);
    }
    match fold(text).as_str() {
        "por definir" | "a definir" => Ok(Parsed::ToBeDefined),
        "no aplica" | "n a" => Ok(Parsed::NotApplicable),
        _ => value(text).map(Parsed::Value),
    }
}

/// What may stand before or behind an amount, and how many pesos it makes of one. Longer ones
/// first, because the shorter are parts of them.
const UNITS: [(&str, i64); 10] = [
    ("millones", 1_000_000),
    ("millón", 1_000_000),
    ("millon", 1_000_000),
    ("pesos", 1),
    ("mm$", 1_000_000),
    ("clp", 1),
    ("mil", 1_000),
    ("mm", 1_000_000),
    ("m$", 1_000),
    ("$", 1),
];

const OTHER_CURRENCIES: [&str; 6] = ["us$", "usd", "uf", "utm", "eur", "€"];

/// Takes the unit off an amount: the rest, and the pesos that one of it is worth.
fn split_unit(text: &str) -> Result<(&str, i64), ParseError> {
    let mut rest = text;
    let mut scale = 1;
    if OTHER_CURRENCIES.iter().any(|unit| strip(rest, unit).is_some()) {
        return Err(ParseError::OtherCurrency);
    }
    while let Some((stripped, factor)) =
        UNITS.iter().find_map(|(unit, factor)| Some((strip(rest, unit)?, *factor)))
    {
        if scale > 1 && factor > 1 {
            return Err(ParseError::NotANumber);
        }
        scale *= factor;
        rest = stripped;
    }
    if strip(rest, "m").is_some() {
        return Err(ParseError::BareM);
    }
    // «$1.234.567.-» is how cheques and invoices close an amount.
    let closed = rest.strip_suffix(".-").or_else(|| rest.strip_suffix(",-"));
    Ok((closed.unwrap_or(rest).trim(), scale))
}

/// The text without that word (in lower case) at its beginning or end, in whatever case.
fn strip<'a>(text: &'a str, word: &str) -> Option<&'a str> {
    let same = |part: Option<&str>| part.is_some_and(|part| part.to_lowercase() == word);
    if same(text.get(..word.len())) {
        return Some(text[word.len()..].trim());
    }
    let at = text.len().checked_sub(word.len())?;
    same(text.get(at..)).then(|| text[..at].trim())
}

/// A number that may not have decimals, as a decimal still.
fn whole_number(text: &str) -> Result<Decimal, ParseError> {
    // Three digits behind a comma are most probably an English thousand, so they get its message.
    if let Some((whole, fraction)) = text.split_once(',')
        && fraction.len() == 3
        && (1..=3).contains(&whole.len())
        && is_digits(whole)
        && is_digits(fraction)
    {
        return Err(ParseError::CommaBetweenThousands(swapped(text)));
    }
    match number(text) {
        Ok(found) if !found.fract().is_zero() => Err(ParseError::Fraction),
        Err(ParseError::PointBeforeDecimals(_)) => Err(ParseError::Fraction),
        result => result,
    }
}

/// A number with points between thousands and a comma before decimals.
fn number(text: &str) -> Result<Decimal, ParseError> {
    let has_digits = text.contains(|character: char| character.is_ascii_digit());
    if has_digits && (text.starts_with(['-', '−', '–', '(']) || text.ends_with('-')) {
        return Err(ParseError::Negative);
    }
    if let Some((figure, words)) = text.split_once(char::is_whitespace)
        && words.contains(char::is_alphabetic)
        && number(figure).is_ok()
    {
        return Err(ParseError::WordsAfterNumber(figure.into()));
    }
    if !has_digits || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b',')) {
        return Err(ParseError::NotANumber);
    }
    let (whole, fraction) = text.split_once(',').unwrap_or((text, "0"));
    if !is_digits(fraction) || !is_whole(whole) {
        return Err(misspelt(text));
    }
    // Beyond this a decimal cannot hold it exactly.
    if fraction.len() > 15 {
        return Err(ParseError::TooManyDecimals);
    }
    let plain = format!("{}.{fraction}", whole.replace('.', ""));
    Decimal::from_str_exact(&plain).map_err(|_| too_large(limits::MONEY))
}

/// Whether it is digits alone, or digits with a point before every group of three.
fn is_whole(text: &str) -> bool {
    let mut groups = text.split('.');
    let first = groups.next().unwrap_or_default();
    let grouped = text.contains('.');
    let first_fits = is_digits(first) && !(grouped && (first.len() > 3 || first.starts_with('0')));
    first_fits && groups.all(|group| group.len() == 3 && is_digits(group))
}

/// Why digits, points and commas make no number.
fn misspelt(text: &str) -> ParseError {
    let english = swapped(text);
    let (whole, fraction) = english.split_once(',').unwrap_or((&english, "0"));
    let reads_as_english = is_whole(whole) && is_digits(fraction);
    match (reads_as_english, whole.contains('.')) {
        (true, true) => ParseError::CommaBetweenThousands(english),
        (true, false) => ParseError::PointBeforeDecimals(english),
        (false, _) if text.contains('.') => ParseError::Groups,
        (false, _) => ParseError::NotANumber,
    }
}

/// Points for commas and commas for points.
fn swapped(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '.' => ',',
            ',' => '.',
            other => other,
        })
        .collect()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn integer_up_to(number: Decimal, limit: i64) -> Result<i64, ParseError> {
    if !number.fract().is_zero() {
        return Err(ParseError::Fraction);
    }
    i64::try_from(number).ok().filter(|found| *found <= limit).ok_or_else(|| too_large(limit))
}

fn too_large(limit: i64) -> ParseError {
    ParseError::TooLarge(format_integer(limit))
}

#[cfg(test)]
mod tests;

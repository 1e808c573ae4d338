//! Numbers, money and dates as they are written in Chile: `1.234.567,8`, `$1.234.567`, `30-12-2026`.

use chrono::{Datelike, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

pub use error::ParseError;
pub use parse::{Parsed, parse_date, parse_decimal, parse_integer, parse_money, parse_percentage};

mod error;
mod parse;

/// «1.234.567».
#[must_use]
pub fn format_integer(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    grouped(sign, &number.unsigned_abs().to_string(), "")
}

/// Pesos: «$1.234.567».
#[must_use]
pub fn format_money(pesos: i64) -> String {
    let sign = if pesos < 0 { "-$" } else { "$" };
    grouped(sign, &pesos.unsigned_abs().to_string(), "")
}

/// «1.234,50» with that many decimals, rounded half away from zero as accounts do.
#[must_use]
pub fn format_decimal(number: Decimal, decimals: u32) -> String {
    let rounded =
        number.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero).normalize();
    let plain = rounded.abs().to_string();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let sign = if rounded.is_sign_negative() && !rounded.is_zero() { "-" } else { "" };
    match decimals as usize {
        0 => grouped(sign, whole, ""),
        width => grouped(sign, whole, &format!("{fraction:0<width$}")),
    }
}

/// «1.234,50» for as many hundredths.
#[must_use]
pub fn format_hundredths(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let digits = format!("{:03}", hundredths.unsigned_abs());
    let (whole, fraction) = digits.split_at(digits.len() - 2);
    grouped(sign, whole, fraction)
}

/// «12,5 %».
#[must_use]
pub fn format_percentage(points: Decimal, decimals: u32) -> String {
    format!("{} %", format_decimal(points, decimals))
}

/// «30-12-2026», without leading zeros.
#[must_use]
pub fn format_date(date: NaiveDate) -> String {
    format!("{}-{}-{}", date.day(), date.month(), date.year())
}

/// «martes 1 de diciembre de 2026»: for deadlines, where the day of the week matters.
#[must_use]
pub fn format_long_date(date: NaiveDate) -> String {
    const DAYS: [&str; 7] =
        ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
    const MONTHS: [&str; 12] = [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ];
    let day = DAYS[date.weekday().num_days_from_monday() as usize];
    let month = MONTHS[date.month0() as usize];
    format!("{day} {} de {month} de {}", date.day(), date.year())
}

/// The size of a file, in units of a thousand: «812 bytes», «1,5 MB».
#[must_use]
pub fn format_bytes(bytes: u64) -> String {
    let (unit, divisor) = match bytes {
        0..1_000 => return format!("{bytes} bytes"),
        1_000..1_000_000 => ("kB", 1_000),
        1_000_000..1_000_000_000 => ("MB", 1_000_000),
        _ => ("GB", 1_000_000_000),
    };
    let text = format_decimal(Decimal::from(bytes) / Decimal::from(divisor), 1);
    format!("{} {unit}", text.strip_suffix(",0").unwrap_or(&text))
}

/// Digits with a point before every group of three, behind a sign; a fraction follows a comma.
fn grouped(sign: &str, digits: &str, fraction: &str) -> String {
    let length = sign.len() + digits.len() + digits.len() / 3 + 1 + fraction.len();
    let mut text = String::with_capacity(length);
    text.push_str(sign);
    let (first, mut rest) = digits.split_at(digits.len() % 3);
    text.push_str(first);
    while let Some((group, others)) = rest.split_at_checked(3) {
        if text.len() > sign.len() {
            text.push('.');
        }
        text.push_str(group);
        rest = others;
    }
    if !fraction.is_empty() {
        text.push(',');
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn integers_and_money_are_grouped_by_points() {
        for (number, text) in [
            (0, "0"),
            (7, "7"),
            (999, "999"),
            (1_000, "1.000"),
            (1_234_567, "1.234.567"),
            (-1_234, "-1.234"),
            (i64::MIN, "-9.223.372.036.854.775.808"),
        ] {
            assert_eq!(format_integer(number), text);
        }
        assert_eq!(format_money(1_252_784_000), "$1.252.784.000");
        assert_eq!(format_money(0), "$0");
        assert_eq!(format_money(-5_000), "-$5.000");
    }

    #[test]
    fn decimals_take_a_comma_and_round_half_up() {
        for (number, places, text) in [
            ("1234567.8", 1, "1.234.567,8"),
            ("1234567.8", 2, "1.234.567,80"),
            ("0.125", 2, "0,13"),
            ("-0.125", 2, "-0,13"),
            ("-0.001", 2, "0,00"),
            ("999.5", 0, "1.000"),
            ("1.16", 2, "1,16"),
            ("3", 0, "3"),
        ] {
            assert_eq!(format_decimal(decimal(number), places), text, "{number}");
        }
        assert_eq!(format_percentage(decimal("46"), 0), "46 %");
        for (hundredths, text) in
            [(0, "0,00"), (7, "0,07"), (116, "1,16"), (123_456_780, "1.234.567,80"), (-5, "-0,05")]
        {
            assert_eq!(format_hundredths(hundredths), text);
        }
    }

    #[test]
    fn dates_carry_no_leading_zeros() {
        let date = NaiveDate::from_ymd_opt(2026, 12, 1).unwrap();
        assert_eq!(format_date(date), "1-12-2026");
        assert_eq!(format_long_date(date), "martes 1 de diciembre de 2026");
    }

    #[test]
    fn sizes_of_files() {
        for (bytes, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (1_540_000, "1,5 MB"),
            (33_554_432, "33,6 MB"),
            (2_000_000_000, "2 GB"),
        ] {
            assert_eq!(format_bytes(bytes), text);
        }
    }
}

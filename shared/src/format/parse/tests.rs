use proptest::prelude::*;

use super::super::{format_date, format_decimal, format_integer, format_money};
use super::*;

fn money(text: &str) -> Result<Parsed<i64>, ParseError> {
    parse_money(text)
}

#[test]
fn amounts_as_they_are_written() {
    for (text, pesos) in [
        ("0", 0),
        ("1234567", 1_234_567),
        ("1.234.567", 1_234_567),
        ("$ 1.234.567", 1_234_567),
        ("$1.234.567.-", 1_234_567),
        (" 1.234.567 pesos ", 1_234_567),
        ("CLP 1.234", 1_234),
        ("$\u{a0}523.429.000", 523_429_000),
        ("1.234,00", 1_234),
        ("250 M$", 250_000),
        ("M$ 250.000", 250_000_000),
        ("1,5 MM$", 1_500_000),
        ("MM$1,5", 1_500_000),
        ("mm$ 0,000001", 1),
        ("1,234 MM$", 1_234_000),
        ("1.234 MM$", 1_234_000_000),
        ("$ 2 millones", 2_000_000),
        ("1 millón", 1_000_000),
        ("1 MILLÓN", 1_000_000),
        ("30 mil", 30_000),
        ("007", 7),
    ] {
        assert_eq!(money(text), Ok(Parsed::Value(pesos)), "{text}");
    }
}

#[test]
fn amounts_that_are_refused_with_a_reason() {
    use ParseError::*;
    let english = |text: &str| CommaBetweenThousands(text.into());
    for (text, reason) in [
        ("-5", Negative),
        ("−5.000", Negative),
        ("$ -5", Negative),
        ("-$5", Negative),
        ("(5.000)", Negative),
        ("5.000-", Negative),
        ("1,5", Fraction),
        ("1.5", Fraction),
        ("1.234,56", Fraction),
        ("1,2345 M$", Fraction),
        ("0,0000001 MM$", Fraction),
        ("1,234", english("1.234")),
        ("1,000", english("1.000")),
        ("1,234,567", english("1.234.567")),
        ("1,234,567.89", english("1.234.567,89")),
        ("1.5 MM$", PointBeforeDecimals("1,5".into())),
        ("0.500 MM$", PointBeforeDecimals("0,500".into())),
        ("12.34.567", Groups),
        ("1.2345.678", Groups),
        ("250 M", BareM),
        ("US$ 500", OtherCurrency),
        ("200 UF", OtherCurrency),
        ("1.000 aprox", WordsAfterNumber("1.000".into())),
        ("FNDR", NotANumber),
        ("-", NotANumber),
        ("$", NotANumber),
        ("1 2", NotANumber),
        ("5,", NotANumber),
        (",", NotANumber),
        ("1e6", NotANumber),
        ("5 MM$ M$", NotANumber),
        ("٣", NotANumber),
        ("0,0000000000000001 MM$", TooManyDecimals),
    ] {
        assert_eq!(money(text), Err(reason), "{text}");
    }
}

#[test]
fn limits_hold() {
    let most = format_integer(limits::MONEY);
    assert_eq!(money(&most), Ok(Parsed::Value(limits::MONEY)));
    for text in [
        format!("{}", limits::MONEY + 1),
        format!("{most} MM$"),
        "9".repeat(28),
        "9".repeat(200),
        format!("{} MM$", "9".repeat(28)),
    ] {
        assert_eq!(money(&text), Err(ParseError::TooLarge(most.clone())), "{text}");
    }
    let count = ParseError::TooLarge(format_integer(limits::COUNT));
    assert_eq!(parse_integer(&(limits::COUNT + 1).to_string()), Err(count));
}

#[test]
fn the_five_things_stay_apart() {
    for (text, expected) in [
        ("", Parsed::Missing),
        (" \u{a0} ", Parsed::Missing),
        ("0", Parsed::Value(0)),
        ("Por definir", Parsed::ToBeDefined),
        ("POR  DEFINIR.", Parsed::ToBeDefined),
        ("no aplica", Parsed::NotApplicable),
        ("N/A", Parsed::NotApplicable),
        ("*", Parsed::Masked),
    ] {
        assert_eq!(parse_money(text), Ok(expected), "{text}");
        assert_eq!(parse_integer(text), Ok(expected), "{text}");
    }
    assert_eq!(parse_date("por definir"), Ok(Parsed::ToBeDefined));
}

#[test]
fn counts() {
    assert_eq!(parse_integer("1.421"), Ok(Parsed::Value(1_421)));
    let words = ParseError::WordsAfterNumber("25".into());
    assert_eq!(parse_integer("25 comunas"), Err(words));
    assert_eq!(parse_integer("$5"), Err(ParseError::NotANumber));
    assert_eq!(parse_integer("2,5"), Err(ParseError::Fraction));
    let english = ParseError::CommaBetweenThousands("1.421".into());
    assert_eq!(parse_integer("1,421"), Err(english));
}

#[test]
fn decimals_and_percentages() {
    let value = |text: &str| Ok(Parsed::Value(text.parse::<Decimal>().unwrap()));
    assert_eq!(parse_decimal("1.234,5"), value("1234.5"));
    assert_eq!(parse_decimal("1,234"), value("1.234"));
    assert_eq!(parse_percentage("12,5 %"), value("12.5"));
    assert_eq!(parse_percentage("154%"), value("154"));
    assert_eq!(parse_percentage("0"), value("0"));
    assert_eq!(parse_percentage("12.5%"), Err(ParseError::PointBeforeDecimals("12,5".into())));
    assert_eq!(parse_percentage("-1 %"), Err(ParseError::Negative));
}

#[test]
fn dates() {
    let day =
        |year, month, day| Ok(Parsed::Value(NaiveDate::from_ymd_opt(year, month, day).unwrap()));
    for text in ["30-12-2026", "30/12/2026", "2026-12-30", "30.12.2026", " 30 - 12 - 2026 "] {
        assert_eq!(parse_date(text), day(2026, 12, 30), "{text}");
    }
    assert_eq!(parse_date("1-2-2026"), day(2026, 2, 1));
    for (text, reason) in [
        ("30-12-26", ParseError::ShortYear),
        ("31-2-2026", ParseError::NoSuchDay),
        ("12/30/2026", ParseError::NoSuchDay),
        ("0-1-2026", ParseError::NoSuchDay),
        ("30-12-0026", ParseError::NoSuchDay),
        ("30-12-99999999999", ParseError::NotADate),
        ("30-12", ParseError::NotADate),
        ("30-dic-2026", ParseError::NotADate),
        ("-30-12-2026", ParseError::NotADate),
        ("2026-2026-2026", ParseError::NotADate),
    ] {
        assert_eq!(parse_date(text), Err(reason), "{text}");
    }
}

#[test]
fn every_message_is_a_spanish_sentence() {
    for text in ["-1", "1,5", "1,000", "12.34.5", "5 M", "UF 1", "x"] {
        let message = money(text).unwrap_err().to_string();
        assert!(message.ends_with('.') && message.len() > 20, "{message}");
    }
    assert_eq!(
        money("1,234,567").unwrap_err().to_string(),
        "Los miles se separan con punto: escribe 1.234.567."
    );
}

proptest! {
    #[test]
    fn what_is_shown_can_be_typed(number in 0..=limits::MONEY) {
        prop_assert_eq!(parse_money(&format_money(number)), Ok(Parsed::Value(number)));
        prop_assert_eq!(parse_money(&format_integer(number)), Ok(Parsed::Value(number)));
        prop_assert_eq!(parse_money(&number.to_string()), Ok(Parsed::Value(number)));
    }

    #[test]
    fn counts_round_trip(number in 0..=limits::COUNT) {
        prop_assert_eq!(parse_integer(&format_integer(number)), Ok(Parsed::Value(number)));
    }

    #[test]
    fn decimals_round_trip(mantissa in 0..1_000_000_000_i64, scale in 0_u32..6) {
        let number = Decimal::new(mantissa, scale);
        let text = format_decimal(number, scale);
        prop_assert_eq!(parse_decimal(&text), Ok(Parsed::Value(number)), "{}", text);
    }

    #[test]
    fn millions_and_thousands_agree_with_pesos(thousands in 0..1_000_000_000_i64) {
        let pesos = Ok(Parsed::Value(thousands * 1_000));
        let millions = format_decimal(Decimal::new(thousands, 3), 3);
        prop_assert_eq!(parse_money(&format!("{thousands} M$")), pesos.clone());
        prop_assert_eq!(parse_money(&format!("MM$ {millions}")), pesos);
    }

    #[test]
    fn dates_round_trip(days in 0_i64..73_000) {
        let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap();
        let date = first + chrono::Days::new(days.unsigned_abs());
        prop_assert_eq!(parse_date(&format_date(date)), Ok(Parsed::Value(date)));
        prop_assert_eq!(parse_date(&date.to_string()), Ok(Parsed::Value(date)));
    }

    #[test]
    fn no_text_panics_or_goes_below_zero(text in "[-−$M.,0-9 ()%*a-zó€]{0,14}|\\PC{0,20}") {
        for parsed in [parse_money(&text), parse_integer(&text)] {
            if let Ok(Parsed::Value(number)) = parsed {
                prop_assert!(number >= 0);
            }
        }
        let _ = (parse_percentage(&text), parse_date(&text));
    }
}

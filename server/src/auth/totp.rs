//! Codes of an application on the person's telephone (RFC 6238), and those for who has lost it.

use sha2::{Digest as _, Sha256};
use shared::api::factor::{CODE_DIGITS, RECOVERY_CODES};
use totp_rs::{Builder, Secret, Totp};

use crate::error::Failure;

/// Bytes of a secret, as RFC 4226 (4, R6) recommends.
pub const BYTES: usize = 20;
/// Bytes of a code for who has lost the telephone: nobody finds one by trying.
const RECOVERY_BYTES: usize = 10;

/// What the telephone and the server both know.
pub type SharedSecret = [u8; BYTES];

/// A new secret.
pub fn draw() -> Result<SharedSecret, Failure> {
    random()
}

fn random<const N: usize>() -> Result<[u8; N], Failure> {
    let mut drawn = [0; N];
    getrandom::fill(&mut drawn).map_err(|error| Failure::unavailable(&error))?;
    Ok(drawn)
}

/// SHA-1, six digits, thirty seconds, one step before and after: what all telephones can.
fn totp(secret: &SharedSecret) -> Option<Totp> {
    Builder::new().with_secret(Secret::from(*secret)).build().ok()
}

/// The step that a code is of, at this moment (milliseconds since 1970, UTC); `None` where it is of none.
#[must_use]
pub fn step(secret: &SharedSecret, code: &str, now: i64) -> Option<i64> {
    let code: String = code.chars().filter(|sign| !sign.is_whitespace()).collect();
    if code.len() != CODE_DIGITS || !code.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let seconds = u64::try_from(now / 1000).ok()?;
    totp(secret)?.check(&code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// The secret as people type it.
#[must_use]
pub fn text(secret: &SharedSecret) -> String {
    Secret::from(*secret).to_base32()
}

/// The secret as telephones scan it.
#[must_use]
pub fn address(secret: &SharedSecret, login: &str) -> String {
    let login: String = form_urlencoded::byte_serialize(login.as_bytes()).collect();
    let login = login.replace('+', "%20");
    format!("otpauth://totp/Focaliza:{login}?secret={}&issuer=Focaliza", text(secret))
}

/// New codes for who has lost the telephone.
pub fn recovery() -> Result<Vec<String>, Failure> {
    let one = |_| {
        let code = Secret::from(random::<RECOVERY_BYTES>()?).to_base32().to_lowercase();
        let groups: Vec<String> =
            code.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into()).collect();
        Ok(groups.join("-"))
    };
    (0..RECOVERY_CODES).map(one).collect()
}

/// What is kept of one. Eighty random bits need no slow hash.
#[must_use]
pub fn recovery_hash(code: &str) -> [u8; 32] {
    let plain = code.chars().filter(char::is_ascii_alphanumeric);
    Sha256::digest(plain.collect::<String>().to_lowercase()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_the_standard_and_of_their_time() {
        // RFC 6238, appendix B, of which six digits are asked for.
        let secret = *b"12345678901234567890";
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")]
        {
            let now = seconds * 1000;
            assert_eq!(step(&secret, code, now), Some(seconds / 30), "{code}");
            assert_eq!(
                step(&secret, &format!(" {} {} ", &code[..3], &code[3..]), now),
                Some(seconds / 30)
            );
            assert_eq!(
                step(&secret, code, now + 30_000),
                Some(seconds / 30),
                "a clock that is slow"
            );
            assert_eq!(step(&secret, code, now + 90_000), None);
        }
        for bad in ["", "28708", "2870820", "28708x", "٢٨٧٠٨٢"] {
            assert_eq!(step(&secret, bad, 59_000), None, "{bad}");
        }
    }

    #[test]
    fn what_telephones_scan_says_whose_it_is() {
        let address = address(b"12345678901234567890", "ana soto@x");
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(
            address,
            format!("otpauth://totp/Focaliza:ana%20soto%40x?secret={secret}&issuer=Focaliza")
        );
    }

    #[test]
    fn codes_for_the_lost_telephone_are_typed_as_people_type() {
        let codes = recovery().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        let code = &codes[0];
        assert_eq!(code.len(), 19, "{code}");
        assert_eq!(recovery_hash(code), recovery_hash(&code.to_uppercase().replace('-', " ")));
        assert_ne!(recovery_hash(code), recovery_hash(&codes[1]));
    }
}

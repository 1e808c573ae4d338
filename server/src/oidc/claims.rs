//! What a provider says of somebody, and whether it is believed.

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde::Deserialize;
use shared::api::entry::Run;

use super::Trouble;

/// How tokens may be signed: with a key that only the provider has. A secret that both know, or
/// nothing, is no signature.
const SIGNED: [Algorithm; 4] =
    [Algorithm::RS256, Algorithm::PS256, Algorithm::ES256, Algorithm::EdDSA];
/// Seconds by which clocks may differ.
const LEEWAY: i64 = 60;

/// What an identity token says (OpenID Connect Core, 2).
#[derive(Debug, Clone, Deserialize)]
pub struct IdToken {
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    nonce: Option<String>,
    sub: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What a token must agree with.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The provider's address.
    pub issuer: &'a str,
    /// As whom the provider knows the application.
    pub client: &'a str,
    /// What this browser was sent to the provider with.
    pub nonce: &'a str,
    /// Seconds since 1970, UTC.
    pub now: i64,
}

impl IdToken {
    /// A token with the provider's signature.
    pub fn verified(token: &str, keys: &JwkSet) -> Result<Self, Trouble> {
        let unsigned = |_| Trouble::NotBelieved("no signature of the provider");
        let header = jsonwebtoken::decode_header(token).map_err(unsigned)?;
        if !SIGNED.contains(&header.alg) {
            return Err(Trouble::NotBelieved("another algorithm"));
        }
        let key = match &header.kid {
            Some(name) => keys.find(name),
            None if keys.keys.len() == 1 => keys.keys.first(),
            None => None,
        };
        let key = key.ok_or(Trouble::NotBelieved("signed with an unknown key"))?;
        let key = DecodingKey::from_jwk(key).map_err(unsigned)?;
        let mut only_signature = Validation::new(header.alg);
        // The rest is looked at by `check`, for tokens without a known key too.
        only_signature.required_spec_claims.clear();
        (only_signature.validate_exp, only_signature.validate_aud) = (false, false);
        let decoded = jsonwebtoken::decode(token, &key, &only_signature).map_err(unsigned)?;
        Ok(decoded.claims)
    }

    /// A token as it came over a connection to the provider itself, which is as good as a signature
    /// (OpenID Connect Core, 3.1.3.7, 6), and all that can be asked for where no keys are published.
    pub fn from_provider(token: &str) -> Result<Self, Trouble> {
        jsonwebtoken::dangerous::insecure_decode_claims(token)
            .map_err(|error| Trouble::Malformed(error.to_string()))
    }

    /// Whether it is of this provider, for this application, still good, and an answer to what this
    /// browser asked. `needs_nonce`: also where the token says nothing of the last.
    pub fn check(&self, expected: &Expected<'_>, needs_nonce: bool) -> Result<(), Trouble> {
        let Expected { issuer, client, nonce, now } = *expected;
        let for_us = match &self.aud {
            Audience::One(one) => one == client,
            Audience::Many(many) => many.iter().any(|one| one == client),
        };
        let is_answer = match &self.nonce {
            Some(said) => said == nonce,
            None => !needs_nonce,
        };
        let conditions = [
            (self.iss == issuer, "of another issuer"),
            (for_us, "for another application"),
            (self.azp.as_ref().is_none_or(|azp| azp == client), "given to another application"),
            (now < self.exp.saturating_add(LEEWAY), "too old"),
            (is_answer, "no answer to what this browser asked"),
        ];
        match conditions.into_iter().find(|(holds, _)| !holds) {
            Some((_, why)) => Err(Trouble::NotBelieved(why)),
            None => Ok(()),
        }
    }

    /// What the provider calls the person.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.sub
    }

    /// Who issued it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.iss
    }
}

/// What ClaveÚnica tells of a person, as far as it is asked: the name is the account's own.
#[derive(Debug, Clone, Deserialize)]
pub struct UserInfo {
    sub: String,
    #[serde(rename = "RolUnico")]
    rol_unico: RolUnico,
}

#[derive(Debug, Clone, Deserialize)]
struct RolUnico {
    numero: u32,
    #[serde(rename = "DV")]
    check: String,
    tipo: String,
}

impl UserInfo {
    /// The person's RUN.
    pub fn run(&self) -> Result<Run, Trouble> {
        let RolUnico { numero, check, tipo } = &self.rol_unico;
        let mut signs = check.chars();
        let run = match (signs.next(), signs.next()) {
            (Some(check), None) if tipo == "RUN" => Run::new(*numero, check),
            _ => None,
        };
        run.ok_or(Trouble::NotBelieved("no RUN"))
    }

    /// What ClaveÚnica calls the person; no key to know them by.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.sub
    }
}

#[cfg(test)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
    use serde_json::{Value, json};

    use super::*;

    const EXPECTED: Expected<'static> =
        Expected { issuer: "https://a.example", client: "focaliza", nonce: "n", now: 1_000 };

    fn token(changed: &Value) -> Result<(), Trouble> {
        let mut said = json!({ "iss": "https://a.example", "aud": "focaliza", "exp": 1_001,
            "nonce": "n", "sub": "1" });
        for (name, value) in changed.as_object().unwrap() {
            said[name] = value.clone();
        }
        serde_json::from_value::<IdToken>(said).unwrap().check(&EXPECTED, true)
    }

    #[test]
    fn only_a_token_for_us_and_for_this_browser_is_believed() {
        for good in [
            json!({}),
            json!({ "aud": ["otra", "focaliza"], "azp": "focaliza" }),
            json!({ "exp": 941 }),
        ] {
            assert_eq!(token(&good), Ok(()), "{good}");
        }
        for bad in [
            json!({ "iss": "https://a.example.evil" }),
            json!({ "aud": "otra" }),
            json!({ "aud": [] }),
            json!({ "azp": "otra" }),
            json!({ "exp": 940 }),
            json!({ "nonce": "m" }),
            json!({ "nonce": null }),
        ] {
            assert!(matches!(token(&bad), Err(Trouble::NotBelieved(_))), "{bad}");
        }
    }

    #[test]
    fn tokens_without_the_providers_signature_are_not_believed() {
        let keys: JwkSet = serde_json::from_value(json!({ "keys": [{
            "kty": "oct", "kid": "k", "k": BASE64.encode("known to all"),
        }] }))
        .unwrap();
        let said = json!({ "iss": "https://a.example", "aud": "focaliza", "exp": 9_999_999_999_i64,
            "nonce": "n", "sub": "1" });
        let part = |value: &Value| BASE64.encode(value.to_string());
        for algorithm in ["none", "HS256", "RS256"] {
            let header = json!({ "alg": algorithm, "kid": "k" });
            let token = format!("{}.{}.{}", part(&header), part(&said), BASE64.encode("x"));
            let result = IdToken::verified(&token, &keys);
            assert!(matches!(result, Err(Trouble::NotBelieved(_))), "{algorithm}: {result:?}");
        }
    }

    #[test]
    fn a_person_is_known_by_a_run_that_is_one() {
        let told = |numero: u32, check: &str, tipo: &str| {
            let rol = json!({ "numero": numero, "DV": check, "tipo": tipo });
            let said = json!({ "sub": "9", "RolUnico": rol,
                "name": { "nombres": ["Persona"], "apellidos": ["De Ensayo"] } });
            serde_json::from_value::<UserInfo>(said).unwrap().run().map(|run| run.to_string())
        };
        assert_eq!(told(44_444_444, "4", "RUN"), Ok("44444444-4".into()));
        assert_eq!(told(1_000_005, "K", "RUN"), Ok("1000005-K".into()));
        for (number, check, kind) in [
            (44_444_444, "5", "RUN"),
            (44_444_444, "", "RUN"),
            (44_444_444, "4", "RUT"),
            (0, "0", "RUN"),
        ] {
            assert!(told(number, check, kind).is_err());
        }
    }
}

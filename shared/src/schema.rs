//! Schemas of what is written as one text, for the description of the server's interface. Others are
//! derived. Only with the feature `schema`, which the application does not turn on.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{
    ids::{ExerciseId, RowId},
    key::Key,
    process::Fingerprint,
};

macro_rules! texts {
    ($($type:ty, $name:literal, $pattern:literal;)*) => {
        $(impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "pattern": $pattern })
            }
        })*
    };
}

texts! {
    ExerciseId, "ExerciseId", "^[0-9]{2}-[0-9]{4}$";
    RowId, "RowId", "^[a-z0-9_]{1,24}$";
    Key, "Key", "^[a-z]+/[a-z0-9_]+/[a-z_][a-z0-9_]*(/[a-z0-9_]+)?$";
    Fingerprint, "Fingerprint", "^[0-9a-f]{64}$";
}

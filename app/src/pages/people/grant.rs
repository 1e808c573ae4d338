//! Choosing what somebody is: role, region, acting or not.

use leptos::prelude::*;
use shared::{
    access::{Grant, Role},
    territory,
};

use crate::text;

/// What is chosen.
#[derive(Clone, Copy)]
pub struct Granting {
    role: RwSignal<Role>,
    /// Code of a region; empty for all of them.
    region: RwSignal<String>,
    acting: RwSignal<bool>,
}

impl Granting {
    /// What somebody is now.
    pub fn of(grant: &Grant, acting: bool) -> Self {
        Self {
            role: RwSignal::new(grant.role),
            region: RwSignal::new(grant.region.clone().unwrap_or_default()),
            acting: RwSignal::new(acting),
        }
    }

    /// The first that one may give.
    pub fn first(granter: &Grant) -> Self {
        let role = roles(granter).first().copied().unwrap_or(Role::Observer);
        Self::of(&Grant { role, region: granter.region.clone() }, false)
    }

    /// What was chosen, in one's own region where one has one.
    pub fn chosen(self, granter: &Grant) -> (Grant, bool) {
        let role = self.role.get_untracked();
        let region = Some(self.region.get_untracked()).filter(|code| !code.is_empty());
        let region = granter.region.clone().or(region);
        (Grant { role, region }, self.acting.get_untracked())
    }
}

fn roles(granter: &Grant) -> Vec<Role> {
    let region = granter.region.clone();
    let may = |role: &Role| granter.may_manage(&Grant { role: *role, region: region.clone() });
    Role::ALL.into_iter().filter(may).collect()
}

/// «Profesional GORE, Tarapacá», «Firmante GORE (s), Ñuble».
pub fn standing(grant: &Grant, acting: bool) -> String {
    let acting = if acting { " (s)" } else { "" };
    let region = grant.region.as_deref().map_or("todas las regiones", text::region);
    format!("{}{acting}, {region}", grant.role.title())
}

/// The fields.
#[component]
pub fn GrantFields(
    prefix: String,
    granter: StoredValue<Grant>,
    granting: Granting,
) -> impl IntoView {
    let Granting { role, region, acting } = granting;
    let (role_id, region_id) = (format!("{prefix}-rol"), format!("{prefix}-region"));
    let roles = granter.with_value(roles);
    let option = move |one: Role| {
        view! {
            <option value=one.as_str() selected=move || role.get() == one>{one.title()}</option>
        }
    };
    let chooses_region = granter.with_value(|granter| granter.region.is_none());
    let regions = territory::regions().iter().map(|one| {
        view! {
            <option value=one.code selected=move || region.get() == one.code>{one.name}</option>
        }
    });
    view! {
        <div class="field">
            <label for=role_id.clone()>"Rol"</label>
            <select
                id=role_id
                class="input"
                on:change=move |event| {
                    if let Some(chosen) = Role::parse(&event_target_value(&event)) {
                        role.set(chosen);
                    }
                }
            >
                {roles.into_iter().map(option).collect_view()}
            </select>
        </div>
        {chooses_region
            .then(|| {
                view! {
                    <div class="field">
                        <label for=region_id.clone()>"Región"</label>
                        <select
                            id=region_id
                            class="input"
                            on:change=move |event| region.set(event_target_value(&event))
                        >
                            <option value="" selected=move || region.with(String::is_empty)>
                                "Todas las regiones"
                            </option>
                            {regions.collect_view()}
                        </select>
                    </div>
                }
            })}
        <label class="check">
            <input
                type="checkbox"
                prop:checked=acting
                on:change=move |event| acting.set(event_target_checked(&event))
            />
            "Subrogante"
        </label>
    }
}

//! Addresses and what they show.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

use crate::{
    components::grid,
    installed::Installed,
    lazy::{Lazy, fetch_ahead, lazy_view},
    pages::{
        device::DevicePage,
        exercise::ExercisePage,
        exercises::ExercisesPage,
        meeting::MeetingPage,
        missing::MissingPage,
        rules::{RulePage, RulesPage},
        sign_in::SignInPage,
    },
    session::Session,
    sync::Link,
};

lazy_view!(device_page in beside, DevicePage);
lazy_view!(exercise_page in exercise, ExercisePage);
lazy_view!(meeting_page in beside, MeetingPage);
lazy_view!(rules_page in rules, RulesPage);
lazy_view!(rule_page in rules, RulePage);

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::new();
    provide_context(session);
    provide_context(Installed::new());
    spawn_local(session.begin());
    let connection = StoredValue::new_local(session.connection());
    Effect::new(move |_| {
        if connection.with_value(|connection| connection.link()) == Link::Online {
            session.look();
        }
    });
    fetch_ahead(&[exercise_page, grid::row_card, device_page, rules_page]);
    view! {
        <Router>
            <Routes fallback=MissingPage>
                <Route path=path!("/") view=ExercisesPage />
                <Route path=path!("/equipo") view=|| view! { <Lazy part=device_page /> } />
                <Route path=path!("/ingresar") view=SignInPage />
                <Route path=path!("/ejercicio/:exercise/:table?/:view?") view=|| view! { <Lazy part=exercise_page /> } />
                <Route path=path!("/reunion/:code") view=|| view! { <Lazy part=meeting_page /> } />
                <Route path=path!("/reglas") view=|| view! { <Lazy part=rules_page /> } />
                <Route path=path!("/reglas/:rule") view=|| view! { <Lazy part=rule_page /> } />
            </Routes>
        </Router>
    }
}

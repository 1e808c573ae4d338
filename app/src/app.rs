//! Addresses and what they show.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

use crate::{
    pages::{
        exercise::ExercisePage,
        exercises::ExercisesPage,
        missing::MissingPage,
        rules::{RulePage, RulesPage},
        sign_in::SignInPage,
    },
    session::Session,
};

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::new();
    provide_context(session);
    spawn_local(session.begin());
    view! {
        <Router>
            <Routes fallback=MissingPage>
                <Route path=path!("/") view=ExercisesPage />
                <Route path=path!("/ingresar") view=SignInPage />
                <Route path=path!("/ejercicio/:exercise/:table?") view=ExercisePage />
                <Route path=path!("/reglas") view=RulesPage />
                <Route path=path!("/reglas/:rule") view=RulePage />
            </Routes>
        </Router>
    }
}

//! Addresses and what they show.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

use crate::pages::exercise::ExercisePage;

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    view! {
        <Router>
            <Routes fallback=|| view! { <main><h1>"Esta página no existe"</h1></main> }>
                <Route path=path!("/") view=ExercisePage />
            </Routes>
        </Router>
    }
}

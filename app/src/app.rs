//! Addresses and what they show.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};

use crate::{
    components::grid,
    installed::Installed,
    lazy::{Lazy, fetch_ahead, lazy_view, next_turn},
    pages::{
        account::AccountPage,
        board::BoardPage,
        device::DevicePage,
        exercise::ExercisePage,
        exercises::ExercisesPage,
        invitation::InvitationPage,
        meeting::MeetingPage,
        missing::MissingPage,
        people::{AuditPage, PeoplePage},
        process::ProcessPage,
        receipt::ReceiptPage,
        rules::{RulePage, RulesPage},
        sign_in::SignInPage,
    },
    session::Session,
    sync::Link,
};

lazy_view!(device_page in beside, DevicePage);
lazy_view!(account_page in pages, AccountPage);
lazy_view!(exercise_page in exercise, ExercisePage);
lazy_view!(meeting_page in beside, MeetingPage);
lazy_view!(board_page in pages, BoardPage);
lazy_view!(process_page in pages, ProcessPage);
lazy_view!(receipt_page in pages, ReceiptPage);
lazy_view!(people_page in pages, PeoplePage);
lazy_view!(audit_page in pages, AuditPage);
lazy_view!(invitation_page in pages, InvitationPage);
lazy_view!(rules_page in pages, RulesPage);
lazy_view!(rule_page in pages, RulePage);

/// The whole application.
#[component]
pub fn App() -> impl IntoView {
    let session = Session::new();
    provide_context(session);
    provide_context(Installed::new());
    spawn_local(async move {
        next_turn().await;
        session.begin().await;
    });
    let connection = StoredValue::new_local(session.connection());
    Effect::new(move |_| {
        if connection.with_value(|connection| connection.link()) == Link::Online {
            session.look();
            spawn_local(session.recognise());
        }
    });
    fetch_ahead(&[exercise_page, grid::row_card, device_page, rules_page]);
    view! {
        <Router>
            <Routes fallback=MissingPage>
                <Route path=path!("/") view=ExercisesPage />
                <Route path=path!("/cuenta") view=|| view! { <Lazy part=account_page /> } />
                <Route path=path!("/equipo") view=|| view! { <Lazy part=device_page /> } />
                <Route path=path!("/ingresar") view=SignInPage />
                <Route path=path!("/ejercicio/:exercise/:table?/:view?") view=|| view! { <Lazy part=exercise_page /> } />
                <Route path=path!("/reunion/:code") view=|| view! { <Lazy part=meeting_page /> } />
                <Route path=path!("/personas") view=|| view! { <Lazy part=people_page /> } />
                <Route path=path!("/personas/registro") view=|| view! { <Lazy part=audit_page /> } />
                <Route path=path!("/invitacion/:token") view=|| view! { <Lazy part=invitation_page /> } />
                <Route path=path!("/proceso/:exercise/:part?") view=|| view! { <Lazy part=process_page /> } />
                <Route path=path!("/tablero") view=|| view! { <Lazy part=board_page /> } />
                <Route path=path!("/verificar/:receipt/:code") view=|| view! { <Lazy part=receipt_page /> } />
                <Route path=path!("/reglas") view=|| view! { <Lazy part=rules_page /> } />
                <Route path=path!("/reglas/:rule") view=|| view! { <Lazy part=rule_page /> } />
            </Routes>
        </Router>
    }
}

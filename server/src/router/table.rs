//! Routes with a list of what they are, so that a test can hold the description of the interface
//! (`docs/openapi.json`) against them: axum's router does not tell its own.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    handler::Handler,
    http::Method,
    routing::{MethodRouter, on},
};

use crate::app::App;

/// Routes of the API.
#[derive(Default)]
pub struct Table {
    router: Router<Arc<App>>,
    listed: Vec<(Method, String)>,
}

/// What is answered at one address.
pub struct Methods {
    to: MethodRouter<Arc<App>, Infallible>,
    methods: Vec<Method>,
}

/// Answers one method.
fn at<H: Handler<T, Arc<App>>, T: 'static>(method: Method, handler: H) -> Methods {
    let filter = method.clone().try_into().expect("a method that routes know");
    Methods { to: on(filter, handler), methods: vec![method] }
}

/// Answers GET.
pub fn get<H: Handler<T, Arc<App>>, T: 'static>(handler: H) -> Methods {
    at(Method::GET, handler)
}

/// Answers POST.
pub fn post<H: Handler<T, Arc<App>>, T: 'static>(handler: H) -> Methods {
    at(Method::POST, handler)
}

/// Answers PUT.
pub fn put<H: Handler<T, Arc<App>>, T: 'static>(handler: H) -> Methods {
    at(Method::PUT, handler)
}

/// Answers DELETE.
pub fn delete<H: Handler<T, Arc<App>>, T: 'static>(handler: H) -> Methods {
    at(Method::DELETE, handler)
}

impl Methods {
    /// Answers other methods too.
    pub fn and(mut self, other: Self) -> Self {
        self.methods.extend(other.methods);
        Self { to: self.to.merge(other.to), methods: self.methods }
    }

    /// With layers around all of them.
    pub fn with(
        self,
        layers: impl FnOnce(MethodRouter<Arc<App>, Infallible>) -> MethodRouter<Arc<App>, Infallible>,
    ) -> Self {
        Self { to: layers(self.to), methods: self.methods }
    }
}

impl Table {
    /// With an address more.
    pub fn route(mut self, path: &str, methods: Methods) -> Self {
        let listed = methods.methods.into_iter().map(|method| (method, path.to_owned()));
        self.listed.extend(listed);
        Self { router: self.router.route(path, methods.to), listed: self.listed }
    }

    /// With the addresses of another.
    pub fn merge(mut self, other: Self) -> Self {
        self.listed.extend(other.listed);
        Self { router: self.router.merge(other.router), listed: self.listed }
    }

    /// With layers around all that is there so far.
    pub fn with(self, layers: impl FnOnce(Router<Arc<App>>) -> Router<Arc<App>>) -> Self {
        Self { router: layers(self.router), listed: self.listed }
    }

    /// The router alone.
    pub fn into_router(self) -> Router<Arc<App>> {
        self.router
    }

    /// The list alone.
    pub fn into_list(self) -> Vec<(Method, String)> {
        self.listed
    }
}

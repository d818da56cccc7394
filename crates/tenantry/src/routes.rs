//! Routes that state who may use them. There is no way to add one without saying so.

use axum::{
    Router,
    handler::Handler,
    routing::{self, MethodRouter},
};

use crate::{Auth, Permission, module_report};

/// Routes with their permissions, to be protected by one [`Auth`].
///
/// Each route names its [`Permission`] or is called public; one that does neither does not compile:
///
/// ```compile_fail
/// use tenantry::Routes;
/// Routes::<()>::new().get("/tasks", async || "everybody's tasks");
/// ```
/// ```
/// use tenantry::{Permission, Routes, Tenant};
///
/// let routes = Routes::<()>::new()
///     .public_get("/healthz", async || "ok")
///     .get("/tenant", Permission::users_with_scope("access_as_user"), async |tenant: Tenant| tenant.id().to_string());
/// ```
#[must_use]
pub struct Routes<S = ()> {
    stated: Vec<(String, MethodRouter<S>, Access)>,
    version: Version,
}

/// Whether [`crate::ModuleReport`] is served.
enum Version {
    Kept,
    Told,
}

enum Access {
    Public,
    With(Permission),
}

macro_rules! methods {
    ($($(#[$doc:meta])* $method:ident),*) => {$(
        $(#[$doc])*
        pub fn $method<H, T>(self, path: &str, permission: impl Into<Permission>, handler: H) -> Self
        where
            H: Handler<T, S>,
            T: 'static,
        {
            self.add(path, routing::$method(handler), Access::With(permission.into()))
        }
    )*};
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    pub fn new() -> Self {
        Self { stated: Vec::new(), version: Version::Kept }
    }

    methods! {
        /// `GET` (and `HEAD`) on `path`, for callers with `permission`.
        get,
        /// `POST` on `path`, for callers with `permission`.
        post,
        /// `PUT` on `path`, for callers with `permission`.
        put,
        /// `PATCH` on `path`, for callers with `permission`.
        patch,
        /// `DELETE` on `path`, for callers with `permission`.
        delete
    }

    /// `GET` on `path` for everybody, without a token: health checks and the like.
    pub fn public_get<H, T>(self, path: &str, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.add(path, routing::get(handler), Access::Public)
    }

    /// Serves `GET /.well-known/tenantry` to everybody: name and version of this module, and revision, digest and end of
    /// the allow-list, for release gates (row 118). Default: not served.
    pub fn tell_version(mut self) -> Self {
        self.version = Version::Told;
        self
    }

    fn add(mut self, path: &str, route: MethodRouter<S>, access: Access) -> Self {
        self.stated.push((path.to_owned(), route, access));
        self
    }

    /// The finished router, each route behind its own permission. Routes that are added to it afterwards have no caller:
    /// extractors of this crate refuse there.
    pub fn protect(self, auth: &Auth) -> Router<S> {
        let router = match self.version {
            Version::Kept => Router::new(),
            Version::Told => {
                let auth = auth.clone();
                Router::new().route(module_report::PATH, routing::get(async move || auth.module_report()))
            }
        };
        self.stated.into_iter().fold(router, |router, (path, route, access)| match access {
            Access::Public => router.route(&path, route),
            Access::With(permission) => router.route(&path, route.layer(auth.require(permission))),
        })
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Routes<S> {
    fn default() -> Self {
        Self::new()
    }
}

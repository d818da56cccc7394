//! The tower layer that stands before a route: token first, then permission, then the handler.

use std::{
    future::{Ready, ready},
    sync::Arc,
    task::{Context, Poll},
};

use futures_util::future::{BoxFuture, Either};
use http::{Request, Response};
use tower::{Layer, Service};

use crate::{Auth, Permission, Principal, auth::Judged, decision};

/// Lets requests through to the inner service only for callers with one [`Permission`]. Made by [`Auth::require`].
#[derive(Clone)]
pub struct RequireLayer {
    auth: Auth,
    permission: Arc<Permission>,
}

impl RequireLayer {
    pub(crate) fn new(auth: Auth, permission: Permission) -> Self {
        Self { auth, permission: permission.into() }
    }
}

impl<S> Layer<S> for RequireLayer {
    type Service = Require<S>;

    fn layer(&self, inner: S) -> Require<S> {
        Require { inner, gate: self.clone() }
    }
}

/// The service that [`RequireLayer`] makes.
#[derive(Clone)]
pub struct Require<S> {
    inner: S,
    gate: RequireLayer,
}

impl RequireLayer {
    /// Puts the caller into the request, or gives the answer that ends it.
    fn admit<B, R: From<String>>(
        &self,
        judged: Judged,
        request: &mut Request<B>,
    ) -> Result<(), Box<Response<R>>> {
        match judged {
            Ok(principal) if self.permission.allows(&principal) => {
                decision::accepted(&principal);
                request.extensions_mut().insert(Principal(principal));
                Ok(())
            }
            Ok(principal) => {
                decision::forbidden(&principal);
                Err(Box::new(self.auth.challenges().forbid(&self.permission)))
            }
            Err(rejection) => {
                decision::refused(&rejection);
                Err(Box::new(self.auth.challenges().refuse(&rejection)))
            }
        }
    }
}

/// An answer at once, the inner service's answer, or, when a key has to be fetched first, one that waits.
type Answer<F, R, E> =
    Either<Ready<Result<Response<R>, E>>, Either<F, BoxFuture<'static, Result<Response<R>, E>>>>;

impl<S, B, R> Service<Request<B>> for Require<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    B: Send + 'static,
    R: From<String> + Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Answer<S::Future, R, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        // Whatever the request brought under this type is not ours.
        request.extensions_mut().remove::<Principal>();
        match self.gate.auth.judge_from_memory(request.headers()) {
            Some(judged) => match self.gate.admit(judged, &mut request) {
                Ok(()) => Either::Right(Either::Left(self.inner.call(request))),
                Err(answer) => Either::Left(ready(Ok(*answer))),
            },
            None => Either::Right(Either::Right(self.call_after_fetch(request))),
        }
    }
}

impl<S> Require<S> {
    /// The rare case: the key has to be asked for. Only then is there a future to allocate.
    fn call_after_fetch<B, R>(
        &mut self,
        mut request: Request<B>,
    ) -> BoxFuture<'static, Result<Response<R>, S::Error>>
    where
        S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Send,
        B: Send + 'static,
        R: From<String> + Send + 'static,
    {
        let gate = self.gate.clone();
        // The clone takes the place of the service that was polled ready (tower's rule for cloning in `call`).
        let replacement = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, replacement);
        Box::pin(async move {
            let judged = gate.auth.judge(request.headers().clone()).await;
            match gate.admit(judged, &mut request) {
                Ok(()) => inner.call(request).await,
                Err(answer) => Ok(*answer),
            }
        })
    }
}

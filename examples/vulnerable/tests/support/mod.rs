//! One simulator for all tests of a binary, the programs in front of it, and a caller.

#![allow(clippy::unwrap_used, reason = "helpers of tests: what fails here fails the test")]
#![allow(dead_code, reason = "not every test needs all of it")]

use std::net::SocketAddr;
use std::sync::LazyLock;

use serde_json::Value;
use tenantry_simulator::{Simulator, TokenRequest, builtin};
use vulnerable::{Config, Program, Running, serve};

static SIMULATOR: LazyLock<Simulator> = LazyLock::new(|| {
    let (tell, started) = std::sync::mpsc::channel();
    // Each test has a runtime of its own, which ends with it; the simulator's has to last.
    std::thread::spawn(move || {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            tell.send(Simulator::builder().seed(11).start().await.unwrap()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    started.recv().unwrap()
});

/// The simulator that most tests share. Who changes its keys or faults takes one of their own.
pub(crate) fn simulator() -> &'static Simulator {
    &SIMULATOR
}

/// The built-in tasks API; Contoso and Fabrikam are let in; any port.
pub(crate) fn config(simulator: &Simulator) -> Config {
    let mut config = Config::new(simulator.base(), builtin::API, &[builtin::CONTOSO, builtin::FABRIKAM]);
    config.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config
}

/// A program, and somebody who calls it.
pub(crate) struct Api {
    running: Running,
    http: reqwest::Client,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

impl Api {
    pub(crate) async fn start(program: Program, config: Config) -> Self {
        Self { running: serve(program, config).await.unwrap(), http: reqwest::Client::new() }
    }

    /// `call` is a method and a path; no token where `token` is empty.
    pub(crate) async fn call(&self, call: &str, token: &str) -> Answer {
        let fields: Vec<String> = if token.is_empty() { vec![] } else { vec![format!("Bearer {token}")] };
        self.send(self.request(call, &fields)).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, title: &str) -> Answer {
        let request = self.request(&format!("POST {path}"), &[format!("Bearer {token}")]);
        self.send(request.json(&serde_json::json!({ "title": title }))).await
    }

    /// A request with these `Authorization` fields.
    pub(crate) fn request(&self, call: &str, fields: &[String]) -> reqwest::RequestBuilder {
        let (method, path) = call.split_once(' ').unwrap();
        let request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.running.base()));
        fields.iter().fold(request, |request, field| request.header("authorization", field))
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        Answer { status: response.status().as_u16(), body: response.text().await.unwrap() }
    }
}

/// Contoso's administrator, at the API.
pub(crate) fn admin() -> TokenRequest {
    TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API)
}

pub(crate) fn token(request: &TokenRequest) -> String {
    simulator().mint(request).unwrap().token
}

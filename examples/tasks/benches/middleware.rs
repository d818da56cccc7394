//! What the auth module costs a request: `GET /api/me` with and without it, over HTTP/1.1 in memory, on one thread.
//!
//! *bare*: the caller is put in by hand, nothing is checked. *first*: a token never seen before. *repeated*: a token whose
//! verdict is remembered. The same bytes are sent in all three; rounds alternate, and the median round counts.
//! `--json` ends with one object of microseconds and ratios.

use std::time::{Duration, Instant};

use axum::Router;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tasks::{Config, Store, Tenants};
use tenantry::{Auth, Authority};
use tenantry_simulator::{Simulator, TokenRequest, builtin};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

/// Odd, so that there is a median.
const ROUNDS: usize = 31;
const REQUESTS_PER_ROUND: usize = 100;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// One HTTP/1.1 connection to a service in this process.
struct Connection(DuplexStream);

impl Connection {
    fn to(router: Router) -> Self {
        let (client, server) = tokio::io::duplex(64 << 10);
        let service = TowerToHyperService::new(router);
        tokio::spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(server), service),
        );
        Self(client)
    }

    /// Sends a request; the answer must be a 200 and is read to its end.
    async fn exchange(&mut self, request: &[u8]) -> Result<()> {
        self.0.write_all(request).await?;
        let mut answer = [0; 4096];
        let mut filled = 0;
        while !is_whole(&answer[..filled]) {
            filled += self.0.read(&mut answer[filled..]).await?;
        }
        if answer.starts_with(b"HTTP/1.1 200 ") { Ok(()) } else { Err("not a 200".into()) }
    }

    /// Time per request.
    async fn round<'r>(&mut self, requests: impl Iterator<Item = &'r [u8]>) -> Result<Duration> {
        let start = Instant::now();
        let mut count = 0;
        for request in requests {
            self.exchange(request).await?;
            count += 1;
        }
        Ok(start.elapsed() / count)
    }
}

/// Of our own short answers: a JSON object, the only one, ends the body.
fn is_whole(answer: &[u8]) -> bool {
    answer.ends_with(b"}")
}

fn request(simulator: &Simulator) -> Result<Vec<u8>> {
    let admin = TokenRequest::for_user(builtin::CONTOSO, builtin::CONTOSO_ADMIN).audience(builtin::API);
    let token = simulator.mint(&admin)?.token;
    Ok(format!("GET /api/me HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\r\n")
        .into_bytes())
}

fn config(simulator: &Simulator) -> Result<Config> {
    let listed = Tenants::Listed(vec![builtin::CONTOSO.parse()?]);
    let mut config = Config::new(builtin::API, listed, "sqlite::memory:".parse()?);
    config.authority = Authority::at_host(simulator.base())?;
    Ok(config)
}

/// The caller of `request`.
async fn verified(auth: &Auth, request: &[u8]) -> Result<tenantry::Principal> {
    let text = std::str::from_utf8(request)?;
    let token = text.lines().find_map(|line| line.strip_prefix("authorization: ")).ok_or("no token")?;
    let headers = [(axum::http::header::AUTHORIZATION, token.parse()?)].into_iter().collect();
    Ok(auth.verify(&headers).await?)
}

async fn measure(rounds: usize) -> Result<[Duration; 3]> {
    let simulator = Simulator::builder().seed(7).start().await?;
    let config = config(&simulator)?;
    let store = Store::open(&config.database).await?;
    let auth = tasks::auth(&config).await?;
    let known = request(&simulator)?;
    let caller = verified(&auth, &known).await?;
    let mut bare = Connection::to(tasks::unchecked_for_the_bench(&config, &caller, store.clone()));
    let mut protected = Connection::to(tasks::app(&config, &auth, store));

    let mut times = [const { Vec::new() }; 3];
    for _ in 0..rounds {
        let unknown: Vec<_> = (0..REQUESTS_PER_ROUND).map(|_| request(&simulator)).collect::<Result<_>>()?;
        let same = || std::iter::repeat_n(known.as_slice(), 10 * REQUESTS_PER_ROUND);
        times[0].push(bare.round(same()).await?);
        times[1].push(protected.round(unknown.iter().map(Vec::as_slice)).await?);
        times[2].push(protected.round(same()).await?);
    }
    Ok(times.map(median))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn asked_for(option: &str) -> bool {
    std::env::args().any(|argument| argument == option)
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // `cargo test` only wants to know whether it runs.
    let rounds = if asked_for("--bench") { ROUNDS } else { 1 };
    let [bare, first, repeated] = runtime.block_on(measure(rounds))?.map(|time| time.as_secs_f64() * 1e6);
    println!("GET /api/me           µs per request   ÷ bare");
    for (name, us) in [("bare", bare), ("first", first), ("repeated", repeated)] {
        println!("{name:<20}{us:>16.2}{:>9.3}", us / bare);
    }
    if asked_for("--json") {
        let report = serde_json::json!({
            "bare_us": bare,
            "first_us": first,
            "repeated_us": repeated,
            "first_over_bare": first / bare,
            "repeated_over_bare": repeated / bare,
        });
        println!("{report}");
    }
    Ok(())
}

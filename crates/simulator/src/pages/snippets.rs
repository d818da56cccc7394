//! Configuration to copy: one template per client library, filled with the ids and addresses of this world.

use askama::Template;
use url::form_urlencoded::byte_serialize;

/// A text of the world, which may hold anything: written into a language by that language's rules.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text(pub(crate) String);

impl Text {
    /// A string literal of JavaScript, Python, C#, Java and Go, quotes included: they share JSON's escapes.
    pub(crate) fn json(&self) -> String {
        serde_json::Value::from(self.0.as_str()).to_string()
    }

    /// One word of a POSIX shell.
    pub(crate) fn sh(&self) -> String {
        format!("'{}'", self.0.replace('\'', r"'\''"))
    }

    /// A value in a query.
    pub(crate) fn url(&self) -> String {
        byte_serialize(self.0.as_bytes()).collect::<String>().replace('+', "%20")
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// How the chosen client signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientKind {
    /// From a browser, without a credential.
    Spa,
    /// On somebody's machine, without a credential.
    Native,
    /// From a server, on behalf of people.
    Web,
    /// From a server, as itself.
    Daemon,
}

/// What the templates are filled with.
#[derive(Debug, Clone)]
pub(crate) struct Values {
    pub(crate) kind: ClientKind,
    /// Origin of the authority, `https` where there is such a listener.
    pub(crate) base: String,
    /// `base`, slash, tenant or alias.
    pub(crate) authority: String,
    /// As MSAL lists known authorities.
    pub(crate) host_and_port: String,
    /// Arguments of curl that fetch the certificate authority.
    pub(crate) ca_fetch: String,
    pub(crate) client_id: String,
    /// Empty for public clients.
    pub(crate) secret: Text,
    pub(crate) redirect_uri: Text,
    /// The redirect URI of a single-page application that is the page itself, with its port.
    pub(crate) page_uri: Text,
    pub(crate) page_port: u16,
    /// Origin of the page; empty for other clients.
    pub(crate) page_origin: String,
    pub(crate) api_id: String,
    /// App ID URI, slash, scope.
    pub(crate) scope: Text,
    pub(crate) scope_name: Text,
    pub(crate) default_scope: Text,
    /// Tenants that the API is to accept.
    pub(crate) listed_tenants: Vec<String>,
    /// `name=id`, comma-separated: organisations with a button of their own.
    pub(crate) tenant_buttons: String,
    /// Base of the tasks API.
    pub(crate) tasks_api: String,
    pub(crate) mint_body: Text,
}

impl Values {
    fn is_spa(&self) -> bool {
        self.kind == ClientKind::Spa
    }

    fn is_native(&self) -> bool {
        self.kind == ClientKind::Native
    }

    fn is_web(&self) -> bool {
        self.kind == ClientKind::Web
    }

    fn is_https(&self) -> bool {
        self.base.starts_with("https:")
    }

    fn has_secret(&self) -> bool {
        !self.secret.0.is_empty()
    }

    fn origin_header(&self) -> Text {
        Text(format!("Origin: {}", self.page_origin))
    }

    fn cacert(&self) -> &'static str {
        if self.is_https() { " --cacert ca.pem" } else { "" }
    }
}

/// A block of text with its copy button.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) label: &'static str,
    pub(crate) text: String,
}

/// Everything about one library.
#[derive(Debug, Clone)]
pub(crate) struct Snippet {
    /// Element id, and value of `show` in the page's address.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// Why there is none for the chosen client.
    pub(crate) instead: Option<&'static str>,
    pub(crate) blocks: Vec<Block>,
}

/// Every library, in the order of the page.
pub(crate) fn snippets(v: &Values) -> Vec<Snippet> {
    let spa = if v.is_spa() { vec![spa(v), tasks_spa(v)] } else { Vec::new() };
    spa.into_iter().chain(programs(v)).chain([tenantry(v), tasks(v), curl(v)]).collect()
}

macro_rules! templates {
    ($($name:ident = $path:literal;)*) => {
        $(
            #[derive(Template)]
            #[template(path = $path, escape = "none")]
            struct $name<'a> {
                v: &'a Values,
            }
        )*
    };
}

templates! {
    SpaWhole = "snippets/spa_whole.sh";
    SpaConfig = "snippets/spa_config.js";
    TasksSpa = "snippets/tasks_spa.env";
    Node = "snippets/node.mjs";
    Python = "snippets/python.py";
    DotNet = "snippets/dotnet.cs";
    Java = "snippets/java.java";
    Go = "snippets/go.go";
    Tenantry = "snippets/tenantry.rs";
    Tasks = "snippets/tasks.env";
    CurlProgram = "snippets/curl_program.sh";
    CurlDevice = "snippets/curl_device.sh";
    CurlDeviceRedeem = "snippets/curl_device_redeem.sh";
    CurlCode = "snippets/curl_code.sh";
    CurlCodeRedeem = "snippets/curl_code_redeem.sh";
    CurlMint = "snippets/curl_mint.sh";
}

/// Who must trust the simulator's certificate authority.
#[derive(Debug, Clone, Copy)]
enum Runtime {
    Node,
    Python,
    OpenSsl,
    Java,
    /// Takes the file itself.
    File,
}

#[derive(Template)]
#[template(path = "snippets/trust.sh", escape = "none")]
struct Trust<'a> {
    v: &'a Values,
    runtime: Runtime,
}

fn block(label: &'static str, template: &impl Template) -> Block {
    // Writing to a String fails only if a template does, and these have no fallible parts.
    let text = template.render().unwrap_or_default();
    Block { label, text: format!("{}\n", text.trim_end()) }
}

fn trust(v: &Values, runtime: Runtime) -> Block {
    block("Trust the simulator (shell)", &Trust { v, runtime })
}

fn spa(v: &Values) -> Snippet {
    let blocks = vec![
        block("A page from nothing (shell, with Node.js)", &SpaWhole { v }),
        block("Or: configuration for a page that you have", &SpaConfig { v }),
    ];
    Snippet { id: "msal-browser", title: "Single-page application: MSAL.js", instead: None, blocks }
}

fn tasks_spa(v: &Values) -> Snippet {
    let blocks = vec![block(".env.local", &TasksSpa { v })];
    Snippet { id: "tasks-spa", title: "Single-page application: examples/tasks-spa", instead: None, blocks }
}

fn programs(v: &Values) -> Vec<Snippet> {
    let library = |id, title, runtime, code: Block| {
        let instead = v.is_spa().then_some(
            "The chosen application is a single-page one: only a browser may sign in as it. Choose a native, web or daemon application for this library.",
        );
        let blocks = if instead.is_some() { Vec::new() } else { vec![trust(v, runtime), code] };
        Snippet { id, title, instead, blocks }
    };
    vec![
        library("msal-node", "MSAL Node", Runtime::Node, block("JavaScript (.mjs)", &Node { v })),
        library("msal-python", "MSAL Python", Runtime::Python, block("Python", &Python { v })),
        library("msal-dotnet", "MSAL.NET", Runtime::OpenSsl, block("C#", &DotNet { v })),
        library("msal-java", "MSAL Java", Runtime::Java, block("Java", &Java { v })),
        library("msal-go", "MSAL Go", Runtime::OpenSsl, block("Go", &Go { v })),
    ]
}

fn tenantry(v: &Values) -> Snippet {
    let blocks = vec![trust(v, Runtime::File), block("Rust", &Tenantry { v })];
    Snippet { id: "tenantry", title: "An API: the tenantry crate", instead: None, blocks }
}

fn tasks(v: &Values) -> Snippet {
    let blocks = vec![trust(v, Runtime::File), block("Environment", &Tasks { v })];
    Snippet { id: "tasks", title: "An API: examples/tasks", instead: None, blocks }
}

fn curl(v: &Values) -> Snippet {
    let mut blocks = vec![trust(v, Runtime::File)];
    match v.kind {
        ClientKind::Daemon => blocks.push(block("Client credentials", &CurlProgram { v })),
        ClientKind::Native => {
            blocks.push(block("Device code: ask for one", &CurlDevice { v }));
            blocks.push(block("Device code: redeem it after the sign-in", &CurlDeviceRedeem { v }));
        }
        ClientKind::Web | ClientKind::Spa => {}
    }
    if !v.redirect_uri.0.is_empty() {
        blocks.push(block("Authorization code with PKCE: where to sign in", &CurlCode { v }));
        blocks.push(block("Authorization code with PKCE: redeem it", &CurlCodeRedeem { v }));
    }
    blocks.push(block("Mint a token", &CurlMint { v }));
    Snippet { id: "curl", title: "curl", instead: None, blocks }
}

#[cfg(test)]
impl Values {
    /// A client of that kind, with a text in every place that the world decides.
    pub(super) fn sample(kind: ClientKind, text: &str) -> Self {
        let confidential = matches!(kind, ClientKind::Web | ClientKind::Daemon);
        Self {
            kind,
            base: "https://localhost:9443".to_owned(),
            authority: "https://localhost:9443/organizations".to_owned(),
            host_and_port: "localhost:9443".to_owned(),
            ca_fetch: " http://localhost:9400/sim/ca.pem".to_owned(),
            client_id: "a0000000-0000-4000-8000-000000000010".to_owned(),
            secret: Text(if confidential { text.to_owned() } else { String::new() }),
            redirect_uri: Text("http://localhost:5173/".to_owned()),
            page_uri: Text("http://localhost:5173/".to_owned()),
            page_port: 5173,
            page_origin: "http://localhost:5173".to_owned(),
            api_id: "a0000000-0000-4000-8000-000000000001".to_owned(),
            scope: Text(format!("api://a0000000-0000-4000-8000-000000000001/{text}")),
            scope_name: Text(text.to_owned()),
            default_scope: Text("api://a0000000-0000-4000-8000-000000000001/.default".to_owned()),
            listed_tenants: vec!["c0000000-0000-4000-a000-000000000001".to_owned()],
            tenant_buttons: "Contoso=c0000000-0000-4000-a000-000000000001".to_owned(),
            tasks_api: "http://localhost:3000".to_owned(),
            mint_body: Text(r#"{"tenant":"contoso.example"}"#.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [ClientKind; 4] = [ClientKind::Spa, ClientKind::Native, ClientKind::Web, ClientKind::Daemon];

    fn text_of(kind: ClientKind, text: &str, id: &str) -> String {
        let all = snippets(&Values::sample(kind, text));
        let snippet = all.into_iter().find(|snippet| snippet.id == id).unwrap();
        snippet.blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn each_library_is_told_the_client_the_authority_and_whom_to_trust() {
        for (id, kinds, expected) in [
            (
                "msal-browser",
                &KINDS[..1],
                &["knownAuthorities: [\"localhost:9443\"]", "redirectUri: \"http://"][..],
            ),
            ("msal-node", &KINDS[1..], &["knownAuthorities: [\"localhost:9443\"]", "NODE_EXTRA_CA_CERTS"]),
            (
                "msal-python",
                &KINDS[1..],
                &["instance_discovery=False", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"],
            ),
            ("msal-dotnet", &KINDS[1..], &["WithInstanceDiscovery(false)", "SSL_CERT_FILE"]),
            ("msal-java", &KINDS[1..], &["instanceDiscovery(false)", "trustStore=", "keytool"]),
            ("msal-go", &KINDS[1..], &["WithInstanceDiscovery(false)", "SSL_CERT_FILE"]),
            ("curl", &KINDS[..], &["--cacert ca.pem", "/sim/tokens"]),
        ] {
            for kind in kinds {
                let text = text_of(*kind, "access_as_user", id);
                let always = ["a0000000-0000-4000-8000-000000000010", "https://localhost:9443/organizations"];
                for part in always.iter().chain(expected) {
                    let is_mint_only = id == "curl" && *kind == ClientKind::Daemon;
                    assert!(text.contains(part) || is_mint_only, "{id} {kind:?} lacks {part}: {text}");
                }
            }
        }
    }

    #[test]
    fn apis_are_told_their_audience_and_whom_to_let_in() {
        let rust = text_of(ClientKind::Spa, "access_as_user", "tenantry");
        assert!(rust.contains("Audience::new(\"a0000000-0000-4000-8000-000000000001\")"), "{rust}");
        assert!(rust.contains("\"c0000000-0000-4000-a000-000000000001\".parse()?"), "{rust}");
        let environment = text_of(ClientKind::Spa, "access_as_user", "tasks");
        for line in [
            "AZURE_AUTHORITY_HOST=https://localhost:9443\n",
            "AZURE_API_CLIENT_ID=a0000000-0000-4000-8000-000000000001\n",
            "ALLOWED_TENANT_IDS=c0000000-0000-4000-a000-000000000001\n",
            "ALLOWED_ORIGINS=http://localhost:5173\n",
            "TASKS_CA_FILE=ca.pem\n",
        ] {
            assert!(environment.contains(line), "{line} in {environment}");
        }
    }

    #[test]
    fn a_secret_cannot_leave_its_quotes() {
        let secret = r#"a"b'c\d"#;
        for id in ["msal-node", "msal-python", "msal-dotnet", "msal-java", "msal-go"] {
            assert!(text_of(ClientKind::Daemon, secret, id).contains(r#""a\"b'c\\d""#), "{id}");
        }
        assert!(text_of(ClientKind::Daemon, secret, "curl").contains(r#"'a"b'\''c\d'"#));
    }

    #[test]
    fn public_clients_get_no_secret_and_pages_no_programs() {
        for kind in [ClientKind::Spa, ClientKind::Native] {
            for snippet in snippets(&Values::sample(kind, "x")) {
                for block in snippet.blocks {
                    let text = block.text.to_lowercase();
                    assert!(!text.contains("secret"), "{} {kind:?}: {text}", snippet.id);
                }
            }
        }
        assert!(snippets(&Values::sample(ClientKind::Spa, "x")).iter().any(|one| one.instead.is_some()));
    }
}

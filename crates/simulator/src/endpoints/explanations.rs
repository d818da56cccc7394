//! What each code means and what to do about it: the one text behind error pages and `/error?code=n`. How to provoke
//! each is in `docs/reference/simulator-errors.md`; `tests/error_reference.rs` compares the two with the constants.

/// A code, what it means, what to do.
type Row = (u32, &'static str, &'static str);

/// What is known of a code: its meaning and what to do.
pub(super) fn of(code: u32) -> Option<(&'static str, &'static str)> {
    ALL.iter().find(|(known, _, _)| *known == code).map(|(_, meaning, advice)| (*meaning, *advice))
}

const DIRECTORY: &str = "The names and passwords of this world are listed at /sim.";
const NATIVE_LIST: &str = "The native list of allowed tenants keeps this tenant out. POST {\"enabled\":false} to /sim/native-allow-list to see whether the API's own check holds.";
const SIGN_IN_AGAIN: &str = "Let the person sign in again.";
const NEW_ASSERTION: &str =
    "Make a new assertion; the clocks of client and simulator must agree (/sim/clock).";
const ASK_ADMIN: &str = "Only an administrator of the tenant can grant this: /{tenant}/v2.0/adminconsent?client_id={client}&scope={scope}. Who is one is listed at /sim; guests are none. Whether people may consent for themselves is the tenant's user_consent.";
const DISABLED: &str = "The application, or its service principal in this tenant, has enabled = false.";

const ALL: &[Row] = &[
    (
        1002012,
        "A program asked for something else than everything of one API.",
        "Ask for exactly {resource}/.default.",
    ),
    (
        500011,
        "The API is not known, or has no service principal in the tenant.",
        "No API has this client id or App ID URI. Those of this world are listed at /sim.",
    ),
    (
        500014,
        "The API is disabled.",
        "The API, or its service principal in this tenant, has enabled = false.",
    ),
    (
        50011,
        "The redirect URI is not registered for the application.",
        "Send a redirect URI that is registered for the application, to the letter; for native clients any port of http://localhost will do.",
    ),
    (
        500112,
        "The redirect URI is not the one of the authorization request.",
        "Send the same redirect_uri in both requests.",
    ),
    (
        50013,
        "The assertion is no token of this simulator.",
        "Send the access token that the API received, unchanged.",
    ),
    (
        500131,
        "The assertion is a token for somebody else.",
        "Only the API that a token is for can exchange it.",
    ),
    (500133, "The assertion has expired, or is not valid yet.", "Ask the caller for a fresh access token."),
    (
        50020,
        "The account is neither at home in the tenant nor a guest there.",
        "The account is not in this tenant. Sign in with another one, address the account's home tenant, or invite it as a guest. (If the application is missing in the tenant and not the person, the code is 700016.)",
    ),
    (
        50027,
        "The assertion is no well-formed JWT, or not signed with RS256 or PS256.",
        "Send a compact JWT; see the client's certificate settings.",
    ),
    (50034, "No account has this name.", DIRECTORY),
    (
        50049,
        "The authority that instance discovery was asked about is not one of this simulator's.",
        "Use the base that /sim names, and tell the client to trust it (knownAuthorities, instance_discovery=False).",
    ),
    (
        50057,
        "The account is disabled.",
        "The person's account has enabled = false, at home or in this tenant.",
    ),
    (50058, "A silent request found no session that fits.", "Ask interactively: without prompt=none."),
    (
        50076,
        "The sign-in does not satisfy the authentication context that is demanded.",
        "Ask interactively, with the claims of the answer as the claims parameter.",
    ),
    (
        50105,
        "The application is only for people who were assigned to it.",
        "The application lets only people in who were assigned to it: add the person, or a group, to the assignments of its service principal in this tenant, give the person one of its app roles, or set assignment_required = false.",
    ),
    (
        501051,
        "The API is only for programs that were granted a role.",
        "The API lets only assigned programs in: grant the client one of its app roles, by admin consent or in the world file.",
    ),
    (50126, "The password is wrong.", DIRECTORY),
    (
        50147,
        "The code challenge is too short or too long.",
        "Send the base64url form of a SHA-256 digest, 43 characters.",
    ),
    (
        501481,
        "The code verifier does not belong to the code challenge.",
        "Keep the verifier of each authorization request until its code is redeemed.",
    ),
    (50149, "The code challenge method is unknown.", "Use code_challenge_method=S256."),
    (50173, "The person changed the password since the sign-in.", SIGN_IN_AGAIN),
    (
        50194,
        "The application is for one tenant and was used at common or organizations.",
        "The application is for accounts of its home tenant only: use that tenant's address, or give it another sign_in_audience.",
    ),
    (54005, "The code was redeemed before.", "Redeem each code once; ask for a new one."),
    (
        65001,
        "Nobody consented to what the client asks for.",
        "Nobody consented. Send the person through the authorize endpoint without prompt=none, which asks; or let an administrator consent for everybody: /{tenant}/v2.0/adminconsent?client_id={client}&scope={scope}. What was granted is listed at /sim.",
    ),
    (65004, "Consent was refused.", "Consent was refused on the page. The application may ask again."),
    (
        650052,
        "The API has no service principal in the tenant.",
        "The API has no service principal in this tenant: somebody has to consent to it there. List the client in the API's known_clients and ask for {api}/.default, so that one consent brings in both (same home tenant only); or give the API a redirect URI and let an administrator consent to it by itself: /{tenant}/v2.0/adminconsent?client_id={api}&scope={api}/.default.",
    ),
    (
        650057,
        "The client's registration does not list the API.",
        "/.default means the permissions that the registration lists: add the API to the client's required_permissions, or name the scope.",
    ),
    (
        650059,
        "The application was narrowed to its home tenant after others had consented.",
        "The application's sign_in_audience was narrowed; widen it, or remove its service principal here.",
    ),
    (70000, "The code or refresh token is not known, or another client's.", SIGN_IN_AGAIN),
    (
        700005,
        "The code was issued for another tenant.",
        "Redeem it at the tenant, or the alias, that was asked for it.",
    ),
    (70001, "The application's registration is disabled.", DISABLED),
    (7000112, "The application is disabled in the tenant.", DISABLED),
    (
        7000114,
        "The token cannot be exchanged on behalf of anybody.",
        "Send an access token with delegated permissions: no program's, no ID token, none of an application with a key of its own.",
    ),
    (7000118, "The API's developer allows other tenants only.", NATIVE_LIST),
    (7000119, "The client's developer allows other tenants only.", NATIVE_LIST),
    (
        700016,
        "The application is not known in the tenant.",
        "The client id is unknown, the application is for another tenant's accounts only, or nobody in this tenant consented to it yet: the authorize endpoint asks people, /{tenant}/v2.0/adminconsent asks an administrator.",
    ),
    (700021, "The client assertion's issuer or subject is not the client id.", NEW_ASSERTION),
    (
        7000215,
        "The client secret is wrong.",
        "Send the secret's value and not its id. The secrets of this world are listed at /sim.",
    ),
    (
        7000218,
        "A confidential client sent no credential.",
        "Send client_secret or client_assertion, or register the redirect URI as native or spa.",
    ),
    (
        700022,
        "One token was asked for several APIs.",
        "Ask for one token per API; the authorize endpoint takes scopes of several, to ask for consent once.",
    ),
    (
        7000222,
        "The client secret has expired.",
        "Use another secret of the application, or move the clock back (/sim/clock).",
    ),
    (
        7000229,
        "The program has no service principal in the tenant.",
        "The program has no service principal in this tenant: let an administrator of the tenant consent to it, /{tenant}/v2.0/adminconsent?client_id={client}&scope={api}/.default.",
    ),
    (
        700023,
        "The client assertion is for another audience.",
        "Its aud must be the token endpoint or the tenant's issuer.",
    ),
    (700024, "The client assertion has expired, or is not valid yet.", NEW_ASSERTION),
    (
        700025,
        "A public client sent a credential.",
        "Leave out the secret or assertion, or redirect to a web platform.",
    ),
    (
        700027,
        "The client assertion's certificate is not registered, or its signature is wrong.",
        "Add the certificate to the application in the world, and sign with its key.",
    ),
    (70003, "The grant type is not supported.", "Use one of the grant types in docs/reference/simulator.md."),
    (700054, "The response type is not enabled for the application.", "Use response_type=code."),
    (70007, "The response mode is not supported.", "Use query, fragment or form_post."),
    (70008, "The code has expired.", SIGN_IN_AGAIN),
    (700082, "The refresh token was not used for 90 days.", SIGN_IN_AGAIN),
    (700084, "The refresh token of a single-page application is older than 24 hours.", SIGN_IN_AGAIN),
    (
        70011,
        "The API does not define the scope.",
        "Write scopes as {App ID URI}/{name}, with a name that the API defines, and /.default alone for its API.",
    ),
    (70016, "Nobody has decided about the device yet.", "Ask again after the interval."),
    (70017, "The person declined to sign the device in.", "Start again, and accept."),
    (
        70018,
        "The user code is unknown or was used, or too many wrong ones were typed.",
        "Type the code that the device shows now; after many wrong ones wait a minute.",
    ),
    (70019, "The device code is unknown, or the user code has expired.", "Start again at the device."),
    (70020, "The device code has expired.", "Start again at the device."),
    (
        70021,
        "No federated credential of the application fits the token.",
        "Compare issuer, subject and audience of the token with the registration's, to the letter.",
    ),
    (
        90002,
        "The tenant is not known.",
        "Use a tenant id or a verified domain from /sim, or common, organizations, consumers.",
    ),
    (900021, "The tenant id is empty.", "Use a tenant id or a verified domain from /sim."),
    (
        900023,
        "The tenant in the address is neither an id nor a host name.",
        "Use a tenant id or a verified domain from /sim, or common, organizations, consumers.",
    ),
    (
        9001023,
        "The grant needs a tenant and was asked for at an alias.",
        "Programs, and administrators who consent, need a tenant in the address and no alias.",
    ),
    (90013, "The consent could not be recorded.", "Somebody changed the world meanwhile; ask again."),
    (900144, "A parameter is missing.", "Add the parameter that is named in the description."),
    (9002313, "The request is malformed.", "Compare it with RFC 6749 and with what MSAL sends."),
    (
        9002325,
        "A single-page application must use PKCE with S256.",
        "Send code_challenge and code_challenge_method=S256.",
    ),
    (
        9002326,
        "A web page redeemed what was not issued to a single-page application.",
        "Register the redirect URI with platform spa, or redeem from a server.",
    ),
    (
        9002327,
        "What was issued to a single-page application was redeemed without an Origin header.",
        "Redeem from a browser, or register the redirect URI with platform web or native.",
    ),
    (
        9002331,
        "The application is for personal accounts only.",
        "Use consumers or common, or widen sign_in_audience.",
    ),
    (
        9002332,
        "The application is for accounts of organisations only.",
        "Use organizations or a tenant, or widen sign_in_audience to personal accounts.",
    ),
    (
        90023,
        "There is nothing at the address.",
        "Compare the path with /{tenant}/v2.0/.well-known/openid-configuration.",
    ),
    (90033, "A signing key can neither be made nor kept.", "See whether the state directory can be written."),
    (900561, "The endpoint was asked with another method.", "Use POST."),
    (90093, "Only an administrator can do this.", ASK_ADMIN),
    (90094, "Only an administrator can consent to this.", ASK_ADMIN),
    (90095, "Only an administrator can consent to this, who can be asked.", ASK_ADMIN),
    (
        900971,
        "There is no address to answer to.",
        "Send a registered redirect_uri, or register one: the answer has nowhere to go.",
    ),
    (
        90100,
        "The claims parameter makes no sense.",
        "Send a JSON object as in OpenID Connect Core, section 5.5.",
    ),
    (
        901002,
        "Version 2 of the endpoint has no resource parameter.",
        "Use scope, for example {resource}/.default.",
    ),
];

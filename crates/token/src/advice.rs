//! What an operator can do about a rejection, by its code.

/// One or two sentences: the likeliest cause first.
pub(crate) fn on(code: &str) -> &'static str {
    match code {
        "no_token" => "Send `Authorization: Bearer <access token>`.",
        "several_credentials" => "Send one `Authorization` field. A proxy in between may add its own.",
        "malformed_credentials" => "Send `Bearer`, one space and the token, without quotes or further words.",
        "token_too_large" => {
            "Ask for fewer groups in the token (`groupMembershipClaims: ApplicationGroup`), or raise the limit."
        }
        "malformed_token" => {
            "Send the access token exactly as the token endpoint gave it. Opaque and encrypted tokens are not for this API."
        }
        "malformed_header" | "malformed_claims" => "No Entra token looks like this: find out who made it.",
        "forbidden_header" | "key_in_header" => {
            "No Entra token looks like this: somebody may be trying out attacks."
        }
        "algorithm" => {
            "Entra signs with RS256. Add the algorithm to the authority only if its provider really uses it."
        }
        "key_id" => "Entra always names its key: find out who made this token.",
        "tenant_id" => {
            "The token does not say which organisation it is from. Personal and B2C tokens may lack `tid`."
        }
        "version" => "The token is neither v1.0 nor v2.0.",
        "issuer" => {
            "Check the configured cloud or authority, and whether it accepts this token version (`requestedAccessTokenVersion` of the API)."
        }
        "tenant" => {
            "If this organisation is a customer, put its tenant id on the allow-list. Guests must sign in at the tenant that invited them."
        }
        "unknown_key" => {
            "Keys may just have been rotated: the next refresh will fetch them. Otherwise the token is from another cloud, or forged."
        }
        "keys_unavailable" => {
            "Check that the authority can be reached from here; keys are kept through an outage once they were fetched."
        }
        "key_issuer" => {
            "The key exists, but for another issuer (personal accounts, another cloud): the token is forged or misrouted."
        }
        "key_algorithm" => {
            "The header asks for another algorithm than the key's: the token is forged or the key set is wrong."
        }
        "signature" => "The token was altered or forged, or cut while copying.",
        "expired" => "Get a new token. If it is new, check this machine's clock.",
        "not_yet_valid" => {
            "Check this machine's clock; more than the leeway separates it from the authority's."
        }
        "lifetime" => "The time claims make no sense: no Entra token looks like this.",
        "audience" => {
            "The client must ask for this API's scope. v2.0 tokens name the client id, v1.0 tokens the App ID URI: configure what is really sent."
        }
        "kind" => {
            "The client sent its ID token, or a token for something else. It must send the access token for this API's scope."
        }
        "identity" => {
            "A claim that identifies the caller is missing. For applications: create their service principal in the tenant."
        }
        "guest" => "This tenant's policy does not let guests in.",
        "client" => "Put the application's client id on the list of allowed clients, if it may call.",
        _ => "See the reason.",
    }
}

#[cfg(test)]
mod tests {
    /// Row 108: there is something to say about each.
    #[test]
    fn every_code_has_advice_of_its_own_kind() {
        for (code, _) in crate::Rejection::CODES {
            assert_ne!(super::on(code), super::on("unheard of"), "{code}");
        }
    }
}

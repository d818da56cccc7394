//! Step 9, second half: who calls, as user or as application, as member or as guest (T-017, T-018).

use crate::{
    Authentication, AuthorityKind, ClientId, ClientProof, Guests, Membership, ObjectId, Principal,
    PrincipalKind, Rejection, TenantId, TenantPolicy, UnixTime,
    claims::Claims,
    issuer::Origin,
    jws::json::{Member, Text},
};

/// The caller, identified.
pub(crate) struct Caller {
    tenant: TenantId,
    object_id: Option<ObjectId>,
    subject: Option<Box<str>>,
    kind: PrincipalKind,
    membership: Membership,
    pub(crate) client_id: ClientId,
    scopes: Box<str>,
    roles: Box<[Box<str>]>,
}

impl Caller {
    /// Reads who is calling; whatever is missing or ill-typed refuses.
    pub(crate) fn identify(
        claims: &Claims<'_>,
        origin: Origin<'_>,
        policy: TenantPolicy,
    ) -> Result<Self, Rejection> {
        let from_entra = origin.authority.kind() != AuthorityKind::OpenId;
        let tenant = origin.claimed_tenant;
        let client_id = client_id(claims, from_entra)?;
        let scopes = delegated_scopes(claims, from_entra)?;
        let kind = kind(claims, scopes.is_some())?;
        let subject = subject(claims)?;
        if kind == PrincipalKind::Application && !is_its_own_subject(claims, from_entra) {
            return Err(Rejection::Kind { problem: "has no scopes, and marks of a person" });
        }
        let object_id = if from_entra { Some(object_id(claims)?) } else { None };
        if object_id.is_none() && subject.is_none() {
            return Err(Rejection::Identity { claim: "sub", problem: "is missing" });
        }
        let membership = if from_entra { membership(claims, tenant)? } else { Membership::Member };
        if membership == Membership::Guest && policy.guests == Guests::Refused {
            return Err(Rejection::Guest { tenant });
        }
        let (subject, scopes) = (subject.map(Into::into), scopes.unwrap_or_default().into());
        Ok(Self { tenant, object_id, subject, kind, membership, client_id, scopes, roles: roles(claims)? })
    }

    /// The rest of what a principal shows. None of it decides anything: ill-typed is as good as absent.
    pub(crate) fn into_principal(self, claims: &Claims<'_>, expires_at: UnixTime) -> Principal {
        let text = |member: &Member<Text<'_>>| member.value().map(|text| (&**text).into());
        Principal {
            tenant: self.tenant,
            object_id: self.object_id,
            subject: self.subject,
            kind: self.kind,
            membership: self.membership,
            client_id: self.client_id,
            roles: self.roles,
            scopes: self.scopes,
            authentication: Authentication {
                at: claims.auth_time.value().map(|at| UnixTime::from_secs(*at as i64)),
                methods: texts(claims.amr.value()),
                contexts: texts(claims.acrs.value()),
                client: client_proof(claims),
            },
            expires_at,
            token_id: text(&claims.uti).or_else(|| text(&claims.jti)),
            display_name: text(&claims.name),
        }
    }
}

/// The claim that names the client application: `azp` in v2.0 tokens, `appid` in v1.0 ones, which Entra's ID tokens have
/// not. Elsewhere `client_id` alone (RFC 9068 §2.2): ID tokens of other providers do have an `azp`.
pub(crate) fn client_claim<'c, 't>(
    claims: &'c Claims<'t>,
    from_entra: bool,
) -> (&'static str, &'c Member<Text<'t>>) {
    let is_v1 = claims.ver.value().is_some_and(|ver| ver == "1.0");
    match (from_entra, is_v1) {
        (true, true) => ("appid", &claims.appid),
        (true, false) => ("azp", &claims.azp),
        (false, _) => ("client_id", &claims.client_id),
    }
}

fn client_id(claims: &Claims<'_>, from_entra: bool) -> Result<ClientId, Rejection> {
    let (claim, member) = client_claim(claims, from_entra);
    match member {
        Member::Is(client) if !client.is_empty() => Ok(ClientId::new(client)),
        Member::Absent => Err(Rejection::Kind { problem: "names no client application, like an ID token" }),
        Member::Is(_) | Member::IllTyped => Err(Rejection::Identity { claim, problem: "is not a client id" }),
    }
}

/// `scp` with Entra; `scope` with others (RFC 9068 §2.2.3).
fn delegated_scopes<'c>(claims: &'c Claims<'_>, from_entra: bool) -> Result<Option<&'c str>, Rejection> {
    let (claim, member) = if from_entra { ("scp", &claims.scp) } else { ("scope", &claims.scope) };
    match member {
        Member::Is(scopes) => Ok(Some(scopes)),
        Member::Absent => Ok(None),
        Member::IllTyped => Err(Rejection::Identity { claim, problem: "is not a text" }),
    }
}

/// Without `idtyp`, an optional claim, the absence of `scp` makes an application (T-018).
fn kind(claims: &Claims<'_>, has_scopes: bool) -> Result<PrincipalKind, Rejection> {
    let idtyp = match &claims.idtyp {
        Member::Is(idtyp) => Some(&**idtyp),
        Member::Absent => None,
        Member::IllTyped => return Err(Rejection::Kind { problem: "`idtyp` is not a text" }),
    };
    match (idtyp, has_scopes) {
        (None | Some("user"), true) => Ok(PrincipalKind::User),
        (None | Some("app"), false) => Ok(PrincipalKind::Application),
        (Some("app"), true) => {
            Err(Rejection::Kind { problem: "`idtyp` is `app`, and yet there are delegated scopes" })
        }
        (Some("user"), false) => {
            Err(Rejection::Kind { problem: "`idtyp` is `user`, and yet there are no delegated scopes" })
        }
        (Some(_), _) => Err(Rejection::Kind { problem: "`idtyp` is neither `user` nor `app`" }),
    }
}

/// Without scopes a token is an application's only if nothing speaks of a person: a person's token that lost its scopes
/// must not open what is meant for daemons. Entra says so with `idtyp`, an optional claim; otherwise an application's `sub`
/// is its `oid`, and a public client cannot call for itself. Elsewhere its `sub` is its client id (RFC 9068 §2.2).
fn is_its_own_subject(claims: &Claims<'_>, from_entra: bool) -> bool {
    let same_or_absent =
        |other: &Member<Text<'_>>| claims.sub.value().is_none_or(|sub| Some(sub) == other.value());
    match from_entra {
        false => same_or_absent(&claims.client_id),
        true if claims.idtyp.is_present() => true,
        true => client_proof(claims) != Some(ClientProof::None) && same_or_absent(&claims.oid),
    }
}

/// The object in the tenant's directory. An application without one has no service principal there (row 9).
fn object_id(claims: &Claims<'_>) -> Result<ObjectId, Rejection> {
    let refused = |problem| Rejection::Identity { claim: "oid", problem };
    match &claims.oid {
        Member::Is(oid) => oid.parse().map_err(|_| refused("is not a GUID in lower case")),
        Member::Absent => Err(refused("is missing: the caller has no object in the tenant's directory")),
        Member::IllTyped => Err(refused("is not a text")),
    }
}

fn client_proof(claims: &Claims<'_>) -> Option<ClientProof> {
    match &**claims.azpacr.value().or(claims.appidacr.value())? {
        "0" => Some(ClientProof::None),
        "1" => Some(ClientProof::Secret),
        "2" => Some(ClientProof::Certificate),
        _ => None,
    }
}

fn subject<'c>(claims: &'c Claims<'_>) -> Result<Option<&'c str>, Rejection> {
    match &claims.sub {
        Member::Is(sub) if !sub.is_empty() => Ok(Some(sub)),
        Member::Absent => Ok(None),
        Member::Is(_) => Err(Rejection::Identity { claim: "sub", problem: "is empty" }),
        Member::IllTyped => Err(Rejection::Identity { claim: "sub", problem: "is not a text" }),
    }
}

fn roles(claims: &Claims<'_>) -> Result<Box<[Box<str>]>, Rejection> {
    match &claims.roles {
        Member::IllTyped => Err(Rejection::Identity { claim: "roles", problem: "is not a list of texts" }),
        roles => Ok(texts(roles.value())),
    }
}

fn texts(list: Option<&Vec<Text<'_>>>) -> Box<[Box<str>]> {
    list.into_iter().flatten().map(|text| (&**text).into()).collect()
}

/// `acct` = 1 says guest; so does an identity provider that is not this tenant (Entra, "User tokens" of External ID).
fn membership(claims: &Claims<'_>, tenant: TenantId) -> Result<Membership, Rejection> {
    let by_account = match &claims.acct {
        Member::Absent => false,
        Member::Is(0.0) => false,
        Member::Is(1.0) => true,
        Member::Is(_) | Member::IllTyped => {
            return Err(Rejection::Identity { claim: "acct", problem: "is neither 0 nor 1" });
        }
    };
    let by_provider = match (&claims.idp, &claims.iss) {
        (Member::Absent, _) => false,
        (Member::Is(idp), Member::Is(iss)) => idp != iss && !names_tenant(idp, tenant),
        _ => return Err(Rejection::Identity { claim: "idp", problem: "is not a text" }),
    };
    Ok(if by_account || by_provider { Membership::Guest } else { Membership::Member })
}

/// A v2.0 `iss` and an `idp` on `sts.windows.net` differ as texts for one tenant: the id within is what counts.
fn names_tenant(idp: &str, tenant: TenantId) -> bool {
    idp.split('/').any(|segment| segment.parse() == Ok(tenant))
}

//! A signature, and the role it was made in. No signature can serve in another role: the role is part of what is signed.

use serde::{Deserialize, Serialize};

use crate::{ApprovedKey, ApprovedKeys, LockFault, PublicKey, Signer, approved};

/// What a signature says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// "I propose this list."
    Proposer,
    /// "I have read this list, and take it."
    Reviewer,
    /// "Take these tenants off at once."
    Remover,
}

impl Role {
    /// The DSSE payload type.
    fn payload_type(self) -> &'static str {
        match self {
            Self::Proposer => "application/vnd.tenantry.allow-list.proposal+json",
            Self::Reviewer => "application/vnd.tenantry.allow-list.review+json",
            Self::Remover => "application/vnd.tenantry.allow-list.removal+json",
        }
    }

    fn part(self) -> &'static str {
        match self {
            Self::Proposer => "proposal",
            Self::Reviewer => "review",
            Self::Remover => "removal",
        }
    }

    /// The bytes that are signed: DSSE v1's pre-authentication encoding.
    fn encode(self, content: &[u8]) -> Vec<u8> {
        let kind = self.payload_type();
        let mut encoded = format!("DSSEv1 {} {kind} {} ", kind.len(), content.len()).into_bytes();
        encoded.extend_from_slice(content);
        encoded
    }
}

/// Who is said to have signed, and the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Signature {
    #[serde(deserialize_with = "approved::name")]
    pub(crate) name: String,
    pub(crate) key: PublicKey,
    /// Base64 of 64 bytes (RFC 8032 §5.1.6).
    signature: String,
}

impl Signature {
    /// Signs `content` in `role`.
    pub(crate) fn make(role: Role, content: &[u8], signer: &Signer<'_>) -> Self {
        let signature = base64_simd::STANDARD.encode_to_string(signer.key.sign(&role.encode(content)));
        Self { name: signer.holder.name().to_owned(), key: signer.holder.public(), signature }
    }

    /// Who signed `content` in `role`: an approved key's holder.
    pub(crate) fn verify<'k>(
        &self,
        role: Role,
        content: &[u8],
        approved: &'k ApprovedKeys,
    ) -> Result<&'k ApprovedKey, LockFault> {
        let holder = approved.find(self.key).ok_or(LockFault::UnknownKey(self.key))?;
        let signature = base64_simd::STANDARD.decode_to_vec(&self.signature).unwrap_or_default();
        if !self.key.signed(&role.encode(content), &signature) {
            return Err(LockFault::BadSignature { part: role.part(), signer: holder.name().to_owned() });
        }
        match self.name == holder.name() {
            true => Ok(holder),
            false => Err(LockFault::SignerName { said: self.name.clone(), holder: holder.name().to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Signature};
    use crate::{ApprovedKeys, SecretKey};

    /// DSSE v1: `DSSEv1 LEN(type) type LEN(body) body`, lengths in decimal.
    #[test]
    fn the_encoding_is_the_documented_one() {
        let encoded = String::from_utf8(Role::Remover.encode(b"{}")).unwrap();
        assert_eq!(encoded, "DSSEv1 48 application/vnd.tenantry.allow-list.removal+json 2 {}");
    }

    /// Even over the same bytes.
    #[test]
    fn a_role_is_part_of_what_is_signed() {
        let key = SecretKey::generate().unwrap();
        let approved = ApprovedKeys::new([("ada", key.public())]).unwrap();
        let roles = [Role::Proposer, Role::Reviewer, Role::Remover];
        for (made, asked) in roles.iter().flat_map(|made| roles.iter().map(move |asked| (*made, *asked))) {
            let signature = Signature::make(made, b"{}", &approved.signer(&key).unwrap());
            let verified = signature.verify(asked, b"{}", &approved).is_ok();
            assert_eq!(verified, made == asked, "{made:?} as {asked:?}");
        }
    }
}

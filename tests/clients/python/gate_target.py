"""What the gate is pointed at: an API of two tenants behind fastapi-azure-auth, set up as its documentation says."""

import logging
import os
from typing import Annotated

import fastapi
import uvicorn
from fastapi_azure_auth import MultiTenantAzureAuthorizationCodeBearer
from fastapi_azure_auth.exceptions import Forbidden, Unauthorized
from fastapi_azure_auth.user import User
from starlette.requests import HTTPConnection

AUTHORITY, AUDIENCE = os.environ["AUTHORITY"], os.environ["AUDIENCE"]
ISSUERS = {tenant: f"{AUTHORITY}/{tenant}/v2.0" for tenant in os.environ["TENANTS"].split(",")}

# It logs each refusal with the token; nobody reads that here.
logging.getLogger("fastapi_azure_auth").setLevel(logging.CRITICAL)


async def issuer_of(tid):
    if tid not in ISSUERS:
        raise Unauthorized("this organisation is not a customer", request=HTTPConnection({"type": "http"}))
    return ISSUERS[tid]


scheme = MultiTenantAzureAuthorizationCodeBearer(app_client_id=AUDIENCE, iss_callable=issuer_of)
# The class has no parameter for another authority.
scheme.openid_config.config_url = f"{AUTHORITY}/common/v2.0/.well-known/openid-configuration"

app = fastapi.FastAPI()


@app.get("/healthz")
async def health():
    return "ok"


async def reader(
    request: fastapi.Request, user: Annotated[User, fastapi.Security(scheme, scopes=["access_as_user"])]
) -> User:
    if "Reader" not in user.roles:
        raise Forbidden("a role is missing", request=request)
    return user


@app.get("/api/me")
async def me(user: Annotated[User, fastapi.Depends(reader)]) -> dict:
    return {"tid": user.tid, "oid": user.oid}


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="critical")

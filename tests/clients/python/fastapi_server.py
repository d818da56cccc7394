"""An API of somebody else's making: FastAPI behind fastapi-azure-auth's multi-tenant scheme, served by uvicorn."""

import logging
import socket
import threading
from typing import Annotated

import fastapi
import requests
import uvicorn
from fastapi_azure_auth import MultiTenantAzureAuthorizationCodeBearer, SingleTenantAzureAuthorizationCodeBearer
from fastapi_azure_auth.exceptions import Unauthorized
from fastapi_azure_auth.user import User
from starlette.requests import HTTPConnection

from running import trust

STOP_SECONDS_MAX = 10

# It logs each refusal, with the stack of the exception behind it; the tests look at the answers.
logging.getLogger("fastapi_azure_auth").setLevel(logging.CRITICAL)


def scheme(authority, audience, allowed, issuer="{authority}/{tid}/v2.0", **options):
    """fastapi-azure-auth as its documentation says: the issuer is given out for allowed tenants only."""

    async def issuer_of(tid):
        if tid not in allowed:
            raise Unauthorized("this organisation is not a customer", request=HTTPConnection({"type": "http"}))
        return issuer.format(authority=authority, tid=tid)

    made = MultiTenantAzureAuthorizationCodeBearer(
        app_client_id=audience,
        iss_callable=issuer_of,
        http_client_config={"verify": trust.context()},
        **options,
    )
    # The class has no parameter for it.
    made.openid_config.config_url = f"{authority}/common/v2.0/.well-known/openid-configuration"
    return made


def single_tenant(authority, audience, tenant_id):
    """The same for one organisation: issuer and keys are the ones of its metadata."""
    made = SingleTenantAzureAuthorizationCodeBearer(
        app_client_id=audience, tenant_id=tenant_id, http_client_config={"verify": trust.context()}
    )
    made.openid_config.config_url = f"{authority}/{tenant_id}/v2.0/.well-known/openid-configuration"
    return made


class Api:
    """`GET /me` behind a scheme, on a port of its own for as long as the `with` block."""

    def __init__(self, protection):
        app = fastapi.FastAPI()

        @app.get("/me")
        async def me(user: Annotated[User, fastapi.Security(protection, scopes=[])]) -> dict:
            return {"tid": user.tid, "oid": user.oid, "roles": user.roles, "scp": user.scp, "guest": user.is_guest}

        # Connections wait in the socket's queue until the server is up, so nobody has to ask whether it is.
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="off"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]})

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.should_exit = True
        self.thread.join(STOP_SECONDS_MAX)
        self.socket.close()

    def me(self, token):
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.get(f"{self.address}/me", headers=headers, timeout=10)

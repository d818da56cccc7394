"""The Graph SDK as its documentation says for another address: an HTTP client and an adapter with that base."""

import httpx
from kiota_authentication_azure.azure_identity_authentication_provider import AzureIdentityAuthenticationProvider
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.graph_request_adapter import options
from msgraph_core import GraphClientFactory

from running import trust
from world import world

DEFAULT = "https://graph.microsoft.com/.default"


def client(credential, *scopes):
    """Calls Microsoft Graph with tokens from a credential of azure-identity."""
    base = f"{world().https}/graph/v1.0"
    http = httpx.AsyncClient(base_url=base, verify=trust.context(), http2=True)
    provider = AzureIdentityAuthenticationProvider(credential, scopes=list(scopes) or [DEFAULT])
    through = GraphClientFactory.create_with_default_middleware(client=http, options=options)
    adapter = GraphRequestAdapter(provider, client=through)
    adapter.base_url = base
    return GraphServiceClient(request_adapter=adapter)

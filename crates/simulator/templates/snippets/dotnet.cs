// dotnet add package Microsoft.Identity.Client
using Microsoft.Identity.Client;

{% if v.is_native() %}var app = PublicClientApplicationBuilder.Create("{{ v.client_id }}")
    .WithAuthority("{{ v.authority }}", validateAuthority: false)
    .WithInstanceDiscovery(false)
    .WithRedirectUri({{ v.redirect_uri.json()|safe }})
    .Build();
var answer = await app.AcquireTokenInteractive(new[] { {{ v.scope.json()|safe }} })
    .WithUseEmbeddedWebView(false)
    .ExecuteAsync();
Console.WriteLine($"{answer.Account.Username} {answer.AccessToken}");
{% else %}var app = ConfidentialClientApplicationBuilder.Create("{{ v.client_id }}")
    .WithClientSecret({{ v.secret.json()|safe }})
    .WithAuthority("{{ v.authority }}", validateAuthority: false)
    .WithInstanceDiscovery(false)
{% if v.is_web() %}    .WithRedirectUri({{ v.redirect_uri.json()|safe }})
    .Build();
var scopes = new[] { {{ v.scope.json()|safe }} };
// 1. Send the browser here:
Console.WriteLine(await app.GetAuthorizationRequestUrl(scopes).ExecuteAsync());
// 2. In the handler of the redirect URI:
// var answer = await app.AcquireTokenByAuthorizationCode(scopes, code).ExecuteAsync();
{% else %}    .Build();
var answer = await app.AcquireTokenForClient(new[] { {{ v.default_scope.json()|safe }} }).ExecuteAsync();
Console.WriteLine(answer.AccessToken);
{% endif %}{% endif %}

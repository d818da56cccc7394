// Maven: com.microsoft.azure:msal4j
import com.microsoft.aad.msal4j.*;
import java.net.URI;
import java.util.Set;

public class SignIn {
    public static void main(String[] arguments) throws Exception {
{% if v.is_native() %}        PublicClientApplication app = PublicClientApplication.builder("{{ v.client_id }}")
                .authority("{{ v.authority }}/")
                .validateAuthority(false)
                .instanceDiscovery(false)
                .build();
        IAuthenticationResult answer = app.acquireToken(InteractiveRequestParameters
                .builder(new URI({{ v.redirect_uri.json()|safe }}))
                .scopes(Set.of({{ v.scope.json()|safe }}))
                .build()).get();
        System.out.println(answer.account().username() + " " + answer.accessToken());
{% else %}        ConfidentialClientApplication app = ConfidentialClientApplication
                .builder("{{ v.client_id }}", ClientCredentialFactory.createFromSecret({{ v.secret.json()|safe }}))
                .authority("{{ v.authority }}/")
                .validateAuthority(false)
                .instanceDiscovery(false)
                .build();
{% if v.is_web() %}        String redirect = {{ v.redirect_uri.json()|safe }};
        Set<String> scopes = Set.of({{ v.scope.json()|safe }});
        // 1. Send the browser here:
        System.out.println(app.getAuthorizationRequestUrl(
                AuthorizationRequestUrlParameters.builder(redirect, scopes).build()));
        // 2. In the handler of the redirect URI:
        // app.acquireToken(AuthorizationCodeParameters.builder(code, new URI(redirect)).scopes(scopes).build()).get();
{% else %}        IAuthenticationResult answer = app.acquireToken(ClientCredentialParameters
                .builder(Set.of({{ v.default_scope.json()|safe }}))
                .build()).get();
        System.out.println(answer.accessToken());
{% endif %}{% endif %}    }
}

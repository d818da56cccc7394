// go get github.com/AzureAD/microsoft-authentication-library-for-go
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/AzureAD/microsoft-authentication-library-for-go/apps/{% if v.is_native() %}public{% else %}confidential{% endif %}"
)

func main() {
{% if v.is_native() %}	app, err := public.New("{{ v.client_id }}",
		public.WithAuthority("{{ v.authority }}"),
		public.WithInstanceDiscovery(false))
	if err != nil {
		log.Fatal(err)
	}
	answer, err := app.AcquireTokenInteractive(context.Background(), []string{ {{ v.scope.json()|safe }} })
{% else %}	secret, err := confidential.NewCredFromSecret({{ v.secret.json()|safe }})
	if err != nil {
		log.Fatal(err)
	}
	app, err := confidential.New("{{ v.authority }}", "{{ v.client_id }}", secret,
		confidential.WithInstanceDiscovery(false))
	if err != nil {
		log.Fatal(err)
	}
{% if v.is_web() %}	// 1. Send the browser to this address; 2. redeem with app.AcquireTokenByAuthCode(ctx, code, redirect, scopes).
	answer, err := app.AuthCodeURL(context.Background(), "{{ v.client_id }}", {{ v.redirect_uri.json()|safe }}, []string{ {{ v.scope.json()|safe }} })
{% else %}	answer, err := app.AcquireTokenByCredential(context.Background(), []string{ {{ v.default_scope.json()|safe }} })
{% endif %}{% endif %}	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer{% if !v.is_web() %}.AccessToken{% endif %})
}

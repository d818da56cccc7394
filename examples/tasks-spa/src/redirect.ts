// The redirect URI. MSAL 5 passes the authority's answer on from here: to the page that opened the pop-up window or
// the hidden frame, or by way of the session storage to the page that left for the sign-in.
import { broadcastResponseToMainFrame } from "@azure/msal-browser/redirect-bridge";

broadcastResponseToMainFrame().catch(() => {
  // Opened by hand, or by an answer nobody asked for.
  location.replace("/");
});

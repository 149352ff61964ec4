using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Checks that an assertion is signed by the client, for this server, currently valid, and the first with its id.
/// </summary>
internal sealed class AssertionCheck(FetchedDocuments documents, OAuthStore store)
{
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<bool> HoldsAsync(
        ClientAssertion assertion, OAuthClient client, string issuer, CancellationToken cancellationToken)
    {
        if (!client.Document.Methods.Contains("private_key_jwt") || !assertion.IsFor(issuer, store.Now))
            return false;
        JsonElement? keys = client.Document.Keys
            ?? (client.Document.KeysUri is { } uri ? await documents.GetAsync(uri, cancellationToken) : null);
        // Only signed assertions are remembered, so nobody else can fill the store with ids.
        return keys is not null && await assertion.IsSignedByAsync(keys.Value)
            && await store.WriteAsync(
                ControlKinds.OAuthAssertions, OAuthStore.NameOf($"{assertion.Issuer}\n{assertion.Id}"), 0,
                new AssertionDocument(DateTimeOffset.FromUnixTimeSeconds(assertion.Ends)),
                OAuthJson.Default.AssertionDocument);
    }
}

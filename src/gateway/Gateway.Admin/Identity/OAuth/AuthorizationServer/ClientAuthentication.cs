using System.Text;
using Gateway.Control.Snapshots;
using Microsoft.AspNetCore.Http;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>Identification and authentication of clients (RFC 6749, 2.3; RFC 7523).</summary>
internal sealed class ClientAuthentication(
    ClientStore clients, AssertionCheck assertions, SnapshotHolder snapshots, OAuthRates rates)
{
    private const string Basic = "Basic ";

    /// <summary>Returns the client, or the reason why it is not accepted.</summary>
    public async ValueTask<(OAuthClient? Client, OAuthError? Error)> FindAsync(
        HttpContext http, OAuthParameters form)
    {
        if (form["client_assertion"] is not null || form["client_assertion_type"] is not null)
            return await AssertedAsync(http, form);
        var (id, secret, isReadable) = (form["client_id"], form["client_secret"], true);
        if (http.Request.Headers.Authorization is { Count: > 0 } header)
        {
            isReadable = TryBasic(header, out var basicId, out var basicSecret);
            // Some clients send their id in both places; two secrets or two different ids are an error.
            if (isReadable && ((id is not null && id != basicId) || secret is not null))
                return (null, OAuthError.InvalidRequest("The request has two kinds of client authentication."));
            (id, secret) = (basicId, basicSecret);
        }

        if (!isReadable || id is null)
            return (null, OAuthError.InvalidClient("Send client_id."));
        if (await LimitAsync(http, id) is { } limited)
            return (null, limited);
        if (await clients.FindAsync(id, http.RequestAborted) is not { } client)
            return (null, OAuthError.InvalidClient("The client is unknown; register the client again."));
        return IsRight(client, secret)
            ? (client, null)
            : (null, OAuthError.InvalidClient("The client's secret is missing or wrong."));
    }

    private async ValueTask<(OAuthClient? Client, OAuthError? Error)> AssertedAsync(
        HttpContext http, OAuthParameters form)
    {
        if (form["client_secret"] is not null || http.Request.Headers.Authorization.Count > 0)
            return (null, OAuthError.InvalidRequest("The request has two kinds of client authentication."));
        var assertion = ClientAssertion.Parse(form["client_assertion"] ?? "");
        if (assertion is not null && await LimitAsync(http, assertion.Issuer) is { } limited)
            return (null, limited);
        var client = form["client_assertion_type"] == ClientAssertion.Type
            && assertion is not null
            && (form["client_id"] ?? assertion.Issuer) == assertion.Issuer
            && await clients.FindAsync(assertion.Issuer, http.RequestAborted) is { } known
            && await assertions.HoldsAsync(
                assertion, known, snapshots.Current.OAuth?.Issuer ?? "", http.RequestAborted)
                ? known
                : null;
        return client is not null
            ? (client, null)
            : (null, OAuthError.InvalidClient(
                "The assertion was not signed by the client, is for another server, has expired, or was used before."));
    }

    /// <summary>
    /// Counts a request by a client that is not stored: looking that up may fetch a document. Stored clients are
    /// exempt, since many of them may share an address.
    /// </summary>
    private async ValueTask<OAuthError?> LimitAsync(HttpContext http, string id) =>
        await clients.IsStoredAsync(id, http.RequestAborted) ? null : await rates.TryAsync(http, OAuthRate.Token);

    private static bool IsRight(OAuthClient client, string? secret) => client.Document.SecretHash is { } hash
        // Hashes are compared, so the duration of the comparison reveals nothing about the secret.
        ? secret is not null && TokenHash.Of(secret).ToString() == hash
        : client.IsPublic;

    private static bool TryBasic(
        Microsoft.Extensions.Primitives.StringValues header, out string? id, out string? secret)
    {
        (id, secret) = (null, null);
        if (header is not [{ } text] || !text.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return false;
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[Basic.Length..].Trim(), bytes, out var length))
            return false;
        var pair = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        if (pair.Length != 2 || pair[0].Length == 0)
            return false;
        (id, secret) = (Uri.UnescapeDataString(pair[0]), pair[1].Length == 0 ? null : Uri.UnescapeDataString(pair[1]));
        return true;
    }
}

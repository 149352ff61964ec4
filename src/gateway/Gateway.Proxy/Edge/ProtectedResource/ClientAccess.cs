using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>A client's sign-in from which a grant's tokens were issued, without any token.</summary>
/// <param name="ClientId">The id of the client.</param>
/// <param name="Scope">The scope that it requested.</param>
/// <param name="Used">The last time that it obtained tokens.</param>
/// <param name="AccessUntil">The expiry of each of its access tokens, in ascending order.</param>
/// <param name="CanRefresh">True if it can obtain more.</param>
/// <param name="Ended">True if a code or token was used twice, after which it obtains no more.</param>
public sealed record ClientAccess(
    string ClientId, string Scope, DateTimeOffset Used, IReadOnlyList<DateTimeOffset> AccessUntil, bool CanRefresh,
    bool Ended)
{
    /// <summary>Returns the sign-ins of a grant; an unreadable document grants nothing.</summary>
    public static IReadOnlyList<ClientAccess> Of(ControlSnapshot documents, GrantDefinition grant, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(grant);
        if (documents.Find(new ControlKey(ControlKinds.OAuthTokens, grant.Name)) is not { } document)
            return [];
        try
        {
            var read = JsonSerializer.Deserialize(document.Content.Span, OAuthJson.Default.TokenDocument);
            return read is null || read.GrantToken != grant.Token.ToString() ? [] :
            [
                .. read.Families.Select(family => new ClientAccess(
                    family.ClientId,
                    family.Scope,
                    family.Used,
                    [.. family.Access.Select(static token => token.Until).Where(until => until > now).Order()],
                    family.Refresh.Any(static token => !token.Superseded),
                    family.Ended)),
            ];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}

using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Snapshots;

namespace Gateway.Proxy.Edge.ProtectedResource;

/// <summary>A sign-in of a client that a grant's tokens came of: what is kept of it, and no token.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Scope">What it asked for.</param>
/// <param name="Used">The last time that it took tokens.</param>
/// <param name="AccessUntil">When each of its access tokens ends, the latest last.</param>
/// <param name="CanRefresh">Whether it can take more.</param>
/// <param name="Ended">That a code or token came twice: it gets none any more.</param>
public sealed record ClientAccess(
    string ClientId, string Scope, DateTimeOffset Used, IReadOnlyList<DateTimeOffset> AccessUntil, bool CanRefresh,
    bool Ended)
{
    /// <summary>Those of a grant; what cannot be read gives nobody anything.</summary>
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

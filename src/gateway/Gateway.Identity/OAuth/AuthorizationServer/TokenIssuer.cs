using Gateway.Control.Documents;
using Gateway.Control.Options;
using Gateway.Control.Snapshots;
using Gateway.Identity.OAuth.Documents;

namespace Gateway.Identity.OAuth.AuthorizationServer;

/// <summary>Keeps the tokens of each grant in one document, which every change replaces by compare-and-swap.</summary>
internal sealed class TokenIssuer(OAuthStore store, GatewayOptions options)
{
    private const string Kind = ControlKinds.OAuthTokens;
    private const int Tries = 16;
    private static readonly OAuthError Used = OAuthError.InvalidGrant("It was used already, or has ended.");

    /// <summary>The first tokens of a code, which the caller has marked as used.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public Task<(TokenAnswer? Tokens, OAuthError? Error)> BeginAsync(
        string id, CodeDocument code, GrantDefinition grant) =>
        ChangeAsync(grant, document =>
        {
            if (document.Families.Any(family => family.Id == id))
                return (null, null, Used);
            var (answer, entry, refreshHash) = New(grant, code.Scope);
            var family = TokenRotation.Begin(id, code.ClientId, code.Scope, refreshHash, entry, store.Now);
            // The one used least lately makes room; those that have ended are remembered as long as their code is.
            var room = document.Families.OrderByDescending(static one => one.Used)
                .Take(options.OAuth.SignInsPerGrantMax - 1);
            return (document with { Families = [.. room, family] }, answer, null);
        });

    /// <summary>Another pair for a refresh token.</summary>
    /// <param name="grant">The grant.</param>
    /// <param name="presented">The token's hash.</param>
    /// <param name="clientId">Who brings it.</param>
    /// <returns>That it was used too late, where the sign-in was ended for it.</returns>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task<(TokenAnswer? Tokens, OAuthError? Error, bool IsReuse)> RotateAsync(
        GrantDefinition grant, string presented, string clientId)
    {
        var isReuse = false;
        var (tokens, error) = await ChangeAsync(grant, document =>
        {
            isReuse = false;
            if (Of(document, presented) is not { Ended: false } family || family.ClientId != clientId
                || store.Now >= family.Used + options.OAuth.RefreshIdleMax)
            {
                return (null, null, Used);
            }

            var (answer, entry, refreshHash) = New(grant, family.Scope);
            isReuse = !TokenRotation.TryRotate(
                family, presented, refreshHash, entry, store.Now, options.OAuth, out var next);
            return (Replace(document, next), isReuse ? null : answer, isReuse ? Used : null);
        });
        return (tokens, error, isReuse);
    }

    /// <summary>Ends what came of a code, and what may yet come of it.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public Task EndAsync(GrantDefinition grant, string id, string clientId) => ChangeAsync(grant, document =>
    {
        var ended = document.Families.FirstOrDefault(family => family.Id == id)
            ?? TokenRotation.Begin(id, clientId, "", "", new AccessEntry("", store.Now), store.Now);
        return (Replace(document, TokenRotation.End(ended)), null, null);
    });

    /// <summary>Where a refresh or access token is; null where nothing has it.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<(string Grant, string GrantToken, TokenFamily Family)?> FindAsync(
        string hash, CancellationToken cancellationToken)
    {
        foreach (var stored in await store.AllAsync(Kind, OAuthJson.Default.TokenDocument, cancellationToken))
        {
            if (Of(stored.Value, hash) is { } family)
                return (stored.Name, stored.Value.GrantToken, family);
        }

        return null;
    }

    private static TokenFamily? Of(TokenDocument document, string hash) => document.Families.FirstOrDefault(family =>
        family.Refresh.Any(one => one.Hash == hash) || family.Access.Any(one => one.Hash == hash));

    private static TokenDocument Replace(TokenDocument document, TokenFamily next) => document with
    {
        Families = [.. document.Families.Where(family => family.Id != next.Id), next],
    };

    private (TokenAnswer Answer, AccessEntry Access, string RefreshHash) New(GrantDefinition grant, string scope)
    {
        var (access, refresh) = (OAuthSecrets.Access(), OAuthSecrets.Refresh());
        var until = store.Now + options.OAuth.AccessMax;
        if (grant.ExpiresMs is { } ends && ends < until.ToUnixTimeMilliseconds())
            until = DateTimeOffset.FromUnixTimeMilliseconds(ends);
        return (
            new TokenAnswer(access, refresh, Math.Max(1, (long)(until - store.Now).TotalSeconds), scope),
            new AccessEntry(TokenHash.Of(access).ToString(), until), TokenHash.Of(refresh).ToString());
    }

    private async Task<(TokenAnswer? Tokens, OAuthError? Error)> ChangeAsync(
        GrantDefinition grant,
        Func<TokenDocument, (TokenDocument? Next, TokenAnswer? Tokens, OAuthError? Error)> change)
    {
        for (var i = 0; i < Tries; i++)
        {
            var stored = await store.FindAsync(
                Kind, grant.Name, OAuthJson.Default.TokenDocument, CancellationToken.None);
            var token = grant.Token.ToString();
            var document = stored?.Value is { } known && known.GrantToken == token
                ? known
                : new TokenDocument { GrantToken = token };
            var (next, tokens, error) = change(document);
            if (next is null)
                return (null, error);
            if (!await store.WriteAsync(
                Kind, grant.Name, stored?.Version ?? 0, next, OAuthJson.Default.TokenDocument))
            {
                continue;
            }

            await store.PutInForceAsync();
            return (tokens, error);
        }

        return (null, OAuthError.Unavailable("Many clients of this grant ask at once; try again."));
    }
}

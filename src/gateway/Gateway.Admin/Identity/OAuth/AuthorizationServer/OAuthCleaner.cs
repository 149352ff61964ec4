using System.Text.Json.Serialization.Metadata;
using Gateway.Control.Documents;
using Gateway.Control.Documents.OAuth;
using Gateway.Control.Updating;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Removes expired requests, codes, assertions and tokens, tokens of deleted grants, and unused clients. Each use
/// checks the expiry too; removed entries also stay expired if a clock is set back later.
/// </summary>
internal sealed partial class OAuthCleaner(
    OAuthStore store, TokenKeys keys, ClientStore registered, SnapshotUpdater control,
    TimeProvider time, ILogger<OAuthCleaner> logger)
    : BackgroundService
{
    // Applies to a client that no longer has a grant.
    private static readonly TimeSpan IdleClientMax = TimeSpan.FromDays(90);

    // Applies to a client that has not completed an authorization.
    private static readonly TimeSpan UnusedClientMax = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // A used code is remembered for this long: if it is presented again, the tokens issued for it are revoked.
    private static readonly TimeSpan CodesFor = TimeSpan.FromMinutes(10);

    /// <summary>Removes the expired entries.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        await keys.RotateAsync(cancellationToken);
        await CleanAsync(ControlKinds.OAuthRequests, OAuthJson.Default.RequestDocument,
            one => one.Value.Created + ConsentRequests.LifeMax, cancellationToken);
        await CleanAsync(ControlKinds.OAuthCodes, OAuthJson.Default.CodeDocument,
            one => one.Value.Created + TokenEndpoint.CodeMax + CodesFor, cancellationToken);
        await CleanAsync(ControlKinds.OAuthAssertions, OAuthJson.Default.AssertionDocument,
            static one => one.Value.Until, cancellationToken);
        // Refresh the grants last, so that every token and client read here belongs to a known grant.
        var tokens = await store.AllAsync(
            ControlKinds.OAuthTokens, OAuthJson.Default.TokenDocument, cancellationToken);
        var clients = await store.AllAsync(
            ControlKinds.OAuthClients, OAuthJson.Default.ClientDocument, cancellationToken);
        await store.PutInForceAsync();
        var grants = control.State.Stored.Grants;
        await CleanAsync(ControlKinds.OAuthTokens, tokens,
            one => grants.TryGetValue(one.Name, out var grant) && grant.Token.ToString() == one.Value.GrantToken
                ? one.Value.Families.Select(static family => family.Used).DefaultIfEmpty().Max()
                    + TokenIssuer.RefreshIdleMax
                : DateTimeOffset.MinValue);
        foreach (var one in tokens)
            await CleanAsync(one);
        var pending = await registered.PendingAsync(cancellationToken);
        var used = grants.Values.Select(static grant => grant.OAuth?.ClientId)
            .Concat(tokens.SelectMany(static one => one.Value.Families).Select(static family => family.ClientId))
            .Concat(pending).ToHashSet(StringComparer.Ordinal);
        await CleanAsync(ControlKinds.OAuthClients, clients,
            one => used.Contains(one.Value.ClientId) ? DateTimeOffset.MaxValue
                : one.Value.Allowed is { } allowed ? allowed + IdleClientMax
                : one.Value.Created + UnusedClientMax);
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        time.RepeatAsync(Every, TryCleanAsync, stoppingToken);

    private async Task TryCleanAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Without an authorization server, issuers' tokens may still need proofs that are accepted once.
            if (control.State.Config is { OAuth: not null } or { Callers.Issuers.IsEmpty: false })
                await CleanAsync(stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            LogFailed(e.Message);
        }
    }

    private async Task CleanAsync<T>(
        string kind, JsonTypeInfo<T> type, Func<Stored<T>, DateTimeOffset> end, CancellationToken cancellationToken)
        where T : class =>
        await CleanAsync(kind, await store.AllAsync(kind, type, cancellationToken), end);

    private async Task CleanAsync<T>(string kind, List<Stored<T>> all, Func<Stored<T>, DateTimeOffset> end)
    {
        foreach (var one in all)
        {
            // If it has changed since, it is in use.
            if (end(one) <= store.Now)
                await store.DeleteAsync(kind, one.Name, one.Version);
        }
    }

    /// <summary>Removes expired sign-ins and access tokens from a document that is still in use.</summary>
    private async Task CleanAsync(Stored<TokenDocument> stored)
    {
        var now = store.Now;
        var families = stored.Value.Families
            .Where(family => now < family.Used + TokenIssuer.RefreshIdleMax)
            .Select(family => family.Access.All(one => now < one.Until)
                ? family
                : family with { Access = [.. family.Access.Where(one => now < one.Until)] })
            .ToList();
        if (families.Count == 0 || families.SequenceEqual(stored.Value.Families, ReferenceEqualityComparer.Instance))
            return;
        // A version that has changed since belongs to a client that just used it; the next round reads it again.
        await store.WriteAsync(
            ControlKinds.OAuthTokens, stored.Name, stored.Version, stored.Value with { Families = families },
            OAuthJson.Default.TokenDocument);
    }

    [LoggerMessage(1, LogLevel.Information,
        "Removing expired client sign-ins failed and will be retried: {Why}")]
    private partial void LogFailed(string why);
}

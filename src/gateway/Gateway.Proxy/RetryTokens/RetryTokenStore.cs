using System.Text.Json;
using Gateway.Control.Documents;
using Gateway.Limits.Model;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Reading;
using Gateway.Proxy.Approvals.Digests;
using Gateway.Proxy.Approvals.Requests;
using Gateway.Proxy.Calls;

namespace Gateway.Proxy.RetryTokens;

/// <summary>
/// One-use retry tokens for calls that used permits or an approval and received <c>input_required</c> from the server.
/// The retry with the input is the same call and is not counted again. It is recognized by grant, server, method, name,
/// arguments and the server's state. A retry token that cannot be stored or found causes a second count; it never
/// allows an uncounted call. Each retry token carries its round, and the number of free rounds is bounded: otherwise a
/// server that keeps requesting input would be called without limit.
/// </summary>
internal sealed class RetryTokenStore(
    DocumentCache documents, IControlStore store, ProcessClock clock) : IExpiring
{
    // A retry without a retry token counts like any other call.
    private const int PerGrantMax = 256;
    private const string Purpose = "ticket";
    private const int AttemptsMax = 16;
    private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(10);

    /// <summary>True if other frontends use the same store.</summary>
    public bool IsShared => store.IsShared;

    /// <summary>
    /// Stores a retry token after the server requested more input: one retry with this state may proceed.
    /// </summary>
    /// <param name="call">The call.</param>
    /// <param name="requestState">The state that the client will send back.</param>
    /// <param name="round">The number of uncounted retries since the counted call.</param>
    public ValueTask IssueAsync(CallContext call, ReadOnlyMemory<byte> requestState, int round) => AddAsync(
        CallDigest.Of(Purpose, call.Grant, call.Server, call.Message, McpReadBounds.Default.DepthMax, requestState),
        call.Grant.Name,
        new StoredRetryToken(clock.NowMs() + (long)ValidFor.TotalMilliseconds, round));

    /// <summary>
    /// Redeems the retry token of this retry; returns null if the call is not a retry or has no retry token.
    /// </summary>
    /// <param name="call">The retry.</param>
    /// <param name="rounds">The number of free retries per counted call.</param>
    public async ValueTask<RetryToken?> TryRedeemAsync(CallContext call, int rounds)
    {
        var message = call.Message;
        if (call.Revision != McpRevision.Stateless || (message.RequestState.IsEmpty && !message.HasInputResponses))
            return null;
        var name = CallDigest.Of(
            Purpose, call.Grant, call.Server, message, McpReadBounds.Default.DepthMax, message.RequestState);
        try
        {
            return await TryTakeAsync(name, rounds);
        }
        catch (ControlStoreException)
        {
            return null;
        }
    }

    /// <summary>Stores a retry token, unless the grant has reached its maximum or the store is unavailable.</summary>
    public async ValueTask AddAsync(string name, string grant, StoredRetryToken token)
    {
        try
        {
            for (var attempt = 0; attempt < AttemptsMax; attempt++)
            {
                var snapshot = await documents.ReadAsync(CancellationToken.None);
                var nowMs = clock.NowMs();
                if (CountOf(snapshot, grant, nowMs) >= PerGrantMax)
                    return;
                var (version, valid) = At(snapshot, name, nowMs);
                if (await WriteAsync(name, version, RetryTokenDocument.Of(grant, [.. valid, token])))
                    return;
            }
        }
        catch (ControlStoreException)
        {
            // Without its retry token, the retry counts like any other call.
        }
    }

    /// <summary>
    /// Leaves a marker for all frontends, stored as a retry token that no call redeems. Releases that do not know
    /// markers still sweep it.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    /// <param name="name">The name of the marker.</param>
    /// <param name="grant">The name of the grant.</param>
    /// <param name="call">The call that the marker is for; null if it is for no single call.</param>
    public async ValueTask MarkAsync(string name, string grant, MarkedCall? call = null)
    {
        var snapshot = await documents.ReadAsync(CancellationToken.None);
        var nowMs = clock.NowMs();
        // One marker for each call needs a bound, and shares that of the retry tokens.
        if (call is not null && CountOf(snapshot, grant, nowMs) >= PerGrantMax)
            return;
        var mark = new StoredRetryToken(nowMs + (long)ValidFor.TotalMilliseconds, StoredRetryToken.Exhausted);
        // A client that uses an id again has two calls to which the same response could belong.
        if (call is not null && CallOf(snapshot, name) is { } known && known.CallId != call.CallId)
            call = null;
        // A lost race means that another frontend has stored a marker of this name.
        await WriteAsync(
            name, At(snapshot, name, 0).Version, RetryTokenDocument.Of(grant, [mark]) with { Call = call });
    }

    /// <summary>Returns every marker as of now.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public ValueTask<ControlSnapshot> ReadAsync() => documents.ReadAsync(CancellationToken.None);

    /// <summary>Returns the call that a marker is for; null if there is none.</summary>
    public static MarkedCall? CallOf(ControlSnapshot snapshot, string name) =>
        snapshot.Find(KeyOf(name)) is { } document ? Read(document)?.Call : null;

    /// <summary>
    /// Returns the time at which a marker was left, in Unix milliseconds; null if there is no marker.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<long?> MarkedAsync(string name)
    {
        var (_, valid) = At(await documents.ReadAsync(CancellationToken.None), name, clock.NowMs());
        return valid.Length == 0 ? null : valid.Max(static mark => mark.ExpiresMs) - (long)ValidFor.TotalMilliseconds;
    }

    /// <summary>Removes expired retry tokens.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var nowMs = clock.NowMs();
        foreach (var document in (await documents.ReadAsync(cancellationToken)).OfKind(ControlKinds.RetryTokens))
        {
            if (Read(document) is not { } tokens || tokens.Expires.All(expires => expires <= nowMs))
                await store.DeleteAsync(document.Key, document.Version, cancellationToken);
        }
    }

    private async ValueTask<RetryToken?> TryTakeAsync(string name, int rounds)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var snapshot = await documents.ReadAsync(CancellationToken.None);
            var (version, valid) = At(snapshot, name, clock.NowMs());
            StoredRetryToken[] good = [.. valid.Where(token => token.Round >= 0 && token.Round < rounds)];
            if (good.Length == 0)
                return null;
            var taken = good.MaxBy(static token => token.Round);
            var rest = valid.ToList();
            rest.Remove(taken);
            var grant = Read(snapshot.Find(KeyOf(name))!)!.Grant;
            var isTaken = rest.Count > 0
                ? await WriteAsync(name, version, RetryTokenDocument.Of(grant, rest))
                : (await store.DeleteAsync(KeyOf(name), version, CancellationToken.None)).IsWritten;
            if (isTaken)
                return new RetryToken(this, name, grant, taken);
        }

        return null;
    }

    private async ValueTask<bool> WriteAsync(string name, long version, RetryTokenDocument tokens)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(tokens, RetryTokenJsonContext.Default.RetryTokenDocument);
        return (await store.WriteAsync(KeyOf(name), version, content, CancellationToken.None)).IsWritten;
    }

    private static (long Version, StoredRetryToken[] Valid) At(ControlSnapshot snapshot, string name, long nowMs)
    {
        if (snapshot.Find(KeyOf(name)) is not { } document)
            return (0, []);
        return (document.Version, [.. Read(document)?.Valid(nowMs) ?? []]);
    }

    private static int CountOf(ControlSnapshot snapshot, string grant, long nowMs) => snapshot
        .OfKind(ControlKinds.RetryTokens)
        .Select(Read)
        .Where(tokens => tokens?.Grant == grant)
        .Sum(tokens => tokens!.Expires.Count(expires => expires > nowMs));

    private static ControlKey KeyOf(string name) => new(ControlKinds.RetryTokens, name);

    private static RetryTokenDocument? Read(ControlDocument document) =>
        document.ReadOrNull(RetryTokenJsonContext.Default.RetryTokenDocument);
}

/// <summary>One retry token of a call.</summary>
/// <param name="ExpiresMs">The expiry, in Unix milliseconds.</param>
/// <param name="Round">
/// The number of uncounted retries since the counted call; <see cref="Exhausted"/> if unknown.
/// </param>
internal readonly record struct StoredRetryToken(long ExpiresMs, int Round)
{
    /// <summary>A round above the maximum of any policy.</summary>
    public const int Exhausted = int.MaxValue;
}

/// <summary>A retry token that one retry has redeemed.</summary>
/// <param name="book">The store that it came from.</param>
/// <param name="name">The digest of its call.</param>
/// <param name="grant">The name of its grant.</param>
/// <param name="kept">The stored retry token.</param>
internal sealed class RetryToken(RetryTokenStore book, string name, string grant, StoredRetryToken kept) : ISingleUse
{
    /// <summary>The number of uncounted retries before this one since the counted call.</summary>
    public int Round => kept.Round;

    public ValueTask ReleaseAsync() => book.AddAsync(name, grant, kept);
}

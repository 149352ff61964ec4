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
/// One-use tickets for calls that took room or an approval and that the server answered with <c>input_required</c>: the
/// retry that brings the input is the same call, and counts no second time. It is known again by grant, server, method,
/// name, arguments and the server's state. A ticket that cannot be kept or found costs room, and never gives any. It
/// carries its round, and only so many go free: else a server that asks again and again is called without end.
/// </summary>
internal sealed class RetryTokenStore(
    DocumentCache documents, IControlStore store, ProcessClock clock) : IExpiring
{
    // A retry without a token counts like any other call.
    private const int PerGrantMax = 256;
    private const string Purpose = "ticket";
    private const int AttemptsMax = 16;
    private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(10);

    /// <summary>The server needs more input: lets the retry with this state go on, once.</summary>
    /// <param name="call">The call.</param>
    /// <param name="requestState">What the client will bring back.</param>
    /// <param name="round">How many retries have gone free since the call that was counted.</param>
    public ValueTask IssueAsync(CallContext call, ReadOnlyMemory<byte> requestState, int round) => AddAsync(
        CallDigest.Of(Purpose, call.Grant, call.Server, call.Message, McpReadBounds.Default.DepthMax, requestState),
        call.Grant.Name,
        new StoredRetryToken(clock.NowMs() + (long)ValidFor.TotalMilliseconds, round));

    /// <summary>The ticket for this retry, used up; null where it is none, or has none.</summary>
    /// <param name="call">The retry.</param>
    /// <param name="rounds">How many retries may go free after one counted call.</param>
    public async ValueTask<RetryToken?> TryRedeemAsync(CallContext call, int rounds)
    {
        var message = call.Message;
        if (call.Era != McpRevision.Stateless || (message.RequestState.IsEmpty && !message.HasInputResponses))
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

    /// <summary>Keeps a ticket, unless the grant has as many as it may or the store is out of reach.</summary>
    public async ValueTask AddAsync(string name, string grant, StoredRetryToken ticket)
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
                if (await WriteAsync(name, version, RetryTokenDocument.Of(grant, [.. valid, ticket])))
                    return;
            }
        }
        catch (ControlStoreException)
        {
            // Without its ticket the retry is a call like any other, and counts.
        }
    }

    /// <summary>
    /// Leaves a mark for all frontends, as a ticket that no call redeems. Releases that know no marks sweep it all the
    /// same.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask MarkAsync(string name, string grant)
    {
        var snapshot = await documents.ReadAsync(CancellationToken.None);
        var mark = new StoredRetryToken(clock.NowMs() + (long)ValidFor.TotalMilliseconds, StoredRetryToken.Exhausted);
        // A lost race leaves the mark of another frontend, which says the same.
        await WriteAsync(name, At(snapshot, name, 0).Version, RetryTokenDocument.Of(grant, [mark]));
    }

    /// <summary>When a mark was left, Unix milliseconds; null where there is none.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<long?> MarkedAsync(string name)
    {
        var (_, valid) = At(await documents.ReadAsync(CancellationToken.None), name, clock.NowMs());
        return valid.Length == 0 ? null : valid.Max(static mark => mark.ExpiresMs) - (long)ValidFor.TotalMilliseconds;
    }

    /// <summary>Takes out what has expired.</summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var nowMs = clock.NowMs();
        foreach (var document in (await documents.ReadAsync(cancellationToken)).OfKind(ControlKinds.Tickets))
        {
            if (Read(document) is not { } tickets || tickets.Expires.All(expires => expires <= nowMs))
                await store.DeleteAsync(document.Key, document.Version, cancellationToken);
        }
    }

    private async ValueTask<RetryToken?> TryTakeAsync(string name, int rounds)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var snapshot = await documents.ReadAsync(CancellationToken.None);
            var (version, valid) = At(snapshot, name, clock.NowMs());
            StoredRetryToken[] good = [.. valid.Where(ticket => ticket.Round >= 0 && ticket.Round < rounds)];
            if (good.Length == 0)
                return null;
            var taken = good.MaxBy(static ticket => ticket.Round);
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

    private async ValueTask<bool> WriteAsync(string name, long version, RetryTokenDocument tickets)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(tickets, RetryTokenJsonContext.Default.RetryTokenDocument);
        return (await store.WriteAsync(KeyOf(name), version, content, CancellationToken.None)).IsWritten;
    }

    private static (long Version, StoredRetryToken[] Valid) At(ControlSnapshot snapshot, string name, long nowMs)
    {
        if (snapshot.Find(KeyOf(name)) is not { } document)
            return (0, []);
        return (document.Version, [.. Read(document)?.Valid(nowMs) ?? []]);
    }

    private static int CountOf(ControlSnapshot snapshot, string grant, long nowMs) => snapshot
        .OfKind(ControlKinds.Tickets)
        .Select(Read)
        .Where(tickets => tickets?.Grant == grant)
        .Sum(tickets => tickets!.Expires.Count(expires => expires > nowMs));

    private static ControlKey KeyOf(string name) => new(ControlKinds.Tickets, name);

    private static RetryTokenDocument? Read(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, RetryTokenJsonContext.Default.RetryTokenDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

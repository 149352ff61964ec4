using System.Text.Json;
using Gateway.Limits;
using Gateway.Mcp;
using Gateway.Proxy.Control;
using Gateway.Proxy.Digests;

namespace Gateway.Proxy.Tickets;

/// <summary>
/// One-use tickets for calls that took room or an approval and that the server answered with <c>input_required</c>: the
/// retry that brings the input is the same call, and counts no second time. It is known again by grant, server, method,
/// name, arguments and the server's state. A ticket that cannot be kept or found costs room, and never gives any.
/// </summary>
internal sealed class TicketBook(
    CurrentDocuments documents, IControlStore store, ProcessClock clock, GatewayOptions options)
{
    private const string Purpose = "ticket";
    private const int AttemptsMax = 16;
    private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(10);

    /// <summary>The server needs more input: lets the retry with this state go on, once.</summary>
    public ValueTask IssueAsync(GatewayCall call, ReadOnlyMemory<byte> requestState) => AddAsync(
        CallDigest.Of(Purpose, call, options.DepthMax, requestState),
        call.Grant.Name,
        clock.NowMs() + (long)ValidFor.TotalMilliseconds);

    /// <summary>The ticket for this retry, used up; null where it is none, or has none.</summary>
    public async ValueTask<Ticket?> TryRedeemAsync(GatewayCall call)
    {
        var message = call.Message;
        if (call.Era != McpEra.Stateless || (message.RequestState.IsEmpty && !message.HasInputResponses))
            return null;
        var name = CallDigest.Of(Purpose, call, options.DepthMax, message.RequestState);
        try
        {
            return await TryTakeAsync(name);
        }
        catch (ControlStoreException)
        {
            return null;
        }
    }

    /// <summary>Keeps a ticket, unless the grant has as many as it may or the store is out of reach.</summary>
    public async ValueTask AddAsync(string name, string grant, long expiresMs)
    {
        try
        {
            for (var attempt = 0; attempt < AttemptsMax; attempt++)
            {
                var snapshot = await documents.ReadAsync(CancellationToken.None);
                var nowMs = clock.NowMs();
                if (CountOf(snapshot, grant, nowMs) >= options.TicketsMax)
                    return;
                var (version, valid) = At(snapshot, name, nowMs);
                if (await WriteAsync(name, version, new TicketDocument(grant, [.. valid, expiresMs])))
                    return;
            }
        }
        catch (ControlStoreException)
        {
            // Without its ticket the retry is a call like any other, and counts.
        }
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

    private async ValueTask<Ticket?> TryTakeAsync(string name)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var snapshot = await documents.ReadAsync(CancellationToken.None);
            var (version, valid) = At(snapshot, name, clock.NowMs());
            if (valid is not [var first, .. var rest])
                return null;
            var grant = Read(snapshot.Find(KeyOf(name))!)!.Grant;
            var isTaken = rest.Length > 0
                ? await WriteAsync(name, version, new TicketDocument(grant, rest))
                : (await store.DeleteAsync(KeyOf(name), version, CancellationToken.None)).IsWritten;
            if (isTaken)
                return new Ticket(this, name, grant, first);
        }

        return null;
    }

    private async ValueTask<bool> WriteAsync(string name, long version, TicketDocument tickets)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(tickets, TicketJsonContext.Default.TicketDocument);
        return (await store.WriteAsync(KeyOf(name), version, content, CancellationToken.None)).IsWritten;
    }

    private static (long Version, long[] Valid) At(ControlSnapshot snapshot, string name, long nowMs)
    {
        if (snapshot.Find(KeyOf(name)) is not { } document)
            return (0, []);
        return (document.Version, [.. Read(document)?.Expires.Where(expires => expires > nowMs) ?? []]);
    }

    private static int CountOf(ControlSnapshot snapshot, string grant, long nowMs) => snapshot
        .OfKind(ControlKinds.Tickets)
        .Select(Read)
        .Where(tickets => tickets?.Grant == grant)
        .Sum(tickets => tickets!.Expires.Count(expires => expires > nowMs));

    private static ControlKey KeyOf(string name) => new(ControlKinds.Tickets, name);

    private static TicketDocument? Read(ControlDocument document)
    {
        try
        {
            return JsonSerializer.Deserialize(document.Content.Span, TicketJsonContext.Default.TicketDocument);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Collections.Concurrent;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Aggregation.Sessions;

/// <summary>One session of a client's, which is a session at each server behind it.</summary>
/// <param name="clientId">The id that the client has.</param>
/// <param name="parameters">What the client said of itself in <c>initialize</c>; empty where that was too long.</param>
/// <param name="opened">The sessions that were open when the client's began.</param>
internal sealed class AggregateSession(
    string clientId, ReadOnlyMemory<byte> parameters, IReadOnlyDictionary<string, ServerSession> opened)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ServerSession?>>> _late = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ServerSession> _gone = new(StringComparer.Ordinal);

    /// <summary>The id that the client has.</summary>
    public string ClientId => clientId;

    /// <summary>What the client said of itself; empty where it is not known.</summary>
    public ReadOnlyMemory<byte> Parameters => parameters;

    /// <summary>
    /// The revision that the client's <c>initialize</c> agreed on: the oldest of its servers. Null where one is
    /// not known.
    /// </summary>
    public string? Revision { get; } = RevisionOf(opened.Values);

    /// <summary>Whether the client has said that it opens links for its person.</summary>
    public bool OpensUrls { get; } = UrlElicitation.IsDeclaredIn(parameters);

    /// <summary>The session at a server; null where it gave none when the client's began, or has lost it.</summary>
    public ServerSession? Find(string server) =>
#pragma warning disable RS0030 // It is completed.
        _late.TryGetValue(server, out var late) && late.Value.IsCompletedSuccessfully && late.Value.Result is { } open
#pragma warning restore RS0030
            ? open
            : opened.GetValueOrDefault(server) is { } first && !_gone.ContainsKey(server) ? first : null;

    /// <summary>The server no longer knows the session; the next use opens another.</summary>
    public void Lose(string server, ServerSession lost)
    {
#pragma warning disable RS0030 // It is completed.
        if (_late.TryGetValue(server, out var late) && late.Value.IsCompletedSuccessfully && late.Value.Result == lost)
#pragma warning restore RS0030
            _late.TryRemove(KeyValuePair.Create(server, late));
        else
            _gone[server] = lost;
    }

    /// <summary>The revision that a client is told, of the sessions that <c>initialize</c> opened.</summary>
    public static string? RevisionOf(IEnumerable<ServerSession> opened) =>
        opened.Select(static session => session.Version).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Opens the session at a server, once at a time; null where it cannot be now.</summary>
    public async Task<ServerSession?> OpenAsync(string server, Func<Task<ServerSession?>> open)
    {
        var late = _late.GetOrAdd(server, _ => new Lazy<Task<ServerSession?>>(open));
        ServerSession? opened = null;
        try
        {
            opened = await late.Value;
        }
        finally
        {
            if (opened is null)
                _late.TryRemove(KeyValuePair.Create(server, late));
        }

        return opened;
    }
}

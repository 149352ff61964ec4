using System.Collections.Concurrent;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Extensions;
using Gateway.Proxy.Waiting;

namespace Gateway.Proxy.Aggregation.Sessions;

/// <summary>One session of a client, with a session at each server behind it.</summary>
/// <param name="clientId">The session id of the client.</param>
/// <param name="parameters">The client's parameters of <c>initialize</c>; empty if they were too long.</param>
/// <param name="opened">The server sessions that were opened with the client's session.</param>
internal sealed class AggregateSession(
    string clientId, ReadOnlyMemory<byte> parameters, IReadOnlyDictionary<string, ServerSession> opened)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ServerSession?>>> _late = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ServerSession> _gone = new(StringComparer.Ordinal);

    /// <summary>The session id of the client.</summary>
    public string ClientId => clientId;

    /// <summary>The client's parameters of <c>initialize</c>; empty if unknown.</summary>
    public ReadOnlyMemory<byte> Parameters => parameters;

    /// <summary>
    /// The revision agreed on in the client's <c>initialize</c>: the oldest of its servers. Null if one is unknown.
    /// </summary>
    public string? Revision { get; } = RevisionOf(opened.Values);

    /// <summary>True if the client has declared that it opens links for its user.</summary>
    public bool OpensUrls { get; } = UrlElicitation.IsDeclaredIn(parameters);

    /// <summary>True if the client has declared that it shows apps; null if unknown.</summary>
    public bool? ShowsApps { get; } = ClientCapabilities.DeclaresAtOpening(parameters, KnownExtensions.Apps);

    /// <summary>
    /// Returns the session at a server; null if none was opened at the start, or if the server has lost it.
    /// </summary>
    public ServerSession? Find(string server) =>
#pragma warning disable RS0030 // The task is completed.
        _late.TryGetValue(server, out var late) && late.Value.IsCompletedSuccessfully && late.Value.Result is { } open
#pragma warning restore RS0030
            ? open
            : opened.GetValueOrDefault(server) is { } first && !_gone.ContainsKey(server) ? first : null;

    /// <summary>Records that the server no longer knows the session; the next use opens another.</summary>
    public void Lose(string server, ServerSession lost)
    {
#pragma warning disable RS0030 // The task is completed.
        if (_late.TryGetValue(server, out var late) && late.Value.IsCompletedSuccessfully && late.Value.Result == lost)
#pragma warning restore RS0030
            _late.TryRemove(KeyValuePair.Create(server, late));
        else
            _gone[server] = lost;
    }

    /// <summary>Returns the revision for the client, from the sessions that <c>initialize</c> opened.</summary>
    public static string? RevisionOf(IEnumerable<ServerSession> opened) =>
        opened.Select(static session => session.Version).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>Opens the session at a server, one attempt at a time; returns null if that currently fails.</summary>
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

/// <summary>The session at one server of several.</summary>
/// <param name="Id">The server's own id; null if it issues none.</param>
/// <param name="Version">The revision that the server agreed to.</param>
internal sealed record ServerSession(string? Id, string? Version);

using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using Gateway.Proxy.Upstreams.Sessions;

namespace Gateway.Proxy.Aggregation.Sessions;

/// <summary>
/// The sessions at several servers, sealed into one id for the client, so that every frontend can serve it.
/// </summary>
internal sealed class AggregateSessions(ISessionSealer sealer)
{
    // No server has this name, so an id of /mcp is invalid at a server's own address, and vice versa.
    private const string All = "";
    private const int ParametersBytesMax = 2048;
    private const int RememberedMax = 16_384;
    private readonly ConcurrentDictionary<(string Grant, string Id), AggregateSession> _known = new();
    private readonly ConcurrentDictionary<(string Grant, string Id), byte> _ended = new();

    /// <summary>Returns the id for the client, or null if it would be too long for a header.</summary>
    public string? Seal(
        string grant, ReadOnlySpan<byte> parameters, IReadOnlyDictionary<string, ServerSession> sessions)
    {
        var id = sealer.Seal(grant, All, Write(
            parameters.Length <= ParametersBytesMax ? parameters : default, sessions));
        if (id.Length > SessionSealer.ClientIdCharsMax)
            id = sealer.Seal(grant, All, Write(default, sessions));
        return id.Length <= SessionSealer.ClientIdCharsMax ? id : null;
    }

    /// <summary>
    /// Returns the session behind an id; null if it was not made here for this grant or the client has ended it.
    /// </summary>
    public AggregateSession? Open(string grant, string clientId)
    {
        if (_ended.ContainsKey((grant, clientId)))
            return null;
        if (_known.TryGetValue((grant, clientId), out var known))
            return known;
        if (sealer.Open(clientId, grant, All) is not { } sealedSession)
            return null;
        if (_known.Count >= RememberedMax)
            _known.Clear();
        return _known.GetOrAdd((grant, clientId), Read(clientId, sealedSession.UpstreamId));
    }

    /// <summary>
    /// Records that the client has ended the session. Only this frontend knows, and only for the latest sessions.
    /// Another frontend would find the servers' sessions gone and open new ones, as after a restart of the servers.
    /// </summary>
    public void End(string grant, string clientId)
    {
        if (_ended.Count >= RememberedMax)
            _ended.Clear();
        _ended[(grant, clientId)] = 0;
        _known.TryRemove((grant, clientId), out _);
    }

    private static string Write(ReadOnlySpan<byte> parameters, IReadOnlyDictionary<string, ServerSession> sessions)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (!parameters.IsEmpty)
                json.WriteBase64String("p", parameters);
            json.WriteStartObject("s");
            foreach (var (server, session) in sessions)
            {
                json.WriteStartArray(server);
                json.WriteStringValue(session.Id);
                json.WriteStringValue(session.Version);
                json.WriteEndArray();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static AggregateSession Read(string clientId, string text)
    {
        using var json = JsonDocument.Parse(text);
        var sessions = json.RootElement.GetProperty("s").EnumerateObject().ToDictionary(
            static member => member.Name,
            static member => new ServerSession(member.Value[0].GetString(), member.Value[1].GetString()),
            StringComparer.Ordinal);
        return new AggregateSession(
            clientId, json.RootElement.TryGetProperty("p", out var own) ? own.GetBytesFromBase64() : default, sessions);
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Control.Snapshots;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Tasks;

/// <summary>
/// The rewriter of the ids of tasks in the messages of a server, so that the client only sees its own, and of TTLs
/// above the operator's maximum. A notification about any other task is removed: it may belong to another caller.
/// </summary>
/// <param name="handles">Seals the ids.</param>
/// <param name="caller">The caller that receives the messages.</param>
/// <param name="server">The server.</param>
/// <param name="tasks">The tasks that the client named in its request; null if it named none.</param>
/// <param name="created">
/// Returns, for a response that creates a task, its handle by the server's id; null if its call is unknown.
/// </param>
internal sealed class TaskRewriter(
    TaskHandles handles, string caller, ServerModel server, CallTasks? tasks,
    Func<ReadOnlySpan<byte>, Func<string, TaskHandle>?>? created)
    : IMessageRewriter
{
    private const int EditsMax = 512;

    /// <inheritdoc/>
    public long BytesFor(ReadOnlySpan<byte> message) =>
        Mentions(message) ? message.Length + TaskHandles.HandleBytesMax : 0;

    /// <inheritdoc/>
    public bool TryRewrite(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        if (!Mentions(message))
            return false;
        try
        {
            var edits = new List<(Range Place, byte[] Value)>();
            if (RawJson.Find(message, "method") is not { } method)
                OfResponse(message, edits);
            else if (!OfMessage(message, RawJson.String(message[method]), edits))
                return true;
            return Write(message, edits, output);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No client can parse it either.
            return false;
        }
    }

    private static bool Mentions(ReadOnlySpan<byte> message) => message.IndexOf("taskId"u8) >= 0;

    private static bool Write(
        ReadOnlySpan<byte> message, List<(Range Place, byte[] Value)> edits, IBufferWriter<byte> output)
    {
        if (edits.Count == 0)
            return false;
        var from = 0;
        foreach (var (place, value) in edits.OrderBy(static edit => edit.Place.Start.Value))
        {
            output.Write(message[from..place.Start.Value]);
            output.Write(value);
            from = place.End.Value;
        }

        output.Write(message[from..]);
        return true;
    }

    private void OfResponse(ReadOnlySpan<byte> message, List<(Range Place, byte[] Value)> edits)
    {
        if (RelatedTask.Find(message, "result") is { } related)
            Add(message, related, edits, Known);
        if (tasks is not null)
        {
            if (Add(message, RawJson.Find(message, "result", "taskId"), edits, Known))
                TaskTtl.Bound(server, message, edits, TaskTtl.NameIn(message), "result");
        }
        else if (CreatedTask.Place(message) is { } place && created?.Invoke(message) is { } handleOf)
        {
            Add(message, place, edits, id => handles.Seal(caller, handleOf(id)));
            TaskTtl.Bound(server, message, edits, TaskTtl.NameIn(message),
                RawJson.Find(message, "result", "task") is null ? ["result"] : ["result", "task"]);
        }
    }

    /// <summary>Returns false for a message that must not pass.</summary>
    private bool OfMessage(ReadOnlySpan<byte> message, string method, List<(Range Place, byte[] Value)> edits)
    {
        if (method is McpMethods.TasksStatus or McpMethods.TaskChanged)
        {
            if (!Add(message, RawJson.Find(message, "params", "taskId"), edits, Known))
                return false;
            TaskTtl.Bound(
                server, message, edits, method == McpMethods.TasksStatus ? TaskTtl.LegacyName : TaskTtl.Name, "params");
            return true;
        }

        if (method == McpMethods.SubscriptionsAcknowledged)
        {
            if (RawJson.Find(message, "params", "notifications", "taskIds") is { } list)
                edits.Add((list, Agreed(message[list])));
        }
        else if (RelatedTask.Find(message, "params") is { } related)
            Add(message, related, edits, Known);
        return true;
    }

    private string? Known(string id) =>
        tasks?.Handles.GetValueOrDefault(id) ?? handles.Known(caller, server.Name, id);

    private static bool Add(
        ReadOnlySpan<byte> message, Range? place, List<(Range Place, byte[] Value)> edits, Func<string, string?> map)
    {
        if (place is not { } found || message[found.Start] != (byte)'"'
            || map(RawJson.String(message[found])) is not { } text)
            return false;
        edits.Add((found, RawJson.Text(text)));
        return true;
    }

    private byte[] Agreed(ReadOnlySpan<byte> list)
    {
        using var ids = JsonDocument.Parse(list.ToArray());
        var agreed = ids.RootElement.EnumerateArray().Take(EditsMax)
            .Select(one => Known(one.GetString()!)).OfType<string>()
            .Select(static one => Encoding.UTF8.GetString(RawJson.Text(one)));
        return Encoding.UTF8.GetBytes($"[{string.Join(',', agreed)}]");
    }
}

/// <summary>The operator's maximum TTL of a server's tasks.</summary>
internal static class TaskTtl
{
    /// <summary>The member of a state in 2026-07-28.</summary>
    public const string Name = "ttlMs";

    /// <summary>The member of a state in 2025-11-25.</summary>
    public const string LegacyName = "ttl";

    /// <summary>Returns the member's name in a response: only results of 2026-07-28 have a type.</summary>
    public static string NameIn(ReadOnlySpan<byte> response) =>
        RawJson.Find(response, "result", "resultType") is null ? LegacyName : Name;

    /// <summary>Returns the TTL that applies to a task, in milliseconds; null if it is unlimited.</summary>
    public static long? Of(ServerModel server, long? ttlMs) =>
        server.Tasks?.MaxTtlSeconds * 1000L is { } maxMs ? Math.Min(maxMs, ttlMs ?? maxMs) : ttlMs;

    /// <summary>Adds the edit of a state whose TTL is above the maximum.</summary>
    /// <param name="server">The server.</param>
    /// <param name="message">The message.</param>
    /// <param name="edits">The edits.</param>
    /// <param name="absent">The name of the member for a state that has none.</param>
    /// <param name="path">The path of the state, which has a <c>taskId</c>.</param>
    public static void Bound(
        ServerModel server, ReadOnlySpan<byte> message, List<(Range Place, byte[] Value)> edits, string absent,
        params ReadOnlySpan<string> path)
    {
        if (server.Tasks?.MaxTtlSeconds is not { } seconds || RawJson.Find(message, path) is not { } state)
            return;
        var from = state.Start.Value;
        var isPresent = false;
        foreach (var name in (ReadOnlySpan<string>)[Name, LegacyName])
        {
            if (RawJson.Find(message[state], name) is not { } place)
                continue;
            isPresent = true;
            var reader = new Utf8JsonReader(message[state][place]);
            if (!reader.Read() || reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var ttlMs)
                || ttlMs > seconds * 1000L)
                edits.Add((
                    (from + place.Start.Value)..(from + place.End.Value),
                    Encoding.UTF8.GetBytes(FormattableString.Invariant($"{seconds * 1000L}"))));
        }

        if (!isPresent)
            edits.Add((
                (from + 1)..(from + 1),
                Encoding.UTF8.GetBytes(FormattableString.Invariant(
                    $"\"{absent}\":{seconds * 1000L},"))));
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Tasks;

/// <summary>
/// The rewriter of the ids of tasks in the messages of a server, so that the client only sees its own. A notification
/// about any other task is removed: it may belong to another caller.
/// </summary>
/// <param name="handles">Seals the ids.</param>
/// <param name="caller">The caller that receives the messages.</param>
/// <param name="server">The server.</param>
/// <param name="tasks">The tasks that the client named in its request; null if it named none.</param>
/// <param name="created">Returns the task of a response that creates one; null if the response cannot.</param>
internal sealed class TaskRewriter(
    TaskHandles handles, string caller, string server, CallTasks? tasks, Func<string, TaskHandle>? created)
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
            Add(message, RawJson.Find(message, "result", "taskId"), edits, Known);
        else if (created is not null && CreatedTask.Place(message) is { } place)
            Add(message, place, edits, id => handles.Seal(caller, created(id)));
    }

    /// <summary>Returns false for a message that must not pass.</summary>
    private bool OfMessage(ReadOnlySpan<byte> message, string method, List<(Range Place, byte[] Value)> edits)
    {
        if (method is McpMethods.TasksStatus or McpMethods.TaskChanged)
            return Add(message, RawJson.Find(message, "params", "taskId"), edits, Known);
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
        tasks?.Handles.GetValueOrDefault(id) ?? handles.Known(caller, server, id);

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

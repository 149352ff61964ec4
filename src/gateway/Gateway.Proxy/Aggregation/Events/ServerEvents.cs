using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Mcp.Events;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Aggregation.Raw;

namespace Gateway.Proxy.Aggregation.Events;

/// <summary>
/// The events of one server as the client of several receives them: requests from the server and event ids identify the
/// server, and everything else passes unchanged.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="mapId">Maps an event id.</param>
/// <param name="take">Returns true to remove an event's data from the stream.</param>
internal sealed class ServerEvents(
    string server, Func<string, string> mapId, Func<ReadOnlyMemory<byte>, bool>? take = null) : IDisposable
{
    private readonly PooledBuffer _changed = new();

    public void Write(SseSegment segment, IBufferWriter<byte> output)
    {
        if (take is not null && !segment.Data.IsEmpty && take(segment.Data))
            return;
        var raw = segment.Raw.Span;
        if (!segment.Data.IsEmpty && Mapped(segment.Data.Span) is { } data)
        {
            _changed.Clear();
            SseRewriter.Write(raw, data, _changed);
            raw = _changed.Written.Span;
        }

        if (!segment.IsEvent)
        {
            output.Write(raw);
            return;
        }

        while (!raw.IsEmpty)
        {
            var end = raw.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? raw : raw[..end];
            var next = end < 0 ? raw.Length : end + 1;
            if (line.StartsWith("id:"u8) && Encoding.UTF8.GetString(line[3..]).Trim(' ') is { Length: > 0 } id)
            {
                output.Write("id: "u8);
                output.Write(Encoding.UTF8.GetBytes(mapId(id)));
            }
            else
                output.Write(line);
            output.Write(raw[line.Length..next]);
            raw = raw[next..];
        }
    }

    public void Dispose() => _changed.Dispose();

    /// <summary>
    /// Returns a request of the server, or its cancellation, with an id that identifies the server; null for any other
    /// message.
    /// </summary>
    private byte[]? Mapped(ReadOnlySpan<byte> data)
    {
        try
        {
            if (RawJson.Find(data, "method") is not { } method)
                return null;
            if (RawJson.Find(data, "id") is { } id)
            {
                var changed = RawJson.Replace(data, id, RoutedId.Wrap(server, data[id]));
                return RawJson.Find(changed, "params", "_meta", "progressToken") is { } token
                    ? RawJson.Replace(changed, token, RoutedId.Wrap(server, changed.AsSpan(token)))
                    : changed;
            }

            return data[method].SequenceEqual(RawJson.Text(McpMethods.Cancelled))
                && RawJson.Find(data, "params", "requestId") is { } asked
                ? RawJson.Replace(data, asked, RoutedId.Wrap(server, data[asked]))
                : null;
        }
        catch (JsonException)
        {
            // No client can parse it either.
            return null;
        }
    }
}

using System.Text;
using Gateway.Control.Memory;
using Gateway.Mcp.Events;
using Gateway.Mcp.Writing;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>
/// The event stream of an HTTP+SSE session (2024-11-05, HTTP with SSE): its first event names the endpoint for the
/// client's messages, and each later event carries a message of the server.
/// </summary>
internal sealed class SseChannel(
    UpstreamResponse stream, Replica replica, int eventBytesMax, MemoryBudget memory, MemoryShare share) : IDisposable
{
    private const int EndpointBytesMax = 8192;

    // Every session may use this much; a short event takes nothing from the budget.
    private const int FreeBytes = 64 * 1024;

    private readonly SseAssembler _assembler = new(eventBytesMax);
    private long _held;

    /// <summary>The endpoint for messages; valid once <see cref="ReadEndpointAsync"/> has returned null.</summary>
    public Uri Endpoint { get; private set; } = replica.Url;

    public Replica Replica => replica;

    /// <summary>Reads the first event.</summary>
    /// <returns>Null if it named a usable endpoint; otherwise the reason why the stream cannot be used.</returns>
    public async ValueTask<EndpointFault?> ReadEndpointAsync(CancellationToken cancellationToken)
    {
        var url = replica.Url;
        try
        {
            if (await NextAsync(cancellationToken) is not { Name: "endpoint" } first)
                return new EndpointFault("its event stream does not begin with an endpoint event", IsSse: false);
            var text = Encoding.UTF8.GetString(first.Data.Span[..Math.Min(first.Data.Length, EndpointBytesMax)]).Trim();
            if (text.Length == 0 || !Uri.TryCreate(url, text, out var endpoint)
                || endpoint.Scheme is not ("http" or "https"))
            {
                return new EndpointFault(
                    $"its endpoint event does not name a URL: \"{Printable.Of(text)}\"", IsSse: true);
            }

            // The endpoint receives the server's credential.
            if (endpoint.UserInfo.Length > 0 || Uri.Compare(
                url, endpoint, UriComponents.SchemeAndServer, UriFormat.UriEscaped,
                StringComparison.OrdinalIgnoreCase) != 0)
            {
                return new EndpointFault(
                    $"it names an endpoint at another origin, {Printable.Of(text)}, which must not receive the "
                        + $"server's credential. The endpoint must be at {url.GetLeftPart(UriPartial.Authority)}. "
                        + "Correct the address that the server announces, or register the server by that origin",
                    IsSse: true);
            }

            Endpoint = endpoint;
            return null;
        }
        catch (InvalidDataException e)
        {
            return new EndpointFault($"it sent {e.Message}", IsSse: false);
        }
        catch (Exception e) when (e is IOException and not UpstreamException or HttpRequestException)
        {
            return new EndpointFault("its event stream broke off", IsSse: false);
        }
    }

    /// <summary>Returns a copy of the next message, or null at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">An event is longer than the bound.</exception>
    /// <exception cref="IOException">The stream broke off, or there was no memory for an event.</exception>
    public async ValueTask<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken) is { } next)
        {
            // Another endpoint event is not a message, and must not redirect the session.
            if (next.Name is "" or "message")
                return next.Data.ToArray();
        }

        return null;
    }

    public void Dispose()
    {
        stream.Dispose();
        _assembler.Dispose();
        memory.GiveBack(share, _held);
        _held = 0;
    }

    private async ValueTask<(string Name, ReadOnlyMemory<byte> Data)?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_assembler.TryTake(out var segment))
            {
                if (segment is { IsEvent: true, Data.IsEmpty: false })
                    return (NameOf(segment.Raw.Span), segment.Data);
            }

            // An idle stream holds no buffer.
            _assembler.Rest();
            _ = await stream.Body.ReadAsync(Memory<byte>.Empty, cancellationToken);
            await HoldAsync(_assembler.BytesWithRoom, cancellationToken);
            if (!_assembler.TryGetRoom(out var room))
                throw new InvalidDataException($"an event of more than {eventBytesMax} bytes");
            var count = await stream.Body.ReadAsync(room, cancellationToken);
            // Bytes after the last blank line are an incomplete event, not a message.
            if (count == 0)
                return null;
            _assembler.Advance(count);
        }
    }

    private async ValueTask HoldAsync(long bytes, CancellationToken cancellationToken)
    {
        var more = Math.Max(0, bytes - FreeBytes) - _held;
        if (more > 0 && !await memory.TakeAsync(share, more, MemoryUse.Answer, cancellationToken))
            throw UpstreamException.NoMemory();
        if (more < 0)
            memory.GiveBack(share, -more);
        _held += more;
    }

    private static string NameOf(ReadOnlySpan<byte> raw)
    {
        ReadOnlySpan<byte> name = default;
        while (!raw.IsEmpty)
        {
            var end = raw.IndexOfAny((byte)'\r', (byte)'\n');
            var line = end < 0 ? raw : raw[..end];
            raw = end < 0 ? default : raw[(end + 1)..];
            if (line.StartsWith("\uFEFF"u8))
                line = line[3..];
            if (!line.StartsWith("event:"u8))
                continue;
            name = line["event:"u8.Length..];
            if (name.StartsWith(" "u8))
                name = name[1..];
        }

        return name.IsEmpty || name.SequenceEqual("message"u8) ? "" : name.SequenceEqual("endpoint"u8) ? "endpoint"
            : "other";
    }
}

/// <summary>The reason why an event stream cannot be used for a session.</summary>
/// <param name="Why">The reason, as a clause.</param>
/// <param name="IsSse">True if the server nevertheless uses HTTP+SSE.</param>
internal sealed record EndpointFault(string Why, bool IsSse);

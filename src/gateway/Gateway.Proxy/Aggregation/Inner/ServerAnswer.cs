using System.Text.Json;
using Gateway.Mcp.Events;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>The response of one server of several.</summary>
/// <param name="Server">The server.</param>
/// <param name="Status">The HTTP status; 0 if there was no response.</param>
/// <param name="MediaType">The type of the body.</param>
/// <param name="Body">The body.</param>
internal sealed record ServerAnswer(string Server, int Status, string MediaType, ReadOnlyMemory<byte> Body)
{
    private const int EventBytesMax = 16 * 1024 * 1024;
    private const int WhyCharsMax = 300;
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    /// <summary>
    /// The reason why there is no result, as words that follow the server's name; null if there is one.
    /// </summary>
    public string? Why { get; private init; }

    /// <summary>The server's own session id; null if it sent none.</summary>
    public string? SessionId { get; init; }

    /// <summary>The result; only valid if <see cref="Why"/> is null.</summary>
    public JsonElement Result { get; private init; }

    /// <summary>True if the server is available but does not have the method.</summary>
    public bool LacksMethod { get; private init; }

    /// <summary>True if the reason may be that the caller must connect an account at the server first.</summary>
    public bool NeedsConnection { get; init; }

    /// <summary>True if the server itself responded, even with an error.</summary>
    public bool IsAnswered => Status is > 0 and < 500;

    public static ServerAnswer Missing(string server, string why) => new(server, 0, "", default) { Why = why };

    /// <summary>The reserved memory of the body; null if there is none.</summary>
    public IDisposable? Memory { get; init; }

    /// <summary>Returns the response without its body, and releases the memory of the body.</summary>
    public ServerAnswer Release()
    {
        Memory?.Dispose();
        return this with { Body = default, Result = default, Memory = null };
    }

    /// <summary>Parses the collected body.</summary>
    public ServerAnswer Read()
    {
        if (Status is >= 200 and < 300 && Body.IsEmpty)
            return this;
        try
        {
            if (Find() is not { } message)
                return this with { Why = Words($"responded with HTTP {Status}") };
            if (message.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object)
                return this with { Result = result };
            if (!message.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
                return this with { Why = "sent a response that is neither a result nor an error" };
            var lacks = error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number
                && code.TryGetInt32(out var number) && number == Mcp.McpErrorCodes.MethodNotFound;
            var text = error.TryGetProperty("message", out var words) && words.ValueKind == JsonValueKind.String
                ? words.GetString()! : $"HTTP {Status}";
            var what = IsAnswered ? "responded with an error" : "is unavailable";
            return this with
            {
                LacksMethod = lacks,
                NeedsConnection = error.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object
                    && (data.TryGetProperty("elicitations", out _) || data.TryGetProperty("connectUrl", out _)),
                Why = Words($"{what}: {text}"),
            };
        }
        catch (JsonException)
        {
            return this with { Why = Words($"sent a response (HTTP {Status}) that is not JSON") };
        }
    }

    private static string Words(string text) => text.Length <= WhyCharsMax ? text : text[..WhyCharsMax] + "…";

    /// <summary>Returns the JSON-RPC response, which may be one event among others; null if there is none.</summary>
    public JsonElement? Find()
    {
        if (MediaType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
            return IfAnswer(Body);
        if (!MediaType.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase))
            return null;
        using var events = new SseAssembler(EventBytesMax);
        var rest = Body;
        while (!rest.IsEmpty && events.TryGetRoom(out var room))
        {
            var count = Math.Min(room.Length, rest.Length);
            rest[..count].CopyTo(room);
            rest = rest[count..];
            events.Advance(count);
            while (events.TryTake(out var segment))
            {
                if (!segment.Data.IsEmpty && IfAnswer(segment.Data.ToArray()) is { } answer)
                    return answer;
            }
        }

        return null;
    }

    private static JsonElement? IfAnswer(ReadOnlyMemory<byte> json)
    {
        var root = JsonDocument.Parse(json, Deep).RootElement;
        return root.ValueKind == JsonValueKind.Object && !root.TryGetProperty("method", out _) ? root : null;
    }
}

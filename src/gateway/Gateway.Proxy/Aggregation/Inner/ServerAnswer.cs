using System.Text.Json;
using Gateway.Mcp.Events;

namespace Gateway.Proxy.Aggregation.Inner;

/// <summary>What one server of several answered.</summary>
/// <param name="Server">The server.</param>
/// <param name="Status">The HTTP status; 0 where nothing came.</param>
/// <param name="MediaType">The type of the body.</param>
/// <param name="Body">The body.</param>
internal sealed record ServerAnswer(string Server, int Status, string MediaType, ReadOnlyMemory<byte> Body)
{
    private const int EventBytesMax = 16 * 1024 * 1024;
    private const int WhyCharsMax = 300;
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 256 };

    /// <summary>Why there is no result, in words that follow the server's name; null where there is one.</summary>
    public string? Why { get; private init; }

    /// <summary>The session that the server named, its own id; null for none.</summary>
    public string? SessionId { get; init; }

    /// <summary>The result; only where <see cref="Why"/> is null.</summary>
    public JsonElement Result { get; private init; }

    /// <summary>Whether the server is there and just does not have the method.</summary>
    public bool LacksMethod { get; private init; }

    /// <summary>Whether the server itself answered, be it with a refusal.</summary>
    public bool IsAnswered => Status is > 0 and < 500;

    public static ServerAnswer Missing(string server, string why) => new(server, 0, "", default) { Why = why };

    /// <summary>The memory of the body; null where there is none.</summary>
    public IDisposable? Memory { get; init; }

    /// <summary>Returns the outcome without the body, and gives the memory of the body back.</summary>
    public ServerAnswer Release()
    {
        Memory?.Dispose();
        return this with { Body = default, Result = default, Memory = null };
    }

    /// <summary>Reads what was gathered.</summary>
    public ServerAnswer Read()
    {
        if (Status is >= 200 and < 300 && Body.IsEmpty)
            return this;
        try
        {
            if (Find() is not { } message)
                return this with { Why = Words($"answered HTTP {Status}") };
            if (message.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.Object)
                return this with { Result = result };
            if (!message.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object)
                return this with { Why = "gave an answer that is neither a result nor an error" };
            var lacks = error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number
                && code.TryGetInt32(out var number) && number == Mcp.McpErrorCodes.MethodNotFound;
            var text = error.TryGetProperty("message", out var words) && words.ValueKind == JsonValueKind.String
                ? words.GetString()! : $"HTTP {Status}";
            var what = IsAnswered ? "answered with an error" : "is not to be had";
            return this with { LacksMethod = lacks, Why = Words($"{what}: {text}") };
        }
        catch (JsonException)
        {
            return this with { Why = Words($"gave an answer (HTTP {Status}) that is not JSON") };
        }
    }

    private static string Words(string text) => text.Length <= WhyCharsMax ? text : text[..WhyCharsMax] + "…";

    /// <summary>The JSON-RPC answer, which may come as an event among others; null for none.</summary>
    private JsonElement? Find()
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

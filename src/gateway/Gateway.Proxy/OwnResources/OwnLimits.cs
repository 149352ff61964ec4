using System.Buffers;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Proxy.Calls;
using Gateway.Proxy.Edge.Listeners;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.OwnResources;

/// <summary>
/// The response to an agent that reads <c>gateway://limits</c> with the usage of its own grant's limits. It only reads:
/// nothing is counted, no server receives a request, and counters of other grants are not included.
/// </summary>
internal sealed class OwnLimits(ILimiter limiter)
{
    private const int LimitsMax = 200;
    private static readonly Amount Least = Amount.FromNano(1);

    /// <summary>Returns true if the gateway itself responds to this message.</summary>
    public static bool Answers(McpMessage message) =>
        message.Method == McpMethods.ResourcesRead && message.Name == ReservedUris.Limits;

    /// <summary>Writes the response and returns its length in bytes.</summary>
    public async ValueTask<int> AnswerAsync(CallContext call, long nowMs)
    {
        var text = await TextAsync(call, nowMs);
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            JsonRpcWriter.BeginResult(json, call.Message.Id.Span, call.Revision);
            if (call.Revision == McpRevision.Stateless)
            {
                json.WriteNumber("ttlMs"u8, 0);
                json.WriteString("cacheScope"u8, "private"u8);
            }

            json.WriteStartArray("contents"u8);
            json.WriteStartObject();
            json.WriteString("uri"u8, ReservedUris.Limits);
            json.WriteString("mimeType"u8, "application/json"u8);
            json.WriteString("text"u8, text.Span);
            json.WriteEndObject();
            json.WriteEndArray();
            JsonRpcWriter.End(json);
        }

        await PlainResponse.JsonAsync(call.Http, StatusCodes.Status200OK, buffer.WrittenMemory);
        return buffer.WrittenCount;
    }

    private async ValueTask<ReadOnlyMemory<byte>> TextAsync(CallContext call, long nowMs)
    {
        var counters = call.Binding.Policy.OwnCounters(call.SessionCounterId).ToList();
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("grant"u8, call.GrantName);
        json.WriteString("server"u8, call.ServerName);
        RefusalJson.WriteTime(json, "at"u8, nowMs);
        json.WriteStartArray("limits"u8);
        foreach (var cost in counters.Take(LimitsMax))
        {
            var look = new LimitRequest(CallId.New(), nowMs, [cost.Cost with { Cost = Least }]);
            Write(json, cost, nowMs, await limiter.PeekAsync(look, call.Http.RequestAborted));
        }

        json.WriteEndArray();
        if (counters.Count > LimitsMax)
            json.WriteNumber("leftOut"u8, counters.Count - LimitsMax);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, in DecisionCost cost, long nowMs, LimitDecision seen)
    {
        json.WriteStartObject();
        json.WriteString("counter"u8, cost.Counter);
        json.WriteString("window"u8, cost.WindowText);
        json.WriteString("scope"u8, cost.Cost.Key.Scope switch
        {
            LimitScope.Server => "server"u8,
            LimitScope.Session => "session"u8,
            LimitScope.Grant or LimitScope.Service => "grant"u8,
            _ => throw new NotSupportedException($"LimitScope {cost.Cost.Key.Scope} has no case here."),
        });
        json.WriteString("max"u8, cost.Cost.MaxAt(nowMs).ToString());
        // A read takes nothing, so the values after it are also those before it.
        if (seen.Permit is { Parts: [var part] })
            WriteUse(json, part.UsedAfter, part.RemainingAfter, part.ResetAtMs);
        else if (seen.Refusal is { Kind: RefusalKind.NoRoom } full)
            WriteUse(json, full.Used, full.Remaining, full.ResetAtMs);
        else
            json.WriteString("problem"u8, seen.Refusal?.Reason);
        json.WriteEndObject();
    }

    private static void WriteUse(Utf8JsonWriter json, Amount used, Amount remaining, long resetAtMs)
    {
        json.WriteString("used"u8, used.ToString());
        json.WriteString("remaining"u8, remaining.ToString());
        if (resetAtMs != 0)
            RefusalJson.WriteTime(json, "resetAt"u8, resetAtMs);
    }
}

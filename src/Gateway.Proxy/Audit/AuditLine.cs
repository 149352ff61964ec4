using System.Buffers;
using System.Text.Json;
using Gateway.Limits;
using Gateway.Proxy.Approvals;
using Gateway.Proxy.Denials;

namespace Gateway.Proxy.Audit;

/// <summary>
/// Writes audit records as one line of JSON each: names, numbers and argument keys, never an argument's value.
/// </summary>
internal static class AuditLine
{
    /// <summary>The decision on one call.</summary>
    public static byte[] Decision(GatewayCall call, in DecisionRecord record)
    {
        var refusal = record.Refusal;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "decision");
            json.WriteString("time", RefusalJson.Time(call.NowMs));
            json.WriteString("callId", call.Id.ToString());
            json.WriteString("grant", call.Grant.Name);
            json.WriteString("server", call.Server.Name);
            json.WriteString("method", call.Message.Method);
            WriteSubject(json, call);
            json.WriteString("policy", call.Binding.PolicyName);
            json.WriteString("policySha256", call.Binding.PolicySha256);
            json.WriteString("outcome", refusal is null ? "allowed" : RefusalJson.Name(refusal.Outcome));
            json.WriteString("rule", refusal?.Rule ?? record.Rule);
            if (refusal is not null)
                json.WriteString("reason", refusal.Reason);
            if (record.Permit is { } permit)
                WriteCounters(json, permit);
            else if (refusal?.Limit is { } limit)
                WriteLimit(json, limit);
            if (refusal?.ApprovalId is { } approvalId)
                json.WriteString("approvalId", approvalId);
            if (record.Approval is { } approval)
            {
                json.WriteString("approvalId", approval.Id);
                json.WriteString("approvedBy", approval.AnsweredBy);
            }

            if (record.IsRetry)
                json.WriteBoolean("retry", true);
            WriteShadow(json, record);
            json.WriteEndObject();
        }

        return Line(buffer);
    }

    /// <summary>How a forwarded call ended.</summary>
    public static byte[] Outcome(GatewayCall call, long nowMs, string ended, int status, long bytes, string counted)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "outcome");
            json.WriteString("time", RefusalJson.Time(nowMs));
            json.WriteString("callId", call.Id.ToString());
            json.WriteString("grant", call.Grant.Name);
            json.WriteString("server", call.Server.Name);
            json.WriteString("ended", ended);
            json.WriteNumber("status", status);
            json.WriteNumber("bytes", bytes);
            json.WriteNumber("durationMs", Math.Max(0, nowMs - call.ArrivedMs));
            json.WriteString("counted", counted);
            json.WriteEndObject();
        }

        return Line(buffer);
    }

    /// <summary>What became of a request for approval: asked, approved, denied or expired.</summary>
    public static byte[] Approval(Approval approval, string became, long nowMs)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", "approval");
            json.WriteString("time", RefusalJson.Time(nowMs));
            json.WriteString("approvalId", approval.Id);
            json.WriteString("became", became);
            json.WriteString("grant", approval.Grant);
            json.WriteString("server", approval.Server);
            json.WriteString("tool", approval.Tool);
            json.WriteString("rule", approval.Rule);
            json.WriteString("argumentsSha256", approval.ArgumentsSha256);
            if (approval.AnsweredBy is { } by)
                json.WriteString("by", by);
            if (approval.Comment is { } comment)
                json.WriteString("comment", comment);
            json.WriteEndObject();
        }

        return Line(buffer);
    }

    private static void WriteSubject(Utf8JsonWriter json, GatewayCall call)
    {
        if (call.Message.Name is { } name)
            json.WriteString(call.Message.Method == Mcp.McpMethods.ToolsCall ? "tool" : "name", name);
        if (call.Message.Arguments.IsEmpty)
            return;
        json.WriteStartArray("argumentKeys");
        foreach (var key in call.Message.ArgumentKeys())
            json.WriteStringValue(key);
        json.WriteEndArray();
    }

    /// <summary>What enforcement would have done, in the words that the agent would have read.</summary>
    private static void WriteShadow(Utf8JsonWriter json, in DecisionRecord record)
    {
        var counts = record.ShadowPermit is { Parts.IsEmpty: false };
        if (record.WouldBe is null && !counts)
            return;
        json.WriteStartObject("shadow");
        json.WriteString("outcome", record.WouldBe is { } known ? RefusalJson.Name(known.Outcome) : "allowed");
        if (record.WouldBe is { } wouldBe)
        {
            json.WriteString("rule", wouldBe.Rule);
            json.WriteString("reason", wouldBe.Reason);
            if (wouldBe.Limit is { } limit)
                WriteLimit(json, limit);
        }

        if (counts)
            WriteCounters(json, record.ShadowPermit!);
        json.WriteEndObject();
    }

    private static void WriteCounters(Utf8JsonWriter json, Permit permit)
    {
        json.WriteStartArray("counters");
        foreach (var part in permit.Parts)
        {
            json.WriteStartObject();
            json.WriteString("key", part.Key.Text);
            json.WriteString("window", RefusalJson.Time(part.WindowStartMs));
            json.WriteString("windowEnd", RefusalJson.Time(part.WindowEndMs));
            json.WriteString("cost", part.Cost.ToString());
            json.WriteString("max", part.Max.ToString());
            json.WriteString("used", part.UsedAfter.ToString());
            json.WriteStartArray("intervals");
            foreach (var interval in part.Intervals)
                json.WriteStringValue(interval.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLimit(Utf8JsonWriter json, RefusedLimit limit)
    {
        json.WriteStartObject("limit");
        json.WriteString("counter", limit.Counter);
        json.WriteString("window", limit.Window);
        json.WriteString("max", limit.Max.ToString());
        json.WriteString("used", limit.Used.ToString());
        json.WriteString("resetAt", RefusalJson.Time(limit.ResetAtMs));
        json.WriteEndObject();
    }

    private static byte[] Line(ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}

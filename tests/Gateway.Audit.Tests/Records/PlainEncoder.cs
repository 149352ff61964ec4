using Gateway.Policy.Decisions;
using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Gateway.Audit.Records;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;

namespace Gateway.Audit.Tests.Records;

/// <summary>The records that every call has, written in the plainest way: member by member, by a JSON writer.</summary>
internal static class PlainEncoder
{
    public static byte[] Decision(IAuditedCall call, DecisionRecord record, byte[] actual) => Line(json =>
    {
        var refusal = record.Refusal;
        json.WriteString("kind", "decision");
        json.WriteString("time", Time(call.NowMs));
        json.WriteString("callId", call.IdText);
        json.WriteString("grant", call.GrantName);
        json.WriteString("server", call.ServerName);
        WriteCaller(json, call.Caller);
        json.WriteString("method", RecordBounds.Cut(call.Message.Method));
        WriteSubject(json, call.Message);
        json.WriteString("session", call.SessionCounterId);
        json.WriteString("policy", call.PolicyName);
        json.WriteString("policySha256", call.PolicySha256);
        json.WriteString("outcome", refusal is null ? "allowed" : RefusalJson.Name(refusal.Outcome));
        json.WriteString("rule", refusal?.Rule ?? record.Rule);
        if (refusal is not null)
            json.WriteString("reason", RecordBounds.Cut(refusal.Reason));
        if (refusal?.Cause is { } cause)
            json.WriteString("cause", cause.Name());
        if (record.Permit is { } permit)
            WriteCounters(json, permit);
        else if (refusal?.Limit is { } limit)
            WriteLimit(json, limit);
        if (refusal?.ApprovalId is { } approvalId)
            json.WriteString("approvalId", approvalId);
        if (record.ApprovalId is { } usedUp)
            json.WriteString("approvalId", usedUp);
        if (record.StandingApprovalId is { } oneOf)
            json.WriteString("standingApprovalId", oneOf);
        if ((record.ApprovalId ?? record.StandingApprovalId) is not null)
            json.WriteString("approvedBy", record.ApprovedBy);
        if (record.IsRetry)
            json.WriteBoolean("retry", true);
        WriteShadow(json, record);
        if (record.Candidate is { } candidate)
        {
            json.WriteStartObject("candidate");
            json.WriteString("sha256", candidate.Sha256);
            json.WriteString("outcome", candidate.Outcome);
            json.WriteString("rule", candidate.Rule);
            json.WriteEndObject();
        }

        WriteErasable(json, call.Caller, actual);
    });

    public static byte[] Outcome(
        IAuditedCall call, long nowMs, string ended, int status, long bytes, string counted, ResultRecord? results,
        byte[] actual) =>
        Line(json =>
        {
            json.WriteString("kind", "outcome");
            json.WriteString("time", Time(nowMs));
            json.WriteString("callId", call.IdText);
            json.WriteString("grant", call.GrantName);
            json.WriteString("server", call.ServerName);
            WriteCaller(json, call.Caller);
            WriteName(json, call.Message);
            json.WriteString("ended", ended);
            json.WriteNumber("status", status);
            json.WriteNumber("bytes", bytes);
            json.WriteNumber("durationMs", Math.Max(0, nowMs - call.ArrivedMs));
            json.WriteString("counted", counted);
            if (results is not null)
                WriteResults(json, results);
            WriteErasable(json, call.Caller, actual);
        });

    private static byte[] Line(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return [.. buffer.WrittenSpan, (byte)'\n'];
    }

    private static string Time(long unixMs) => DateTime.UnixEpoch.AddMilliseconds(unixMs)
        .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static void WriteName(Utf8JsonWriter json, McpMessage message)
    {
        if (message.Name is not { } name)
            return;
        json.WriteString(message.Method == McpMethods.ToolsCall ? "tool" : "name", RecordBounds.Cut(name));
        if (RecordBounds.IsCut(name))
            json.WriteString("nameSha256", RecordBounds.Digest(name));
    }

    private static void WriteSubject(Utf8JsonWriter json, McpMessage message)
    {
        WriteName(json, message);
        if (message.Method == McpMethods.CompletionComplete)
            json.WriteString("subject", message.Subject == McpSubject.Prompt ? "prompt" : "resource");
        if (message.Arguments.IsEmpty)
            return;
        var (written, bytes, leftOut) = (0, 0, 0);
        json.WriteStartArray("argumentKeys");
        var reader = new Utf8JsonReader(message.Arguments.Span);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            bytes += reader.ValueSpan.Length;
            if (leftOut > 0 || bytes > RecordBounds.ArgumentKeyBytesMax || written == RecordBounds.ArgumentKeysMax)
                leftOut++;
            else
            {
                written++;
                json.WriteStringValue(reader.GetString());
            }

            reader.Skip();
        }

        json.WriteEndArray();
        if (leftOut > 0)
            json.WriteNumber("argumentKeysLeftOut", leftOut);
    }

    private static void WriteShadow(Utf8JsonWriter json, DecisionRecord record)
    {
        var counted = record.ShadowPermit ?? Permit.None;
        if (record.ShadowRefusal is null && counted.Parts.IsEmpty)
            return;
        json.WriteStartObject("shadow");
        json.WriteString("outcome", record.ShadowRefusal is { } known ? RefusalJson.Name(known.Outcome) : "allowed");
        if (record.ShadowRefusal is { } wouldBe)
        {
            json.WriteString("rule", wouldBe.Rule);
            json.WriteString("reason", RecordBounds.Cut(wouldBe.Reason));
            if (wouldBe.Limit is { } limit)
                WriteLimit(json, limit);
        }

        if (!counted.Parts.IsEmpty)
            WriteCounters(json, counted);
        json.WriteEndObject();
    }

    private static void WriteCounters(Utf8JsonWriter json, Permit permit)
    {
        json.WriteStartArray("counters");
        foreach (var part in permit.Parts)
        {
            json.WriteStartObject();
            json.WriteString("key", part.Key.Text);
            json.WriteString("window", Time(part.WindowStartMs));
            json.WriteString("windowEnd", Time(part.WindowEndMs));
            json.WriteString("cost", Text(part.Cost.Nano));
            json.WriteString("max", Text(part.Max.Nano));
            json.WriteString("used", Text(part.UsedAfter.Nano));
            json.WriteStartArray("intervals");
            foreach (var (low, high) in part.Intervals)
                json.WriteStringValue($"[{Text(low)},{Text(high)})");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLimit(Utf8JsonWriter json, RefusedLimit limit)
    {
        json.WriteStartObject("limit");
        json.WriteString("counter", limit.Counter);
        if (limit.Window.Length > 0)
            json.WriteString("window", limit.Window);
        json.WriteString("max", Text(limit.Max.Nano));
        json.WriteString("used", Text(limit.Used.Nano));
        if (limit.ResetAtMs != 0)
            json.WriteString("resetAt", Time(limit.ResetAtMs));
        json.WriteEndObject();
    }

    private static void WriteResults(Utf8JsonWriter json, ResultRecord results)
    {
        json.WriteStartObject("results");
        json.WriteStartArray("redacted");
        foreach (var (rule, count, isShadow) in results.Redacted)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule);
            json.WriteNumber("count", count);
            if (isShadow)
                json.WriteBoolean("shadow", true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        foreach (var (name, denial) in new[] { ("denied", results.Denial), ("shadow", results.Shadow) })
        {
            if (denial is null)
                continue;
            json.WriteStartObject(name);
            json.WriteString("rule", denial.Rule);
            json.WriteString("reason", RecordBounds.Cut(denial.Reason));
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    // A decimal has 28 digits, and an amount at most 27.
    private static string Text(Int128 nano) =>
        ((decimal)nano / 1_000_000_000).ToString("0.#########", CultureInfo.InvariantCulture);

    /// <summary>Writes the personal values of a record, with the salts that the other encoder chose.</summary>
    private static void WriteErasable(Utf8JsonWriter json, Caller? caller, ReadOnlySpan<byte> actual)
    {
        if (caller is null)
            return;
        var salts = JsonDocument.Parse(actual.ToArray()).RootElement.GetProperty("salts").GetString()!;
        var values = new List<(string Name, string Value)> { ("caller", RecordBounds.Cut(caller.Subject)) };
        if (caller.Actor is not null)
            values.Add(("callerActor", RecordBounds.Cut(caller.Actor)));
        Assert.Equal(22 * values.Count, salts.Length);
        json.WriteStartObject("erasable");
        for (var i = 0; i < values.Count; i++)
        {
            var (name, value) = values[i];
            var salted = $"{salts.Substring(22 * i, 22)}\"{name}\":{JsonSerializer.Serialize(value)}";
            json.WriteString(name, Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(salted))));
        }

        json.WriteEndObject();
        foreach (var (name, value) in values)
            json.WriteString(name, value);
        json.WriteString("salts", salts);
    }

    private static void WriteCaller(Utf8JsonWriter json, Caller? caller)
    {
        if (caller is null)
            return;
        json.WriteString("callerIssuer", caller.Issuer);
        if (caller.Client is not null)
            json.WriteString("callerClient", RecordBounds.Cut(caller.Client));
    }
}

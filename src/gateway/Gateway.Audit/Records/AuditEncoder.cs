using System.Text.Json;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Results;

namespace Gateway.Audit.Records;

/// <summary>
/// Writes audit records as one line of JSON each: names, numbers and argument keys, never an argument's value.
/// </summary>
public static class AuditEncoder
{
    /// <summary>The decision on one call.</summary>
    public static byte[] Decision(IAuditedCall call, in DecisionRecord record)
    {
        var refusal = record.Refusal;
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("kind"u8, "decision"u8);
        RefusalJson.WriteTime(json, "time"u8, call.NowMs);
        json.WriteString("callId"u8, call.IdText);
        json.WriteString("grant"u8, call.GrantName);
        json.WriteString("server"u8, call.ServerName);
        json.WriteString("method"u8, RecordBounds.Cut(call.Message.Method));
        WriteSubject(json, call);
        json.WriteString("session"u8, call.SessionCounterId);
        json.WriteString("policy"u8, call.PolicyName);
        json.WriteString("policySha256"u8, call.PolicySha256);
        json.WriteString("outcome"u8, refusal is null ? "allowed" : RefusalJson.Name(refusal.Outcome));
        json.WriteString("rule"u8, refusal?.Rule ?? record.Rule);
        if (refusal is not null)
            json.WriteString("reason"u8, RecordBounds.Cut(refusal.Reason));
        if (refusal?.Cause is { } cause)
            json.WriteString("cause"u8, cause.Name());
        if (record.Permit is { } permit)
            WriteCounters(json, permit);
        else if (refusal?.Limit is { } limit)
            WriteLimit(json, limit);
        if (refusal?.ApprovalId is { } approvalId)
            json.WriteString("approvalId"u8, approvalId);
        if (record.ApprovalId is { } usedUp)
            json.WriteString("approvalId"u8, usedUp);
        if (record.StandingApprovalId is { } oneOf)
            json.WriteString("standingApprovalId"u8, oneOf);
        if ((record.ApprovalId ?? record.StandingApprovalId) is not null)
            json.WriteString("approvedBy"u8, record.ApprovedBy);

        if (record.IsRetry)
            json.WriteBoolean("retry"u8, true);
        WriteShadow(json, record);
        if (record.Candidate is { } candidate)
        {
            json.WriteStartObject("candidate"u8);
            json.WriteString("sha256"u8, candidate.Sha256);
            json.WriteString("outcome"u8, candidate.Outcome);
            json.WriteString("rule"u8, candidate.Rule);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        return scratch.ToArray("\n"u8);
    }

    /// <summary>How a forwarded call ended.</summary>
    public static byte[] Outcome(
        IAuditedCall call, long nowMs, string ended, int status, long bytes, string counted,
        ResultRecord? results = null)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("kind"u8, "outcome"u8);
        RefusalJson.WriteTime(json, "time"u8, nowMs);
        json.WriteString("callId"u8, call.IdText);
        json.WriteString("grant"u8, call.GrantName);
        json.WriteString("server"u8, call.ServerName);
        json.WriteString("ended"u8, ended);
        json.WriteNumber("status"u8, status);
        json.WriteNumber("bytes"u8, bytes);
        json.WriteNumber("durationMs"u8, Math.Max(0, nowMs - call.ArrivedMs));
        json.WriteString("counted"u8, counted);
        if (results is not null)
            WriteResults(json, results);
        json.WriteEndObject();
        return scratch.ToArray("\n"u8);
    }

    /// <summary>What was taken out of a server's own stream, which belongs to no call.</summary>
    public static byte[] Stream(string callId, string grant, string server, long nowMs, ResultRecord results)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("kind"u8, "stream"u8);
        RefusalJson.WriteTime(json, "time"u8, nowMs);
        json.WriteString("callId"u8, callId);
        json.WriteString("grant"u8, grant);
        json.WriteString("server"u8, server);
        WriteResults(json, results);
        json.WriteEndObject();
        return scratch.ToArray("\n"u8);
    }

    /// <summary>What became of a request for approval, as <see cref="ApprovalEvent.Became"/> says.</summary>
    public static byte[] Approval(in ApprovalEvent approval, long nowMs)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("kind"u8, "approval");
        RefusalJson.WriteTime(json, "time"u8, nowMs);
        json.WriteString("approvalId"u8, approval.Id);
        json.WriteString("became"u8, approval.Became);
        json.WriteString("grant"u8, approval.Grant);
        json.WriteString("server"u8, approval.Server);
        json.WriteString("tool"u8, RecordBounds.Cut(approval.Tool));
        json.WriteString("rule"u8, approval.Rule);
        if (approval.ArgumentsSha256 is { } bare)
            json.WriteString("argumentsSha256"u8, bare);
        else
            json.WriteString("argumentsHmac"u8, approval.ArgumentsHmac);
        if (approval.SuggestedFor is { } denied)
            json.WriteString("suggestedFor"u8, denied);
        if (approval.By is { } by)
            json.WriteString("by"u8, by);
        if (approval.Comment is { } comment)
            json.WriteString("comment"u8, comment);
        if (approval.Channel is { } channel)
            json.WriteString("channel"u8, channel);
        if (approval.Standing is { } standing)
        {
            json.WriteString("standingApprovalId"u8, standing.Id);
            json.WriteNumber("next"u8, standing.Uses);
            json.WriteNumber("used"u8, standing.Used);
            RefusalJson.WriteTime(json, "until"u8, standing.UntilMs);
        }

        if (approval is { Approvals: { } given, ApprovalsNeeded: { } needed })
        {
            json.WriteNumber("approvals"u8, given);
            json.WriteNumber("approvalsNeeded"u8, needed);
        }

        json.WriteEndObject();
        return scratch.ToArray("\n"u8);
    }

    /// <summary>What happened beside calls, as <see cref="EventRecord.Became"/> says.</summary>
    public static byte[] Event(in EventRecord happened, long nowMs)
    {
        var scratch = JsonScratch.Take();
        var json = scratch.Json;
        json.WriteStartObject();
        json.WriteString("kind"u8, "event"u8);
        RefusalJson.WriteTime(json, "time"u8, nowMs);
        json.WriteString("eventId"u8, happened.Id);
        json.WriteString("event"u8, happened.Type);
        json.WriteString("became"u8, happened.Became);
        json.WriteString("grant"u8, happened.Grant);
        json.WriteString("server"u8, happened.Server);
        json.WriteString("tool"u8, RecordBounds.Cut(happened.Tool));
        json.WriteString("rule"u8, happened.Rule);
        json.WriteString("reason"u8, RecordBounds.Cut(happened.Reason));
        foreach (var (name, value) in happened.Facts)
            json.WriteString(name, RecordBounds.Cut(value));
        if (happened.Channel is { } channel)
            json.WriteString("channel"u8, channel);
        json.WriteEndObject();
        return scratch.ToArray("\n"u8);
    }

    private static void WriteResults(Utf8JsonWriter json, ResultRecord results)
    {
        json.WriteStartObject("results"u8);
        json.WriteStartArray("redacted"u8);
        foreach (var (rule, count, isShadow) in results.Redacted)
        {
            json.WriteStartObject();
            json.WriteString("rule"u8, rule);
            json.WriteNumber("count"u8, count);
            if (isShadow)
                json.WriteBoolean("shadow"u8, true);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteDenial(json, "denied"u8, results.Denial);
        WriteDenial(json, "shadow"u8, results.Shadow);
        json.WriteEndObject();
    }

    private static void WriteDenial(Utf8JsonWriter json, ReadOnlySpan<byte> name, ResultDenial? denial)
    {
        if (denial is null)
            return;
        json.WriteStartObject(name);
        json.WriteString("rule"u8, denial.Rule);
        json.WriteString("reason"u8, RecordBounds.Cut(denial.Reason));
        json.WriteEndObject();
    }

    private static void WriteSubject(Utf8JsonWriter json, IAuditedCall call)
    {
        if (call.Message.Name is { } name)
        {
            json.WriteString(call.Message.Method == McpMethods.ToolsCall ? "tool" : "name", RecordBounds.Cut(name));
            if (RecordBounds.IsCut(name))
                json.WriteString("nameSha256"u8, RecordBounds.Digest(name));
        }

        if (call.Message.Method == McpMethods.CompletionComplete)
            json.WriteString("subject"u8, call.Message.Subject == McpSubject.Prompt ? "prompt"u8 : "resource"u8);
        if (call.Message.Arguments.IsEmpty)
            return;
        json.WritePropertyName("argumentKeys"u8);
        var leftOut = call.Message.WriteArgumentKeys(
            json, RecordBounds.ArgumentKeysMax, RecordBounds.ArgumentKeyBytesMax);
        if (leftOut > 0)
            json.WriteNumber("argumentKeysLeftOut"u8, leftOut);
    }

    /// <summary>What enforcement would have done, in the words that the agent would have read.</summary>
    private static void WriteShadow(Utf8JsonWriter json, in DecisionRecord record)
    {
        var counted = record.ShadowPermit ?? Permit.None;
        if (record.ShadowRefusal is null && counted.Parts.IsEmpty)
            return;
        json.WriteStartObject("shadow"u8);
        json.WriteString("outcome"u8, record.ShadowRefusal is { } known ? RefusalJson.Name(known.Outcome) : "allowed");
        if (record.ShadowRefusal is { } wouldBe)
        {
            json.WriteString("rule"u8, wouldBe.Rule);
            json.WriteString("reason"u8, RecordBounds.Cut(wouldBe.Reason));
            if (wouldBe.Limit is { } limit)
                WriteLimit(json, limit);
        }

        if (!counted.Parts.IsEmpty)
            WriteCounters(json, counted);
        json.WriteEndObject();
    }

    private static void WriteCounters(Utf8JsonWriter json, Permit permit)
    {
        json.WriteStartArray("counters"u8);
        foreach (var part in permit.Parts)
        {
            json.WriteStartObject();
            json.WriteString("key"u8, part.Key.Text);
            RefusalJson.WriteTime(json, "window"u8, part.WindowStartMs);
            RefusalJson.WriteTime(json, "windowEnd"u8, part.WindowEndMs);
            json.WriteString("cost"u8, part.Cost.ToString());
            json.WriteString("max"u8, part.Max.ToString());
            json.WriteString("used"u8, part.UsedAfter.ToString());
            json.WriteStartArray("intervals"u8);
            foreach (var numberRange in part.Intervals)
                json.WriteStringValue(numberRange.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLimit(Utf8JsonWriter json, RefusedLimit limit)
    {
        json.WriteStartObject("limit"u8);
        json.WriteString("counter"u8, limit.Counter);
        if (limit.Window.Length > 0)
            json.WriteString("window"u8, limit.Window);
        json.WriteString("max"u8, limit.Max.ToString());
        json.WriteString("used"u8, limit.Used.ToString());
        if (limit.ResetAtMs != 0)
            RefusalJson.WriteTime(json, "resetAt"u8, limit.ResetAtMs);
        json.WriteEndObject();
    }
}

using System.Text.Json;
using Gateway.Limits.Model;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Policy.Decisions;
using Gateway.Policy.Results;

namespace Gateway.Audit.Records;

/// <summary>
/// Encodes audit records, one line of JSON each: names, numbers and argument keys, never an argument's value. A line is
/// valid until its thread encodes the next one.
/// </summary>
public static class AuditEncoder
{
    /// <summary>Encodes the decision on a call.</summary>
    public static ReadOnlySpan<byte> Decision(IAuditedCall call, in DecisionRecord record)
    {
        var refusal = record.Refusal;
        var line = RecordLine.Take();
        line.AddTime("""{"kind":"decision","time":"""u8, call.NowMs);
        WriteCall(line, call);
        line.Add(""","method":"""u8, RecordBounds.Cut(call.Message.Method));
        WriteSubject(line, call.Message);
        line.Add(""","session":"""u8, call.SessionCounterId);
        line.Add(""","policy":"""u8, call.PolicyName);
        line.Add(""","policySha256":"""u8, call.PolicySha256);
        line.Add(""","outcome":"""u8, refusal is null ? "allowed" : RefusalJson.Name(refusal.Outcome));
        line.Add(""","rule":"""u8, refusal?.Rule ?? record.Rule);
        if (refusal is not null)
            line.Add(""","reason":"""u8, RecordBounds.Cut(refusal.Reason));
        if (refusal?.Cause is { } cause)
            line.Add(""","cause":"""u8, cause.Name());
        if (record.Permit is { } permit)
            WriteCounters(line, permit);
        else if (refusal?.Limit is { } limit)
            WriteLimit(line, limit);
        if (refusal?.ApprovalId is { } approvalId)
            line.Add(""","approvalId":"""u8, approvalId);
        if (record.ApprovalId is { } usedUp)
            line.Add(""","approvalId":"""u8, usedUp);
        if (record.StandingApprovalId is { } oneOf)
            line.Add(""","standingApprovalId":"""u8, oneOf);
        if ((record.ApprovalId ?? record.StandingApprovalId) is not null)
            line.Add(""","approvedBy":"""u8, record.ApprovedBy);

        if (record.IsRetry)
            line.Add(""","retry":true"""u8);
        WriteShadow(line, record);
        if (record.Candidate is { } candidate)
        {
            line.Add(""","candidate":{"sha256":"""u8, candidate.Sha256);
            line.Add(""","outcome":"""u8, candidate.Outcome);
            line.Add(""","rule":"""u8, candidate.Rule);
            line.Add("}"u8);
        }

        WriteErasable(line, call.Caller, record.RecordedArguments.Span);
        return line.Written("}\n"u8);
    }

    /// <summary>Encodes the end of a forwarded call.</summary>
    public static ReadOnlySpan<byte> Outcome(
        IAuditedCall call, long nowMs, string ended, int status, long bytes, string counted,
        ResultRecord? results = null)
    {
        var line = RecordLine.Take();
        line.AddTime("""{"kind":"outcome","time":"""u8, nowMs);
        WriteCall(line, call);
        WriteName(line, call.Message);
        line.Add(""","ended":"""u8, ended);
        line.Add(""","status":"""u8, status);
        line.Add(""","bytes":"""u8, bytes);
        line.Add(""","durationMs":"""u8, Math.Max(0, nowMs - call.ArrivedMs));
        line.Add(""","counted":"""u8, counted);
        if (results is not null)
        {
            var scratch = JsonScratch.Take();
            WriteResults(scratch.Json, results);
            line.Add(","u8, scratch);
        }

        WriteErasable(line, call.Caller);
        return line.Written("}\n"u8);
    }

    /// <summary>Encodes what was removed from a server's own stream, which belongs to no call.</summary>
    /// <param name="callId">The id of the stream.</param>
    /// <param name="grant">The name of the grant.</param>
    /// <param name="caller">The caller whose stream it is; null for a grant's own token.</param>
    /// <param name="server">The name of the server.</param>
    /// <param name="nowMs">The current time in Unix milliseconds.</param>
    /// <param name="results">The effects of the policy.</param>
    public static ReadOnlySpan<byte> Stream(
        string callId, string grant, Caller? caller, string server, long nowMs, ResultRecord results)
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
        return Ended(scratch, caller);
    }

    /// <summary>
    /// Encodes a change in the life of a request for approval; see <see cref="ApprovalEvent.Became"/>.
    /// </summary>
    public static ReadOnlySpan<byte> Approval(in ApprovalEvent approval, long nowMs)
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
        approval.Actor?.WriteDetails(json);
        if (approval.CallerIssuer is { } issuer)
            json.WriteString("callerIssuer"u8, issuer);
        if (approval.CallerClient is { } client)
            json.WriteString("callerClient"u8, RecordBounds.Cut(client));
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
        if ((approval.Caller ?? approval.Comment) is null)
            return scratch.Written("\n"u8);
        var line = RecordLine.Take();
        line.Add(scratch.Written()[..^1]);
        ErasableValues.Write(
            line, approval.Caller is { } caller ? RecordBounds.Cut(caller) : null,
            approval.CallerActor is { } actor ? RecordBounds.Cut(actor) : null, approval.Comment);
        return line.Written("}\n"u8);
    }

    /// <summary>
    /// Returns the line of a record that ends with the identity of a person; an erasure removes its subject.
    /// </summary>
    /// <param name="record">The other members, as a JSON object.</param>
    /// <param name="issuer">The URL of the person's issuer.</param>
    /// <param name="subject">The subject, as records contain it.</param>
    public static byte[] WithCaller(ReadOnlySpan<byte> record, string issuer, string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var line = RecordLine.Take();
        line.Add(record[..^1]);
        line.Add(""","callerIssuer":"""u8, issuer);
        ErasableValues.Write(line, RecordBounds.Cut(subject), null, null);
        return line.Written("}\n"u8).ToArray();
    }

    /// <summary>Encodes an event that is not part of a call; see <see cref="EventRecord.Became"/>.</summary>
    public static ReadOnlySpan<byte> Event(in EventRecord happened, long nowMs)
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
        return scratch.Written("\n"u8);
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

    private static void WriteCall(RecordLine line, IAuditedCall call)
    {
        line.Add(""","callId":"""u8, call.IdText);
        line.Add(""","grant":"""u8, call.GrantName);
        line.Add(""","server":"""u8, call.ServerName);
        if (call.Caller is { } caller)
            WriteCaller(line, caller);
    }

    private static void WriteCaller(RecordLine line, Caller caller)
    {
        line.Add(""","callerIssuer":"""u8, caller.Issuer);
        if (caller.Client is { } client)
            line.Add(""","callerClient":"""u8, RecordBounds.Cut(client));
    }

    /// <summary>Returns a line that ends with the caller, if there is one.</summary>
    internal static ReadOnlySpan<byte> Ended(JsonScratch scratch, Caller? caller)
    {
        if (caller is null)
            return scratch.Written("\n"u8);
        var line = RecordLine.Take();
        line.Add(scratch.Written()[..^1]);
        WriteCaller(line, caller);
        WriteErasable(line, caller);
        return line.Written("}\n"u8);
    }

    /// <summary>Writes the members that name a person. An erasure removes them, so they end the record.</summary>
    private static void WriteErasable(RecordLine line, Caller? caller, ReadOnlySpan<byte> arguments = default)
    {
        if (caller is null)
            return;
        var actor = caller.RecordedActor ?? caller.Actor;
        ErasableValues.Write(
            line, RecordBounds.Cut(caller.RecordedSubject ?? caller.Subject),
            actor is null ? null : RecordBounds.Cut(actor), null, arguments);
    }

    private static void WriteSubject(RecordLine line, McpMessage message)
    {
        WriteName(line, message);
        if (message.Method == McpMethods.CompletionComplete)
            line.Add(""","subject":"""u8, message.Subject == McpSubject.Prompt ? "prompt" : "resource");
        if (!message.Arguments.IsEmpty)
            WriteArgumentKeys(line, message.Arguments.Span);
    }

    private static void WriteName(RecordLine line, McpMessage message)
    {
        if (message.Name is not { } name)
            return;
        line.Add(
            message.Method == McpMethods.ToolsCall ? ""","tool":"""u8 : ""","name":"""u8, RecordBounds.Cut(name));
        if (RecordBounds.IsCut(name))
            line.Add(""","nameSha256":"""u8, RecordBounds.Digest(name));
    }

    /// <summary>Writes the first names of the arguments and the number of further ones.</summary>
    // Read from the raw bytes: a list of strings for each call took a tenth of the cost of its audit record.
    private static void WriteArgumentKeys(RecordLine line, ReadOnlySpan<byte> arguments)
    {
        var (written, bytes, leftOut) = (0, 0, 0);
        line.Add(""","argumentKeys":["""u8);
        // The message's depth was checked when it was read.
        var reader = new Utf8JsonReader(arguments, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            bytes += reader.ValueSpan.Length;
            if (leftOut > 0 || bytes > RecordBounds.ArgumentKeyBytesMax || written == RecordBounds.ArgumentKeysMax)
                leftOut++;
            else if (reader.ValueIsEscaped)
                line.Add(Comma(written++ == 0), reader.GetString());
            else
                line.Add(Comma(written++ == 0), reader.ValueSpan);
            reader.Skip();
        }

        line.Add("]"u8);
        if (leftOut > 0)
            line.Add(""","argumentKeysLeftOut":"""u8, leftOut);
    }

    /// <summary>Writes what enforcement would have done, in the words that the agent would have received.</summary>
    private static void WriteShadow(RecordLine line, in DecisionRecord record)
    {
        var counted = record.ShadowPermit ?? Permit.None;
        if (record.ShadowRefusal is null && counted.Parts.IsEmpty)
            return;
        line.Add(
            ""","shadow":{"outcome":"""u8,
            record.ShadowRefusal is { } known ? RefusalJson.Name(known.Outcome) : "allowed");
        if (record.ShadowRefusal is { } wouldBe)
        {
            line.Add(""","rule":"""u8, wouldBe.Rule);
            line.Add(""","reason":"""u8, RecordBounds.Cut(wouldBe.Reason));
            if (wouldBe.Limit is { } limit)
                WriteLimit(line, limit);
        }

        if (!counted.Parts.IsEmpty)
            WriteCounters(line, counted);
        line.Add("}"u8);
    }

    internal static void WriteCounters(RecordLine line, Permit permit)
    {
        line.Add(""","counters":["""u8);
        var isFirst = true;
        foreach (var part in permit.Parts)
        {
            line.Add(isFirst ? """{"key":"""u8 : """,{"key":"""u8, part.Key.Text);
            line.AddTime(""","window":"""u8, part.WindowStartMs);
            line.AddTime(""","windowEnd":"""u8, part.WindowEndMs);
            line.Add(""","cost":"""u8, part.Cost);
            line.Add(""","max":"""u8, part.Max);
            line.Add(""","used":"""u8, part.UsedAfter);
            line.Add(""","intervals":["""u8);
            var intervals = part.IntervalSpan;
            for (var i = 0; i < intervals.Length; i++)
                line.Add(Comma(i == 0), intervals[i]);
            line.Add("]}"u8);
            isFirst = false;
        }

        line.Add("]"u8);
    }

    internal static void WriteLimit(RecordLine line, RefusedLimit limit)
    {
        line.Add(""","limit":{"counter":"""u8, limit.Counter);
        if (limit.IsBudget)
            line.Add(""","budget":true"""u8);
        if (limit.Window.Length > 0)
            line.Add(""","window":"""u8, limit.Window);
        line.Add(""","max":"""u8, limit.Max);
        line.Add(""","used":"""u8, limit.Used);
        if (limit.ResetAtMs != 0)
            line.AddTime(""","resetAt":"""u8, limit.ResetAtMs);
        line.Add("}"u8);
    }

    private static ReadOnlySpan<byte> Comma(bool isFirst) => isFirst ? default : ","u8;
}

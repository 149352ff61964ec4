using System.Text.Json;
using Gateway.Limits.Model;
using Gateway.Policy.Decisions;
using Gateway.Policy.Tools.Replay;

namespace Gateway.Audit.Replaying;

/// <summary>Parses the members of a record that a replay needs; unknown members are skipped.</summary>
internal sealed class RecordParser
{
    private const int NamesMax = 64;
    private readonly TextCache _texts = new();

    /// <summary>
    /// Returns a <see cref="RecordedCall"/>, a <see cref="RecordedEnd"/> or a <see cref="RecordedFlood"/>, or null for
    /// any other record.
    /// </summary>
    /// <exception cref="JsonException">The line is not a record.</exception>
    public object? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read()
                || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("kind"u8)
                || !reader.Read())
                throw new JsonException("a record must begin with its kind");
            return reader.ValueTextEquals("decision"u8) ? Decision(ref reader)
                : reader.ValueTextEquals("outcome"u8) ? Outcome(ref reader)
                : reader.ValueTextEquals("folded"u8) ? Folded(ref reader)
                : null;
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException(e.Message, e);
        }
    }

    private RecordedCall Decision(ref Utf8JsonReader reader)
    {
        var fields = default(DecisionFields);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!ReadWhat(ref reader, ref fields) && !ReadHow(ref reader, ref fields))
                Pass(ref reader);
        }

        return Whole(ref reader, fields.ToCall(), fields.TimeMs);
    }

    /// <summary>Reads a member that describes the call or its caller.</summary>
    private bool ReadWhat(ref Utf8JsonReader reader, ref DecisionFields fields)
    {
        if (Is(ref reader, "time"u8)) fields.TimeMs = TimeMs(ref reader);
        else if (Is(ref reader, "callId"u8)) fields.CallId = reader.GetString();
        else if (Is(ref reader, "grant"u8)) fields.Grant = Text(ref reader);
        else if (Is(ref reader, "server"u8)) fields.Server = Text(ref reader);
        else if (Is(ref reader, "caller"u8)) fields.Caller = Text(ref reader);
        else if (Is(ref reader, "callerIssuer"u8)) fields.CallerIssuer = Text(ref reader);
        else if (Is(ref reader, "callerClient"u8)) fields.CallerClient = Text(ref reader);
        else if (Is(ref reader, "callerActor"u8)) fields.CallerActor = Text(ref reader);
        else if (Is(ref reader, "method"u8)) fields.Method = Text(ref reader);
        else if (Is(ref reader, "tool"u8) || Is(ref reader, "name"u8)) fields.Name = Text(ref reader);
        else if (Is(ref reader, "nameSha256"u8)) fields.IsNameCut = true;
        else if (Is(ref reader, "subject"u8)) fields.Subject = Text(ref reader);
        else if (Is(ref reader, "argumentKeys"u8)) fields.Names = Names(ref reader, ref fields.HasMoreNames);
        else if (Is(ref reader, "argumentKeysLeftOut"u8)) fields.HasMoreNames = true;
        else if (Is(ref reader, "session"u8))
            (fields.Session, fields.HasSession) = (TextOrNull(ref reader), true);
        else
            return false;
        return true;
    }

    /// <summary>Reads a member that describes the decision.</summary>
    private bool ReadHow(ref Utf8JsonReader reader, ref DecisionFields fields)
    {
        if (Is(ref reader, "policy"u8)) fields.Policy = TextOrNull(ref reader);
        else if (Is(ref reader, "policySha256"u8)) fields.PolicySha256 = TextOrNull(ref reader);
        else if (Is(ref reader, "outcome"u8)) fields.Outcome = Text(ref reader);
        else if (Is(ref reader, "rule"u8)) fields.Rule = Text(ref reader);
        else if (Is(ref reader, "cause"u8)) fields.Cause = TextOrNull(ref reader);
        else if (Is(ref reader, "counters"u8)) fields.Counters = Counters(ref reader);
        else if (Is(ref reader, "limit"u8)) fields.Limit = Limit(ref reader);
        else if (Is(ref reader, "approvalId"u8)) fields.ApprovalId = reader.GetString();
        else if (Is(ref reader, "retry"u8)) fields.IsRetry = reader.TokenType == JsonTokenType.True;
        else if (Is(ref reader, "shadow"u8)) reader.Skip();
        else if (Is(ref reader, "candidate"u8)) fields.Candidate = Candidate(ref reader);
        else
            return false;
        return true;
    }

    private RecordedEnd Outcome(ref Utf8JsonReader reader)
    {
        var (callId, timeMs, ended, status, counted) = ("", 0L, "", 0, "");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "time"u8)) timeMs = TimeMs(ref reader);
            else if (Is(ref reader, "callId"u8)) callId = reader.GetString() ?? "";
            else if (Is(ref reader, "ended"u8)) ended = Text(ref reader);
            else if (Is(ref reader, "status"u8)) status = reader.TryGetInt32(out var number) ? number : 0;
            else if (Is(ref reader, "counted"u8)) counted = Text(ref reader);
            else Pass(ref reader);
        }

        return Whole(ref reader, new RecordedEnd(
            callId, timeMs, counted == "released", ended == "error" || status >= 400, counted == "refunded"), timeMs);
    }

    private RecordedFlood Folded(ref Utf8JsonReader reader)
    {
        var (timeMs, grant, server, decisions) = (0L, "", "", 0L);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "time"u8)) timeMs = TimeMs(ref reader);
            else if (Is(ref reader, "grant"u8)) grant = Text(ref reader);
            else if (Is(ref reader, "server"u8)) server = Text(ref reader);
            else if (Is(ref reader, "decisions"u8)) decisions = reader.TryGetInt64(out var number) ? number : 0;
            else Pass(ref reader);
        }

        return Whole(ref reader, new RecordedFlood(timeMs, grant, server, Math.Max(0, decisions)), timeMs);
    }

    /// <summary>Returns the record; a truncated record or one without a time is invalid.</summary>
    private static T Whole<T>(ref Utf8JsonReader reader, T record, long timeMs) =>
        reader.TokenType == JsonTokenType.EndObject && timeMs > 0 ? record
            : throw new JsonException("the record is incomplete");

    private RecordedCounter[] Counters(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return [];
        }

        var counters = new List<RecordedCounter>(1);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            var (key, window, cost, used) = ("", 0L, Amount.Zero, Amount.Zero);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (Is(ref reader, "key"u8)) key = Text(ref reader);
                else if (Is(ref reader, "window"u8)) window = TimeMs(ref reader);
                else if (Is(ref reader, "cost"u8)) cost = AmountOf(ref reader);
                else if (Is(ref reader, "used"u8)) used = AmountOf(ref reader);
                else Pass(ref reader);
            }

            counters.Add(new RecordedCounter(key, window, cost, used));
        }

        return [.. counters];
    }

    private RecordedLimit? Limit(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var (counter, window, used, reset) = ("", "", Amount.Zero, 0L);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "counter"u8)) counter = Text(ref reader);
            else if (Is(ref reader, "window"u8)) window = Text(ref reader);
            else if (Is(ref reader, "used"u8)) used = AmountOf(ref reader);
            else if (Is(ref reader, "resetAt"u8)) reset = TimeMs(ref reader);
            else Pass(ref reader);
        }

        return new RecordedLimit(counter, window, used, reset);
    }

    private CandidateDecision? Candidate(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var (sha256, outcome, rule) = ("", "", "");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "sha256"u8)) sha256 = Text(ref reader);
            else if (Is(ref reader, "outcome"u8)) outcome = Text(ref reader);
            else if (Is(ref reader, "rule"u8)) rule = Text(ref reader);
            else Pass(ref reader);
        }

        return new CandidateDecision(sha256, outcome, rule);
    }

    private List<string> Names(ref Utf8JsonReader reader, ref bool more)
    {
        var names = new List<string>();
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException("the names of the arguments are not a list");
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            if (names.Count < NamesMax)
                names.Add(Text(ref reader));
            else
                more = true;
        }

        return names;
    }

    /// <summary>If the member has this name, moves the reader to its value and returns true.</summary>
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueTextEquals(name) && reader.Read();

    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private string Text(ref Utf8JsonReader reader) => TextOrNull(ref reader) ?? "";

    private string? TextOrNull(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Null ? null
            : reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped ? _texts.Of(reader.ValueSpan)
            : reader.GetString();

    private static Amount AmountOf(ref Utf8JsonReader reader) =>
        Amount.TryParse(reader.ValueSpan, out var amount) ? amount : Amount.Zero;

    private static long TimeMs(ref Utf8JsonReader reader) =>
        reader.TryGetDateTimeOffset(out var time) ? time.ToUnixTimeMilliseconds() : 0;
}

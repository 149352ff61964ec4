using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Audit.Replaying;
using Gateway.Limits.Windows;
using Gateway.Mcp.Protocol;
using Gateway.Policy.Budgets;

namespace Gateway.Audit.Searching;

/// <summary>The members of one record that a search uses. Not thread-safe: it reads one line at a time.</summary>
/// <param name="words">The words of the search text.</param>
internal sealed class RecordFields(IReadOnlyList<string> words)
{
    private readonly TextCache _texts = new();
    private readonly byte[]?[] _ascii =
        [.. words.Select(static word => Ascii.IsValid(word) ? Encoding.ASCII.GetBytes(word) : null)];
    private readonly int _all = (1 << words.Count) - 1;
    private int _found;
    private int _status;

    public string Kind { get; private set; } = "";

    /// <summary>The time of the record in Unix milliseconds; 0 if it has none.</summary>
    public long TimeMs { get; private set; }

    public string? CallId { get; private set; }

    public string? ApprovalId { get; private set; }

    public string? Grant { get; private set; }

    public string? Server { get; private set; }

    public string? Tool { get; private set; }

    public CallerNames Caller { get; private set; }

    public string? Policy { get; private set; }

    /// <summary>True to read <see cref="Budgets"/>.</summary>
    public bool ReadsBudgets { get; init; }

    /// <summary>The shared budgets that the decision charged, or the one that refused it.</summary>
    public List<string> Budgets { get; } = [];

    /// <summary>The method of the message; of the result of a tool call, <c>tools/call</c>.</summary>
    public string? Method { get; private set; }

    public string? Rule { get; private set; }

    /// <summary>The outcome of a decision, the end of a call, or the change that the record is about.</summary>
    public string? Outcome { get; private set; }

    /// <summary>The operator who decided or accessed.</summary>
    public string? By { get; private set; }

    public long? DurationMs { get; private set; }

    /// <summary>True if the record is the result of a call that failed.</summary>
    public bool IsFailed => Kind == "outcome" && CallEnds.IsFailed(Outcome ?? "", _status);

    /// <summary>Returns true if the record, or its recorded values, contain every word.</summary>
    public bool HasAllWords(IReadOnlyDictionary<string, int> values) =>
        _found == _all || (_found | WordsOf(CallId, values) | WordsOf(ApprovalId, values)) == _all;

    /// <summary>Reads a line; returns false if it is not a record.</summary>
    public bool TryRead(ReadOnlySpan<byte> line)
    {
        (Kind, TimeMs, CallId, ApprovalId, Grant, Server, Tool) = ("", 0, null, null, null, null, null);
        (Caller, Policy, Method, Rule, Outcome, By) = (default, null, null, null, null, null);
        (DurationMs, _found, _status) = (null, 0, 0);
        Budgets.Clear();
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                ReadMember(ref reader);
            return Kind.Length > 0 && reader.TokenType == JsonTokenType.EndObject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A crash cut the line off, or a string of it is not valid Unicode.
            return false;
        }
    }

    private static int WordsOf(string? id, IReadOnlyDictionary<string, int> values) =>
        id is not null && values.TryGetValue(id, out var found) ? found : 0;

    private void ReadMember(ref Utf8JsonReader reader)
    {
        if (Is(ref reader, "kind"u8)) Kind = Text(ref reader) ?? "";
        else if (Is(ref reader, "time"u8)) TimeMs = InstantOf(reader.ValueSpan);
        else if (Is(ref reader, "callId"u8)) CallId = Searched(ref reader);
        else if (Is(ref reader, "approvalId"u8)) ApprovalId = Searched(ref reader);
        else if (Is(ref reader, "grant"u8)) Grant = Searched(ref reader);
        else if (Is(ref reader, "server"u8)) Server = Searched(ref reader);
        else if (Is(ref reader, "tool"u8))
        {
            Tool = Searched(ref reader);
            if (Kind == "outcome")
                Method = McpMethods.ToolsCall;
        }
        else if (Is(ref reader, "name"u8)) Tool = Searched(ref reader);
        else if (Is(ref reader, "method"u8)) Method = Searched(ref reader);
        else if (Is(ref reader, "policy"u8)) Policy = Searched(ref reader);
        else if (Is(ref reader, "caller"u8)) Caller = Caller with { Subject = Searched(ref reader) };
        else if (Is(ref reader, "callerIssuer"u8)) Caller = Caller with { Issuer = Searched(ref reader) };
        else if (Is(ref reader, "callerClient"u8)) Caller = Caller with { Client = Searched(ref reader) };
        else if (Is(ref reader, "callerActor"u8)) Caller = Caller with { Actor = Searched(ref reader) };
        else if (Is(ref reader, "rule"u8)) Rule = Searched(ref reader);
        else if (Is(ref reader, "by"u8) || Is(ref reader, "approvedBy"u8)) By = Searched(ref reader);
        else if (Is(ref reader, "outcome"u8) || Is(ref reader, "ended"u8)) Outcome = Searched(ref reader);
        else if (Is(ref reader, "became"u8)) Outcome = Searched(ref reader);
        else if (Is(ref reader, "action"u8))
        {
            var action = Searched(ref reader);
            Outcome ??= action;
        }
        else if (Is(ref reader, "durationMs"u8))
            DurationMs = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var ms) ? ms : null;
        else if (Is(ref reader, "status"u8))
            _status = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var status) ? status : 0;
        else if (ReadsBudgets && Is(ref reader, "counters"u8)) ReadCounters(ref reader);
        else if (ReadsBudgets && Is(ref reader, "limit"u8)) ReadLimit(ref reader);
        else if (IsUnsearched(ref reader))
        {
            reader.Read();
            reader.Skip();
        }
        else
        {
            reader.Read();
            SearchValue(ref reader);
        }
    }

    private void ReadCounters(ref Utf8JsonReader reader)
    {
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && Is(ref reader, "key"u8)
                && CounterKeyReader.TryRead(reader.GetString(), out var key) && Budget.IsCounter(key!))
            {
                Budgets.Add(key!.ShownName);
            }
        }
    }

    private void ReadLimit(ref Utf8JsonReader reader)
    {
        var (depth, counter, isBudget) = (reader.CurrentDepth, (string?)null, false);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
                continue;
            if (Is(ref reader, "counter"u8))
                counter = reader.GetString();
            else if (Is(ref reader, "budget"u8))
                isBudget = reader.TokenType == JsonTokenType.True;
        }

        if (isBudget && counter is not null)
            Budgets.Add(counter);
    }

    /// <summary>Digests and instants, in which a short text would match by chance.</summary>
    private static bool IsUnsearched(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("policySha256"u8) || reader.ValueTextEquals("argumentsHmac"u8)
        || reader.ValueTextEquals("argumentsSha256"u8) || reader.ValueTextEquals("nameSha256"u8)
        || reader.ValueTextEquals("session"u8) || reader.ValueTextEquals("counters"u8)
        || reader.ValueTextEquals("candidate"u8);

    private void SearchValue(ref Utf8JsonReader reader)
    {
        if (_found == _all)
        {
            reader.Skip();
            return;
        }

        var depth = reader.CurrentDepth;
        do
        {
            if (reader.TokenType == JsonTokenType.String)
                Search(ref reader);
        }
        while (reader.CurrentDepth + (IsStart(reader.TokenType) ? 1 : 0) > depth && reader.Read());
    }

    private static bool IsStart(JsonTokenType token) => token is JsonTokenType.StartObject or JsonTokenType.StartArray;

    private string? Searched(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        Search(ref reader);
        return Text(ref reader);
    }

    private void Search(ref Utf8JsonReader reader)
    {
        for (var word = 0; _found != _all && word < words.Count; word++)
        {
            if ((_found & (1 << word)) == 0 && Contains(ref reader, word))
                _found |= 1 << word;
        }
    }

    private bool Contains(ref Utf8JsonReader reader, int word) =>
        reader.ValueIsEscaped || _ascii[word] is not { } ascii
            ? reader.GetString()!.Contains(words[word], StringComparison.OrdinalIgnoreCase)
            : Contains(reader.ValueSpan, ascii);

    private static bool Contains(ReadOnlySpan<byte> text, byte[] ascii)
    {
        for (var at = 0; at + ascii.Length <= text.Length; at++)
        {
            if (Ascii.EqualsIgnoreCase(text.Slice(at, ascii.Length), ascii))
                return true;
        }

        return false;
    }

    private string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType != JsonTokenType.String ? null
            : reader.ValueIsEscaped ? reader.GetString()
            : _texts.Of(reader.ValueSpan);

    /// <summary>Returns an instant of a record in Unix milliseconds; 0 if the text is not one.</summary>
    internal static long InstantOf(ReadOnlySpan<byte> text) =>
        // Records have the form 2027-01-31T12:00:00.000Z, of which the parser takes the seconds.
        text.Length == 24 && Utf8Parser.TryParse(text[20..23], out int ms, out _)
            && Number(text, 0, 4) is var year and > 0 && Number(text, 5, 2) is var month and >= 1 and <= 12
            && Number(text, 8, 2) is var day && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && Number(text, 11, 2) is var hour and >= 0 and < 24 && Number(text, 14, 2) is var minute and >= 0 and < 60
            && Number(text, 17, 2) is var second and >= 0 and < 60
            ? (new DateTime(year, month, day, hour, minute, second, ms).Ticks - DateTime.UnixEpoch.Ticks)
                / TimeSpan.TicksPerMillisecond
            : 0;

    private static int Number(ReadOnlySpan<byte> text, int at, int length)
    {
        var number = 0;
        foreach (var digit in text.Slice(at, length))
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return -1;
            number = number * 10 + digit - '0';
        }

        return number;
    }

    /// <summary>If the member has this name, moves the reader to its value and returns true.</summary>
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueTextEquals(name) && reader.Read();
}

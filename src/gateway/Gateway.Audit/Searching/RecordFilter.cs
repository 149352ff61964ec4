using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Arguments;
using Gateway.Audit.Reading;
using Gateway.Audit.Records;
using Gateway.Policy.Recording;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Audit.Searching;

/// <summary>
/// A filter for a search over records of several kinds: exact names, text that may match partially, and a time range.
/// </summary>
public sealed record RecordFilter
{
    /// <summary>Maximum length of the search text.</summary>
    public const int TextLengthMax = 200;

    private const int WordsMax = 8;

    private static readonly string[] UsualKinds = ["decision", "outcome", "approval", "access", "event"];

    /// <summary>The query parameters and their descriptions.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Parameters { get; } =
    [
        ("q", "Only records that contain each of these words in a name, an argument's name, an id, a rule, a reason, a "
            + "comment, or the newest recorded values of arguments. Parts of words match too; case is ignored."),
        ("kind", $"Kinds of records, separated by commas; default: {string.Join(',', UsualKinds)}."),
        ("tool", "Only this tool, prompt or resource."),
        ("server", "Only this server."),
        ("grant", "Only this grant."),
        ("caller", "Only this subject."),
        ("callerIssuer", "Only callers of this issuer."),
        ("callerClient", "Only callers whose token was issued to this OAuth client."),
        ("callerActor", "Only calls that this party made on behalf of the caller."),
        ("method", "Only decisions on messages of this method, such as tools/call; with tools/call, also the results "
            + "of calls."),
        ("policy", "Only decisions by this policy."),
        ("rule", "Only this rule."),
        ("outcome", "Only records with this outcome: of a decision, of a finished call, or of a change to an approval "
            + "or event."),
        ("by", "Only approvals, denials and accesses by this operator."),
        ("failed", "true: only results of calls that failed."),
        ("minMs", "Only results of calls that took at least this many milliseconds."),
        ArgumentMatches.Parameter,
        ("from", "Only records from this instant on (RFC 3339)."),
        ("to", "Only records before this instant (RFC 3339)."),
    ];

    /// <summary>The kinds of records.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = UsualKinds;

    /// <summary>The words of the search text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>The words that recorded values contain, by the ids of calls and requests for approval.</summary>
    public FoundArguments InValues { get; init; } = FoundArguments.None;

    /// <summary>Conditions on recorded arguments; null for none.</summary>
    public ArgumentFilter? Conditions { get; init; }

    /// <summary>Evaluates <see cref="Conditions"/>. Without it, no record meets conditions.</summary>
    public ArgumentMatches? Matches { get; init; }

    /// <summary>The tool, prompt or resource; null for any.</summary>
    public string? Tool { get; init; }

    /// <summary>The server; null for any.</summary>
    public string? Server { get; init; }

    /// <summary>The grant; null for any.</summary>
    public string? Grant { get; init; }

    /// <summary>The caller; null members for any.</summary>
    public CallerNames Caller { get; init; }

    /// <summary>The method; null for any.</summary>
    public string? Method { get; init; }

    /// <summary>The policy; null for any.</summary>
    public string? Policy { get; init; }

    /// <summary>True for only the results of calls that failed.</summary>
    public bool IsFailed { get; init; }

    /// <summary>The rule; null for any.</summary>
    public string? Rule { get; init; }

    /// <summary>The outcome; null for any.</summary>
    public string? Outcome { get; init; }

    /// <summary>The operator; null for any.</summary>
    public string? By { get; init; }

    /// <summary>The minimum duration of a call in milliseconds; null for any record.</summary>
    public long? MinMs { get; init; }

    /// <summary>Start of the time range in Unix milliseconds; null for no lower bound.</summary>
    public long? FromMs { get; init; }

    /// <summary>End of the time range (exclusive) in Unix milliseconds; null for no upper bound.</summary>
    public long? ToMs { get; init; }

    /// <summary>
    /// Parses a filter; returns null if a parameter is invalid, with the reason in <paramref name="problem"/>.
    /// </summary>
    public static RecordFilter? Read(IQueryCollection query, out string problem)
    {
        ArgumentNullException.ThrowIfNull(query);
        problem = "";
        string? Value(string name) => (string?)query[name] is { Length: > 0 } value ? value : null;
        var text = Value("q") ?? "";
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var kinds = Value("kind")?.Split(',') ?? UsualKinds;
        if (text.Length > TextLengthMax || words.Length > WordsMax)
            problem = $"\"q\" may have at most {TextLengthMax} characters and {WordsMax} words.";
        else if (Array.Find(kinds, static kind => !AuditWords.Kinds.Contains(kind)) is { } unknown)
        {
            problem = $"\"kind\" must be one of {string.Join(", ", AuditWords.Kinds)}, "
                + $"not \"{Spelling.Shorten(unknown)}\".";
        }
        else if (!TryInstant(Value("from"), out var from) || !TryInstant(Value("to"), out var to))
            problem = "\"from\" and \"to\" must be instants such as 2027-01-31T12:00:00Z.";
        else if (!TryNumber(Value("minMs"), out var minMs))
            problem = "\"minMs\" must be a whole number of milliseconds.";
        else if (Value("failed") is not (null or "true"))
            problem = "\"failed\" must be true or omitted.";
        else if (ArgumentMatches.Read(query, ref problem) is var where && problem.Length == 0)
        {
            return new RecordFilter
            {
                Kinds = kinds,
                Words = words,
                Conditions = where,
                Tool = Value("tool"),
                Server = Value("server"),
                Grant = Value("grant"),
                Caller = CallerNames.Read(Value),
                Method = Value("method"),
                Policy = Value("policy"),
                IsFailed = Value("failed") is not null,
                Rule = Value("rule"),
                Outcome = Value("outcome"),
                By = Value("by"),
                MinMs = minMs,
                FromMs = from,
                ToMs = to,
            };
        }

        return null;
    }

    /// <summary>Returns true if the record matches.</summary>
    internal bool Accepts(RecordFields record) =>
        record.TimeMs >= (FromMs ?? 0) && record.TimeMs < (ToMs ?? long.MaxValue)
        && Kinds.Contains(record.Kind)
        && (Tool is null || record.Tool == Tool)
        && (Server is null || record.Server == Server)
        && (Grant is null || record.Grant == Grant)
        && Caller.Accepts(record.Caller)
        && (Method is null || record.Method == Method)
        && (Policy is null || record.Policy == Policy)
        && (!IsFailed || record.IsFailed)
        && (Rule is null || record.Rule == Rule)
        && (Outcome is null || record.Outcome == Outcome)
        && (By is null || record.By == By)
        && (MinMs is null || record.DurationMs >= MinMs)
        && record.HasAllWords(InValues.Words)
        && (Conditions is null || Matches?.Has(record.CallId, record.ApprovalId) == true);

    /// <summary>
    /// Returns bytes of which a matching line contains each; most lines are skipped without being parsed.
    /// </summary>
    internal IReadOnlyList<LineNeedle> Needles()
    {
        var exact = new[]
            {
                Tool, Server, Grant, Caller.Subject, Caller.Issuer, Caller.Client, Caller.Actor, Policy, Rule, Outcome,
                By,
            }
            .OfType<string>().Select(static value => LineNeedle.Exactly(Quoted(value)));
        // A word may be in recorded values, which are not in the line.
        var words = InValues.Words.Count > 0 ? [] : Words.Select(LineNeedle.OfWord).OfType<LineNeedle>();
        var duration = MinMs is null ? [] : new[] { LineNeedle.Exactly("\"durationMs\":") };
        return [.. exact.Concat(words).Concat(duration).OrderByDescending(static needle => needle.Length)];
    }

    /// <summary>Returns the conditions that a store of shared records evaluates; others match them too.</summary>
    internal SharedScan ToScan()
    {
        (string Member, string? Value)[] members =
        [
            ("kind", Kinds is [var kind] ? kind : null), ("server", Server), ("grant", Grant), ("rule", Rule),
            ("caller", Caller.Subject), ("callerIssuer", Caller.Issuer), ("callerClient", Caller.Client),
            ("callerActor", Caller.Actor),
        ];
        return new(
            [.. members.Where(static one => one.Value is not null).Select(static one => (one.Member, one.Value!))],
            [.. new[] { Tool, Policy, Outcome, By }.OfType<string>().Select(Quoted)], FromMs, ToMs);
    }

    /// <summary>Returns a value as lines contain it: records are written by the default encoder.</summary>
    internal static string Quoted(string value) => $"\"{JsonEncodedText.Encode(value)}\"";

    private static bool TryInstant(string? text, out long? unixMs)
    {
        unixMs = null;
        if (text is null)
            return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return false;
        unixMs = at.ToUnixTimeMilliseconds();
        return true;
    }

    private static bool TryNumber(string? text, out long? number)
    {
        number = null;
        if (text is null)
            return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read))
            return false;
        number = read;
        return true;
    }
}

/// <summary>The caller of a record, or a filter for callers.</summary>
/// <param name="Subject">The subject, as recorded.</param>
/// <param name="Issuer">The name of the issuer.</param>
/// <param name="Client">The OAuth client.</param>
/// <param name="Actor">The party that acts for the subject, as recorded.</param>
public readonly record struct CallerNames(string? Subject, string? Issuer, string? Client, string? Actor)
{
    /// <summary>True if no member is set.</summary>
    public bool IsEmpty => this == default;

    /// <summary>Reads the members by their names in records.</summary>
    public static CallerNames Read(Func<string, string?> member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return new(member("caller"), member("callerIssuer"), member("callerClient"), member("callerActor"));
    }

    /// <summary>Returns true if a caller has every member that is set here.</summary>
    internal bool Accepts(in CallerNames caller) =>
        (Subject is null || caller.Subject == Subject) && (Issuer is null || caller.Issuer == Issuer)
        && (Client is null || caller.Client == Client) && (Actor is null || caller.Actor == Actor);
}

using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Arguments;
using Gateway.Audit.Records;
using Gateway.Policy.Recording;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Audit.Reading;

/// <summary>A filter for audit records; a record must match every member that is set.</summary>
public sealed record AuditQuery
{
    private static readonly string[] Members =
    [
        "kind", "grant", "caller", "callerIssuer", "callerClient", "callerActor", "server", "tool", "outcome", "callId",
        "rule", "object", "action", "by", "became",
    ];

    // A record's position is the time of writing, its time member the call's arrival. A suspended call can be this
    // late.
    private static readonly TimeSpan OutOfOrderMax = TimeSpan.FromHours(1);

    private readonly List<(string Member, string Value)> _wanted = [];
    private Func<JsonElement, bool>? _condition;
    private string? _from;
    private string? _to;
    private string? _longBefore;

    /// <summary>The query parameters and their descriptions.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Parameters { get; } =
    [
        .. Members.Select(static member => (member, $"Only records with this {member}.")),
        ArgumentMatches.Parameter,
        ("from", "Only records from this instant on (RFC 3339)."),
        ("to", "Only records before this instant (RFC 3339)."),
        ("tail", "Return at most this number of the last records, instead of the first records. With 0, only count "
            + "the records."),
        ("before", "With \"tail\": return the last records before this place. The place is the value of \"earlier\" "
            + "in the previous page."),
        ("limit", "The maximum number of records."),
        ("cursor", "Continue where the previous page ended."),
        ("of", "\"shared\" returns the records of all gateways, from the table that they ship records to. If omitted, "
            + "only this gateway's records are returned."),
    ];

    /// <summary>Conditions on recorded arguments; null for none.</summary>
    public ArgumentFilter? Conditions { get; private init; }

    /// <summary>Evaluates <see cref="Conditions"/>. Without it, no record meets conditions.</summary>
    public ArgumentMatches? Matches { get; init; }

    /// <summary>Members of a record with their required values.</summary>
    public IReadOnlyList<(string Member, string Value)> Wanted => _wanted;

    /// <summary>Names of the members that can be filtered.</summary>
    public static IReadOnlyList<string> Names => Members;

    /// <summary>Earliest time, in Unix milliseconds; null for no lower bound.</summary>
    public long? FromMs => Ms(_from);

    /// <summary>End of the time range (exclusive), in Unix milliseconds; null for no upper bound.</summary>
    public long? ToMs => Ms(_to);

    /// <summary>Returns a query for all records of one kind.</summary>
    public static AuditQuery OfKind(string kind)
    {
        var query = new AuditQuery();
        query._wanted.Add(("kind", kind));
        return query;
    }

    /// <summary>Returns a query for all records that meet a condition.</summary>
    public static AuditQuery Where(Func<JsonElement, bool> condition) => new() { _condition = condition };

    /// <summary>Returns a query for all records of a time range.</summary>
    public static AuditQuery Between(DateTimeOffset from, DateTimeOffset to) => new()
    {
        _from = Gateway.Audit.Records.RefusalJson.Time(from.ToUnixTimeMilliseconds()),
        _to = Gateway.Audit.Records.RefusalJson.Time(to.ToUnixTimeMilliseconds()),
    };

    /// <summary>
    /// Parses a query; returns null if a parameter is invalid, with the reason in <paramref name="problem"/>.
    /// </summary>
    public static AuditQuery? Read(IQueryCollection query, out string problem)
    {
        problem = "";
        var read = new AuditQuery { Conditions = ArgumentMatches.Read(query, ref problem) };
        if (problem.Length > 0 || !IsOneOf(query, "kind", AuditWords.Kinds, ref problem)
            || !IsOneOf(query, "outcome", AuditWords.Outcomes, ref problem))
        {
            return null;
        }

        foreach (var member in Members)
        {
            if ((string?)query[member] is { Length: > 0 } value)
                read._wanted.Add((member, value));
        }

        if (!TryTime(query, "from", out read._from) || !TryTime(query, "to", out read._to))
        {
            problem = "\"from\" and \"to\" must be instants such as 2027-01-31T12:00:00Z.";
            return null;
        }

        if (read.FromMs is { } from)
            read._longBefore = Gateway.Audit.Records.RefusalJson.Time(from - (long)OutOfOrderMax.TotalMilliseconds);
        return read;
    }

    /// <summary>Returns true if the record matches.</summary>
    public bool Accepts(JsonElement record)
    {
        foreach (var (member, value) in _wanted)
        {
            if (!(record.TryGetProperty(member, out var found) && found.ValueKind == JsonValueKind.String
                    && found.GetString() == value)
                && !(member == "object" && NamesObject(record, value)))
            {
                return false;
            }
        }

        if (_condition?.Invoke(record) == false)
            return false;
        // All times have the same form, UTC with milliseconds, so that string order is time order.
        var time = record.TryGetProperty("time", out var at) ? at.GetString() : null;
        return (_from is null || string.CompareOrdinal(time, _from) >= 0)
            && (_to is null || string.CompareOrdinal(time, _to) < 0)
            && (Conditions is null || Matches?.Has(record.Text("callId"), record.Text("approvalId")) == true);
    }

    /// <summary>Returns true if a change of the configuration file also affected this object.</summary>
    private static bool NamesObject(JsonElement record, string value) =>
        record.TryGetProperty("objects", out var objects) && objects.ValueKind == JsonValueKind.Array
        && objects.EnumerateArray().Any(one => one.ValueEquals(value));

    /// <summary>Returns true if a record is so old that no earlier record can match.</summary>
    public bool IsLongBefore(JsonElement record) =>
        _longBefore is not null && record.TryGetProperty("time", out var at)
        && string.CompareOrdinal(at.GetString(), _longBefore) < 0;

    private static bool IsOneOf(
        IQueryCollection query, string member, IReadOnlyList<string> words, ref string problem)
    {
        if ((string?)query[member] is not { Length: > 0 } value || words.Contains(value))
            return true;
        problem = $"\"{member}\" must be one of {string.Join(", ", words)}, not \"{Spelling.Shorten(value)}\".";
        return false;
    }

    private static long? Ms(string? time) => time is null ? null
        : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            .ToUnixTimeMilliseconds();

    private static bool TryTime(IQueryCollection query, string name, out string? time)
    {
        time = null;
        if ((string?)query[name] is not { Length: > 0 } text)
            return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return false;
        time = Gateway.Audit.Records.RefusalJson.Time(at.ToUnixTimeMilliseconds());
        return true;
    }
}

using System.Globalization;
using System.Text.Json;
using Gateway.Audit.Records;
using Gateway.Policy.Text;
using Microsoft.AspNetCore.Http;

namespace Gateway.Audit.Reading;

/// <summary>Which audit records are wanted: every member that is given must agree.</summary>
public sealed record AuditQuery
{
    private static readonly string[] Members =
        ["kind", "grant", "server", "tool", "outcome", "callId", "rule", "object", "action", "by", "became"];

    // A record stands where it was written and says when its call came: a held one is that much out of order.
    private static readonly TimeSpan OutOfOrderMax = TimeSpan.FromHours(1);

    private readonly List<(string Member, string Value)> _wanted = [];
    private string? _from;
    private string? _to;
    private string? _longBefore;

    /// <summary>The parameters of a query, and what each means.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Parameters { get; } =
    [
        .. Members.Select(static member => (member, $"Only records whose {member} is this.")),
        ("from", "Only from this instant on (RFC 3339)."),
        ("to", "Only before this instant (RFC 3339)."),
        ("tail", "The last records, at most this many, instead of the first; 0 only counts."),
        ("before", "With tail: the last ones before this place, which a page names as \"earlier\"."),
        ("limit", "At most this many."),
        ("cursor", "Go on where a page ended."),
        ("of", "shared: the records of all gateways, from the table that they ship to; else this one's own."),
    ];

    /// <summary>Members of a record, and the text that each must be.</summary>
    public IReadOnlyList<(string Member, string Value)> Wanted => _wanted;

    /// <summary>The names of members that can be wanted.</summary>
    public static IReadOnlyList<string> Names => Members;

    /// <summary>Only from then on, in milliseconds since 1970; null from the first.</summary>
    public long? FromMs => Ms(_from);

    /// <summary>Only before then; null to the last.</summary>
    public long? ToMs => Ms(_to);

    /// <summary>All records of a kind.</summary>
    public static AuditQuery OfKind(string kind)
    {
        var query = new AuditQuery();
        query._wanted.Add(("kind", kind));
        return query;
    }

    /// <summary>All records of a time.</summary>
    public static AuditQuery Between(DateTimeOffset from, DateTimeOffset to) => new()
    {
        _from = Gateway.Audit.Records.RefusalJson.Time(from.ToUnixTimeMilliseconds()),
        _to = Gateway.Audit.Records.RefusalJson.Time(to.ToUnixTimeMilliseconds()),
    };

    /// <summary>Null where a parameter is wrong, as <paramref name="problem"/> says.</summary>
    public static AuditQuery? Read(IQueryCollection query, out string problem)
    {
        problem = "";
        var read = new AuditQuery();
        if (!IsOneOf(query, "kind", AuditWords.Kinds, ref problem)
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
            problem = "\"from\" and \"to\" are instants such as 2027-01-31T12:00:00Z.";
            return null;
        }

        if (read.FromMs is { } from)
            read._longBefore = Gateway.Audit.Records.RefusalJson.Time(from - (long)OutOfOrderMax.TotalMilliseconds);
        return read;
    }

    /// <summary>Whether the record is one of those that are wanted.</summary>
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

        // Times are written in one form, UTC with milliseconds, in which text order is the order of time.
        var time = record.TryGetProperty("time", out var at) ? at.GetString() : null;
        return (_from is null || string.CompareOrdinal(time, _from) >= 0)
            && (_to is null || string.CompareOrdinal(time, _to) < 0);
    }

    /// <summary>Whether a change of the configuration file is also one of this object.</summary>
    private static bool NamesObject(JsonElement record, string value) =>
        record.TryGetProperty("objects", out var objects) && objects.ValueKind == JsonValueKind.Array
        && objects.EnumerateArray().Any(one => one.ValueEquals(value));

    /// <summary>Whether a record is so old that none before it can be wanted.</summary>
    public bool IsLongBefore(JsonElement record) =>
        _longBefore is not null && record.TryGetProperty("time", out var at)
        && string.CompareOrdinal(at.GetString(), _longBefore) < 0;

    private static bool IsOneOf(
        IQueryCollection query, string member, IReadOnlyList<string> words, ref string problem)
    {
        if ((string?)query[member] is not { Length: > 0 } value || words.Contains(value))
            return true;
        problem = $"\"{member}\" is one of {string.Join(", ", words)}; \"{Spelling.Shorten(value)}\" is none of them.";
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

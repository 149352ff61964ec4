using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Admin.Records;

/// <summary>Which audit records are wanted: every member that is given must agree.</summary>
internal sealed record AuditQuery
{
    private static readonly string[] Members =
        ["kind", "grant", "server", "tool", "outcome", "callId", "rule", "object", "action"];

    private readonly List<(string Member, string Value)> _wanted = [];
    private string? _from;
    private string? _to;

    public static IReadOnlyList<(string Name, string Meaning)> Parameters { get; } =
    [
        .. Members.Select(static member => (member, $"Only records whose {member} is this.")),
        ("from", "Only from this instant on (RFC 3339)."),
        ("to", "Only before this instant (RFC 3339)."),
        ("tail", "The last records, at most this many, instead of the first."),
        ("limit", "At most this many."),
        ("cursor", "Go on where a page ended."),
    ];

    public static AuditQuery? Read(IQueryCollection query, out string problem)
    {
        problem = "";
        var read = new AuditQuery();
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

        return read;
    }

    public bool Accepts(JsonElement record)
    {
        foreach (var (member, value) in _wanted)
        {
            if (!record.TryGetProperty(member, out var found) || found.ValueKind != JsonValueKind.String
                || found.GetString() != value)
            {
                return false;
            }
        }

        // Times are written in one form, UTC with milliseconds, in which text order is the order of time.
        var time = record.TryGetProperty("time", out var at) ? at.GetString() : null;
        return (_from is null || string.CompareOrdinal(time, _from) >= 0)
            && (_to is null || string.CompareOrdinal(time, _to) < 0);
    }

    private static bool TryTime(IQueryCollection query, string name, out string? time)
    {
        time = null;
        if ((string?)query[name] is not { Length: > 0 } text)
            return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            return false;
        time = Denials.RefusalJson.Time(at.ToUnixTimeMilliseconds());
        return true;
    }
}

using System.Text;
using System.Text.Json;
using Gateway.Audit.Records;

namespace Gateway.Audit.Erasing;

/// <summary>A person or program at an issuer, whose records are erased or exported.</summary>
/// <param name="Issuers">The name and the URL of the issuer; records contain either.</param>
/// <param name="Subjects">The subject, and its digest if records contain that instead.</param>
/// <param name="Grant">Only records of this grant; null for all grants.</param>
public sealed record PersonQuery(
    IReadOnlyList<string> Issuers, IReadOnlyList<string> Subjects, string? Grant = null)
{
    // Records of connections contain servers/SERVER for GRANT.
    private const string ForGrant = " for ";

    private readonly byte[][] _callers = Members("\"caller\":"u8, Subjects);
    private readonly byte[][] _actors = Members("\"callerActor\":"u8, Subjects);
    private readonly HashSet<string> _subjects = [.. Subjects, .. Subjects.Select(RecordBounds.Cut)];
    private readonly HashSet<string> _actorNames = [.. ActorNames(Issuers, Subjects)];

    // Documents in records of changes contain long subjects in full.
    private readonly byte[][] _texts =
    [
        .. Members(default, Subjects),
        .. Subjects.Where(RecordBounds.IsCut).Concat(ActorNames(Issuers, Subjects))
            .Select(static text => Member(default, text)),
    ];

    /// <summary>Returns the name of a person in <c>by</c>; no operator's name contains a space.</summary>
    public static string ActorName(string issuer, string subject) => $"caller {subject} of {issuer}";

    /// <summary>Returns true if this is an identity of the person.</summary>
    public bool Is(string issuer, string subject) => Issuers.Contains(issuer) && Subjects.Contains(subject);

    /// <summary>
    /// Returns true if a record names the person: as its caller, as the party that acts for it, as the person who
    /// connected an account, or in a document of a change.
    /// </summary>
    public bool IsIn(JsonElement record) => IsOfGrant(record) && IsNamedIn(record);

    /// <summary>Returns the values of a record that belong to the person, as a set of names.</summary>
    internal int ValuesIn(ReadOnlySpan<byte> line, in ErasableValues values)
    {
        var set = 0;
        for (var i = 0; i < values.Count; i++)
        {
            if (IsOneOf(_callers, values.MemberAt(i)))
                set = ErasableValues.All;
            else if (IsOneOf(_actors, values.MemberAt(i)))
                set |= values.NameAt(i);
        }

        return set != 0 && IsOfIssuer(line) ? set : 0;
    }

    /// <summary>Returns true if the part of a line that the evidence covers contains the subject as a string.</summary>
    internal bool IsNamedIn(ReadOnlySpan<byte> covered)
    {
        foreach (var text in _texts)
        {
            if (covered.IndexOf(text) >= 0)
                return Grant is null || IsOfGrant(covered);
        }

        return false;
    }

    private static bool IsOneOf(byte[][] members, ReadOnlySpan<byte> member)
    {
        foreach (var one in members)
        {
            if (member.SequenceEqual(one))
                return true;
        }

        return false;
    }

    private bool IsOfIssuer(ReadOnlySpan<byte> line)
    {
        try
        {
            var record = JsonElement.Parse(line);
            return Issuers.Contains(Text(record, "callerIssuer")) && IsOfGrant(record);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool IsOfGrant(ReadOnlySpan<byte> covered)
    {
        return covered.IndexOf(Member("\"grant\":"u8, Grant!)) >= 0
            || covered.IndexOf(Encoding.UTF8.GetBytes(ForGrant + Grant + '"')) >= 0;
    }

    private bool IsOfGrant(JsonElement record) => Grant is null || Text(record, "grant") == Grant
        || Text(record, "object").EndsWith(ForGrant + Grant, StringComparison.Ordinal);

    private bool IsNamedIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => HasIssuerAndSubject(value)
            || value.EnumerateObject().Any(member => IsNamedIn(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().Any(IsNamedIn),
        JsonValueKind.String => _actorNames.Contains(value.GetString()!),
        _ => false,
    };

    private bool HasIssuerAndSubject(JsonElement value)
    {
        var texts = value.EnumerateObject().Where(static member => member.Value.ValueKind == JsonValueKind.String)
            .Select(static member => member.Value.GetString()!).ToList();
        return texts.Exists(Issuers.Contains) && texts.Exists(_subjects.Contains);
    }

    private static string Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    private static IEnumerable<string> ActorNames(IReadOnlyList<string> issuers, IReadOnlyList<string> subjects) =>
        subjects.SelectMany(subject => issuers.Select(issuer => ActorName(issuer, subject)));

    private static byte[][] Members(ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        var members = new byte[values.Count][];
        for (var i = 0; i < members.Length; i++)
            members[i] = Member(name, RecordBounds.Cut(values[i]));
        return members;
    }

    private static byte[] Member(ReadOnlySpan<byte> name, string value)
    {
        var line = RecordLine.Take();
        line.Add(name, value);
        return line.Written(0, line.Length).ToArray();
    }
}

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
    private readonly byte[][] _callers = Members("\"caller\":"u8, Subjects);
    private readonly byte[][] _actors = Members("\"callerActor\":"u8, Subjects);
    private readonly byte[][] _texts = Members(default, Subjects);

    /// <summary>Returns true if this is an identity of the person.</summary>
    public bool Is(string issuer, string subject) => Issuers.Contains(issuer) && Subjects.Contains(subject);

    /// <summary>Returns true if a record names the person as its caller, or as the party that acts for it.</summary>
    public bool IsIn(JsonElement record) => Issuers.Contains(Text(record, "callerIssuer"))
        && (Grant is null || Text(record, "grant") == Grant)
        && Subjects.Any(subject => RecordBounds.Cut(subject) is var recorded
            && (Text(record, ErasableValues.Caller) == recorded
                || Text(record, ErasableValues.CallerActor) == recorded));

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
            return Issuers.Contains(Text(record, "callerIssuer"))
                && (Grant is null || Text(record, "grant") == Grant);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool IsOfGrant(ReadOnlySpan<byte> covered)
    {
        var line = RecordLine.Take();
        line.Add("\"grant\":"u8, Grant);
        return covered.IndexOf(line.Written(0, line.Length)) >= 0;
    }

    private static string Text(JsonElement record, string name) =>
        record.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : "";

    private static byte[][] Members(ReadOnlySpan<byte> name, IReadOnlyList<string> values)
    {
        var members = new byte[values.Count][];
        for (var i = 0; i < members.Length; i++)
        {
            var line = RecordLine.Take();
            line.Add(name, RecordBounds.Cut(values[i]));
            members[i] = line.Written(0, line.Length).ToArray();
        }

        return members;
    }
}

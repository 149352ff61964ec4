namespace Gateway.Tidy.Tests.House;

/// <summary>A list of what is still wrong. It only shrinks: a new name fails, and so does one too many.</summary>
internal static class Ratchet
{
    public static IEnumerable<Offence> Check(string list, IEnumerable<string> found, IEnumerable<string> listed)
    {
        var (now, known) = (found.ToHashSet(StringComparer.Ordinal), listed.ToHashSet(StringComparer.Ordinal));
        return now.Except(known).Select(name => new Offence(name, 0, $"breaks the rule; {list} takes no new ones"))
            .Concat(known.Except(now).Select(name => new Offence(name, 0, $"is right now; take it out of {list}")));
    }
}

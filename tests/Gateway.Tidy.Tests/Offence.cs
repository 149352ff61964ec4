namespace Gateway.Tidy.Tests;

/// <summary>One place that breaks a rule of the house; line 0 means the file or folder as a whole.</summary>
internal sealed record Offence(string Path, int Line, string Message)
{
    public override string ToString() => Line == 0 ? $"{Path}: {Message}" : $"{Path}:{Line}: {Message}";

    public static void AssertNone(IEnumerable<Offence> offences)
    {
        var found = offences.Select(offence => offence.ToString()).Order(StringComparer.Ordinal).ToArray();
        Assert.True(found.Length == 0, Environment.NewLine + string.Join(Environment.NewLine, found));
    }
}

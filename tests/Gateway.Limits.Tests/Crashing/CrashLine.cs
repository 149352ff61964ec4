namespace Gateway.Limits.Tests.Crashing;

/// <summary>What the child says of one number of one call.</summary>
internal sealed record CrashLine(string Counter, string Window, Int128 Low, Int128 High, string CallId)
{
    public static CrashLine Parse(string line)
    {
        var parts = line.Split(' ');
        return new CrashLine(parts[0], parts[1], Number(parts[2]), Number(parts[3]), parts[4]);
    }

    private static Int128 Number(string text) => Int128.Parse(text, CultureInfo.InvariantCulture);
}

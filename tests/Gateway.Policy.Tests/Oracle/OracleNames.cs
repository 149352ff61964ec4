namespace Gateway.Policy.Tests.Oracle;

/// <summary>Tool names that look like others, for the few characters that random calls have.</summary>
internal static class OracleNames
{
    public static bool IsUnclear(string name) =>
        name.Trim(' ') != name || name.Contains('\u200b', StringComparison.Ordinal);

    public static string Fold(string name) => name.ToLowerInvariant()
        .Replace('ａ', 'a').Replace('а', 'a').Replace('с', 'c');
}

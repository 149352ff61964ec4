namespace Gateway.Server.Tests.Features;

/// <summary>The official clients by name, each with the revision that it is made to speak.</summary>
internal static class Official
{
    public const string OldTypeScript = "TypeScript 1, 2025-11-25";
    public const string LegacyTypeScript = "TypeScript 2, 2025-11-25";
    public const string StatelessTypeScript = "TypeScript 2, 2026-07-28";
    public const string LegacyCSharp = "C#, 2025-11-25";
    public const string StatelessCSharp = "C#, 2026-07-28";

    public static TheoryData<string> Legacy => [OldTypeScript, LegacyTypeScript, LegacyCSharp];

    public static TheoryData<string> Stateless => [StatelessTypeScript, StatelessCSharp];

    public static TheoryData<string> All =>
        [OldTypeScript, LegacyTypeScript, LegacyCSharp, StatelessTypeScript, StatelessCSharp];

    public static bool IsStateless(string client) => client.EndsWith("2026-07-28", StringComparison.Ordinal);

    public static bool IsCSharp(string client) => client.StartsWith("C#", StringComparison.Ordinal);
}

namespace Gateway.EnvoyRls.Tests;

/// <summary>Rules from text.</summary>
internal static class RuleText
{
    public const string Path = "limits.yaml";

    public static (RlsRules? Rules, RuleNotes Notes) Read(params string[] files) => RuleReader.Read(
        new RuleFiles([.. files.Select((text, i) => ($"{i}{Path}", Encoding.UTF8.GetBytes(text)))], null), new());

    public static RlsRules Rules(string text)
    {
        var (rules, notes) = Read(text);
        Assert.True(rules is not null, string.Join('\n', notes.Problems));
        return rules;
    }

    public static string[] Problems(params string[] files) =>
        [.. Read(files).Notes.Problems.Select(static problem => problem.ToString())];
}

using System.Text.RegularExpressions;

namespace Gateway.Proxy.Catalogue;

/// <summary>
/// A guess at what a tool can do harm with, and the reason for it: from its own annotations, else from the words of its
/// name. A guess helps to write a policy; nothing is ever allowed or denied by it.
/// </summary>
internal sealed partial record ToolRisk(string Level, string Reason)
{
    public const string High = "high";
    public const string Medium = "medium";
    public const string Low = "low";

    public static ToolRisk Of(ToolFacts tool)
    {
        if (tool.IsDestructive == true && tool.IsReadOnly != true)
            return new(High, "the server marks it as destructive");
        if (Harm().Match(tool.Name) is { Success: true } harm)
            return new(High, $"its name says \"{harm.Value}\"");
        if (tool.IsReadOnly == true)
            return new(Low, "the server marks it as read-only");
        if (Change().Match(tool.Name) is { Success: true } change)
            return new(Medium, $"its name says \"{change.Value}\"");
        return Look().Match(tool.Name) is { Success: true } look
            ? new(Low, $"its name says \"{look.Value}\"")
            : new(Medium, "the server does not say that it only reads");
    }

    [GeneratedRegex(@"(?<![a-z])(delete|remove|drop|destroy|purge|erase|wipe|truncate|revoke|refund|transfer|pay|payout"
        + @"|charge|withdraw|exec|execute|shell|eval|kill|shutdown|grant|deploy|format)(?![a-z])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Harm();

    [GeneratedRegex(@"(?<![a-z])(create|add|update|set|write|send|resend|post|put|insert|edit|move|rename|upload|merge"
        + @"|approve|cancel|invite|publish)(?![a-z])", RegexOptions.IgnoreCase)]
    private static partial Regex Change();

    [GeneratedRegex(@"(?<![a-z])(get|list|read|search|find|query|describe|show|fetch|count|check|lookup)(?![a-z])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Look();
}

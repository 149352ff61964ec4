using System.Text.RegularExpressions;

namespace Gateway.Catalogue.Listing;

/// <summary>
/// A guess at what a tool can do harm with, and the reason for it: from the words of its name, raised by what its
/// server says of it. A server's own word never lowers it (a hostile one marks everything as read-only), and what it
/// leaves unsaid is no evidence. A guess helps to write a policy; nothing is ever allowed or denied by it.
/// </summary>
public sealed partial record ToolRisk(string Level, string Reason)
{
    /// <summary>It may do harm that is hard to undo.</summary>
    public const string High = "high";
    /// <summary>It may change something, or nothing tells what it does.</summary>
    public const string Medium = "medium";
    /// <summary>It seems only to read.</summary>
    public const string Low = "low";

    /// <summary>The guess for this tool.</summary>
    public static ToolRisk Of(ToolFacts tool)
    {
        var byName = OfName(tool.Name);
        if (tool.IsDestructive == true && byName.Level != High)
            return new(High, "the server marks it as destructive");
        return tool.IsReadOnly == false && byName.Level == Low
            ? new(Medium, "the server says that it does more than read")
            : byName;
    }

    private static ToolRisk OfName(string name)
    {
        var words = Hump().Replace(name, "_");
        if (Harm().Match(words) is { Success: true } harm)
            return new(High, $"its name says \"{harm.Value}\"");
        if (Change().Match(words) is { Success: true } change)
            return new(Medium, $"its name says \"{change.Value}\"");
        return Look().Match(words) is { Success: true } look
            ? new(Low, $"its name says \"{look.Value}\"")
            : new(Medium, "its name does not tell what it does");
    }

    /// <summary>Between two words of aNameLikeThis.</summary>
    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Hump();

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

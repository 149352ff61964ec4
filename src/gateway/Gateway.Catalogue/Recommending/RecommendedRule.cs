using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Policy;

namespace Gateway.Catalogue.Recommending;

/// <summary>The policy entry that fits a kind of tool, under <c>"default": "deny"</c>.</summary>
public static class RecommendedRule
{
    /// <summary>The calls per minute and grant of a tool that writes.</summary>
    public const int WritesPerMinute = 30;

    /// <summary>The calls per minute and grant of a tool that runs something.</summary>
    public const int ExecutionsPerMinute = 10;

    /// <summary>The calls per hour and grant of a destructive tool, each of them approved.</summary>
    public const int DestructionsPerHour = 5;

    /// <summary>
    /// The calls per hour and grant of a tool that returns a secret, each of them approved and redacted.
    /// </summary>
    public const int SecretsPerHour = 5;

    /// <summary>
    /// The amount that may be paid at once without approval, in the tool's own currency, so an operator should review
    /// it.
    /// </summary>
    public const int UnapprovedMax = 100;

    /// <summary>The amount that may be paid per day and grant.</summary>
    public const int SpendPerDay = 1000;

    private const int CounterCharsMax = 50;

    /// <summary>The probability from which an uncertain tool may return a secret.</summary>
    private const double SecretDoubt = 0.1;

    /// <summary>Returns the entry, or null if no policy can name the tool.</summary>
    public static JsonObject? Of(ToolFacts tool, Classification found)
    {
        if (tool.Name.AsSpan().IndexOfAny('*', '?') >= 0)
            return null;
        var full = Entry(tool, found, ArgumentRules.Of(tool.InputSchema));
        if (IsTaken(tool.Name, full))
            return full;
        // A schema may contain keywords that a policy does not support; the limit applies without them.
        var plain = Entry(tool, found, null);
        return IsTaken(tool.Name, plain) ? plain : null;
    }

    private static JsonObject Entry(ToolFacts tool, Classification found, ArgumentRules? arguments)
    {
        var entry = new JsonObject();
        switch (found.Category)
        {
            case ToolCategory.Read:
                break;
            case ToolCategory.Write:
                entry["limits"] = Limits(Rate(tool, "minute", WritesPerMinute));
                break;
            case ToolCategory.Execute:
                arguments?.AddTo(entry);
                // A person must review free code and statements.
                if (found.Risk == RiskLevel.Critical)
                    entry["action"] = "approve";
                entry["limits"] = Limits(Rate(tool, "minute", ExecutionsPerMinute));
                break;
            case ToolCategory.Destructive:
                entry["action"] = "approve";
                entry["limits"] = Limits(Rate(tool, "hour", DestructionsPerHour));
                break;
            case ToolCategory.Secret:
                entry["action"] = "approve";
                entry["limits"] = Limits(Rate(tool, "hour", SecretsPerHour));
                Redact(entry);
                break;
            case ToolCategory.Financial:
                Pay(entry, tool, found.IsSure);
                break;
            default:
                throw new NotSupportedException($"ToolCategory {found.Category} has no case here.");
        }

        if (!found.IsSure)
        {
            // Applies the strictest entry of the possible categories.
            entry["action"] = "approve";
            if (found.Probabilities?[ToolCategory.Secret] >= SecretDoubt)
                Redact(entry);
        }

        return entry;
    }

    private static void Redact(JsonObject entry) => entry["results"] = new JsonObject
    {
        ["redact"] = new JsonArray(new JsonObject { ["known"] = "secret" }),
    };

    private static void Pay(JsonObject entry, ToolFacts tool, bool isSure)
    {
        if (!isSure || ArgumentRules.AmountOf(tool.InputSchema) is not { } amount)
        {
            // If the amount cannot be read, each call needs approval.
            entry["action"] = "approve";
            entry["limits"] = Limits(Rate(tool, "day", DestructionsPerHour));
            return;
        }

        entry["approve_if"] = new JsonArray(
            new JsonObject { ["path"] = $"args.{amount}", ["op"] = "gt", ["value"] = UnapprovedMax });
        var spend = Limit(Counter(tool.Name, "spend"), "day", SpendPerDay);
        spend["increment_from"] = $"args.{amount}";
        entry["limits"] = Limits(spend);
    }

    private static JsonArray Limits(JsonObject one) => new(one);

    private static JsonObject Rate(ToolFacts tool, string window, int max) =>
        Limit(Counter(tool.Name, "rate"), window, max);

    private static JsonObject Limit(string counter, string window, int max) => new()
    {
        ["counter"] = counter,
        ["window"] = window,
        ["max"] = max,
        ["scope"] = "grant",
    };

    /// <summary>Returns the counter's name, which is shorter than a tool's name may be and unique per tool.</summary>
    private static string Counter(string tool, string kind)
    {
        var plain = new StringBuilder();
        foreach (var letter in tool.Length > CounterCharsMax ? tool[..CounterCharsMax] : tool)
            plain.Append(char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' ? letter : '_');
        var digest = plain.ToString() == tool
            ? ""
            : "_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.Unicode.GetBytes(tool)))[..6];
        var name = plain.Length > 0 && char.IsAsciiLetterOrDigit(plain[0]) ? plain.ToString() : $"t{plain}";
        return string.Create(CultureInfo.InvariantCulture, $"{name}{digest}_{kind}");
    }

    private static bool IsTaken(string tool, JsonObject entry)
    {
        var document = new JsonObject
        {
            ["version"] = "1",
            ["default"] = "deny",
            ["tools"] = new JsonObject { [tool] = entry.DeepClone() },
        };
        return PolicyLoader.Load(Encoding.UTF8.GetBytes(document.ToJsonString()), "recommended").Policy is not null;
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Policy;

namespace Gateway.Catalogue.Recommending;

/// <summary>The entry of a policy that fits a kind of tool, under <c>"default": "deny"</c>.</summary>
public static class RecommendedRule
{
    /// <summary>Calls of a tool that writes, a minute and grant.</summary>
    public const int WritesPerMinute = 30;

    /// <summary>Calls of a tool that runs something, a minute and grant.</summary>
    public const int ExecutionsPerMinute = 10;

    /// <summary>Calls of a tool that destroys, an hour and grant, each of them approved.</summary>
    public const int DestructionsPerHour = 5;

    /// <summary>Calls of a tool that returns a secret, an hour and grant, each of them approved and redacted.</summary>
    public const int SecretsPerHour = 5;

    /// <summary>What may be paid at once without a person; in the tool's own currency, so look at it.</summary>
    public const int UnapprovedMax = 100;

    /// <summary>What may be paid a day and grant.</summary>
    public const int SpendPerDay = 1000;

    private const int CounterCharsMax = 50;

    /// <summary>From this probability on, an uncertain tool may return a secret.</summary>
    private const double SecretDoubt = 0.1;

    /// <summary>The entry; null where no policy can name the tool.</summary>
    public static JsonObject? Of(ToolFacts tool, Classification found)
    {
        if (tool.Name.AsSpan().IndexOfAny('*', '?') >= 0)
            return null;
        var full = Entry(tool, found, ArgumentRules.Of(tool.InputSchema));
        if (IsTaken(tool.Name, full))
            return full;
        // A schema may say what a policy cannot; the limit stands without it.
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
                // A person reads free code and statements.
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
            // The strictest of what the tool may be.
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
            // Where the amount cannot be read, each call is a person's.
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

    /// <summary>A counter's name has fewer characters than a tool's; two tools never share one.</summary>
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

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Catalogue.Classifying;
using Gateway.Catalogue.Listing;
using Gateway.Policy.Problems;
using Gateway.Policy.Reviewing;

namespace Gateway.Catalogue.Recommending;

/// <summary>The policy entry that fits a kind of tool, under <c>"default": "deny"</c>.</summary>
public sealed class RecommendedRule
{
    /// <summary>The calls per minute and grant of a tool that reads.</summary>
    public const int ReadsPerMinute = 120;

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

    /// <summary>
    /// The calls per minute and grant of all tools together in the observe profile, in which other limits only record.
    /// </summary>
    public const int ObservedPerMinute = 600;

    private const int CounterCharsMax = 50;

    /// <summary>The probability from which an uncertain tool may return a secret.</summary>
    private const double SecretDoubt = 0.1;

    private readonly ToolFacts _tool;
    private readonly Classification _found;
    private readonly RecommendedProfile _profile;
    private readonly SchemaSigns _input;

    private RecommendedRule(ToolFacts tool, Classification found, RecommendedProfile profile) =>
        (_tool, _found, _profile, _input) = (tool, found, profile, SchemaSigns.Of(tool.InputSchema));

    /// <summary>Returns the entry, or null if no policy can name the tool.</summary>
    public static JsonObject? Of(
        ToolFacts tool, Classification found, RecommendedProfile profile = RecommendedProfile.Balanced)
    {
        if (tool.Name.AsSpan().IndexOfAny('*', '?') >= 0)
            return null;
        // A schema may contain keywords that a policy does not support, and a review may find an amount that no rule
        // counts, or a response that cannot be redacted. The strictest entry needs none of this.
        var rule = new RecommendedRule(tool, found, profile);
        return new[]
        {
            rule.Entry(ArgumentRules.Of(tool.InputSchema)), rule.Entry(null), rule.Approved(redacts: true),
            rule.Approved(redacts: false),
        }.FirstOrDefault(rule.IsTaken);
    }

    /// <summary>
    /// Returns the kind of an entry: <c>limit</c>, <c>limit_arguments</c>, <c>spend</c>, <c>approve</c>,
    /// <c>approve_redact</c>, <c>deny</c>, or <c>none</c> if no policy can name the tool.
    /// </summary>
    public static string KindOf(JsonObject? entry) => entry switch
    {
        null => "none",
        _ when (string?)entry["action"] == "approve" => entry.ContainsKey("results") ? "approve_redact" : "approve",
        _ when entry["action"] is not null => "deny",
        _ when entry.ContainsKey("approve_if") => "spend",
        _ => entry.Count > 1 ? "limit_arguments" : "limit",
    };

    /// <summary>True if a wrong call may be irreversible, or nobody knows what it does.</summary>
    private bool IsGrave =>
        _found.Category.IsGrave() || _found.Risk == RiskLevel.Critical || !_found.IsSure || TakesCode;

    private bool TakesCode => (_input.Statement ?? _input.Program) is not null
        && _found.Category is ToolCategory.Read or ToolCategory.Write or ToolCategory.Execute;

    private JsonObject Entry(ArgumentRules? arguments)
    {
        if (_profile == RecommendedProfile.Cautious && (!_found.IsSure
            || _found.Category is ToolCategory.Destructive or ToolCategory.Secret))
            return new JsonObject { ["action"] = "deny" };
        var entry = _found.Category switch
        {
            ToolCategory.Read => Limited("minute", ReadsPerMinute),
            ToolCategory.Write => Limited("minute", WritesPerMinute),
            ToolCategory.Execute => Limited("minute", ExecutionsPerMinute),
            ToolCategory.Destructive => Approve(Limited("hour", DestructionsPerHour)),
            ToolCategory.Secret => Redact(Approve(Limited("hour", SecretsPerHour))),
            ToolCategory.Financial => Pay(),
            _ => throw new NotSupportedException($"ToolCategory {_found.Category} has no case here."),
        };
        if (_found.Category == ToolCategory.Execute)
            arguments?.AddTo(entry);
        // A person must review free code and statements, and whatever is not certain.
        if (IsGrave && _found.Category != ToolCategory.Financial)
            Approve(entry);
        if (!_found.IsSure)
        {
            Approve(entry);
            if (_found.Probabilities?[ToolCategory.Secret] >= SecretDoubt)
                Redact(entry);
        }

        if (_profile == RecommendedProfile.Cautious && _found.Category != ToolCategory.Read)
            Approve(entry);
        else if (_profile == RecommendedProfile.Observe && !IsGrave)
            entry["mode"] = "shadow";
        return entry;
    }

    private JsonObject Approved(bool redacts)
    {
        var entry = Approve(Limited("hour", DestructionsPerHour));
        return redacts && _found.Category == ToolCategory.Secret ? Redact(entry) : entry;
    }

    private static JsonObject Redact(JsonObject entry)
    {
        entry["results"] = new JsonObject { ["redact"] = new JsonArray(new JsonObject { ["known"] = "secret" }) };
        return entry;
    }

    private static JsonObject Approve(JsonObject entry)
    {
        entry["action"] = "approve";
        entry.Remove("approve_if");
        return entry;
    }

    private JsonObject Pay()
    {
        // If the amount cannot be read, each call needs approval.
        if (!_found.IsSure || ArgumentRules.AmountOf(_tool.InputSchema) is not { } amount)
            return Approve(Limited("day", DestructionsPerHour));
        var spend = Limit(Counter(_tool.Name, "spend"), "day", SpendPerDay);
        spend["increment_from"] = $"args.{amount}";
        return new JsonObject
        {
            ["approve_if"] = new JsonArray(
                new JsonObject { ["path"] = $"args.{amount}", ["op"] = "gt", ["value"] = UnapprovedMax }),
            ["limits"] = new JsonArray(spend),
        };
    }

    private JsonObject Limited(string window, int max) => new()
    {
        ["limits"] = new JsonArray(Limit(Counter(_tool.Name, "rate"), window, max)),
    };

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

    // A name that looks like an expression can be written nevertheless.
    private bool IsTaken(JsonObject entry) => PolicyReview.Run(
        Encoding.UTF8.GetBytes(RecommendedPolicy.Alone(_tool.Name, entry).ToJsonString()), "recommended",
        [RecommendedPolicy.Reviewed(_tool, _found)]).All(static one => one.Kind == FindingKind.ExpressionName);
}

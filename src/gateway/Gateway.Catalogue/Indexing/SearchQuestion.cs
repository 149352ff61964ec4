using System.Globalization;
using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>What is looked for.</summary>
/// <param name="Text">All of its words must be there; empty for everything.</param>
public sealed record SearchQuestion(string Text)
{
    private const int WordsMax = 8;
    private const int LimitUsual = 20;

    /// <summary>The most tools that an answer shows.</summary>
    public const int ShownMax = 100;

    /// <summary>Characters that are read of <see cref="Text"/>.</summary>
    public const int TextCharsMax = 200;

    /// <summary>Only this server's.</summary>
    public string? Server { get; init; }

    /// <summary>Only of this category.</summary>
    public ToolCategory? Category { get; init; }

    /// <summary>Only of this risk.</summary>
    public RiskLevel? Risk { get; init; }

    /// <summary>How many tools are shown at most.</summary>
    public int Limit { get; init; } = LimitUsual;

    /// <summary>Which servers may be shown; null for all.</summary>
    public Func<string, bool>? May { get; init; }

    /// <summary>What is looked for; null with the reason where it is not understood.</summary>
    /// <param name="wanted">What is said of q, server, category, risk and limit.</param>
    /// <param name="problem">What is wrong.</param>
    public static SearchQuestion? Read(Func<string, string?> wanted, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        problem = null;
        var category = Choose<ToolCategory>(wanted, "category", ref problem);
        var risk = Choose<RiskLevel>(wanted, "risk", ref problem);
        var limit = LimitUsual;
        if (wanted("limit") is { } many && (!int.TryParse(many, CultureInfo.InvariantCulture, out limit)
            || limit is < 1 or > ShownMax))
        {
            problem = $"\"limit\" is a number from 1 to {ShownMax}.";
        }

        if (wanted("q") is { Length: > TextCharsMax })
            problem = $"What is looked for has at most {TextCharsMax} characters.";
        return problem is not null ? null : new SearchQuestion(wanted("q") ?? "")
        {
            Server = wanted("server"),
            Category = category,
            Risk = risk,
            Limit = limit,
        };
    }

    internal IReadOnlyList<string> Words { get; } =
        [.. IndexWords.Of(Text, TextCharsMax).Distinct(StringComparer.Ordinal).Take(WordsMax)];

    /// <summary>Where the words stand in a text that was found.</summary>
    public IReadOnlyList<MarkedRange> Mark(string? text) => Highlighter.Mark(text, Words);

    private static T? Choose<T>(Func<string, string?> wanted, string name, ref string? problem)
        where T : struct, Enum
    {
        if (wanted(name) is not { } text)
            return null;
        if (char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var found))
            return found;
        problem = $"\"{name}\" is one of {string.Join(", ", Enum.GetNames<T>())}.";
        return null;
    }
}

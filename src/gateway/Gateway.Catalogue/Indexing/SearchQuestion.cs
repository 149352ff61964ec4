using System.Globalization;
using Gateway.Catalogue.Classifying;

namespace Gateway.Catalogue.Indexing;

/// <summary>A search query.</summary>
/// <param name="Text">The text of which all words must match; empty matches everything.</param>
public sealed record SearchQuestion(string Text)
{
    private const int WordsMax = 8;
    private const int LimitUsual = 20;

    /// <summary>The maximum number of tools in a result.</summary>
    public const int ShownMax = 100;

    /// <summary>The maximum length of <see cref="Text"/>, in characters.</summary>
    public const int TextCharsMax = 200;

    /// <summary>The only server to search; null searches all.</summary>
    public string? Server { get; init; }

    /// <summary>The only category to find; null finds all.</summary>
    public ToolCategory? Category { get; init; }

    /// <summary>The only risk to find; null finds all.</summary>
    public RiskLevel? Risk { get; init; }

    /// <summary>The only transport of servers to find; null finds all.</summary>
    public KnownTransport? Transport { get; init; }

    /// <summary>True also groups the tools by server.</summary>
    public bool ByServer { get; init; }

    /// <summary>The maximum number of tools to return.</summary>
    public int Limit { get; init; } = LimitUsual;

    /// <summary>A function that returns true for servers that may be shown; null allows all.</summary>
    public Func<string, bool>? May { get; init; }

    /// <summary>Parses a query; returns null and the problem if it is invalid.</summary>
    /// <param name="wanted">Returns the value of q, server, category, risk, transport, group and limit.</param>
    /// <param name="problem">The problem; null if there is none.</param>
    public static SearchQuestion? Read(Func<string, string?> wanted, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        problem = null;
        var category = Choose<ToolCategory>(wanted, "category", ref problem);
        var risk = Choose<RiskLevel>(wanted, "risk", ref problem);
        var transport = Choose<KnownTransport>(wanted, "transport", ref problem);
        if (wanted("group") is { } group and not "server")
            problem = $"\"group\" must be server, not {group}.";
        var limit = LimitUsual;
        if (wanted("limit") is { } many && (!int.TryParse(many, CultureInfo.InvariantCulture, out limit)
            || limit is < 1 or > ShownMax))
        {
            problem = $"\"limit\" must be a number from 1 to {ShownMax}.";
        }

        if (wanted("q") is { Length: > TextCharsMax })
            problem = $"\"q\" must have at most {TextCharsMax} characters.";
        return problem is not null ? null : new SearchQuestion(wanted("q") ?? "")
        {
            Server = wanted("server"),
            Category = category,
            Risk = risk,
            Transport = transport,
            ByServer = wanted("group") is not null,
            Limit = limit,
        };
    }

    internal IReadOnlyList<string> Words { get; } =
        [.. IndexWords.Of(Text, TextCharsMax).Distinct(StringComparer.Ordinal).Take(WordsMax)];

    /// <summary>Returns the ranges of a found text that match the words.</summary>
    public IReadOnlyList<MarkedRange> Mark(string? text) => Highlighter.Mark(text, Words);

    private static T? Choose<T>(Func<string, string?> wanted, string name, ref string? problem)
        where T : struct, Enum
    {
        if (wanted(name) is not { } text)
            return null;
        if (char.IsLetter(text[0]) && Enum.TryParse<T>(text, ignoreCase: true, out var found))
            return found;
        problem = $"\"{name}\" must be one of {string.Join(", ", Enum.GetNames<T>())}.";
        return null;
    }
}

using System.Diagnostics;
using Gateway.Policy.Json;

namespace Gateway.Policy.Results;

/// <summary>The predefined patterns: <c>known</c> of a redaction. Each runs in time linear in the text.</summary>
internal static class KnownPattern
{
    public static string[] Names { get; } = ["card_number", "secret", "email"];

    public static TextPattern Of(string name) => name switch
    {
        "card_number" => new CardNumbers(),
        "secret" => new Secrets(),
        "email" => new EmailAddresses(),
        var other => throw new UnreachableException(other),
    };
}

/// <summary>A part of a text, in UTF-16 units.</summary>
internal readonly record struct TextSpan(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>Finds the parts of a text to redact.</summary>
internal abstract class TextPattern
{
    /// <summary>The name of the pattern, for the reason of a denial.</summary>
    public abstract string Name { get; }

    /// <summary>Adds all matches; uses the budget up if the search takes too long.</summary>
    public abstract void Find(string text, WorkBudget work, List<TextSpan> found);
}

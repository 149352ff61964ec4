using System.Text.RegularExpressions;

namespace Gateway.Policy.Expressions;

/// <summary>
/// A regular expression that runs in time linear in its input, whatever the input is. <c>$</c> is the very end,
/// <c>\d \w \s</c> are ASCII, and a character is a code point. It searches; anchor it to match the whole.
/// </summary>
internal sealed class SafeRegex
{
    public const int PatternLengthMax = 2048;

    // The automaton is linear, so this is met only by megabytes of text under a very large pattern.
    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(500);

    private readonly Regex _regex;

    private SafeRegex(string text, Regex regex)
    {
        Text = text;
        _regex = regex;
    }

    /// <summary>As written.</summary>
    public string Text { get; }

    /// <summary>Null and a problem where it is no expression, or one that cannot be run without backtracking.</summary>
    public static SafeRegex? Compile(string text, out string problem)
    {
        if (text.Length > PatternLengthMax)
        {
            problem = $"a regular expression has at most {PatternLengthMax} characters";
            return null;
        }

        if (RegexTranslation.Translate(text, out problem) is not { } translated)
            return null;
        try
        {
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            return new SafeRegex(text, new Regex(translated, options, TimeMax));
        }
        catch (NotSupportedException)
        {
            problem = "this regular expression cannot be run without backtracking: "
                + "use no look-around, back reference, atomic group or very long repetition";
        }
        catch (RegexParseException fault)
        {
            problem = $"this is no regular expression ({fault.Error})";
        }

        return null;
    }

    /// <summary>Whether it is found in the text; null where that took too long to tell.</summary>
    public bool? IsMatch(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }
}

using System.Text.RegularExpressions;
using Gateway.Policy.Json;

namespace Gateway.Policy.Expressions;

/// <summary>
/// A regular expression that runs in linear time for every input. <c>$</c> is the very end, <c>\d \w \s</c> are ASCII,
/// and a character is a code point. It searches; anchor it to match the whole text.
/// </summary>
internal sealed class SafeRegex
{
    public const int PatternLengthMax = 2048;

    // The automaton is linear, so only megabytes of text under a very large pattern reach this.
    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(500);

    // Measured: small expressions take a nanosecond per character, large ones a step for every eight positions.
    private const int CharactersPerStep = 16;
    private const int PlacesPerStep = 8;
    private const int PlacesSmall = 16;

    private readonly Regex _regex;
    private readonly int _places;
    private readonly RegexReach _reach;

    private SafeRegex(string text, Regex regex)
    {
        Text = text;
        _places = RegexWeight.Of(text);
        _reach = RegexReach.Of(text);
        _regex = regex;
    }

    /// <summary>The expression as written.</summary>
    public string Text { get; }

    /// <summary>
    /// Compiles an expression; null, with a problem, if it is invalid or cannot be run without backtracking.
    /// </summary>
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
            problem = $"this is not a regular expression ({fault.Error})";
        }

        return null;
    }

    /// <summary>
    /// Returns true if the expression is found; null, with the budget used up, if the search takes too long.
    /// </summary>
    public bool? IsMatch(string text, WorkBudget work)
    {
        if (!Spend(text, work))
            return null;
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            work.Exhaust();
            return null;
        }
    }

    /// <summary>
    /// Adds every nonempty match. Each match is charged for the text after it that the search may have read, because
    /// the next search reads it again. Uses the budget up if the search takes too long.
    /// </summary>
    public void AddMatches<T>(string text, WorkBudget work, Action<ValueMatch, T> add, T into)
    {
        if (!Spend(text, work))
            return;
        try
        {
            var reach = _reach.Over(text);
            foreach (var match in _regex.EnumerateMatches(text))
            {
                var end = match.Index + match.Length;
                if (!work.Spend(WorkBudget.StepsPerFind + Steps(Math.Max(0, reach.EndOf(match.Index) - end))))
                    return;
                if (match.Length > 0)
                    add(match, into);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            work.Exhaust();
        }
    }

    private bool Spend(string text, WorkBudget work) => work.Spend(1 + Steps(text.Length));

    private long Steps(int characters) =>
        _places <= PlacesSmall ? characters / CharactersPerStep : (long)characters * _places / PlacesPerStep;
}

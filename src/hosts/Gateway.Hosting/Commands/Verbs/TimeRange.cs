using System.CommandLine;
using Gateway.Policy.Text;

namespace Gateway.Hosting.Commands.Verbs;

/// <summary>The options <c>--since</c> and <c>--until</c>, with the same meaning for each verb.</summary>
internal static class TimeRange
{
    public static readonly Option<string?> Since = new("--since", "--from")
    {
        Description = "The start: an age such as 2h or 7d, today, yesterday, a date, or an instant.",
        HelpName = "WHEN",
    };

    public static readonly Option<string?> Until = new("--until", "--to")
    {
        Description = "The end, in the same forms.",
        HelpName = "WHEN",
    };

    /// <summary>Reads both, null for an absent option; returns false after an error message.</summary>
    public static bool TryRead(ParseResult parsed, out (DateTimeOffset? Since, DateTimeOffset? Until) range)
    {
        range = default;
        if (!TryRead(parsed, Since, out var since) || !TryRead(parsed, Until, out var until))
            return false;
        range = (since, until);
        if (!(since >= until))
            return true;
        Console.Error.WriteLine($"--since {parsed.GetValue(Since)} must be before --until {parsed.GetValue(Until)}.");
        return false;
    }

    /// <summary>
    /// Reads both as query parameters of the admin API, each with its <c>&amp;</c>; returns false after an error
    /// message.
    /// </summary>
    public static bool TryRead(ParseResult parsed, out string query)
    {
        query = "";
        if (!TryRead(parsed, out (DateTimeOffset? Since, DateTimeOffset? Until) range))
            return false;
        if (range.Since is { } since)
            query += $"&from={Uri.EscapeDataString($"{since:O}")}";
        if (range.Until is { } until)
            query += $"&to={Uri.EscapeDataString($"{until:O}")}";
        return true;
    }

    private static bool TryRead(ParseResult parsed, Option<string?> option, out DateTimeOffset? time)
    {
        time = null;
        if (parsed.GetValue(option) is not { } text)
            return true;
        if (WrittenTime.TryBack(text, TimeProvider.System.GetUtcNow(), out var read))
        {
            time = read;
            return true;
        }

        Console.Error.WriteLine($"{option.Name} \"{text}\" is not a time: write {WrittenTime.BackRule}.");
        return false;
    }
}

using System.CommandLine;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>
/// Color for a terminal that supports it: never in a pipe or a file, never with <c>--no-color</c> or <c>NO_COLOR</c>.
/// Color only repeats the meaning of a word.
/// </summary>
internal sealed class Paint
{
    private const string Reset = "\e[0m";
    private const string Bold = "\e[1m";
    private const string Red = "\e[31m";
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";

    private readonly bool _isOn;

    private Paint(bool isOn) => _isOn = isOn;

    public static Paint None { get; } = new(false);

    /// <summary>The option <c>--no-color</c>, which every verb has.</summary>
    public static Option<bool> Option { get; } = new("--no-color")
    {
        Description = "No color; the variable NO_COLOR does the same.",
        Recursive = true,
    };

    /// <summary>Returns the settings for standard output at this moment.</summary>
    public static Paint For(ParseResult parsed) => new(
        !parsed.GetValue(Option)
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "")
        && !OperatingSystem.IsWindows()
        && !Console.IsOutputRedirected);

    public string Head(string text) => Put(Bold, text);

    /// <summary>Returns a state word in the color of its meaning; any other text unchanged.</summary>
    public string State(string text) => ColourOf(text.TrimEnd()) is { } colour ? Put(colour, text) : text;

    /// <summary>Returns any text in the color of a state word.</summary>
    public string As(string word, string text) => ColourOf(word) is { } colour ? Put(colour, text) : text;

    private string Put(string colour, string text) => _isOn ? colour + text + Reset : text;

    private static string? ColourOf(string word) => word switch
    {
        "active" or "allowed" or "approved" or "ok" or "ready" or "used" or "low" or "Low"
            or "completed" => Green,
        "denied" or "expired" or "WRONG" or "error" or "high" or "High" or "Critical"
            or "not ready" or "unreachable" or "failing" or "unavailable" => Red,
        "paused" or "open" or "rate_limited" or "approval_required" or "medium" or "Medium"
            or "warning" or "degraded" => Yellow,
        _ => null,
    };
}

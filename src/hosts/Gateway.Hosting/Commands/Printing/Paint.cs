using System.CommandLine;

namespace Gateway.Hosting.Commands.Printing;

/// <summary>
/// Colour for a terminal that has it: never in a pipe or a file, never with <c>--no-color</c> or <c>NO_COLOR</c>. No
/// meaning is in colour alone: it repeats what a word says.
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

    /// <summary>An option of every verb.</summary>
    public static Option<bool> Option { get; } = new("--no-color")
    {
        Description = "No colour; NO_COLOR in the environment does the same.",
        Recursive = true,
    };

    /// <summary>For standard output as it is now.</summary>
    public static Paint For(ParseResult parsed) => new(
        !parsed.GetValue(Option)
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or "")
        && !OperatingSystem.IsWindows()
        && !Console.IsOutputRedirected);

    public string Head(string text) => Put(Bold, text);

    /// <summary>A word for how something stands, in the colour of its meaning; any other text as it is.</summary>
    public string State(string text) => ColourOf(text.TrimEnd()) is { } colour ? Put(colour, text) : text;

    /// <summary>Any text in the colour that such a word has.</summary>
    public string As(string word, string text) => ColourOf(word) is { } colour ? Put(colour, text) : text;

    private string Put(string colour, string text) => _isOn ? colour + text + Reset : text;

    private static string? ColourOf(string word) => word switch
    {
        "active" or "allowed" or "approved" or "ok" or "ready" or "used" or "low" or "Low"
            or "completed" => Green,
        "denied" or "expired" or "WRONG" or "error" or "high" or "High" or "Critical"
            or "not ready" or "unreachable" or "failing" or "unavailable" => Red,
        "paused" or "open" or "rate_limited" or "approval_required" or "medium" or "Medium"
            or "warning" => Yellow,
        _ => null,
    };
}

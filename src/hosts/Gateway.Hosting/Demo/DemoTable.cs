namespace Gateway.Hosting.Demo;

/// <summary>The live table of the agent's calls, one line per call.</summary>
/// <param name="output">The destination.</param>
/// <param name="width">The terminal's width in characters; <see cref="int.MaxValue"/> truncates nothing.</param>
/// <param name="colours">True to color each line by its outcome.</param>
public sealed class DemoTable(TextWriter output, int width, bool colours)
{
    private const int WidthMin = 80;
    private const int RuleMax = 100;
    private const string Gap = " … ";
    private const int TextStart = 4 + 2 + 22 + 2 + 12 + 2;

    private readonly int _textMax = Math.Max(width, WidthMin) - TextStart;

    /// <summary>Creates a table with the console's width and colors; plain if the output is redirected.</summary>
    public static DemoTable OnConsole(TextWriter output) => Console.IsOutputRedirected
        ? new DemoTable(output, int.MaxValue, colours: false)
        : new DemoTable(output, Console.WindowWidth, colours: true);

    /// <summary>Writes the column names.</summary>
    public void WriteHead()
    {
        Write("call", "tool", "outcome", "what the model read", colour: null);
        output.WriteLine(new string('-', Math.Min(TextStart + _textMax, RuleMax)));
    }

    /// <summary>Writes one call.</summary>
    public void WriteCall(DemoCall call)
    {
        var (outcome, colour) = call.Outcome switch
        {
            DemoOutcome.Admitted => ("admitted", "32"),
            DemoOutcome.RateLimited => ("rate-limited", "33"),
            DemoOutcome.Denied => ("denied", "31"),
            DemoOutcome.Failed => ("failed", "35"),
            _ => throw new NotSupportedException($"DemoOutcome {call.Outcome} has no case here."),
        };
        Write(call.Number.ToString(), call.Tool, outcome, Fit(call.Text), colour);
    }

    private void Write(string number, string tool, string outcome, string text, string? colour)
    {
        var line = $"{number,4}  {tool,-22}  {outcome,-12}  {text}";
        output.WriteLine(colour is null || !colours ? line : $"\e[{colour}m{line}\e[0m");
    }

    // One call is one line: the line breaks of a response would break the table. A long text loses its middle, because
    // a refusal begins with what happened and ends with what to do next.
    private string Fit(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        if (line.Length <= _textMax) return line;
        var tail = (_textMax - Gap.Length) / 2;
        return string.Concat(line.AsSpan(0, _textMax - Gap.Length - tail), Gap, line.AsSpan(line.Length - tail));
    }
}

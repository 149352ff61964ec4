namespace Gateway.Hosting.Demo;

/// <summary>The live table of what the agent saw, one line a call.</summary>
/// <param name="output">Where it is written.</param>
/// <param name="width">The terminal's width in characters; <see cref="int.MaxValue"/> cuts nothing.</param>
/// <param name="colours">True colours each line by its outcome.</param>
public sealed class DemoTable(TextWriter output, int width, bool colours)
{
    private const int WidthMin = 80;
    private const int RuleMax = 100;
    private const string Gap = " … ";
    private const int TextStart = 4 + 2 + 22 + 2 + 12 + 2;

    private readonly int _textMax = Math.Max(width, WidthMin) - TextStart;

    /// <summary>A table as wide and coloured as the console; plain where that is redirected.</summary>
    public static DemoTable OnConsole(TextWriter output) => Console.IsOutputRedirected
        ? new DemoTable(output, int.MaxValue, colours: false)
        : new DemoTable(output, Console.WindowWidth, colours: true);

    /// <summary>The columns' names.</summary>
    public void WriteHead()
    {
        Write("call", "tool", "outcome", "what the model read", colour: null);
        output.WriteLine(new string('-', Math.Min(TextStart + _textMax, RuleMax)));
    }

    /// <summary>One call.</summary>
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

    // One call is one line: an answer's own line breaks would tear the table. What is too long loses its middle, since
    // a refusal begins with what happened and ends with what to do next.
    private string Fit(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        if (line.Length <= _textMax) return line;
        var tail = (_textMax - Gap.Length) / 2;
        return string.Concat(line.AsSpan(0, _textMax - Gap.Length - tail), Gap, line.AsSpan(line.Length - tail));
    }
}

namespace Gateway.Server.Demo;

/// <summary>The live table of what the agent saw, one line a call, as wide as the terminal.</summary>
internal sealed class DemoTable(TextWriter output, int width, bool colours)
{
    private const int WidthMin = 80;
    private const int TextStart = 4 + 2 + 22 + 2 + 12 + 2;

    private readonly int _textMax = Math.Max(width, WidthMin) - TextStart;

    public void WriteHead()
    {
        Write("call", "tool", "outcome", "what the model read", colour: null);
        output.WriteLine(new string('-', TextStart + _textMax));
    }

    public void WriteCall(DemoCall call)
    {
        var (outcome, colour) = call.Outcome switch
        {
            DemoOutcome.Admitted => ("admitted", "32"),
            DemoOutcome.RateLimited => ("rate-limited", "33"),
            DemoOutcome.Denied => ("denied", "31"),
            _ => ("failed", "35"),
        };
        Write(call.Number.ToString(), call.Tool, outcome, Fit(call.Text), colour);
    }

    private void Write(string number, string tool, string outcome, string text, string? colour)
    {
        var line = $"{number,4}  {tool,-22}  {outcome,-12}  {text}";
        output.WriteLine(colour is null || !colours ? line : $"\e[{colour}m{line}\e[0m");
    }

    // One call is one line: an answer's own line breaks would tear the table.
    private string Fit(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= _textMax ? line : line[..(_textMax - 1)] + "…";
    }
}

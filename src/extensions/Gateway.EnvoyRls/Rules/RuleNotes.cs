namespace Gateway.EnvoyRls.Rules;

/// <summary>The findings in the rule files, file by file.</summary>
internal sealed class RuleNotes
{
    /// <summary>Maximum number of findings; more would only repeat one mistake.</summary>
    private const int ProblemsMax = 100;

    /// <summary>Problems that prevent loading the rules.</summary>
    public List<RuleProblem> Problems { get; } = [];

    /// <summary>Findings about members without any effect.</summary>
    public List<RuleProblem> Warnings { get; } = [];

    /// <summary>The file that is being read.</summary>
    public string File { get; set; } = "";

    public void Wrong(long line, string message) => Add(Problems, line, message);

    public void Odd(long line, string message) => Add(Warnings, line, message);

    private void Add(List<RuleProblem> notes, long line, string message)
    {
        if (notes.Count < ProblemsMax)
            notes.Add(new(File, line, message));
    }
}

/// <summary>A problem in a rule file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1; 0 for the whole file.</param>
/// <param name="Message">The problem and its remedy.</param>
internal readonly record struct RuleProblem(string File, long Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

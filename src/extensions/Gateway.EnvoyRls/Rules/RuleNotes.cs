namespace Gateway.EnvoyRls.Rules;

/// <summary>What was found in the files of rules, file by file.</summary>
internal sealed class RuleNotes
{
    /// <summary>More would only repeat one mistake.</summary>
    private const int ProblemsMax = 100;

    /// <summary>What keeps the rules from being taken.</summary>
    public List<RuleProblem> Problems { get; } = [];

    /// <summary>What is odd, and does nothing.</summary>
    public List<RuleProblem> Warnings { get; } = [];

    /// <summary>The file that is read.</summary>
    public string File { get; set; } = "";

    public void Wrong(long line, string message) => Add(Problems, line, message);

    public void Odd(long line, string message) => Add(Warnings, line, message);

    private void Add(List<RuleProblem> notes, long line, string message)
    {
        if (notes.Count < ProblemsMax)
            notes.Add(new(File, line, message));
    }
}

namespace Gateway.EnvoyRls.Rules;

/// <summary>A problem in a rule file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1; 0 for the whole file.</param>
/// <param name="Message">The problem and its remedy.</param>
internal readonly record struct RuleProblem(string File, long Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

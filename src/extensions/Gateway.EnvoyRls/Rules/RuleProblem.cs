namespace Gateway.EnvoyRls.Rules;

/// <summary>What is wrong in a file of rules, and where.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Its line, from 1; 0 where it is about the whole.</param>
/// <param name="Message">What is wrong, and the way out.</param>
internal readonly record struct RuleProblem(string File, long Line, string Message)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {Message}" : $"{File}: {Message}";
}

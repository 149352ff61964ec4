namespace Gateway.Policy.Problems;

/// <summary>One thing wrong with a policy document or a configuration file, and where.</summary>
/// <param name="Severity">Whether the file is refused for it.</param>
/// <param name="File">The file as it was named to the loader.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units, as editors count.</param>
/// <param name="Pointer">JSON Pointer (RFC 6901) to the value or member; empty for the whole document.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
public sealed record PolicyProblem(
    ProblemSeverity Severity, string File, int Line, int Column, string Pointer, string Message)
{
    /// <summary>What the reference explains; null for errors.</summary>
    public FindingKind? Kind { get; init; }

    /// <summary>The form that compilers use, so that editors and CI can jump to it.</summary>
    public override string ToString()
    {
        var severity = Severity == ProblemSeverity.Error ? "error" : Kind is null ? "warning" : $"warning [{Kind}]";
        var place = Pointer.Length == 0 ? "" : $" at {Pointer}";
        return $"{File}:{Line}:{Column}: {severity}{place}: {Message}";
    }
}

namespace Gateway.Policy.Problems;

/// <summary>One problem of a policy document or a configuration file, with its location.</summary>
/// <param name="Severity">The severity, which determines whether the file is refused.</param>
/// <param name="File">The file name that was passed to the loader.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1, in UTF-16 units as in editors.</param>
/// <param name="Pointer">JSON Pointer (RFC 6901) to the value or member; empty for the whole document.</param>
/// <param name="Message">The problem and the remedy.</param>
public sealed record PolicyProblem(
    ProblemSeverity Severity, string File, int Line, int Column, string Pointer, string Message)
{
    /// <summary>The kind of finding, which the reference explains; null for errors.</summary>
    public FindingKind? Kind { get; init; }

    /// <summary>Returns the problem in the format of compilers, so that editors and CI can jump to it.</summary>
    public override string ToString()
    {
        var severity = Severity == ProblemSeverity.Error ? "error" : Kind is null ? "warning" : $"warning [{Kind}]";
        var place = Pointer.Length == 0 ? "" : $" at {Pointer}";
        return $"{File}:{Line}:{Column}: {severity}{place}: {Message}";
    }
}

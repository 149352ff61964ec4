using System.Collections.Immutable;
using Gateway.Policy.Json;
using Gateway.Policy.Text;

namespace Gateway.Policy.Problems;

/// <summary>Collects the problems of one document while it is read.</summary>
public sealed class ProblemSink(string file, LineMap lines)
{
    private readonly List<(int Offset, PolicyProblem Problem)> _found = [];
    private int _errors;

    /// <summary>True if the document must be refused.</summary>
    public bool HasErrors => _errors > 0;

    /// <summary>
    /// Reads the document, and adds its fault and each duplicate key as errors; returns null if it is not valid JSON.
    /// </summary>
    public JsonNode? Read(ReadOnlySpan<byte> utf8)
    {
        var faults = new List<JsonFault>();
        var root = JsonTreeReader.Read(utf8, PolicyBounds.DocumentDepthMax, faults, out var fault);
        foreach (var one in fault is { } found ? faults.Append(found) : faults)
            Error(one.Offset, one.Pointer, one.Message);
        return root;
    }

    /// <summary>Adds an error; warnings always leave room for at least one.</summary>
    public void Error(int offset, string pointer, string message) =>
        Add(ProblemSeverity.Error, null, offset, pointer, message);

    /// <summary>Adds a warning; beyond <see cref="PolicyBounds.ProblemsMax"/> problems it is dropped.</summary>
    public void Warn(int offset, string pointer, string message) =>
        Add(ProblemSeverity.Warning, null, offset, pointer, message);

    /// <summary>Adds a warning of a kind that the reference explains.</summary>
    public void Warn(FindingKind kind, int offset, string pointer, string message) =>
        Add(ProblemSeverity.Warning, kind, offset, pointer, message);

    /// <summary>Returns the problems in the order of the document.</summary>
    public ImmutableArray<PolicyProblem> ToImmutable() =>
        [.. _found.OrderBy(static found => found.Offset).Select(static found => found.Problem)];

    private void Add(ProblemSeverity severity, FindingKind? kind, int offset, string pointer, string message)
    {
        // An error always finds room: warnings must not hide why a document was refused.
        if (_found.Count >= PolicyBounds.ProblemsMax && (severity == ProblemSeverity.Warning || _errors > 0))
            return;
        if (severity == ProblemSeverity.Error)
            _errors++;
        var (line, column) = lines.At(offset);
        _found.Add((offset, new PolicyProblem(severity, file, line, column, pointer, message)
        {
            Kind = kind,
        }));
    }
}

/// <summary>The severity of a problem.</summary>
public enum ProblemSeverity
{
    /// <summary>The document is refused as a whole.</summary>
    Error,

    /// <summary>The document is used; its author should review this location.</summary>
    Warning,
}

namespace Gateway.Policy.Problems;

/// <summary>The severity of a problem.</summary>
public enum ProblemSeverity
{
    /// <summary>The document is refused as a whole.</summary>
    Error,

    /// <summary>The document is used; its author should review this location.</summary>
    Warning,
}

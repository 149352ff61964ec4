namespace Gateway.Policy.Problems;

/// <summary>Whether a problem stops the document from being used.</summary>
public enum ProblemSeverity
{
    /// <summary>The document is refused whole.</summary>
    Error,

    /// <summary>The document is used; its author should look at this place.</summary>
    Warning,
}

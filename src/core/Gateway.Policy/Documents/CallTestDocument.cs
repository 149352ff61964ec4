using Gateway.Policy.Classes;

namespace Gateway.Policy.Documents;

/// <summary>One element of <c>tests</c> as written: a call, and its expected decision.</summary>
internal sealed record CallTestDocument
{
    public required string Pointer { get; init; }

    public required int Offset { get; init; }

    public required string Name { get; init; }

    public required string Grant { get; init; }

    /// <summary>The caller; null for a call with the grant's own token.</summary>
    public CallerDocument? Caller { get; init; }

    /// <summary>The time of the decision, Unix milliseconds UTC; never before that of the previous test.</summary>
    public required long AtMs { get; init; }

    public required string Tool { get; init; }

    /// <summary>The accepted class of the tool.</summary>
    public ToolClass Class { get; init; }

    /// <summary>The offset of the arguments in the text; null if there are none.</summary>
    public int? ArgumentsOffset { get; init; }

    /// <summary>Number of calls to make; each must get the expected decision.</summary>
    public required int Times { get; init; }

    /// <summary>One of <see cref="CallTestReader.Outcomes"/>.</summary>
    public required string Expect { get; init; }

    /// <summary>The rule that must decide; null if any may.</summary>
    public string? Rule { get; init; }
}

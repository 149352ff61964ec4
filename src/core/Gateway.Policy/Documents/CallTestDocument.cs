namespace Gateway.Policy.Documents;

/// <summary>One element of <c>tests</c> as written: a call, and the decision that it must get.</summary>
internal sealed record CallTestDocument
{
    public required string Pointer { get; init; }

    public required int Offset { get; init; }

    public required string Name { get; init; }

    public required string Grant { get; init; }

    /// <summary>When it is decided, Unix milliseconds UTC; never before the test above it.</summary>
    public required long AtMs { get; init; }

    public required string Tool { get; init; }

    /// <summary>Where the arguments begin in the text; null where there are none.</summary>
    public int? ArgumentsOffset { get; init; }

    /// <summary>How many calls are made; each must get the decision.</summary>
    public required int Times { get; init; }

    /// <summary>One of <see cref="CallTestReader.Outcomes"/>.</summary>
    public required string Expect { get; init; }

    /// <summary>The rule that has to decide; null where any may.</summary>
    public string? Rule { get; init; }
}

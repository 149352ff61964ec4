namespace Gateway.Orleans.Documents.Wire;

/// <summary>What became of a change.</summary>
/// <param name="Kind">Which of the outcomes.</param>
/// <param name="Version">The document's version now, as <see cref="Gateway.Control.Documents.ControlWrite"/>
/// says.</param>
/// <param name="Problem">Why it was refused, or is not known.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-outcome")]
public readonly record struct ControlOutcome(
    [property: Id(0)] ControlOutcomeKind Kind,
    [property: Id(1)] long Version,
    [property: Id(2)] string? Problem);

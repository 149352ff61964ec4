namespace Gateway.Orleans.Documents.Wire;

/// <summary>The outcome of a change.</summary>
/// <param name="Kind">The kind of outcome.</param>
/// <param name="Version">
/// The document's current version, as in <see cref="Gateway.Control.Documents.ControlWrite"/>.
/// </param>
/// <param name="Problem">Reason why the change was refused or its outcome is unknown.</param>
[GenerateSerializer]
[Immutable]
[Alias("gateway.control-outcome")]
public readonly record struct ControlOutcome(
    [property: Id(0)] ControlOutcomeKind Kind,
    [property: Id(1)] long Version,
    [property: Id(2)] string? Problem);

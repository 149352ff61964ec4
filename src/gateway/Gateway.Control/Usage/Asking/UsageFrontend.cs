namespace Gateway.Control.Usage.Asking;

/// <summary>A run of a frontend whose figures are in an answer, or should be.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Run">One start of it.</param>
/// <param name="State">
/// <c>present</c>; <c>ended</c>: in order, nothing of it is missing; <c>missing</c>: killed, or cut off from the store.
/// </param>
/// <param name="First">When it started.</param>
/// <param name="Last">When it wrote last.</param>
/// <param name="MayLackSeconds">Of one that is missing: how much of its end is lost, if it was killed.</param>
public sealed record UsageFrontend(
    string Name, string Run, string State, DateTimeOffset First, DateTimeOffset Last, int? MayLackSeconds);

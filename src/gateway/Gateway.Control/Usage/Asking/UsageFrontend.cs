namespace Gateway.Control.Usage.Asking;

/// <summary>A run of a frontend whose figures are in a report, or should be.</summary>
/// <param name="Name">The machine's name.</param>
/// <param name="Run">The id of one start of it.</param>
/// <param name="State">
/// <c>present</c>; <c>ended</c>: an orderly end, no figures are missing; <c>missing</c>: killed, or cut off from the
/// store.
/// </param>
/// <param name="First">The time of its start.</param>
/// <param name="Last">The time of its last write.</param>
/// <param name="MayLackSeconds">For a missing one, the time for which figures are lost if it was killed.</param>
public sealed record UsageFrontend(
    string Name, string Run, string State, DateTimeOffset First, DateTimeOffset Last, int? MayLackSeconds);

namespace Gateway.Faults.Planting;

/// <summary>A fleet that is set up so that its promise cannot hold, run for real.</summary>
/// <param name="Name">The defect.</param>
/// <param name="Caught">The property that the checks must find violated.</param>
/// <param name="Kind">The kind of fleet.</param>
/// <param name="Serving">The number of gateways.</param>
/// <param name="RunAsync">Acts on the fleet while agents call.</param>
internal sealed record BrokenSetUp(
    string Name, Property Caught, FleetKind Kind, int Serving, Func<FleetRun, Task> RunAsync)
{
    /// <summary>The fault that its gateways cause themselves from the start; null for none.</summary>
    public Order? Order { get; init; }
}

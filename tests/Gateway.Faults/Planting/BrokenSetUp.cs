namespace Gateway.Faults.Planting;

/// <summary>A fleet that is set up so that its promise cannot hold, run for real.</summary>
/// <param name="Name">What is wrong with it.</param>
/// <param name="Caught">The property that must be found violated.</param>
/// <param name="Kind">What it is made of.</param>
/// <param name="Serving">How many gateways.</param>
/// <param name="RunAsync">What happens while agents call.</param>
internal sealed record BrokenSetUp(
    string Name, Property Caught, FleetKind Kind, int Serving, Func<FleetRun, Task> RunAsync)
{
    /// <summary>What its gateways do wrong of their own accord from the start; null: nothing.</summary>
    public Order? Order { get; init; }
}

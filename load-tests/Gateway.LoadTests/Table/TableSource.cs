namespace Gateway.LoadTests.Table;

/// <summary>One run that gives the figures of some rows.</summary>
/// <param name="Keys">The rows.</param>
/// <param name="MeasureAsync">Measures them; what it cannot, it leaves out.</param>
internal sealed record TableSource(
    IReadOnlyList<string> Keys,
    Func<TableOptions, Action<string>, CancellationToken, Task<IReadOnlyList<Measured>>> MeasureAsync);

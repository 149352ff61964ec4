namespace Gateway.LoadTests.Table;

/// <summary>One run that measures the figures of some rows.</summary>
/// <param name="Keys">The rows.</param>
/// <param name="MeasureAsync">Measures them; omits those that cannot be measured.</param>
internal sealed record TableSource(
    IReadOnlyList<string> Keys,
    Func<TableOptions, Action<string>, CancellationToken, Task<IReadOnlyList<Measured>>> MeasureAsync);

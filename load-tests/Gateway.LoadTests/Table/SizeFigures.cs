using Gateway.LoadTests.Sizes;

namespace Gateway.LoadTests.Table;

/// <summary>The cost of many grants and of a large policy.</summary>
internal static class SizeFigures
{
    private const int GrantsCount = 100_000;
    private const int GrantsOfSlice = 10_000;
    private const int ToolsCount = 10_000;

    public static readonly TableSource Grants = new([TableRows.Grants], GrantsAsync);

    public static readonly TableSource Start = new([TableRows.StartTools], StartAsync);

    private static async Task<IReadOnlyList<Measured>> GrantsAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var each = await new GrantsRun(options.Gateway, GrantsCount, GrantsOfSlice)
            .MeasureAsync(log, cancellationToken);
        return [new Measured(TableRows.Grants, new("", each))];
    }

    private static async Task<IReadOnlyList<Measured>> StartAsync(
        TableOptions options, Action<string> log, CancellationToken cancellationToken)
    {
        var ready = await new StartsRun(options.Gateway, ToolsCount, options.Rounds)
            .MeasureAsync(log, cancellationToken);
        return [new Measured(TableRows.StartTools, new("", [.. ready.Select(static ms => ms / 1000)]))];
    }
}

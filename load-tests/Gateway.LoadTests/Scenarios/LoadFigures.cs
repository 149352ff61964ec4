using Gateway.LoadTests.Generating;

namespace Gateway.LoadTests.Scenarios;

/// <summary>The figures of a load, with times in microseconds.</summary>
internal sealed record LoadFigures(
    long Calls, double CallsPerSecond, long Admitted, long Refused, long Errors, long Retries,
    double P50, double P99, double P999, double Max, double WaitP99)
{
    public static LoadFigures Of(LoadResult result) => new(
        result.Calls,
        result.Calls / result.Elapsed.TotalSeconds,
        result[CallOutcome.Admitted],
        result[CallOutcome.RateLimited] + result[CallOutcome.Denied],
        result.Errors,
        result.Retries,
        result.Latency.At(0.5) / 1000.0,
        result.Latency.At(0.99) / 1000.0,
        result.Latency.At(0.999) / 1000.0,
        result.Latency.MaxNs / 1000.0,
        result.Wait.At(0.99) / 1000.0);
}

namespace Gateway.LoadTests.Measuring;

/// <summary>The calls that were due in one second of a run, with times in milliseconds.</summary>
internal sealed record LatencySlice(int Second, long Calls, double P50, double P99, double Max);

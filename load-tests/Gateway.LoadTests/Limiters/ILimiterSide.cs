namespace Gateway.LoadTests.Limiters;

/// <summary>One of those that are compared: proxies that hold a limit, and what they keep their counts in.</summary>
internal interface ILimiterSide : IDisposable
{
    string Name { get; }

    /// <summary>Where its proxies listen.</summary>
    IReadOnlyList<IPEndPoint> Targets { get; }

    /// <summary>Processor time of all processes that decide a call.</summary>
    TimeSpan CpuTime { get; }

    /// <summary>Ends at once (SIGKILL) what holds the counts, and starts it again over what it left.</summary>
    Task KillAsync(CancellationToken cancellationToken);
}

using System.Threading.Channels;

namespace Gateway.LoadTests.Generating;

/// <summary>One connection's share of a plan.</summary>
internal sealed class LoadWorker(LoadPlan plan, int index, long begin)
{
    private static readonly TimeSpan BeforeRetry = TimeSpan.FromMilliseconds(20);
    private readonly LoadResult _result = new();
    private int _target = index;
    private LoadConnection? _connection;

    /// <summary>Sends due calls as soon as this connection is free.</summary>
    public async Task<LoadResult> OpenLoopAsync(ChannelReader<DueCall> due, CancellationToken cancellationToken)
    {
        await foreach (var call in due.ReadAllAsync(cancellationToken))
        {
            _result.Wait.Record(Nanoseconds(call.DueAt));
            await CallAsync(call.Number, call.DueAt, cancellationToken);
        }

        _connection?.Dispose();
        return _result;
    }

    /// <summary>Sends one call after another until the time is over.</summary>
    public async Task<LoadResult> CloseLoopAsync(SharedNumbers numbers, CancellationToken cancellationToken)
    {
        while (plan.Time.GetElapsedTime(begin) < plan.Duration)
            await CallAsync(numbers.Next(), plan.Time.GetTimestamp(), cancellationToken);
        _connection?.Dispose();
        return _result;
    }

    private async Task CallAsync(long number, long dueAt, CancellationToken cancellationToken)
    {
        var request = plan.Request(number);
        var outcome = CallOutcome.Unavailable;
        for (var attempt = 0; attempt <= plan.RetriesMax && outcome == CallOutcome.Unavailable; attempt++)
        {
            if (attempt > 0)
            {
                _result.Retries++;
                await Task.Delay(BeforeRetry, plan.Time, cancellationToken);
            }

            _connection ??= new LoadConnection(plan.Targets[_target % plan.Targets.Count]);
            outcome = await _connection.CallAsync(request, cancellationToken);
            if (outcome is CallOutcome.Unavailable or CallOutcome.Broken)
                ChangeTarget();
        }

        _result.Count(outcome);
        _result.Latency.Record(Nanoseconds(dueAt));
        plan.Slices?.Record(plan.Time.GetElapsedTime(begin, dueAt), plan.Time.GetElapsedTime(dueAt));
    }

    private void ChangeTarget()
    {
        _connection?.Dispose();
        _connection = null;
        _target++;
    }

    private long Nanoseconds(long since) => (long)plan.Time.GetElapsedTime(since).TotalNanoseconds;
}

namespace Gateway.Orleans.Tests.Batching;

/// <summary>Counts the messages that reach a silo's counters and its batch grain, which it can close.</summary>
internal sealed class CallsSeen : IIncomingGrainCallFilter, IDisposable
{
    private readonly SemaphoreSlim _asked = new(0);
    private int _counters;
    private int _batches;

    /// <summary>Messages to counters.</summary>
    public int Counters => Volatile.Read(ref _counters);

    /// <summary>Messages to batch grains.</summary>
    public int Batches => Volatile.Read(ref _batches);

    /// <summary>A batch grain that is closed answers nobody.</summary>
    public bool IsBatchGrainClosed { get; set; }

    /// <summary>A batch grain answers nobody until this has ended.</summary>
    public Task Pause { get; set; } = Task.CompletedTask;

    /// <summary>Waits until so many more messages have reached batch grains.</summary>
    public async Task BatchesReceivedAsync(int times)
    {
        while (_asked.Wait(0)) { }
        for (var i = 0; i < times; i++) Assert.True(await _asked.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    public void Dispose() => _asked.Dispose();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType == typeof(ICounterGrain)) Interlocked.Increment(ref _counters);
        if (context.InterfaceMethod.DeclaringType == typeof(ICounterBatchGrain))
        {
            Interlocked.Increment(ref _batches);
            _asked.Release();
            if (IsBatchGrainClosed) throw new InvalidOperationException("The batch grain is closed.");
            await Pause;
        }

        await context.Invoke();
    }
}

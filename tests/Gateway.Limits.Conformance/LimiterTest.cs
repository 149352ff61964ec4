namespace Gateway.Limits.Conformance;

/// <summary>A limiter for each test, and the calls that tests make on it.</summary>
/// <param name="subject">What is tested.</param>
/// <param name="utc">When each test begins.</param>
public abstract class LimiterTest(ILimiterSubject subject, string utc = "2026-03-01T12:00:10Z") : IAsyncLifetime
{
    private ILimiter _engine = null!;

    /// <summary>The clock of the test; the limiter reads no other.</summary>
    protected ManualTime Time { get; } = new(utc);

    protected ILimiter Limiter { get; private set; } = null!;

    public Task InitializeAsync() => OpenAsync(strictWindows: false);

    public async Task DisposeAsync()
    {
        await subject.CloseAsync(_engine);
        (subject as IDisposable)?.Dispose();
    }

    /// <summary>Ends the limiter and opens it again.</summary>
    protected async Task ReopenAsync(bool strictWindows = false)
    {
        await subject.CloseAsync(_engine);
        await OpenAsync(strictWindows);
    }

    /// <summary>What is tested, over the engine.</summary>
    protected virtual ILimiter Over(ILimiter engine) => engine;

    private async Task OpenAsync(bool strictWindows)
    {
        _engine = await subject.OpenAsync(Time, strictWindows);
        Limiter = Over(_engine);
    }

    protected ValueTask<LimitDecision> AcquireAsync(params LimitCost[] costs) =>
        Limiter.AcquireAsync(Asked.Call(Time.NowMs, [.. costs]), default);

    protected async Task AdmitsAsync(int calls, params LimitCost[] costs)
    {
        for (var i = 0; i < calls; i++)
        {
            var decision = await AcquireAsync(costs);
            Assert.True(decision.IsAdmitted, $"call {i + 1} of {calls}: {decision.Refusal?.Reason}");
            Assert.True(Spend(decision.Permit));
        }
    }

    protected bool Spend(Permit permit) => permit.TrySpend(Time.NowMs, out _) == SpendOutcome.Spent;
}

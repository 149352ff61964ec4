namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// The plan that production steps, with room for its costs. Each step is a virtual method, so that a test can take one
/// out and must then fail.
/// </summary>
internal class SteppedPlan(AcquiringOptions options, RefusalCache? refusals)
{
    private AcquirePlan _plan = new(options, refusals);
    private CounterCost[] _costs = [];

    /// <summary>What the driver has to do now.</summary>
    public AcquireStep Step { get; private set; }

    public int Index => _plan.Index;

    public long NowMs => _plan.NowMs;

    public bool IsRefused => _plan.IsRefused;

    public CounterRefusal Refusal => _plan.Refusal;

    public Permit Permit => _plan.Permit;

    /// <summary>Which counter is asked, and for how much.</summary>
    public virtual CounterCost Cost => _costs[_plan.Index];

    public virtual CounterRequest Request => _plan.Request(_costs);

    public virtual IEnumerable<CounterPermit> Released => _plan.Released;

    public virtual void Start(in LimitRequest request)
    {
        _costs = new CounterCost[request.Costs.Length];
        Step = _plan.Start(request, _costs);
    }

    public virtual void OnReply(in CounterReply reply, long nowMs) => Step = _plan.OnReply(_costs, reply, nowMs);

    public void OnTime(long nowMs) => Step = _plan.OnTime(nowMs);

    public void Cancel() => Step = _plan.Cancel();
}

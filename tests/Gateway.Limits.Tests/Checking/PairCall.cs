namespace Gateway.Limits.Tests.Checking;

/// <summary>A call with two limits: its plan, and what that has heard.</summary>
internal sealed class PairCall(LimitRequest request, Func<SteppedPlan> makePlan)
{
    private readonly List<CounterReply> _heard = [];
    private SteppedPlan? _plan;

    public PairPhase Phase { get; private set; }

    /// <summary>Which counter is asked.</summary>
    public int Index => _plan!.Index;

    public CounterRequest Request => _plan!.Request;

    /// <summary>The highest number of each part that it was given.</summary>
    public IEnumerable<long> Tops => _heard.Select(static reply => (long)(reply.Part?.Top ?? 0));

    /// <summary>What it has to give back.</summary>
    public IEnumerable<CounterPermit> Released =>
        _plan switch
        {
            { Step: AcquireStep.Release } refused => refused.Released,
            { IsRefused: false } admitted => admitted.Permit.Parts,
            _ => [],
        };

    public void Start()
    {
        _plan = makePlan();
        _plan.Start(request);
        Phase = PairPhase.MayAsk;
    }

    public void Ask() => Phase = PairPhase.Asked;

    public void Hear(in CounterReply reply)
    {
        _heard.Add(reply);
        _plan!.OnReply(reply, request.NowMs);
        Phase = _plan switch
        {
            { Step: AcquireStep.Request } => PairPhase.MayAsk,
            { IsRefused: true } => PairPhase.Over,
            _ => PairPhase.Holds,
        };
    }

    /// <summary>Nobody answers any more.</summary>
    public void Cancel()
    {
        _plan!.Cancel();
        Phase = PairPhase.Over;
    }

    public void End() => Phase = PairPhase.Over;

    /// <summary>
    /// One that goes on by itself. A plan chains the parts that it is given, so it hears them again as parts of its
    /// own.
    /// </summary>
    public PairCall Copy()
    {
        var copy = new PairCall(request, makePlan);
        if (_plan is not null && Phase is PairPhase.MayAsk or PairPhase.Asked)
        {
            copy.Start();
            foreach (var reply in _heard)
                copy.Hear(reply.Part is { } part ? CounterReply.Granted(Copy(part)) : reply);
        }
        else
        {
            copy._heard.AddRange(_heard);
            copy._plan = _plan;
        }

        copy.Phase = Phase;
        return copy;
    }

    private static CounterPermit Copy(CounterPermit part) =>
        new(part.Key, part.Max, part.Cost, part.WindowStartMs, part.Intervals, part.UsedAfter);
}

namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// The frontends of a world: each call carries out the plan that production carries out, checks its permit, is sent,
/// ends.
/// </summary>
internal sealed class SimulatedFrontend
{
    private const int OpenMax = 12;

    private readonly WorldOptions _options;
    private readonly Choices _choices;
    private readonly SimulatedTime _time;
    private readonly SimulatedOwners _owners;
    private readonly SimulatedNetwork _network;
    private readonly Action<CallId, Permit, long> _send;
    private readonly List<SimulatedCall> _calls = [];
    private readonly RefusalCache _refused;
    private readonly int _marginMs;
    private ulong _lastCall;

    public SimulatedFrontend(
        WorldOptions options, Choices choices, SimulatedTime time, SimulatedOwners owners,
        SimulatedNetwork network, Action<CallId, Permit, long> send)
    {
        (_options, _choices, _time, _owners, _network, _send) = (options, choices, time, owners, network, send);
        _marginMs = options.IsStrict ? ClockBounds.EpsilonMs : 0;
        _refused = options.MakeRefusals(_marginMs);
        owners.OnAnswer = Answered;
    }

    /// <summary>A client calls.</summary>
    public void Start(
        CounterKey[] keys, Dictionary<CounterKey, long> max, Dictionary<CounterKey, ImmutableArray<MaxRaise>> raises)
    {
        if (_calls.Count(static call => !call.IsOver) >= OpenMax) return;
        var costs = new List<LimitCost>();
        for (var i = 1 + _choices.Next(keys.Length); i > 0; i--)
        {
            var key = _choices.Of(keys);
            var cost = Amount.FromNano((1 + _choices.Next(4)) * (Amount.One.Nano / 2));
            costs.Add(new LimitCost(key, Amount.FromUnits(max[key]), cost, _choices.OneIn(2))
            {
                Raises = raises.GetValueOrDefault(key),
            });
            if (!_options.HasReleases) break;
        }

        if (costs.Exists(static cost => cost.Cost > cost.Max)) return;
        _calls.Add(new SimulatedCall { ClockOffsetMs = _time.Offset(), Costs = [.. costs] });
    }

    /// <summary>The next thing for one of the calls.</summary>
    public void Advance(List<string> trace)
    {
        var open = _calls.FindAll(static call => !call.IsOver);
        if (open.Count == 0) return;
        var call = _choices.Of(open);
        if (_choices.OneIn(6)) call.ClockOffsetMs = _time.Offset();
        if (call.IsSent) End(call);
        else if (!call.Permit.IsMissing) Send(call, trace);
        else if (call.Plan is not { } plan) Begin(call);
        else if (plan.Step == AcquireStep.WaitUntil) Wake(call, plan);
        else if (call.Asked is null) Ask(call, plan);
        else if (_options.HasFaults && _choices.OneIn(3)) LosePatience(call, plan, trace);
    }

    /// <summary>True if a call gets through when nothing disturbs it.</summary>
    public bool IsAdmitted(CounterKey key, Action drain)
    {
        foreach (var old in _calls) old.IsOver = true;
        var call = new SimulatedCall
        {
            ClockOffsetMs = 0,
            // More than any maximum with its top-ups, as the new window may have calls already.
            Costs = [new LimitCost(key, Amount.FromUnits(15), Amount.One)],
        };
        _calls.Add(call);
        Begin(call);
        Ask(call, call.Plan!);
        drain();
        return call.Permit.TrySpend(_time.TrueMs, out _) == SpendOutcome.Spent;
    }

    /// <summary>True for a call that was given numbers and may still use them.</summary>
    public bool Holds(CallId id) => _calls.Exists(call => call.Id == id && !call.IsOver);

    private void Begin(SimulatedCall call)
    {
        (call.Id, call.BeganMs) = (new CallId(++_lastCall), _time.TrueMs);

        // Short by true time, or half of all calls would wait for as long as their clock is ahead.
        var deferMs = _choices.Next(60) - (int)call.ClockOffsetMs;
        var options = new AcquiringOptions { MarginMs = _marginMs, DeferMs = deferMs };
        call.Plan = _options.MakePlan(options, _refused);
        call.Plan.Start(new LimitRequest(call.Id, _time.TrueMs + call.ClockOffsetMs, call.Costs));
        Carry(call, call.Plan, isFromMemory: true);
    }

    private void Wake(SimulatedCall call, SteppedPlan plan)
    {
        var nowMs = _time.TrueMs + call.ClockOffsetMs;
        if (nowMs < plan.NowMs) return;
        plan.OnTime(nowMs);
        Carry(call, plan, isFromMemory: false);
    }

    /// <summary>Does what the plan says.</summary>
    private void Carry(SimulatedCall call, SteppedPlan plan, bool isFromMemory)
    {
        call.Asked = null;
        if (plan.Step is AcquireStep.Request or AcquireStep.WaitUntil) return;
        if (plan is { Step: AcquireStep.Release, IsRefused: true }) Release(call, plan.Released);
        if (!plan.IsRefused)
        {
            call.Permit = plan.Permit;
            return;
        }

        call.IsOver = true;
        if (!isFromMemory || plan.Refusal.Kind != RefusalKind.NoRoom) return;
        _time.CheckRunning(plan.Cost.Key, plan.Refusal, call.BeganMs);
        _owners.CheckRefusalFromMemory(plan.Cost, plan.Refusal);
    }

    private void Ask(SimulatedCall call, SteppedPlan plan)
    {
        var (key, ask, owner) = (plan.Cost.Key, plan.Request, _owners.Any());
        call.Asked = owner;
        _network.Post(new Message
        {
            Name = $"{ask.CallId.Bits} asks o{owner.Index} for {ask.Cost} of {key.Counter} (max {ask.Max})",
            IsHeld = () => owner.IsPaused,
            Deliver = _ => _owners.Acquire(owner, key, ask),
        });
    }

    private void LosePatience(SimulatedCall call, SteppedPlan plan, List<string> trace)
    {
        if (_choices.OneIn(2))
        {
            Ask(call, plan);
            return;
        }

        trace.Add($"{call.Id.Bits} gives up");
        PostRelease(call.Id, null, plan.Cost.Key, plan.Cost.Cost, call.Asked!);
        plan.Cancel();
        Carry(call, plan, isFromMemory: false);
    }

    private void Answered(SimulatedOwner owner, CounterKey key, AnsweredCall answer)
    {
        var call = _calls.Find(one => (ulong)one.Id.Bits == (ulong)answer.Request.CallId.Bits);
        if (call is not { Plan: { } plan }) return;
        _owners.Hear(key, answer);
        var isExpected = call is { IsOver: false, Permit.IsMissing: true }
            && plan.Step == AcquireStep.Request && plan.Cost.Key == key;
        var reply = answer.Reply.Part is { } part ? CounterReply.Granted(Copy(part)) : answer.Reply;
        if (reply.Part is { } taken)
        {
            var isLateButUsed = !_options.FrontendDropsLateAnswers && call is { IsOver: true, IsSent: false }
                && call.Costs.All(cost => cost.Key == key);
            if (!isExpected && !isLateButUsed) return;
            call.Parts.Add(taken, owner);
            if (isLateButUsed) (call.IsOver, call.Permit) = (false, taken.AsPermit(call.Id, _marginMs));
        }
        else if (!_options.FrontendCachesFinalRefusalsOnly)
        {
            reply = CounterReply.Refused(reply.Refusal with { IsFinal = true });
        }

        if (!isExpected) return;
        plan.OnReply(reply, _time.TrueMs + call.ClockOffsetMs);
        Carry(call, plan, isFromMemory: reply.Part is not null);
    }

    private void Send(SimulatedCall call, List<string> trace)
    {
        var outcome = call.Permit.TrySpend(_time.TrueMs + call.ClockOffsetMs, out _);
        if (!_options.FrontendChecksDeadline) outcome = SpendOutcome.Spent;
        if (!_options.FrontendSpendsOnce && outcome == SpendOutcome.AlreadySpent) outcome = SpendOutcome.Spent;
        if (outcome == SpendOutcome.Wait) return;
        if (outcome == SpendOutcome.Spent)
        {
            trace.Add($"{call.Id.Bits} is sent at {_time.TrueMs}");
            _send(call.Id, call.Permit, _time.TrueMs);
            call.IsSent = _options.FrontendSpendsOnce || _choices.OneIn(2);
            return;
        }

        trace.Add($"{call.Id.Bits} finds its permit {outcome}");
        Release(call, call.Parts.Keys);
        call.IsOver = ++call.Attempts >= 3;
        (call.Plan, call.Permit) = (null, default);
        call.Parts.Clear();
    }

    private void End(SimulatedCall call)
    {
        call.IsOver = true;
        if (!_options.HasReleases || !_choices.OneIn(3)) return;
        foreach (var (part, owner) in call.Parts)
            if (part.Refundable > Amount.Zero) PostRelease(call.Id, part, part.Key, part.Refundable, owner);
    }

    private void Release(SimulatedCall call, IEnumerable<CounterPermit> parts)
    {
        foreach (var part in parts) PostRelease(call.Id, part, part.Key, part.Cost, call.Parts[part]);
    }

    private void PostRelease(CallId id, CounterPermit? part, CounterKey key, Amount amount, SimulatedOwner owner) =>
        _network.Post(new Message
        {
            Name = $"{id.Bits} releases {amount} of {key.Counter} to o{owner.Index}",
            IsHeld = () => owner.IsPaused,
            Deliver = _ => _owners.Release(owner, id, part, key, amount),
        });

    /// <summary>A permit as it is after the network: nothing of the owner's is in it.</summary>
    private static CounterPermit Copy(CounterPermit part) =>
        new(part.Key, part.Max, part.Cost, part.WindowStartMs, part.Intervals, part.UsedAfter)
        {
            Refundable = part.Refundable,
            WindowEndMs = part.WindowEndMs,
        };
}

namespace Gateway.Limits.Tests.Simulation;

/// <summary>The frontends of a world: each call takes its limits in order, checks its permit, is sent, ends.</summary>
internal sealed class SimulatedFrontend
{
    private const int OpenMax = 12;

    private readonly WorldOptions _options;
    private readonly Choices _choices;
    private readonly SimulatedTime _time;
    private readonly SimulatedOwners _owners;
    private readonly SimulatedNetwork _network;
    private readonly Ledger _ledger;
    private readonly List<SimulatedCall> _calls = [];
    private readonly List<(CounterKey Key, long Window, Amount Cost, Amount Max)> _refusals = [];
    private readonly RefusalCache _refused;
    private ulong _lastCall;

    public SimulatedFrontend(
        WorldOptions options,
        Choices choices,
        SimulatedTime time,
        SimulatedOwners owners,
        SimulatedNetwork network,
        Ledger ledger)
    {
        (_options, _choices, _time, _owners, _network, _ledger) = (options, choices, time, owners, network, ledger);
        _refused = options.MakeRefusals(options.IsStrict ? ClockBounds.EpsilonMs : 0);
        owners.OnAnswer = Answered;
    }

    /// <summary>A client calls.</summary>
    public void Start(CounterKey[] keys, Dictionary<CounterKey, long> max)
    {
        if (_calls.Count(static call => !call.IsOver) >= OpenMax) return;
        var costs = new List<LimitCost>();
        for (var i = 1 + _choices.Next(3); i > 0; i--)
        {
            var key = _choices.Of(keys);
            var cost = Amount.FromNano((1 + _choices.Next(4)) * (Amount.One.Nano / 2));
            costs.Add(new LimitCost(key, Amount.FromUnits(max[key]), cost, _choices.OneIn(2)));
            if (!_options.HasReleases) break;
        }

        var sums = _options.FrontendSumsCosts
            ? CostAggregation.PerKey([.. costs], out _)!
            : [.. costs.Select(static (cost, i) => CostAggregation.Single(cost, i)).OrderBy(static sum => sum.Key)];
        if (sums.Any(static sum => sum.Cost > sum.Max)) return;
        _calls.Add(new SimulatedCall { Id = NextId(), ClockOffsetMs = _time.Offset(), Costs = sums });
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
        else if (!call.IsAsked) Ask(call);
        else if (_options.HasFaults && _choices.OneIn(3)) LosePatience(call, trace);
    }

    /// <summary>
    /// After everything has drained: where nothing is given back, a refusal was for what others have.
    /// </summary>
    public void CheckRefusals()
    {
        foreach (var (key, window, cost, max) in _refusals)
        {
            var taken = _ledger.Taken(key, window);
            if (taken + cost.Nano <= max.Nano && !_owners.HasLost(key, window))
                throw new Violation($"{key}: refused {cost} of {max} in {window} though {taken} are taken");
        }
    }

    /// <summary>True if a call gets through when nothing disturbs it.</summary>
    public bool IsAdmitted(CounterKey key, Action drain)
    {
        foreach (var old in _calls) old.IsOver = true;
        var sums = CostAggregation.PerKey([new LimitCost(key, Amount.FromUnits(7), Amount.One)], out _)!;
        var call = new SimulatedCall { Id = NextId(), ClockOffsetMs = 0, Costs = sums };
        _calls.Add(call);
        Ask(call);
        drain();
        return !call.Permit.IsMissing;
    }

    private void Ask(SimulatedCall call)
    {
        var (id, cost, owner) = (call.Id, call.Next, _owners.Any());
        if (_refused.TryFind(cost, _time.TrueMs + call.ClockOffsetMs, out var refusal))
        {
            _time.CheckRunning(cost.Key, refusal);
            if (_options is { HasFaults: false, Owners: 1 }) _owners.CheckRefusal(cost, refusal);
            Close(call);
            return;
        }

        (call.IsAsked, call.Asked) = (true, owner);
        var patientUntilMs = _time.TrueMs + _choices.Next(60);
        var ask = new CounterRequest(id, cost.Max, cost.Cost, cost.Refundable, patientUntilMs);
        _network.Post(new Message
        {
            Name = $"{id.Bits} asks o{owner.Index} for {cost.Cost} of {cost.Key.Counter} (max {cost.Max})",
            Owner = owner,
            Deliver = _ => _owners.Acquire(owner, cost.Key, ask),
        });
    }

    private void LosePatience(SimulatedCall call, List<string> trace)
    {
        if (_choices.OneIn(2))
        {
            Ask(call);
            return;
        }

        trace.Add($"{call.Id.Bits} gives up");
        PostRelease(call.Id, null, call.Next.Key, call.Next.Cost, call.Asked!);
        Close(call);
    }

    private void Answered(SimulatedOwner owner, CounterKey key, AnsweredCall answer)
    {
        var call = _calls.Find(one => one.Id == answer.Request.CallId);
        if (call is null) return;
        if (answer.Reply.Kind == CounterReplyKind.Refused && !_options.HasFaults) NoteRefusal(key, answer);
        var isExpected = call is { IsOver: false, IsAsked: true, Permit.IsMissing: true } && call.Next.Key == key;
        var isLateButUsed =
            !_options.FrontendDropsLateAnswers && call is { IsOver: true, IsSent: false, Costs.Length: 1 };
        if (!isExpected && !(isLateButUsed && answer.Reply.Part is not null)) return;
        call.IsAsked = false;
        if (answer.Reply.Part is not { } part)
        {
            var refusal = answer.Reply.Refusal;
            if (!_options.FrontendCachesFinalRefusalsOnly) refusal = refusal with { IsFinal = true };
            _refused.Keep(call.Next, refusal, _time.TrueMs + call.ClockOffsetMs);
            Close(call);
            return;
        }

        call.IsOver = false;
        call.Parts.Add((Copy(part), owner));
        if (call.Parts.Count == call.Costs.Length)
            call.Permit = new Permit(
                call.Id,
                [.. call.Parts.Select(static entry => entry.Part)],
                _options.IsStrict ? ClockBounds.EpsilonMs : 0);
    }

    private void NoteRefusal(CounterKey key, AnsweredCall answer)
    {
        // Near its end a window is already over for an owner whose clock is ahead, and what that one reserved is lost.
        var refusal = answer.Reply.Refusal;
        var isInGoodTime = key.Window.EndMs(refusal.WindowStartMs) - _time.TrueMs > 1000;
        if (refusal.Kind != RefusalKind.NoRoom || !isInGoodTime) return;
        _refusals.Add((key, answer.Reply.Refusal.WindowStartMs, answer.Request.Cost, answer.Request.Max));
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
            _ledger.Send(call.Id, call.Permit, _time.TrueMs);
            call.IsSent = _options.FrontendSpendsOnce || _choices.OneIn(2);
            return;
        }

        trace.Add($"{call.Id.Bits} finds its permit {outcome}");
        Close(call);
        if (++call.Attempts >= 3) return;
        (call.Id, call.IsOver, call.Permit) = (NextId(), false, default);
    }

    private void End(SimulatedCall call)
    {
        call.IsOver = true;
        if (!_options.HasReleases || !_choices.OneIn(3)) return;
        foreach (var (part, owner) in call.Parts)
            if (part.Refundable > Amount.Zero) PostRelease(call.Id, part, part.Key, part.Refundable, owner);
    }

    private void Close(SimulatedCall call)
    {
        foreach (var (part, owner) in call.Parts) PostRelease(call.Id, part, part.Key, part.Cost, owner);
        (call.Parts, call.IsOver, call.IsAsked) = ([], true, false);
    }

    private void PostRelease(
        CallId id, CounterPermit? part, CounterKey key, Amount amount, SimulatedOwner owner) =>
        _network.Post(new Message
        {
            Name = $"{id.Bits} releases {amount} of {key.Counter} to o{owner.Index}",
            Owner = owner,
            Deliver = _ => _owners.Release(owner, id, part, key, amount),
        });

    private CallId NextId() => new(++_lastCall);

    /// <summary>A permit as it is after the network: nothing of the owner's is in it.</summary>
    private static CounterPermit Copy(CounterPermit part) =>
        new(part.Key, part.Max, part.Cost, part.WindowStartMs, part.Intervals, part.UsedAfter)
        {
            Refundable = part.Refundable,
        };
}

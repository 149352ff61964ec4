namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// The owners of a world: they drive the real step function and carry out its effects over the network.
/// </summary>
internal sealed class SimulatedOwners : ISimulatedOwners<SimulatedOwner>
{
    private readonly WorldOptions _options;
    private readonly Choices _choices;
    private readonly SimulatedTime _time;
    private readonly SimulatedStore _store;
    private readonly SimulatedNetwork _network;
    private readonly Ledger _ledger;
    private readonly CounterRules _rules;
    private readonly List<SimulatedOwner> _owners = [];

    /// <summary>Where the store's answer to a reservation came after the window's end: its numbers are lost.</summary>
    private readonly HashSet<(CounterKey Key, long Window)> _late = [];

    private readonly CounterEffects _effects = new();
    private readonly RefusalWitness _witness;
    private readonly List<(CounterKey Key, long Window, Amount Cost, Amount Max)> _refusals = [];

    public SimulatedOwners(
        WorldOptions options,
        Choices choices,
        SimulatedTime time,
        SimulatedStore store,
        SimulatedNetwork network,
        Ledger ledger)
    {
        (_options, _choices, _time, _store, _network, _ledger) = (options, choices, time, store, network, ledger);
        _witness = new RefusalWitness(store);
        _rules = new CounterRules
        {
            HasSoleOwner = options.HasSoleOwner,
            Nonces = new CountingNonces(),
            MarginMs = options.IsStrict ? ClockBounds.EpsilonMs : 0,
            CallsMax = 64,
        };
        for (var i = 0; i < options.Owners; i++)
            _owners.Add(new SimulatedOwner(i, options.StoreIsPrivate ? new SimulatedStore(options) : store));
    }

    /// <inheritdoc/>
    public Action<SimulatedOwner, CounterKey, AnsweredCall>? OnAnswer { get; set; }

    public SimulatedOwner Any() => _choices.Of(_owners);

    public void MoveClock() => Any().ClockOffsetMs = _time.Offset();

    public void WakeAll()
    {
        foreach (var owner in _owners) (owner.IsPaused, owner.ClockOffsetMs) = (false, 0);
    }

    /// <summary>Kill -9, stop or go on.</summary>
    public void Disturb(List<string> trace)
    {
        var owner = Any();
        if (_choices.OneIn(2))
        {
            trace.Add($"o{owner.Index} crashes");
            owner.Counters.Clear();
            owner.IsPaused = false;
        }
        else
        {
            owner.IsPaused = !owner.IsPaused;
            trace.Add($"o{owner.Index} {(owner.IsPaused ? "is stopped" : "goes on")}");
        }
    }

    /// <summary>An owner hands back what it holds, and goes on or ends.</summary>
    public void HandBack(List<string> trace)
    {
        var owner = Any();
        if (owner.IsPaused || owner.Counters.Count == 0) return;
        var counter = _choices.Of(owner.Counters.Values.ToList());
        trace.Add($"o{owner.Index} hands back {counter.Key.Counter}");
        Step(owner, counter, (one, nowMs) => one.ReturnUnissued(nowMs, _effects));
        if (_choices.OneIn(2)) owner.Counters.Remove(counter.Key);
    }

    public void Acquire(SimulatedOwner owner, CounterKey key, CounterRequest ask)
    {
        var counter = Find(owner, key);
        _witness.Arrive(owner.Index, key, ask.CallId);
        Step(owner, counter, (one, nowMs) =>
        {
            var verdict = one.Acquire(ask, nowMs, _effects);
            if (verdict.Kind != CounterReplyKind.Waiting) _effects.Answers.Add(new AnsweredCall(ask, verdict));
        });
    }

    public void Release(SimulatedOwner issuer, CallId id, CounterPermit? sent, CounterKey key, Amount amount)
    {
        var owner = _options.ReleasesAreTrusted ? Any() : issuer;
        var counter = Find(owner, key);
        if (counter is Planted.TrustingCounter trusting && owner != issuer && sent is not null)
            Step(owner, counter, (_, nowMs) => trusting.Accept(sent, amount, nowMs, _effects));
        var part = counter.OutFor(id);
        Step(owner, counter, (one, nowMs) => one.Release(id, amount, nowMs, _effects), () =>
        {
            var isTaken = part is not null && counter.OutFor(id) is null;
            if (isTaken && counter.WindowStartMs == part!.WindowStartMs) _ledger.Return(id, part, amount);
        });
    }

    /// <inheritdoc/>
    public void Hear(CounterKey key, AnsweredCall answer)
    {
        if (answer.Reply.Kind != CounterReplyKind.Refused || _options.HasFaults) return;

        // Near its end a window is already over for an owner whose clock is ahead, and what that one reserved is lost.
        var refusal = answer.Reply.Refusal;
        var isInGoodTime = key.Window.EndMs(refusal.WindowStartMs) - _time.TrueMs > 1000;
        if (refusal.Kind != RefusalKind.NoRoom || !isInGoodTime) return;
        _refusals.Add((key, refusal.WindowStartMs, answer.Request.Cost, answer.Request.Max));
    }

    /// <summary>
    /// After everything has drained: where nothing is given back, a refusal was for what others have.
    /// </summary>
    public void CheckRefusals()
    {
        foreach (var (key, window, cost, max) in _refusals)
        {
            var taken = _ledger.Taken(key, window);
            if (taken + cost.Nano <= max.Nano && !_late.Contains((key, window)))
                throw new Violation($"{key}: refused {cost} of {max} in {window} though {taken} are taken");
        }
    }

    private FixedWindowCounter Find(SimulatedOwner owner, CounterKey key)
    {
        if (!owner.Counters.TryGetValue(key, out var counter))
            owner.Counters[key] = counter = _options.MakeCounter(key, _rules);
        return counter;
    }

    /// <summary>Steps a counter unless its process has ended since, and carries out the effects.</summary>
    private void Step(SimulatedOwner owner, FixedWindowCounter counter, Action<FixedWindowCounter, long> step,
        Action? beforeEffects = null)
    {
        if (owner.Counters.GetValueOrDefault(counter.Key) != counter) return;
        _effects.Clear();
        var nowMs = _time.TrueMs + owner.ClockOffsetMs;
        step(counter, nowMs);
        beforeEffects?.Invoke();
        foreach (var answer in _effects.Answers)
        {
            if (answer.Reply.Part is { IsToldAgain: true } known) _ledger.Repeat(answer.Request.CallId, known);
            else if (answer.Reply.Part is { } part) _ledger.Issue(answer.Request.CallId, part);
            if (_options is { HasFaults: false, Owners: 1 } && answer.Reply.Kind == CounterReplyKind.Refused)
                CheckRefusal(Sum(counter.Key, answer.Request), answer.Reply.Refusal);
            if (_options is { HasFaults: false, HasSoleOwner: false })
                _witness.Check(owner.Index, counter.Key, answer, nowMs);
            PostAnswer(owner, counter.Key, answer);
        }

        if (_effects.Request is { } request) PostRequest(owner, counter, request);
        if (_effects.WakeAtMs is null) return;
        _network.Post(new Message
        {
            Name = "wake",
            Owner = owner,
            IsLossy = false,
            Deliver = _ => Step(owner, counter, (one, nowMs) => one.OnTimer(nowMs, nowMs, _effects)),
        });
    }

    /// <summary>
    /// One owner, no faults: a cost is refused only if what is taken leaves no room, at that very moment.
    /// </summary>
    public void CheckRefusal(CounterCost cost, CounterRefusal refusal)
    {
        if (refusal.Kind != RefusalKind.NoRoom) return;
        var taken = _ledger.Taken(cost.Key, refusal.WindowStartMs);
        if (taken + cost.Cost.Nano <= cost.Max.Nano)
            throw new Violation($"{cost.Key}: refused {cost.Cost} of {cost.Max} though {taken} are taken");
    }

    private static CounterCost Sum(CounterKey key, in CounterRequest ask) =>
        new(key, ask.Max, ask.Cost, ask.Refundable, 0);

    private void PostAnswer(SimulatedOwner owner, CounterKey key, AnsweredCall answer) => _network.Post(new Message
    {
        Name = $"o{owner.Index} answers {answer.Request.CallId.Bits} on {key.Counter}: {Say(answer.Reply)}",
        Deliver = _ => OnAnswer!(owner, key, answer),
    });

    private void PostRequest(SimulatedOwner owner, FixedWindowCounter counter, StoreRequest request)
    {
        var name = $"o{owner.Index} {counter.Key.Counter} #{request.Token}";
        var store = owner.Store;
        void TimeOut() => Reply(owner, counter, request, StoreReply.Lost(request));
        _network.Post(new Message
        {
            Name = request.Write is { } next ? $"{name} writes {next.Reserved}" : $"{name} reads",
            TimeOut = TimeOut,
            Deliver = message =>
            {
                var reply = request.Write is { } record
                    ? new StoreReply(
                        request.Token, default, store.Write(counter.Key, request.ExpectedNonce, record))
                    : new StoreReply(request.Token, store.Read(counter.Key));

                // A client that may have sent it twice cannot know that a conflict is not with itself.
                if (message.IsRepeated && reply.Write?.Outcome == WriteOutcome.Conflict)
                    reply = StoreReply.Lost(request);
                _network.Post(new Message
                {
                    Name = $"{name} gets {(reply.Write is null ? reply.Read.Record.Reserved : reply.Write.Outcome)}",
                    Owner = owner,
                    TimeOut = TimeOut,
                    Deliver = _ => Reply(owner, counter, request, reply),
                });
            },
        });
    }

    private void Reply(
        SimulatedOwner owner, FixedWindowCounter counter, StoreRequest request, StoreReply reply) =>
        Step(owner, counter, (one, nowMs) =>
        {
            one.OnReply(reply, nowMs, _effects);
            if (request.Write is { } late && late.WindowStartMs < one.WindowStartMs)
                _late.Add((one.Key, late.WindowStartMs));
        });

    private static string Say(CounterReply verdict) => verdict.Part is { } part
        ? string.Join(' ', part.Intervals) + " of " + part.WindowStartMs
        : $"{verdict.Kind} {verdict.Refusal.Kind}";
}

namespace Gateway.Limits.Tests.Simulation.Sliding;

/// <summary>The owners of a sliding world: they drive the real step function over the network.</summary>
internal sealed class SlidingOwners : ISimulatedOwners<SlidingOwner>
{
    private readonly WorldOptions _options;
    private readonly Choices _choices;
    private readonly SimulatedTime _time;
    private readonly SimulatedNetwork _network;
    private readonly SlidingJudge _judge;
    private readonly CounterRules _rules;
    private readonly List<SlidingOwner> _owners = [];
    private readonly CounterEffects _effects = new();
    private readonly RefusalWitness _witness;

    public SlidingOwners(
        WorldOptions options,
        Choices choices,
        SimulatedTime time,
        SimulatedStore store,
        SimulatedNetwork network,
        SlidingJudge judge)
    {
        (_options, _choices, _time, _network, _judge) = (options, choices, time, network, judge);
        _witness = new RefusalWitness(store);
        _rules = new CounterRules
        {
            HasSoleOwner = options.HasSoleOwner,
            Nonces = new CountingNonces(),
            CallsMax = 64,
        };
        for (var i = 0; i < options.Owners; i++)
            _owners.Add(new SlidingOwner(i, options.StoreIsPrivate ? new SimulatedStore(options) : store));
    }

    /// <inheritdoc/>
    public Action<SlidingOwner, CounterKey, AnsweredCall>? OnAnswer { get; set; }

    public SlidingOwner Any() => _choices.Of(_owners);

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

    /// <summary>An owner hands back what came back to it, and goes on or ends.</summary>
    public void HandBack(List<string> trace)
    {
        var owner = Any();
        if (owner.IsPaused || owner.Counters.Count == 0) return;
        var counter = _choices.Of(owner.Counters.Values.ToList());
        trace.Add($"o{owner.Index} hands back {counter.Key.Counter}");
        Step(owner, counter, (one, nowMs) => one.ReturnUnissued(nowMs, _effects));
        if (_choices.OneIn(2)) owner.Counters.Remove(counter.Key);
    }

    public void Acquire(SlidingOwner owner, CounterKey key, CounterRequest ask)
    {
        _witness.Arrive(owner.Index, key, ask.CallId);
        Step(owner, Find(owner, key), (one, nowMs) =>
        {
            var verdict = one.Acquire(ask, nowMs, _effects);
            if (verdict.Kind != CounterReplyKind.Waiting) _effects.Answers.Add(new AnsweredCall(ask, verdict));
        });
    }

    /// <summary>A call gives numbers back, or gives up while it still waits.</summary>
    public void Release(SlidingOwner issuer, CallId id, CounterPermit? sent, CounterKey key, Amount amount)
    {
        var owner = _options.ReleasesAreTrusted ? Any() : issuer;
        var counter = Find(owner, key);
        if (counter is Planted.TrustingSliding trusting && owner != issuer && sent is not null)
            Step(owner, counter, (_, nowMs) => trusting.Accept(sent, amount, nowMs, _effects));
        Step(owner, counter, (one, nowMs) =>
        {
            var part = one.OutFor(id);
            if (part is null) one.Cancel(id);
            one.Release(id, amount, nowMs, _effects);
            if (part is not null && one.OutFor(id) is null && Counts(part, nowMs)) _judge.Return(id, part, amount);
        });
    }

    /// <inheritdoc/>
    /// <remarks>As the slowest clock sees it.</remarks>
    public void CheckRefusal(CounterCost cost, CounterRefusal refusal)
    {
        var taken = _judge.Taken(cost.Key, _time.TrueMs - (2 * ClockBounds.EpsilonMs));
        if (taken + cost.Cost.Nano <= cost.Max.Nano)
            throw new Violation($"{cost.Key}: refused {cost.Cost} of {cost.Max} from memory though {taken} are taken");
    }

    /// <summary>Whether a clock that says this still counts it; what has slid out is not taken back.</summary>
    private static bool Counts(CounterPermit part, long nowMs) =>
        SlidingTimes.DeadlineMs(part.Key.Window, part.WindowStartMs)
        >= SlidingTimes.FirstCountedMs(part.Key.Window, nowMs);

    private SlidingWindowCounter Find(SlidingOwner owner, CounterKey key)
    {
        if (!owner.Counters.TryGetValue(key, out var counter))
            owner.Counters[key] = counter = _options.MakeSliding(key, _rules);
        return counter;
    }

    /// <summary>Steps a counter unless its process has ended since, and carries out the effects.</summary>
    private void Step(SlidingOwner owner, SlidingWindowCounter counter, Action<SlidingWindowCounter, long> step)
    {
        if (owner.Counters.GetValueOrDefault(counter.Key) != counter) return;
        _effects.Clear();
        var nowMs = _time.TrueMs + owner.ClockOffsetMs;
        step(counter, nowMs);
        foreach (var answer in _effects.Answers)
        {
            var record = owner.Store.Records.GetValueOrDefault(counter.Key);
            if (answer.Reply.Part is { IsToldAgain: false } part)
                _judge.Issue(answer.Request.CallId, part, record, _time.TrueMs);
            if (_options is { HasFaults: false, Owners: 1 }) CheckRefusal(counter.Key, answer, nowMs);
            if (_options is { HasFaults: false, HasSoleOwner: false })
                _witness.Check(owner.Index, counter.Key, answer, nowMs);
            PostAnswer(owner, counter.Key, answer);
        }

        if (_effects.Request is { } request) PostRequest(owner, counter, request);
        if (_effects.WakeAtMs is null) return;
        _network.Post(new Message
        {
            Name = "wake",
            IsHeld = () => owner.IsPaused,
            IsLossy = false,
            Deliver = _ => Step(owner, counter, (one, atMs) => one.OnTimer(atMs, atMs, _effects)),
        });
    }

    /// <summary>One owner, no faults: a cost is refused only if what is given out leaves no room just then.</summary>
    private void CheckRefusal(CounterKey key, AnsweredCall answer, long nowMs)
    {
        if (answer.Reply is not { Kind: CounterReplyKind.Refused, Refusal.Kind: RefusalKind.NoRoom }) return;
        var taken = _judge.Taken(key, nowMs);
        if (taken + answer.Request.Cost.Nano <= answer.Request.Max.Nano)
            throw new Violation(
                $"{key}: refused {answer.Request.Cost} of {answer.Request.Max} though {taken} are taken");
        var freeAtMs = key.Window.EndMs(answer.Reply.Refusal.WindowStartMs);
        if (_judge.Taken(key, freeAtMs) + answer.Request.Cost.Nano > answer.Request.Max.Nano)
            throw new Violation($"{key}: no room at {freeAtMs}, as was said");
        if (_judge.Taken(key, freeAtMs - 1) + answer.Request.Cost.Nano <= answer.Request.Max.Nano)
            throw new Violation($"{key}: room before {freeAtMs}, later than need be");
    }

    private void PostAnswer(SlidingOwner owner, CounterKey key, AnsweredCall answer) => _network.Post(new Message
    {
        Name = $"o{owner.Index} answers {answer.Request.CallId.Bits} on {key.Counter}: {Say(answer.Reply)}",
        Deliver = _ => OnAnswer!(owner, key, answer),
    });

    private void PostRequest(SlidingOwner owner, SlidingWindowCounter counter, StoreRequest request)
    {
        var name = $"o{owner.Index} {counter.Key.Counter} #{request.Token}";
        var store = owner.Store;
        void TimeOut() => Reply(owner, counter, StoreReply.Lost(request));
        _network.Post(new Message
        {
            Name = request.Write is { } next ? $"{name} writes {Say(next)}" : $"{name} reads",
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
                    Name = $"{name} gets {(reply.Write is null ? Say(reply.Read.Record) : reply.Write.Outcome)}",
                    TimeOut = TimeOut,
                    IsHeld = () => owner.IsPaused,
                    Deliver = _ => Reply(owner, counter, reply),
                });
            },
        });
    }

    private void Reply(SlidingOwner owner, SlidingWindowCounter counter, StoreReply reply) =>
        Step(owner, counter, (one, nowMs) => one.OnReply(reply, nowMs, _effects));

    private static string Say(CounterReply verdict) => verdict.Part is { } part
        ? $"{part.Cost} at {part.WindowStartMs}"
        : $"{verdict.Kind} {verdict.Refusal.Kind}";

    private static string Say(Reservation record) => record.Entries is { } entries
        ? string.Join(' ', entries.All.Select(static entry => $"{entry.Count}@{entry.DeadlineMs}"))
        : "nothing";
}

using Gateway.Limits.Tests.Simulation.Oracles;
using Gateway.Limits.Tests.Simulation.Planted;

namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// The owners of a world: they drive the real step function and carry out its effects over the network.
/// </summary>
internal sealed class SimulatedOwners
{
    private readonly WorldOptions _options;
    private readonly Choices _choices;
    private readonly SimulatedTime _time;
    private readonly SimulatedNetwork _network;
    private readonly Oracle _oracle;
    private readonly CounterRules _rules;
    private readonly List<SimulatedOwner> _owners = [];
    private readonly CounterEffects _effects = new();
    private readonly RefusalWitness _witness;
    private readonly Dictionary<(CounterKey Key, CallId Id), CounterPermit> _released = [];

    public SimulatedOwners(
        WorldOptions options,
        Choices choices,
        SimulatedTime time,
        SimulatedStore store,
        SimulatedNetwork network,
        Oracle oracle)
    {
        (_options, _choices, _time, _network, _oracle) = (options, choices, time, network, oracle);
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

    /// <summary>Where answers go.</summary>
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
        _oracle.Ask(key, ask.Max);
        Step(owner, counter, (one, nowMs) =>
        {
            var reply = one.Acquire(ask, nowMs, _effects);
            if (reply.Kind != CounterReplyKind.Waiting) _effects.Answers.Add(new AnsweredCall(ask, reply));
        });
    }

    /// <summary>A call gives numbers back, or gives up while it still waits.</summary>
    public void Release(SimulatedOwner issuer, CallId id, CounterPermit? sent, CounterKey key, Amount amount)
    {
        var owner = _options.ReleasesAreTrusted ? Any() : issuer;
        var counter = Find(owner, key);
        if (counter is IMutant trusting && owner != issuer && sent is not null)
            Step(owner, counter, (_, nowMs) => trusting.Accept(sent, amount, nowMs, _effects));
        Step(owner, counter, (one, nowMs) =>
        {
            var part = OutFor(one, id);
            if (part is null) one.Cancel(id);
            one.Release(id, amount, nowMs, _effects);
            if (part is not null && OutFor(one, id) is null && _oracle.MayReturn(part, one, nowMs))
                _oracle.Return(id, part, amount, one, nowMs);
            if (!_options.ReleasesRepeat) return;
            if (part is not null) _released[(key, id)] = part;
            else if (_released.TryGetValue((key, id), out part)) ((IMutant)one).Accept(part, amount, nowMs, _effects);
        });
    }

    /// <summary>An answer has arrived.</summary>
    public void Hear(CounterKey key, AnsweredCall answer)
    {
        if (answer.Reply.Kind == CounterReplyKind.Refused && !_options.HasFaults)
            _oracle.Hear(key, answer, _time.TrueMs);
    }

    /// <summary>A call was refused from memory: what is taken leaves no room, as the slowest clock sees it.</summary>
    public void CheckRefusalFromMemory(CounterCost cost, CounterRefusal refusal)
    {
        if (_options is { HasFaults: false, Owners: 1 })
            _oracle.CheckRefusal(cost, refusal, _time.TrueMs - (2 * ClockBounds.EpsilonMs));
    }

    private static CounterPermit? OutFor(ICounter counter, CallId id) => ((CounterMachine)counter).OutFor(id);

    private ICounter Find(SimulatedOwner owner, CounterKey key)
    {
        if (!owner.Counters.TryGetValue(key, out var counter))
            owner.Counters[key] = counter = _options.MakeCounter(key, _rules, owner.Index);
        return counter;
    }

    /// <summary>Steps a counter unless its process has ended since, and carries out the effects.</summary>
    private void Step(SimulatedOwner owner, ICounter counter, Action<ICounter, long> step)
    {
        if (owner.Counters.GetValueOrDefault(counter.Key) != counter) return;
        _effects.Clear();
        var nowMs = _time.TrueMs + owner.ClockOffsetMs;
        if (_options is { HasFaults: false, Kind.HasSteadyClocks: true }) nowMs = Math.Max(nowMs, owner.LastMs);
        owner.LastMs = nowMs;
        step(counter, nowMs);
        foreach (var answer in _effects.Answers)
        {
            var record = owner.Store.Records.GetValueOrDefault(counter.Key);
            if (answer.Reply.Part is { IsRepeat: true } known) _oracle.Repeat(answer.Request.CallId, known);
            else if (answer.Reply.Part is { } part)
                _oracle.Issue(answer.Request.CallId, part, record, _time.TrueMs);
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
            Deliver = _ => Step(owner, counter, (one, nowMs) => one.OnTimer(nowMs, nowMs, _effects)),
        });
    }

    private void CheckRefusal(CounterKey key, AnsweredCall answer, long nowMs)
    {
        var (ask, refusal) = (answer.Request, answer.Reply.Refusal);
        if (answer.Reply.Kind != CounterReplyKind.Refused || refusal.Kind != RefusalKind.NoRoom) return;
        var cost = new CounterCost(key, ask.Max, ask.Cost, ask.Refundable, 0);
        _oracle.CheckRefusal(cost, refusal, nowMs);
        _oracle.CheckFreeAt(cost, refusal);
    }

    private void PostAnswer(SimulatedOwner owner, CounterKey key, AnsweredCall answer) => _network.Post(new Message
    {
        Name = $"o{owner.Index} answers {answer.Request.CallId.Bits} on {key.Counter}: {Say(answer.Reply)}",
        Deliver = _ => OnAnswer!(owner, key, answer),
    });

    private void PostRequest(SimulatedOwner owner, ICounter counter, StoreRequest request)
    {
        var name = $"o{owner.Index} {counter.Key.Counter} #{request.Token}";
        var store = owner.Store;
        var lost = _options.TimeOutsAreSuccess && request.Write is not null
            ? new StoreReply(request.Token, default, ReservationWrite.Ok)
            : StoreReply.Lost(request);
        void TimeOut() => Reply(owner, counter, request, lost);
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
                    reply = lost;
                _network.Post(new Message
                {
                    Name = $"{name} gets {(reply.Write is null ? Say(reply.Read.Record) : reply.Write.Outcome)}",
                    TimeOut = TimeOut,
                    IsHeld = () => owner.IsPaused,
                    Deliver = _ => Reply(owner, counter, request, reply),
                });
            },
        });
    }

    private void Reply(
        SimulatedOwner owner, ICounter counter, StoreRequest request, StoreReply reply) =>
        Step(owner, counter, (one, nowMs) =>
        {
            one.OnReply(reply, nowMs, _effects);
            if (request.Write is not { } late) return;
            var (key, startMs) = (one.Key, late.WindowStartMs);
            if (key.Kind.IsAligned ? startMs < one.WindowStartMs : nowMs >= key.Kind.DeadlineMs(key.Window, startMs))
                _oracle.Lose(key, startMs);
        });

    private static string Say(CounterReply reply) => reply.Part is { } part
        ? $"{part.Cost} {string.Join(' ', part.Intervals)} of {part.WindowStartMs}"
        : $"{reply.Kind} {reply.Refusal.Kind}";

    private static string Say(Reservation record) => record.Entries is { } entries
        ? string.Join(' ', entries.All.Select(static entry => $"{entry.Count}@{entry.DeadlineMs}"))
        : $"{record.Reserved}@{record.WindowStartMs}";
}

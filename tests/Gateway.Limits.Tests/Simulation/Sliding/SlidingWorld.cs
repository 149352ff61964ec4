namespace Gateway.Limits.Tests.Simulation.Sliding;

/// <summary>Owners, frontends, a store and a network under one schedule, on sliding limits of short lengths.</summary>
internal sealed class SlidingWorld : IWorld
{
    private readonly WorldOptions _options;
    private readonly Choices _choices;
    private readonly SimulatedStore _store;
    private readonly SimulatedNetwork _network;
    private readonly SlidingOwners _owners;
    private readonly SimulatedFrontend<SlidingOwner> _frontend;
    private readonly SimulatedTime _time;
    private readonly CounterKey[] _keys = [Asked.SlidingKey("a", "1s"), Asked.SlidingKey("b", "2s")];
    private readonly Dictionary<CounterKey, long> _max = [];

    public SlidingWorld(WorldOptions options, Choices choices)
    {
        (_options, _choices) = (options, choices);
        _time = new SimulatedTime(options, choices);
        var judge = new SlidingJudge(checksTime: !options.HasWildClocks);
        _store = new SimulatedStore(options);
        _network = new SimulatedNetwork(choices, Trace);
        _owners = new SlidingOwners(options, choices, _time, _store, _network, judge);
        _frontend = new SimulatedFrontend<SlidingOwner>(options, choices, _time, _owners, _network, judge.Send);
        foreach (var key in _keys) _max[key] = 1 + choices.Next(6);
    }

    public List<string> Trace { get; } = [];

    public void Run()
    {
        for (var step = 0; step < _options.Steps && !_choices.IsExhausted; step++) Step();
        if (_options is { HasWildClocks: false, IsComplete: true }) Heal();
    }

    private void Step()
    {
        switch (_choices.Next(20))
        {
            case 0 or 1 or 2: _frontend.Start(_keys, _max); break;
            case 3: Trace.Add($"time is {_time.Pass()}"); break;
            case 4: _owners.MoveClock(); break;
            case 5 when _options.HasFaults: _owners.Disturb(Trace); break;
            case 6 when _options.HasPolicyChanges: _max[_choices.Of(_keys)] = 1 + _choices.Next(6); break;
            case 7: _store.Sweep(_choices.Of(_keys), _time.Clock()); break;
            case 8 when _options.HasFaults: _network.Disturb(); break;
            case 9 when _options.HasFaults: _owners.HandBack(Trace); break;
            case 10 or 11 or 12: _frontend.Advance(Trace); break;
            default: _network.DeliverAny(); break;
        }
    }

    /// <summary>
    /// Everybody wakes, every clock is right, every message arrives: a call is admitted after a length.
    /// </summary>
    private void Heal()
    {
        _time.Heal();
        _owners.WakeAll();
        _network.Drain(_time);
        _time.PassTo(_keys[0].RecordEndMs(_time.TrueMs) + (4 * ClockBounds.EpsilonMs));
        if (!_frontend.IsAdmitted(_keys[0], () => _network.Drain(_time)))
            throw new Violation("no admission after everything has healed");
    }
}

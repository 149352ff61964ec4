namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// Owners, frontends, a store and a network under one schedule. Every step is one choice of what happens next: a
/// message arrives, is lost, repeated or timed out, somebody crashes or pauses, time passes, a policy changes.
/// </summary>
internal sealed class World : IWorld
{
    private readonly WorldOptions _options;
    private readonly Choices _choices;
    private readonly SimulatedStore _store;
    private readonly SimulatedNetwork _network;
    private readonly SimulatedOwners _owners;
    private readonly SimulatedFrontend<SimulatedOwner> _frontend;
    private readonly CounterKey[] _keys = [Asked.Key("a", "2s"), Asked.Key("b", "2s"), Asked.Key("c", "5s")];
    private readonly Dictionary<CounterKey, long> _max = [];

    public World(WorldOptions options, Choices choices)
    {
        (_options, _choices) = (options, choices);
        Time = new SimulatedTime(options, choices);
        Ledger = new Ledger(options.IsStrict && !options.HasWildClocks && !options.HasPolicyChanges);
        _store = new SimulatedStore(options);
        _network = new SimulatedNetwork(choices, Trace);
        _owners = new SimulatedOwners(options, choices, Time, _store, _network, Ledger);
        _frontend = new SimulatedFrontend<SimulatedOwner>(options, choices, Time, _owners, _network, Ledger.Send);
        foreach (var key in _keys) _max[key] = 1 + choices.Next(6);
    }

    public SimulatedTime Time { get; }

    public Ledger Ledger { get; }

    public List<string> Trace { get; } = [];

    /// <summary>Runs the schedule to its end, then lets everything heal.</summary>
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
            case 3: Trace.Add($"time is {Time.Pass()}"); break;
            case 4: _owners.MoveClock(); break;
            case 5 when _options.HasFaults: _owners.Disturb(Trace); break;
            case 6 when _options.HasPolicyChanges: _max[_choices.Of(_keys)] = 1 + _choices.Next(6); break;
            case 7: _store.Sweep(_choices.Of(_keys), Time.Clock()); break;
            case 8 when _options.HasFaults: _network.Disturb(); break;
            case 9 when _options.HasFaults: _owners.HandBack(Trace); break;
            case 10 or 11 or 12: _frontend.Advance(Trace); break;
            default: _network.DeliverAny(); break;
        }
    }

    /// <summary>
    /// Everybody wakes, every clock is right, every message arrives: a call of a new window is admitted.
    /// </summary>
    private void Heal()
    {
        Time.Heal();
        _owners.WakeAll();
        _network.Drain(Time);
        if (!_options.HasFaults) Ledger.CheckUnsent(_frontend.Holds, Time.TrueMs);
        if (_options is { HasFaults: false, HasReleases: false, Owners: > 1 }) _owners.CheckRefusals();
        Time.PassTo(_keys[0].Window.EndMs(_keys[0].Window.StartMs(Time.TrueMs)) + ClockBounds.EpsilonMs);
        if (!_frontend.IsAdmitted(_keys[0], () => _network.Drain(Time)))
            throw new Violation("no admission after everything has healed");
    }
}

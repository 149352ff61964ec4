using Gateway.Limits.Tests.Simulation.Oracles;

namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// Owners, frontends, a store and a network under one schedule. Every step is one choice of what happens next: a
/// message arrives, is lost, repeated or timed out, somebody crashes or pauses, time passes, a policy changes.
/// </summary>
internal sealed class World
{
    private readonly WorldOptions _options;
    private readonly Choices _choices;
    private readonly SimulatedStore _store;
    private readonly SimulatedNetwork _network;
    private readonly SimulatedOwners _owners;
    private readonly SimulatedFrontend _frontend;
    private readonly SimulatedTime _time;
    private readonly Oracle _oracle;
    private readonly CounterKey[] _keys;
    private readonly Dictionary<CounterKey, long> _max = [];
    private readonly Dictionary<CounterKey, ImmutableArray<MaxRaise>> _raises = [];

    public World(WorldOptions options, Choices choices)
    {
        (_options, _choices) = (options, choices);
        _keys = options.Kind.Keys;
        _time = new SimulatedTime(options, choices);
        _oracle = options.Kind.NewOracle(options);
        _store = new SimulatedStore(options);
        _network = new SimulatedNetwork(choices, Trace);
        _owners = new SimulatedOwners(options, choices, _time, _store, _network, _oracle);
        _frontend = new SimulatedFrontend(options, choices, _time, _owners, _network, _oracle.Send);
        foreach (var key in _keys) _max[key] = 1 + choices.Next(6);
    }

    /// <summary>What happened, in order.</summary>
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
            case 0 or 1 or 2: _frontend.Start(_keys, _max, _raises); break;
            case 3: Trace.Add($"time is {_time.Pass()}"); break;
            case 4: _owners.MoveClock(); break;
            case 5 when _options.HasFaults: _owners.Disturb(Trace); break;
            case 6 when _options.HasPolicyChanges: ChangeMaximum(_choices.Of(_keys)); break;
            case 7: _store.Sweep(_choices.Of(_keys), _time.Clock()); break;
            case 8 when _options.HasFaults: _network.Disturb(); break;
            case 9 when _options.HasFaults: _owners.HandBack(Trace); break;
            case 10 or 11 or 12: _frontend.Advance(Trace); break;
            default: _network.DeliverAny(); break;
        }
    }

    /// <summary>A policy has another maximum from now on, or a top-up that ends by itself.</summary>
    private void ChangeMaximum(CounterKey key)
    {
        if (!_options.Kind.HasTopUps || _choices.OneIn(2))
        {
            _max[key] = 1 + _choices.Next(6);
            return;
        }

        var raise = new MaxRaise(Amount.FromUnits(1 + _choices.Next(4)), _time.TrueMs + _choices.Next(2000));
        _raises[key] = [.. _raises.GetValueOrDefault(key, []).TakeLast(1), raise];
        Trace.Add($"{key.Counter} is raised by {raise.By} until {raise.UntilMs}");
    }

    /// <summary>
    /// Everybody wakes, every clock is right, every message arrives: a call of a new window is admitted.
    /// </summary>
    private void Heal()
    {
        _time.Heal();
        _owners.WakeAll();
        _network.Drain(_time);
        if (!_options.HasFaults) _oracle.CheckUnsent(_frontend.Holds, _time.TrueMs);
        if (_options is { HasFaults: false, HasReleases: false, Owners: > 1 }) _oracle.CheckHeard();
        var (key, nowMs) = (_keys[0], _time.TrueMs);
        var endMs = key.RecordEndMs(key.Kind.IsAligned ? key.Window.StartMs(nowMs) : nowMs);
        _time.PassTo(endMs + (key.Kind.IsAligned ? 1 : 4) * ClockBounds.EpsilonMs);
        if (!_frontend.IsAdmitted(key, () => _network.Drain(_time)))
            throw new Violation("no admission after everything has healed");
    }
}

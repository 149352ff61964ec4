namespace Gateway.Faults.Load;

/// <summary>The log of agents, server, nemesis and this machine as events occur; many threads write to it.</summary>
internal sealed class RunLog
{
    private readonly Lock _lock = new();
    private readonly List<ServerCall> _server = [];
    private readonly List<Probe> _probes = [];
    private readonly List<BadCall> _bad = [];
    private readonly List<ServiceAsk> _services = [];
    private readonly List<Fault> _faults = [];
    private readonly List<PolicyEdit> _edits = [];
    private readonly List<Phase> _phases = [];
    private readonly List<(long, long)> _stalls = [];

    /// <summary>The present phase.</summary>
    public Phase Phase => Locked(() => _phases[^1]);

    public void Add(ServerCall call) => Locked(() => _server.Add(call));

    public void Add(Probe probe) => Locked(() => _probes.Add(probe));

    public void Add(BadCall call) => Locked(() => _bad.Add(call));

    public void Add(ServiceAsk ask) => Locked(() => _services.Add(ask));

    public void Add(Fault fault) => Locked(() => _faults.Add(fault));

    public void Add(PolicyEdit edit) => Locked(() => _edits.Add(edit));

    public void AddStall(long atMs, long lateMs) => Locked(() => _stalls.Add((atMs, lateMs)));

    /// <summary>Ends the previous phase and begins a new one.</summary>
    public Phase Begin(string phase, long nowMs)
    {
        End(nowMs);
        var next = new Phase(phase, nowMs);
        Locked(() => _phases.Add(next));
        return next;
    }

    /// <summary>Ends the last phase.</summary>
    public void End(long nowMs) => Locked(() =>
    {
        if (_phases.Count > 0) _phases[^1].ToMs = nowMs;
    });

    /// <summary>Returns true if this gateway has admitted a probe that ended after that moment.</summary>
    public bool HasAdmitted(string member, long sinceMs) => Locked(() =>
    {
        for (var i = _probes.Count - 1; i >= 0 && _probes[i].ToMs >= sinceMs; i--)
        {
            if (_probes[i].Member == member && _probes[i].Outcome == CallOutcome.Admitted)
                return true;
        }

        return false;
    });

    /// <summary>Returns the history, combined with the gateways' records.</summary>
    public History With(AuditReader audit, int callersEach, int membersMax) => Locked(() => new History
    {
        Server = [.. _server],
        Decisions = audit.Decisions,
        Outcomes = audit.Outcomes,
        Refusals = audit.Refusals,
        Probes = [.. _probes],
        BadCalls = [.. _bad],
        Services = [.. _services],
        Faults = [.. _faults],
        Edits = [.. _edits],
        Phases = [.. _phases],
        Stalls = [.. _stalls],
        CallersEach = callersEach,
        MembersMax = membersMax,
    });

    private void Locked(Action act)
    {
        lock (_lock) act();
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock) return read();
    }
}

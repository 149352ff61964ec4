namespace Gateway.LoadTests.Table;

/// <summary>All goals, in the order of the table.</summary>
internal static class TableRows
{
    public const string CallInline = "call-inline";
    public const string CallDefault = "call-default";
    public const string OwnTime = "own-time";
    public const string Denied = "denied";
    public const string Limited = "limited";
    public const string AddedDefault = "added-default";
    public const string AddedInline = "added-inline";
    public const string Hot = "hot";
    public const string Million = "million";
    public const string CounterBytes = "counter-bytes";
    public const string SiloBytes = "silo-bytes";
    public const string ClusterOne = "cluster-1";
    public const string ClusterThousand = "cluster-1000";
    public const string ClusterMany = "cluster-100000";
    public const string Fleet = "fleet";
    public const string Grants = "grants";
    public const string StartTools = "start-tools";
    public const string Stream = "stream";
    public const string AuditBytes = "audit-bytes";
    public const string Ready = "ready";
    public const string Idle = "idle";
    public const string Steady = "steady";

    public static readonly IReadOnlyList<TableRow> All =
    [
        new(CallInline, "CPU time of an evaluated, counted, recorded call, × nginx's, inline", 1.9, "×", "0.00"),
        new(CallDefault, "the same with the default I/O mode", 2.5, "×", "0.00"),
        new(OwnTime, "user-mode time of a call beyond a proxy that only forwards, inline", 7, "µs"),
        new(Denied, "CPU time of a call denied by a rule, inline", 15, "µs"),
        new(Limited, "CPU time of a rate-limited call, inline", 15, "µs"),
        new(AddedDefault, "median latency beyond nginx's, one connection, default", 0, "µs", "0"),
        new(AddedInline, "the same inline", 0, "µs", "0"),
        new(Hot, "decisions of the engine on one counter, one core", 8, "M/s", "0.00") { IsLeast = true },
        new(Million, "the same over a million counters", 2, "M/s", "0.00") { IsLeast = true },
        new(CounterBytes, "memory of a counter in use beside its key", 120, "B", "0"),
        new(SiloBytes, "memory per counter in a silo with 100,000, everything included", 700, "B", "0"),
        new(ClusterOne, "decisions of a silo as a multiple of Redis's, 1 counter", 3, "×", "0.00") { IsLeast = true },
        new(ClusterThousand, "the same over 1,000 counters", 3, "×", "0.00") { IsLeast = true },
        new(ClusterMany, "the same over 100,000 counters", 3, "×", "0.00") { IsLeast = true },
        new(Fleet, "PostgreSQL fleet, 10,000 counters, × one write per call", 10, "×", "0.0") { IsLeast = true },
        new(Grants, "time to create a grant by the API, per 10,000 of 100,000", 2, "ms", "0.00") { UsesWorst = true },
        new(StartTools, "start with a policy of 10,000 tools", 0.3, "s", "0.00"),
        new(Stream, "memory of an idle stream", 15, "kB"),
        new(AuditBytes, "audit record of a call, both lines", 300, "B", "0"),
        new(Ready, "from start to ready", 0.25, "s", "0.00"),
        new(Idle, "memory of a gateway that nobody calls", 60, "MB", "0"),
        new(Steady, "p99 of each second at full load, as a multiple of the median second's", 4, "×", "0.0")
        {
            UsesWorst = true,
        },
    ];
}

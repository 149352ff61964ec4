namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// A time zone with dates of some seconds, shorter and longer ones. Half of the owners have other data, by which one of
/// four begins later.
/// </summary>
internal sealed class SimulatedZone(string name) : CalendarZone(name, TimeZoneInfo.Utc)
{
    private const int CycleMs = 8000;
    private static readonly int[][] Starts = [[0, 2000, 3500, 6000, CycleMs], [0, 2700, 3500, 6000, CycleMs]];
    private static readonly Dictionary<string, SimulatedZone> All = [];

    /// <summary>The zone of this name: each takes room for the life of the process.</summary>
    public static SimulatedZone Named(string name)
    {
        lock (All)
        {
            if (!All.TryGetValue(name, out var zone)) All[name] = zone = new SimulatedZone(name);
            return zone;
        }
    }

    /// <summary>The date that holds this moment, by the data of an owner.</summary>
    public static (long StartMs, long EndMs) DateAt(long ms, int owner)
    {
        var (starts, cycleMs) = (Starts[owner % Starts.Length], ms - (ms % CycleMs));
        var at = Array.FindLastIndex(starts, start => start <= ms - cycleMs);
        return (cycleMs + starts[at], cycleMs + starts[at + 1]);
    }

    /// <inheritdoc/>
    internal override (long StartMs, long EndMs) PeriodAt(CalendarUnit unit, long nowMs) => DateAt(nowMs, 0);
}

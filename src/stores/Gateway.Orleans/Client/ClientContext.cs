using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Client;

/// <summary>What every line of one frontend shares.</summary>
/// <param name="Grains">Where counters and desks are found.</param>
/// <param name="Options">Bounds and times.</param>
/// <param name="Time">For waiting.</param>
/// <param name="Clock">The clock of this process.</param>
/// <param name="Clocks">Hears of the owners' clocks.</param>
/// <param name="Moving">Hears of owners that go away.</param>
/// <param name="Log">Where it is told what did not answer.</param>
internal sealed record ClientContext(
    IGrainFactory Grains,
    ClusterEngineOptions Options,
    TimeProvider Time,
    ProcessClock Clock,
    ClockSkewMonitor Clocks,
    OwnersMoving Moving,
    ILogger Log);

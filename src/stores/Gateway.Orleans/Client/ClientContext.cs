using Gateway.Limits.Model;
using Microsoft.Extensions.Logging;

namespace Gateway.Orleans.Client;

/// <summary>The dependencies that all connections of one frontend share.</summary>
/// <param name="Grains">Resolves counter grains and batch grains.</param>
/// <param name="Options">Bounds and timeouts.</param>
/// <param name="Time">Used for waiting.</param>
/// <param name="Clock">The clock of this process.</param>
/// <param name="Clocks">Receives the owners' clocks.</param>
/// <param name="Moving">Receives notices of owners that leave.</param>
/// <param name="Log">Logs requests without a reply.</param>
internal sealed record ClientContext(
    IGrainFactory Grains,
    ClusterEngineOptions Options,
    TimeProvider Time,
    ProcessClock Clock,
    ClockSkewMonitor Clocks,
    OwnersMoving Moving,
    ILogger Log);

using Gateway.Control.ConfigFile;
using Gateway.Control.Snapshots;
using Gateway.Hosting.Logs;
using Gateway.Hosting.Options;

namespace Gateway.Hosting.Running;

/// <summary>The settings of one gateway process on one machine.</summary>
public sealed record GatewayHostOptions : HostSettings
{
    /// <summary>Receives the administrator's key that this start created, once the gateway listens.</summary>
    public Action<string>? ShowAdminKey { get; init; }

    /// <summary>True omits everything but warnings from the log.</summary>
    public bool Quiet { get; init; }

    /// <summary>
    /// The time within which open calls finish after SIGTERM; null uses the host's own setting
    /// (<c>DOTNET_SHUTDOWNTIMEOUTSECONDS</c>), 30 s if that is not set.
    /// </summary>
    public TimeSpan? DrainTime { get; init; }

    /// <summary>A fixed snapshot that replaces configuration and control documents; null as a rule.</summary>
    public GatewaySnapshot? Snapshot { get; init; }

    /// <summary>The result of a reading of the configuration file just before; null if there was none.</summary>
    public ConfigResult? Config { get; init; }

    /// <summary>Wall and monotonic time, for windows, expiries and waits.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <inheritdoc/>
    public override LogSettings Logs => new(JsonLogs, Quiet ? Microsoft.Extensions.Logging.LogLevel.Warning : LogLevel);
}
